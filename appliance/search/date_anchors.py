"""Days counted from another date: the weekend before Easter, the week after Christmas 2021, three days before the 5th of May."""

from datetime import timedelta

from appliance.search import date_words as table
from appliance.search.date_points import Point, mapped, point
from appliance.search.reading import Reading
from appliance.search.relative_dates import count_at
from appliance.search.spans import DAY, Span

LONGEST_ANCHOR = 12  # days; nobody counts days from a year


def anchored(reading: Reading, first: int) -> Point | None:
    """Return (end, days) of days before or after a date, of every year when that comes back, or None."""
    start = first + (reading.at(first) in table.ARTICLES)
    counted = count_at(reading, start)
    unit = table.UNITS.at(reading.folded, counted[0] if counted else start)
    weekday = table.WEEKDAYS.at(reading.folded, start)
    named = unit or weekday
    side = table.ANCHORED.at(reading.folded, named[0]) if named else None
    if side is None:
        return None
    anchor = point(reading, side[0] + (reading.at(side[0]) in table.ARTICLES))
    if anchor is None or (isinstance(anchor[1], Span) and anchor[1].days() > LONGEST_ANCHOR):
        return None
    if unit is None:
        return anchor[0], mapped(anchor[1], lambda span: _next_weekday(span, weekday[1] if weekday else 0, side[1]))
    return anchor[0], mapped(anchor[1], lambda span: _beside(span, unit[1], side[1], counted[1] if counted else 1))


def _beside(span: Span, unit: str, side: int, count: int) -> Span | None:
    """Return the `count`th day, week (seven days) or weekend before (-1) or after `span`."""
    if unit == "weekend":
        saturday = _next_weekday(span, 5 if side > 0 else 6, side).first - (DAY if side < 0 else 0 * DAY)
        saturday += timedelta(days=7 * (count - 1) * side)
        return Span(saturday, saturday + DAY)
    length = {"day": 1, "week": 7}.get(unit)
    if length is None:
        return None
    if side < 0:
        first = span.first - length * count * DAY
        return Span(first, first + (length - 1) * DAY)
    last = span.last + length * count * DAY
    return Span(last - (length - 1) * DAY, last)


def _next_weekday(span: Span, weekday: int, side: int) -> Span:
    """Return the next such weekday before or after `span`."""
    day = span.last + DAY if side > 0 else span.first - DAY
    while day.weekday() != weekday:
        day += side * DAY
    return Span(day, day)
