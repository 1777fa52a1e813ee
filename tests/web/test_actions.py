"""What is offered is a button that says what it does and to how many; nothing happens before the click, another undoes it."""

import json
import re
from html import unescape
from typing import Any

import pytest
from litestar import Litestar

from appliance.store.db import Store
from appliance.store.layout import Layout
from tests.conftest import Browser, add_photo

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _library(store: Store, layout: Layout) -> None:
    for number in (1, 2, 3):
        assert add_photo(store, layout, f"{number}.jpg") == number


def ask(browser: Browser, sentence: str, html: str = "") -> str:
    """Ask from the page `html`; return the page that answers."""
    found = re.search(r'name="here" value="([^"]*)"', html)
    answer = browser.post("/ask", data={"q": sentence, "here": unescape(found[1]) if found else ""})
    return str(browser.get(answer.headers["location"]).text)


def wish(browser: Browser, sentence: str) -> str:
    return ask(browser, sentence, ask(browser, "photos from 2024"))


def offered(html: str) -> list[str]:
    """What the buttons of the offers say."""
    forms = re.findall(r'<form action="/actions".*?</form>', html, re.DOTALL)
    return [unescape(re.findall(r"<button[^>]*>(.*?)</button>", form)[0]) for form in forms]


def rows(store: Store, sql: str) -> list[tuple[Any, ...]]:
    with store.read() as reader:
        return reader.all(sql)


@pytest.mark.parametrize(
    ("sentence", "button"),
    [
        ("make an album called Rome 2019", "Make an album “Rome 2019” of these 3"),
        ("make an album of these", "Make an album of these 3"),
        ("tag the first two as sea", "Tag these 2 as “sea”"),
        ("make the second a favourite", "Make this one a favourite"),
        ("remove these from my favourites", "Take these 3 out of the favourites"),
        ("hide these", "Hide these 3 from everybody but the owner"),
    ],
)
def test_the_button_says_what_it_does_and_to_how_many(olive: Browser, store: Store, sentence: str, button: str) -> None:
    assert offered(wish(olive, sentence)) == [button]
    assert rows(store, "SELECT id FROM asset WHERE favourite OR hidden") == rows(store, "SELECT * FROM album") == []
    assert rows(store, "SELECT * FROM tag") == []


def test_an_album_is_made_by_a_click_and_undone_by_another(olive: Browser, store: Store) -> None:
    html = wish(olive, "make an album called Sea <b>and</b> sand")
    page = olive.post("/actions", data={"action": "1"}).headers["location"]
    done = olive.get(page).text
    assert (
        "3 photos put into the album “Sea &lt;b&gt;and&lt;/b&gt; sand”." in done
        and 'href="/albums/1"' in done
        and "<b>and" not in done + html
    )
    assert olive.get("/albums/1").text.count('class="tile ratio') == 3
    assert "Sea &lt;b&gt;and&lt;/b&gt; sand" in olive.get("/albums").text
    olive.post("/actions/1/undo")
    assert olive.get("/albums/1").status_code == 404 and "There are no albums yet" in olive.get("/albums").text
    assert offered(olive.get(page).text) == ["Make an album “Sea <b>and</b> sand” of these 3"], "it can be done again"


def test_an_album_gets_the_title_that_was_left_in_the_field(olive: Browser, store: Store) -> None:
    html = wish(olive, "make an album of these")
    assert 'name="name" type="text" value="2024"' in html
    olive.post("/actions", data={"action": "1", "name": "  By the   sea "})
    assert rows(store, "SELECT title FROM album") == [("By the sea",)]
    assert olive.post("/actions", data={"action": "99", "name": "x"}).status_code == 404


def test_without_a_title_no_album_is_made(olive: Browser, store: Store) -> None:
    wish(olive, "make an album of these")
    assert olive.post("/actions", data={"action": "1", "name": " "}).status_code == 400
    assert rows(store, "SELECT * FROM album") == []


def test_what_is_put_into_an_album_that_is_there_is_taken_out_again_and_the_album_stays(olive: Browser, store: Store) -> None:
    wish(olive, "put the first into an album called Sea")
    olive.post("/actions", data={"action": "1"})
    assert offered(wish(olive, "put these into the album sea")) == ["Put these 3 into the album “sea”"]
    olive.post("/actions", data={"action": "2"})
    assert rows(store, "SELECT count(*) FROM album_asset") == [(3,)]
    olive.post("/actions/2/undo")
    assert rows(store, "SELECT album_id, count(*) FROM album_asset") == [(1, 1)]


@pytest.mark.parametrize(
    ("sentence", "changed"),
    [
        ("make these favourites", "SELECT id FROM asset WHERE favourite"),
        ("hide these", "SELECT id FROM asset WHERE hidden"),
        ("tag these as sea", "SELECT asset_id FROM tag WHERE name='sea' AND source='person'"),
    ],
)
def test_undoing_puts_back_what_was_changed_and_no_more(olive: Browser, store: Store, sentence: str, changed: str) -> None:
    with store.write() as writer:
        writer.run("UPDATE asset SET favourite=1, hidden=1 WHERE id=2")
        writer.run("INSERT INTO tag VALUES(2,'sea','person')")
    wish(olive, sentence)
    olive.post("/actions", data={"action": "1"})
    olive.post("/actions", data={"action": "1"})
    assert rows(store, changed) == [(1,), (2,), (3,)]
    olive.post("/actions/1/undo")
    assert rows(store, changed) == [(2,)]
    assert olive.post("/actions/1/undo").status_code == 404
    assert [json.loads(subjects) for (subjects,) in rows(store, "SELECT subjects FROM audit WHERE action LIKE 'asset%'")] == [
        [1, 3]
    ] * 2


def test_with_htmx_the_offer_changes_in_its_place(olive: Browser) -> None:
    wish(olive, "make the second a favourite")
    part = olive.post("/actions", data={"action": "1"}, headers=HTMX).text
    assert part.lstrip().startswith('<div class="action">') and "1 photo made a favourite." in part and "Undo" in part
    assert "Undone." in olive.post("/actions/1/undo", headers=HTMX).text


def test_what_arrives_later_is_not_in_it(olive: Browser, store: Store, layout: Layout) -> None:
    wish(olive, "make these favourites")
    later = add_photo(store, layout, "later.jpg")
    olive.post("/actions", data={"action": "1"})
    assert rows(store, f"SELECT favourite FROM asset WHERE id={later}") == [(0,)]


def test_a_child_makes_albums_and_favourites_and_hides_nothing(kit: Browser, store: Store, app: Litestar) -> None:
    assert offered(wish(kit, "make an album called Sea")) == ["Make an album “Sea” of these 3"]
    assert kit.post("/actions", data={"action": "1"}).status_code == 303
    html = wish(kit, "hide these")
    assert offered(html) == [] and "Hiding photos is not for children&#39;s accounts; ask a grown-up." in html
    with store.write() as writer:  # even if there was one
        writer.run("UPDATE action SET kind='hide', undone_at=1 WHERE id=1")
    assert kit.post("/actions", data={"action": "1"}).status_code == 403
    assert rows(store, "SELECT id FROM asset WHERE hidden") == []


def test_nobody_does_or_undoes_what_was_offered_to_another(olive: Browser, max_: Browser, store: Store) -> None:
    wish(olive, "hide these")
    assert max_.post("/actions", data={"action": "1"}).status_code == 404
    olive.post("/actions", data={"action": "1"})
    assert max_.post("/actions/1/undo").status_code == 404
    assert len(rows(store, "SELECT id FROM asset WHERE hidden")) == 3


def test_a_member_who_hid_photos_can_undo_it_without_seeing_them(max_: Browser, store: Store) -> None:
    wish(max_, "hide the first two")
    max_.post("/actions", data={"action": "1"})
    assert len(rows(store, "SELECT id FROM asset WHERE hidden")) == 2
    max_.post("/actions/1/undo")
    assert rows(store, "SELECT id FROM asset WHERE hidden") == []


def test_an_album_of_photos_that_one_may_not_see_is_not_there(olive: Browser, max_: Browser, store: Store) -> None:
    with store.write() as writer:
        writer.run("UPDATE asset SET hidden=1 WHERE id IN (1, 2)")
    wish(olive, "make an album called Surprise")
    olive.post("/actions", data={"action": "1"})
    assert olive.get("/albums/1").text.count('class="tile ratio') == 3
    assert max_.get("/albums/1").text.count('class="tile ratio') == 1
    with store.write() as writer:
        writer.run("UPDATE asset SET hidden=1")
    assert max_.get("/albums/1").status_code == 404 and "Surprise" not in max_.get("/albums").text


def test_what_is_not_built_says_so_and_does_nothing(olive: Browser, store: Store) -> None:
    before = rows(store, "SELECT * FROM asset")
    html = wish(olive, "delete these")
    assert "Deleting is not built yet. Nothing was deleted." in html and offered(html) == []
    assert rows(store, "SELECT * FROM asset") == before


def test_sharing_is_offered_and_leads_to_the_page_that_shows_what_is_shared(olive: Browser, store: Store) -> None:
    html = wish(olive, "share these with <grandma>")
    assert offered(html) == ["Share these 3 with grandma"]
    answer = olive.post("/actions", data={"action": "1"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/shares/new?selection=1")
    assert "Share 3 photos" in olive.get("/shares/new?selection=1").text
    assert rows(store, "SELECT * FROM share_link") == []


def test_a_child_is_told_that_sharing_is_for_grown_ups(kit: Browser, store: Store) -> None:
    html = wish(kit, "share these with grandma")
    assert "Sharing photos is not for children" in html and offered(html) == []
    assert rows(store, "SELECT * FROM action") == []


def test_a_wish_with_nothing_before_it_asks_for_photos_first(olive: Browser) -> None:
    html = ask(olive, "hide these")
    assert "Ask for the photos first." in html and offered(html) == []


def test_a_wish_in_a_bookmark_offers_nothing(olive: Browser, store: Store) -> None:
    html = olive.get("/ask?q=hide+all+photos+from+2024").text
    assert offered(html) == [] and "Ask this in the box above" in html
    assert rows(store, "SELECT * FROM action") == []
