"""What the web does beside answering: the index follows the database, and its failures cost no page."""

import shutil
from collections.abc import Iterator

import numpy as np
import pytest
from litestar import Litestar

from appliance.adapters.embedder import DIMENSIONS, MODEL
from appliance.errors import VectorsLost
from appliance.store.db import Store
from appliance.store.layout import Layout
from appliance.web.background import Places, fold_vectors, fold_words
from appliance.web.state import Web
from tests.conftest import add_photo


@pytest.fixture
def web(app: Litestar) -> Iterator[Web]:
    made: Web = app.state.web
    yield made
    if made.vectors:
        made.vectors.close()


@pytest.fixture
def photo(store: Store, layout: Layout) -> int:
    """A photo in Rome with a caption's embedding."""
    photo = add_photo(store, layout)
    vector = np.zeros(DIMENSIONS, "<f4")
    vector[7] = 1
    with store.write() as writer:
        writer.run("UPDATE asset SET country='IT', town='Rome' WHERE id=?", (photo,))
        writer.run(
            "INSERT INTO embedding(asset_id, source, model, vector) VALUES(?,'caption',?,?)", (photo, MODEL, vector.tobytes())
        )
    return photo


def is_open(web: Web) -> bool:
    return web.vectors is not None


def found(store: Store, word: str) -> list[tuple[int]]:
    with store.read() as reader:
        return reader.all("SELECT rowid FROM words WHERE words MATCH ?", (word,))


def test_words_are_folded_in_with_their_country_and_not_before_its_names_are_there(web: Web, store: Store, photo: int) -> None:
    places = Places()
    fold_words(web, places)
    assert found(store, "rome") == []
    places.load(web)
    fold_words(web, places)
    assert found(store, "rome") == found(store, "italia") == [(photo,)]
    assert web.gazetteer is not None


def test_vectors_reach_chroma_and_leave_it_again(web: Web, store: Store, photo: int) -> None:
    fold_vectors(web)
    assert web.vectors is not None
    assert web.vectors.count() == 1
    with store.write() as writer:
        writer.run("DELETE FROM asset WHERE id=?", (photo,))
    fold_vectors(web)
    assert web.vectors.count() == 0


@pytest.mark.usefixtures("photo")
def test_a_chroma_that_is_deleted_under_us_is_built_anew(web: Web, layout: Layout) -> None:
    fold_vectors(web)
    shutil.rmtree(layout.chroma)
    fold_vectors(web)
    assert (layout.chroma / "chroma.sqlite3").is_file()
    assert web.vectors is not None
    assert web.vectors.count() == 1


@pytest.mark.usefixtures("photo")
def test_a_chroma_that_cannot_be_opened_leaves_the_exact_search(web: Web, layout: Layout, store: Store) -> None:
    layout.chroma.write_text("not a folder")
    with pytest.raises(VectorsLost):
        fold_vectors(web)
    assert not is_open(web)
    query = np.zeros(DIMENSIONS, np.float32)
    query[7] = 1
    with store.read() as reader:
        assert web.matrix.cosines(reader, query).values.tolist() == [1.0]
    layout.chroma.unlink()
    fold_vectors(web)
    assert is_open(web)
