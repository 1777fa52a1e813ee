"""Misread words in pictures are found; words that are not there are not; and what was found is marked."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.search.filters import Query
from appliance.search.marking import runs, wanted
from appliance.search.reasons import Why
from appliance.search.shapes import looks_like, shape
from tests.search.shelf import KIT, Shelf


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    shelf = Shelf(tmp_path)
    yield shelf
    shelf.store.close()


def says(*phrases: str) -> Query:
    return Query(phrases=phrases, text_in_picture=True)


@pytest.mark.parametrize(
    ("read", "asked"),
    [
        ("STE1NER UHREN", "Steiner"),
        ("C0FFEE SH0P", "coffee shop"),
        ("Modem Art Museum", "modern art"),
        ("HARD WARE STORE", "hardware store"),
        ("HARDWARESTORE", "hardware store"),
        ("Bäckerei Sommerfeld", "Baeckerei"),
        ("BACKEREI", "Bäckerei"),
        ("Kastanienstraße", "Kastanienstrasse"),
        ("Potsdamer Strafe", "Potsdamer Straße"),
        ("die zer-\nbröckelte Hefe", "zerbröckelte"),
        ("Gehweg-\nschäden", "gehwegschäden"),
        ("清潔できれいな港区を", "港区"),
        ("Seoul 56Km", "seoul 56km"),
    ],
)
def test_what_looks_like_the_word_is_found(shelf: Shelf, read: str, asked: str) -> None:
    shelf.put(text="Something else on this one")
    picture = shelf.put(text=read)
    assert shelf.ids(says(asked)) == [picture]
    assert shelf.ids(asked, embedder=None) == [picture]


@pytest.mark.parametrize("absent", ["submarine", "hardwood", "softwarestore", "stone", "1ox", "ware house", "shardware", "2024"])
def test_a_word_that_is_not_there_finds_nothing(shelf: Shelf, absent: str) -> None:
    shelf.put(text="HARDWARE STORE\nTOTAL 20.45\n14/03/2023 lol")
    assert shelf.ids(says(absent)) == []
    assert shelf.ids(absent, embedder=None) == []


def test_a_misread_word_is_no_match_where_the_word_itself_stands(shelf: Shelf) -> None:
    exact = shelf.put(text="a modern house")
    shelf.put(text="a modem")
    assert shelf.ids("modern", embedder=None) == [exact]


def test_a_reason_says_when_a_word_only_looks_like_it(shelf: Shelf) -> None:
    shelf.put(text="STE1NER UHREN")
    assert shelf.ask(says("steiner uhren")).hits[0].why == (Why("similar", "steiner uhren"),)
    shelf.put(text="UHREN STEINER")
    assert shelf.ask(says("steiner uhren")).hits[0].why == (Why("text", "steiner uhren"),), "in any order"


def test_hidden_pictures_do_not_stand_in_the_way(shelf: Shelf) -> None:
    shelf.put(text="STEINER", hidden=1)
    misread = shelf.put(text="STE1NER")
    assert shelf.ids("steiner", KIT, embedder=None) == [misread]


def test_short_words_look_like_nothing_else() -> None:
    assert looks_like("10") is None
    assert looks_like("of lil") is None
    assert shape("Lil 10") == "lll lo"


def test_no_word_of_a_question_is_an_operator(shelf: Shelf) -> None:
    shelf.put(text="OR AND NOT NEAR")
    for hostile in ('steiner" OR text:*', "NEAR(a b)", "coffee) OR (shop", "a" * 5000, "stra* {text}: x"):
        shelf.ids(says(hostile))
        shelf.ids(hostile, embedder=None)


def test_marks_fold_as_search_does() -> None:
    asked = wanted(Query(text="the receipts from Baeckerei", phrases=("café",)))
    said = runs("Receipt · Bäckerei & CAFE, recipe", asked)
    assert [run.words for run in said if run.found] == ["Receipt", "Bäckerei", "CAFE"]
    assert "".join(run.words for run in said) == "Receipt · Bäckerei & CAFE, recipe"


def test_a_text_without_a_question_is_one_run() -> None:
    assert [run.found for run in runs("anything 😀 at all", wanted(Query()))] == [False]
    assert runs("", wanted(Query(text="x ray"))) == ()


def test_an_amount_is_one_word_however_its_decimals_are_parted(shelf: Shelf) -> None:
    wanted = shelf.put(text="Milchkaffee 3,60\nSUMME EUR 7,80")
    shelf.put(text="Radieschen 1,80\nRhabarber 7,20")
    assert [hit.asset_id for hit in shelf.ask("receipt over 7.80", embedder=None).hits] == [wanted]
    assert [hit.asset_id for hit in shelf.ask("bill that says 7,80", embedder=None).hits] == [wanted]


def test_what_is_printed_is_found_in_another_language_and_marked(shelf: Shelf) -> None:
    note = shelf.put(text="Gäste-WLAN\nKennwort: himbeer-tiger-88")
    shelf.put(text="Hausordnung")
    hit = shelf.ask("wifi password", embedder=None).hits[0]
    assert (hit.asset_id, hit.why) == (note, (Why("text", "wlan, kennwort"),))
    assert [run.words for run in runs("Gäste-WLAN", wanted(Query(text="wifi"))) if run.found] == ["WLAN"]


def test_a_phrase_that_was_read_is_enough_for_a_picture_of_which_nothing_else_is_known(shelf: Shelf) -> None:
    jar = shelf.put(text="quince jelly 2021")
    shelf.put(caption="a dog on a beach", text="quince jelly")
    asked = Query(text="heirloom", phrases=("quince jelly",), text_in_picture=True)
    found = shelf.ask(asked).hits
    assert found[0].asset_id == jar


@pytest.mark.parametrize(
    ("kind", "questions"),
    [
        ("receipt", ["receipts", "my Quittungen", "reçus", "facturas", "Kassenbon"]),
        ("identity", ["my passport", "Reisepass", "pasaporte", "Ausweise"]),
        ("whiteboard", ["whiteboards", "Tafelbilder"]),
        ("handwriting", ["handwritten notes", "handgeschriebene Notizen", "handschriftlich", "manuscritos", "Notizen"]),
        ("page", ["documents", "Schreiben"]),
    ],
)
def test_documents_are_found_by_what_people_call_them(shelf: Shelf, kind: str, questions: list[str]) -> None:
    shelf.put(caption="a dog on a beach")
    asset = shelf.put(text="x 1", fold=False)
    with shelf.store.write() as writer:
        writer.run("INSERT INTO document VALUES(?,?,'rules','machine-readable lines of a passport',?)", (asset, kind, kind))
    shelf.put(caption="a cat")
    for question in questions:
        hit = shelf.ask(question, embedder=None).hits[0]
        assert (hit.asset_id, hit.why) == (asset, (Why("document", kind),)), question


@pytest.mark.parametrize(
    ("read", "asked"),
    [
        ("HIGHLIFHT of the day", "highlight"),
        ("Diffecential equations", "differential"),
        ("Bolwtalke 12", "Bolwtalle"),
        ("password kartoffelsalat99", "kartoffelsalat"),
        ("Pharnacie", "pharmacie"),
        ("Vestaurant Adler", "restaurant"),
    ],
)
def test_a_word_misread_by_a_letter_or_two_is_found(shelf: Shelf, read: str, asked: str) -> None:
    shelf.put(text="Something else on this one")
    picture = shelf.put(text=read)
    assert shelf.ids(says(asked)) == [picture]
    assert shelf.ids(asked, embedder=None) == [picture]
    assert shelf.ask(says(asked)).hits[0].why == (Why("similar", asked),)


@pytest.mark.parametrize("absent", ["painted", "tested", "cinema", "shardware", "hardwares9", "restaurateurs", "kitten"])
def test_another_word_is_no_misread_one(shelf: Shelf, absent: str) -> None:
    shelf.put(text="PAINTER tester cinnamon hardware restaurant mitten")
    assert shelf.ids(says(absent)) == []
    assert shelf.ids(absent, embedder=None) == []


def test_a_misread_word_is_not_looked_for_where_the_word_itself_stands(shelf: Shelf) -> None:
    exact = shelf.put(text="the highlight")
    shelf.put(text="HIGHLIFHT")
    assert shelf.ids(says("highlight")) == [exact]
