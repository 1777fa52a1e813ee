"""In a conversation: a question about one picture goes to the vision model, “find every …” is offered as an inspection."""

import re

from litestar import Litestar

from appliance.accounts.viewer import Viewer
from appliance.store.db import Store
from appliance.store.layout import Layout
from tests.adapters.running_vision import Running
from tests.conftest import Browser, add_photo
from tests.web.test_look import add_umbrella, heard, seeing, vision

__all__ = ["seeing", "vision"]
HTMX = {"HX-Request": "true"}


def hidden(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found, html
    return found[1].replace("&amp;", "&")


def said(browser: Browser, sentence: str, here: str = "") -> str:
    """What the page says to a sentence; the part that htmx swaps in."""
    return browser.post("/ask", data={"q": sentence, "here": here}, headers=HTMX).text


def test_a_question_about_the_one_picture_shown_is_answered_by_the_model(
    seeing: Litestar, vision: Running, cast: dict[str, Viewer], store: Store, layout: Layout
) -> None:
    asset_id = add_umbrella(store, layout)
    kit = Browser(seeing).enter(cast["Kit"])
    first = said(kit, "photos from 2024")
    html = said(kit, "Describe this image.", hidden(first, "here"))
    stream = re.search(rf'sse-connect="(/photos/{asset_id}/look\?q=[^"]+)"', html)
    assert stream, html
    assert "The model sample looked at this one picture" in html and '<span class="mark">sample model</span>' in html
    assert dict(heard(kit.get(stream[1].replace("&amp;", "&")).text))["said"] == "A red umbrella on a beach."
    assert f'action="/photos/{asset_id}/look#look"' in html, "without scripts a button asks the same"


def test_without_a_model_the_same_question_says_what_is_missing(max_: Browser, store: Store, layout: Layout) -> None:
    add_photo(store, layout)
    html = said(max_, "what colour is the umbrella in this picture?", hidden(said(max_, "photos from 2024"), "here"))
    assert "a vision model has to look at the picture, and none is installed" in html
    assert "/look?" not in html


def test_find_every_is_offered_and_started_with_a_click_from_where_it_was_asked(
    seeing: Litestar, cast: dict[str, Viewer], store: Store, layout: Layout
) -> None:
    add_photo(store, layout)
    kit = Browser(seeing).enter(cast["Kit"])
    html = said(kit, "find every umbrella from 2024")
    assert "Look at each for “umbrella" in html
    with store.read() as reader:
        assert reader.value("SELECT count(*) FROM inspection") == 0, "nothing begins before the click"
    form = {"here": hidden(html, "here"), "thing": hidden(html, "thing")}
    where = kit.post("/inspections", data=form).headers["location"]
    page = kit.get(where).text
    assert "Every umbrella" in page and "find every umbrella from 2024" in page


def test_find_every_without_a_model_promises_words_alone(max_: Browser, store: Store, layout: Layout) -> None:
    add_photo(store, layout)
    html = said(max_, "find every receipt")
    assert "List every candidate" in html and "the words alone decide" in html


def test_anothers_conversation_begins_no_inspection_of_it(max_: Browser, kit: Browser, store: Store, layout: Layout) -> None:
    add_photo(store, layout)
    here = hidden(said(max_, "find every secret"), "here")
    assert kit.post("/inspections", data={"here": here, "thing": "umbrella"}).status_code == 303
    with store.read() as reader:
        assert reader.value("SELECT question FROM inspection") == "umbrella"
