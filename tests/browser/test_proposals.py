"""A text model's proposal in the browser: it streams in beside the results, a click takes it; without scripts a link asks."""

from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Box

SENTENCE = "dog in the eternal city"


def test_a_proposal_comes_beside_the_results_and_is_taken_with_a_click(box: Box) -> None:
    with box.page() as page:
        page.goto("/")
        page.locator("#q").fill(SENTENCE)
        page.keyboard.press("Enter")
        expect(page.get_by_text("Did you mean")).to_be_visible()
        expect(page.locator(".proposal")).to_contain_text("sample-text")
        assert page.get_by_role("link", name="Rome: leave this out").count() == 0, "nothing changed yet"
        page.get_by_role("button", name="dog, Rome").click()
        expect(page.get_by_role("link", name="Rome: leave this out")).to_be_visible()
        expect(page.get_by_text("Did you mean")).to_have_count(0)
        page.go_back()
        expect(page.get_by_text("Did you mean")).to_be_visible()


def test_without_scripts_a_link_asks_and_a_button_takes_it(box: Box) -> None:
    with box.page(PHONE, scripts=False) as page:
        page.goto("/ask?q=dog+in+the+eternal+city")
        page.get_by_role("link", name="Ask the text model").click()
        page.get_by_role("button", name="dog, Rome").click()
        expect(page.locator(".chips")).to_contain_text("Rome")
