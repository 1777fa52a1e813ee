"""Questions about persons in four languages: each finds exactly the photos that it asks for."""

from collections import Counter
from collections.abc import Iterator

import pytest

from appliance.adapters.places import Gazetteer
from appliance.search.vocabulary import Vocabulary
from appliance.store.db import Store
from tests.quality.names import PHOTOS, Question, fill, found, known, questions, wanted


@pytest.fixture(scope="module")
def family(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Vocabulary]]:
    home = tmp_path_factory.mktemp("family")
    store, gazetteer = Store(home / "mantel.db", home / "copies"), Gazetteer()
    fill(store, gazetteer)
    with store.read() as reader:
        words = known(reader, gazetteer)
    yield store, words
    store.close()


@pytest.mark.parametrize("question", list(questions()), ids=lambda question: " >> ".join(question.asked))
def test_a_question_about_persons_finds_exactly_what_it_asks_for(family: tuple[Store, Vocabulary], question: Question) -> None:
    store, words = family
    with store.read() as reader:
        assert found(reader, words, question.asked) == wanted(question.rule)


def test_the_set_is_large_and_speaks_four_languages() -> None:
    counted = Counter(question.language for question in questions())
    assert sum(counted.values()) >= 80
    assert all(counted[language] >= 10 for language in ("English", "German", "French", "Spanish"))


def test_the_questions_part_the_library() -> None:
    """Only sets that are neither empty nor everything can tell a right answer from a wrong one."""
    assert all(0 < len(wanted(question.rule)) < len(PHOTOS) for question in questions())
