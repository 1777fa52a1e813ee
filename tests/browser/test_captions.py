"""Captions in the browser: by mouse, by keys, and without scripts. What is judged here is taken back."""

from playwright.sync_api import expect

from tests.browser.conftest import Box


def test_keys_go_from_caption_to_caption_and_judge_them(box: Box) -> None:
    with box.page() as page:
        page.goto("/captions")
        items = page.locator(".review-item")
        page.keyboard.press("ArrowDown")
        expect(items.first).to_be_focused()
        page.keyboard.press("a")
        expect(items.first).to_contain_text("Accepted")
        expect(items.nth(1)).to_be_focused()
        page.keyboard.press("h")
        expect(items.nth(1)).to_contain_text("Hidden")
        page.keyboard.press("l")
        expect(items.nth(2)).to_contain_text("The model will look again")
        expect(items.nth(3)).to_be_focused()
        page.keyboard.press("e")
        expect(items.nth(3).get_by_role("textbox")).to_be_focused()
        page.keyboard.type("ahl")
        expect(items.nth(3).get_by_role("textbox")).to_be_focused()
        page.keyboard.press("Escape")
        items.nth(3).focus()
        for number in (2, 1, 0):
            page.keyboard.press("ArrowUp")
            expect(items.nth(number)).to_be_focused()
            page.keyboard.press("u")
            expect(items.nth(number).get_by_role("button", name="Accept")).to_be_visible()
            expect(items.nth(number)).to_be_focused()


def test_a_hidden_caption_leaves_the_page_and_comes_back(box: Box) -> None:
    with box.page() as page:
        page.goto("/photos/4")
        section = page.locator("#caption")
        section.get_by_role("button", name="Hide").click()
        expect(section).not_to_contain_text("yellow tram")
        section.get_by_role("button", name="Show again").click()
        expect(section).to_contain_text("yellow tram")
        expect(section.get_by_role("button", name="Hide")).to_be_focused()


def test_a_caption_is_taken_into_the_description(box: Box) -> None:
    with box.page() as page:
        page.goto("/photos/4")
        page.get_by_role("link", name="Use as my description").click()
        expect(page.get_by_role("textbox", name="Description")).to_have_value("a yellow tram on a steep street")


def test_the_review_works_without_scripts(box: Box) -> None:
    with box.page(scripts=False) as page:
        page.goto("/captions")
        before = page.locator(".review-item").count()
        name = page.locator(".review-item").first.get_attribute("id")
        page.locator(".review-item").first.get_by_role("button", name="Accept").click()
        expect(page.get_by_text("1 caption accepted.")).to_be_visible()
        expect(page.locator(f"#{name}")).to_have_count(0)
        page.get_by_role("button", name="Undo").click()
        expect(page.locator(f"#{name}")).to_have_count(1)
        page.get_by_role("button", name="Accept all on this page").click()
        expect(page.get_by_text(f"{before} captions accepted.")).to_be_visible()
        expect(page.get_by_role("heading", name="Every caption has been looked at")).to_be_visible()
        page.get_by_role("button", name="Undo").click()
        expect(page.locator(".review-item")).to_have_count(before)
