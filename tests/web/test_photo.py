"""One photo: its page, its files, its description, and who may have them."""

import shutil

import pytest

from appliance.adapters.text_lines import Line, encoded
from appliance.indexing import pipeline
from appliance.library.assets import PERSON_LOOKS
from appliance.search.index import fold_pending
from appliance.store.db import Store
from appliance.store.layout import Layout
from tests.conftest import Browser, add_photo

FILES = ("", "/thumbnail", "/preview", "/original")


def test_a_member_cannot_reach_a_hidden_photo_by_any_address(max_: Browser, store: Store, layout: Layout) -> None:
    asset_id = add_photo(store, layout, hidden=True)
    assert [max_.get(f"/photos/{asset_id}{part}").status_code for part in FILES] == [404] * 4
    assert max_.post(f"/photos/{asset_id}/description", data={"text": "mine"}).status_code == 404


def test_a_number_that_no_photo_can_have_is_not_found(olive: Browser) -> None:
    assert olive.get(f"/photos/{2**64}").status_code == 404


def test_a_stranger_gets_nothing(stan: Browser, store: Store, layout: Layout) -> None:
    asset_id = add_photo(store, layout)
    assert {stan.get(f"/photos/{asset_id}{part}").status_code for part in FILES} == {401}


def test_the_original_comes_byte_for_byte_and_in_ranges(olive: Browser, store: Store, layout: Layout) -> None:
    asset_id = add_photo(store, layout)
    whole = olive.get(f"/photos/{asset_id}/original")
    assert whole.content == b"original of beach.jpg" and "content-disposition" not in whole.headers
    part = olive.get(f"/photos/{asset_id}/original", headers={"Range": "bytes=0-7"})
    assert (part.status_code, part.content) == (206, b"original")


def test_a_download_is_saved_under_its_own_name(olive: Browser, store: Store, layout: Layout) -> None:
    asset_id = add_photo(store, layout)
    with store.write() as writer:
        writer.run("UPDATE asset SET file_name=? WHERE id=?", ('a"\r\nb.jpg', asset_id))
    said = olive.get(f"/photos/{asset_id}/original?download=1").headers["content-disposition"]
    assert said == "attachment; filename*=UTF-8''a%22%0D%0Ab.jpg"


def test_a_format_that_no_browser_shows_is_always_a_download(olive: Browser, store: Store, layout: Layout) -> None:
    asset_id = add_photo(store, layout)
    with store.write() as writer:
        writer.run("UPDATE asset SET format='cr3' WHERE id=?", (asset_id,))
    answer = olive.get(f"/photos/{asset_id}/original")
    assert answer.headers["content-type"] == "application/octet-stream" and "attachment" in answer.headers["content-disposition"]


def test_a_description_is_saved_with_and_without_htmx(max_: Browser, store: Store, layout: Layout) -> None:
    asset_id = add_photo(store, layout)
    assert max_.post(f"/photos/{asset_id}/description", data={"text": "at the sea"}).status_code == 303
    assert "at the sea" in max_.get(f"/photos/{asset_id}").text
    part = max_.post(f"/photos/{asset_id}/description", data={"text": ""}, headers={"HX-Request": "true"}).text
    assert "<html" not in part and "Taken away" in part and "at the sea" not in part


def test_markup_in_any_words_stays_words(olive: Browser, store: Store, layout: Layout) -> None:
    hostile = '"><img src=x onerror=alert(1)><script>alert(2)</script>'
    asset_id = add_photo(store, layout)
    with store.write() as writer:
        writer.run("UPDATE asset SET file_name=?, description=?, camera_model=?, town=? WHERE id=?", (hostile,) * 4 + (asset_id,))
        writer.run("INSERT INTO caption(asset_id, model, words, made_at) VALUES(?,?,?,1)", (asset_id, hostile, hostile))
        writer.run("INSERT INTO recognised_text(asset_id, model, words) VALUES(?,'ocr',?)", (asset_id, hostile))
        writer.run("INSERT INTO tag VALUES(?,?,'person')", (asset_id, hostile))
        writer.run("INSERT INTO job(stage, asset_id, state, reason) VALUES('text',?,'failed',?)", (asset_id, hostile))
    for path in (f"/photos/{asset_id}", "/timeline", "/", "/indexing"):
        html = olive.get(path).text
        assert "<img src=x" not in html and "<script>" not in html


def test_previous_and_next_follow_the_timeline(olive: Browser, store: Store, layout: Layout) -> None:
    first, second, third = (add_photo(store, layout, f"{number}.jpg") for number in range(3))
    html = olive.get(f"/photos/{second}").text
    assert f'href="/photos/{third}" rel="prev"' in html and f'href="/photos/{first}" rel="next"' in html


@pytest.mark.parametrize("path", ["/", "/timeline", "/photos/{}", "/photos/{}/thumbnail", "/photos/{}/preview"])
def test_looking_at_a_photo_whose_derivatives_were_deleted_has_them_made_again(
    olive: Browser, store: Store, layout: Layout, path: str
) -> None:
    asset_id = add_photo(store, layout)
    with store.write() as writer:
        writer.run("DELETE FROM job WHERE asset_id=?", (asset_id,))
        pipeline.first_jobs(writer, asset_id, "photo", 0)
        writer.run("UPDATE job SET state='done' WHERE stage='derivatives'")
    olive.get(path.format(asset_id))
    assert job(store) == ("done", 0)
    shutil.rmtree(layout.derivatives)
    assert olive.get(path.format(asset_id)).status_code in (200, 404)
    assert job(store) == ("waiting", PERSON_LOOKS)


def test_an_empty_preview_is_not_shown_and_is_made_again(olive: Browser, store: Store, layout: Layout) -> None:
    asset_id = add_photo(store, layout)
    with store.write() as writer:
        pipeline.first_jobs(writer, asset_id, "photo", 0)
        writer.run("UPDATE job SET state='done' WHERE stage='derivatives'")
    next(layout.derivatives.rglob("*-preview.webp")).write_bytes(b"")  # as a power cut may leave it
    assert olive.get(f"/photos/{asset_id}/preview").status_code == 404
    assert job(store) == ("waiting", PERSON_LOOKS)


def job(store: Store) -> tuple[str, int]:
    with store.read() as reader:
        state, priority = reader.one("SELECT state, priority FROM job WHERE stage='derivatives'")
    return state, priority


def read_in(store: Store, asset_id: int, *lines: Line) -> None:
    with store.write() as writer:
        words = "\n".join(line.words for line in lines)
        writer.run("INSERT INTO recognised_text VALUES(?,'ocr',?,?)", (asset_id, words, encoded(lines)))
        fold_pending(writer)


def test_words_stand_over_the_picture_where_they_were_read(olive: Browser, store: Store, layout: Layout) -> None:
    asset_id = add_photo(store, layout)
    read_in(store, asset_id, Line("EXIT", (0.1, 0.2, 0.3, 0.1), 0.99), Line("down", (0.5, 0.1, 0.05, 0.4), 0.9, 90))
    page = olive.get(f"/photos/{asset_id}").text
    assert 'viewBox="0 0 1000 750"' in page
    assert '<rect x="100.0" y="150.0" width="300.0" height="75.0"' in page
    assert 'transform="translate(550.0 75.0) rotate(90)"' in page
    assert "style=" not in page and "<mark>" not in page and 'class="line-over found"' not in page


def test_what_the_question_found_is_marked_in_the_list_and_on_the_picture(olive: Browser, store: Store, layout: Layout) -> None:
    asset_id = add_photo(store, layout)
    read_in(store, asset_id, Line("Two Receipts & more", (0.1, 0.2, 0.3, 0.1), 0.99), Line("STE1NER", (0.1, 0.5, 0.3, 0.1), 0.8))
    page = olive.get(f"/photos/{asset_id}?q=receipt+of+Steiner").text
    assert "<p>Two <mark>Receipts</mark> &amp; more</p>" in page and "<mark>STE1NER</mark>" in page
    assert page.count('class="line-over found"') == 2


def test_a_person_says_what_a_document_is_and_takes_it_back(max_: Browser, store: Store, layout: Layout) -> None:
    asset_id = add_photo(store, layout)
    address, htmx = f"/photos/{asset_id}/document", {"HX-Request": "true"}
    part = max_.post(address, data={"kind": "receipt"}, headers=htmx).text
    assert "This is a receipt." in part and "You said so." in part and '<input type="hidden" name="kind" value="rules">' in part
    with store.write() as writer:
        fold_pending(writer)
    assert "is a receipt" in max_.get("/ask?q=Quittungen").text
    assert "This is" not in max_.post(address, data={"kind": "rules"}, headers=htmx).text
    assert max_.post(address, data={"kind": "none"}).status_code == 303
    refused = max_.post(address, data={"kind": "<script>"})
    assert refused.status_code == 400 and "Nothing was changed." in refused.text and "<script>" not in refused.text
