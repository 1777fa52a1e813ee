"""Days counted from today: yesterday, last week, two years ago, the last 30 days, letzten Sommer, el verano pasado."""

from datetime import date, timedelta

from appliance.search import date_words as table
from appliance.search import spans
from appliance.search.reading import Reading
from appliance.search.spans import DAY, Span, Yearly

MOST_BACK = 400  # of any unit; more is no date of a photograph


def relative(reading: Reading, first: int) -> tuple[int, Span | Yearly] | None:
    """Return (end, days) of a relative date at `first`, or None."""
    if (day := table.DAYS_BACK.at(reading.folded, first)) is not None:
        return day[0], _single(reading.today - day[1] * DAY)
    if reading.at(first) in table.ARTICLES and (end := table.LAST.end_at(reading.folded, first + 1)) is not None:
        return _last_many(reading, first + 1) or _last(reading, end)
    for read in (_last_many, _ago, _last_before, _last_after, _this):
        if (hit := read(reading, first)) is not None:
            return hit
    return None


def _last_before(reading: Reading, first: int) -> tuple[int, Span] | None:
    """Last week, last summer, last Tuesday, last Christmas, last March."""
    end = table.LAST.end_at(reading.folded, first)
    return _last(reading, end) if end is not None else None


def _last_after(reading: Reading, first: int) -> tuple[int, Span] | None:
    """L'été dernier, la semaine dernière, el verano pasado; with an article or without."""
    start = first + (reading.at(first) in table.ARTICLES)
    named = _named_end(reading, start)
    end = table.LAST_AFTER.end_at(reading.folded, named) if named is not None else None
    hit = _last(reading, start) if end is not None else None
    return (end, hit[1]) if hit and end is not None else None


def _named_end(reading: Reading, first: int) -> int | None:
    """Return where the unit, season, month, weekday or feast at `first` ends."""
    for phrases in (table.UNITS, table.SEASONS, table.MONTHS, table.WEEKDAYS, table.HOLIDAYS):
        if (end := phrases.end_at(reading.folded, first)) is not None:
            return end
    return None


def _last(reading: Reading, first: int) -> tuple[int, Span] | None:
    """Return the latest whole one, before today, of what stands at `first`."""
    today = reading.today
    if (unit := table.UNITS.at(reading.folded, first)) is not None:
        return unit[0], back(today, unit[1], 1)
    if (weekday := table.WEEKDAYS.at(reading.folded, first)) is not None:
        return weekday[0], latest_weekday(today - DAY, weekday[1])
    yearly = yearly_at(reading, first)
    span = yearly[1].latest(today) if yearly else None
    if yearly is None or span is None:
        return None
    if span.last >= today and span.first <= today:
        span = yearly[1].latest(span.first - DAY) or span
    return yearly[0], span


def yearly_at(reading: Reading, first: int) -> tuple[int, Yearly] | None:
    """Return the season, feast or month at `first`, whatever else the word may mean."""
    if (season := table.SEASONS.at(reading.folded, first)) is not None:
        return season[0], spans.season(season[1])
    if (holiday := table.HOLIDAYS.at(reading.folded, first)) is not None:
        return holiday[0], spans.holiday(holiday[1])
    if (month := table.MONTHS.at(reading.folded, first)) is not None:
        return month[0], spans.month(month[1])
    return None


def _this(reading: Reading, first: int) -> tuple[int, Span] | None:
    """This week, this year, this summer, diesen Monat, cette année, este verano."""
    end = table.THIS.end_at(reading.folded, first)
    if end is None:
        return None
    if (unit := table.UNITS.at(reading.folded, end)) is not None:
        return unit[0], back(reading.today, unit[1], 0)
    if (weekday := table.WEEKDAYS.at(reading.folded, end)) is not None:
        return weekday[0], latest_weekday(reading.today, weekday[1])
    yearly = yearly_at(reading, end)
    span = yearly[1].latest(reading.today) if yearly else None
    return (yearly[0], span) if yearly and span else None


def _last_many(reading: Reading, first: int) -> tuple[int, Span] | None:
    """The last 30 days, past two weeks, die letzten drei Monate, les 30 derniers jours, los últimos 30 días."""
    first += reading.at(first) in table.ARTICLES
    end = table.LAST_MANY.end_at(reading.folded, first)
    count = _count(reading, end if end is not None else first)
    if count is None:
        return None
    start = count[0]
    if end is None:
        after = table.LAST_MANY.end_at(reading.folded, start)
        if after is None:
            return None
        start = after
    unit = table.UNITS.at(reading.folded, start)
    if unit is None or unit[1] == "weekend":
        return None
    first_day = {
        "day": reading.today - count[1] * DAY,
        "week": reading.today - 7 * count[1] * DAY,
        "month": _months_back(reading.today, count[1]),
        "year": _months_back(reading.today, 12 * count[1]),
    }[unit[1]]
    return unit[0], Span(first_day, reading.today, f"the last {count[1]} {unit[1]}s")


def _ago(reading: Reading, first: int) -> tuple[int, Span] | None:
    """Two years ago, vor zwei Jahren, il y a deux ans, hace dos años: that whole year, month, week or day."""
    before = table.AGO_BEFORE.end_at(reading.folded, first)
    count = _count(reading, before if before is not None else first)
    unit = table.UNITS.at(reading.folded, count[0]) if count else None
    if count is None or unit is None:
        return None
    end = unit[0] if before is not None else table.AGO_AFTER.end_at(reading.folded, unit[0])
    return (end, back(reading.today, unit[1], count[1])) if end is not None else None


def _count(reading: Reading, first: int) -> tuple[int, int] | None:
    """Return (end, number) for a number in digits or words."""
    if (named := table.NUMBERS.at(reading.folded, first)) is not None:
        return named
    number = reading.number_at(first, 3)
    return (first + 1, number) if number is not None and 0 < number <= MOST_BACK else None


def back(today: date, unit: str, count: int) -> Span:
    """Return the calendar day, week (from Monday), weekend, month or year that lies `count` before today's."""
    if unit == "year":
        return spans.year_span(today.year - count)
    if unit == "month":
        first = spans.add_months(today, -count)
        return Span(first, spans.end_of_month(first.year, first.month))
    if unit == "day":
        return _single(today - count * DAY)
    monday = today - timedelta(days=today.weekday() + 7 * count)
    if unit == "week":
        return Span(monday, monday + 6 * DAY)
    saturday = monday + 5 * DAY
    return Span(saturday, saturday + DAY)


def latest_weekday(day: date, weekday: int) -> Span:
    """Return the latest such weekday that isn't after `day`."""
    return _single(day - timedelta(days=(day.weekday() - weekday) % 7))


def _single(day: date) -> Span:
    return Span(day, day)


def _months_back(day: date, months: int) -> date:
    """Return the same day `months` earlier, or the last day of that month when it is shorter."""
    first = spans.add_months(day, -months)
    return first.replace(day=min(day.day, spans.end_of_month(first.year, first.month).day))
