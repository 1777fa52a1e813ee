"""Answers are whole sentences that say only what the rows say."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from appliance.adapters.embedder import MODEL
from appliance.assistant.answer import answer
from appliance.assistant.facts import Facts, Looser, facts, looser
from appliance.search.chips import with_chips
from appliance.search.filters import DateRange, PlaceFilter, Query
from appliance.search.find import matches
from appliance.search.matrix import Matrix
from tests.search.shelf import OLIVE, Shelf, embedder

ROME: dict[str, Any] = {"country": "IT", "region": "Lazio", "town": "Rome"}
MARCH = DateRange(date(2019, 3, 1), date(2019, 3, 31), "March 2019")


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    shelf = Shelf(tmp_path)
    yield shelf
    shelf.store.close()


def asked(**parts: Any) -> Query:
    return with_chips(Query(**parts), {})


def reply(shelf: Shelf, query: Query) -> str:
    """Ask, look up the facts, and join the pieces of the answer: what every edge does."""

    def total(variant: Query) -> int:
        with shelf.store.read() as reader:
            return len(matches(reader, OLIVE, variant, embedder=embedder(), matrix=Matrix(MODEL)).assets)

    found = shelf.ask(query)
    with shelf.store.read() as reader:
        known = facts(reader, found.assets, {"IT": "Italy", "FR": "France"}.__getitem__)
    return "".join(answer(query, found, known, None if found.total else looser(query, total)))


def test_it_says_how_many_when_and_where(shelf: Shelf) -> None:
    shelf.put(caption="a dog", capture_time="2019-03-05T10:00:00", **ROME)
    shelf.put(caption="a dog", capture_time="2021-12-24T10:00:00", **ROME)
    shelf.put(caption="a dog", kind="video", capture_time="2020-01-01T10:00:00", country="FR")
    shelf.put(caption="a dog", time_source="upload", capture_time="2024-01-01T00:00:00")
    assert reply(shelf, asked(text="a dog")) == (
        "3 photos and 1 video match “a dog”. Taken between 5 March 2019 and 24 December 2021. One of them has no date of its own. "
        "In Rome (2) and France (1), 1 without a place."
    )


def test_it_counts(shelf: Shelf) -> None:
    for _ in range(2):
        shelf.put(capture_time="2019-03-05T10:00:00", **ROME)
    assert (
        reply(shelf, asked(places=(PlaceFilter("Rome", town="Rome"),), intent="count"))
        == "2 photos. Taken on 5 March 2019. In Rome."
    )


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ({"sort": "newest", "limit": 1}, "The last time was 24 December 2021. In Rome."),
        ({"sort": "oldest", "limit": 1}, "The first time was 5 March 2019. In Rome."),
        ({}, "Between 5 March 2019 and 24 December 2021, in 2 photos. In Rome."),
    ],
)
def test_it_says_when(shelf: Shelf, parts: dict[str, Any], sentence: str) -> None:
    shelf.put(capture_time="2019-03-05T10:00:00", **ROME)
    shelf.put(capture_time="2021-12-24T10:00:00", **ROME)
    assert reply(shelf, asked(places=(PlaceFilter("Rome", town="Rome"),), intent="when", **parts)) == sentence


def test_it_says_where_and_that_it_does_not_know(shelf: Shelf) -> None:
    shelf.put(caption="a dog", **ROME)
    shelf.put(caption="a cat")
    assert reply(shelf, asked(text="a dog", intent="where")) == "In Rome. Taken on 14 July 2024."
    assert reply(shelf, asked(text="a cat", intent="where")) == "It doesn't say where it was taken. Taken on 14 July 2024."


def test_it_says_when_nothing_matches_and_what_would(shelf: Shelf) -> None:
    shelf.put(caption="a dog", capture_time="2020-05-01T10:00:00", **ROME)
    query = asked(text="a dog", dates=(MARCH,), places=(PlaceFilter("Rome", town="Rome"),))
    assert reply(shelf, query) == "Nothing here matches “a dog”, March 2019, Rome. Leave out March 2019, and there is one match."


def test_it_suggests_what_stays_closest_to_the_question(shelf: Shelf) -> None:
    for day in range(1, 4):
        shelf.put(caption="a boat", capture_time=f"2019-03-0{day}T10:00:00")
    shelf.put(caption="a dog", capture_time="2020-05-01T10:00:00")
    assert reply(shelf, asked(text="a dog", dates=(MARCH,))).endswith("Leave out March 2019, and there is one match.")
    assert reply(shelf, asked(text="a birthday cake", dates=(MARCH,))).endswith(
        "Leave out “a birthday cake”, and there are 3 matches."
    )


def test_it_suggests_nothing_that_finds_nothing_or_everything(shelf: Shelf) -> None:
    shelf.put(caption="a dog")
    assert reply(shelf, asked(text="a submarine")) == "Nothing here matches “a submarine”."
    assert reply(shelf, asked(kind="video")) == "Nothing here matches Videos."
    assert looser(asked(text="a submarine", kind="video"), lambda query: 0) is None


def test_an_empty_library_gets_a_plain_answer(shelf: Shelf) -> None:
    assert reply(shelf, asked()) == "There is nothing here yet."


def test_many_places_are_summed_up(shelf: Shelf) -> None:
    for number, count in ((1, 3), (2, 2), (3, 1), (4, 1), (5, 1)):
        for _ in range(count):
            shelf.put(country="IT", town=f"Town {number}")
    known = facts_of(shelf)
    assert [(place.name, place.assets) for place in known.places] == [("Town 1", 3), ("Town 2", 2), ("Town 3", 1), ("Town 4", 1)]
    assert (known.elsewhere, known.unplaced) == (1, 0)


def facts_of(shelf: Shelf) -> Facts:
    found = shelf.ask(Query())
    with shelf.store.read() as reader:
        return facts(reader, found.assets)


def test_the_answer_streams_in_pieces(shelf: Shelf) -> None:
    shelf.put(caption="a dog", **ROME)
    found = shelf.ask("a dog")
    pieces = list(answer(Query(text="a dog"), found, facts_of(shelf)))
    assert pieces == ["1 photo matches “a dog”.", " Taken on 14 July 2024.", " In Rome."]


def test_words_of_a_person_are_repeated_not_obeyed(shelf: Shelf) -> None:
    text = "<script>alert(1)</script> {total} %s"
    suggestion = Looser("“{0}”", 1_234, Query())
    sentence = "".join(answer(Query(text=text), shelf.ask(Query(text=text)), Facts(), suggestion))
    assert sentence == f"Nothing here matches “{text}”. Leave out “{{0}}”, and there are 1,234 matches."
