"""Gita opens links in a real browser: looks, turns, swipes, unlocks, sends; with scripts and without, on a desk and on a phone."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from appliance.accounts.viewer import Owner
from appliance.library import albums
from appliance.store.db import Store
from appliance.store.layout import Layout
from tests import drawn
from tests.browser.conftest import PHONE, WIDE, Box
from tests.browser.library import HOSTILE, painting
from tests.browser.test_every_page import INLINE, SMALL, UNREACHABLE, assert_accessible
from tests.conftest import START
from tests.sharing.given import LINK_PASSWORD, Link, copy_of, share

SIZES = {"wide": WIDE, "phone": PHONE}
SHAPES = ((900, 600), (600, 900), (1200, 500), (800, 800), (900, 675))
FAR = START + 20 * 365 * 24 * 3_600_000
FILM = 3  # its place in each link


@dataclass(frozen=True)
class Links:
    """`many` has two hundred photos, `sea` six and a film."""

    sea: Link
    many: Link
    locked: Link
    counted: Link
    sending: Link
    hostile: Link


def drawn_files(number: int, width: int, height: int) -> dict[str, bytes]:
    picture = painting(number, width, height)
    large, small = io.BytesIO(), io.BytesIO()
    picture.save(large, "JPEG", quality=85)
    picture.resize((width // 3, height // 3), Image.Resampling.LANCZOS).save(small, "WEBP")
    return {"file.jpg": large.getvalue(), "view.jpg": large.getvalue(), "thumb.webp": small.getvalue()}


@pytest.fixture(scope="module")
def links(box: Box, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Links]:
    layout = Layout(box.home)
    store = Store(layout.database, layout.database_copies)
    film = drawn.video(tmp_path_factory.mktemp("film") / "film.mp4", seconds=2).read_bytes()
    copies = []
    for number, (width, height) in enumerate(SHAPES, 1):
        copies.append(copy_of(store, layout, number, drawn_files(number, width, height), width=width, height=height))
    still = drawn_files(9, 640, 360)["thumb.webp"]
    files = {"file.mp4": film, "view.mp4": film, "thumb.webp": still, "poster.webp": still}
    copies.insert(FILM - 1, copy_of(store, layout, 6, files, width=640, height=360))
    with store.write() as writer:
        owner = Owner(writer.value("SELECT id FROM user WHERE name='Olive'"), "Olive")
        album = albums.make(writer, owner, "From our guests", now=START)
    yield Links(
        sea=share(store, copies, expires_at=FAR, title="Ten days at the sea"),
        many=share(store, [copies[number % 2] for number in range(200)], expires_at=FAR, title="Everything"),
        locked=share(store, copies, expires_at=FAR, password=True),
        counted=share(store, copies, expires_at=FAR, most_views=1000),
        sending=share(store, copies, expires_at=FAR, uploads_into=album, title="The wedding"),
        hostile=share(store, copies, expires_at=FAR, title=HOSTILE),
    )
    store.close()


@pytest.fixture
def gita(box: Box) -> Iterator[Box]:
    """The box as somebody sees it who is not logged in."""
    known, box.state = box.state, None
    yield box
    box.state = known


def pages(links: Links) -> dict[str, str]:
    return {
        "link": links.sea.path,
        "photo": links.sea.path + "/2",
        "film": f"{links.sea.path}/{FILM}",
        "door": links.locked.path,
        "counted-door": links.counted.path,
        "sending": links.sending.path,
        "hostile": links.hostile.path,
        "nothing": "/s/" + "B" * 43,
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["link", "photo", "film", "door", "counted-door", "sending", "hostile", "nothing"])
def test_axe_has_nothing_to_say_to_guests(gita: Box, links: Links, name: str, size: str, scheme: str) -> None:
    with gita.page(SIZES[size], scheme, may_complain=name == "nothing") as page:
        page.goto(pages(links)[name])
        page.wait_for_load_state("networkidle")
        assert page.evaluate(UNREACHABLE) <= 0
        assert page.evaluate(INLINE) == 0
        assert page.evaluate(SMALL) == []
        if gita.shots:
            gita.shots.mkdir(exist_ok=True)
            page.screenshot(path=gita.shots / f"guest-{name}-{size}-{scheme}.png")
        assert_accessible(page)


def count(page: Page) -> str:
    return page.locator(".viewer-count").inner_text()


def test_a_photo_opens_over_the_screen_and_the_keys_turn_and_close(gita: Box, links: Links) -> None:
    with gita.page() as page:
        page.goto(links.sea.path)
        page.get_by_role("link", name="Photo 2", exact=True).click()
        viewer = page.get_by_role("dialog")
        expect(viewer.get_by_role("img", name="Photo 2")).to_be_visible()
        assert count(page) == "2 of 6"
        assert_accessible(page)
        page.keyboard.press("ArrowRight")
        expect(viewer.locator("video")).to_be_visible()
        page.wait_for_function("() => document.querySelector('dialog video').readyState >= 2")
        assert page.url.endswith(f"{links.sea.path}/{FILM}")
        page.keyboard.press("End")
        assert count(page) == "6 of 6"
        expect(viewer.get_by_role("button", name="The next one")).to_be_hidden()
        page.keyboard.press("ArrowRight")
        assert count(page) == "6 of 6"
        assert viewer.get_by_role("link", name="Download").get_attribute("href").endswith("/6/file")  # type: ignore[union-attr]
        page.keyboard.press("Escape")
        expect(viewer).to_be_hidden()
        assert page.url.endswith(links.sea.path)
        expect(page.get_by_role("link", name="Photo 6")).to_be_focused()
        page.go_forward()
        expect(viewer).to_be_visible()
        page.go_back()
        expect(viewer).to_be_hidden()


def test_a_swipe_turns(gita: Box, links: Links) -> None:
    swipe = """([from, to]) => { const dialog = document.querySelector('dialog');
      for (const [name, x] of [['pointerdown', from], ['pointerup', to]])
        dialog.dispatchEvent(new PointerEvent(name, { pointerType: 'touch', clientX: x, clientY: 300, bubbles: true })); }"""
    with gita.page(PHONE) as page:
        page.goto(links.sea.path)
        page.get_by_role("link", name="Photo 1", exact=True).click()
        page.evaluate(swipe, [300, 100])
        assert count(page) == "2 of 6"
        page.evaluate(swipe, [100, 300])
        assert count(page) == "1 of 6"
        page.evaluate(swipe, [100, 120])
        assert count(page) == "1 of 6", "that was a tap"
        page.get_by_role("button", name="Close").click()
        expect(page.get_by_role("dialog")).to_be_hidden()


def test_without_scripts_every_photo_has_a_page(gita: Box, links: Links) -> None:
    with gita.page(scripts=False) as page:
        page.goto(links.sea.path)
        page.get_by_role("link", name="Photo 1", exact=True).click()
        page.get_by_role("link", name="The next one").click()
        assert page.url.endswith(f"{links.sea.path}/2")
        expect(page.get_by_role("img", name="Photo 2")).to_be_visible()
        page.get_by_role("link", name="All photos").click()
        expect(page.get_by_role("heading", name="Ten days at the sea")).to_be_visible()


def test_two_hundred_photos_are_fetched_as_they_come_into_sight(gita: Box, links: Links) -> None:
    with gita.page() as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url) if "/thumb" in request.url else None)
        page.goto(links.many.path)
        page.wait_for_load_state("networkidle")
        assert page.locator("a.tile").count() == 200
        assert 0 < len(asked) < 150
        page.locator("a.tile").last.scroll_into_view_if_needed()
        page.wait_for_function("() => [...document.querySelectorAll('a.tile img')].at(-1).complete")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_password_opens_the_door_in_a_real_browser(gita: Box, links: Links, scripts: bool) -> None:
    with gita.page(scripts=scripts, may_complain=True) as page:
        page.goto(links.locked.path)
        page.get_by_label("The password that came with the link").fill("guess")
        page.get_by_role("button", name="Show the photos").click()
        expect(page.get_by_role("alert")).to_contain_text("does not open this link")
        page.get_by_label("The password that came with the link").fill(LINK_PASSWORD)
        page.get_by_role("button", name="Show the photos").click()
        expect(page.get_by_role("link", name="Photo 1", exact=True)).to_be_visible()
        assert LINK_PASSWORD.replace(" ", "+") not in page.url
        (cookie,) = page.context.cookies()
        assert (cookie["path"], cookie["httpOnly"], cookie["sameSite"]) == (links.locked.path, True, "Lax")
        page.get_by_role("link", name="Photo 1", exact=True).click()
        expect(page.get_by_role("img", name="Photo 1").last).to_be_visible()


def test_a_counted_link_is_opened_by_a_press(gita: Box, links: Links) -> None:
    with gita.page() as page:
        page.goto(links.counted.path)
        page.get_by_role("button", name="Show the photos").click()
        expect(page.get_by_role("link", name="Photo 1", exact=True)).to_be_visible()
        page.reload()
        expect(page.get_by_role("link", name="Photo 1", exact=True)).to_be_visible()


def test_photos_are_sent_by_the_form_alone(gita: Box, links: Links, tmp_path: Path) -> None:
    (tmp_path / "mine.jpg").write_bytes(drawn.picture("jpeg"))
    with gita.page(scripts=False) as page:
        page.goto(links.sending.path)
        page.get_by_label("Photos and videos").set_input_files([tmp_path / "mine.jpg"])
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_role("status")).to_contain_text("1 file sent. Thank you.")


def test_a_hostile_title_stays_words(gita: Box, links: Links) -> None:
    with gita.page() as page:
        page.goto(links.hostile.path)
        expect(page.get_by_role("heading", name=HOSTILE)).to_be_visible()
        assert page.title() == HOSTILE
