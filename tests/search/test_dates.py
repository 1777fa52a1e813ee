"""Stretches of days: feasts that move, parts of months and years, and what they are called."""

from datetime import date

import pytest

from appliance.search import spans
from appliance.search.spans import Span, Yearly


@pytest.mark.parametrize(
    ("year", "sunday"),
    [(1961, "04-02"), (2000, "04-23"), (2008, "03-23"), (2019, "04-21"), (2024, "03-31"), (2026, "04-05"), (2038, "04-25")],
)
def test_easter_falls_where_the_calendar_has_it(year: int, sunday: str) -> None:
    assert spans.easter(year).isoformat() == f"{year}-{sunday}"


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2019-03-01", "2019-03-31", "March 2019"),
        ("2019-01-01", "2019-12-31", "2019"),
        ("2015-01-01", "2017-12-31", "2015–2017"),
        ("2020-03-01", "2020-05-31", "March–May 2020"),
        ("2019-12-01", "2020-02-29", "December 2019 – February 2020"),
        ("2019-03-12", "2019-03-12", "12 March 2019"),
        ("2022-08-03", "2022-08-10", "3–10 August 2022"),
        ("2022-07-30", "2022-08-02", "30 July – 2 August 2022"),
        ("2023-12-24", "2024-01-02", "24 December 2023 – 2 January 2024"),
        ("0001-01-01", "2009-12-31", "before 2010"),
        ("0001-01-01", "2020-03-31", "until 31 March 2020"),
    ],
)
def test_days_are_called_what_people_call_them(first: str, last: str, words: str) -> None:
    assert spans.label(Span(date.fromisoformat(first), date.fromisoformat(last))) == words


def test_without_a_year_the_latest_that_has_begun_is_meant() -> None:
    assert spans.month(3).latest(date(2026, 2, 28)) == Span(date(2025, 3, 1), date(2025, 3, 31))
    assert spans.month(3).latest(date(2026, 3, 1)) == Span(date(2026, 3, 1), date(2026, 3, 31))


def test_the_29th_of_february_is_looked_for_in_leap_years_only() -> None:
    leap_day = spans.day_of_month(29, 2)
    assert isinstance(leap_day, Yearly)
    assert leap_day.latest(date(2026, 11, 22)) == Span(date(2024, 2, 29), date(2024, 2, 29))


def test_a_season_in_a_whole_year_begins_in_it() -> None:
    assert [span.last for span in spans.season("winter").inside(spans.year_span(2019))] == [date(2020, 2, 29)]


def test_a_season_in_other_days_is_cut_to_them() -> None:
    inside = spans.season("winter").inside(Span(date(2019, 2, 1), date(2019, 12, 5)))
    assert [(span.first, span.last) for span in inside] == [
        (date(2019, 2, 1), date(2019, 2, 28)),
        (date(2019, 12, 1), date(2019, 12, 5)),
    ]


def test_the_parts_of_a_month_hold_all_its_days_once() -> None:
    june = Span(date(2023, 6, 1), date(2023, 6, 30))
    parts = [spans.part_of(june, part) for part in ("early", "mid", "late")]
    assert [(part.first.day, part.last.day) for part in parts] == [(1, 10), (11, 20), (21, 30)]


def test_spans_that_overlap_are_cut_to_what_they_share_and_others_stay() -> None:
    since, before, alone = Span(date(2016, 1, 1), date(2026, 1, 1)), spans.until(date(2017, 12, 31)), spans.year_span(2030)
    assert spans.joined([since, before, alone]) == [Span(date(2016, 1, 1), date(2017, 12, 31)), alone]
