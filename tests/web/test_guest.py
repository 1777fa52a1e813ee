"""What Gita, who was given a link, meets: the page, the door, what is counted, and what no page of hers can hold."""

import re
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from html.parser import HTMLParser
from statistics import median
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as trying
from hypothesis import strategies as st
from litestar import Litestar

from appliance.accounts import attempts
from appliance.accounts.viewer import Viewer
from appliance.app import create_guest_app
from appliance.settings import Settings
from appliance.store.db import Store
from appliance.store.layout import Layout
from appliance.web.contexts_guest import GuestPage, GuestTile
from appliance.web.guest import PER_LINK, until
from appliance.web.guest_answers import FILES, guest_page
from tests.conftest import START, Browser, Clock, add_photo
from tests.sharing.given import LINK_PASSWORD, PHOTO_FILES, VIDEO_FILES, WEEK_MS, Link, copy_of, share

Making = Callable[..., Link]


@pytest.fixture
def photo(store: Store, layout: Layout, cast: dict[str, Viewer]) -> int:
    assert cast
    return copy_of(store, layout, add_photo(store, layout), PHOTO_FILES)


@pytest.fixture
def making(store: Store, photo: int) -> Making:
    return partial(share, store, [photo])


@pytest.fixture
def gita(guest_app: Litestar) -> Browser:
    return Browser(guest_app)


def unlock(browser: Browser, link: Link, password: str = LINK_PASSWORD) -> int:
    return browser.post(link.path + "/unlock", data={"password": password}).status_code


def row(store: Store, link: Link) -> tuple[int, int | None]:
    """(views, last_opened_at)"""
    with store.read() as reader:
        views, last = reader.one("SELECT views, last_opened_at FROM share_link WHERE id=?", (link.id,))
    return views, last


def opens(store: Store, link: Link) -> list[str]:
    with store.read() as reader:
        return [what for (what,) in reader.all("SELECT what FROM share_open WHERE link_id=? ORDER BY id", (link.id,))]


# the page


def test_the_page_shows_title_count_and_end_and_every_picture_lazily(
    gita: Browser, store: Store, layout: Layout, photo: int
) -> None:
    video = copy_of(store, layout, add_photo(store, layout, "party.mp4"), VIDEO_FILES)
    link = share(store, [photo, video, photo], title="Ten days in Lisbon")
    page = gita.get(link.path).text
    assert "<h1>Ten days in Lisbon</h1>" in page
    assert f"2 photos and 1 video, until {until(START + WEEK_MS, START)}" in page
    images = re.findall(r"<img [^>]*>", page)
    assert len(images) == 3
    assert all('loading="lazy"' in image and 'width="1600" height="1200"' in image for image in images)
    assert "Download all" in page
    assert "0:02" in page


def test_a_link_without_a_title_says_something_kind(gita: Browser, making: Making) -> None:
    assert "<h1>Photos for you</h1>" in gita.get(making().path).text


def test_the_day_of_its_end_has_a_year_only_when_it_is_another() -> None:
    noon = 1_750_000_000_000  # 15 June 2025
    day = 24 * 3_600_000
    assert until(noon + 10 * day, noon) == "25 June"
    assert until(noon + 300 * day, noon) == "11 April 2026"


def test_a_photo_has_a_page_of_its_own_and_leads_to_its_neighbours(gita: Browser, store: Store, photo: int) -> None:
    link = share(store, [photo, photo, photo])
    first, middle, last = (gita.get(f"{link.path}/{number}").text for number in (1, 2, 3))
    assert f'href="{link.path}/2" rel="next"' in first
    assert 'rel="prev"' not in first
    assert f'href="{link.path}/1" rel="prev"' in middle
    assert f'href="{link.path}/3" rel="next"' in middle
    assert 'rel="next"' not in last
    assert "2 of 3" in middle


def test_what_the_maker_may_no_longer_see_is_gone_from_the_link(gita: Browser, store: Store, layout: Layout, photo: int) -> None:
    """Olive hides what Max shared; Max no longer sees it, and neither does Gita. What lies in the trash, nobody sees."""
    hidden = copy_of(store, layout, add_photo(store, layout, "second.jpg"), PHOTO_FILES)
    link = share(store, [photo, hidden], made_by=2)
    assert gita.get(link.path + "/2/view").status_code == 200
    with store.write() as writer:
        writer.run("UPDATE asset SET hidden=1 WHERE file_name='second.jpg'")
    assert gita.get(link.path + "/2/view").status_code == 404
    assert gita.get(link.path).text.count("<img") == 1
    with store.write() as writer:
        writer.run("UPDATE asset SET deleted_at=1")
    assert "There is nothing in this link any more" in gita.get(link.path).text
    assert gita.get(link.path + "/all.zip").status_code == 404


def test_what_is_taken_back_is_gone_in_the_same_second(gita: Browser, store: Store, making: Making) -> None:
    link = making(title="Sea")
    parts = ("", "/1", "/1/thumb", "/1/view", "/1/file", "/all.zip")
    tags = {part: gita.get(link.path + part).headers.get("etag", "*") for part in parts}
    with store.write() as writer:
        writer.run("UPDATE share_link SET state='revoked' WHERE id=?", (link.id,))
    for part, tag in tags.items():
        assert gita.get(link.path + part).status_code == 404
        assert gita.get(link.path + part, headers={"if-none-match": tag}).status_code == 404, "not even “you have it already”"


# headers


def test_every_answer_carries_the_guests_own_headers(gita: Browser, making: Making) -> None:
    link = making(password=True)
    for path in (link.path, "/s/" + "B" * 43, "/", "/s/static/guest.css"):
        headers = gita.get(path).headers
        policy = dict(part.strip().partition(" ")[::2] for part in headers["content-security-policy"].split(";"))
        assert policy["default-src"] == "'none'"
        assert {policy[name] for name in ("script-src", "style-src", "img-src", "media-src", "form-action")} == {"'self'"}
        assert headers["referrer-policy"] == "no-referrer"
        assert "noindex" in headers["x-robots-tag"]
        assert headers["x-content-type-options"] == "nosniff"


def test_no_browser_may_use_a_picture_again_without_asking(gita: Browser, making: Making) -> None:
    link = making()
    for part in ("/1/thumb", "/1/view", "/1/file"):
        answer = gita.get(link.path + part)
        assert answer.headers["cache-control"] == "private, no-cache"
        known = gita.get(link.path + part, headers={"if-none-match": answer.headers["etag"]})
        assert (known.status_code, known.content) == (304, b"")
    for part in ("", "/1", "/all.zip"):
        assert gita.get(link.path + part).headers["cache-control"] == "no-store"


def test_pictures_have_the_type_of_their_file_and_come_in_ranges(
    gita: Browser, store: Store, layout: Layout, making: Making
) -> None:
    link = making()
    assert gita.get(link.path + "/1/thumb").headers["content-type"] == "image/webp"
    assert gita.get(link.path + "/1/view").headers["content-type"] == "image/jpeg"
    video = copy_of(store, layout, add_photo(store, layout, "party.mp4"), VIDEO_FILES)
    part = gita.get(share(store, [video]).path + "/1/view", headers={"range": "bytes=5-6"})
    assert (part.status_code, part.content, part.headers["content-type"]) == (206, b"of", "video/mp4")
    assert part.headers["content-range"] == "bytes 5-6/15"


def test_two_links_to_one_picture_cannot_be_told_to_show_the_same(gita: Browser, making: Making) -> None:
    one, other = (gita.get(making().path + "/1/view").headers["etag"] for _ in range(2))
    assert one != other


def test_files_are_called_by_their_place_alone(gita: Browser, store: Store, layout: Layout, photo: int) -> None:
    video = copy_of(store, layout, add_photo(store, layout, "party.mp4"), VIDEO_FILES)
    link = share(store, [photo, video])
    assert gita.get(link.path + "/1/file").headers["content-disposition"] == "attachment; filename*=UTF-8''photo-001.jpg"
    assert gita.get(link.path + "/2/file").headers["content-disposition"] == "attachment; filename*=UTF-8''video-002.mp4"


def test_the_guests_port_has_exactly_its_own_files(gita: Browser) -> None:
    for name in FILES:
        answer = gita.get(f"/s/static/{name}")
        assert answer.status_code == 200
        assert b"/static/" not in answer.content.replace(b"/s/static/", b"")
    assert {gita.get(f"/s/static/{name}").status_code for name in ("grid.js", "..", "css", "tokens.css.map")} == {404}


# counting


def test_an_open_link_counts_each_opening_and_sets_no_cookie(gita: Browser, store: Store, clock: Clock, making: Making) -> None:
    link = making()
    for _ in range(2):
        assert "set-cookie" not in gita.get(link.path).headers
    assert row(store, link) == (2, clock.now)
    assert opens(store, link) == ["page", "page"]


def test_going_back_from_a_photo_and_looking_at_pictures_opens_nothing_anew(gita: Browser, store: Store, making: Making) -> None:
    link = making()
    back = re.search(r'href="([^"#]+)[^"]*" data-step="up"', gita.get(link.path + "/1").text)
    assert back
    assert gita.get(back[1]).status_code == 200
    gita.get(link.path + "/1/view")
    assert row(store, link)[0] == 0
    assert opens(store, link) == []


def test_files_and_the_zip_are_noted_once_each_not_for_every_range(gita: Browser, store: Store, making: Making) -> None:
    link = making()
    gita.get(link.path + "/1/file")
    gita.get(link.path + "/1/file", headers={"range": "bytes=4-"})
    gita.get(link.path + "/all.zip")
    assert opens(store, link) == ["file", "zip"]
    with store.read() as reader:
        assert reader.value("SELECT address FROM share_open LIMIT 1") == "testclient"


def test_opens_are_forgotten_after_thirty_days_and_never_fill_the_disk(
    gita: Browser, store: Store, clock: Clock, making: Making, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = making(expires_at=START + 60 * 24 * 3_600_000)
    gita.get(link.path)
    clock.advance(days=31)
    gita.get(link.path + "/1/file")
    assert opens(store, link) == ["file"]
    monkeypatch.setattr("appliance.sharing.guests.MOST_KEPT", 3)
    for _ in range(5):
        gita.get(link.path)
    assert opens(store, link) == ["page"] * 3


def test_only_a_person_who_opens_is_counted_where_views_are_limited(guest_app: Litestar, store: Store, making: Making) -> None:
    """A messenger that looks for a preview uses up nothing; who opened may come back; who comes late finds nothing."""
    link = making(most_views=2)
    preview, gita, gus, late = (Browser(guest_app) for _ in range(4))
    for _ in range(3):
        assert "limited number of times" in preview.get(link.path).text
    for guest in (gita, gus):
        assert unlock(guest, link) == 303
        for part in ("", "/1", "/1/view", "/all.zip", ""):
            assert guest.get(link.path + part).status_code == 200
        assert unlock(guest, link) == 303, "pressed twice"
    assert row(store, link)[0] == 2
    assert {late.get(link.path).status_code, unlock(late, link), late.get(link.path + "/1/view").status_code} == {404}
    assert gita.get(link.path + "/1/view").status_code == 200
    assert preview.get(link.path + "/1/view").status_code == 404


# the door


def test_the_right_password_opens_this_link_and_no_other(gita: Browser, making: Making) -> None:
    link, other = making(password=True, title="Sea"), making(password=True)
    door = gita.get(link.path)
    assert 'type="password"' in door.text
    assert "Sea" not in door.text
    assert "set-cookie" not in door.headers
    answer = gita.post(link.path + "/unlock", data={"password": LINK_PASSWORD})
    assert (answer.status_code, answer.headers["location"]) == (303, link.path)
    words = [word.strip() for word in answer.headers["set-cookie"].lower().split(";")]
    assert f"path={link.path}".lower() in words
    assert {"httponly", "samesite=lax", f"max-age={WEEK_MS // 1000}"} <= set(words)
    assert "<h1>Sea</h1>" in gita.get(link.path).text
    assert gita.get(link.path + "/1/view").status_code == 200
    assert 'type="password"' in gita.get(other.path).text
    assert gita.get(other.path + "/1/view").status_code == 404


@pytest.mark.parametrize(
    ("changed", "secure"),
    [
        ({}, False),
        ({"https": True}, True),
        ({"share_address": "https://p.example"}, True),
        ({"share_address": "http://p.example"}, False),
    ],
)
def test_the_cookie_is_secure_where_guests_come_by_https(
    settings: Settings, clock: Clock, making: Making, changed: dict[str, Any], secure: bool
) -> None:
    app = create_guest_app(replace(settings, **changed), clock)
    answer = Browser(app).post(making(password=True).path + "/unlock", data={"password": LINK_PASSWORD})
    assert ("secure" in answer.headers["set-cookie"].lower()) is secure
    app.state.guest_side.store.close()


def test_a_wrong_password_is_told_at_the_door_and_noted(gita: Browser, store: Store, making: Making) -> None:
    link = making(password=True)
    answer = gita.post(link.path + "/unlock", data={"password": "guess"})
    assert answer.status_code == 401
    assert "That password does not open this link" in answer.text
    assert "set-cookie" not in answer.headers
    assert gita.get(link.path + "/1/view").status_code == 404
    assert opens(store, link) == ["wrong password"]
    assert row(store, link)[0] == 0


def test_a_password_in_the_address_opens_nothing(gita: Browser, making: Making) -> None:
    link = making(password=True)
    assert 'type="password"' in gita.get(link.path, params={"password": LINK_PASSWORD}).text
    assert gita.get(link.path + "/1/view", params={"password": LINK_PASSWORD}).status_code == 404


def test_guessing_is_slow_for_a_link_whoever_guesses_and_for_one_that_is_not_there(
    gita: Browser, store: Store, clock: Clock, making: Making
) -> None:
    real, none = making(password=True), Link(0, "B" * 43)
    for link in (real, none):
        subject = attempts.Subject(f"link:{attempts.name(link.token).key}", PER_LINK)
        for _ in range(PER_LINK):
            with store.write() as writer:
                attempts.begin(writer, "share", [subject], clock.now)
    refused = [gita.post(link.path + "/unlock", data={"password": LINK_PASSWORD}) for link in (real, none)]
    assert [answer.status_code for answer in refused] == [429, 429]
    assert refused[0].content == refused[1].content
    clock.advance(minutes=16)
    assert [unlock(gita, link) for link in (real, none)] == [303, 404]


def test_an_address_that_guesses_at_many_links_is_stopped(gita: Browser, store: Store, clock: Clock, making: Making) -> None:
    for _ in range(attempts.PER_ADDRESS):
        with store.write() as writer:
            attempts.begin(writer, "share", [attempts.address("testclient")], clock.now)
    assert unlock(gita, making(password=True)) == 429


def test_a_link_that_is_not_there_takes_as_long_as_a_wrong_password(gita: Browser, making: Making) -> None:
    def seconds(link: Link) -> float:
        start = time.process_time()
        unlock(gita, link, "guess")
        return time.process_time() - start

    there, none = making(password=True), Link(0, "B" * 43)
    seconds(none)
    known, unknown = ([seconds(link) for _ in range(4)] for link in (there, none))
    assert 0.5 < median(known) / median(unknown) < 2


def test_the_key_of_the_cookies_is_made_once_and_outlives_a_restart(
    gita: Browser, app: Litestar, layout: Layout, making: Making
) -> None:
    link = making(password=True)
    unlock(gita, link)
    key = layout.keys / "guests"
    assert key.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in layout.keys.iterdir() if path.is_file()] == ["guests"]
    at_home = Browser(app)
    at_home.cookies = gita.cookies
    assert at_home.get(link.path + "/1/view").status_code == 200, "the other port knows the same cookie"
    key.unlink()
    assert gita.get(link.path + "/1/view").status_code == 404


def test_a_session_of_the_house_opens_no_door(app: Litestar, cast: dict[str, Viewer], making: Making) -> None:
    link = making(password=True)
    assert Browser(app).enter(cast["Olive"]).get(link.path + "/1/view").status_code == 404


# hostile words


class Skeleton(HTMLParser):
    """The elements of a page with their attributes and order; of its words, only those that differ in no page."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.titles: list[str] = []
        self.open = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open = tag
        self.parts.append(f"<{tag} {[(name, '' if name == 'aria-label' else value) for name, value in attrs]}>")

    def handle_endtag(self, tag: str) -> None:
        self.open = ""
        self.parts.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if self.open in ("title", "h1"):
            self.titles.append(data)

    def handle_comment(self, data: str) -> None:
        self.parts.append(f"<!--{data}-->")


def skeleton(title: str) -> Skeleton:
    tile = GuestTile(1, "/s/t/1", "/s/t/1/thumb", "/s/t/1/view", "", 150, 3, 2, "Photo 1", "")
    page = GuestPage(title, "1 photo, until 10 December", (tile,), "/s/t/all.zip", "3.1 MB", "/s/t/send", "")
    read = Skeleton()
    read.feed(guest_page("guest/page.html", page).content)
    read.close()
    return read


PLAIN = skeleton("Sea").parts
PIECES = (
    "<", ">", '"', "'", "&", "</title>", "</h1>", "<script>", "{{ 7*7 }}", "{% raw %}", "-->", "<!--", "]]>", "\0", "\u202e", "`",
)  # fmt: skip
HOSTILE = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=12).map("".join)


@given(title=HOSTILE)
@example(title='"><img src=x onerror=alert(1)><script>alert(2)</script>')
@example(title="</title></head><body onload=alert(1)>")
@trying(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_title_changes_the_structure_of_the_page(title: str) -> None:
    read = skeleton(title)
    assert read.parts == PLAIN


def test_a_hostile_title_is_shown_as_it_was_written(gita: Browser, making: Making) -> None:
    title = '</title><script>alert(1)</script>{{ 7*7 }} & "x"'
    read = Skeleton()
    read.feed(gita.get(making(title=title).path).text)
    assert "".join(read.titles) == title + title
