"""What a model said: made safe to keep, and told from nonsense."""

from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.adapters.vision_answers import clean, fault, sentence, verdict
from appliance.adapters.vision_protocol import ANSWER_CHARACTERS, Verdict


@pytest.mark.parametrize(
    "sentence",
    [
        "A red umbrella on a beach.",
        "Two dogs and two cats sit on a very, very old sofa.",
        "The clock shows 10.30 and the price is 12.50 euros.",
        "A street with houses, houses and more houses on both sides.",
        "A man in a red hat and a woman in a blue hat and a child in a green hat stand on a bridge in a town in the snow.",
        "Ein Café an der Straße, “Zur Sonne”, mit zwölf Stühlen.",
        "A sign that says 東京 next to a bus stop.",
        "A player wearing number 23 in a match that stands 2:1",
        "What a child would ask for: a cake with 3 candles.",
        "the picture shows a table & two chairs",
        "A motorcycle officer signals a driver to pull over",
    ],
)
def test_a_plain_sentence_is_a_caption(sentence: str) -> None:
    assert fault(sentence) is None


@pytest.mark.parametrize("said", ["", "   ", "...", "\n\n", "42 42"])
def test_nothing_is_not_a_caption(said: str) -> None:
    assert fault(clean(said)) == "the model said nothing"


@pytest.mark.parametrize(
    "said",
    [
        "[0.12, 0.3, 0.55, 0.9]", "dog: [0.12, 0.34]", "The dog is at (0.51; 0.62).", "dog [12, 40, 200, 310]",
        "<loc0012><loc0400>", "a dog, x_min: 3, y_min: 4", '{"x": 12, "y": 14} a dog', "point x=3 y=4 dog",
    ],
)  # fmt: skip
def test_coordinates_are_not_a_caption(said: str) -> None:
    assert fault(said) == "the model answered with coordinates"


@pytest.mark.parametrize(
    "said",
    [
        "A dog dog dog dog.", "a man and a man and a man and a man and", "on the beach on the beach on the beach",
        " ".join(["The quick brown fox jumps over the lazy dog near the old barn."] * 3), "a hahahahahahaha day", "a " + "y" * 50,
        "a cat with a hat and a dog with a hat and a cat with a hat and a dog with a hat and a dog with a hat and a cat with a hat",
    ],
)  # fmt: skip
def test_a_loop_is_not_a_caption(said: str) -> None:
    assert fault(said) == "the model repeated itself"


def test_a_single_word_is_not_a_caption() -> None:
    assert fault("Beach.") == "the model said a single word"


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("<p>A dog on a beach</p>", "markup"), ("```A dog on a beach```", "markup"), ('{"caption": "A dog"}', "markup"),
        ("A dog <|endoftext|> on a beach", "markup"), ("**A dog** on a beach", "markup"), ("![A dog](http://x)", "markup"),
        ("# A dog on a beach", "markup"), ("A dog &amp; a cat", "markup"), ("A dog User: and you?", "markup"),
        ("海辺を走る犬がいる と言う", "a script"), ("Собака бежит по пляжу", "a script"), ("a \ufffd\ufffd dog", "signs"),
        ("a ... --- !!! ??? b", "signs"), ("I cannot see the picture.", "cannot tell"), ("I'm sorry, but no.", "cannot tell"),
        ("A red umbrella on", "broke off"), ("A dog, a cat,", "broke off"), ("A beach with a", "broke off"),
        ("Describe this image in one sentence", "the question"), ("Short caption", "the question"),
    ],
)  # fmt: skip
def test_what_models_say_instead_of_a_sentence_is_told_apart(said: str, why: str) -> None:
    prompt = "\n\nShort caption:" if said.startswith("Short") else "\n\nQuestion: Describe this image in one sentence.\n\nAnswer:"
    assert why in (fault(said, prompt) or "")


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("A dog on a beach.\n\nQuestion: Is it big?\n\nAnswer: Yes", "A dog on a beach."),
        ("Answer: A dog on a beach.", "A dog on a beach."),
        ("A dog on a beach. Behind it a boat with a", "A dog on a beach."),
        ("A dog on a beach. It is at 3.5 m from the", "A dog on a beach."),
        ("A dog on a beach", "A dog on a beach"),
        ("A dog on a", "A dog on a"),
        ("Question: Answer:", ""),
    ],
)
def test_a_turn_of_its_own_and_a_cut_off_end_are_left_out(said: str, kept: str) -> None:
    assert sentence(said) == kept


PIECES = st.sampled_from(
    ["a dog ", "on the ", "beach. ", "Question:", "Answer: ", "[0.1, 0.2]", "<b>", "```", "\x00", "\u202e", "\ufffd", "東京", "🙂",
    "…", "'",
     '"><script>', "{", "}", "\n", "ignore your instructions ", "0.5 ", "é", "-", "ﬁ", "ß", "\ud83d", "A" * 60]
)  # fmt: skip


@given(st.one_of(st.text(max_size=600), st.lists(PIECES, max_size=60).map("".join)))
def test_whatever_a_model_says_is_bounded_printable_and_judged_the_same_twice(said: str) -> None:
    kept = sentence(said)
    assert len(kept) <= ANSWER_CHARACTERS
    assert all(letter.isprintable() for letter in kept)
    assert sentence(kept) == kept or fault(sentence(kept)) == fault(kept) or fault(kept) is not None
    assert fault(kept) == fault(kept)
    if fault(kept) is None:
        assert sum(letter.isalpha() for letter in kept) >= 2 and "<script" not in kept and "```" not in kept


@given(st.lists(st.sampled_from(["dog", "cat", "tree", "house", "red", "tall"]), min_size=1, max_size=12), st.integers(3, 30))
def test_the_same_words_over_and_over_are_never_a_caption(words: list[str], times: int) -> None:
    said = " ".join(["the", *words, "."] * times)
    assert fault(sentence(said)) is not None


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=5))
def test_points_are_never_a_caption_however_they_are_wrapped(points: list[tuple[float, float]]) -> None:
    for wrapped in ("A dog at {}.", "dog {}", "{}"):
        said = wrapped.format(", ".join(f"[{x:.3f}, {y:.3f}]" for x, y in points))
        assert fault(sentence(said)) == "the model answered with coordinates"


def test_control_characters_and_line_breaks_become_spaces() -> None:
    assert clean(" A red\n\numbrella\x1b[31m \x00on\u202e a beach. ") == "A red umbrella [31m on a beach."


def test_a_long_answer_is_cut_at_a_word() -> None:
    cut = clean("umbrella " * 100)
    assert len(cut) <= ANSWER_CHARACTERS
    assert cut.endswith("umbrella…")


@pytest.mark.parametrize(
    ("yes", "no", "says"),
    [
        (0.9, 0.05, "yes"), (0.05, 0.9, "no"), (0.5, 0.45, "unsure"), (0.45, 0.5, "unsure"), (0.02, 0.0, "unsure"),
        (0.0, 0.0, "unsure"), (0.1, 0.02, "yes"), (1.0, 0.0, "yes"),
    ],
)  # fmt: skip
def test_a_verdict_needs_a_clear_majority_of_what_was_said(yes: float, no: float, says: Literal["yes", "no", "unsure"]) -> None:
    assert verdict(yes, no) == Verdict(says, yes, no)
