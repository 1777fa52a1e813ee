"""Names out of sentences and back into them."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.assistant import known_words, masking
from appliance.assistant.intents import understand
from appliance.assistant.keeping import Keeping
from appliance.assistant.plan import Plan
from appliance.search.vocabulary import Person, with_persons
from appliance.store.db import Store
from tests.search.shelf import Shelf
from tests.search.world import TODAY, library

PERSONS = (
    Person("01" * 8, "Mia Berger"), Person("02" * 8, "Jonas"), Person("03" * 8, "Jürgen Groß"), Person("04" * 8, "Anna-Lena"),
    Person("05" * 8, "Søren"), Person("06" * 8, "María de la Cruz"), Person("07" * 8, "Rose"),
)  # fmt: skip
NAMES = {person.id: person.name for person in PERSONS}


def known(word: str) -> bool:
    return word in known_words.of_tables()


@pytest.fixture
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    shelf = Shelf(tmp_path_factory.mktemp("shelf"))
    shelf.put(caption="a wide beach")
    yield shelf.store
    shelf.store.close()


@pytest.mark.parametrize(
    ("sentence", "again"),
    [
        ("Mia in the snow", "Mia in the snow"),
        ("mia in the snow", "mia in the snow"),
        ("Mia Berger", "Mia Berger"),
        ("Mias Geburtstag", "Mias Geburtstag"),
        ("Mia's birthday", "Mia's birthday"),
        ("Jonas' Geburtstag", "Jonas' Geburtstag"),
        ("JÜRGEN und Juergen und Jurgen", "Jürgen und Jürgen und Jürgen"),
        ("Anna-Lena, soren", "Anna-Lena, søren"),
        ("maria de la cruz", "maría de la cruz"),
        ("the Berger photos", "the Berger photos"),
        ("photos de la plage", "photos de la plage"),
        ("with Wexolina and Tobrix Quillan in 2019", "with … and … in 2019"),
    ],
)
def test_a_kept_sentence_comes_back_with_its_names(sentence: str, again: str) -> None:
    kept = masking.masked(sentence, PERSONS, known)
    for name in ("mia", "jonas", "jürgen", "juergen", "jurgen", "berger", "anna", "lena", "soren", "cruz", "quillan", "wexolina"):
        assert name not in kept.casefold()
    assert masking.shown(kept, NAMES) == again


def test_without_the_names_it_is_about_someone() -> None:
    kept = masking.masked("Mia and Jonas", PERSONS, known)
    assert masking.shown(kept, {}) == "someone and someone"
    assert masking.shown(kept, {"02" * 8: "Jonas"}) == "someone and Jonas"
    assert masking.without_names("Mia and Jonas", PERSONS, known) == "someone and someone"


@given(st.text(max_size=80))
def test_any_sentence_is_masked_and_shown(sentence: str) -> None:
    kept = masking.masked(sentence, PERSONS, known)
    assert masking.masked(kept, (), lambda _: True) == kept
    masking.shown(kept, NAMES)


@given(st.lists(st.sampled_from([*(person.name for person in PERSONS), "and", "in", "snow", ",", "'s", "-", "2019"]), max_size=9))
def test_no_name_is_left_standing(words: list[str]) -> None:
    kept = masking.masked(" ".join(words), PERSONS, lambda _: True).casefold()
    for person in PERSONS:
        assert person.name.casefold() not in kept


def test_words_of_the_library_are_kept_and_towns_of_others_are_not(store: Store) -> None:
    words = with_persons(library(), PERSONS)
    keeping = Keeping(words)
    with store.read() as reader:
        assert keeping.masked(reader, "a wide beach in Rome with a zebra") == "a wide beach in Rome with a …"
        plan = understand("Rome and Anna in 2019", today=TODAY, vocabulary=library())
        kept = keeping.plan(reader, "Rome and Anna in 2019", plan, of_persons=False)
        assert [place.label for place in kept.query.places] == ["Rome"]


def test_a_plan_keeps_no_name_in_any_of_its_words(store: Store) -> None:
    words = with_persons(library(), PERSONS)
    keeping = Keeping(words)
    with store.read() as reader:
        for sentence in (
            "“Mia Berger” on a beach",
            "beach without Quorlina",
            "tag these as Mia",
            "when Jonas was five",
            "is it Mia?",
        ):
            plan = understand(sentence, today=TODAY, vocabulary=words)
            kept = str(keeping.plan(reader, sentence, plan, of_persons=plan.query.asks_for_persons))
            assert not any(name in kept for name in ("Mia", "Berger", "Quorlina", "Jonas")), kept


def test_while_people_is_off_a_plan_is_kept_as_it_is(store: Store) -> None:
    plan = Plan(note="about Mia", question="is it Mia?")
    with store.read() as reader:
        assert Keeping().plan(reader, "Mia", plan, of_persons=False) == plan
