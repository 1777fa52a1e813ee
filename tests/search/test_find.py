"""Filters give the exact set, text ranks within it, hidden stays hidden, and nothing relevant means nothing."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from appliance.adapters.embedder import MODEL
from appliance.adapters.vectors import Vectors
from appliance.errors import VectorsLost
from appliance.search.filters import DateRange, PlaceFilter, Query
from appliance.search.index import feed
from appliance.search.matrix import Matrix
from appliance.search.reasons import Why
from tests.search.shelf import GITA, KIT, MAX, OLIVE, Shelf, embedder

ROME: dict[str, Any] = {"country": "IT", "region": "Lazio", "town": "Rome", "latitude": 41.9, "longitude": 12.5}
OSTIA: dict[str, Any] = {"country": "IT", "region": "Lazio", "town": "Ostia", "latitude": 41.73, "longitude": 12.28}
PARIS: dict[str, Any] = {"country": "FR", "region": "Île-de-France", "town": "Paris", "latitude": 48.86, "longitude": 2.35}


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    shelf = Shelf(tmp_path)
    yield shelf
    shelf.store.close()


def span(first: str, last: str) -> tuple[DateRange, ...]:
    return (DateRange(date.fromisoformat(first), date.fromisoformat(last), "then"),)


def test_filters_alone_give_the_exact_set_newest_first(shelf: Shelf) -> None:
    old, new, _ = shelf.put(capture_time="2019-03-01T00:00:00"), shelf.put(capture_time="2019-03-31T23:59:59"), shelf.put()
    query = Query(dates=span("2019-03-01", "2019-03-31"))
    assert shelf.ids(query) == [new, old]
    assert shelf.ids(Query(dates=query.dates, sort="oldest")) == [old, new]


def test_no_question_at_all_shows_everything(shelf: Shelf) -> None:
    assets = [shelf.put() for _ in range(3)]
    assert shelf.ids("") == assets[::-1]
    assert shelf.ids(Query(text="photos of us", kind="photo")) == assets[::-1], "words that say nothing leave the filters alone"


def test_a_date_that_is_only_the_uploads_matches_no_date(shelf: Shelf) -> None:
    shelf.put(capture_time="2019-03-05T12:00:00", time_source="upload")
    known = shelf.put(capture_time="2019-03-05T12:00:00", time_source="name")
    for query in (Query(dates=span("2019-03-01", "2019-03-31")), Query(months=(3,)), Query(weekdays=(1,)), Query(hours=(11, 13))):
        assert shelf.ids(query) == [known]


@pytest.mark.parametrize(
    ("query", "times"),
    [
        (Query(months=(12, 1)), ["2019-12-24T18:00:00", "2021-01-01T00:30:00"]),
        (Query(month_days=("12-24", "12-25")), ["2019-12-24T18:00:00"]),
        (Query(weekdays=(5, 6)), ["2020-06-06T09:00:00", "2020-06-07T21:00:00"]),
        (Query(hours=(21, 5)), ["2021-01-01T00:30:00", "2020-06-07T21:00:00"]),
        (Query(hours=(9, 10)), ["2020-06-06T09:00:00"]),
        (Query(dates=(*span("2019-01-01", "2019-12-31"), *span("2021-01-01", "2021-01-01"))),
         ["2019-12-24T18:00:00", "2021-01-01T00:30:00"]),
    ],
)  # fmt: skip
def test_recurring_times(shelf: Shelf, query: Query, times: list[str]) -> None:
    every = ["2019-12-24T18:00:00", "2020-06-06T09:00:00", "2020-06-07T21:00:00", "2021-01-01T00:30:00", "2020-06-10T12:00:00"]
    at = {shelf.put(capture_time=time): time for time in every}
    assert sorted(at[asset] for asset in shelf.ids(query)) == sorted(times)


@pytest.mark.parametrize(
    ("query", "towns"),
    [
        (Query(places=(PlaceFilter("Italy", country="IT"),)), {"Rome", "Ostia"}),
        (Query(places=(PlaceFilter("Rome", country="IT", region="Lazio", town="Rome"),)), {"Rome"}),
        (Query(places=(PlaceFilter("Rome", town="Rome"), PlaceFilter("Paris", town="Paris"))), {"Rome", "Paris"}),
        (Query(places=(PlaceFilter("Oslo", town="Oslo"),)), set()),
        (Query(places=(PlaceFilter("near Rome", latitude=41.9, longitude=12.5, radius_km=30),)), {"Rome", "Ostia"}),
        (Query(places=(PlaceFilter("near Rome", latitude=41.9, longitude=12.5, radius_km=20),)), {"Rome"}),
        (Query(not_places=(PlaceFilter("Italy", country="IT"),)), {"Paris", None}),
        (Query(not_places=(PlaceFilter("Rome", town="Rome"), PlaceFilter("Paris", town="Paris"))), {"Ostia", None}),
    ],
)  # fmt: skip
def test_places(shelf: Shelf, query: Query, towns: set[str | None]) -> None:
    at: dict[int, Any] = {shelf.put(**place): place["town"] for place in (ROME, OSTIA, PARIS)} | {shelf.put(): None}
    assert {at[asset] for asset in shelf.ids(query)} == towns


def test_a_radius_reaches_over_the_date_line(shelf: Shelf) -> None:
    fiji = shelf.put(latitude=-17.0, longitude=179.9)
    assert shelf.ids(Query(places=(PlaceFilter("near", latitude=-17.0, longitude=-179.9, radius_km=50),))) == [fiji]


def test_cameras_kinds_formats_and_favourites(shelf: Shelf) -> None:
    phone = shelf.put(camera_model="Pixel 8", favourite=1)
    video = shelf.put(kind="video", format="mp4")
    screen = shelf.put(screenshot=1, format="png")
    assert shelf.ids(Query(cameras=("Pixel 8", "X100"))) == [phone]
    assert shelf.ids(Query(kind="video")) == shelf.ids(Query(formats=("mp4",))) == [video]
    assert shelf.ids(Query(screenshot=True)) == [screen]
    assert shelf.ids(Query(screenshot=False, kind="photo")) == shelf.ids(Query(favourite=True)) == [phone]


def test_text_ranks_only_inside_the_filters(shelf: Shelf) -> None:
    shelf.put(caption="a dog runs on the beach", **PARIS)
    dog, _ = shelf.put(caption="a dog sleeping on a sofa", **ROME), shelf.put(caption="the menu of a restaurant", **ROME)
    assert shelf.ids(Query(text="a dog", places=(PlaceFilter("Rome", town="Rome"),))) == [dog]
    assert shelf.ids(Query(text="a submarine", places=(PlaceFilter("Rome", town="Rome"),))) == []


def test_the_best_match_comes_first(shelf: Shelf) -> None:
    shelf.put(caption="a boy plays with a ball in the park")
    right = shelf.put(caption="two dogs chase each other along the beach")
    shelf.put(caption="a bowl of soup on a wooden table")
    found = shelf.ask("dogs running by the sea")
    assert found.hits[0].asset_id == right and found.hits[0].original == f"2024/2024-07-14/{right}.jpg"
    assert found.hits[0].score == max(hit.score for hit in found.hits)


@pytest.mark.parametrize(
    "sentence", ["a submarine in a swimming pool full of oranges", "penguins", "tax return 2019", "?!", "qwxzv"]
)
def test_nothing_relevant_means_nothing(shelf: Shelf, sentence: str) -> None:
    for caption in ("a dog runs on the beach", "a woman reads a book", "children play football", "a red car in a street"):
        shelf.put(caption=caption)
    assert shelf.ask(sentence).total == 0


@pytest.mark.parametrize("where", ["description", "tags", "file_name", "text", "town"])
def test_a_word_that_stands_there_is_found_however_far_the_embedding_is(shelf: Shelf, where: str) -> None:
    for _ in range(5):
        shelf.put(caption="a woman reads a book in the garden")
    value: Any = ("Zwetschgendatschi",) if where == "tags" else "Zwetschgendatschi"
    asset = shelf.put(caption="a plate on a table", **{where: value})
    found = shelf.ask("the zwetschgendatschi")
    assert [hit.asset_id for hit in found.hits] == [asset]
    kind = {"tags": "tag", "file_name": "name", "town": "place"}.get(where, where)
    assert Why(kind, "zwetschgendatschi") in found.hits[0].why  # type: ignore[arg-type]


def test_without_captions_search_works_by_words_and_never_by_noise(shelf: Shelf) -> None:
    named = shelf.put(file_name="birthday-cake-Rosalind.jpg")
    read = shelf.put(text="INVOICE No. 4711\nTotal 42,90 EUR", **ROME)
    shelf.put()
    assert shelf.ids("Rosalind's birthday") == [named]
    assert shelf.ids("invoice 4711") == shelf.ids("invoice 4711 from the plumber") == [read]
    assert shelf.ids("Lazio") == [read]
    assert shelf.ids("a dog on the beach") == []


def test_without_a_model_words_alone_decide(shelf: Shelf) -> None:
    dog, _ = shelf.put(caption="a dog runs on the beach"), shelf.put(caption="a boat")
    assert shelf.ids("dogs at the beach", embedder=None) == [dog]
    assert shelf.ids("a puppy", embedder=None) == []


def test_a_phrase_must_stand_there_word_for_word(shelf: Shelf) -> None:
    right = shelf.put(caption="a red car and a white dog")
    shelf.put(caption="a white car and a red dog")
    assert shelf.ids(Query(phrases=("white dog",))) == [right]
    assert shelf.ids(Query(text="car", phrases=("white dog",))) == [right]
    assert shelf.ids(Query(phrases=("…",))) == []


def test_words_in_the_picture_are_looked_for_there_only(shelf: Shelf) -> None:
    shelf.put(caption="a stop sign")
    read = shelf.put(text="STOP", caption="a street")
    assert shelf.ids(Query(phrases=("stop",), text_in_picture=True)) == [read]
    assert shelf.ids(Query(text_in_picture=True)) == [read]


def test_a_picture_is_read_in_any_order_and_one_word_of_four_may_be_misread(shelf: Shelf) -> None:
    sign = shelf.put(text="OPENED\nALARM WILL SOUND\nIF BOOR IS")
    shelf.put(text="the alarm clock")
    for phrase in ("alarm will sound if door is opened", "sound alarm"):
        assert shelf.ids(Query(phrases=(phrase,), text_in_picture=True)) == [sign]
    assert shelf.ids(Query(phrases=("alarm door",), text_in_picture=True)) == []


def test_excluded_words_leave_out(shelf: Shelf) -> None:
    shelf.put(caption="a dog and a cat")
    dog = shelf.put(caption="a dog alone")
    assert shelf.ids(Query(text="dog", not_words=("cat",))) == [dog]


@pytest.mark.parametrize(
    "hostile", ['" OR 1=1 --', "dog* NEAR(cat) AND", "{caption}: dog", "-dog", "^dog", "'; DROP TABLE asset; --", "\0dog\0"]
)
def test_no_text_of_a_question_is_an_operator(shelf: Shelf, hostile: str) -> None:
    shelf.put(caption="a boat")
    shelf.ask(hostile)
    shelf.ask(Query(phrases=(hostile,), not_words=(hostile,)))
    assert shelf.ids(Query(phrases=(f"boat{hostile}",), text_in_picture=True)) == []


def test_hidden_and_deleted_assets_stay_out_of_sight(shelf: Shelf) -> None:
    shown = shelf.put(caption="a dog on the grass")
    hidden = shelf.put(caption="a dog in the snow", hidden=1)
    shelf.put(caption="a dog in a basket", deleted_at=5)
    for query in (Query(text="a dog"), Query(text="dog", kind="photo"), Query(kind="photo"), Query(phrases=("dog",))):
        assert set(shelf.ids(query, OLIVE)) == {shown, hidden}
        assert shelf.ids(query, MAX) == shelf.ids(query, KIT) == [shown]
        assert shelf.ids(query, GITA) == []


def test_a_hidden_asset_decides_nothing_for_others(shelf: Shelf) -> None:
    shelf.put(caption="a penguin on the ice", hidden=1)
    shelf.put(caption="a woman reads a book")
    assert shelf.ask("a penguin on the ice", OLIVE).total == 1
    assert shelf.ask("a penguin on the ice", MAX).total == 0


def test_pages_are_parts_of_one_whole(shelf: Shelf) -> None:
    for number in range(7):
        shelf.put(caption=f"a dog, number {number}")
    whole = shelf.ask("a dog")
    assert whole.total == 7
    first, second = shelf.ask("a dog", limit=4), shelf.ask("a dog", limit=4, offset=4)
    assert first.total == second.total == 7
    assert (*first.hits, *second.hits) == whole.hits
    assert shelf.ask("a dog", limit=4, offset=100).hits == ()
    assert whole.assets.tolist() == [hit.asset_id for hit in whole.hits]


def test_a_question_may_want_only_a_few_and_by_time(shelf: Shelf) -> None:
    days = [shelf.put(caption="a dog", capture_time=f"2020-01-0{day}T10:00:00") for day in (2, 3, 1)]
    assert shelf.ids(Query(text="a dog", sort="newest", limit=2)) == [days[1], days[0]]
    assert shelf.ids(Query(text="a dog", sort="oldest", limit=1)) == [days[2]]
    assert shelf.ask(Query(sort="newest", limit=1)).total == 1


def test_every_hit_says_why(shelf: Shelf) -> None:
    shelf.put(
        caption="a dog on the beach",
        tags=("Dog",),
        text="BEACH BAR",
        capture_time="2020-05-01T10:00:00",
        camera_model="Pixel 8",
        **ROME,
    )
    query = Query(
        text="dogs at the beach", dates=span("2020-01-01", "2020-12-31"), places=(PlaceFilter("Italy", country="IT"),),
        cameras=("Pixel 8",), kind="photo",
    )  # fmt: skip
    (hit,) = shelf.ask(query).hits
    assert set(hit.why) == {
        Why("caption", "dogs, beach"), Why("text", "beach"), Why("tag", "dogs"), Why("date", "2020-05-01"),
        Why("place", "Rome, Lazio, IT"), Why("camera", "Pixel 8"), Why("kind", "photo"),
    }  # fmt: skip


def test_a_hit_without_common_words_says_that_it_looks_like_them(shelf: Shelf) -> None:
    shelf.put(caption="a baby sleeps on a blanket")
    (hit,) = shelf.ask("an infant asleep").hits
    assert hit.why == (Why("looks", "a baby sleeps on a blanket"),)


@pytest.fixture
def chroma(tmp_path: Path) -> Iterator[Vectors]:
    vectors = Vectors(tmp_path / "chroma")
    yield vectors
    vectors.close()


def test_chroma_and_the_exact_product_agree(shelf: Shelf, chroma: Vectors) -> None:
    things = ("dog", "cat", "boat", "car", "cake", "tree", "house", "child", "horse", "guitar")
    for thing in things:
        for place in ("on the beach", "in the snow", "at night", "in a garden"):
            shelf.put(caption=f"a {thing} {place}")
    shelf.put(tags=("puppy",))
    matrix = Matrix(MODEL)
    feed(shelf.store, chroma, matrix)
    for sentence in ("a puppy in the snow", "sailing by night", "cake", "an aeroplane", "children in the garden"):
        exact, near = shelf.ask(sentence), shelf.ask(sentence, matrix=matrix, nearest=chroma.nearest)
        assert [hit.asset_id for hit in near.hits] == [hit.asset_id for hit in exact.hits]
        assert [hit.score for hit in near.hits] == pytest.approx([hit.score for hit in exact.hits], abs=1e-3)


def test_a_lost_chroma_costs_time_and_no_match(shelf: Shelf) -> None:
    dog = shelf.put(caption="a dog")

    def lost(vector: Any, limit: int) -> list[tuple[int, float]]:
        raise VectorsLost(reason="gone")

    assert shelf.ids("a dog", nearest=lost) == [dog]


def test_more_matches_than_chroma_reaches_are_all_counted(shelf: Shelf) -> None:
    vector = embedder().embed(["a dog"])[0].tobytes()
    with shelf.store.write() as writer:
        writer.many(
            "INSERT INTO asset(sha256, original, file_name, bytes, modified_at, format, kind, capture_time, time_source, added_at)"
            " VALUES(?,?,'x',1,0,'jpeg','photo','2024-07-14T10:00:00','exif',0)",
            [(f"{number:064}", f"{number}.jpg") for number in range(1500)],
        )
        writer.run("INSERT INTO embedding(asset_id, source, model, vector) SELECT id, 'caption', ?, ? FROM asset", (MODEL, vector))
    reached = [(number, 1.0) for number in range(1, 1001)]
    assert shelf.ask("a puppy", nearest=lambda vector, limit: reached[:limit]).total == 1500


def test_another_colour_is_no_match_where_the_right_one_is(shelf: Shelf) -> None:
    orange = shelf.put(caption="An orange umbrella on a beach.")
    assert shelf.ids("a red umbrella on the beach") == [orange], "the best there is"
    red, both = shelf.put(caption="A red umbrella on a beach."), shelf.put(caption="A red umbrella and a blue ball on a beach.")
    assert set(shelf.ids("a red umbrella on the beach")) == {red, both}
    assert set(shelf.ids("an umbrella on the beach")) == {orange, red, both}
