"""What kind of document an asset is, when rules, a model's caption and a person each have their say."""

import pytest

from appliance.accounts.viewer import Viewer
from appliance.library import captions, document
from appliance.store.db import Store
from appliance.store.layout import Layout
from tests.conftest import START, add_photo


@pytest.fixture
def photo(store: Store, layout: Layout) -> int:
    return add_photo(store, layout)


def kind(store: Store, asset_id: int) -> tuple[str | None, str] | None:
    with store.read() as reader:
        known = document.of(reader, asset_id)
    return (known.kind, known.decided_by) if known else None


@pytest.mark.parametrize(
    ("caption", "kind"),
    [
        ("A handwritten note on lined paper.", "handwriting"),
        ("The image shows a page of handwriting in blue ink.", "handwriting"),
        ("A crumpled receipt lies on a wooden table.", "receipt"),
        ("A driver's license issued in Utopia", "identity"),
        ("A whiteboard covered with diagrams", "whiteboard"),
        ("a screenshot of a chat", "screenshot"),
        ("A man holding a receipt", None),
        ("Two women stand beside a whiteboard", None),
        ("A desk with a laptop, a lamp, two books and a handwritten note", None),
        ("A receiptless day at the beach", None),
        ("", None),
    ],
)
def test_a_caption_that_begins_with_a_document_is_about_one(caption: str, kind: str | None) -> None:
    assert document.kind_in(caption) == kind


def test_a_caption_makes_handwriting_of_what_the_rules_left_alone(store: Store, photo: int) -> None:
    with store.write() as writer:
        captions.keep(writer, photo, "model@1", "A handwritten letter", START)
    assert kind(store, photo) == ("handwriting", "model")
    with store.write() as writer:
        document.found(writer, photo, "page", "much printed text")
    assert kind(store, photo) == ("handwriting", "model")
    with store.write() as writer:
        captions.keep(writer, photo, "model@1", "A sheet of paper", START)
    assert kind(store, photo) == ("page", "rules"), "what the model no longer says is forgotten"


def test_rules_that_are_sure_win_over_a_caption_whichever_comes_first(store: Store, photo: int) -> None:
    with store.write() as writer:
        captions.keep(writer, photo, "model@1", "A handwritten bill", START)
        document.found(writer, photo, "receipt", "amounts with a total")
    assert kind(store, photo) == ("receipt", "rules")
    with store.write() as writer:
        captions.keep(writer, photo, "model@1", "A handwritten note", START)
    assert kind(store, photo) == ("receipt", "rules")


def test_a_persons_word_stays_whatever_the_model_says(store: Store, photo: int, cast: dict[str, Viewer]) -> None:
    with store.write() as writer:
        document.choose(writer, cast["Kit"], photo, document.NONE, START)
        captions.keep(writer, photo, "model@1", "A handwritten note", START)
    assert kind(store, photo) == (None, "person")


def test_a_hidden_caption_takes_its_document_with_it_and_brings_it_back(store: Store, photo: int, cast: dict[str, Viewer]) -> None:
    with store.write() as writer:
        captions.keep(writer, photo, "model@1", "A handwritten note", START)
        captions.judge(writer, cast["Max"], [(photo, START)], "hidden", START)
    assert kind(store, photo) is None
    with store.write() as writer:
        captions.judge(writer, cast["Max"], [(photo, START)], "new", START)
    assert kind(store, photo) == ("handwriting", "model")
