"""Stretches of days: fixed ones, ones that come back every year, and what people call them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from appliance.search.date_words import ADVENTS, FROM_EASTER, HOLIDAY_DAYS, NTH_WEEKDAY, SEASON_MONTHS
from appliance.search.filters import DateRange

MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
WEEKDAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
FIRST_YEAR = 1826  # of the oldest photograph that is left
DIGITAL = 1990  # few photos carry a date from before
LAST_YEAR = 2100  # of a camera whose clock is set wrong; and who asks for a year to come is told that there is nothing
OPEN_FIRST = date.min
OPPOSITE = {"spring": "autumn", "summer": "winter", "autumn": "spring", "winter": "summer"}
LONG = 367  # days; a span of more holds a season or a month more than once
DAY = timedelta(days=1)

Days = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `first` to `last`, both included. `name` is what it is called, “” when its days say it best."""

    first: date
    last: date
    name: str = ""

    def days(self) -> int:
        return (self.last - self.first).days + 1

    def within(self, other: "Span") -> "Span | None":
        """Return what both hold; one that lies wholly in the other keeps its name."""
        first, last = max(self.first, other.first), min(self.last, other.last)
        if first > last:
            return None
        return next((whole for whole in (self, other) if (whole.first, whole.last) == (first, last)), Span(first, last))

    def as_range(self) -> DateRange:
        return DateRange(self.first, self.last, label(self))


@dataclass(frozen=True, slots=True)
class Yearly:
    """Days that come back: `in_year` gives them for a year, None when that year has none.

    `months`, `month_days` say the same for any year; both empty for a feast that moves. `any_year`: without a year it means
    every one of them (“in winter”), not the latest (“in March”)."""

    in_year: Callable[[int], Span | None]
    months: tuple[int, ...] = ()
    month_days: tuple[str, ...] = ()
    any_year: bool = False

    def latest(self, today: date) -> Span | None:
        """Return the latest that has begun by `today`."""
        spans = (self.in_year(today.year - back) for back in range(9))
        return next((span for span in spans if span and span.first <= today), None)

    def inside(self, span: Span) -> list[Span]:
        """Return what lies in `span`; one that begins in a whole calendar year belongs to it with all its days."""
        if _is_whole_year(span):
            own = self.in_year(span.first.year)
            return [own] if own else []
        first, last = max(span.first.year - 1, FIRST_YEAR), min(span.last.year, 9998)
        every = (self.in_year(year) for year in range(first, last + 1))
        return [cut for one in every if one and (cut := one.within(span))]


def month(number: int) -> Yearly:
    return Yearly(lambda year: Span(date(year, number, 1), end_of_month(year, number)), months=(number,))


def season(name: str, *, southern: bool = False) -> Yearly:
    """Seasons of whole months; a winter, or southern summer, of 2019 is December 2019 to February 2020."""
    months = SEASON_MONTHS[OPPOSITE[name] if southern else name]

    def in_year(year: int) -> Span:
        last_year = year + (months[0] > months[-1])
        called = f"{name.capitalize()} {year}" + (f"/{last_year % 100:02}" if last_year > year else "")
        return Span(date(year, months[0], 1), end_of_month(last_year, months[-1]), called)

    return Yearly(in_year, months=months, any_year=True)


def day_of_month(day: int, number: int) -> Yearly | None:
    """Return that day of every year, None for a 31 June."""
    if not 1 <= day <= end_of_month(2020, number).day:
        return None

    def in_year(year: int) -> Span | None:
        return single(year, number, day)

    return Yearly(in_year, month_days=(f"{number:02}-{day:02}",))


def holiday(name: str) -> Yearly:
    if name in HOLIDAY_DAYS:
        first, last = HOLIDAY_DAYS[name]
        days = tuple(f"{first[0]:02}-{day:02}" for day in range(first[1], last[1] + 1))
        return Yearly(lambda year: Span(date(year, *first), date(year, *last), f"{name} {year}"), month_days=days)
    return Yearly(lambda year: _moving_feast(name, year))


def _moving_feast(name: str, year: int) -> Span:
    if name in FROM_EASTER:
        before, after = FROM_EASTER[name]
        sunday = easter(year)
        return Span(sunday + before * DAY, sunday + after * DAY, f"{name} {year}")
    if name == "Advent" or name in ADVENTS:
        eve = date(year, 12, 24)
        first = eve - timedelta(days=(eve.weekday() + 1) % 7) + ADVENTS.get(name, -21) * DAY
        return Span(first, eve if name == "Advent" else first, f"{name} {year}")
    number, weekday, which, later = NTH_WEEKDAY[name]
    day = nth_weekday(Span(date(year, number, 1), end_of_month(year, number)), weekday, which) + later * DAY
    if name == "Fête des mères" and day == easter(year) + 49 * DAY:
        day += 7 * DAY  # Whit Sunday keeps its day
    return Span(day, day, f"{name} {year}")


def nth_weekday(span: Span, weekday: int, which: int) -> date:
    """Return the `which`th such weekday from the beginning of `span`, or from its end when `which` is negative."""
    if which < 0:
        return span.last - timedelta(days=(span.last.weekday() - weekday) % 7 - 7 * (which + 1))
    return span.first + timedelta(days=(weekday - span.first.weekday()) % 7 + 7 * (which - 1))


def quarter(number: int) -> Yearly:
    """Return that quarter of every year."""
    first = 3 * number - 2

    def in_year(year: int) -> Span:
        return Span(date(year, first, 1), end_of_month(year, first + 2), f"Q{number} {year}")

    return Yearly(in_year, months=(first, first + 1, first + 2))


def year_span(year: int) -> Span:
    return Span(date(year, 1, 1), date(year, 12, 31))


def single(year: int, number: int, day: int) -> Span | None:
    """Return one day, None when the calendar has no such day."""
    if not (1 <= year <= 9998 and 1 <= number <= 12 and 1 <= day <= end_of_month(year, number).day):
        return None
    chosen = date(year, number, day)
    return Span(chosen, chosen)


def part_of(span: Span, part: str) -> Span:
    """Return the “early”, “mid” or “late” third, or the first or second half, of `span`, in whole months where that goes.

    Of a decade the thirds are four, three and three years."""
    pieces = 2 if part.endswith("half") else 3
    which = {"early": 0, "first half": 0, "mid": 1, "second half": pieces - 1, "late": pieces - 1}[part]
    months = (span.last.year - span.first.year) * 12 + span.last.month - span.first.month + 1
    if months == 10 * 12 and pieces == 3:
        start, end = ((0, 3), (4, 6), (7, 9))[which]
        return Span(date(span.first.year + start, 1, 1), date(span.first.year + end, 12, 31))
    if months % pieces == 0 and span.first.day == 1 and span.last == end_of_month(span.last.year, span.last.month):
        first = add_months(span.first, months // pieces * which)
        return Span(first, add_months(first, months // pieces) - DAY)
    length = span.days() // pieces
    first = span.first + which * length * DAY
    return Span(first, span.last if which == pieces - 1 else first + (length - 1) * DAY)


def since(first: date, today: date) -> Span:
    """Return what reaches from `first` to `today`."""
    called = str(first.year) if (first.month, first.day) == (1, 1) else _day(first)
    return Span(first, max(first, today), f"since {called}")


def until(last: date) -> Span:
    """Return all that is not later than `last`."""
    return Span(OPEN_FIRST, last)


def around(span: Span) -> Span:
    """Return `span` with some slack on both sides: three days for days, half a month for months, a year for years."""
    if span.days() >= 365:
        first, last = date(max(span.first.year - 1, 1), 1, 1), date(min(span.last.year + 1, 9998), 12, 31)
        return Span(first, last)
    slack = (15 if span.days() >= 28 else 3) * DAY
    return Span(span.first - slack, span.last + slack)


def end_of_month(year: int, number: int) -> date:
    return (date(year + number // 12, number % 12 + 1, 1)) - DAY


def add_months(day: date, months: int) -> date:
    """Return the first of the month that lies `months` after that of `day`."""
    year, number = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, number + 1, 1)


def easter(year: int) -> date:
    """Return Easter Sunday of the Gregorian calendar; anonymous algorithm, J. Meeus, Astronomical Algorithms, chapter 8."""
    century, rest = divmod(year, 100)
    golden = year % 19
    epact = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    shift = (golden + 11 * epact + 22 * weekday) // 451
    number, day = divmod(epact + weekday - 7 * shift + 114, 31)
    return date(year, number, day + 1)


def joined(spans: Sequence[Span]) -> list[Span]:
    """Return `spans` with those that overlap cut to what they share (“since 2015”, “before 2018”); others stay apart."""
    kept: list[Span] = []
    for span in spans:
        overlapping = next((index for index, one in enumerate(kept) if one.within(span)), None)
        if overlapping is None:
            kept.append(span)
        else:
            kept[overlapping] = span.within(kept[overlapping]) or span
    return kept


def label(span: Span) -> str:
    """Return `span` in words: “March 2019”, “3–10 August 2022”, “since 12 May 2020”, “before 2010”."""
    first, last = span.first, span.last
    if span.name:
        return span.name
    if first == OPEN_FIRST:
        return f"until {_day(last)}" if last.replace(month=12, day=31) != last else f"before {last.year + 1}"
    if first.day == 1 and last == end_of_month(last.year, last.month):
        return _months(first, last)
    if first == last:
        return _day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{_day(last)}"
    if first.year == last.year:
        return f"{first.day} {MONTH_NAMES[first.month - 1]} – {_day(last)}"
    return f"{_day(first)} – {_day(last)}"


def _months(first: date, last: date) -> str:
    """Return the label of whole months."""
    if (first.month, last.month) == (1, 12):
        return f"{first.year}" if first.year == last.year else f"{first.year}–{last.year}"
    start, end = MONTH_NAMES[first.month - 1], MONTH_NAMES[last.month - 1]
    if (first.year, first.month) == (last.year, last.month):
        return f"{end} {last.year}"
    return f"{start}–{end} {last.year}" if first.year == last.year else f"{start} {first.year} – {end} {last.year}"


def _day(day: date) -> str:
    return f"{day.day} {MONTH_NAMES[day.month - 1]} {day.year}"


def _is_whole_year(span: Span) -> bool:
    return span.days() <= LONG and (span.first.month, span.first.day, span.last.month, span.last.day) == (1, 1, 12, 31)
