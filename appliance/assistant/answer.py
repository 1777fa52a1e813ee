"""The assistant's answer in words: whole sentences from templates, filled with what the rows say and nothing else."""

from collections.abc import Iterator, Sequence

from appliance.assistant.facts import Facts, Looser, Place
from appliance.search.filters import Query
from appliance.search.find import Found

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def answer(query: Query, found: Found, facts: Facts, looser: Looser | None = None) -> Iterator[str]:
    """Yield the answer piece by piece; joined they are the whole text. `facts` are of all that was found, `looser` of nothing."""
    for number, sentence in enumerate(_sentences(query, found.total, facts, looser)):
        yield f" {sentence}" if number else sentence


def _sentences(query: Query, total: int, facts: Facts, looser: Looser | None) -> Iterator[str]:
    if not total:
        yield f"Nothing here matches {wanted}." if (wanted := understood(query)) else "There is nothing here yet."
        if looser:
            yield f"Leave out {looser.without}, and {_there_are(looser.total)}."
        return
    match query.intent:
        case "count":
            yield f"{_things(facts)}."
            yield from _when(facts, total)
            yield from _where(facts)
        case "when":
            yield from _date_asked_for(query, facts, total)
            yield from _where(facts)
        case "where":
            yield from _where(facts) if facts.places else iter((_no_place(total),))
            yield from _when(facts, total)
        case _:
            yield f"{_things(facts)} {'matches' if total == 1 else 'match'} {understood(query) or 'that'}."
            yield from _when(facts, total)
            yield from _where(facts)


def understood(query: Query) -> str:
    """What was understood, for people: “dog on the beach”, Rome, 1–31 March 2019. Empty when all was asked for."""
    parts = [f"“{query.text}”"] if query.text else []
    parts += [chip.label for chip in query.chips if chip.kind != "order"]
    return ", ".join(parts)


def day(capture_time: str) -> str:
    """“2024-07-14T10:00:00” → “14 July 2024”."""
    year, month, number = capture_time[:10].split("-")
    return f"{int(number)} {MONTHS[int(month) - 1]} {year}"


def _things(facts: Facts) -> str:
    photos, videos = _number(facts.photos, "photo"), _number(facts.videos, "video")
    return f"{photos} and {videos}" if facts.photos and facts.videos else videos if facts.videos else photos


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


def _there_are(total: int) -> str:
    return "there is one match" if total == 1 else f"there are {total:,} matches"


def _when(facts: Facts, total: int) -> Iterator[str]:
    if facts.first is None or facts.last is None:
        yield "It has no date of its own." if total == 1 else "None of them has a date of its own."
        return
    first, last = day(facts.first), day(facts.last)
    if first == last:
        yield f"Taken on {first}."
    else:
        yield f"Taken between {first} and {last}."
    if facts.undated:
        yield (
            "One of them has no date of its own." if facts.undated == 1 else f"{facts.undated:,} of them have no date of their own."
        )


def _date_asked_for(query: Query, facts: Facts, total: int) -> Iterator[str]:
    if facts.first is None or facts.last is None:
        yield from _when(facts, total)
    elif query.sort == "oldest":
        yield f"The first time was {day(facts.first)}."
    elif query.sort == "newest":
        yield f"The last time was {day(facts.last)}."
    elif day(facts.first) == day(facts.last):
        yield f"On {day(facts.first)}."
    else:
        yield f"Between {day(facts.first)} and {day(facts.last)}, in {_things(facts)}."


def _where(facts: Facts) -> Iterator[str]:
    if not facts.places:
        return
    alone = len(facts.places) == 1 and not facts.elsewhere and not facts.unplaced
    yield f"In {facts.places[0].name}." if alone else f"In {_listed(facts.places)}" + _rest(facts) + "."


def _no_place(total: int) -> str:
    return "It doesn't say where it was taken." if total == 1 else "None of them says where it was taken."


def _listed(places: Sequence[Place]) -> str:
    names = [f"{place.name} ({place.assets:,})" for place in places]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _rest(facts: Facts) -> str:
    rest = [f"{facts.elsewhere:,} elsewhere"] if facts.elsewhere else []
    rest += [f"{facts.unplaced:,} without a place"] if facts.unplaced else []
    return "".join(f", {one}" for one in rest)
