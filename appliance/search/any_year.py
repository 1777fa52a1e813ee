"""“Vienna in December” is Vienna in the latest December, or, when no photo of that one is there, in the Decembers of any year."""

from dataclasses import replace

from appliance.search.filters import DateRange, Query
from appliance.search.reading import Reading
from appliance.search.spans import Yearly


def settled(reading: Reading, query: Query) -> Query:
    """Return `query`, or the same of any year: when nothing passes what it filters by and something passes that of the other."""
    holds = reading.vocabulary.holds
    back = [(day, yearly) for day, yearly in reading.latest if day in query.dates and yearly.months]
    if holds is None or not back or holds(query):
        return query
    other = _of_any_year(query, back)
    return other if holds(other) else query


def _of_any_year(query: Query, back: list[tuple[DateRange, Yearly]]) -> Query:
    latest = {day for day, _ in back}
    return replace(
        query,
        dates=tuple(day for day in query.dates if day not in latest),
        months=(*query.months, *(month for _, yearly in back for month in yearly.months)),
    )
