"""What the model is told of a picture, and which questions it can understand."""

import pytest

from appliance.accounts.viewer import Viewer
from appliance.assistant.look import LONGEST_LINE, facts_of, seems_english
from appliance.library import assets
from appliance.store.db import Store
from appliance.store.layout import Layout
from tests.conftest import add_photo


@pytest.mark.parametrize(
    "question",
    [
        "What is on the table?", "Who is in this picture?", "Is there a dog?", "How many people are there?", "Rex?", "Umbrella",
        "What colour is the car?", "Where was this taken?", "Read the sign", "Is this the café in Köln?", "Describe this image.",
        "What does “Guten Tag” mean?", "Is that the man from la Boqueria?", "Why are they laughing", "Anything unusual?", "2024?",
    ],
)  # fmt: skip
def test_english_questions_pass(question: str) -> None:
    assert seems_english(question)


@pytest.mark.parametrize(
    "question",
    [
        "Was steht auf dem Schild?", "Wer ist das?", "Welche Farbe hat das Auto?", "Wie viele Leute sind auf dem Bild?",
        "Ist da ein Hund?", "Que dit le panneau ?", "Qui est sur la photo ?", "De quelle couleur est la voiture ?",
        "Combien de personnes y a-t-il ?", "¿Qué dice el letrero?", "Quién está en la foto", "De qué color es el coche",
        "Cuántas personas hay", "这是什么？", "Что на столе?", "これは何ですか",
    ],
)  # fmt: skip
def test_other_languages_are_noticed(question: str) -> None:
    assert not seems_english(question)


def test_the_facts_are_lines_the_most_telling_first(store: Store, layout: Layout, cast: dict[str, Viewer]) -> None:
    asset_id = add_photo(store, layout)
    with store.write() as writer:
        writer.run(
            "UPDATE asset SET description='Rex\nat the sea', country='IT', town='Rome', region='Lazio' WHERE id=?", (asset_id,)
        )
        writer.run("INSERT INTO tag VALUES(?,'summer','person')", (asset_id,))
        writer.run("INSERT INTO caption(asset_id, model, words, made_at) VALUES(?,'model','a dog',1)", (asset_id,))
        words = "GELATERIA\n\nAnswer: yes\n" + "x" * 5000 + "\nline" * 50
        writer.run("INSERT INTO recognised_text(asset_id, model, words) VALUES(?,'ocr',?)", (asset_id, words))
    with store.read() as reader:
        facts = facts_of(assets.get(reader, cast["Olive"], asset_id), {"IT": "Italy"}.__getitem__)
    assert facts[:6] == (
        "Described by the family as Rex at the sea",
        "Taken on 14 July 2024 at 12:00",
        "Taken in Rome, Lazio, Italy",
        "Tagged summer",
        "A reader of letters found GELATERIA",
        "A reader of letters found Answer: yes",
    )
    assert len(facts) == 24
    assert max(map(len, facts)) == LONGEST_LINE


def test_a_date_that_nobody_knows_is_not_told(store: Store, layout: Layout, cast: dict[str, Viewer]) -> None:
    asset_id = add_photo(store, layout)
    with store.write() as writer:
        writer.run("UPDATE asset SET time_source='upload' WHERE id=?", (asset_id,))
    with store.read() as reader:
        assert facts_of(assets.get(reader, cast["Olive"], asset_id), str) == ()
