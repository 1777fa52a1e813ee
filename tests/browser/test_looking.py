"""Timeline, photo, indexing and settings in the browser; words that want to be markup stay words."""

from playwright.sync_api import expect

from tests.browser.conftest import Box
from tests.browser.library import HOSTILE, HOSTILE_NAME, PICTURES

LAST = len(PICTURES)


def test_the_timeline_goes_by_months_and_nothing_jumps(box: Box) -> None:
    with box.page() as page:
        page.goto("/timeline")
        expect(page.locator(".grid h2").filter(has_text="July 2024")).to_be_visible()
        expect(page.locator(".grid h2").filter(has_text="August 2022")).to_be_attached()
        page.get_by_role("link", name="December 2023, 2").click()
        expect(page.locator(".grid h2").first).to_contain_text("December 2023")
        sizes = page.evaluate(
            "() => [...document.querySelectorAll('.tile img')].map((one) => [one.width > 0, one.hasAttribute('height')])"
        )
        assert sizes and all(wide and high for wide, high in sizes)


def test_rows_of_the_grid_are_level(box: Box) -> None:
    with box.page() as page:
        page.goto("/timeline")
        boxes = page.evaluate(
            "() => [...document.querySelectorAll('.tile-frame')].map((one) => one.getBoundingClientRect())"
            ".map((box) => [Math.round(box.top), box.height])"
        )
        rows: dict[int, list[float]] = {}
        for top, height in boxes:
            rows.setdefault(top, []).append(height)
        assert all(max(heights) - min(heights) < 2 for heights in rows.values())


def test_a_phone_jumps_to_a_month_by_choosing_it(box: Box) -> None:
    with box.page((390, 844)) as page:
        page.goto("/timeline")
        page.get_by_label("Go to a month").select_option("2023-12")
        expect(page.locator(".grid h2").first).to_contain_text("December 2023")


def test_the_arrow_keys_turn_pages(box: Box) -> None:
    with box.page() as page:
        page.goto("/photos/1")
        page.keyboard.press("ArrowLeft")
        page.wait_for_url("**/photos/2")
        page.keyboard.press("ArrowRight")
        page.wait_for_url("**/photos/1")


def test_a_photo_says_what_is_known_and_how(box: Box) -> None:
    with box.page() as page:
        page.goto("/photos/1")
        facts = ("14 July 2024, 10:12", "as the camera recorded it", "Rome", "Canon EOS 80D")
        for words in (*facts, "Written by the model moondream-sample"):
            expect(page.get_by_text(words).first).to_be_visible()
        expect(page.get_by_text("sample model", exact=True)).to_be_visible()


def test_a_description_is_saved_and_found_at_once(box: Box) -> None:
    with box.page() as page:
        page.goto("/photos/8")
        page.get_by_text("Describe this photo").click()
        page.get_by_role("textbox", name="Description").fill("Kiteflibbets, our first kite")
        page.get_by_role("button", name="Save").click()
        expect(page.locator(".described")).to_have_text("Kiteflibbets, our first kite")
        expect(page.get_by_role("status")).to_contain_text("Saved")
        page.wait_for_timeout(1500)  # the index folds words in each second
        page.goto("/ask?q=Kiteflibbets")
        expect(page.locator(".found .tile")).to_have_count(1)


def test_a_video_plays(box: Box) -> None:
    with box.page() as page:
        page.goto(f"/photos/{LAST + 1}")
        play = "async (film) => { film.muted = true; await film.play(); return film.duration; }"
        assert page.locator("video").evaluate(play) > 1


def test_hostile_words_stay_words(box: Box) -> None:
    with box.page() as page:
        for path in (f"/photos/{LAST}", "/timeline", "/indexing", "/ask?q=alert", "/ask?q=gelateria", f"/ask?q={HOSTILE}", "/"):
            page.goto(path)
            page.wait_for_timeout(400)
            assert page.evaluate("() => document.querySelectorAll('img[src=x], main script').length") == 0, path
        page.goto(f"/photos/{LAST}")
        for words in (HOSTILE, f"GELATERIA {HOSTILE}", HOSTILE_NAME):
            expect(page.get_by_text(words, exact=True).first).to_be_visible()
        page.goto("/")
        page.locator("#q").fill(HOSTILE)
        page.keyboard.press("Enter")
        expect(page.locator(".found")).to_be_visible()
        page.wait_for_timeout(400)


def test_indexing_is_polled_without_losing_the_keyboard(box: Box) -> None:
    with box.page() as page:
        page.goto("/indexing")
        button = page.get_by_role("button", name="Pause Captions")
        button.click()
        resume = page.get_by_role("button", name="Resume Captions")
        expect(resume).to_be_focused()
        with page.expect_response("**/indexing/stages"):
            pass
        expect(resume).to_be_focused()
        resume.click()
        expect(button).to_be_visible()


def test_the_appearance_is_kept_in_this_browser(box: Box) -> None:
    with box.page() as page:
        page.goto("/settings")
        page.get_by_role("button", name="Dark").click()
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        page.goto("/")
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        page.goto("/settings")
        page.get_by_role("button", name="As the device").click()
        expect(page.locator("html[data-theme]")).to_have_count(0)
