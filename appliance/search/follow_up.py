"""Sentences that change the question before them: “only 2019”, “without screenshots”, “and in winter?”, “what about Rome?”."""

from dataclasses import dataclass, fields, replace
from typing import Literal

from appliance.search import kind_words as table
from appliance.search.filters import DateRange, Query
from appliance.search.reading import Reading
from appliance.search.sentence import Phrases
from appliance.search.spans import LONG

Change = Literal["new", "narrow", "replace", "add"]
A_YEAR = 365
TIMES = ("dates", "months", "month_days")
ORDERS = ("sort", "limit")


@dataclass(frozen=True, slots=True)
class Opening:
    """How a sentence begins: what it does to the question before it, and where the rest starts."""

    change: Change
    end: int


def opening(reading: Reading) -> Opening:
    """Return how the sentence follows up; it is a new question when nothing says that it does."""
    adds = _ends_with(reading, table.ADD_ENDS)
    for change, words in (
        ("narrow", table.ONLY_FOLLOWS),
        ("add", table.ADD_FOLLOWS),
        ("replace", table.REPLACE_FOLLOWS),
    ):
        end = words.end_at(reading.folded, 0)
        if end is not None:
            more = next(
                (stop for more in (table.ADD_FOLLOWS, table.ONLY_FOLLOWS) if (stop := more.end_at(reading.folded, end))), None
            )
            kind: Change = "add" if adds or (more and table.ADD_FOLLOWS.end_at(reading.folded, end)) else change  # type: ignore[assignment]
            return Opening(kind, more or end)
    if table.NOT.end_at(reading.folded, 0) is not None:
        return Opening("narrow", 0)
    if adds:
        return Opening("add", 0)
    return Opening("replace" if _ends_with(reading, table.INSTEAD) else "new", 0)


def merged(prior: Query, new: Query, change: Change) -> Query:
    """Return `prior` changed by what `new` says. Filters of the same kind take each other's place, unless they are added."""
    changes: dict[str, object] = _times(prior, new, change)
    for field in fields(Query):
        name, value = field.name, getattr(new, field.name)
        if name in (*TIMES, "chips", "text", "aside", *ORDERS) or name.startswith("not_") or value == field.default:
            continue
        before = getattr(prior, name)
        changes[name] = tuple(dict.fromkeys((*before, *value))) if change == "add" and isinstance(value, tuple) else value
    for name in (field.name for field in fields(Query) if field.name.startswith("not_")):
        changes[name] = tuple(dict.fromkeys((*getattr(prior, name), *getattr(new, name))))
    changes |= {"text": _text(prior, new, change), "aside": new.aside}
    if new.sort != "relevance" or new.limit is not None:
        changes |= {"sort": new.sort, "limit": new.limit}
    return replace(prior, **changes)  # type: ignore[arg-type]


def _text(prior: Query, new: Query, change: Change) -> str:
    """“Only with a dog” adds words, “what about dogs?” puts others in their place, filters alone leave them."""
    if not new.text:
        return prior.text
    return f"{prior.text} {new.text}".strip() if change in ("narrow", "add") else new.text


def _times(prior: Query, new: Query, change: Change) -> dict[str, object]:
    """Seasons narrow a year that was asked for, and a year narrows seasons; otherwise the new time takes the place of the old."""
    if not any(getattr(new, name) for name in TIMES):
        return {}
    if change == "add":
        return {name: tuple(dict.fromkeys((*getattr(prior, name), *getattr(new, name)))) for name in TIMES}
    if (new.months or new.month_days) and not new.dates and _whole_years(prior.dates):
        return {"months": new.months, "month_days": new.month_days}
    if new.dates and not (new.months or new.month_days) and _whole_years(new.dates):
        return {"dates": new.dates}
    return {name: getattr(new, name) for name in TIMES}


def _whole_years(dates: tuple[DateRange, ...]) -> bool:
    return bool(dates) and all((span.last - span.first).days + 1 >= A_YEAR for span in dates)


def year_before(prior: Query) -> DateRange | None:
    """Return the one year that `prior` asks for: “and in October?” then means October of that year."""
    if len(prior.dates) == 1 and _whole_years(prior.dates) and (prior.dates[0].last - prior.dates[0].first).days < LONG:
        return prior.dates[0]
    return None


def _ends_with(reading: Reading, words: Phrases[bool]) -> bool:
    """Say whether the sentence ends with one of `words`, and take it."""
    last = len(reading.words)
    while last > 0 and reading.at(last - 1) in {"?", ".", "!"}:
        last -= 1
    for start in range(max(last - 3, 1), last):
        if words.end_at(reading.folded, start) == last:
            reading.take(start, last)
            return True
    return False
