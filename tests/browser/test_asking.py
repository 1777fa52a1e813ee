"""Asking in the browser: typing, chips, answers, keys, and the same without scripts."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Box
from tests.browser.test_every_page import assert_accessible


def test_a_sentence_finds_photos_and_the_answer_follows(box: Box) -> None:
    with box.page() as page:
        page.goto("/")
        page.keyboard.press("/")
        page.keyboard.type("dog on a beach")
        page.keyboard.press("Enter")
        expect(page.locator(".found .tile").first).to_be_visible()
        expect(page.locator(".answer-words")).to_contain_text("matches “dog on a beach”")
        expect(page).to_have_url(re.compile(r"/conversations/\d+/1$"))
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
        turns = page.locator(".turns")
        expect(turns.get_by_role("link", name="photos from Rome")).to_be_visible()
        page.locator("#q").fill("the first one")
        page.locator("#q").press("Enter")
        expect(turns.locator("[aria-current]")).to_have_text("the first one")
        expect(page.locator(".found .tile")).to_have_count(1)
        page.locator("#q").fill("photos from Lisbon")
        page.keyboard.press("Enter")
        expect(page.locator(".found .tile")).to_have_count(2)
        page.go_back()
        expect(turns.locator("[aria-current]")).to_have_text("the first one")
        turns.get_by_role("link", name="photos from Rome").click()
        expect(page.locator(".found .tile")).to_have_count(3)


def test_a_chip_opens_and_is_changed_and_pinned(box: Box) -> None:
    with box.page(PHONE, may_complain=True) as page:  # the browser itself notes that bananas were refused
        page.goto("/")
        page.locator("#q").fill("photos from Rome in 2024")
        page.keyboard.press("Enter")
        expect(page.locator(".found .tile")).to_have_count(3)
        page.locator("summary", has_text="Rome").click()
        assert_accessible(page)
        page.get_by_role("button", name="Keep for new questions").click()
        expect(page.locator("summary", has_text="Rome")).to_contain_text("(pinned)")
        page.locator("summary", has_text="2024").press("Enter")
        page.get_by_label("When").fill("bananas")
        page.get_by_role("button", name="Change").click()
        expect(page.get_by_text("Mantel found no time in “bananas”. Nothing was changed.")).to_be_visible()
        page.locator("summary", has_text="2024").click()
        page.get_by_label("When").fill("15 July 2024")
        page.get_by_label("When").press("Enter")
        expect(page.locator(".found .tile")).to_have_count(1)


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without"])
def test_what_is_offered_is_done_after_a_click_and_undone_after_another(box: Box, scripts: bool) -> None:
    with box.page(scripts=scripts) as page:
        page.goto("/")
        for sentence in ("photos from Rome", f"make an album called Rome {scripts}"):
            page.locator("#q").fill(sentence)
            page.get_by_role("button", name="Ask", exact=True).click()
            expect(page.locator(".answer-words")).to_contain_text("3 photos match")
        page.get_by_role("button", name=f"Make an album “Rome {scripts}” of these 3").click()
        expect(page.get_by_text(f"3 photos put into the album “Rome {scripts}”.")).to_be_visible()
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_text("Undone.")).to_be_visible()


def test_a_conversation_is_deleted_and_comes_back(box: Box) -> None:
    with box.page() as page:
        page.goto("/")
        page.locator("#q").fill("Kiteflibbets once")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="No match")).to_be_visible()
        page.goto("/conversations")
        line = page.locator(".conversations > li", has_text="Kiteflibbets once")
        line.locator("summary").click()
        assert_accessible(page)
        line.get_by_role("button", name="Delete these questions").click()
        expect(line).to_have_count(0)
        page.get_by_role("button", name="Undo").click()
        expect(line).to_have_count(1)


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
