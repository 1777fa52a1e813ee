"""The backup pages: the verdict and its buttons, a copy added, a restore asked for, the sheet; done by the real backup process."""

import re
from pathlib import Path

import pytest

from appliance.accounts.viewer import Owner, Viewer
from appliance.backup import repositories, requests
from appliance.backup.box import Box
from appliance.backup.repositories import Repository
from appliance.backup.serving import Serving
from appliance.library import selections
from appliance.store.db import Store
from appliance.store.layout import Layout
from tests.backup import real, rows
from tests.conftest import PASSWORD, Browser, Clock, add_photo
from tests.listeners import webhook


@pytest.fixture
def process(store: Store, layout: Layout, clock: Clock) -> Serving:
    """The backup process; a test lets it take step after step."""
    return Serving(Box(store, layout, clock), hour=3)


def newest(store: Store) -> requests.Request:
    with store.read() as reader:
        return requests.get(reader, reader.value("SELECT max(id) FROM backup_request"))


def test_a_member_reads_the_sentence_and_nothing_else(
    olive: Browser, max_: Browser, store: Store, layout: Layout, clock: Clock
) -> None:
    add_photo(store, layout)
    rows.safe(store, clock())
    page = max_.get("/backup").text
    assert "Safe: the one original is in 2 copies" in page
    assert "aunt" not in page
    assert "Safe to delete" not in page
    assert "sftp" not in page
    assert "/backups/aunt" in olive.get("/backup").text


def test_an_empty_page_says_what_to_do(olive: Browser, store: Store, layout: Layout) -> None:
    add_photo(store, layout)
    page = olive.get("/backup").text
    assert "Not safe: 1 original on this one disk, and nowhere else." in page
    assert 'href="/backup/add"' in page


def test_the_navigation_tells_the_owner_alone_that_the_library_is_not_safe(
    olive: Browser, max_: Browser, store: Store, layout: Layout, clock: Clock
) -> None:
    assert "nav-badge" not in olive.get("/timeline").text
    add_photo(store, layout)
    assert "nav-badge" in olive.get("/timeline").text
    assert "nav-badge" not in max_.get("/timeline").text
    rows.safe(store, clock())
    assert "nav-badge" not in olive.get("/timeline").text


def test_every_button_leaves_a_request_and_twice_is_once(olive: Browser, store: Store, clock: Clock) -> None:
    home, _ = rows.safe(store, clock())
    for verb in ("run", "check", "drill", "run"):
        assert olive.post(f"/backup/{verb}", data={"repository": home}).status_code == 303
    with store.read() as reader:
        asked = reader.all("SELECT verb, repository_id, state FROM backup_request ORDER BY id")
    assert asked == [("run", home, "waiting"), ("check", home, "waiting"), ("drill", home, "waiting")]
    assert "A drill was asked for and begins soon." in olive.get("/backup").text


def test_a_copy_is_paused_and_goes_on(olive: Browser, store: Store, clock: Clock) -> None:
    home, _ = rows.safe(store, clock())
    olive.post("/backup/pause", data={"repository": home})
    assert "is paused" in olive.get("/backup").text
    olive.post("/backup/resume", data={"repository": home})
    assert "is paused" not in olive.get("/backup").text


def test_what_cannot_be_meant_is_said_beside_the_form_and_no_secret_comes_back(olive: Browser) -> None:
    page = olive.post(
        "/backup/add", data={"kind": "s3", "name": "Rented", "address": "ftp://x", "user": "AKID", "password": "s3cret-key"}
    )
    assert page.status_code == 422
    assert "is not the address of a repository" in page.text
    assert 'value="Rented"' in page.text
    assert "s3cret-key" not in page.text


def test_a_copy_is_added_backed_up_and_drilled_from_the_browser(
    olive: Browser, store: Store, layout: Layout, process: Serving, tmp_path: Path
) -> None:
    real.library(store, layout)
    form = {"kind": "local", "name": "Shelf", "address": str(tmp_path / "shelf"), "passphrase": "my own old one"}
    page = olive.post("/backup/add", data=form)
    with store.read() as reader:
        assert "my own" not in str(reader.all("SELECT * FROM backup_request"))
    (wish,) = layout.backup_given.iterdir()
    assert wish.stat().st_mode & 0o077 == 0
    assert "Waiting for the backup process" in olive.get(page.headers["location"]).text
    assert process.step()
    assert not wish.exists()
    assert "Shelf was made. The first backup begins by itself." in olive.get(page.headers["location"]).text
    assert process.step()
    assert process.step()
    olive.post("/backup/drill", data={"repository": "1"})
    assert process.step()
    page = olive.get("/backup")
    assert "Shelf” lies on the library" in page.text
    assert "it does not count as a copy" in page.text
    certificate = re.search(r"/backup/drills/\d+", page.text)
    assert certificate
    assert "9 originals and the database were restored, and each is what it should be." in olive.get(certificate[0]).text


def test_a_place_that_is_not_there_is_said_with_what_to_do(olive: Browser, process: Serving, tmp_path: Path) -> None:
    form = {"kind": "local", "name": "Shelf", "address": str(tmp_path / "no" / "shelf")}
    page = olive.post("/backup/add", data=form)
    process.step()
    told = olive.get(page.headers["location"]).text
    assert "There is no folder" in told
    assert "Fill in the form again" in told


@pytest.fixture
def backed_up(store: Store, layout: Layout, clock: Clock, tmp_path: Path) -> Box:
    real.library(store, layout)
    box = Box(store, layout, clock)
    real.backed_up(box, real.add(box, tmp_path / "shelf"))
    return box


def test_a_selection_is_restored_to_a_folder_of_the_box(
    olive: Browser, cast: dict[str, Viewer], store: Store, layout: Layout, backed_up: Box, process: Serving, clock: Clock
) -> None:
    viewer = cast["Olive"]
    assert isinstance(viewer, Owner)
    with store.write() as writer:
        selection = selections.keep(writer, viewer, [2, 3], now=clock())
    assert "2 originals" in olive.get(f"/backup/restore?selection={selection}").text
    page = olive.post("/backup/restore", data={"selection": selection, "into": "folder"})
    process.step()
    assert "2 originals are back in" in olive.get(page.headers["location"]).text
    assert len(list(layout.restored.rglob("*.jpg"))) == 2


def test_everything_goes_back_into_place_but_over_nothing_that_differs(
    olive: Browser, store: Store, layout: Layout, backed_up: Box, process: Serving
) -> None:
    layout.original("2019/2019-07-14/photo 0.jpg").unlink()
    layout.original("2021/2021-07-14/photo 1.jpg").write_text("mine")
    olive.post("/backup/restore", data={"everything": "true", "into": "place"})
    process.step()
    said = newest(store).said
    assert "1 original is back in its place" in said
    assert "Left as they are, because other files stand in their place (1): originals/2021/2021-07-14/photo 1.jpg." in said
    assert layout.original("2021/2021-07-14/photo 1.jpg").read_text() == "mine"


def again(box: Box, number: int) -> Repository:
    with box.store.read() as reader:
        return repositories.get(reader, number)


def test_a_rotten_original_is_listed_and_put_back_with_one_click(
    olive: Browser, store: Store, layout: Layout, backed_up: Box, process: Serving, clock: Clock
) -> None:
    file = layout.original("2019/2019-07-14/photo 0.jpg")
    before = file.read_bytes()
    real.flip(file)
    clock.advance(minutes=1)
    real.backed_up(backed_up, again(backed_up, 1))
    page = olive.get("/backup/files").text
    assert "photo 0.jpg" in page
    assert "Put the good version back" in page
    assert "Not safe:" in olive.get("/backup").text
    olive.post("/backup/mend", data={"path": "originals/2019/2019-07-14/photo 0.jpg"})
    process.step()
    assert newest(store).said == "originals/2019/2019-07-14/photo 0.jpg is as it should be again."
    assert file.read_bytes() == before
    assert "Put the good version back" not in olive.get("/backup/files").text


def test_the_sheet_shows_the_passphrase_to_who_typed_the_password_just_now(
    olive: Browser, store: Store, layout: Layout, backed_up: Box, process: Serving, clock: Clock
) -> None:
    with store.read() as reader:
        folder = reader.value("SELECT keys_folder FROM repository")
    passphrase = (layout.backup_keys / folder / "passphrase").read_text()
    waiting = olive.get("/backup/sheet").text
    assert "Waiting for the backup process" in waiting
    assert passphrase not in waiting
    process.sheets()
    page = olive.get("/backup/sheet").text
    assert passphrase in page
    assert "mantel backup restore --from ADDRESS" in page
    wrong = olive.post("/backup/sheet", data={"repository": 1, "passphrase": "guess"})
    assert wrong.status_code == 422
    assert "That is not the passphrase" in wrong.text
    typed = passphrase.upper().replace("-", " ")
    assert olive.post("/backup/sheet", data={"repository": 1, "passphrase": typed}).status_code == 303
    with store.read() as reader:
        assert reader.value("SELECT key_confirmed_at FROM repository") == clock()
        assert passphrase not in str(reader.all("SELECT * FROM backup_request"))
    clock.advance(minutes=11)
    later = olive.get("/backup/sheet")
    assert later.status_code in (303, 403)
    assert passphrase not in later.text


def test_what_was_handed_over_for_the_sheet_is_gone_after_half_an_hour(
    olive: Browser, layout: Layout, backed_up: Box, process: Serving, clock: Clock
) -> None:
    olive.get("/backup/sheet")
    process.sheets()
    assert list(layout.run.glob("sheet-*"))
    clock.advance(minutes=31)
    process.sheets()
    assert not list(layout.run.glob("sheet-*"))


def test_messages_are_set_tested_and_turned_off_from_the_browser(
    olive: Browser, store: Store, layout: Layout, clock: Clock, process: Serving
) -> None:
    assert "It is off: nothing is sent" in olive.get("/backup/telling").text
    with webhook() as hook:
        form = {"kind": "webhook", "url": f"http://127.0.0.1:{hook.port}/t0ken", "authorization": "s3cret-word", "box": "Attic"}
        page = olive.post("/backup/telling", data=form)
        process.tell()
        assert f"Messages go to 127.0.0.1:{hook.port}. Send a test" in olive.get(page.headers["location"]).text
        page = olive.post("/backup/telling/test")
        process.tell()
        assert "The other side says that it has the message." in olive.get(page.headers["location"]).text
    assert [document["text"] for _, _, document in hook.heard] == ["Mantel: this is a test"]
    page = olive.post("/backup/telling/test")
    process.tell()
    assert "The message could not be sent" in olive.get(page.headers["location"]).text
    shown = olive.get("/backup/telling").text
    assert f"Messages go to 127.0.0.1:{hook.port}" in shown
    assert "t0ken" not in shown
    olive.post("/backup/telling/off")
    assert "It is off: nothing is sent" in olive.get("/backup/telling").text
    process.tell()
    clock.advance(days=1)
    process.tell()
    assert not (layout.backup_keys / "telling").exists()


def test_setting_and_turning_off_messages_wants_the_password_again(olive: Browser, store: Store, clock: Clock) -> None:
    clock.advance(minutes=11)
    form = {"kind": "webhook", "url": "https://host.example/x"}
    assert 'name="own_password"' in olive.get("/backup/telling?kind=webhook").text
    for path in ("/backup/telling", "/backup/telling/off"):
        assert olive.post(path, data=form, headers={"Accept": "text/html"}).headers["location"].startswith("/confirm")
    with store.read() as reader:
        assert reader.value("SELECT count(*) FROM backup_request") == 0
    assert olive.post("/backup/telling", data=form | {"own_password": PASSWORD}).headers["location"] == "/backup/asked/1"


def test_a_place_for_messages_that_cannot_be_meant_is_said_beside_the_form(olive: Browser) -> None:
    form = {
        "kind": "mail",
        "server": "mail.example",
        "sender": "olive@mail.example",
        "recipient": "olive",
        "password": "s3cret-word",
    }
    page = olive.post("/backup/telling", data=form)
    assert page.status_code == 422
    assert "Both mail addresses are needed" in page.text
    assert 'value="olive@mail.example"' in page.text
    assert "s3cret-word" not in page.text
