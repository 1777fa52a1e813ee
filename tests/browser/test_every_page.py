"""Every page, light and dark, on a desk and on a phone: nothing for axe to say, nothing wider than the screen, nothing inline."""

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import PHONE, WIDE, Box
from tests.browser.library import PICTURES

PAGES = {
    "ask": "/",
    "found": "/ask?q=dog+on+a+beach",
    "filtered": "/ask?q=photos+from+Rome+in+2024",
    "no-match": "/ask?q=photos+from+Rome+in+1999",
    "proposal": "/ask/proposal?here=q%3Ddog%2Bin%2Bthe%2Beternal%2Bcity",
    "turn": "/conversations/1/1",
    "offer": "/conversations/1/2",
    "how-often": "/conversations/1/3",
    "about-the-box": "/ask?q=is+indexing+done%3F",
    "conversations": "/conversations",
    "deleted-conversation": "/conversations?deleted=99",
    "albums": "/albums",
    "album": "/albums/1",
    "maybe": "/ask?q=dessert",
    "like": "/ask?like=1",
    "timeline": "/timeline",
    "map": "/map",
    "selected-map": "/map?selection=1",
    "fix-time": "/fix-time?selection=1&change=shift+60",
    "action": "/actions/1",
    "map-photos": "/map/photos?west=10&south=40&east=14&north=43",
    "month": "/timeline?month=2023-12",
    "photo": "/photos/1",
    "text-photo": "/photos/7?q=Zimtsterne",
    "hostile-photo": f"/photos/{len(PICTURES)}",
    "video": f"/photos/{len(PICTURES) + 1}",
    "upload": "/upload",
    "indexing": "/indexing",
    "captions": "/captions",
    "hidden-captions": "/captions?show=hidden",
    "draft": "/photos/3?draft=caption",
    "inspections": "/inspections",
    "inspection": "/inspections/1",
    "share": "/shares/new?selection=1",
    "share-without": "/shares/new?selection=1&without=documents",
    "share-nothing": "/shares/new",
    "shares": "/shares",
    "share-link": "/shares/1",
    "share-over": "/shares/2",
    "models": "/models",
    "backup": "/backup",
    "backup-add": "/backup/add?kind=s3",
    "backup-files": "/backup/files",
    "backup-runs": "/backup/runs",
    "backup-drill": "/backup/drills/1",
    "backup-restore": "/backup/restore?asset=1",
    "backup-take-out": "/backup/take-out?asset=1",
    "backup-sheet": "/backup/sheet",
    "backup-telling": "/backup/telling",
    "backup-telling-mail": "/backup/telling?kind=mail",
    "settings": "/settings",
    "family": "/household",
    "nothing": "/photos/99999",
}
SIZES = {"wide": WIDE, "phone": PHONE}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
UNREACHABLE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
SMALL = """() => [...document.querySelectorAll('button, .button, .nav a, .chip, input:not([type=hidden]), select, summary')]
    .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.matches('mantel-upload input'))
    .map((one) => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
    .filter(([, box]) => box.height < 43.5 || box.width < 43.5).map(([text, box]) => `${text} ${box.width}x${box.height}`)"""
FINISHED = "() => document.getAnimations().filter((one) => one instanceof CSSTransition).forEach((one) => one.finish())"
INLINE = "() => document.querySelectorAll('[style], style, script:not([src]), [onclick], [onload], [onerror]').length"


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PAGES)
def test_axe_has_nothing_to_say(box: Box, name: str, size: str) -> None:
    """In the light, and in the dark that falls while the page is open: half of the time goes into loading it."""
    with box.page(SIZES[size], may_complain=name == "nothing") as page:
        page.goto(PAGES[name])
        page.wait_for_load_state("networkidle") if name not in ("indexing", "upload") else page.wait_for_timeout(300)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            page.evaluate(FINISHED)
            assert page.evaluate(UNREACHABLE) <= 0
            assert page.evaluate(INLINE) == 0
            if box.shots:
                box.shots.mkdir(exist_ok=True)
                page.screenshot(path=box.shots / f"{name}-{size}-{scheme}.png")
            assert_accessible(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/login", "/setup"])
def test_axe_has_nothing_to_say_to_strangers(box: Box, path: str, scheme: str) -> None:
    known, box.state = box.state, None
    try:
        with box.page(PHONE, scheme, may_complain=True) as page:
            page.goto(path)
            assert_accessible(page)
    finally:
        box.state = known


def test_what_is_pressed_on_a_phone_is_large_enough(box: Box) -> None:
    with box.page(PHONE) as page:
        for path in PAGES.values():
            if path != PAGES["nothing"]:
                page.goto(path)
                assert page.evaluate(SMALL) == [], path


def assert_accessible(page: Page) -> None:
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
