"""What people sorted their photos into, what a question leaves out, and where summer is in January."""

from dataclasses import replace
from pathlib import Path

import pytest

from appliance.adapters.places import Gazetteer
from appliance.search.query import Query, parse
from appliance.search.vocabulary import Vocabulary, vocabulary
from appliance.store.db import Store
from tests.search.plans import plan
from tests.search.shelf import Shelf
from tests.search.world import TODAY, library


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """Ten photos would be too many to read: 1 Rome 2019, 2 Paris August 2020 by a Nikon, 3 a GIF without a date."""
    shelf = Shelf(tmp_path)
    shelf.put(capture_time="2019-05-01T10:00:00", country="IT", region="Lazio", town="Rome", tags=("Garden",))
    shelf.put(capture_time="2020-08-14T22:00:00", country="FR", town="Paris", camera_make="NIKON", camera_model="D70")
    shelf.put(capture_time="2024-01-01T00:00:00", time_source="upload", format="gif")
    with shelf.store.write() as writer:
        writer.run("INSERT INTO user(id, name, kind, password_hash, created_at) VALUES(1,'Olive','owner','',0)")
        writer.run("INSERT INTO album(title, made_by, made_at) VALUES('Best of <b>Rome</b>',1,0),('Work',1,0)")
        writer.run("INSERT INTO album_asset(album_id, asset_id, added_at) VALUES(1,1,0),(1,2,0),(2,2,0)")
    return shelf


def ids(shelf: Shelf, sentence: str) -> list[int]:
    with shelf.store.read() as reader:
        query = parse(sentence, today=TODAY, vocabulary=vocabulary(reader, library().gazetteer))
    return sorted(shelf.ids(query))


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("in the album work", [2]),
        ("from my rome album", [1, 2]),
        ("not in the album work", [1, 3]),
        ("tagged garden", [1]),
        ("#garden", [1]),
        ("without the tag garden", [2, 3]),
        ("all photos except 2019", [2, 3]),
        ("photos not in august", [1, 3]),
        ("not on 14 august", [1, 3]),
        ("not from italy or france", [3]),
        ("no gifs", [1, 2]),
        ("not with the nikon", [1, 3]),
        ("taken with a leica", []),
        ("not at night", [1]),
        ("the newest photo", [2]),
        ("the oldest photo", [1]),
    ],
)
def test_a_question_gives_what_is_sorted_in_and_leaves_out_what_it_excludes(
    shelf: Shelf, sentence: str, expected: list[int]
) -> None:
    assert ids(shelf, sentence) == expected


def test_albums_and_tags_are_known_by_their_words(shelf: Shelf) -> None:
    with shelf.store.read() as reader:
        known = vocabulary(reader, library().gazetteer)
    assert [(one.id, one.words) for one in known.albums] == [(1, ("best", "of", "b", "rome", "b")), (2, ("work",))]
    assert known.tags == {("garden",): "Garden"}


def test_an_album_s_title_stands_on_its_chip_and_the_chip_can_be_removed(shelf: Shelf) -> None:
    with shelf.store.read() as reader:
        known = vocabulary(reader, library().gazetteer)
    found = parse("cats in the album work", today=TODAY, vocabulary=known)
    assert [chip.label for chip in found.chips] == ["Album: Work"]
    assert parse("cats in the album work", today=TODAY, vocabulary=known, without=frozenset({"album:2"})) == Query(text="cats")


def test_an_album_or_tag_that_the_library_has_not_is_words() -> None:
    assert plan(parse("album of stamps", today=TODAY, vocabulary=library())) == "album of stamps"
    assert plan(parse("tagged wall", today=TODAY, vocabulary=library())) == "tagged wall"


@pytest.mark.parametrize(
    ("before", "sentence", "expected"),
    [
        ("dogs in Rome", "only in the album summer holidays", "dogs | album Summer holidays | in Rome"),
        ("dogs", "not 2019", "dogs | not 2019-01-01..2019-12-31"),
        ("dogs not in 2019", "not 2020", "dogs | not 2019-01-01..2019-12-31 | not 2020-01-01..2020-12-31"),
        ("which towns in Italy", "and in 2019?", "| 2019-01-01..2019-12-31 | in Italy | which towns"),
        ("how often were we in Rome", "and in Paris?", "| in Paris | often year"),
    ],
)
def test_albums_and_exclusions_follow_up(before: str, sentence: str, expected: str) -> None:
    prior = parse(before, today=TODAY, vocabulary=library())
    assert plan(parse(sentence, today=TODAY, vocabulary=library(), prior=prior)) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("in summer", "| months 12,1,2"),
        ("summer 2019", "| 2019-12-01..2020-02-29"),
        ("last winter", "| 2026-06-01..2026-08-31"),
        ("letzten Frühling", "| 2025-09-01..2025-11-30"),
        ("early autumn 2019", "| 2019-03-01..2019-03-31"),
    ],
)
def test_south_of_the_equator_seasons_are_the_other_way_round(sentence: str, expected: str) -> None:
    assert plan(parse(sentence, today=TODAY, vocabulary=replace(library(), southern=True))) == expected


@pytest.mark.parametrize(
    ("towns", "southern"),
    [
        ([("AU", "New South Wales", "Sydney")] * 3 + [("FR", "Île-de-France", "Paris")], True),
        ([("AU", "New South Wales", "Sydney")] + [("FR", "Île-de-France", "Paris")] * 2, False),
        ([], False),
    ],
)
def test_a_library_is_at_home_where_most_of_its_photos_were_taken(
    tmp_path: Path, towns: list[tuple[str, str, str]], southern: bool
) -> None:
    shelf = Shelf(tmp_path)
    for country, region, town in towns:
        shelf.put(country=country, region=region, town=town)
    assert _known(shelf.store).southern == southern


def _known(store: Store) -> Vocabulary:
    with store.read() as reader:
        return vocabulary(reader, Gazetteer())
