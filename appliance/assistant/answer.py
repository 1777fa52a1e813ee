"""The assistant's answer in words: whole sentences from templates, filled with what the rows say and nothing else."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from appliance.assistant.facts import Facts, Group, Known, Looser, Place, Side
from appliance.assistant.plan import Plan
from appliance.search.filters import Query
from appliance.search.persons import token

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
NAMED = 8  # towns, cameras … that one sentence names
OF = {
    "towns": ("town", "towns"), "countries": ("country", "countries"), "cameras": ("camera", "cameras"), "years": ("year", "years"),
    "albums": ("album", "albums"), "tags": ("tag", "tags"),
    "persons": ("person", "people"),
}  # fmt: skip
NO_SUCH = {
    "towns": "No town is known of any of them.", "countries": "No country is known of any of them.",
    "cameras": "None of them says which camera took it.", "years": "None of them has a date of its own.",
    "albums": "None of them is in an album.", "tags": "None of them has a tag.",
    "persons": "Nobody else in them has been given a name.",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """A piece of the answer and the rows that it is drawn from: `assets` say so themselves, `within` and `without` (tokens of
    narrowing.py, of chips) show all that do. With none of them it is about everything that was found."""

    words: str
    assets: tuple[int, ...] = ()
    within: str = ""
    without: tuple[str, ...] = ()


Sentence = list[Said]


def answer(plan: Plan, total: int, known: Known) -> Iterator[Said]:
    """Yield the answer piece by piece; their joined words are the whole text. `total` matches were found for `plan`."""
    for number, sentence in enumerate(_sentences(plan, total, known)):
        for index, piece in enumerate(sentence):
            yield replace(piece, words=f" {piece.words}") if number and not index else piece


def evidence(pieces: Iterable[Said]) -> tuple[int, ...]:
    """The ids of the rows that `pieces` cite by themselves, each once."""
    return tuple(dict.fromkeys(asset for piece in pieces for asset in piece.assets))


def _sentences(plan: Plan, total: int, known: Known) -> Iterator[Sentence]:
    if plan.note:
        yield [Said(plan.note)]
        return
    yield from _which_of_them(plan.query)
    if not total:
        yield from _nothing(plan.query, known.looser)
        return
    if plan.compares and len(known.sides) > 1:
        yield _compared(known.sides)
    else:
        yield from _found(plan, total, known)


def _found(plan: Plan, total: int, known: Known) -> Iterator[Sentence]:
    facts = known.facts
    if plan.kind == "act":
        yield [Said(f"{_things(facts)} {'matches' if total == 1 else 'match'} {understood(plan.query) or 'that'}.")]
        return
    match plan.query.intent:
        case "count":
            yield [Said(f"{_things(facts)}.")]
            yield from _when(facts, total)
            yield from _where(facts)
        case "when":
            yield from _date_asked_for(plan.query, facts, total)
            yield from _where(facts)
        case "where":
            yield from _where(facts) if facts.places else iter([[Said(_no_place(total))]])
            yield from _when(facts, total)
        case "often":
            yield from _often(known, total)
        case "which" if plan.query.which_of == "persons" and total == 1:
            yield _shown(plan.query, known.groups)
        case "which" if plan.query.which_of:
            yield _which(plan.query.which_of, known.groups)
        case _:
            yield [Said(f"{_things(facts)} {'matches' if total == 1 else 'match'} {understood(plan.query) or 'that'}.")]
            yield from _when(facts, total)
            yield from _where(facts)


def _which_of_them(query: Query) -> Iterator[Sentence]:
    """“Two people are called Anna”: each of them shows what is found of this one alone."""
    labels = {chip.token: chip.label.rstrip("?") for chip in query.chips}
    for group in query.persons:
        tokens = [token(person) for person in group if person in query.unsettled]
        if len(tokens) > 1:
            others = [tuple(other for other in tokens if other != one) for one in tokens]
            named = [Said(labels.get(one, one), without=rest) for one, rest in zip(tokens, others, strict=True)]
            yield [Said("That name is of more than one person: "), *_listed(named, "or"), Said("? Here are all of them.")]


def _shown(query: Query, groups: Sequence[Group]) -> Sentence:
    """Who is in the one picture that was found, beside whom the question names."""
    if not groups:
        return [Said("Nobody else in it has been given a name." if query.persons else "Nobody in it has been given a name.")]
    return [*_listed([Said(group.name, _example(group), group.within) for group in groups]), Said(".")]


def _nothing(query: Query, looser: Looser | None) -> Iterator[Sentence]:
    yield [Said(f"Nothing here matches {wanted}." if (wanted := understood(query)) else "There is nothing here yet.")]
    if looser:
        yield [Said(f"Leave out {looser.without}, and {_there_are(looser.total)}.")]


def understood(query: Query) -> str:
    """What was understood, for people: “dog on the beach”, Rome, 1–31 March 2019. Empty when all was asked for."""
    parts = [f"“{query.text}”"] if query.text else []
    parts += [chip.label for chip in query.chips if chip.kind != "order"]
    return ", ".join(parts)


def day(capture_time: str) -> str:
    """“2024-07-14T10:00:00” → “14 July 2024”."""
    year, month, number = capture_time[:10].split("-")
    return f"{int(number)} {MONTHS[int(month) - 1]} {year}"


def period(name: str) -> str:
    """'2019' → “2019”, '2019-07' → “July 2019”."""
    year, _, month = name.partition("-")
    return f"{MONTHS[int(month) - 1]} {year}" if month else year


def _things(facts: Facts) -> str:
    photos, videos = _number(facts.photos, "photo"), _number(facts.videos, "video")
    return f"{photos} and {videos}" if facts.photos and facts.videos else videos if facts.videos else photos


def _number(count: int, noun: str, many: str = "") -> str:
    return f"{count:,} " + (noun if count == 1 else many or f"{noun}s")


def _there_are(total: int) -> str:
    return "there is one match" if total == 1 else f"there are {total:,} matches"


def _when(facts: Facts, total: int) -> Iterator[Sentence]:
    if facts.first is None or facts.last is None:
        yield [Said("It has no date of its own." if total == 1 else "None of them has a date of its own.")]
        return
    if day(facts.first) == day(facts.last):
        yield [Said("Taken on "), _first(facts), Said(".")]
    else:
        yield [Said("Taken between "), _first(facts), Said(" and "), _last(facts), Said(".")]
    if facts.undated:
        one = "One of them has no date of its own."
        yield [Said(one if facts.undated == 1 else f"{facts.undated:,} of them have no date of their own.")]


def _date_asked_for(query: Query, facts: Facts, total: int) -> Iterator[Sentence]:
    if facts.first is None or facts.last is None:
        yield from _when(facts, total)
    elif query.sort == "oldest":
        yield [Said("The first time was "), _first(facts), Said(".")]
    elif query.sort == "newest":
        yield [Said("The last time was "), _last(facts), Said(".")]
    elif day(facts.first) == day(facts.last):
        yield [Said("On "), _first(facts), Said(".")]
    else:
        yield [Said("Between "), _first(facts), Said(" and "), _last(facts), Said(f", in {_things(facts)}.")]


def _first(facts: Facts) -> Said:
    return Said(day(facts.first or ""), (facts.first_id,) if facts.first_id else ())


def _last(facts: Facts) -> Said:
    return Said(day(facts.last or ""), (facts.last_id,) if facts.last_id else ())


def _where(facts: Facts) -> Iterator[Sentence]:
    if not facts.places:
        return
    if len(facts.places) == 1 and not facts.elsewhere and not facts.unplaced:
        yield [Said("In "), _place(facts.places[0], counted=False), Said(".")]
    else:
        yield [Said("In "), *_listed([_place(place) for place in facts.places]), Said(_rest(facts) + ".")]


def _place(place: Place, *, counted: bool = True) -> Said:
    return Said(f"{place.name} ({place.assets:,})" if counted else place.name, within=place.within)


def _no_place(total: int) -> str:
    return "It doesn't say where it was taken." if total == 1 else "None of them says where it was taken."


def _listed(pieces: Sequence[Said], last: str = "and") -> Iterator[Said]:
    """One, two and three."""
    for index, piece in enumerate(pieces):
        if index:
            yield Said(f" {last} " if index == len(pieces) - 1 else ", ")
        yield piece


def _rest(facts: Facts) -> str:
    rest = [f"{facts.elsewhere:,} elsewhere"] if facts.elsewhere else []
    rest += [f"{facts.unplaced:,} without a place"] if facts.unplaced else []
    return "".join(f", {one}" for one in rest)


def _often(known: Known, total: int) -> Iterator[Sentence]:
    """On how many days there is a picture: what “how often” means of a place or a thing."""
    counted = [group for group in known.groups if group.days]
    if not counted:
        yield from _when(known.facts, total)
        return
    days = sum(group.days for group in counted)
    most = max(counted, key=lambda group: group.days)
    what = _number(len(counted), known.period or "year")
    if len(counted) == 1:
        yield [Said(f"On {_number(days, 'day')}, in "), _period_said(most), Said(".")]
    elif most.days == min(group.days for group in counted):
        yield [Said(f"On {_number(days, 'day')} in {what}.")]
    else:
        yield [Said(f"On {_number(days, 'day')} in {what}, most often in "), _period_said(most), Said(f" ({most.days:,}).")]
    if known.facts.undated:
        yield [
            Said(f"Not counted: {known.facts.undated:,} without a date of {'its' if known.facts.undated == 1 else 'their'} own.")
        ]


def _period_said(group: Group) -> Said:
    return Said(period(group.name), within=group.within)


def _which(which_of: str, groups: Sequence[Group]) -> Sentence:
    if not groups:
        return [Said(NO_SUCH[which_of])]
    named = [Said(f"{group.name} ({group.assets:,})", _example(group), group.within) for group in groups[:NAMED]]
    rest = len(groups) - len(named)
    more = [Said(_number(rest, "other"))] if rest else []
    return [Said(f"{_number(len(groups), *OF[which_of])}: "), *_listed([*named, *more]), Said(".")]


def _example(group: Group) -> tuple[int, ...]:
    return (group.example,) if group.example is not None else ()


def _compared(sides: Sequence[Side]) -> Sentence:
    """“Rome has more: 43, against 12.” Equal ones are said to be so."""
    ordered = sorted(sides, key=lambda side: -side.assets)
    best, second = ordered[0], ordered[1]
    pieces = list(_listed([Said(f"{side.name} ({side.assets:,})", _example_of(side), without=side.without) for side in ordered]))
    if best.assets == second.assets:
        return [Said("As many of one as of the other: "), *pieces, Said(".")]
    return [Said(f"More: {best.name}. "), *pieces, Said(".")]


def _example_of(side: Side) -> tuple[int, ...]:
    return (side.example,) if side.example is not None else ()
