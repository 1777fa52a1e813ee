"""Answers are whole sentences that say only what the rows say."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from appliance.adapters.embedder import MODEL
from appliance.assistant.answer import Said, answer, evidence
from appliance.assistant.facts import Facts, Known, Lookup, Looser, facts, look_up, looser
from appliance.assistant.plan import Plan
from appliance.search.chips import removed, with_chips
from appliance.search.filters import DateRange, PlaceFilter, Query
from appliance.search.find import matches
from appliance.search.ids import Ids
from appliance.search.matrix import Matrix
from appliance.search.narrowing import narrowed
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


def reply(shelf: Shelf, query: Query, **plan: Any) -> str:
    """Ask, look up the facts, and join the pieces of the answer: what every edge does."""
    return "".join(piece.words for piece in pieces(shelf, query, **plan))


def pieces(shelf: Shelf, query: Query, **plan: Any) -> list[Said]:
    found = shelf.ask(query)
    asked_for = Plan(query=query, **plan)
    with shelf.store.read() as reader:

        def ids(variant: Query) -> Ids:
            return matches(reader, OLIVE, variant, embedder=embedder(), matrix=Matrix(MODEL)).assets

        lookup = Lookup(reader, OLIVE, ids, {"IT": "Italy", "FR": "France"}.__getitem__)
        return list(answer(asked_for, found.total, look_up(lookup, asked_for, found.assets)))


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


def test_every_piece_that_says_something_of_a_row_cites_it(shelf: Shelf) -> None:
    first = shelf.put(caption="a dog", capture_time="2019-03-05T10:00:00", **ROME)
    last = shelf.put(caption="a dog", capture_time="2021-12-24T10:00:00", country="FR")
    said = pieces(shelf, asked(text="a dog"))
    assert [piece.words for piece in said] == [
        "2 photos match “a dog”.", " Taken between ", "5 March 2019", " and ", "24 December 2021", ".",
        " In ", "France (1)", " and ", "Rome (1)", ".",
    ]  # fmt: skip
    cited = {piece.words: piece.assets for piece in said if piece.assets}
    assert cited == {"5 March 2019": (first,), "24 December 2021": (last,)}
    assert evidence(said) == (first, last)
    within = {piece.words: piece.within for piece in said if piece.within}
    assert shelf.ids(narrowed(Query(), [within["Rome (1)"]])) == [first]
    assert shelf.ids(narrowed(Query(), [within["France (1)"]])) == [last]


def test_it_says_how_often_by_year_and_within_a_year_by_month(shelf: Shelf) -> None:
    for day in ("2019-03-05", "2019-03-05", "2019-03-06", "2022-01-01"):
        shelf.put(capture_time=f"{day}T10:00:00", **ROME)
    often = asked(places=(PlaceFilter("Rome", town="Rome"),), intent="often")
    assert reply(shelf, often) == "On 3 days in 2 years, most often in 2019 (2)."
    one_year = asked(dates=(DateRange(date(2019, 1, 1), date(2019, 12, 31), "2019"),), intent="often")
    assert reply(shelf, one_year) == "On 2 days, in March 2019."
    with shelf.store.read() as reader:
        ids = shelf.ask(often).assets
        known = look_up(Lookup(reader, OLIVE, lambda query: ids), Plan(query=often), ids)
    assert [(group.name, group.days, group.assets) for group in known.groups] == [
        ("2019", 2, 3), ("2020", 0, 0), ("2021", 0, 0), ("2022", 1, 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("which_of", "sentence"),
    [
        ("towns", "2 towns: Rome (2) and Nice (1)."),
        ("countries", "2 countries: Italy (2) and France (1)."),
        ("cameras", "1 camera: Canon EOS 40D (1)."),
        ("years", "2 years: 2019 (1) and 2024 (2)."),
        ("albums", "None of them is in an album."),
        ("tags", "1 tag: sea (1)."),
    ],
)
def test_it_says_which(shelf: Shelf, which_of: Any, sentence: str) -> None:
    shelf.put(**ROME, camera_make="Canon", camera_model="Canon EOS 40D", capture_time="2019-03-05T10:00:00")
    shelf.put(**ROME)
    shelf.put(country="FR", town="Nice", tags=("sea",))
    assert reply(shelf, asked(intent="which", which_of=which_of)) == sentence


def test_it_compares_and_links_to_each_side(shelf: Shelf) -> None:
    rome = [shelf.put(**ROME), shelf.put(**ROME)]
    nice = shelf.put(country="FR", town="Nice")
    places = (PlaceFilter("Rome", town="Rome"), PlaceFilter("Nice", town="Nice"))
    query = asked(places=places)
    said = pieces(shelf, query, compares=True)
    assert "".join(piece.words for piece in said) == "More: Rome. Rome (2) and Nice (1)."
    sides = {piece.words: piece.without for piece in said if piece.without}
    assert set(shelf.ids(removed(query, frozenset(sides["Rome (2)"])))) == set(rome)
    assert shelf.ids(removed(query, frozenset(sides["Nice (1)"]))) == [nice]
    shelf.put(country="FR", town="Nice")
    assert reply(shelf, query, compares=True) == "As many of one as of the other: Rome (2) and Nice (2)."


def test_it_compares_what_can_be_seen(shelf: Shelf) -> None:
    for words in ("a dog on a beach", "a dog in the snow", "a cat on a sofa"):
        shelf.put(caption=words)
    said = reply(shelf, asked(text="dogs or cats"), compares=True)
    assert said == "More: “dogs”. “dogs” (2) and “cats” (1)."


def test_words_of_a_person_are_repeated_not_obeyed(shelf: Shelf) -> None:
    text = "<script>alert(1)</script> {total} %s"
    suggestion = Looser("“{0}”", 1_234, Query())
    plan = Plan(query=Query(text=text))
    sentence = "".join(piece.words for piece in answer(plan, 0, Known(looser=suggestion)))
    assert sentence == f"Nothing here matches “{text}”. Leave out “{{0}}”, and there are 1,234 matches."
