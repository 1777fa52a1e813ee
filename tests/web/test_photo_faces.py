"""Who is in a photo, on its page: offered to those who may see persons, shown when they ask, named and confirmed from there."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from litestar import Litestar

from appliance.people.client import People
from appliance.people.faces import Box
from appliance.people.protocol_persons import Draw
from appliance.people.turning import turn_on
from appliance.store.db import Store
from appliance.store.layout import Layout
from tests.conftest import START, Browser, Clock, add_photo
from tests.people.people import PASSPHRASE, serving_people
from tests.people.posted import LEFT, RIGHT, looks, plant


@pytest.fixture
def people(app: Litestar, store: Store, layout: Layout, clock: Clock, olive: Browser) -> Iterator[People]:
    """One photo: Mia on the left, drawn by hand, and two faces without a name."""
    assert add_photo(store, layout) == 1
    with serving_people(layout, clock) as client:
        turn_on(store, layout, client, passphrase=PASSPHRASE, user_id=1, viewers="owner", now=START)
        client.decide(Draw(START, 1, 1, Box(0.1, 0.1, 0.2, 0.2), None, "Mia <b>"))
        plant(layout, {1: [((0.4, 0.1, 0.1, 0.1), looks(1)), (RIGHT, looks(2))]})
        client.lock()
    assert LEFT
    with serving_people(layout, clock) as client:
        client.unlock(PASSPHRASE)
        yield client


def boxes(html: str) -> list[str]:
    return [unescape(label) for label in re.findall(r'class="face-over[^>]*aria-label="([^"]*)"', html)]


@pytest.mark.usefixtures("people")
def test_faces_are_shown_when_somebody_asks(olive: Browser) -> None:
    html = olive.get("/photos/1").text
    assert "Who is this?" in html
    assert "Mia" not in html
    html = olive.get("/photos/1?faces=1").text
    assert boxes(html) == ["Face 1: Mia <b>", "Face 2: no name yet", "Face 3: no name yet"]
    assert "Mia &lt;b&gt;" in html
    assert "style=" not in html
    assert "no-store" in olive.get("/photos/1?faces=1").headers["cache-control"]


@pytest.mark.usefixtures("people")
def test_a_face_is_named_from_the_photo_s_page(olive: Browser) -> None:
    html = olive.get("/photos/1?faces=1").text
    faces = re.findall(r'name="face" value="([0-9a-f]{16})"', html)
    assert len(faces) == 3
    answer = olive.post("/people/faces", data={"what": "name", "face": faces[1], "name": "Jonas", "then": "/photos/1?faces=1"})
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/photos/1?faces=1&did=")
    html = olive.get(answer.headers["location"]).text
    assert boxes(html) == ["Face 1: Mia <b>", "Face 2: Jonas", "Face 3: no name yet"]
    assert "Undo" in html


def test_while_locked_the_page_asks_for_unlocking(olive: Browser, people: People) -> None:
    people.lock()
    html = olive.get("/photos/1?faces=1").text
    assert "People is locked" in html
    assert "/people/unlock?then=/photos/1%3Ffaces%3D1" in html
    assert boxes(html) == []


@pytest.mark.usefixtures("people")
def test_nothing_is_offered_to_who_may_see_nobody(kit: Browser, max_: Browser) -> None:
    for browser in (kit, max_):
        html = browser.get("/photos/1?faces=1").text
        assert "Who is this?" not in html
        assert "Mia" not in html
        assert "People" not in html


def test_nothing_is_offered_while_people_is_off(olive: Browser, store: Store, layout: Layout) -> None:
    add_photo(store, layout)
    assert "Who is this?" not in olive.get("/photos/1?faces=1").text
