"""Sentences and what they are understood as."""

import time
from datetime import date
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.search.query import Query, parse
from appliance.search.vocabulary import vocabulary
from tests.databases import new_store
from tests.search.plans import guide_rows, plan, table
from tests.search.world import TODAY, library

WORDS = (
    "photos",
    "of",
    "from",
    "between",
    "last",
    "2019",
    "March",
    "31",
    "every",
    "without",
    "“",
    "'",
    "-",
    "/",
    "vor",
    "il",
    "y",
    "a",
)


def asked(sentence: str, prior: Query | None = None, without: frozenset[str] = frozenset()) -> Query:
    return parse(sentence, today=TODAY, vocabulary=library(), prior=prior, without=without)


@pytest.mark.parametrize(("sentence", "expected"), table("sentences.txt"))
def test_a_sentence_means_what_the_table_says(sentence: str, expected: str) -> None:
    assert plan(asked(sentence)) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    table("fresh.txt") + table("fresh_again.txt") + table("fresh_third.txt") + table("fresh_fourth.txt") + table("fresh_fifth.txt"),
)
def test_a_sentence_that_nobody_tuned_to_means_what_was_expected(sentence: str, expected: str) -> None:
    assert plan(asked(sentence)) == expected


@pytest.mark.parametrize(("sentence", "text", "labels"), guide_rows())
def test_the_guide_s_examples_are_understood_as_it_says(sentence: str, text: str, labels: str) -> None:
    found = asked(sentence)
    assert (found.text or "–", ", ".join(chip.label for chip in found.chips) or "–") == (text, labels)


@pytest.mark.parametrize(
    ("before", "sentence", "expected"),
    [
        ("dogs in Rome", "only 2019", "dogs | 2019-01-01..2019-12-31 | in Rome"),
        ("dogs in Rome", "only videos", "dogs | in Rome | video"),
        ("dogs in Rome", "without screenshots", "dogs | in Rome | no screenshot"),
        ("dogs in Rome", "ohne Videos", "dogs | in Rome | photo"),
        ("dogs in Rome 2019", "and in winter?", "dogs | 2019-12-01..2020-02-29 | in Rome"),
        ("dogs in Rome last summer", "and in winter?", "dogs | in Rome | months 12,1,2"),
        ("dogs in winter", "only 2019", "dogs | 2019-01-01..2019-12-31 | months 12,1,2"),
        ("dogs last year", "and in October?", "dogs | 2025-10-01..2025-10-31"),
        ("dogs in Paris", "what about Rome?", "dogs | in Rome"),
        ("dogs in Paris", "und in Rom?", "dogs | in Rome"),
        ("dogs in Paris", "et à Rome ?", "dogs | in Rome"),
        ("dogs in Paris", "also Rome", "dogs | in Paris | in Rome"),
        ("dogs in Paris", "Rome too", "dogs | in Paris | in Rome"),
        ("dogs in Paris", "and cats?", "cats | in Paris"),
        ("dogs in Paris", "only with a red ball", "dogs red ball | in Paris"),
        ("dogs in Paris", "without cats", "dogs | in Paris | without cats"),
        ("dogs", "not from Italy", "dogs | not in Italy"),
        ("dogs in Paris", "newest first", "| newest"),
        ("dogs in Paris", "cats in Rome", "cats | in Rome"),
    ],
)
def test_a_follow_up_changes_the_question_before_it(before: str, sentence: str, expected: str) -> None:
    assert plan(asked(sentence, prior=asked(before))) == expected


def test_a_chip_says_in_words_what_was_understood() -> None:
    found = asked("only videos from March 2019 in Italy with my Nikon, newest first")
    assert [chip.label for chip in found.chips] == ["March 2019", "Italy", "Camera: NIKON COOLPIX P6000", "Videos", "Newest first"]


@pytest.mark.parametrize(("sentence", "_expected"), table("sentences.txt"))
def test_every_filter_has_a_chip_and_removing_all_chips_leaves_the_text_alone(sentence: str, _expected: str) -> None:
    found = asked(sentence)
    tokens = [chip.token for chip in found.chips]
    assert len(set(tokens)) == len(tokens)
    bare = asked(sentence, without=frozenset(tokens))
    assert bare == Query(
        text=found.text,
        intent=found.intent,
        which_of=found.which_of,
        often_by=found.often_by,
        text_in_picture=found.text_in_picture,
    )


def test_removing_one_chip_keeps_the_others() -> None:
    assert plan(asked("dogs in Rome 2019", without=frozenset({"date:2019-01-01..2019-12-31"}))) == "dogs | in Rome"


def test_a_chip_of_the_question_before_can_be_removed_in_the_follow_up() -> None:
    before = asked("dogs in Rome 2019")
    assert (
        plan(asked("only videos", prior=before, without=frozenset({"place:IT/Lazio/Rome"})))
        == "dogs | 2019-01-01..2019-12-31 | video"
    )


def test_the_library_s_own_place_is_meant_before_a_larger_one_of_the_same_name() -> None:
    here = library()
    mine = type(here)(here.gazetteer, (), frozenset({"US"}), frozenset(), frozenset({("US", "Rome")}))
    assert parse("in Rome", today=TODAY, vocabulary=mine).places[0].country == "US"


def test_the_vocabulary_is_read_from_the_library(tmp_path: Path) -> None:
    store = new_store(tmp_path / "mantel.db", tmp_path / "copies")
    with store.write() as writer:
        writer.run(
            "INSERT INTO asset(sha256, original, file_name, bytes, modified_at, format, kind, capture_time, time_source, added_at,"
            " country, region, town, camera_make, camera_model) VALUES(?,'a','a',1,0,'jpeg','photo','2019-01-01T00:00:00','exif',0,"
            "'IT','Lazio','Rome','NIKON','COOLPIX P6000')",
            ("0" * 64,),
        )
    with store.read() as reader:
        known = vocabulary(reader, library().gazetteer)
    store.close()
    assert [camera.label for camera in known.cameras] == ["NIKON COOLPIX P6000"]
    assert known.countries == frozenset({"IT"})
    assert known.towns == frozenset({("IT", "Rome")})


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=2000), st.lists(st.sampled_from(WORDS), max_size=300).map(" ".join)))
def test_any_text_is_understood_and_survives_json(sentence: str) -> None:
    found = asked(sentence)
    assert msgspec.json.decode(msgspec.json.encode(found), type=Query) == found


@settings(max_examples=100, deadline=None)
@given(
    st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 1, 1)), st.sampled_from([row[0] for row in table("sentences.txt")])
)
def test_a_sentence_is_understood_on_any_day(today: date, sentence: str) -> None:
    found = parse(sentence, today=today, vocabulary=library())
    assert all(span.first <= span.last for span in found.dates)


def test_a_long_sentence_is_understood_quickly() -> None:
    sentence = ("dogs and cats in Rome between March and May 2020 with my Nikon " * 40)[:2000]
    asked(sentence)
    started = time.process_time()
    asked(sentence)
    assert time.process_time() - started < 0.5
