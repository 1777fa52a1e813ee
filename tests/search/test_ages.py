"""How old somebody was, in four languages, from a birthday that an account keeps."""

from dataclasses import replace
from datetime import date

import pytest

from appliance.accounts import household
from appliance.search.filters import Query
from appliance.search.query import parse
from appliance.search.vocabulary import born, vocabulary
from appliance.store.db import Store
from tests.conftest import START
from tests.search.world import TODAY, library

KIT = date(2014, 5, 31)
LEAP = date(2016, 2, 29)


def ask(sentence: str) -> Query:
    people = (born("Kit", KIT), born("Anna Maria", LEAP))
    return parse(sentence, today=TODAY, vocabulary=replace(library(), birthdays=people))


def days(query: Query) -> list[tuple[date, date]]:
    return [(one.first, one.last) for one in query.dates]


FIVE = (date(2019, 5, 31), date(2020, 5, 30))


@pytest.mark.parametrize(
    ("sentence", "span", "text"),
    [
        ("when Kit was five", FIVE, ""),
        ("photos from when Kit was 5 years old", FIVE, ""),
        ("Kit at the beach when Kit was five", FIVE, "Kit at the beach"),
        ("Kit aged 5 in the garden", FIVE, "in the garden"),
        ("als Kit fünf war", FIVE, ""),
        ("als Kit fünf Jahre alt war", FIVE, ""),
        ("quand Kit avait cinq ans", FIVE, ""),
        ("cuando Kit tenía cinco años", FIVE, ""),
        ("when Kit was a baby", (date(2014, 5, 31), date(2015, 5, 30)), ""),
        ("when Kit was one year old", (date(2015, 5, 31), date(2016, 5, 30)), ""),
        ("when Kit turned five", (date(2019, 5, 31), date(2019, 5, 31)), ""),
        ("Kit's 5th birthday", (date(2019, 5, 31), date(2019, 5, 31)), ""),
        ("Kits 5. Geburtstag", (date(2019, 5, 31), date(2019, 5, 31)), ""),
        ("le cinquième anniversaire de Kit", (date(2019, 5, 31), date(2019, 5, 31)), ""),
        ("when Kit was born", (KIT, KIT), ""),
        ("when anna maria was three", (date(2019, 3, 1), date(2020, 2, 28)), ""),
    ],
)
def test_an_age_is_a_span_of_days(sentence: str, span: tuple[date, date], text: str) -> None:
    query = ask(sentence)
    assert days(query) == [span]
    assert query.text.removeprefix("in the ") == text.removeprefix("in the ")


def test_a_birthday_without_an_age_is_every_one() -> None:
    assert ask("Kit's birthday").month_days == ("05-31",)
    assert ask("el cumpleaños de Kit").month_days == ("05-31",)


@pytest.mark.parametrize("sentence", ["when Kit was a student", "Kit at the beach", "Kit and Anna Maria", "Kit", "five kits"])
def test_a_name_alone_says_nothing_of_when(sentence: str) -> None:
    query = ask(sentence)
    assert not query.dates
    assert "it" in query.text


def test_a_birthday_that_nobody_keeps_is_words() -> None:
    query = ask("when Peter was five")
    assert not query.dates
    assert "Peter" in query.text


def test_the_chip_says_whose_age_it_is() -> None:
    assert [chip.label for chip in ask("when Kit was five").chips] == ["when Kit was 5"]


def test_the_vocabulary_holds_the_birthdays_of_open_accounts(store: Store) -> None:
    with store.write() as writer:
        user_id, _ = household.invite(writer, by=None, name="Ida", kind="child", token=b"i" * 32, now=START)
        household.set_birthday(writer, user_id, "2014-05-31", today=TODAY)
        assert vocabulary(writer, library().gazetteer).birthdays == (born("Ida", KIT),)
        household.close(writer, user_id, by=None, now=START)
        assert vocabulary(writer, library().gazetteer).birthdays == ()
