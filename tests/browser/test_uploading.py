"""Adding photos in the browser: progress, outcomes, refusals; and by the plain form."""

from pathlib import Path

from playwright.sync_api import expect

from tests import drawn
from tests.browser.conftest import Box
from tests.browser.library import painting

SECONDS = 60_000


def test_files_are_sent_taken_in_and_listed(box: Box, tmp_path: Path) -> None:
    new, note = tmp_path / "new.jpg", tmp_path / "note.txt"
    new.write_bytes(drawn.picture(drawn=painting(40, 400, 300), tags=drawn.exif(taken="2021:01:02 03:04:05", make="Canon")))
    note.write_text("not a picture")
    with box.page() as page:
        page.goto("/upload")
        page.locator("input[type=file]").set_input_files([new, note])
        line = page.locator("#received li").filter(has_text="new.jpg")
        expect(line.get_by_role("link", name="Added")).to_be_visible(timeout=SECONDS)
        expect(page.locator("#received li").filter(has_text="note.txt")).to_contain_text("Not added", timeout=SECONDS)
        page.locator("input[type=file]").set_input_files([new])
        expect(page.get_by_role("link", name="Already here")).to_be_visible(timeout=SECONDS)
        page.get_by_role("link", name="Added").click()
        expect(page.get_by_text("2 January 2021, 03:04")).to_be_visible()


def test_the_plain_form_works_without_scripts(box: Box, tmp_path: Path) -> None:
    files = []
    for number in (50, 51):
        files.append(tmp_path / f"plain-{number}.jpg")
        files[-1].write_bytes(drawn.picture(drawn=painting(number, 300, 200)))
    with box.page(scripts=False) as page:
        page.goto("/upload")
        page.locator("input[type=file]").set_input_files(files)
        page.get_by_role("button", name="Add", exact=True).click()
        for file in files:
            expect(page.locator("#received li").filter(has_text=file.name)).to_have_count(1)
