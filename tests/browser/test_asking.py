"""Asking in the browser: typing, chips, answers, keys, and the same without scripts."""

from playwright.sync_api import expect

from tests.browser.conftest import Box


def test_a_sentence_finds_photos_and_the_answer_follows(box: Box) -> None:
    with box.page() as page:
        page.goto("/")
        page.keyboard.press("/")
        page.keyboard.type("dog on a beach")
        page.keyboard.press("Enter")
        expect(page.locator(".found .tile").first).to_be_visible()
        expect(page.locator(".answer-words")).to_contain_text("matches “dog on a beach”")
        assert "/ask?q=dog" in page.url
        words = "Rex at the sea, the happiest day of the year"
        expect(page.locator(".found .tile").first.get_by_role("img")).to_have_attribute("alt", words)
        expect(page.locator(".found .why").first).to_contain_text("dog")
        page.reload()
        expect(page.locator(".answer-words")).to_contain_text("matches “dog on a beach”")


def test_a_chip_comes_off(box: Box) -> None:
    with box.page() as page:
        page.goto("/ask?q=photos+from+Rome+in+July+2024")
        expect(page.locator(".found .tile")).to_have_count(3)
        page.get_by_role("link", name="Rome: leave this out").click()
        expect(page.get_by_role("link", name="Rome: leave this out")).to_have_count(0)
        expect(page.get_by_role("status")).to_have_text("3 matches")
        page.go_back()
        expect(page.get_by_role("link", name="Rome: leave this out")).to_be_visible()


def test_a_follow_up_narrows_what_went_before(box: Box) -> None:
    with box.page() as page:
        page.goto("/")
        page.locator("#q").fill("photos from Rome")
        page.keyboard.press("Enter")
        expect(page.locator(".found .tile")).to_have_count(3)
        page.locator("#q").fill("only on 15 July 2024")
        page.keyboard.press("Enter")
        expect(page.locator(".found .tile")).to_have_count(1)
        expect(page.locator(".trail")).to_contain_text("photos from Rome")
        page.locator("#q").fill("photos from Lisbon")
        page.keyboard.press("Enter")
        expect(page.locator(".found .tile")).to_have_count(2)
        expect(page.locator(".trail")).to_have_count(0)


def test_nothing_matches_is_said_with_what_was_understood(box: Box) -> None:
    with box.page() as page:
        page.goto("/ask?q=photos+from+Rome+in+1999")
        expect(page.get_by_role("heading", name="No match")).to_be_visible()
        expect(page.get_by_role("link", name="Rome: leave this out")).to_be_visible()
        expect(page.get_by_text("Leave out")).to_be_visible()


def test_arrow_keys_move_between_the_hits_and_a_photo_steps_through_them(box: Box) -> None:
    with box.page() as page:
        page.goto("/ask?q=photos+from+Rome")
        tiles = page.locator(".found .tile")
        tiles.first.focus()
        page.keyboard.press("ArrowRight")
        expect(tiles.nth(1)).to_be_focused()
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("Enter")
        expect(page.get_by_role("link", name="Next photo")).to_be_visible()
        page.keyboard.press("ArrowRight")
        expect(page.get_by_role("link", name="Previous photo")).to_be_visible()
        page.keyboard.press("Escape")
        expect(tiles).to_have_count(3)


def test_it_all_works_without_scripts(box: Box) -> None:
    with box.page(scripts=False) as page:
        page.goto("/")
        page.locator("#q").fill("photos from Rome")
        page.get_by_role("button", name="Ask").click()
        expect(page.locator(".found .tile")).to_have_count(3)
        expect(page.locator(".answer-words")).to_contain_text("Rome")
        page.get_by_role("link", name="Rome: leave this out").click()
        expect(page.locator(".found")).to_be_visible()


def test_suggestions_are_of_this_library(box: Box) -> None:
    with box.page() as page:
        page.goto("/")
        for name in page.locator(".suggestions a").all_inner_texts():
            page.goto("/")
            page.get_by_role("link", name=name).click()
            expect(page.locator(".found .tile").first).to_be_visible()
