"""Drawn pictures with words, in the conditions that photos come in, are found by them. The figures stand in docs/quality.md."""

from collections.abc import Iterator

import pytest

from tests.quality.words_in_pictures import ABSENT, Answered, answered, drawn_library, questions, recall
from tests.search.shelf import embedder

# What is known not to be found, and why.
NOT_FOUND = {
    "receipt with cough syrup Hustensaft",  # two of three words are in another language than the receipt's
    "sign that says residents parking",  # nine pixels high in a photo of twelve megapixels: not read
    "the sign with zone F residents",
    "sign for the Heron Lake trail",  # smaller still
    "sign that says heron lake",
    "the sign of Otterbourne bakery",
    "otterbourne",
    "panneau fermée le lundi",  # a day that is printed is taken for one when the photo was taken
    "Budget 2025",  # and so is a year
    "house rules about bicycles Fahrradkeller",  # another language than the picture's
    "school trip to Husum",
}


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Answered]]:
    store = drawn_library(tmp_path_factory.mktemp("words"))
    yield answered(store, embedder(), "drawn", ABSENT)
    store.close()


def test_each_sentence_is_asked_once() -> None:
    every = [one.sentence for one in questions("")]
    assert len(set(every)) == len(every) >= 190


def test_pictures_are_found_by_their_words(answers: list[Answered]) -> None:
    assert (recall(answers, 1) >= 0.89, recall(answers, 10) >= 0.9) == (True, True), (recall(answers, 1), recall(answers, 10))


def test_the_questions_whose_picture_is_not_found_are_known(answers: list[Answered]) -> None:
    assert {one.question.sentence for one in answers if one.question.holding and one.recall(10) < 1} <= NOT_FOUND


def test_words_on_no_picture_are_answered_with_nothing(answers: list[Answered]) -> None:
    assert [one.question.sentence for one in answers if not one.question.holding and one.found] == []
