"""A picture is found by what it shows, with or without a caption; and by another picture that it resembles."""

import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from appliance.search.chips import removed, resembling
from appliance.search.filters import PlaceFilter, Query
from appliance.search.index import feed
from appliance.search.matrix import PICTURES, Cosines, Matrix
from appliance.search.pictures import Pictures
from appliance.search.ranking import MATCH, MAYBE, Coverage, as_cosine, rank
from appliance.search.reasons import LOOKS_LIKE_IT, Why
from tests.models import sample_pictures
from tests.models.drawing import FONT, render
from tests.models.scenes import Scene, Thing
from tests.search.shelf import KIT, OLIVE, Shelf

pytestmark = pytest.mark.skipif(not FONT.exists(), reason="Debian's fonts-noto-color-emoji is not installed")
UMBRELLA = Scene((Thing("umbrella", "red"),), "on a beach")
PIZZA = Scene((Thing("pizza", None),), "in a kitchen")
TENT = Scene((Thing("tent", "orange"),), "under the night sky")
NO_WORDS = Coverage(np.empty(0, np.int64), np.empty(0), 0.0, 2)


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    shelf = Shelf(tmp_path)
    yield shelf
    shelf.store.close()


def show(shelf: Shelf, scene: Scene | None, **columns: object) -> int:
    """Put an asset on the shelf whose picture the sample model has looked at."""
    asset = shelf.put(**columns)  # type: ignore[arg-type]
    if scene is not None:
        vector = sample_pictures.pictures().embed(sample_pictures.squeezed(render(scene, 640, 480, random.Random(asset))))
        keep(shelf, asset, vector.astype("<f2").tobytes())
    return asset


def keep(shelf: Shelf, asset: int, vector: bytes) -> None:
    with shelf.store.write() as writer:
        writer.run("INSERT OR REPLACE INTO picture_embedding VALUES(?,?,?)", (asset, sample_pictures.words().model, vector))


def pictures() -> Pictures:
    return Pictures(sample_pictures.words(), Matrix(sample_pictures.words().model, PICTURES))


def test_a_picture_that_nobody_described_is_found_by_what_it_shows(shelf: Shelf) -> None:
    umbrella, pizza, _ = show(shelf, UMBRELLA), show(shelf, PIZZA), show(shelf, None)
    found = shelf.ask("a red umbrella on a beach", pictures=pictures())
    assert [hit.asset_id for hit in found.hits] == [umbrella]
    assert found.hits[0].why == (Why("looks", LOOKS_LIKE_IT),)
    assert shelf.ids("pizza in a kitchen", pictures=pictures()) == [pizza]
    assert shelf.ids("a red umbrella on a beach") == [], "without the picture model nothing says so"


def test_the_caption_and_the_picture_find_together(shelf: Shelf) -> None:
    seen, said = show(shelf, UMBRELLA), shelf.put(caption="A red umbrella on a beach.")
    assert set(shelf.ids("a red umbrella on a beach", pictures=pictures())) == {seen, said}


def test_without_the_text_embedder_pictures_are_found_all_the_same(shelf: Shelf) -> None:
    umbrella, _ = show(shelf, UMBRELLA), show(shelf, PIZZA)
    assert shelf.ids("a red umbrella on a beach", pictures=pictures(), embedder=None) == [umbrella]


def test_filters_are_exact_and_what_is_hidden_stays_hidden(shelf: Shelf) -> None:
    here, _ = show(shelf, UMBRELLA, town="Rome", country="IT"), show(shelf, UMBRELLA, town="Paris", country="FR")
    hidden = show(shelf, UMBRELLA, hidden=1)
    query = Query(text="a red umbrella on a beach", places=(PlaceFilter("Italy", country="IT"),))
    assert shelf.ids(query, pictures=pictures()) == [here]
    assert hidden not in shelf.ids("a red umbrella on a beach", KIT, pictures=pictures())
    assert hidden in shelf.ids("a red umbrella on a beach", OLIVE, pictures=pictures())


def test_what_the_pictures_do_not_show_is_answered_with_nothing(shelf: Shelf) -> None:
    for scene in (UMBRELLA, PIZZA, TENT):
        show(shelf, scene)
    assert shelf.ids("a submarine", pictures=pictures()) == []


def odds(**values: float) -> Cosines:
    return Cosines(np.array([int(name[1:]) for name in values], np.int64), np.array(list(values.values()), np.float32))


def test_there_are_matches_maybes_and_nothing() -> None:
    tiers = rank(
        odds(), NO_WORDS, np.empty(0, np.int64), filtered=False, shown=odds(_1=MATCH + 0.1, _2=MAYBE + 0.1, _3=MAYBE - 0.1)
    )
    assert (tiers.matches.assets.tolist(), tiers.maybe.assets.tolist()) == ([1], [2])
    below = rank(odds(_1=0.30, _2=0.1), NO_WORDS, np.empty(0, np.int64), filtered=False)
    assert (below.matches.assets.tolist(), below.maybe.assets.tolist()) == ([], [1])


def test_a_sure_picture_comes_before_a_near_caption_and_after_a_nearer_one() -> None:
    sure = odds(_1=4.0)
    assert as_cosine(np.array([4.0]))[0] == pytest.approx(0.67, abs=0.01)
    for cosine, first in ((0.5, 1), (0.75, 2)):
        ranked = rank(odds(_2=cosine), NO_WORDS, np.empty(0, np.int64), filtered=False, shown=sure).matches
        assert ranked.assets[0] == first


def test_maybes_are_few_and_never_counted(shelf: Shelf) -> None:
    sentence = "a red umbrella on a beach"
    model, one = sample_pictures.words(), sample_pictures.words().embed(sentence)
    cosine = ((MATCH + MAYBE) / 2 - model.bias) / model.scale
    across = np.zeros_like(one)
    across[:2] = (one[1], -one[0])
    vector = cosine * one + (1 - cosine**2) ** 0.5 * across / np.linalg.norm(across)
    for _ in range(20):
        keep(shelf, shelf.put(), vector.astype("<f2").tobytes())
    found = shelf.ask(sentence, pictures=pictures())
    assert (found.total, len(found.maybe)) == (0, 12)


def test_more_like_this_is_nearest_first_without_the_photo_itself(shelf: Shelf) -> None:
    first, second, pizza = show(shelf, UMBRELLA), show(shelf, UMBRELLA), show(shelf, PIZZA)
    found = shelf.ask(Query(like=(first,)), pictures=pictures())
    assert [hit.asset_id for hit in found.hits] == [second, pizza]
    assert found.hits[0].why == (Why("looks", f"like photo {first}"),)
    assert found.hits[0].score > 0.9 > found.hits[1].score
    both = shelf.ids(Query(like=(first, pizza)), pictures=pictures())
    assert both == [second]


def test_like_this_but_with_other_words_turns_towards_the_words(shelf: Shelf) -> None:
    asked, *_ = show(shelf, UMBRELLA), show(shelf, TENT), show(shelf, PIZZA)
    alone = shelf.ask(Query(like=(asked,)), pictures=pictures())
    turned = shelf.ask(Query(text="pizza in a kitchen", like=(asked,)), pictures=pictures())
    score = {name: {hit.asset_id: hit.score for hit in found.hits} for name, found in (("alone", alone), ("turned", turned))}
    assert score["turned"][3] - score["turned"][2] > score["alone"][3] - score["alone"][2]


def test_like_stays_within_filters_and_within_what_may_be_seen(shelf: Shelf) -> None:
    asked, video, _ = show(shelf, UMBRELLA), show(shelf, UMBRELLA, kind="video"), show(shelf, UMBRELLA)
    hidden = show(shelf, UMBRELLA, hidden=1)
    assert shelf.ids(Query(like=(asked,), kind="video"), pictures=pictures()) == [video]
    assert hidden not in shelf.ids(Query(like=(asked,)), KIT, pictures=pictures())
    assert shelf.ids(Query(like=(hidden,)), KIT, pictures=pictures()) == [], "a hidden photo resembles nothing"
    assert shelf.ids(Query(like=(99,)), pictures=pictures()) == []


def test_a_photo_without_picture_embedding_is_compared_by_its_caption(shelf: Shelf) -> None:
    asked, near, far = (shelf.put(caption=words) for words in ("a dog on the grass", "a puppy in a meadow", "a receipt"))
    for seen in (None, pictures()):
        assert shelf.ids(Query(like=(asked,)), pictures=seen) == [near, far]


def test_like_is_a_chip_that_can_be_taken_away() -> None:
    query = resembling(Query(text="in snow"), (12, 7, 12))
    assert [(chip.kind, chip.label) for chip in query.chips] == [("like", "Like photo 12"), ("like", "Like photo 7")]
    assert removed(query, frozenset({"like:12"})).like == (7,)
    assert resembling(Query(), (12, 7), frozenset({"like:7"})).like == (12,)


def test_the_matrix_of_pictures_follows_changes(shelf: Shelf) -> None:
    seen = pictures()
    umbrella, pizza = show(shelf, UMBRELLA), show(shelf, PIZZA)
    assert feed(shelf.store, None, seen.matrix) == 2
    with shelf.store.read() as reader:
        assert seen.matrix.cosines(reader, seen.words.embed("pizza")).assets.tolist() == [umbrella, pizza]
    with shelf.store.write() as writer:
        writer.run("DELETE FROM asset WHERE id=?", (umbrella,))
    third = show(shelf, UMBRELLA)
    assert feed(shelf.store, None, seen.matrix) == 2
    with shelf.store.read() as reader:
        after = seen.matrix.cosines(reader, seen.words.embed("pizza"))
        anew = pictures().matrix.cosines(reader, seen.words.embed("pizza"))
    assert after.assets.tolist() == [pizza, third]
    assert after.values == pytest.approx(anew.values, abs=1e-6)


def test_pictures_of_another_model_are_left_out(shelf: Shelf) -> None:
    umbrella = show(shelf, UMBRELLA)
    with shelf.store.write() as writer:
        writer.run("UPDATE picture_embedding SET model='another', vector=zeroblob(20)")
    assert shelf.ids("a red umbrella on a beach", pictures=pictures()) == []
    assert umbrella
