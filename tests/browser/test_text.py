"""Words in a picture: selected where they stand, copied, marked; and none of it is needed to read them."""

from playwright.sync_api import expect

from tests.browser.conftest import Box

SELECTED = "() => getSelection().toString()"


def test_words_are_selected_where_they_stand(box: Box) -> None:
    with box.page() as page:
        page.goto("/photos/7")
        button = page.get_by_role("button", name="Select on the picture")
        expect(button).to_have_attribute("aria-pressed", "false")
        page.locator(".line-over text").first.dblclick(force=True)
        assert page.evaluate(SELECTED) == "", "the picture is quiet until it is asked"
        page.keyboard.press("t")
        expect(button).to_have_attribute("aria-pressed", "true")
        page.locator(".line-over text").first.dblclick()
        assert page.evaluate(SELECTED) == "Zimtsterne"
        boxes = page.locator(".line-over rect").first.bounding_box(), page.locator(".picture img").bounding_box()
        line, image = boxes
        assert line and image
        assert abs((line["x"] - image["x"]) / image["width"] - 0.1) < 0.01, "over the picture, at its place"
        page.keyboard.press("Escape")
        expect(button).to_have_attribute("aria-pressed", "false")
        assert page.url.endswith("/photos/7"), "Escape closes this before it leads back"
        page.keyboard.press("Escape")
        page.wait_for_url("**/timeline?month=2023-12")


def test_all_words_are_copied_or_selected(box: Box) -> None:
    with box.page() as page:
        page.goto("/photos/7")
        page.get_by_role("button", name="Copy all").click()
        expect(page.locator("mantel-text [role=status]")).not_to_be_empty()


def test_what_was_asked_is_marked(box: Box) -> None:
    with box.page() as page:
        page.goto("/ask?q=Zimtsterne")
        page.locator("a.tile").first.click()
        expect(page.locator("#read-text mark")).to_have_text("Zimtsterne")
        expect(page.locator(".line-over.found")).to_have_count(1)


def test_words_are_read_without_scripts(box: Box) -> None:
    with box.page(scripts=False) as page:
        page.goto("/photos/7")
        expect(page.get_by_text("TOTAL 8.40").last).to_be_visible()
        expect(page.get_by_role("button", name="Copy all")).to_be_hidden()
        page.get_by_text("Is it something else?").click()
        page.get_by_label("It is").select_option("page")
        page.locator("#document").get_by_role("button", name="Save").click()
        expect(page.get_by_text("This is a printed page.")).to_be_visible()


def test_a_document_is_corrected_and_taken_back(box: Box) -> None:
    with box.page() as page:
        page.goto("/photos/6")
        page.get_by_text("Is it a document?").click()
        page.get_by_label("It is").select_option("whiteboard")
        page.locator("#document").get_by_role("button", name="Save").click()
        expect(page.get_by_text("This is a whiteboard.")).to_be_visible()
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_text("This is a whiteboard.")).to_be_hidden()
