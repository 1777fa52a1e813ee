"""What a model said: made safe to keep, and told from nonsense."""

import pytest

from appliance.adapters.vision_answers import clean, fault
from appliance.adapters.vision_protocol import ANSWER_CHARACTERS


@pytest.mark.parametrize(
    "sentence",
    [
        "A red umbrella on a beach.",
        "Two dogs and two cats sit on a very, very old sofa.",
        "The clock shows 10.30 and the price is 12.50 euros.",
        "A street with houses, houses and more houses on both sides.",
    ],
)
def test_a_plain_sentence_is_a_caption(sentence: str) -> None:
    assert fault(sentence) is None


@pytest.mark.parametrize("said", ["", "   ", "...", "\n\n", "42 42"])
def test_nothing_is_not_a_caption(said: str) -> None:
    assert fault(clean(said)) == "the model said nothing"


@pytest.mark.parametrize("said", ["[0.12, 0.3, 0.55, 0.9]", "dog: [0.12, 0.34]", "The dog is at (0.51; 0.62)."])
def test_coordinates_are_not_a_caption(said: str) -> None:
    assert fault(said) == "the model answered with coordinates"


@pytest.mark.parametrize(
    "said", ["A dog dog dog dog.", "a man and a man and a man and a man and", "on the beach on the beach on the beach"]
)
def test_a_loop_is_not_a_caption(said: str) -> None:
    assert fault(said) == "the model repeated itself"


def test_a_single_word_is_not_a_caption() -> None:
    assert fault("Beach.") == "the model said a single word"


def test_control_characters_and_line_breaks_become_spaces() -> None:
    assert clean(" A red\n\numbrella\x1b[31m \x00on\u202e a beach. ") == "A red umbrella [31m on a beach."


def test_a_long_answer_is_cut_at_a_word() -> None:
    cut = clean("umbrella " * 100)
    assert len(cut) <= ANSWER_CHARACTERS
    assert cut.endswith("umbrella…")
