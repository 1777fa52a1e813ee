"""How well search finds what is there, and keeps silent about what isn't. The numbers are explained in docs/quality.md."""

from collections.abc import Iterator

import pytest

from appliance.store.db import Store
from tests.search.captions import ABSENT, FILE, captions, measure, put
from tests.search.shelf import embedder

pytestmark = pytest.mark.skipif(
    not FILE.exists(), reason="the development captions are not on this machine; they can't be published"
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("quality")
    store = Store(folder / "mantel.db", folder / "copies")
    first = [sentences[0] for sentences in captions()]
    with store.write() as writer:
        put(writer, first, embedder().embed(first))
    yield store
    store.close()


def test_another_sentence_about_a_picture_finds_it(store: Store) -> None:
    measured = measure(store, [sentences[1] for sentences in captions()])
    assert measured.recall(10) >= 0.865
    assert measured.recall(1) >= 0.60
    assert sum(measured.silent) <= 10, "at most one question in a hundred is answered with nothing although its picture is there"


def test_what_is_not_there_is_mostly_answered_with_nothing(store: Store) -> None:
    silent = measure(store, list(ABSENT)).silent
    assert sum(silent) / len(silent) >= 0.75


def test_by_words_alone_search_still_works(store: Store) -> None:
    measured = measure(store, [sentences[1] for sentences in captions()][:200], model=False)
    assert measured.recall(10) >= 0.25
