"""What search reads stays in step with the database, and comes back when it is lost."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from appliance.adapters.embedder import MODEL
from appliance.adapters.vectors import Vectors
from appliance.errors import VectorsLost
from appliance.search.index import feed, fold_pending, mend, place_words, rebuild
from appliance.search.matrix import Matrix
from appliance.search.words import content_words, name_words, quoted
from tests.search.shelf import Shelf, embedder


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    shelf = Shelf(tmp_path)
    yield shelf
    shelf.store.close()


def holding(shelf: Shelf, expression: str) -> list[int]:
    with shelf.store.read() as reader:
        return [asset for (asset,) in reader.all("SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid", (expression,))]


class Atlas:
    """Names of two countries."""

    def country_names(self, code: str, languages: object = ()) -> list[str]:
        return {"IT": ["Italy", "Italia", "Italien"], "DE": ["Germany", "Deutschland"]}[code]


def test_every_kind_of_word_is_folded_in(shelf: Shelf) -> None:
    asset = shelf.put(
        caption="Dogs running", text="TOTAL 42,90", tags=("Holiday",), description="Aunt Rosalind", file_name="RomeTrip2019_b.JPG",
        country="IT", region="Lazio", town="Roma", fold=False,
    )  # fmt: skip
    assert holding(shelf, '"dog"') == []
    with shelf.store.write() as writer:
        assert fold_pending(writer, place_words(Atlas(), ("de",))) == 1
        assert fold_pending(writer) == 0
    for word in ("dog", "run", "42", "holiday", "rosalind", "trip", "rometrip2019", "lazio", "roma", "italien", "italy"):
        assert holding(shelf, quoted(word)) == [asset], word
    assert holding(shelf, '{caption}: "rosalind"') == []
    assert holding(shelf, '"jpg"') == [], "the ending of a name says nothing"


def test_changed_words_replace_the_old_ones(shelf: Shelf) -> None:
    asset = shelf.put(caption="a dog", tags=("beach",))
    with shelf.store.write() as writer:
        writer.run("UPDATE caption SET words='a cat' WHERE asset_id=?", (asset,))
        writer.run("DELETE FROM tag")
        fold_pending(writer)
    assert (holding(shelf, '"dog" OR "beach"'), holding(shelf, '"cat"')) == ([], [asset])


def test_the_newest_caption_counts_when_models_changed(shelf: Shelf) -> None:
    asset = shelf.put(caption="a grey blob")
    with shelf.store.write() as writer:
        writer.run("INSERT INTO caption(asset_id, model, words, made_at) VALUES(?,'better','an elephant',5)", (asset,))
        fold_pending(writer)
    assert (holding(shelf, '"blob"'), holding(shelf, '"elephant"')) == ([], [asset])


def test_words_of_a_removed_asset_leave(shelf: Shelf) -> None:
    asset = shelf.put(caption="a dog")
    with shelf.store.write() as writer:
        writer.run("DELETE FROM asset WHERE id=?", (asset,))
        fold_pending(writer)
    assert holding(shelf, '"dog"') == []


def test_words_can_be_built_anew(shelf: Shelf) -> None:
    assets = [shelf.put(caption=f"dog number {number}", embed=False) for number in range(5)]
    with shelf.store.write() as writer:
        writer.run("INSERT INTO words(words) VALUES('delete-all')")
    assert holding(shelf, '"dog"') == []
    with shelf.store.write() as writer:
        assert rebuild(writer) == 5
    assert holding(shelf, '"dog"') == assets


def test_a_file_name_is_taken_apart() -> None:
    assert name_words("RomeTrip2019_b.JPG") == "RomeTrip2019 b Rome Trip 2019"
    assert name_words("IMG_20190714.jpeg") == "IMG 20190714"
    assert name_words("no ending") == "no ending"


def test_only_words_that_say_something_are_content() -> None:
    assert content_words("Show me the pictures of my Dog, and of Dog's 2 friends!") == ("dog", "2", "friends")
    assert content_words("…?! \0 ' \"") == ()


@pytest.fixture
def vectors(tmp_path: Path) -> Iterator[Vectors]:
    vectors = Vectors(tmp_path / "chroma")
    yield vectors
    vectors.close()


def nearest(vectors: Vectors, sentence: str) -> list[int]:
    return [number for number, _ in vectors.nearest(embedder().embed([sentence])[0], 1)]


def test_new_changed_and_removed_embeddings_reach_chroma(shelf: Shelf, vectors: Vectors) -> None:
    matrix = Matrix(MODEL)
    dog, boat = shelf.put(caption="a dog on the grass"), shelf.put(caption="a boat on the lake")
    assert feed(shelf.store, vectors, matrix) == 2
    assert feed(shelf.store, vectors, matrix) == 0
    assert nearest(vectors, "a puppy") == [dog] and nearest(vectors, "sailing") == [boat]
    with shelf.store.write() as writer:
        writer.run("UPDATE embedding SET vector=? WHERE asset_id=?", (embedder().embed(["a red car"])[0].tobytes(), dog))
        writer.run("DELETE FROM asset WHERE id=?", (boat,))
    assert feed(shelf.store, vectors, matrix) == 2
    assert (vectors.count(), nearest(vectors, "an automobile")) == (1, [dog])


def test_embeddings_of_another_model_are_left_out(shelf: Shelf, vectors: Vectors) -> None:
    shelf.put(caption="a dog")
    with shelf.store.write() as writer:
        writer.run("INSERT INTO embedding(asset_id, source, model, vector) VALUES(1,'caption','another',zeroblob(40))")
    feed(shelf.store, vectors, Matrix(MODEL))
    assert vectors.count() == 1
    assert not mend(shelf.store, vectors, Matrix(MODEL))


def test_a_lost_index_is_built_anew_from_the_database(shelf: Shelf, vectors: Vectors, tmp_path: Path) -> None:
    assets = [shelf.put(caption=sentence) for sentence in ("a dog", "a boat", "a cake")]
    feed(shelf.store, vectors, Matrix(MODEL))
    vectors.close()
    shutil.rmtree(tmp_path / "chroma")
    again = Vectors(tmp_path / "chroma")
    assert mend(shelf.store, again, Matrix(MODEL))
    assert (again.count(), nearest(again, "birthday cake")) == (3, [assets[2]])
    assert not mend(shelf.store, again, Matrix(MODEL)), "once is enough"
    again.close()


def test_an_index_that_is_lost_under_way_is_built_anew(shelf: Shelf, vectors: Vectors, tmp_path: Path) -> None:
    first = shelf.put(caption="a dog")
    feed(shelf.store, vectors, Matrix(MODEL))
    shutil.rmtree(tmp_path / "chroma")
    second = shelf.put(caption="a boat")
    with pytest.raises(VectorsLost):
        feed(shelf.store, vectors, Matrix(MODEL))
    again = Vectors(tmp_path / "chroma")
    assert mend(shelf.store, again, Matrix(MODEL))
    assert (nearest(again, "a puppy"), nearest(again, "sailing")) == ([first], [second])
    assert feed(shelf.store, again, Matrix(MODEL)) == 1, "the change that had failed is still there, and harmless"
    again.close()


def cosines(shelf: Shelf, matrix: Matrix, sentence: str, assets: list[int] | None = None) -> dict[int, float]:
    among = None if assets is None else np.array(assets, np.int64)
    with shelf.store.read() as reader:
        found = matrix.cosines(reader, embedder().embed([sentence])[0], among)
    return {asset: round(value, 4) for asset, value in zip(found.assets.tolist(), found.values.tolist(), strict=True)}


def test_the_matrix_gives_the_same_cosines_loaded_or_not(shelf: Shelf) -> None:
    assets = [shelf.put(caption=f"{thing} on the grass") for thing in ("a dog", "a car", "a cake", "a girl", "an owl", "a boy")]
    shelf.put(file_name="without embedding.jpg")
    matrix = Matrix(MODEL)
    few = cosines(shelf, matrix, "a puppy", assets[1:3])
    every = cosines(shelf, matrix, "a puppy")
    assert every.keys() == set(assets)
    assert few == {asset: every[asset] for asset in assets[1:3]} == cosines(shelf, matrix, "a puppy", assets[1:3])
    assert cosines(shelf, matrix, "a puppy", assets[:5]) == {asset: every[asset] for asset in assets[:5]}
    assert cosines(shelf, matrix, "a puppy", []) == {}


def test_a_library_without_embeddings_is_asked_in_vain(shelf: Shelf) -> None:
    matrix = Matrix(MODEL)
    with shelf.store.read() as reader:
        for assets in (None, np.arange(5_000, dtype=np.int64)):
            assert len(matrix.cosines(reader, np.ones(384, np.float32), assets).assets) == 0


def test_the_best_embedding_of_an_asset_counts(shelf: Shelf) -> None:
    asset = shelf.put(caption="a grey blob on a table", description="our dog Rex asleep")
    alone = float(embedder().embed(["a sleeping dog"])[0] @ embedder().embed(["our dog Rex asleep"])[0])
    assert cosines(shelf, Matrix(MODEL), "a sleeping dog") == {asset: pytest.approx(alone, abs=1e-3)}


def test_a_loaded_matrix_follows_changes(shelf: Shelf, vectors: Vectors) -> None:
    matrix = Matrix(MODEL)
    first, second = shelf.put(caption="a dog"), shelf.put(caption="a boat")
    feed(shelf.store, vectors, matrix)
    assert cosines(shelf, matrix, "a dog").keys() == {first, second}
    with shelf.store.write() as writer:
        writer.run("UPDATE embedding SET vector=? WHERE asset_id=?", (embedder().embed(["a dog"])[0].tobytes(), second))
        writer.run("DELETE FROM asset WHERE id=?", (first,))
    third = shelf.put(caption="a cake")
    feed(shelf.store, vectors, matrix)
    after = cosines(shelf, matrix, "a dog")
    assert after.keys() == {second, third} and after[second] == pytest.approx(1, abs=1e-3)
    assert after == cosines(shelf, Matrix(MODEL), "a dog")


def test_a_matrix_loaded_from_an_older_snapshot_is_loaded_again(shelf: Shelf, vectors: Vectors) -> None:
    matrix = Matrix(MODEL)
    first = shelf.put(caption="a dog")
    with shelf.store.read() as reader:
        reader.value("SELECT count(*) FROM asset")  # the snapshot begins here
        from_before = matrix.cosines(reader, embedder().embed(["a dog"])[0], None)
    matrix.change([], [], 10_000)
    assert from_before.assets.tolist() == [first]
    late = Matrix(MODEL)
    late.change([], [], 10_000)
    assert cosines(shelf, late, "a dog").keys() == {first}
    second = shelf.put(caption="a boat")
    assert cosines(shelf, late, "a dog").keys() == {first, second}, "what it was told of had not been in its snapshot"


def test_a_matrix_knows_of_whom_a_sentence_is_embedded_and_follows_when_that_changes(shelf: Shelf, vectors: Vectors) -> None:
    said, read, none = shelf.put(caption="a dog"), shelf.put(text="TOTAL 42,90"), shelf.put()
    every = np.array([said, read, none], np.int64)
    matrix = Matrix(MODEL)
    assert matrix.perhaps_without_sentence(every).tolist() == every.tolist(), "nothing is loaded: the database must be asked"
    cosines(shelf, matrix, "a dog")
    assert matrix.perhaps_without_sentence(every).tolist() == [read, none]
    with shelf.store.write() as writer:
        writer.run("UPDATE embedding SET source='description' WHERE asset_id=?", (read,))
        writer.run("DELETE FROM embedding WHERE asset_id=?", (said,))
    feed(shelf.store, vectors, matrix)
    assert matrix.perhaps_without_sentence(every).tolist() == [said, none]
