"""Days counted from today: yesterday, last week, two years ago, the last 30 days, letzten Sommer, el verano pasado."""

from dataclasses import replace
from datetime import date, timedelta
from math import ceil

from appliance.search import date_words as table
from appliance.search import spans
from appliance.search.glue import GLUE, PHOTOS
from appliance.search.kind_words import KINDS
from appliance.search.reading import Reading
from appliance.search.spans import DAY, Span, Yearly

DAYS_OF = {"day": 1, "week": 7, "fortnight": 14}
MONTHS_OF = {"month": 1, "quarter": 3, "half year": 6, "year": 12}
MOST_BACK = 400  # of any unit; more is no date of a photograph


def relative(reading: Reading, first: int) -> tuple[int, Span | Yearly] | None:
    """Return (end, days) of a relative date at `first`, or None."""
    if (hit := that_day(reading, first)) is not None:
        return hit
    if (day := table.DAYS_BACK.at(reading.folded, first)) is not None:
        return day[0], _single(reading.today - day[1] * DAY)
    if reading.at(first) in table.ARTICLES and (end := table.LAST.end_at(reading.folded, first + 1)) is not None:
        return _last_many(reading, first + 1) or _last(reading, end)
    for read in (
        _before_last,
        _seasons_ago,
        _longer_ago,
        _last_many,
        _since_a_while,
        _ago,
        _last_before,
        _last_after,
        _so_far,
        _earlier,
        _this_of_another_year,
        _this,
        _next,
    ):
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
        if unit[1] == "fortnight" or (_is_up_to_today(reading, first) and unit[1] != "weekend"):  # “the past week”: up to today
            return unit[0], _up_to_today(today, unit[1], 1)
        return unit[0], _up_to_today(today, "half year", 1) if unit[1] == "half year" else back(today, unit[1], 1)
    if (weekday := table.WEEKDAYS.at(reading.folded, first)) is not None:
        return weekday[0], latest_weekday(today - DAY, weekday[1])
    yearly = yearly_at(reading, first)
    span = yearly[1].latest(today) if yearly else None
    if yearly is None or span is None:
        return None
    if span.last >= today and span.first <= today:
        span = yearly[1].latest(span.first - DAY) or span
    return yearly[0], span


def _is_up_to_today(reading: Reading, first: int) -> bool:
    """“The past week”, “within the last year” reach to today; “last week” is that of the calendar."""
    return reading.at(first - 1) == "past" or "within" in (reading.at(first - 2), reading.at(first - 3))


def yearly_at(reading: Reading, first: int) -> tuple[int, Yearly] | None:
    """Return the season, feast or month at `first`, whatever else the word may mean."""
    if (season := table.SEASONS.at(reading.folded, first)) is not None:
        return season[0], spans.season(season[1], southern=reading.vocabulary.southern)
    if (holiday := table.HOLIDAYS.at(reading.folded, first)) is not None:
        return holiday[0], spans.holiday(holiday[1])
    if (month := table.MONTHS.at(reading.folded, first)) is not None:
        return month[0], spans.month(month[1])
    return None


def _this(reading: Reading, first: int) -> tuple[int, Span] | None:
    """This week, this year, this summer, diesen Monat, cette année, este verano."""
    unit = table.UNITS.at(reading.folded, first)
    if unit is not None and (after := table.NOW_AFTER.end_at(reading.folded, unit[0])) is not None:
        return after, back(reading.today, unit[1], 0)
    end = table.THIS.end_at(reading.folded, first)
    if end is None:
        return None
    if (unit := table.UNITS.at(reading.folded, end)) is not None:
        return table.THIS_AFTER.end_at(reading.folded, unit[0]) or unit[0], back(reading.today, unit[1], 0)
    if (weekday := table.WEEKDAYS.at(reading.folded, end)) is not None:
        return weekday[0], latest_weekday(reading.today, weekday[1])
    yearly = yearly_at(reading, end)
    span = yearly[1].latest(reading.today) if yearly else None
    return (yearly[0], span) if yearly and span else None


def _this_of_another_year(reading: Reading, first: int) -> tuple[int, Span] | None:
    """This month last year, this weekend two years ago: the same days of the calendar, in that year."""
    hit = _this(reading, first)
    if hit is None:
        return None
    last = table.LAST.end_at(reading.folded, hit[0])
    unit = table.UNITS.at(reading.folded, last) if last is not None else None
    counted = _counted_back(reading, hit[0])
    if unit is not None and unit[1] == "year":
        end, years = unit[0], 1
    elif counted is not None and counted[1] == "year":
        end, years = counted[0], counted[2]
    else:
        return None
    then = _months_back(hit[1].first, 12 * years)
    if (unit_of_this := table.UNITS.at(reading.folded, first + 1)) is not None and unit_of_this[1] != "day":
        return end, back(then, unit_of_this[1], 0)
    return end, Span(then, then + (hit[1].last - hit[1].first))


def _earlier(reading: Reading, first: int) -> tuple[int, Span] | None:
    """Earlier this month, early this year: what of it is over."""
    end = table.EARLIER.end_at(reading.folded, first)
    hit = _this(reading, end) if end is not None else None
    return (hit[0], Span(hit[1].first, max(hit[1].first, reading.today))) if hit else None


def _next(reading: Reading, first: int) -> tuple[int, Span] | None:
    """Next week, nächstes Jahr, l'année prochaine, el mes que viene: what has no photos yet."""
    first += reading.at(first) in table.ARTICLES
    before = table.NEXT.end_at(reading.folded, first)
    unit = table.UNITS.at(reading.folded, first if before is None else before)
    end = unit[0] if unit and before is not None else table.NEXT_AFTER.end_at(reading.folded, unit[0]) if unit else None
    return (end, back(reading.today, unit[1], -1)) if unit and end is not None else None


def _last_many(reading: Reading, first: int) -> tuple[int, Span] | None:
    """The last 30 days, past two weeks, die letzten drei Monate, les 30 derniers jours, los últimos 30 días."""
    first += reading.at(first) in table.ARTICLES
    end = table.LAST_MANY.end_at(reading.folded, first)
    count = count_at(reading, end if end is not None else first)
    if count is None:
        return None
    start = count[0]
    if end is None:
        after = table.LAST_MANY.end_at(reading.folded, start)
        if after is None:
            return None
        start = after
    if (hours := table.HOURS_LONG.end_at(reading.folded, start)) is not None:
        return hours, Span(reading.today - ceil(count[1] / 24) * DAY, reading.today)
    unit = table.UNITS.at(reading.folded, start)
    if unit is None or unit[1] == "weekend":
        return None
    return unit[0], _up_to_today(reading.today, unit[1], count[1])


def _up_to_today(today: date, unit: str, count: int) -> Span:
    return Span(exactly(today, unit, count), today, f"the last {count} {unit}s" if count > 1 else "")


def exactly(today: date, unit: str, count: int) -> date:
    """Return the day that lies `count` units before `today`: the same day of another month or year."""
    if unit in DAYS_OF:
        return today - DAYS_OF[unit] * count * DAY
    return _months_back(today, MONTHS_OF[unit] * count)


def that_day(reading: Reading, first: int) -> tuple[int, Span | Yearly] | None:
    """A year ago today, exactly two years ago, heute vor einem Jahr, on this day (of any year), this day last year."""
    if (end := table.THIS_DAY.end_at(reading.folded, first)) is not None and (hit := _this_day(reading, first, end)) is not None:
        return hit
    before = next((end for one in (table.EXACTLY, table.TODAY) if (end := one.end_at(reading.folded, first)) is not None), None)
    counted = _counted_back(reading, first if before is None else before)
    if counted is None:
        return None
    end, unit, count = counted
    after = table.TODAY.end_at(reading.folded, end)
    if (before is None and after is None) or unit == "weekend":
        return None
    return after or end, _single(exactly(reading.today, unit, count))


def _this_day(reading: Reading, first: int, end: int) -> tuple[int, Span | Yearly] | None:
    """What follows “on this day”: a year, last year, some years ago; nothing of the kind means any year."""
    start = end + (reading.at(end) in {"in", "of", "im", "en", "de"})
    number = reading.number_at(start)
    counted = _counted_back(reading, end)
    if number is not None and spans.FIRST_YEAR <= number <= spans.LAST_YEAR:
        return start + 1, _single(_months_back(reading.today, 12 * (reading.today.year - number)))
    if counted is not None and counted[1] == "year":
        return counted[0], _single(exactly(reading.today, "year", counted[2]))
    last = table.LAST.end_at(reading.folded, end)
    unit = table.UNITS.at(reading.folded, last) if last is not None else None
    if unit is not None and unit[1] in ("year", "month", "week"):
        return unit[0], _single(exactly(reading.today, unit[1], 1))
    if reading.at(first) not in {"on", "an", "tal"}:
        return None
    yearly = spans.day_of_month(reading.today.day, reading.today.month)
    return (end, replace(yearly, any_year=True)) if yearly else None


def _before_last(reading: Reading, first: int) -> tuple[int, Span] | None:
    """The year before last, vorletzte Woche, l'avant-dernière semaine, the summer before last."""
    start = first + (reading.at(first) in table.ARTICLES)
    before = table.BEFORE_LAST.end_at(reading.folded, start)
    named = _last(reading, start if before is None else before)
    after = table.BEFORE_LAST.end_at(reading.folded, named[0]) if named and before is None else None
    if named is None or (before is None and after is None):
        return None
    at = start if before is None else before
    if (unit := table.UNITS.at(reading.folded, at)) is not None:
        return after or named[0], back(reading.today, unit[1], 2)
    yearly = yearly_at(reading, at)
    earlier = yearly[1].latest(named[1].first - DAY) if yearly else Span(named[1].first - 7 * DAY, named[1].last - 7 * DAY)
    return (after or named[0], earlier) if earlier else None


def _seasons_ago(reading: Reading, first: int) -> tuple[int, Span] | None:
    """Two winters ago, vor zwei Sommern, two Christmases ago: counted from the latest that is over."""
    before = table.AGO_BEFORE.end_at(reading.folded, first)
    count = count_at(reading, before if before is not None else first)
    names = (table.SEASONS, table.HOLIDAYS)
    season = next((end for one in names if count and (end := one.end_at(reading.folded, count[0]))), None)
    end = season if before is not None or season is None else table.AGO_AFTER.end_at(reading.folded, season)
    hit = _last(reading, count[0]) if count and end is not None else None
    if count is None or end is None or hit is None:
        return None
    span: Span | None = hit[1]
    for _ in range(count[1] - 1):
        span = _season_before(reading, count[0], span) if span else None
    return (end, span) if span else None


def _season_before(reading: Reading, first: int, span: Span) -> Span | None:
    yearly = yearly_at(reading, first)
    return yearly[1].latest(span.first - DAY) if yearly else None


def _longer_ago(reading: Reading, first: int) -> tuple[int, Span] | None:
    """Older than five years, more than a year ago, vor mehr als zwei Jahren; newer than two weeks, less than a month ago."""
    if _counts_an_age(reading, first):
        return None
    for words, older in ((table.YOUNGER_THAN, False), (table.OLDER_THAN, True)):
        end = words.end_at(reading.folded, first)
        count = count_at(reading, end) if end is not None else None
        unit = table.UNITS.at(reading.folded, count[0]) if count else None
        if count is None or unit is None or unit[1] == "weekend":
            continue
        ago = table.AGO_OR_OLD.end_at(reading.folded, unit[0])
        if ago is None and reading.at(first) not in table.COMPARED_BY_ITSELF:
            continue
        day = exactly(reading.today, unit[1], count[1])
        return ago or unit[0], spans.until(day) if older else _up_to_today(reading.today, unit[1], count[1])
    return None


def _counts_an_age(reading: Reading, first: int) -> bool:
    """“Kids older than 5 years” are that old; “photos older than 5 years” were taken then."""
    before = reading.words[first - 1].folded if first else ""
    return before.isalpha() and before not in GLUE and before not in PHOTOS and KINDS.at([before], 0) is None


def _since_a_while(reading: Reading, first: int) -> tuple[int, Span] | None:
    """Seit drei Wochen, depuis 2 ans, desde hace tres meses."""
    end = table.SINCE_A_WHILE.end_at(reading.folded, first)
    count = count_at(reading, end) if end is not None else None
    unit = table.UNITS.at(reading.folded, count[0]) if count else None
    if count is None or unit is None or unit[1] == "weekend" or table.AGO_AFTER.end_at(reading.folded, unit[0]):
        return None
    return unit[0], _up_to_today(reading.today, unit[1], count[1])


def _so_far(reading: Reading, first: int) -> tuple[int, Span] | None:
    """So far this year, dieses Jahr bisher."""
    before = table.SO_FAR.end_at(reading.folded, first)
    hit = _this(reading, first if before is None else before)
    after = table.SO_FAR.end_at(reading.folded, hit[0]) if hit else None
    if hit is None or (before is None and after is None) or hit[1].first > reading.today:
        return None
    return after or hit[0], Span(hit[1].first, reading.today)


def _ago(reading: Reading, first: int) -> tuple[int, Span] | None:
    """Two years ago, vor zwei Jahren, il y a deux ans, hace dos años: that whole year, month, week or day."""
    hit = _counted_back(reading, first)
    return (hit[0], back(reading.today, hit[1], hit[2])) if hit else None


def _counted_back(reading: Reading, first: int) -> tuple[int, str, int] | None:
    """Return (end, unit, how many) of “two years ago”, “vor zwei Jahren”."""
    before = table.AGO_BEFORE.end_at(reading.folded, first)
    start = before if before is not None else first
    if (months := table.AS_MONTHS.at(reading.folded, start)) is not None:
        ends = months[0] if before is not None else table.AGO_AFTER.end_at(reading.folded, months[0])
        return None if ends is None else (ends, "month", months[1])
    count = count_at(reading, start)
    unit = table.UNITS.at(reading.folded, count[0]) if count else None
    if count is None or unit is None:
        return None
    end = unit[0] if before is not None else table.AGO_AFTER.end_at(reading.folded, unit[0])
    return (end, unit[1], count[1]) if end is not None else None


def count_at(reading: Reading, first: int) -> tuple[int, int] | None:
    """Return (end, number) for a number in digits or words."""
    if (named := table.NUMBERS.at(reading.folded, first)) is not None:
        return named
    number = reading.number_at(first, 3)
    return (first + 1, number) if number is not None and 0 < number <= MOST_BACK else None


def back(today: date, unit: str, count: int) -> Span:
    """Return the calendar day, week (from Monday), weekend, month, quarter or year that lies `count` before today's."""
    if unit == "quarter":
        first = spans.add_months(date(today.year, 3 * ((today.month - 1) // 3) + 1, 1), -3 * count)
        return spans.quarter((first.month + 2) // 3).in_year(first.year) or _single(first)
    if unit == "year":
        return spans.year_span(today.year - count)
    if unit in ("month", "half year"):
        first = spans.add_months(today, -MONTHS_OF[unit] * count)
        return Span(first, spans.end_of_month(first.year, first.month))
    if unit == "day":
        return _single(today - count * DAY)
    monday = today - timedelta(days=today.weekday() + 7 * count * (2 if unit == "fortnight" else 1))
    if unit in ("week", "fortnight"):
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
