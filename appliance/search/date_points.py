"""One date inside a sentence: a day, a month, a season, a feast, a year, a decade, or days counted back from today.

Every function is given a Reading and where to look, and returns (where it ends, Span | Yearly) or None. None of them takes words.
"""

from collections.abc import Callable
from datetime import timedelta

from appliance.search import date_words as table
from appliance.search import spans
from appliance.search.glue import PHOTOS
from appliance.search.reading import Reading
from appliance.search.relative_dates import relative
from appliance.search.spans import Span, Yearly

Point = tuple[int, Span | Yearly]


def point(reading: Reading, first: int) -> Point | None:
    """Return the longest date that starts at word `first`."""
    if not reading.at(first):
        return None
    reads = (
        _numeric, _part, _quarter, _counted, _day_of_month, _month_and_day, relative, _decade, holiday, _season, _month, year,
    )  # fmt: skip
    for read in reads:
        if (hit := read(reading, first)) is not None:
            return hit
    return None


def year(reading: Reading, first: int) -> Point | None:
    """A number of four digits that can be a year, and doesn't count or name something else."""
    number = year_at(reading, first)
    if number is None or reading.at(first - 1) in table.NOT_A_YEAR_AFTER or _counts_something(reading, first, number):
        return None
    return None if _is_in_a_number(reading, first) else (first + 1, spans.year_span(number))


def _counts_something(reading: Reading, first: int, number: int) -> bool:
    """“2000 pieces”; but “2019 photos” are photos of 2019 rather than so many."""
    is_year = reading.at(first + 1) in PHOTOS and spans.DIGITAL <= number <= reading.today.year
    return not is_year and reading.at(first + 1) in table.NOT_A_YEAR_BEFORE


def _is_in_a_number(reading: Reading, index: int) -> bool:
    """“2024-117”, “LH2018”: more digits or letters hang on it."""
    letters_before = reading.glued(index) and reading.at(index - 1).isalpha()
    mark = reading.at(index + 1) in {"-", ".", ","} and reading.glued(index + 1) and reading.glued(index + 2)
    return letters_before or (mark and reading.at(index + 2).isdigit() and year_at(reading, index + 2) is None)


def year_at(reading: Reading, index: int) -> int | None:
    """Return the year that is written at `index`: not older than photography, not beyond any camera's clock."""
    number = reading.number_at(index)
    fits = number is not None and len(reading.at(index)) == 4 and spans.FIRST_YEAR <= number <= spans.LAST_YEAR
    return number if fits else None


def _year_after(reading: Reading, index: int) -> tuple[int, int] | None:
    """Return (end, year) for “2019”, “, 2019”, “of 2019”, “'19” from `index` on."""
    skipped = 0
    while skipped < 2 and reading.at(index) in table.OF and reading.at(index):
        index, skipped = index + 1, skipped + 1
    if reading.at(index) == "'" and len(reading.at(index + 1)) == 2 and reading.number_at(index + 1) is not None:
        return index + 2, _full_year(reading, int(reading.at(index + 1)))
    number = year_at(reading, index)
    return None if number is None else (index + 1, number)


def _full_year(reading: Reading, short: int) -> int:
    """Return the latest year that ends in the two digits `short` and isn't in the future."""
    century = reading.today.year // 100 * 100
    return century + short if century + short <= reading.today.year else century - 100 + short


def _numeric(reading: Reading, first: int) -> Point | None:
    """2019-03-12, 2019-03, 03/2019, 12.03.2019, 12.3.19, 3/4/2021 (day first), 12.03., 20190312."""
    text = reading.at(first)
    if len(text) == 8 and text.isascii() and text.isdigit() and (day := _real_day(reading, text[:4], text[4:6], text[6:])):
        return first + 1, day
    mark = reading.at(first + 1)
    if (
        mark not in {"-", ".", "/"}
        or reading.number_at(first) is None
        or not (reading.glued(first + 1) and reading.glued(first + 2))
    ):
        return None
    second, third = reading.at(first + 2), reading.at(first + 4)
    if reading.at(first + 3) == mark and reading.glued(first + 4) and reading.number_at(first + 4) is not None:
        day = _real_day(reading, text, second, third) if len(text) == 4 else _real_day(reading, third, second, text)
        return (first + 5, day) if day else None
    if len(text) == 4 and mark == "-" and len(second) == 2 and year_at(reading, first) and 1 <= int(second) <= 12:
        return first + 3, spans.month(int(second)).in_year(int(text)) or spans.year_span(int(text))
    if mark in "./" and year_at(reading, first + 2) and 1 <= int(text) <= 12:
        return first + 3, spans.month(int(text)).in_year(int(second)) or spans.year_span(int(second))
    if mark == "." and reading.at(first + 3) == "." and reading.number_at(first + 2, 2) and 1 <= int(second) <= 12:
        yearly = spans.day_of_month(int(text), int(second))
        return (first + 4, yearly) if yearly else None
    return None


def _real_day(reading: Reading, year_text: str, month_text: str, day_text: str) -> Span | None:
    """Return the day, month and day swapped when only that exists (“03/25/2021”); None when neither does."""
    if not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in (year_text, month_text, day_text)):
        return None
    number = int(year_text) if len(year_text) == 4 else _full_year(reading, int(year_text) % 100)
    if not spans.FIRST_YEAR <= number <= spans.LAST_YEAR:
        return None
    return spans.single(number, int(month_text), int(day_text)) or spans.single(number, int(day_text), int(month_text))


def _with_year(reading: Reading, end: int, yearly: Yearly | None) -> Point | None:
    """Give `yearly` the year that follows at `end`, if one does."""
    if yearly is None:
        return None
    following = _year_after(reading, end)
    if following is None:
        return end, yearly
    span = yearly.in_year(following[1])
    return (following[0], span) if span else None


def day_number(reading: Reading, first: int) -> tuple[int, int] | None:
    """Return (end, day) for “3”, “3rd”, “the 3rd”, “3.”, “first”, “1er” at `first`."""
    if reading.at(first) in table.ARTICLES and reading.at(first):
        first += 1
    if (named := table.ORDINALS.at(reading.folded, first)) and named[1] > 0:
        return named
    number = reading.number_at(first, 2)
    if number is None or not 1 <= number <= 31:
        return None
    end = first + 1
    if reading.glued(end) and (reading.at(end) in table.ORDINAL_ENDINGS or reading.at(end) == "."):
        end += 1
    return end, number


def _day_of_month(reading: Reading, first: int) -> Point | None:
    """12 March 2019, the 3rd of August, 3. August, le 1er mars 2020, 3 de agosto de 2022."""
    numbered = day_number(reading, first)
    if numbered is None:
        return None
    end = numbered[0] + (reading.at(numbered[0]) in {"of", "de", "-"})
    named = table.MONTHS.at(reading.folded, end)
    return _with_year(reading, _past_dot(reading, named[0]), spans.day_of_month(numbered[1], named[1])) if named else None


def _month_and_day(reading: Reading, first: int) -> Point | None:
    """March 12th 2019, March 12, Mar. 12, 2019."""
    named = table.MONTHS.at(reading.folded, first)
    numbered = day_number(reading, _past_dot(reading, named[0])) if named else None
    if named is None or numbered is None:
        return None
    return _with_year(reading, numbered[0], spans.day_of_month(numbered[1], named[1]))


def _month(reading: Reading, first: int) -> Point | None:
    """March 2019, March. A month that is also a word needs its year, or a word before it that only a month follows."""
    named = table.MONTHS.at(reading.folded, first)
    if named is None:
        return None
    hit = _with_year(reading, _past_dot(reading, named[0]), spans.month(named[1]))
    if hit and isinstance(hit[1], Yearly) and not _month_is_meant(reading, first, named[0]):
        return None
    return hit


def _month_is_meant(reading: Reading, first: int, end: int) -> bool:
    if reading.at(first) in table.NEEDS_A_YEAR and len(reading.words) > 1:
        return False
    if reading.at(first - 1) in table.BEFORE_A_MONTH and reading.at(first - 1):
        return True
    if len(reading.words) == 1 or reading.at(first) not in table.MONTH_OR_WORD:
        return True
    return table.OR.at(reading.folded, end) is not None and table.MONTHS.at(reading.folded, end + 1) is not None


def _past_dot(reading: Reading, end: int) -> int:
    """Step over the dot of “Sept.”, unless it ends the sentence."""
    return end + (reading.at(end) == "." and reading.glued(end) and end + 1 < len(reading.words))


def _season(reading: Reading, first: int) -> Point | None:
    """Summer 2018, the winter of 2019/20, in summer. Without a year, only where no thing is described (“winter coat”)."""
    named = table.SEASONS.at(reading.folded, first)
    if named is None:
        return None
    hit = _with_year(reading, named[0], _season_of(reading, named[1]))
    if hit is None or isinstance(hit[1], Yearly):
        return hit if hit and _season_is_meant(reading, first, named[0]) else None
    end = hit[0]
    if reading.at(end) in {"/", "-"} and reading.glued(end) and reading.number_at(end + 1) is not None and reading.glued(end + 1):
        end += 2
    return end, hit[1]


def _season_of(reading: Reading, name: str) -> Yearly:
    return spans.season(name, southern=reading.vocabulary.southern)


def _season_is_meant(reading: Reading, first: int, end: int) -> bool:
    if describes(reading, end):
        return False
    before = first - 1 - (reading.at(first - 1) in table.ARTICLES)
    if reading.at(before) in table.BEFORE_A_SEASON and reading.at(before):
        return True
    opens = not any(word for word in reading.folded[: before + 1])
    return opens and (reading.at(first) not in table.SEASON_OR_WORD or end >= len(reading.words))


def describes(reading: Reading, end: int) -> bool:
    """Say whether the word at `end` is a thing, so that what stands before it tells which (“Christmas tree”)."""
    word = reading.at(end)
    if not word.isalpha() or word in table.NO_THING:
        return False
    return table.MONTHS.at(reading.folded, end) is None and relative(reading, end) is None


def holiday(reading: Reading, first: int) -> Point | None:
    named = table.HOLIDAYS.at(reading.folded, first)
    if named is None:
        return None
    hit = _with_year(reading, named[0], spans.holiday(named[1]))
    if hit is None or isinstance(hit[1], Span):
        return hit
    said = reading.at(first - 1) in table.BEFORE_A_FEAST or named[0] - first == len(reading.words)
    if describes(reading, named[0]) or (reading.at(first) in table.HOLIDAY_OR_WORD and not said):
        return None
    return hit


def _decade(reading: Reading, first: int) -> Point | None:
    """The 90s, 1990s, 90er Jahre, années 90, los años 90, the nineties."""
    if named := table.DECADES.at(reading.folded, first):
        return named[0], _ten_years(named[1])
    before = table.DECADES_BEFORE.end_at(reading.folded, first)
    digits = reading.at(before or first)
    number = reading.number_at(before or first)
    if number is None or number % 10 or len(digits) not in (2, 4):
        return None
    end = (before or first) + 1
    if reading.glued(end) and reading.at(end) in table.DECADE_ENDINGS:
        end += 1 + (reading.at(end + 1) in {"jahre", "jahren"})
    elif before is None:
        return None
    start = number if len(digits) == 4 else _full_year(reading, number)
    return (end, _ten_years(start)) if spans.FIRST_YEAR <= start <= reading.today.year else None


def _ten_years(start: int) -> Span:
    return Span(spans.year_span(start).first, spans.year_span(start + 9).last, f"{start}s")


def _part(reading: Reading, first: int) -> Point | None:
    """Early 2015, mid-June 2023, the end of August, Anfang Mai 2020, fin août, a finales de 2019."""
    named = table.PARTS.at(reading.folded, first)
    if named is None or table.WEEKENDS.at(reading.folded, first) is not None:  # “fin de semana” ends no week
        return None
    start = named[0]
    start = table.OF_THE_YEAR.end_at(reading.folded, start) or start
    while reading.at(start) in table.PART_OF and reading.at(start):
        start += 1
    for read in (relative, _decade, _season_alone, _month_alone, year):
        if (hit := read(reading, start)) is not None and _may_be_parted(hit[1]):
            return hit[0], mapped(hit[1], lambda span: spans.part_of(span, named[1]))
    return None


def _may_be_parted(found: Span | Yearly) -> bool:
    return isinstance(found, Yearly) or found.days() >= 7


def _month_alone(reading: Reading, first: int) -> Point | None:
    """A month after a word that asks for one."""
    named = table.MONTHS.at(reading.folded, first)
    return _with_year(reading, named[0], spans.month(named[1])) if named else None


def _season_alone(reading: Reading, first: int) -> Point | None:
    named = table.SEASONS.at(reading.folded, first)
    return _with_year(reading, named[0], _season_of(reading, named[1])) if named else None


def mapped(found: Span | Yearly, change: Callable[[Span], Span | None]) -> Span | Yearly:
    """Change a span, or that of every year; a part of a season or month means the latest one."""
    if isinstance(found, Span):
        return change(found) or found

    def in_year(number: int) -> Span | None:
        span = found.in_year(number)
        return change(span) if span else None

    return Yearly(in_year)


def _quarter(reading: Reading, first: int) -> Point | None:
    """Q1 2020, T1 2020, the second quarter of 2017, 1. Quartal, erstes Halbjahr 2020, H2 2019."""
    letter, glued = reading.at(first), reading.number_at(first + 1, 1) if reading.glued(first + 1) else None
    if letter in {"q", "t", "h"} and glued:
        yearly = spans.quarter(glued) if letter != "h" and glued <= 4 else _half_year(glued) if letter == "h" else None
        hit = _with_year(reading, first + 2, yearly)
        return hit if hit and (letter == "q" or isinstance(hit[1], Span)) else None
    numbered = day_number(reading, first)
    if numbered is None:
        return None
    unit = table.UNITS.at(reading.folded, numbered[0])
    if unit is not None and unit[1] == "quarter" and numbered[1] <= 4:
        hit = _with_year(reading, unit[0], spans.quarter(numbered[1]))
        return None if hit and isinstance(hit[1], Yearly) and describes(reading, hit[0]) else hit
    half = table.HALF_YEARS.end_at(reading.folded, numbered[0])
    hit = _with_year(reading, half, _half_year(numbered[1])) if half is not None else None
    return hit if hit and isinstance(hit[1], Span) else None


def _half_year(number: int) -> Yearly | None:
    parts = {1: "first half", 2: "second half"}
    return Yearly(lambda year: spans.part_of(spans.year_span(year), parts[number])) if number in parts else None


def _counted(reading: Reading, first: int) -> Point | None:
    """First week of January 2024, last weekend of August, first Monday in October, the last three days of 2020."""
    start = first + (reading.at(first) in table.ARTICLES)
    which = _ordinal(reading, start)
    if which is None:
        return _week_of(reading, start)
    end, number, count = which
    unit = table.UNITS.at(reading.folded, end)
    weekday = table.WEEKDAYS.at(reading.folded, end) if unit is None else None
    if weekday is None and (unit is None or unit[1] not in {"week", "weekend", "day"}):
        return None
    inside = _inside_of(reading, (unit or weekday or (end, 0))[0])
    for read in (_season_alone, _month_alone, year, relative) if inside else ():
        if inside and (hit := read(reading, inside)) is not None:
            return hit[0], mapped(hit[1], lambda span: _nth(span, number, unit[1] if unit else weekday[1], count))  # type: ignore[index]
    return None


def _ordinal(reading: Reading, first: int) -> tuple[int, int, int] | None:
    """Return (end, which, how many) of “second”, “last”, “first two”, “deux premières”."""
    counted = table.NUMBERS.at(reading.folded, first) or _digits(reading, first)
    if counted is not None and (which := table.ORDINALS.at(reading.folded, counted[0])) is not None:
        return which[0], which[1], counted[1]
    which = table.ORDINALS.at(reading.folded, first) or _numbered(reading, first)
    if which is None:
        return None
    counted = table.NUMBERS.at(reading.folded, which[0]) or _digits(reading, which[0])
    return (counted[0], which[1], counted[1]) if counted and abs(which[1]) == 1 else (which[0], which[1], 1)


def _digits(reading: Reading, first: int) -> tuple[int, int] | None:
    number = reading.number_at(first, 2)
    return (first + 1, number) if number else None


def _numbered(reading: Reading, first: int) -> tuple[int, int] | None:
    """“2nd”, “3.”: a number that is one of an order."""
    numbered = day_number(reading, first)
    return numbered if numbered and numbered[0] == first + 2 else None


def _inside_of(reading: Reading, end: int) -> int | None:
    """Return where the date starts after “of”, “in the”, “im”; None when nothing of the kind stands at `end`."""
    start = end
    while reading.at(start) in table.PART_OF and reading.at(start):
        start += 1
    return start if start > end else None


def _week_of(reading: Reading, first: int) -> Point | None:
    """The weekend of 12 June 2021, the week of the 3rd of May."""
    unit = table.UNITS.at(reading.folded, first)
    start = _inside_of(reading, unit[0]) if unit and unit[1] in {"week", "weekend"} else None
    if unit is None or start is None:
        return None
    day = _day_of_month(reading, start) or _month_and_day(reading, start) or _numeric(reading, start)
    return (day[0], mapped(day[1], lambda span: _around_day(span, unit[1]))) if day else None


def _around_day(span: Span, unit: str) -> Span:
    monday = span.first - timedelta(days=span.first.weekday())
    return Span(monday + timedelta(days=5 if unit == "weekend" else 0), monday + timedelta(days=6))


def _nth(span: Span, which: int, unit: str | int, count: int) -> Span | None:
    """Return `count` units from the `which`th of `span` on: weeks (seven days from the first), weekends, days, or the number
    of a weekday; -1 is the last."""
    if isinstance(unit, int):
        day = spans.nth_weekday(span, unit, which)
        return Span(day, day).within(span)
    length = {"week": 7, "weekend": 2, "day": 1}[unit]
    step = 1 if unit == "day" else 7
    days = length + step * (count - 1)
    if unit == "weekend":
        first = spans.nth_weekday(span, 5, which) - timedelta(days=7 * (count - 1) * (which < 0))
    elif which < 0:
        first = span.last - timedelta(days=days - 1)
    else:
        first = span.first + timedelta(days=step * (which - 1))
    return Span(first, first + timedelta(days=days - 1)).within(span)
