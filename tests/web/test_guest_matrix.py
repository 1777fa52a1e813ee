"""Who gets what behind a share link: every state of a link × every guest route × both ports × who asks.

Each refusal must be the same bytes: the same status, headers and body, whatever the reason, whoever asks and on whichever port.
A route that this table does not list fails.
"""

import secrets
from collections.abc import Callable
from functools import partial

import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute

from appliance.accounts.viewer import Viewer
from appliance.library import albums
from appliance.store.db import Store
from appliance.store.layout import Layout
from tests.conftest import HOST, START, Browser, add_photo
from tests.sharing.given import LINK_PASSWORD, PHOTO_FILES, VIDEO_FILES, Link, copy_of, link_hash, share

ROUTES = {  # as declared → (method, what stands behind /s/{token})
    "/s/{token:str}": ("GET", ""),
    "/s/{token:str}/unlock": ("POST", "/unlock"),
    "/s/{token:str}/send": ("POST", "/send"),
    "/s/{token:str}/all.zip": ("GET", "/all.zip"),
    "/s/{token:str}/{number:int}": ("GET", "/1"),
    "/s/{token:str}/{number:int}/thumb": ("GET", "/1/thumb"),
    "/s/{token:str}/{number:int}/view": ("GET", "/1/view"),
    "/s/{token:str}/{number:int}/file": ("GET", "/1/file"),
    "/s/{token:str}/{number:int}/poster": ("GET", "/2/poster"),
}
BELOW = [route for route in ROUTES.values() if route[1] not in ("", "/unlock")]

Making = Callable[..., Link]


@pytest.fixture
def making(store: Store, layout: Layout, cast: dict[str, Viewer]) -> Making:
    """Makes links to one photo and one video, into which guests may send."""
    assert cast
    copies = [
        copy_of(store, layout, add_photo(store, layout, name), files)
        for name, files in (("beach.jpg", PHOTO_FILES), ("party.mp4", VIDEO_FILES))
    ]
    with store.write() as writer:
        album = albums.make(writer, cast["Olive"], "Secret party", now=START)  # type: ignore[arg-type]
    return partial(share, store, copies, uploads_into=album)


def cookie_of(browser: Browser, link: Link) -> str:
    assert browser.post(link.path + "/unlock", data={"password": LINK_PASSWORD}).status_code == 303
    return str(next(cookie.value for cookie in browser.cookies.jar if cookie.path == link.path))


def revoked(store: Store, making: Making, browser: Browser) -> tuple[Link, str]:
    return making(state="revoked"), ""


def with_wrong_cookie(store: Store, making: Making, browser: Browser) -> tuple[Link, str]:
    return making(password=True), cookie_of(browser, making(password=True))


def with_new_password(store: Store, making: Making, browser: Browser) -> tuple[Link, str]:
    """It was unlocked, and then its password was changed (to another hash of the same: enough to tell them apart)."""
    link = making(password=True)
    cookie = cookie_of(browser, link)
    with store.write() as writer:
        writer.run("UPDATE share_link SET password_hash=? WHERE id=?", (link_hash() + " ", link.id))
    return link, cookie


def with_cookie_but_revoked(store: Store, making: Making, browser: Browser) -> tuple[Link, str]:
    link = making(password=True)
    cookie = cookie_of(browser, link)
    with store.write() as writer:
        writer.run("UPDATE share_link SET state='revoked' WHERE id=?", (link.id,))
    return link, cookie


def of_a_member_who_left(store: Store, making: Making, browser: Browser) -> tuple[Link, str]:
    with store.write() as writer:
        writer.run("UPDATE user SET disabled_at=1 WHERE name='Max'")
    return making(made_by=2), ""


def made(making: Making, **options: object) -> tuple[Link, str]:
    return making(**options), ""


CLOSED: dict[str, Callable[[Store, Making, Browser], tuple[Link, str]]] = {
    "unknown": lambda store, making, browser: (Link(0, "A" * 43), ""),
    "random": lambda store, making, browser: (Link(0, secrets.token_urlsafe(32)), ""),
    "no token": lambda store, making, browser: (Link(0, "static"), ""),
    "not ASCII": lambda store, making, browser: (Link(0, "ü" * 43), ""),
    "expired": lambda store, making, browser: made(making, expires_at=START),
    "revoked": revoked,
    "making": lambda store, making, browser: made(making, state="making"),
    "stopped": lambda store, making, browser: made(making, state="stopped"),
    "used up": lambda store, making, browser: made(making, most_views=2, views=2),
    "used up, with password": lambda store, making, browser: made(making, most_views=2, views=2, password=True),
    "unlocked, then revoked": with_cookie_but_revoked,
    "expired, with password": lambda store, making, browser: made(making, expires_at=START, password=True),
    "its member is disabled": of_a_member_who_left,
}
LOCKED: dict[str, Callable[[Store, Making, Browser], tuple[Link, str]]] = {
    "password not given": lambda store, making, browser: made(making, password=True),
    "invented cookie": lambda store, making, browser: (making(password=True), "A" * 43),
    "password of another link": with_wrong_cookie,
    "password changed since": with_new_password,
    "views left, not opened": lambda store, making, browser: made(making, most_views=2),
    "views left, invented cookie": lambda store, making, browser: (making(most_views=2), "A" * 43),
}


def ask(browser: Browser, link: Link, cookie: str, method: str, suffix: str) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
    headers = {"cookie": f"mantel-guest={cookie}"} if cookie else {}
    if method == "POST":
        sent = {"data": {"password": "x"}} if suffix == "/unlock" else {"files": {"files": ("a.jpg", b"picture")}}
    else:
        sent = {}
    answer = browser.request(method, link.path + suffix, headers=headers, **sent)
    kept = sorted((name, value) for name, value in answer.headers.items() if name != "date")
    return answer.status_code, tuple(kept), answer.content


@pytest.fixture
def askers(app: Litestar, guest_app: Litestar, cast: dict[str, Viewer]) -> dict[str, Callable[[], Browser]]:
    return {
        "Gita, at the guests' port": lambda: Browser(guest_app),
        "Gita, at home": lambda: Browser(app),
        "Olive, logged in": lambda: Browser(app).enter(cast["Olive"]),
    }


def test_the_table_lists_every_route_of_the_guests_side(guest_app: Litestar) -> None:
    declared = {
        (method, route.path)
        for route in guest_app.routes
        if isinstance(route, HTTPRoute)
        for method in set(route.methods) - {"OPTIONS", "HEAD"}
    }
    assert declared == {(method, path) for path, (method, _) in ROUTES.items()} | {("GET", "/s/static/{name:str}")}


@pytest.mark.parametrize("state", CLOSED)
def test_every_closed_link_gives_the_same_bytes(
    askers: dict[str, Callable[[], Browser]], store: Store, making: Making, state: str
) -> None:
    plain = ask(askers["Gita, at the guests' port"](), Link(0, "B" * 43), "", "GET", "")
    link, cookie = CLOSED[state](store, making, askers["Gita, at home"]())
    for who, browser in askers.items():
        for method, suffix in ROUTES.values():
            assert ask(browser(), link, cookie, method, suffix) == plain, (who, suffix)
    assert plain[0] == 404


@pytest.mark.parametrize("state", LOCKED)
def test_nothing_behind_a_locked_door_answers_otherwise_than_nothing_at_all(
    askers: dict[str, Callable[[], Browser]], store: Store, making: Making, state: str
) -> None:
    plain = ask(askers["Gita, at the guests' port"](), Link(0, "B" * 43), "", "GET", "/1/view")
    link, cookie = LOCKED[state](store, making, askers["Gita, at home"]())
    for who, browser in askers.items():
        for method, suffix in BELOW:
            assert ask(browser(), link, cookie, method, suffix) == plain, (who, suffix)
        assert ask(browser(), link, cookie, "GET", "")[0] == 200, "the door"


def test_a_live_link_answers_everything_alike_to_everybody(askers: dict[str, Callable[[], Browser]], making: Making) -> None:
    link = making(title="At the sea")
    for suffix in [suffix for method, suffix in ROUTES.values() if method == "GET"]:
        answers = {ask(browser(), link, "", "GET", suffix) for browser in askers.values()}
        assert len(answers) == 1, suffix
        assert {status for status, _, _ in answers} == {200}


def test_downloads_off_leaves_neither_file_nor_zip(askers: dict[str, Callable[[], Browser]], making: Making) -> None:
    link = making(downloads=False)
    browser = askers["Gita, at the guests' port"]()
    plain = ask(browser, Link(0, "B" * 43), "", "GET", "")
    for suffix, there in (("/1/view", True), ("/1/thumb", True), ("/1/file", False), ("/2/file", False), ("/all.zip", False)):
        got = ask(browser, link, "", "GET", suffix)
        assert (got == plain) is not there, suffix
    page = browser.get(link.path).text
    assert "all.zip" not in page
    assert "/file" not in page + browser.get(link.path + "/1").text


@pytest.mark.parametrize("suffix", ["/0", "/3/view", "/-1/view", "/99999999999999999999/view", "/1/poster", "/1/original", "/x"])
def test_places_that_a_link_does_not_have_look_like_no_link(
    askers: dict[str, Callable[[], Browser]], making: Making, suffix: str
) -> None:
    browser = askers["Gita, at the guests' port"]()
    plain = ask(browser, Link(0, "B" * 43), "", "GET", "")
    got = ask(browser, making(), "", "GET", suffix)
    assert got == plain


def test_nothing_can_be_sent_where_nothing_was_asked_for(askers: dict[str, Callable[[], Browser]], making: Making) -> None:
    browser = askers["Gita, at the guests' port"]()
    assert ask(browser, making(uploads_into=None), "", "POST", "/send") == ask(browser, Link(0, "B" * 43), "", "GET", "")


def test_no_other_route_of_the_house_answers_on_the_guests_port(
    app: Litestar, guest_app: Litestar, cast: dict[str, Viewer]
) -> None:
    """Walks every route of the household, as Olive with her session, by every method."""
    olive = Browser(app).enter(cast["Olive"])
    walker = Browser(guest_app)
    walker.headers["X-CSRF-Token"] = olive.headers["X-CSRF-Token"]
    walker.cookies.set("mantel", olive.cookies["mantel"], domain=HOST)
    plain = ask(walker, Link(0, "B" * 43), "", "GET", "")
    asked = 0
    for route in app.routes:
        path = route.path
        for kind, example in (("{name:path}", "css/tokens.css"), (":int}", "1"), (":str}", "x")):
            path = path.replace(kind, example) if kind[0] == "{" else "/".join(
                example if part.endswith(kind) else part for part in path.split("/")
            )  # fmt: skip
        for method in ("GET", "POST", "PUT", "DELETE", "PATCH"):
            answer = walker.request(method, path)
            kept = sorted((name, value) for name, value in answer.headers.items() if name != "date")
            assert (answer.status_code, tuple(kept), answer.content) == plain, (method, path)
            asked += 1
    assert asked > 200


def test_a_head_says_what_a_get_says_and_counts_nothing(
    askers: dict[str, Callable[[], Browser]], store: Store, making: Making
) -> None:
    link = making()
    for browser in askers.values():
        assert browser().head(link.path).status_code == 200
        assert browser().head(link.path + "/all.zip").content == b""
    with store.read() as reader:
        assert reader.value("SELECT views FROM share_link WHERE id=?", (link.id,)) == 0
        assert reader.value("SELECT count(*) FROM share_open") == 0
