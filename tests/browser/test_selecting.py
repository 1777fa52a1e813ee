"""Selecting photos, the map, “More”: with the mouse, with the keyboard, without scripts."""

from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Box
from tests.browser.test_every_page import assert_accessible

COUNT = "[data-count]"


def test_a_click_a_range_and_keys_select_and_the_bar_says_how_many(box: Box) -> None:
    with box.page() as page:
        page.goto("/timeline")
        tiles = page.locator(".cell .tile")
        page.locator(".cell").nth(0).hover()
        page.locator(".pick").nth(0).click()
        expect(page.locator(COUNT)).to_have_text("1 selected")
        tiles.nth(3).click(modifiers=["Shift"])
        expect(page.locator(COUNT)).to_have_text("4 selected")
        tiles.nth(1).click()
        expect(page.locator(COUNT)).to_have_text("3 selected")
        tiles.nth(5).focus()
        page.keyboard.press("x")
        page.keyboard.press("Shift+ArrowRight")
        expect(page.locator(COUNT)).to_have_text("5 selected")
        assert_accessible(page)
        page.keyboard.press("Escape")
        expect(page.locator(".select-bar")).to_be_hidden()
        expect(page.locator(COUNT)).to_have_text("")


def test_a_favourite_is_made_and_undone_in_the_bar(box: Box) -> None:
    with box.page() as page:
        page.goto("/albums/1")
        page.locator(".choosing-mode").check()
        page.locator(".cell .tile").nth(0).click()
        bar = page.get_by_role("region", name="Selected photos")
        bar.get_by_role("button", name="Favourite").click()
        bar.get_by_text("1 photo made a favourite").wait_for()
        bar.get_by_role("button", name="Undo").click()
        bar.get_by_text("Undone.").wait_for()


def test_without_scripts_checkboxes_lead_to_the_map(box: Box) -> None:
    with box.page(PHONE, scripts=False) as page:
        page.goto("/timeline?month=2024-07")
        page.locator(".choosing-mode").check(force=True)
        page.locator(".pick input").nth(0).check(force=True)
        page.get_by_role("button", name="Show on map").click()
        page.get_by_role("heading", name="Selected photos").wait_for()
        expect(page.locator(".map-place")).to_have_count(1)
        page.locator(".map-place").click()
        page.get_by_role("heading", name="Near Rome").first.wait_for()


def test_the_map_moves_asks_only_this_box_and_opens_a_circle_by_keyboard(box: Box) -> None:
    with box.page() as page:
        page.goto("/map")
        world = page.locator(".map-world")
        before = world.get_attribute("viewBox")
        world.focus()
        with page.expect_response(lambda answer: "/map/places" in answer.url and answer.ok):
            page.keyboard.press("+")
        assert world.get_attribute("viewBox") != before
        with page.expect_response(lambda answer: "/map/places" in answer.url and answer.ok):
            page.keyboard.press("0")
        expect(page.locator(".map-place")).to_have_count(3)
        page.locator(".map-place").first.focus()
        page.keyboard.press("Enter")
        page.locator("#map-photos .tile").first.wait_for()
        assert_accessible(page)


def test_more_opens_with_the_keyboard_and_closes_with_escape(box: Box) -> None:
    with box.page(PHONE) as page:
        page.goto("/")
        more = page.locator(".nav-more summary")
        more.focus()
        page.keyboard.press("Enter")
        settings = page.get_by_role("navigation", name="Pages").get_by_role("link", name="Settings")
        expect(settings).to_be_visible()
        assert_accessible(page)
        page.keyboard.press("Escape")
        expect(settings).to_be_hidden()
        expect(more).to_be_focused()


def test_a_time_is_fixed_from_the_timeline_and_undone(box: Box) -> None:
    with box.page(PHONE, "dark") as page:
        page.goto("/timeline?month=2022-08")
        page.locator(".choosing-mode").check()
        page.locator(".cell .tile").nth(0).click()
        page.get_by_role("button", name="Fix time").click()
        page.get_by_label("Hours").fill("2")
        page.get_by_role("button", name="Show what it does").click()
        page.get_by_role("heading", name="Change 1 photo: 2 hours later").wait_for()
        assert_accessible(page)
        page.get_by_role("button", name="Change the time").click()
        page.get_by_text("1 photo changed: 2 hours later. The originals are as they were.").wait_for()
        assert_accessible(page)
        page.get_by_role("button", name="Undo").click()
        page.get_by_text("Undone.").wait_for()
