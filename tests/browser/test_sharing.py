"""Sharing in a real browser: from a photo to a link, with and without scripts, and back to nothing."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, WIDE, Box
from tests.browser.test_every_page import INLINE, SMALL, UNREACHABLE, assert_accessible
from tests.conftest import PASSWORD


def share_first_photo(page: Page, title: str) -> None:
    page.goto("/photos/1")
    page.get_by_role("form", name="With this photo").get_by_role("button", name="Share").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Share 1 photo or video")
    page.get_by_label("Title").fill(title)
    confirm(page)
    page.get_by_role("button", name="Make the link").click()


def confirm(page: Page) -> None:
    """The test browser may have logged in more than ten minutes ago."""
    own = page.get_by_label("Your own password")
    if own.count():
        own.fill(PASSWORD)


def test_a_link_is_made_from_a_photo_and_becomes_live_before_ones_eyes(box: Box) -> None:
    with box.page() as page:
        share_first_photo(page, "At the sea")
        expect(page.locator(".state-live")).to_have_text("Live")
        address = page.get_by_label("Address of the link").input_value()
        assert address.startswith(f"{box.url}/s/")
        assert page.get_by_role("img", name="The same address as a QR code").bounding_box()
        page.get_by_role("button", name="Copy").click()
        expect(page.locator("mantel-copy [role=status]")).to_have_text("Copied.")
        page.get_by_text("Removed: GPS position").last.click()
        expect(page.get_by_text("EXIF:GPS:GPSLatitude", exact=False).first).to_be_visible()
        answer = page.request.get(address)
        assert answer.status == 200
        assert "At the sea" in answer.text()


def test_it_works_without_scripts_and_a_revoked_link_is_gone_at_once(box: Box) -> None:
    with box.page(PHONE, scripts=False) as page:
        share_first_photo(page, "Without scripts")
        for _ in range(600):
            if page.locator(".state-live").count():
                break
            page.wait_for_timeout(100)
            page.get_by_role("link", name="Look again").click()
        address = page.get_by_label("Address of the link").input_value()
        assert page.request.get(address).status == 200
        page.goto("/shares")
        page.locator(".share", has_text="Without scripts").get_by_role("button", name="Revoke").click()
        expect(page.get_by_role("status")).to_contain_text("The address leads nowhere any more")
        assert page.request.get(address).status == 404
        expect(page.locator(".shares-over")).to_contain_text("Without scripts")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_what_is_folded_away_is_accessible_too(box: Box, size: tuple[int, int], scheme: str) -> None:
    with box.page(size, scheme) as page:
        for path in ("/shares/new?selection=1", "/shares", "/shares/1"):
            page.goto(path)
            page.evaluate("() => document.querySelectorAll('main details').forEach((one) => (one.open = true))")
            assert page.evaluate(UNREACHABLE) <= 0, path
            assert page.evaluate(INLINE) == 0, path
            if size == PHONE:
                assert page.evaluate(SMALL.replace("document.querySelectorAll('", "document.querySelectorAll('main ", 1)) == [], (
                    path
                )
            if box.shots:
                name = path.strip("/").partition("?")[0].replace("/", "-")
                page.screenshot(path=box.shots / f"open-{name}-{size[0]}-{scheme}.png", full_page=True)
            assert_accessible(page)


def test_what_a_warning_names_is_left_out_and_put_back_by_keyboard(box: Box) -> None:
    with box.page() as page:
        page.goto("/shares/new?selection=1")
        expect(page.get_by_role("heading", level=1)).to_have_text("Share 5 photos and videos")
        page.locator("#warning-documents").get_by_role("link", name="Leave it out").press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Share 4 photos and videos")
        page.get_by_role("link", name="Put back").press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Share 5 photos and videos")
