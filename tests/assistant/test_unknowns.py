"""What the library does not have is said; questions about one picture are put into English."""

from dataclasses import replace
from datetime import date

import pytest

from appliance.assistant.intents import understand
from appliance.assistant.look_words import in_english
from appliance.assistant.unknowns import no_album, no_birthday
from appliance.search.vocabulary import album, born
from tests.search.world import TODAY, library

ALBUMS = tuple(album(number, title) for number, title in enumerate(("Rome 2019", "Anna's wedding", "Summer holidays"), 1))


@pytest.mark.parametrize(
    ("sentence", "who"),
    [
        ("when Anna was five", "Anna"), ("photos from when Kit was 3 years old", "Kit"), ("als Anna fünf war", "Anna"),
        ("Bilder, als Max 10 Jahre alt war", "Max"), ("quand Léa avait cinq ans", "Léa"), ("cuando Ana tenía 4 años", "Ana"),
        ("when Kit was born", "Kit"),
    ],
)  # fmt: skip
def test_a_birthday_that_is_not_known_is_said_to_be_so(sentence: str, who: str) -> None:
    said = no_birthday(sentence, library())
    assert said is not None
    assert f"when {who} was born" in said
    plan = understand(sentence, today=TODAY, vocabulary=library())
    assert (plan.kind, plan.note) == ("box", said)


def test_a_birthday_that_an_account_keeps_is_a_search() -> None:
    vocabulary = replace(library(), birthdays=(born("Kit", date(2014, 5, 31)),))
    plan = understand("photos from when Kit was 3 years old", today=TODAY, vocabulary=vocabulary)
    assert (plan.kind, [(one.first, one.last) for one in plan.query.dates]) == ("search", [(date(2017, 5, 31), date(2018, 5, 30))])


@pytest.mark.parametrize(
    "sentence", ["when were we in Rome", "when it was five", "photos of Anna", "Anna's fifth birthday", "wie war es"]
)
def test_other_sentences_ask_for_no_age(sentence: str) -> None:
    assert no_birthday(sentence, library()) is None


def test_an_album_that_is_not_there_is_named_with_those_near() -> None:
    assert no_album("photos in the album Rom 2018", ALBUMS) == "There is no album “Rom 2018”. The nearest is “Rome 2019”."
    said = no_album("aus dem Album Skifahren", ALBUMS)
    assert said == "There is no album “Skifahren”. There are “Rome 2019”, “Anna's wedding”, “Summer holidays”."
    assert "There are no albums yet" in str(no_album("in my album Skiing", ()))
    assert no_album("a photo album on the table", ALBUMS) is None


def test_an_album_that_is_there_is_searched() -> None:
    plan = understand("photos in the album Rome 2019", today=TODAY, vocabulary=library())
    assert (plan.kind, plan.note, plan.query.albums) == ("search", "", (1,))
    assert understand("photos in the album Skiing", today=TODAY, vocabulary=library()).note.startswith(
        "There is no album “Skiing”."
    )


@pytest.mark.parametrize(
    ("question", "english"),
    [
        ("Welche Farbe hat das Auto?", "What colour is the car?"),
        ("De quelle couleur est la voiture ?", "What colour is the car?"),
        ("¿De qué color es el coche?", "What colour is the car?"),
        ("Wie viele Personen sind auf dem Bild?", "How many people are there?"),
        ("Combien de personnes y a-t-il ?", "How many people are there?"),
        ("¿Cuántas personas hay?", "How many people are there?"),
        ("Was steht auf dem Schild?", "What does the text say?"),
        ("Que dit le panneau ?", "What does the text say?"),
        ("Qué dice el letrero", "What does the text say?"),
        ("Wer ist das?", "Who is this?"),
        ("Qui est sur la photo ?", "Who is this?"),
        ("Quién está en la foto", "Who is this?"),
        ("Was ist das?", "What is this?"),
        ("Qu'est-ce que c'est ?", "What is this?"),
        ("¿Qué es esto?", "What is this?"),
        ("Ist da ein Hund?", "Is there a dog?"),
        ("Was siehst du auf dem Bild?", "Describe this picture."),
        ("Wie hoch ist der Gesamtbetrag?", "What is the total on this receipt?"),
        ("Cuánto cuesta", "What is the total on this receipt?"),
    ],
)
def test_a_question_about_a_picture_is_put_into_english(question: str, english: str) -> None:
    assert in_english(question) == english


@pytest.mark.parametrize(
    "question", ["What colour is the car?", "Welche Farbe hat das Brimborium?", "Warum lachen sie?", "Rex?", ""]
)
def test_what_is_no_known_form_is_not_guessed_at(question: str) -> None:
    assert in_english(question) is None
