"""What the rows say about a set of matches, and what one filter less would find: all that an answer may speak of."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from appliance.search.chips import removed
from appliance.search.filters import Query
from appliance.search.ids import Ids
from appliance.store.db import Reader

PLACES = 4
CountryName = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Place:
    """A town (or, where none is known, a region or country) and how many of the matches lie there."""

    name: str
    assets: int


@dataclass(frozen=True, slots=True)
class Facts:
    """About all matches. `first` and `last` are local capture times, None when no match has one; `undated` have only their
    upload's. `places` are the commonest, `elsewhere` lie in other places, `unplaced` nowhere known."""

    photos: int = 0
    videos: int = 0
    first: str | None = None
    last: str | None = None
    undated: int = 0
    places: tuple[Place, ...] = ()
    elsewhere: int = 0
    unplaced: int = 0


@dataclass(frozen=True, slots=True)
class Looser:
    """The question without one thing, how many that would find, and what it was: a chip's label, or the text in quotes."""

    without: str
    total: int
    query: Query


def facts(reader: Reader, assets: Ids, country_name: CountryName = str) -> Facts:
    """Return the Facts of `assets`, which the viewer has just found; `country_name` turns a code into a name."""
    ids = f"[{','.join(map(str, assets.tolist()))}]"
    photos, videos, first, last, undated = reader.one(_COUNTS, (ids,))
    counted = reader.all(_PLACES, (ids,))
    unplaced = sum(number for country, _, _, number in counted if country is None)
    placed = [(town or region or country_name(country), number) for country, region, town, number in counted if country is not None]
    places = tuple(Place(name, number) for name, number in placed[:PLACES])
    return Facts(photos, videos, first, last, undated, places, sum(number for _, number in placed[PLACES:]), unplaced)


_COUNTS = """
SELECT count(*) FILTER (WHERE kind='photo'), count(*) FILTER (WHERE kind='video'),
  min(capture_time) FILTER (WHERE time_source<>'upload'), max(capture_time) FILTER (WHERE time_source<>'upload'),
  count(*) FILTER (WHERE time_source='upload')
FROM asset WHERE id IN (SELECT value FROM json_each(?))
"""
_PLACES = """
SELECT country, region, town, count(*) AS assets FROM asset WHERE id IN (SELECT value FROM json_each(?))
GROUP BY country, region, town ORDER BY assets DESC, town, region, country
"""


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
