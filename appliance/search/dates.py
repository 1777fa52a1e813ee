"""Dates in a sentence: ranges and lists of the points in date_points.py, and what several of them mean together."""

from datetime import date

from appliance.search import date_words as table
from appliance.search import spans
from appliance.search.date_anchors import anchored
from appliance.search.date_points import day_number, describes, holiday, point, year, year_at
from appliance.search.glue import GLUE, PHOTOS
from appliance.search.kinds import negation_before
from appliance.search.reading import Reading
from appliance.search.relative_dates import latest_weekday, yearly_at
from appliance.search.sentence import Phrases
from appliance.search.spans import DAY, Span, Yearly

Part = tuple[int, Span | Yearly]
BEGINNINGS = table.ARTICLES | {"q", "t", "h"}
BEGINNINGS |= {word for one in vars(table).values() if isinstance(one, Phrases) for word in one.first_words}
LONG_FEAST = 3  # words
FEASTS_BACK = 60  # years in which a moving feast “of every year” is looked for


def recognise(reading: Reading) -> None:
    """Take every date of the sentence into `reading.spans` and `reading.yearly`."""
    first, excluded_to = 0, -1
    while first < len(reading.words):
        hit = (
            (_list(reading, first) or _days_of_a_month(reading, first) or _expression(reading, first))
            if _may_begin(reading.at(first))
            else None
        )
        if hit is None:
            first += 1
            continue
        end, *found = hit
        start = negation_before(reading, first, table.NOT_THEN)
        if start is None and excluded_to >= 0 and table.OR.end_at(reading.folded, excluded_to) == first:
            start = excluded_to  # “except 2019 and 2020”
        if start is None:
            reading.spans += [one for one in found if isinstance(one, Span)]
            reading.yearly += [one for one in found if isinstance(one, Yearly)]
        else:
            reading.not_then += found
            excluded_to = end
        reading.take(first if start is None else start, end)
        first = end
    _every_year(reading)


def recognise_lone(reading: Reading) -> None:
    """“Kopenhagen Mai”, “videos may”: a month that is also a word is one when nothing else is left of the sentence."""
    free = [index for index, word in enumerate(reading.folded) if word.isalnum() and word not in GLUE | PHOTOS]
    month = table.MONTHS.at(reading.folded, free[0]) if len(free) == 1 else None
    if month is not None and (reading.places or reading.found or reading.spans):
        reading.yearly.append(spans.month(month[1]))
        reading.take(free[0], month[0])


def _may_begin(word: str) -> bool:
    """Say whether a date may begin with `word`: most words of a sentence are in no table at all."""
    return word in BEGINNINGS or word[:1].isdigit()


def settle(reading: Reading) -> None:
    """Turn the dates that were taken into the filters `dates`, `months` and `month_days`."""
    chosen = spans.joined(reading.spans)
    if not chosen and reading.yearly and reading.context:
        chosen = [reading.context]
    alternatives = len(reading.yearly) > 1 and all(one.months for one in reading.yearly)
    for yearly in reading.yearly:
        if chosen:
            chosen = _narrow(reading, chosen, yearly)
        elif yearly.any_year or alternatives:
            _add_recurring(reading, yearly)
        elif (latest := yearly.latest(reading.today)) is not None:
            reading.add("dates", latest.as_range())
            reading.latest.append((latest.as_range(), yearly))
    reading.add("dates", *(span.as_range() for span in chosen))
    for one in reading.not_then:
        _leave_out(reading, one)


def _leave_out(reading: Reading, one: Span | Yearly) -> None:
    """“Except 2019”, “not in summer”: what comes back is left out of every year, a feast that moves only of the latest."""
    if isinstance(one, Yearly) and (one.months or one.month_days):
        reading.add("not_months", *one.months)
        reading.add("not_month_days", *one.month_days)
    elif (span := _fixed(reading, one)) is not None:
        reading.add("not_dates", span.as_range())


def _narrow(reading: Reading, chosen: list[Span], yearly: Yearly) -> list[Span]:
    """“Last year … in October”: cut the spans to what comes back in them; for many years keep both filters."""
    if any(span.days() > spans.LONG for span in chosen) and (yearly.months or yearly.month_days):
        _add_recurring(reading, yearly)
        return chosen
    return [cut for span in chosen for cut in yearly.inside(span)] or chosen


def _add_recurring(reading: Reading, yearly: Yearly) -> None:
    if yearly.months or yearly.month_days:
        reading.add("months", *yearly.months)
        reading.add("month_days", *yearly.month_days)
        return
    this_year = reading.today.year
    every = (yearly.in_year(this_year - back) for back in range(FEASTS_BACK))
    reading.add("dates", *(span.as_range() for span in every if span and span.first <= reading.today))


def _every_year(reading: Reading) -> None:
    """“… every year”, “in any year” anywhere in the sentence makes its dates come back."""
    for index in range(len(reading.words)):
        if reading.yearly and (end := table.EVERY_YEAR.end_at(reading.folded, index)) is not None:
            reading.take(index, end)
            reading.yearly = [_of_any_year(one) for one in reading.yearly]


def _of_any_year(yearly: Yearly) -> Yearly:
    return Yearly(yearly.in_year, yearly.months, yearly.month_days, any_year=True)


def _expression(reading: Reading, first: int) -> Part | None:
    for read in (_long_feast, _every, _range, anchored, _open_ended, _roughly, _point_onwards):
        if (hit := read(reading, first)) is not None:
            return hit
    return None


def _long_feast(reading: Reading, first: int) -> Part | None:
    """“The last day of the year”, “day after Christmas”: a name, though the words of it are dates as well."""
    start = first + (reading.at(first) in table.ARTICLES)
    end = table.HOLIDAYS.end_at(reading.folded, start)
    return holiday(reading, start) if end is not None and end - start >= LONG_FEAST else None


def _list(reading: Reading, first: int) -> tuple[int, *tuple[Span, ...]] | None:
    """“January or February 2020”, “Christmas 2019 and 2021”: one year for several dates, several years for one date."""
    named = yearly_at(reading, first)
    hit = point(reading, first) if named else None
    joint = table.OR.end_at(reading.folded, hit[0]) if hit else None
    if named is None or hit is None or joint is None:
        return None
    if isinstance(hit[1], Span):
        number = year_at(reading, joint)
        again = named[1].in_year(number) if number is not None else None
        return (joint + 1, hit[1], again) if again else None
    other = yearly_at(reading, joint)
    following = point(reading, joint)
    if other is None or following is None or not isinstance(following[1], Span):
        return None
    mine = named[1].in_year(following[1].first.year)
    return (following[0], mine, following[1]) if mine else None


def _days_of_a_month(reading: Reading, first: int) -> tuple[int, *tuple[Span, ...]] | None:
    """“19 and 20 April 2019”, “4. und 5. Mai 2008”, “los días 19 y 20 de abril de 2019”: days that share their month and year."""
    start = table.DAYS.end_at(reading.folded, first) or first
    named = day_number(reading, start)
    joint = table.AND_DAY.end_at(reading.folded, named[0]) if named else None
    hit = point(reading, joint) if joint is not None and day_number(reading, joint) else None
    if named is None or hit is None:
        return None
    last = _fixed(reading, hit[1])
    other = spans.single(last.first.year, last.first.month, named[1]) if last and last.days() == 1 else None
    return (hit[0], other, last) if other and last else None


def _every(reading: Reading, first: int) -> Part | None:
    """Every August, each New Year's Eve, jedes Weihnachten, chaque été, cada verano."""
    end = table.EVERY.end_at(reading.folded, first)
    if end is None:
        return None
    hit: Part | None = _named_point(reading, end)
    if hit is None and (named := yearly_at(reading, end)) is not None and not describes(reading, named[0]):
        hit = named
    return (hit[0], _of_any_year(hit[1])) if hit and isinstance(hit[1], Yearly) else None


def _named_point(reading: Reading, first: int) -> Part | None:
    return point(reading, first + (reading.at(first) in table.ARTICLES))


def _point_onwards(reading: Reading, first: int) -> Part | None:
    """A date, or one “onwards”."""
    hit = point(reading, first)
    end = table.ONWARDS.end_at(reading.folded, hit[0]) if hit else None
    span = _fixed(reading, hit[1]) if hit and end is not None else None
    return (end, spans.since(span.first, reading.today)) if end is not None and span else hit


def _range(reading: Reading, first: int) -> Part | None:
    """Between X and Y, from X to Y, X to Y, X–Y; X may be a bare day (“3 to 10 August”) and take its year from Y."""
    between = table.BETWEEN.end_at(reading.folded, first)
    start = between if between is not None else table.FROM.end_at(reading.folded, first)
    left = _left_side(reading, start if start is not None else first)
    if left is None:
        return None
    joint = (table.TO.end_at(reading.folded, left[0])) or (
        table.AND.end_at(reading.folded, left[0]) if between is not None else None
    )
    right = _right_side(reading, joint) if joint is not None else None
    if right is None:
        return None
    last = _after_new_year(left[1], right[1]) or _fixed(reading, right[1])
    begin = _begin(reading, left[1], last) if last else None
    return (right[0], Span(begin.first, last.last)) if begin and last and begin.first <= last.last else None


def _after_new_year(left: Span | Yearly | int, right: Span | Yearly) -> Span | None:
    """“Between Christmas and New Year 2019” ends on 1 January 2020; None for all other ranges."""
    if isinstance(right, Span) and right.name.startswith("New Year's Day") and isinstance(left, Yearly):
        begin = left.in_year(right.first.year)
        return spans.holiday("New Year's Day").in_year(right.first.year + 1) if begin and begin.first > right.last else None
    return None


def _left_side(reading: Reading, first: int) -> tuple[int, Span | Yearly | int] | None:
    """A date, or the bare day of “3 to 10 August”."""
    return point(reading, first) or _forced_month(reading, first) or day_number(reading, first)


def _right_side(reading: Reading, first: int) -> Part | None:
    return _named_point(reading, first) or _forced_month(reading, first)


def _forced_month(reading: Reading, first: int) -> Part | None:
    """A month in a range is a month, whatever else the word means."""
    named = table.MONTHS.at(reading.folded, first)
    return (named[0], spans.month(named[1])) if named else None


def _begin(reading: Reading, left: Span | Yearly | int, last: Span) -> Span | None:
    """Return the left side of a range, in the year that the right side gives it."""
    if isinstance(left, Span):
        return left
    if isinstance(left, int):
        return spans.single(last.last.year, last.last.month, left)
    candidates = (left.in_year(last.last.year - back) for back in range(9))
    return next((span for span in candidates if span and span.first <= last.last), None)


def _open_ended(reading: Reading, first: int) -> Part | None:
    """Since, after, before or until a date."""
    for words, kind in ((table.SINCE, "since"), (table.AFTER, "after"), (table.UNTIL, "until"), (table.BEFORE, "before")):
        end = words.end_at(reading.folded, first)
        if end is None or reading.at(first) in table.FROM_ALONE:
            continue
        hit = _named_point(reading, end) or _forced_month(reading, end) or _weekday(reading, end)
        if hit is not None and (span := _fixed(reading, hit[1])) is not None:
            return hit[0], _opened(span, kind, reading.today)
    return None


def _weekday(reading: Reading, first: int) -> Part | None:
    """“Since Monday”: the latest one."""
    named = table.WEEKDAYS.at(reading.folded, first)
    return (named[0], latest_weekday(reading.today, named[1])) if named else None


def _opened(span: Span, kind: str, today: date) -> Span:
    """Return what lies since, after, until or before `span`."""
    if kind == "since":
        return spans.since(span.first, today)
    if kind == "after":
        return spans.since(span.last + DAY, today)
    return spans.until(span.last if kind == "until" else span.first - DAY)


def _roughly(reading: Reading, first: int) -> Part | None:
    """Around Christmas, about 2015, um 2010, vers 1990."""
    end = table.AROUND.end_at(reading.folded, first)
    hit = (_named_point(reading, end) or year(reading, end)) if end is not None else None
    span = _fixed(reading, hit[1]) if hit else None
    return (hit[0], spans.around(span)) if hit and span else None


def _fixed(reading: Reading, found: Span | Yearly) -> Span | None:
    """Return a span as it is, and of what comes back the latest."""
    return found if isinstance(found, Span) else found.latest(reading.today)
