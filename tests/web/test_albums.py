"""Albums are renamed and deleted by their makers and the owner; both can be undone, and no photo is lost with an album."""

import pytest

from appliance.accounts.viewer import Member, Viewer
from appliance.errors import NotFound
from appliance.library import albums
from appliance.store.db import Store
from appliance.store.layout import Layout
from tests.conftest import START, Browser, add_photo


@pytest.fixture(autouse=True)
def _library(store: Store, layout: Layout, max_: Browser) -> None:
    """Max has made an album, Sea, of one photo."""
    add_photo(store, layout, "1.jpg")
    max_.post("/selections", data={"then": "album", "asset": "1"})
    max_.post("/actions", data={"action": "1", "name": "Sea"})


def titles(store: Store) -> list[str]:
    with store.read() as reader:
        return [title for (title,) in reader.all("SELECT title FROM album WHERE deleted_at IS NULL")]


@pytest.mark.parametrize("name", ["max_", "olive"])
def test_its_maker_and_the_owner_rename_an_album_and_take_it_back(request: pytest.FixtureRequest, store: Store, name: str) -> None:
    browser: Browser = request.getfixturevalue(name)
    where = browser.post("/albums/1/title", data={"title": "  The <b>sea</b> "}).headers["location"]
    assert titles(store) == ["The <b>sea</b>"]
    html = browser.get(where).text
    assert "It was called “Sea”." in html and "The &lt;b&gt;sea&lt;/b&gt;" in html and "<b>sea" not in html
    browser.post("/albums/1/title", data={"back": "true"})
    assert titles(store) == ["Sea"] and "It was called" not in browser.get("/albums/1").text


def test_a_title_that_is_none_or_taken_is_refused(max_: Browser, store: Store) -> None:
    max_.post("/selections", data={"then": "album", "asset": "1"})
    max_.post("/actions", data={"action": "2", "name": "Hills"})
    for title in ("", " ", "x" * 121, "hills"):
        assert max_.post("/albums/1/title", data={"title": title}).status_code == 400
    assert titles(store) == ["Sea", "Hills"]
    assert max_.post("/albums/1/title", data={"title": "SEA"}).status_code == 303, "only its capitals change"
    assert max_.post("/albums/2/title", data={"back": "true"}).status_code == 404, "it never had another"


def test_nobody_else_changes_an_album(kit: Browser, store: Store) -> None:
    assert kit.post("/albums/1/title", data={"title": "Mine"}).status_code == 403
    assert kit.post("/albums/1/delete").status_code == 403
    assert titles(store) == ["Sea"] and "Delete this album" not in kit.get("/albums/1").text


def test_a_deleted_album_is_found_nowhere_and_comes_back_whole(max_: Browser, kit: Browser, store: Store) -> None:
    where = max_.post("/albums/1/delete").headers["location"]
    html = max_.get(where).text
    assert "“Sea” is deleted. Its photos are where they were." in html and "Bring back" in html
    assert max_.get("/albums/1").status_code == 404 and "Bring back" not in kit.get("/albums").text
    assert "Album: Sea" not in max_.get("/ask?q=photos+in+the+album+Sea").text
    assert max_.get("/photos/1").status_code == 200
    assert kit.post("/albums/1/restore").status_code == 404
    assert max_.post("/albums/1/restore").headers["location"] == "/albums/1"
    assert max_.get("/albums/1").text.count('class="tile ratio') == 1
    assert "Album: Sea" in max_.get("/ask?q=photos+in+the+album+Sea").text


def test_after_thirty_days_it_cannot_come_back(max_: Browser, store: Store, cast: dict[str, Viewer]) -> None:
    max_.post("/albums/1/delete")
    viewer, late = cast["Max"], START + albums.KEPT_MS + 1
    assert isinstance(viewer, Member)
    with store.write() as writer:
        assert albums.deleted(writer, viewer, now=late) == []
        with pytest.raises(NotFound):
            albums.restore(writer, viewer, 1, now=late)
        albums.delete(writer, viewer, albums.make(writer, viewer, "Hills", now=late), now=late)
        assert writer.all("SELECT title FROM album") == [("Hills",)], "what is too old goes when the next is deleted"


@pytest.mark.parametrize(
    "sentence", ["photos in the album Nowhere", "Fotos aus dem Album Nirgends", "photos de l'album X", "fotos del álbum X"]
)
def test_who_asks_for_an_album_that_is_not_there_is_led_to_all(max_: Browser, sentence: str) -> None:
    assert "See all albums" in max_.get("/ask", params={"q": sentence}).text


@pytest.mark.parametrize("sentence", ["photos in the album Sea", "a wedding album on a table", "photos from 2024"])
def test_nobody_else_is_told_so(max_: Browser, sentence: str) -> None:
    assert "See all albums" not in max_.get("/ask", params={"q": sentence}).text
