"""A Query as one line, for tables of sentences: “dog | 2019-03-01..2019-03-31 | in Rome | video | newest 3”."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from appliance.search.query import DateRange, PlaceFilter, Query
from tests.search.world import ALBUMS

GUIDE = Path(__file__).parents[2] / "docs" / "guide" / "asking.md"


def plan(query: Query) -> str:
    return " | ".join([query.text, *sorted(_parts(query))]).strip()


def _parts(query: Query) -> Iterator[str]:
    if query.intent != "find":
        yield " ".join([query.intent, *filter(None, (query.which_of, query.often_by))])
    yield from map(_days, query.dates)
    yield from (f"not {_days(span)}" for span in query.not_dates)
    for name in (
        "months",
        "not_months",
        "month_days",
        "not_month_days",
        "weekdays",
        "formats",
        "not_formats",
        "frames",
        "not_frames",
    ):
        if values := getattr(query, name):
            yield f"{name.replace('not_', 'not ')} {','.join(map(str, values))}"
    if query.hours:
        yield f"hours {query.hours[0]}-{query.hours[1]}"
    yield from (_place(place) for place in query.places)
    yield from (f"not {_place(place)}" for place in query.not_places)
    for name in ("camera", "tag", "album"):
        titles = dict(ALBUMS) if name == "album" else {}
        yield from (f"{name} {titles.get(value, value)}" for value in getattr(query, f"{name}s"))
        yield from (f"not {name} {titles.get(value, value)}" for value in getattr(query, f"not_{name}s"))
    yield from filter(None, (query.kind, "in picture" if query.text_in_picture else None))
    yield from (f"phrase {phrase}" for phrase in query.phrases)
    yield from (f"without {word}" for word in query.not_words)
    for name in ("screenshot", "favourite"):
        if (value := getattr(query, name)) is not None:
            yield name if value else f"no {name}"
    if query.sort != "relevance" or query.limit is not None:
        yield f"{query.sort} {query.limit or ''}".strip()


def _days(span: DateRange) -> str:
    return f"{'' if span.first == date.min else span.first}..{span.last}"


def _place(place: PlaceFilter) -> str:
    if place.radius_km is None:
        return f"in {place.label}"
    return f"near {place.label.split(' of ')[1]} {place.radius_km:g}"


def table(name: str) -> list[tuple[str, str]]:
    """Return (sentence, plan) of every line of a table beside this file; the parts of a plan are sorted."""
    lines = (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines()
    rows = [line.split("=>") for line in lines if line and not line.startswith("#")]
    return [(sentence.strip(), _in_order(expected)) for sentence, expected in rows]


def _in_order(expected: str) -> str:
    text, *parts = (part.strip() for part in expected.split("|"))
    return " | ".join([text, *sorted(parts)]).strip()


def guide_rows() -> list[tuple[str, str, str]]:
    """Return (sentence, words searched for, chips) of every example in docs/guide/asking.md."""
    lines = GUIDE.read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| `")]
    return [(sentence.strip("`"), text, labels) for sentence, text, labels in rows]
