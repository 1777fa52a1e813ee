"""What the rows say about a set of matches, and what one filter less would find: all that an answer may speak of."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from appliance.accounts.viewer import Viewer
from appliance.assistant.intents import alternatives
from appliance.assistant.plan import Plan
from appliance.search import narrowing
from appliance.search.chips import removed
from appliance.search.filters import Period, Query, WhichOf
from appliance.search.ids import Ids
from appliance.search.persons import People
from appliance.store.db import Reader

PLACES = 4
MOST_BARS = 60
CountryName = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Lookup:
    """How an answer looks things up: one snapshot, one viewer; `matches` gives the ids that fit a query. `people` and the `names`
    of persons by id are there while People is unlocked and the viewer may see it."""

    reader: Reader
    viewer: Viewer
    matches: Callable[[Query], Ids]
    country_name: CountryName = str
    people: People | None = None
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """A town (or, where none is known, a region or country) and how many of the matches lie there; `within` shows just these."""

    name: str
    assets: int
    within: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """About all matches. `first` and `last` are local capture times, None when no match has one; `undated` have only their
    upload's. `places` are the commonest, `elsewhere` lie in other places, `unplaced` nowhere known. The ids are those of rows
    that say so."""

    photos: int = 0
    videos: int = 0
    first: str | None = None
    last: str | None = None
    undated: int = 0
    places: tuple[Place, ...] = ()
    elsewhere: int = 0
    unplaced: int = 0
    first_id: int | None = None
    last_id: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A part of the matches: a year, a town, a camera …, how many lie in it, on how many days; `example` is one of them."""

    name: str
    assets: int
    days: int
    example: int | None
    within: str = ""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the things that are compared; `without` are the tokens of the chips to take away to see just these."""

    name: str
    assets: int
    example: int | None
    without: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Looser:
    """The question without one thing, how many that would find, and what it was: a chip's label, or the text in quotes."""

    without: str
    total: int
    query: Query


@dataclass(frozen=True, slots=True)
class Known:
    """Everything that one answer may be made of. `period` is what `groups` are counted by when the question is how often."""

    facts: Facts = Facts()
    looser: Looser | None = None
    groups: tuple[Group, ...] = ()
    period: Period | None = None
    sides: tuple[Side, ...] = ()


def look_up(lookup: Lookup, plan: Plan, assets: Ids) -> Known:
    """Return what the rows of `assets`, which the viewer has just found for `plan`, say to its question."""
    query = plan.query
    if not len(assets):
        return Known(looser=looser(query, lambda variant: len(lookup.matches(variant))))
    known = Known(facts(lookup.reader, assets, lookup.country_name))
    if plan.compares:
        return replace(known, sides=_sides(lookup, query))
    if query.intent == "often":
        period = _period(query, known.facts)
        return replace(known, groups=_without_gaps(groups(lookup, assets, _PERIODS[period])), period=period)
    if query.intent == "which" and query.which_of:
        found = persons(lookup, query, assets) if query.which_of == "persons" else groups(lookup, assets, query.which_of)
        return replace(known, groups=tuple(sorted(found, key=lambda group: -group.assets)) if query.which_of != "years" else found)
    return known


def facts(reader: Reader, assets: Ids, country_name: CountryName = str) -> Facts:
    """Return the Facts of `assets`, which the viewer has just found; `country_name` turns a code into a name."""
    ids = _json(assets)
    photos, videos, undated = reader.one(_COUNTS, (ids,))
    first = reader.first(_END.format(order="ASC"), (ids,)) or (None, None)
    last = reader.first(_END.format(order="DESC"), (ids,)) or (None, None)
    counted = reader.all(_PLACES, (ids,))
    unplaced = sum(number for country, _, _, number in counted if country is None)
    placed = [
        Place(town or region or country_name(country), number, narrowing.in_place(country, region, town))
        for country, region, town, number in counted
        if country is not None
    ]
    elsewhere = sum(place.assets for place in placed[PLACES:])
    return Facts(photos, videos, first[1], last[1], undated, tuple(placed[:PLACES]), elsewhere, unplaced, first[0], last[0])


_COUNTS = """
SELECT count(*) FILTER (WHERE kind='photo'), count(*) FILTER (WHERE kind='video'), count(*) FILTER (WHERE time_source='upload')
FROM asset WHERE id IN (SELECT value FROM json_each(?))
"""
_END = """
SELECT id, capture_time FROM asset WHERE id IN (SELECT value FROM json_each(?)) AND time_source<>'upload'
ORDER BY capture_time {order}, id {order} LIMIT 1
"""
_PLACES = """
SELECT country, region, town, count(*) AS assets FROM asset WHERE id IN (SELECT value FROM json_each(?))
GROUP BY country, region, town ORDER BY assets DESC, town, region, country
"""
_DATED = "substr(capture_time, 1, {length})"
# By what: the columns that name a group, what is joined, which rows know it.
_GROUPS: dict[str, tuple[str, str, str]] = {
    "years": (_DATED.format(length=4), "", "time_source<>'upload'"),
    "months": (_DATED.format(length=7), "", "time_source<>'upload'"),
    "towns": ("country, region, town", "", "town IS NOT NULL"),
    "countries": ("country", "", "country IS NOT NULL"),
    "cameras": ("camera_model, camera_make", "", "camera_model IS NOT NULL"),
    "albums": (
        "album.title, album.id",
        "JOIN album_asset ON album_asset.asset_id = asset.id JOIN album ON album.id = album_asset.album_id"
        " AND album.deleted_at IS NULL",
        "1",
    ),
    "tags": ("tag.name", "JOIN tag ON tag.asset_id = asset.id", "1"),
}
_PERIODS: dict[Period, str] = {"year": "years", "month": "months"}


def groups(lookup: Lookup, assets: Ids, by: WhichOf | str) -> tuple[Group, ...]:
    """Return the parts of `assets`, in the order of their names: years, months, towns, countries, cameras, albums, tags."""
    columns, joined, known = _GROUPS[by]
    sql = f"""SELECT count(*), count(DISTINCT substr(capture_time, 1, 10)), max(asset.id), {columns} FROM asset {joined}
      WHERE asset.id IN (SELECT value FROM json_each(?)) AND {known} GROUP BY {columns} ORDER BY {columns}"""
    return tuple(
        _group(lookup, by, number, days, example, names)
        for number, days, example, *names in lookup.reader.all(sql, (_json(assets),))
    )


def persons(lookup: Lookup, query: Query, assets: Ids) -> tuple[Group, ...]:
    """Return who has a confirmed face in `assets` beside those that `query` names, by name; nobody while People is locked."""
    shown = lookup.people.persons_in(assets.tolist()) if lookup.people is not None else {}
    day = dict(lookup.reader.all(_DAYS, (_json(assets),)))
    asked = {person for group in query.persons for person in group}
    found = {person for there in shown.values() for person in there if person in lookup.names} - asked
    groups = []
    for person in sorted(found, key=lambda one: (lookup.names[one], one)):
        there = [asset for asset, persons in shown.items() if person in persons]
        days = len({day[asset] for asset in there if asset in day})
        groups.append(Group(lookup.names[person], len(there), days, max(there), narrowing.with_person(person)))
    return tuple(groups)


_DAYS = "SELECT id, substr(capture_time, 1, 10) FROM asset WHERE id IN (SELECT value FROM json_each(?))"


def _group(lookup: Lookup, by: str, number: int, days: int, example: int, names: Sequence[str]) -> Group:
    match by:
        case "years" | "months":
            return Group(names[0], number, days, example, narrowing.in_month(names[0]))
        case "towns":
            country, region, town = names
            return Group(town, number, days, example, narrowing.in_place(country, region, town))
        case "countries":
            return Group(lookup.country_name(names[0]), number, days, example, narrowing.in_place(names[0], None, None))
        case "cameras":
            return Group(_camera(names[0], names[1] or ""), number, days, example, narrowing.with_camera(names[0]))
        case _:
            return Group(names[0], number, days, example)


def _camera(model: str, make: str) -> str:
    return model if model.casefold().startswith(make.casefold().split(" ")[0]) else f"{make} {model}"


def _period(query: Query, known: Facts) -> Period:
    """By month when that was asked or all lie in one year; else by year."""
    one_year = known.first is not None and known.last is not None and known.first[:4] == known.last[:4]
    return "month" if query.often_by == "month" or one_year else "year"


def _without_gaps(found: tuple[Group, ...]) -> tuple[Group, ...]:
    """With the years or months between in which there was nothing; the last MOST_BARS of them."""
    whole = list(found[:1])
    for before, after in pairwise(found):
        name = _next(before.name)
        while name < after.name and len(whole) < 10 * MOST_BARS:
            whole.append(Group(name, 0, 0, None))
            name = _next(name)
        whole.append(after)
    return tuple(whole[-MOST_BARS:])


def _next(name: str) -> str:
    year, _, month = name.partition("-")
    if not month:
        return f"{int(year) + 1:04}"
    return f"{int(year) + 1:04}-01" if month == "12" else f"{year}-{int(month) + 1:02}"


def _sides(lookup: Lookup, query: Query) -> tuple[Side, ...]:
    sides = []
    for name, alone, without in alternatives(query):
        ids = lookup.matches(alone)
        sides.append(Side(name, len(ids), int(ids[0]) if len(ids) else None, without))
    return tuple(sides)


def looser(query: Query, total: Callable[[Query], int]) -> Looser | None:
    """For a question that found nothing: leave out one filter, or the text, and return what stays closest to it.

    That is the variant that finds something, but the fewest; None when none does. `total` counts the matches of a query.
    """
    tried = [Looser(without, total(variant), variant) for without, variant in _variants(query)]
    return min((one for one in tried if one.total), key=lambda one: one.total, default=None)


def _variants(query: Query) -> list[tuple[str, Query]]:
    """Each with one thing less; none that would ask for nothing at all."""
    filters = [chip for chip in query.chips if chip.kind != "order"]
    one_less = [(chip.label, removed(query, frozenset({chip.token}))) for chip in filters if len(filters) > 1 or query.text]
    return [*one_less, (f"“{query.text}”", replace(query, text=""))] if query.text and filters else one_less


def _json(assets: Ids) -> str:
    return f"[{','.join(map(str, assets.tolist()))}]"
