"""The household's pages of sharing: before, the list, one link."""

import re
from base64 import urlsafe_b64decode
from hashlib import sha256
from html import unescape

import pytest
from litestar import Litestar

from appliance.accounts.viewer import Viewer
from appliance.library import selections
from appliance.sharing.links import DAY_MS, Options
from appliance.store.db import Store
from appliance.store.layout import Layout
from tests.conftest import HOST, PASSWORD, START, Browser, Clock, add_photo
from tests.sharing.links_made import fail_next, family, link_of, make_all, share

HOSTILE = '"><script>alert(1)</script>'


@pytest.fixture
def photos(store: Store, layout: Layout) -> list[int]:
    return [add_photo(store, layout, name) for name in ("beach.jpg", "dog.jpg", "tram.jpg")]


def select(store: Store, viewer: Viewer, assets: list[int]) -> int:
    with store.write() as writer:
        return selections.keep(writer, family({"one": viewer}, "one"), assets, now=START)


@pytest.fixture
def selection(store: Store, cast: dict[str, Viewer], photos: list[int]) -> int:
    return select(store, cast["Olive"], photos)


def make(browser: Browser, selection: int, **fields: str) -> int:
    """Make a link and return its id."""
    answer = browser.post("/shares", data={"selection": str(selection), "downloads": "yes"} | fields)
    assert answer.status_code == 303, answer.text
    return int(answer.headers["location"].removeprefix("/shares/"))


def address_on(browser: Browser, link: int) -> str | None:
    found = re.search(r'id="address" type="text" readonly value="([^"]*)"', browser.get(f"/shares/{link}").text)
    return found[1] if found else None


def test_one_click_makes_a_link_with_good_defaults(olive: Browser, store: Store, cast: dict[str, Viewer], selection: int) -> None:
    form = olive.get(f"/shares/new?selection={selection}").text
    assert "Share 3 photos and videos" in form
    fields = dict(re.findall(r'name="(\w+)"(?: type="\w+")? value="([^"]*)" checked', form)) | {"selection": str(selection)}
    assert fields["downloads"] == "yes"
    assert fields["size"] == "screen"
    assert "keep_location" not in fields
    assert '<option value="14" selected>14 days</option>' in form
    link = link_of(store, family(cast, "Olive"), make(olive, selection))
    assert (link.size, link.downloads, link.keep_location, link.has_password) == ("screen", True, False, False)
    assert (link.expires_at, link.items) == (START + 14 * DAY_MS, 3)


def test_the_address_is_shown_to_its_maker_for_a_while_and_kept_nowhere(
    app: Litestar, olive: Browser, store: Store, cast: dict[str, Viewer], clock: Clock, selection: int
) -> None:
    link = make(olive, selection)
    address = address_on(olive, link)
    assert address is not None
    assert address.startswith(f"http://{HOST}/s/")
    token = urlsafe_b64decode(address.rpartition("/")[2] + "=")
    with store.read() as reader:
        assert reader.value("SELECT token_hash FROM share_link WHERE id=?", (link,)) == sha256(token).digest()
    assert "A QR code" not in olive.get("/shares").text
    assert 'aria-label="The same address as a QR code"' in olive.get(f"/shares/{link}").text
    clock.advance(minutes=14)
    assert address_on(olive, link) == address  # copies are still being made, so somebody looks on
    clock.advance(minutes=14)
    assert address_on(olive, link) == address
    make_all(store)
    clock.advance(minutes=16)
    assert address_on(olive, link) is None


def test_the_owner_does_not_see_the_address_of_a_members_link(
    olive: Browser, max_: Browser, store: Store, cast: dict[str, Viewer], photos: list[int]
) -> None:
    link = make(max_, select(store, cast["Max"], photos))
    assert address_on(max_, link)
    assert address_on(olive, link) is None
    assert "Made by Max" in olive.get(f"/shares/{link}").text
    assert "Made by Max" in olive.get("/shares").text
    assert max_.get(f"/shares/{share(store, family(cast, 'Olive'), photos)}").status_code == 404


def test_every_choice_of_the_form_counts(olive: Browser, store: Store, cast: dict[str, Viewer], selection: int) -> None:
    link = make(
        olive, selection, title=" At  the sea ", size="full", days="30", password="long enough it is", most_views="5",
        keep_location="yes", downloads="",
    )  # fmt: skip
    made = link_of(store, family(cast, "Olive"), link)
    assert (made.title, made.size, made.expires_at) == ("At the sea", "full", START + 30 * DAY_MS)
    assert (made.has_password, made.most_views, made.keep_location, made.downloads) == (True, 5, True, False)
    with store.read() as reader:
        assert str(reader.value("SELECT password_hash FROM share_link")).startswith("$argon2id$")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"days": "0"}, "A link lives for 1 to 365 days"),
        ({"days": "soon"}, "How long a link lives is a whole number; “soon” is none."),
        ({"most_views": "-3"}, "How often a link may be opened is a whole number"),
        ({"password": "short"}, "The password needs at least 10 characters"),
        ({"title": "x" * 200}, "The title of a link has up to 120 characters"),
        ({"uploads_into": "one"}, "An album is a whole number"),
    ],
)
def test_what_is_amiss_is_said_above_the_form_as_it_was(
    olive: Browser, store: Store, selection: int, fields: dict[str, str], words: str
) -> None:
    answer = olive.post("/shares", data={"selection": str(selection), "title": f"Sea {HOSTILE}", "downloads": "yes"} | fields)
    assert answer.status_code in (400, 422)
    assert words in unescape(answer.text)
    if "title" not in fields:
        assert f"Sea {HOSTILE}" in unescape(answer.text)
    assert HOSTILE not in answer.text
    with store.read() as reader:
        assert not reader.value("SELECT 1 FROM share_link")


def test_a_browser_that_was_left_open_shares_nothing(olive: Browser, store: Store, clock: Clock, selection: int) -> None:
    clock.advance(minutes=15)
    form = olive.get(f"/shares/new?selection={selection}").text
    assert 'name="own_password"' in form
    for typed, words in (("", "asked for again"), ("wrong", "not your password")):
        answer = olive.post("/shares", data={"selection": str(selection), "own_password": typed, "title": "Kept"})
        assert answer.status_code in (401, 403)
        assert words in answer.text
        assert 'value="Kept"' in answer.text
    with store.read() as reader:
        assert not reader.value("SELECT 1 FROM share_link")
    make(olive, selection, own_password=PASSWORD)
    assert 'name="own_password"' not in olive.get(f"/shares/new?selection={selection}").text


def test_what_may_be_sensitive_can_be_left_out_and_put_back(
    olive: Browser, store: Store, cast: dict[str, Viewer], photos: list[int], selection: int
) -> None:
    with store.write() as writer:
        writer.run("INSERT INTO document(asset_id, kind, decided_by) VALUES(?,'identity','rules')", (photos[1],))
        writer.run("INSERT INTO document(asset_id, kind, decided_by) VALUES(?,'receipt','rules')", (photos[2],))
    before = olive.get(f"/shares/new?selection={selection}").text
    assert "One shows a passport" in before
    assert "One looks like a receipt." in before
    drop = f"/shares/new?selection={selection}&without=identity"
    assert drop in unescape(before)
    after = olive.get(drop).text
    assert "Share 2 photos" in after
    assert "1 photo of passports and cards left out." in after
    assert f'href="/shares/new?selection={selection}">Put back' in unescape(after)
    assert "without=identity&without=documents" in unescape(after)
    link = make(olive, selection, without="identity")
    with store.read() as reader:
        assert [row[0] for row in reader.all("SELECT asset_id FROM share_item WHERE link_id=?", (link,))] == [photos[0], photos[2]]


def test_a_selection_of_somebody_else_or_of_none_is_shared_by_nobody(max_: Browser, olive: Browser, selection: int) -> None:
    for path in (f"/shares/new?selection={selection}", "/shares/new?selection=99", f"/shares/new?selection={2**70}"):
        assert max_.get(path).status_code == 404
    assert max_.post("/shares", data={"selection": str(selection)}).status_code == 404
    assert "Choose photos first" in olive.get("/shares/new").text
    assert olive.post("/shares", data={"title": "Nothing"}).status_code == 404


def test_an_empty_list_says_what_to_do(olive: Browser) -> None:
    assert "Nothing is shared" in olive.get("/shares").text


def test_the_list_tells_of_each_link_how_it_is(
    olive: Browser, store: Store, cast: dict[str, Viewer], clock: Clock, photos: list[int]
) -> None:
    owner = family(cast, "Olive")
    live = share(store, owner, photos[:2], Options(f"Sea {HOSTILE}", most_views=9))
    make_all(store)
    share(store, owner, photos, Options("Stopped", size="full"))
    for _ in photos:
        fail_next(store, "It held a position")
    with store.write() as writer:
        writer.run("UPDATE share_link SET views=3, last_opened_at=? WHERE id=?", (START, live))
        writer.run("INSERT INTO share_open(link_id, at, address, what) VALUES(?,?,'192.168.1.77','page')", (live, START))
    clock.advance(days=1)
    text = unescape(olive.get("/shares").text)
    for words in (
        "2 photos, screen size (2048 px), 2 KB, can be saved",
        "Until 29 June 2025, 13 more days",
        "Opened 3 of 9 times, last seen 24 hours ago from 192.168.1.77",
        "3 copies could not be made. It held a position",
    ):
        assert words in text
    assert HOSTILE not in olive.get("/shares").text


def test_revoking_ends_a_link_and_deletes_its_files_at_once(
    olive: Browser, store: Store, layout: Layout, cast: dict[str, Viewer], clock: Clock, selection: int
) -> None:
    link = make(olive, selection)
    make_all(store, layout)
    assert len(list(layout.clean_copies.iterdir())) == 3
    clock.advance(minutes=60)  # without a password: it must be quick
    answer = olive.post(f"/shares/{link}/revoke")
    assert answer.headers["location"] == "/shares?said=revoked"
    assert list(layout.clean_copies.iterdir()) == []
    assert link_of(store, family(cast, "Olive"), link).state == "revoked"
    assert address_on(olive, link) is None
    page = olive.get("/shares?said=revoked").text
    assert "The address leads nowhere any more" in page
    assert "Revoked just now" in page


def test_a_link_is_extended_and_gets_another_password(
    olive: Browser, store: Store, cast: dict[str, Viewer], clock: Clock, photos: list[int]
) -> None:
    owner = family(cast, "Olive")
    link = share(store, owner, photos)
    make_all(store)
    clock.advance(minutes=5)
    assert olive.post(f"/shares/{link}/extend", data={"days": "30"}).headers["location"] == f"/shares/{link}?said=extended"
    assert link_of(store, owner, link).expires_at == clock.now + 30 * DAY_MS
    assert olive.post(f"/shares/{link}/password", data={"password": "another long one"}).headers["location"].endswith("password")
    assert link_of(store, owner, link).has_password
    assert olive.post(f"/shares/{link}/password", data={"password": "short"}).status_code == 422
    assert olive.post(f"/shares/{link}/password", data={"password": ""}).headers["location"].endswith("open")
    assert not link_of(store, owner, link).has_password
    assert olive.post(f"/shares/{link}/extend", data={"days": "9999"}).status_code == 400
    clock.advance(minutes=15)
    refused = olive.post(
        f"/shares/{link}/extend", data={"days": "30"}, headers={"accept": "text/html", "referer": f"http://{HOST}/shares/{link}"}
    )
    assert refused.headers["location"] == f"/confirm?then=/shares/{link}"


def test_a_lost_address_is_replaced_and_the_old_one_leads_nowhere(olive: Browser, store: Store, selection: int) -> None:
    link = make(olive, selection)
    first = address_on(olive, link)
    olive.post(f"/shares/{link}/address")
    second = address_on(olive, link)
    assert second and first and second != first
    token = urlsafe_b64decode(second.rpartition("/")[2] + "=")
    with store.read() as reader:
        assert reader.all("SELECT token_hash FROM share_link") == [(sha256(token).digest(),)]


def test_progress_leads_to_the_page_when_all_is_made(olive: Browser, store: Store, selection: int) -> None:
    link = make(olive, selection)
    page = olive.get(f"/shares/{link}").text
    assert f'hx-get="/shares/{link}/progress" hx-trigger="every 1s"' in page
    assert "Making clean copies: 0 of 3." in page
    make_all(store)
    ready = olive.get(f"/shares/{link}/progress", headers={"hx-request": "true"}).text
    assert f'hx-get="/shares/{link}" hx-trigger="load"' in ready
    assert olive.get(f"/shares/{link}/progress").headers["location"] == f"/shares/{link}"
    after = unescape(olive.get(f"/shares/{link}").text)
    assert "Removed: GPS position, 9 tags." in after
    assert after.count("Removed: GPS position, 3 tags.") == 3


def test_a_stopped_link_is_tried_again_or_goes_on_without(
    olive: Browser, store: Store, cast: dict[str, Viewer], selection: int
) -> None:
    link = make(olive, selection)
    fail_next(store, "It held a position")
    make_all(store)
    page = olive.get(f"/shares/{link}").text
    assert "Try again" in page
    assert "Leave that photo out" in page
    assert page.count("It held a position") == 2
    assert olive.post(f"/shares/{link}/again").status_code == 303
    assert link_of(store, family(cast, "Olive"), link).state == "making"
    fail_next(store)
    assert olive.post(f"/shares/{link}/leave-out").status_code == 303
    left = link_of(store, family(cast, "Olive"), link)
    assert (left.state, left.items) == ("live", 2)


def test_who_came_is_listed(olive: Browser, store: Store, cast: dict[str, Viewer], photos: list[int]) -> None:
    link = share(store, family(cast, "Olive"), photos)
    with store.write() as writer:
        for what in ("page", "zip", "file", "wrong password"):
            writer.run("INSERT INTO share_open(link_id, at, address, what) VALUES(?,?,'10.0.0.5',?)", (link, START, what))
    text = olive.get(f"/shares/{link}").text
    for words in ("looked at it", "saved all of it", "saved a photo", "typed a wrong password"):
        assert f"{words}, just now" in text


def test_an_address_of_this_machine_alone_is_no_use_to_guests(app: Litestar, cast: dict[str, Viewer], selection: int) -> None:
    olive = Browser(app)
    olive.base_url = "http://localhost"
    olive.enter(cast["Olive"])
    olive.cookies.set("mantel", olive.cookies["mantel"], domain="localhost.local")
    assert "works on this machine only" in olive.get(f"/shares/{make(olive, selection)}").text
