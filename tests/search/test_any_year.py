"""A month without a year, when the latest one has no such photo."""

from dataclasses import replace
from datetime import date

from appliance.search.filters import Query
from appliance.search.query import parse
from tests.search.world import TODAY, library


def asked(sentence: str, *, taken: tuple[date, ...]) -> Query:
    """What `sentence` means to a library whose photos were taken on these days."""

    def holds(query: Query) -> bool:
        in_dates = [day for day in taken if not query.dates or any(one.first <= day <= one.last for one in query.dates)]
        return any(not query.months or day.month in query.months for day in in_dates)

    return parse(sentence, today=TODAY, vocabulary=replace(library(), holds=holds))


def test_the_latest_month_is_meant_while_it_has_photos() -> None:
    query = asked("photos from March", taken=(date(TODAY.year, 3, 5), date(2019, 3, 5)))
    assert [(one.first, one.last) for one in query.dates] == [(date(TODAY.year, 3, 1), date(TODAY.year, 3, 31))]
    assert query.months == ()


def test_without_any_it_is_that_month_of_any_year() -> None:
    query = asked("photos from March", taken=(date(2019, 3, 5),))
    assert (query.dates, query.months) == ((), (3,))
    assert [chip.label for chip in query.chips] == ["March of any year"]


def test_when_no_year_has_one_it_stays_the_latest() -> None:
    query = asked("photos from March", taken=(date(2019, 4, 5),))
    assert query.months == ()
    assert len(query.dates) == 1


def test_a_year_that_was_said_stays() -> None:
    assert asked("photos from March 2021", taken=(date(2019, 3, 5),)).months == ()
    assert asked("photos from last March", taken=(date(2019, 3, 5),)).months == ()


def test_a_day_without_a_year_stays_the_latest() -> None:
    query = asked("photos from 12 May", taken=(date(2019, 5, 12),))
    assert query.month_days == ()
    assert len(query.dates) == 1
