"""Gita sends her photos through Olive's link; nothing of them is in the library before somebody of the house says so."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest
from litestar import Litestar

from appliance.accounts.viewer import Family, Viewer
from appliance.library import albums, leftovers
from appliance.settings import Settings
from appliance.sharing import links, sent
from appliance.store.db import Store
from appliance.store.layout import Layout
from appliance.web.rendering import environment
from appliance.web.shares_sent import sent_lines
from appliance.worker import Worker
from tests import drawn
from tests.conftest import START, Browser, Clock, add_photo
from tests.sharing.given import PHOTO_FILES, Link, copy_of, share

PICTURE = drawn.picture("jpeg")
Sharing = Callable[..., Link]


@pytest.fixture
def album(store: Store, cast: dict[str, Viewer]) -> int:
    with store.write() as writer:
        return albums.make(writer, family(cast["Olive"]), "From our guests", now=START)


@pytest.fixture
def sharing(store: Store, layout: Layout, album: int) -> Sharing:
    return partial(share, store, [copy_of(store, layout, add_photo(store, layout), PHOTO_FILES)], uploads_into=album)


@pytest.fixture
def gita(guest_app: Litestar) -> Browser:
    return Browser(guest_app)


@pytest.fixture
def worker(settings: Settings, store: Store, layout: Layout) -> Iterator[Worker]:
    made = Worker(settings, store, layout)
    yield made
    made.close()


def family(viewer: Viewer) -> Family:
    assert not hasattr(viewer, "share_id")
    return viewer


def send(browser: Browser, link: Link, *names: str, content: bytes = PICTURE) -> int:
    return browser.post(link.path + "/send", files=[("files", (name, content)) for name in names]).status_code


def kept(store: Store) -> list[tuple[str, str]]:
    with store.read() as reader:
        return [(name, state) for name, state in reader.all("SELECT file_name, state FROM share_sent ORDER BY id")]


def in_library(store: Store) -> int:
    with store.read() as reader:
        return int(reader.value("SELECT (SELECT count(*) FROM asset) + (SELECT count(*) FROM upload)"))


def test_what_is_sent_waits_and_is_nowhere_in_the_library(gita: Browser, store: Store, layout: Layout, sharing: Sharing) -> None:
    link, before = sharing(), in_library(store)
    assert "Send your photos too" in gita.get(link.path).text
    answer = gita.post(link.path + "/send", files=[("files", (name, PICTURE)) for name in ("a.jpg", "../b.jpg")])
    assert (answer.status_code, answer.headers["location"]) == (303, f"{link.path}?sent=2")
    assert "2 files sent. Thank you." in gita.get(answer.headers["location"]).text
    assert kept(store) == [("a.jpg", "waiting"), ("b.jpg", "waiting")]
    assert in_library(store) == before
    assert [path.read_bytes() for path in layout.incoming.iterdir()] == [PICTURE, PICTURE]
    with store.read() as reader:
        assert reader.value("SELECT views FROM share_link WHERE id=?", (link.id,)) == 1, "coming back after sending is no opening"


def test_what_waits_is_no_leftover_and_what_was_refused_is(
    gita: Browser, olive: Browser, store: Store, layout: Layout, sharing: Sharing, worker: Worker, clock: Clock
) -> None:
    send(gita, sharing(), "a.jpg")
    clock.advance(days=3)
    leftovers.sweep(store, layout, worker.intake, clock.now)
    assert len(list(layout.incoming.iterdir())) == 1
    assert olive.post("/shares/sent/1/refuse").status_code == 303
    assert kept(store) == [("a.jpg", "refused")]
    assert list(layout.incoming.iterdir()) == []
    assert olive.post("/shares/sent/1/accept").status_code == 404, "it is gone"


def test_what_is_taken_in_comes_into_the_album_through_the_same_sandbox(
    gita: Browser,
    olive: Browser,
    store: Store,
    layout: Layout,
    sharing: Sharing,
    worker: Worker,
    album: int,
    cast: dict[str, Viewer],
) -> None:
    link = sharing(expires_at=10 * START)  # the worker's clock is the real one, and it forgets what ended long ago
    send(gita, link, "a.jpg")
    send(gita, link, "no-picture.jpg", content=b"MZ not a picture")
    for number in (1, 2):
        answer = olive.post(f"/shares/sent/{number}/accept")
        assert (answer.status_code, answer.headers["location"]) == (303, f"/shares/{link.id}")

    def settled() -> bool:
        with store.read() as reader:
            return not reader.value("SELECT count(*) FROM upload WHERE state IN ('waiting','running')")

    worker.run(settled)
    with store.read() as reader:
        states = dict(reader.all("SELECT file_name, state FROM upload"))
        tiles = albums.tiles(reader, family(cast["Max"]), album, limit=9)
        actions = [action for (action,) in reader.all("SELECT action FROM audit WHERE action LIKE 'sent.%'")]
    assert states == {"a.jpg": "added", "no-picture.jpg": "refused"}
    assert len(tiles) == 1
    assert actions == ["sent.accepted", "sent.accepted"]


def test_the_maker_of_a_link_and_the_owner_judge_what_came_and_nobody_else(
    gita: Browser,
    app: Litestar,
    store: Store,
    sharing: Sharing,
    cast: dict[str, Viewer],
    olive: Browser,
    max_: Browser,
    kit: Browser,
) -> None:
    of_max, of_olive = sharing(made_by=2), sharing()
    send(gita, of_max, "to-max.jpg")
    send(gita, of_olive, "to-olive.jpg")
    with store.read() as reader:
        seen = {
            who: [line.file_name for link in (of_max, of_olive) for line in sent_lines(reader, family(cast[who]), link.id, START)]
            for who in ("Olive", "Max")
        }
    assert seen == {"Olive": ["to-max.jpg", "to-olive.jpg"], "Max": ["to-max.jpg"]}
    assert kit.post("/shares/sent/1/accept").status_code == 403
    assert max_.post("/shares/sent/2/accept").status_code == 404
    assert max_.post("/shares/sent/1/accept").status_code == 303
    assert olive.post("/shares/sent/2/accept").status_code == 303
    assert kept(store) == [("to-max.jpg", "accepted"), ("to-olive.jpg", "accepted")]


def test_a_hostile_name_is_shown_as_words(gita: Browser, store: Store, sharing: Sharing, cast: dict[str, Viewer]) -> None:
    link = sharing()
    send(gita, link, '"><img src=x onerror=alert(1)>.jpg')
    with store.read() as reader:
        lines = sent_lines(reader, family(cast["Olive"]), link.id, START)
    html = environment().get_template("shares/_sent.html").render(page={"sent": lines}, csrf="token")
    assert html.count("<img") == 1
    assert "onerror=alert(1)&gt;" in html
    assert html.count("/shares/sent/1/") == 3


def test_a_link_takes_so_many_files_and_no_more(
    gita: Browser, store: Store, layout: Layout, sharing: Sharing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sent, "MOST_FILES", 2)
    link, other = sharing(), sharing()
    assert send(gita, link, "1.jpg", "2.jpg", "3.jpg") == 422
    answer = gita.post(link.path + "/send", files={"files": ("4.jpg", PICTURE)})
    assert "This link takes up to 2 files" in answer.text
    assert [name for name, _ in kept(store)] == ["1.jpg", "2.jpg"]
    assert len(list(layout.incoming.iterdir())) == 2, "what came too much left nothing behind"
    assert send(gita, other, "1.jpg") == 303


def test_a_link_takes_so_many_bytes_and_no_more(
    gita: Browser, store: Store, layout: Layout, sharing: Sharing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sent, "MOST_BYTES", 3 * len(PICTURE))
    link = sharing()
    assert [send(gita, link, name) for name in ("1.jpg", "2.jpg", "3.jpg", "4.jpg")] == [303, 303, 422, 422]
    assert len(kept(store)) == len(list(layout.incoming.iterdir())) == 2


def test_another_site_cannot_make_a_guests_browser_send(gita: Browser, store: Store, sharing: Sharing) -> None:
    """Our own page's form carries `Origin: null`, as browsers do where no address may be told; that is no sign of another site."""
    link, files = sharing(), {"files": ("a.jpg", PICTURE)}
    foreign = gita.post(link.path + "/send", files=files, headers={"sec-fetch-site": "cross-site"})
    assert (foreign.status_code, kept(store)) == (403, [])
    own = gita.post(link.path + "/send", files=files, headers={"sec-fetch-site": "same-origin", "origin": "null"})
    assert (own.status_code, len(kept(store))) == (303, 1)


def test_an_empty_file_and_an_empty_form_are_told_and_leave_nothing(
    gita: Browser, store: Store, layout: Layout, sharing: Sharing
) -> None:
    link = sharing()
    empty = gita.post(link.path + "/send", files={"files": ("a.jpg", b"")})
    assert empty.status_code == 422
    assert "it is empty" in empty.text
    assert gita.post(link.path + "/send", files={"other": ("a.jpg", PICTURE)}).headers["location"] == link.path
    assert (kept(store), list(layout.incoming.iterdir())) == ([], [])


def test_what_waits_is_looked_at_through_the_sandbox(
    gita: Browser, olive: Browser, max_: Browser, kit: Browser, sharing: Sharing
) -> None:
    link = sharing()
    send(gita, link, "a.jpg")
    send(gita, link, "no-picture.jpg", content=b"MZ not a picture")
    shown = olive.get("/shares/sent/1/thumbnail")
    assert (shown.status_code, shown.headers["content-type"], shown.headers["cache-control"]) == (200, "image/webp", "no-store")
    assert shown.content[:4] == b"RIFF"
    assert PICTURE not in shown.content
    assert olive.get("/shares/sent/2/thumbnail").status_code == 422
    assert [browser.get("/shares/sent/1/thumbnail").status_code for browser in (max_, kit)] == [404, 403]
    olive.post("/shares/sent/1/accept")
    assert olive.get("/shares/sent/1/thumbnail").status_code == 404


def test_a_link_is_not_forgotten_while_what_came_through_it_is_on_its_way(
    gita: Browser, olive: Browser, store: Store, sharing: Sharing
) -> None:
    """Else what is taken in late would find no album."""
    send(gita, sharing(), "a.jpg")
    olive.post("/shares/sent/1/accept")

    def is_kept() -> bool:
        with store.write() as writer:
            links.tidy(writer, now=10 * START)
            return bool(writer.value("SELECT count(*) FROM share_link"))

    assert is_kept()
    with store.write() as writer:
        writer.run("UPDATE upload SET state='already_here'")
    assert not is_kept()
