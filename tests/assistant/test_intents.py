"""What a sentence wants: a table in four languages, with many that must stay plain searches."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.assistant.conversation import Turn
from appliance.assistant.intents import alternatives, understand
from appliance.assistant.plan import Plan
from appliance.search.query import parse
from tests.search.world import TODAY, library

FIRST = "photos from Rome"


def before(*shown: int) -> tuple[Turn, ...]:
    return (Turn(1, FIRST, parse(FIRST, today=TODAY, vocabulary=library()), at=0, shown=shown),)


def read_table() -> list[tuple[str, str, tuple[int, ...]]]:
    rows: list[tuple[str, str, tuple[int, ...]]] = []
    shown: tuple[int, ...] = (11, 12, 13)
    for line in (Path(__file__).parent / "sentences.txt").read_text(encoding="utf-8").splitlines():
        if line == "# one":
            shown = (11,)
        elif line and not line.startswith("#"):
            sentence, expected = line.split(" => ")
            rows.append((sentence, expected, shown))
    return rows


def told(plan: Plan, trail: tuple[Turn, ...], sentence: str) -> str:
    """A Plan in the words of the table."""
    prior = trail[-1].query
    ids = "of " + ",".join(map(str, plan.query.only))
    match plan.kind:
        case "act":
            assert plan.act
            name = f" “{plan.act.name}”" if plan.act.name else ""
            return f"{plan.act.kind}{name} " + (ids if plan.query.only else "on these" if plan.query == prior else "on photos")
        case "box":
            return f"box {plan.topic}"
        case "check":
            return f"check “{plan.thing}”"
        case "look":
            return f"look {plan.asset}"
        case "back":
            return "back"
    if plan.compares:
        return "compare " + ", ".join(name for name, _, _ in alternatives(plan.query))
    if plan.note:
        return "none"
    if plan.query.like or plan.query.only:
        return ids if plan.query.only else "like " + ",".join(map(str, plan.query.like))
    plain = {parse(sentence, today=TODAY, vocabulary=library(), prior=one) for one in (None, prior)}
    if plan.query in plain:
        return "search"
    return f"ask {plan.query.intent}" if plan.query.intent != "find" else "all"


@pytest.mark.parametrize(("sentence", "expected", "shown"), read_table(), ids=lambda value: value if isinstance(value, str) else "")
def test_a_sentence_wants_what_the_table_says(sentence: str, expected: str, shown: tuple[int, ...]) -> None:
    trail = before(*shown)
    assert told(understand(sentence, today=TODAY, vocabulary=library(), trail=trail), trail, sentence) == expected


@pytest.mark.parametrize("sentence", ["back", "the third", "the other one", "all of them again", "how many are there?"])
def test_with_nothing_before_it_is_a_search(sentence: str) -> None:
    assert understand(sentence, today=TODAY, vocabulary=library()).kind == "search"


def test_with_nothing_before_there_is_nothing_to_act_on() -> None:
    assert understand("hide these", today=TODAY, vocabulary=library()).topic == "ask first"
    assert understand("hide the third", today=TODAY, vocabulary=library()).topic == "ask first"


@pytest.mark.parametrize("sentence", ["is my library backed up?", "make an album of these", "share these", "2019 or 2020?"])
def test_who_wants_no_words_gets_searches_only(sentence: str) -> None:
    plan = understand(sentence, today=TODAY, vocabulary=library(), trail=before(11), plain=True)
    assert (plan.kind, plan.compares) == ("search", False)


def test_the_other_one_goes_on_from_the_one_that_was_looked_at() -> None:
    trail = before(11, 12, 13)
    for expected in (12, 13, 11):
        plan = understand("the other one", today=TODAY, vocabulary=library(), trail=trail)
        assert plan.query.only == (expected,)
        trail = (*trail, Turn(len(trail) + 1, "the other one", plan.query, 0, len(trail), plan, plan.query.only))
    everything = understand("all of them again", today=TODAY, vocabulary=library(), trail=trail)
    assert everything.query.only == () and everything.query.places == trail[0].query.places


def test_only_stays_within_what_was_pointed_at_and_a_swap_leaves_it() -> None:
    trail = before(11, 12, 13)
    two = understand("the first two", today=TODAY, vocabulary=library(), trail=trail)
    trail = (*trail, Turn(2, "the first two", two.query, 0, 1, two, (11, 12)))
    assert understand("only 2019", today=TODAY, vocabulary=library(), trail=trail).query.only == (11, 12)
    assert understand("what about Paris?", today=TODAY, vocabulary=library(), trail=trail).query.only == ()
    assert understand("only with a dog", today=TODAY, vocabulary=library(), trail=trail).query.only == ()


def test_what_is_pinned_holds_for_new_questions_unless_they_say_otherwise() -> None:
    pins = parse("in 2019 in Rome", today=TODAY, vocabulary=library())
    plan = understand("dogs", today=TODAY, vocabulary=library(), pins=pins)
    assert (plan.query.text, [chip.label for chip in plan.query.chips]) == ("dogs", ["2019", "Rome"])
    other = understand("dogs in Paris", today=TODAY, vocabulary=library(), pins=pins)
    assert [chip.label for chip in other.query.chips] == ["2019", "Paris"]


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200), st.booleans())
def test_any_text_is_understood(sentence: str, in_conversation: bool) -> None:
    trail = before(11, 12) if in_conversation else ()
    assert understand(sentence, today=date(2020, 2, 29), vocabulary=library(), trail=trail).kind
