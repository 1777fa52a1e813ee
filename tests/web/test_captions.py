"""Captions in the browser: verdicts on a photo's page, the review of many, and when the rest is written."""

import re

import pytest

from appliance.accounts.viewer import Viewer
from appliance.indexing import nights, pipeline
from appliance.indexing.nights import Rest
from appliance.library import assets, captions
from appliance.store.db import Store
from appliance.store.layout import Layout
from appliance.web.background import WAS_SHOWN, hurry_shown
from tests.conftest import START, Browser, Clock, add_photo

HTMX = {"HX-Request": "true"}
HOSTILE = '"><img src=x onerror=alert(1)><script>alert(2)</script>'


def put(store: Store, layout: Layout, number: int = 1, words: str = "a dog on a beach") -> int:
    asset_id = add_photo(store, layout, f"{number}.jpg")
    with store.write() as writer:
        pipeline.first_jobs(writer, asset_id, "photo", 0)
        writer.run("UPDATE job SET state='done', version='1' WHERE asset_id=?", (asset_id,))
        captions.keep(writer, asset_id, "model@1", words, START - 1000 + number)
    return asset_id


def caption(store: Store, asset_id: int = 1) -> tuple[str, str, int]:
    with store.read() as reader:
        words, verdict, look_again = reader.one("SELECT words, verdict, look_again FROM caption WHERE asset_id=?", (asset_id,))
    return words, verdict, look_again


def post(browser: Browser, asset_id: int, what: str, *, made: int = START - 999, htmx: bool = False, **more: str) -> str:
    form = {"what": what, "made": str(made), **more}
    answer = browser.post(f"/photos/{asset_id}/caption", data=form, headers=HTMX if htmx else {})
    assert answer.status_code == (200 if htmx else 303), answer.text
    return answer.text if htmx else answer.headers["location"]


def test_accept_hide_show_and_take_back_with_and_without_htmx(max_: Browser, store: Store, layout: Layout) -> None:
    put(store, layout)
    for htmx in (False, True):
        for what, verdict, seen in (
            ("accept", "accepted", "Take back"), ("show", "new", "Accept"), ("hide", "hidden", "Show again"),
            ("show", "new", "Hide"),
        ):  # fmt: skip
            said = post(max_, 1, what, htmx=htmx)
            assert caption(store)[1] == verdict
            html = said if htmx else max_.get(said).text
            assert seen in html and ("<html" in html) is not htmx


def test_a_hidden_caption_is_on_no_page(max_: Browser, store: Store, layout: Layout) -> None:
    put(store, layout, words="a purple crown")
    pages = ("/photos/1", "/timeline", "/", "/ask?q=photos+from+2024", "/captions")
    assert all("purple crown" in max_.get(path).text for path in pages)
    post(max_, 1, "hide")
    assert [path for path in pages if "purple crown" in max_.get(path).text] == []
    assert "Show again" in max_.get("/photos/1").text


def test_the_question_is_kept_through_a_verdict(max_: Browser, store: Store, layout: Layout) -> None:
    put(store, layout)
    assert post(max_, 1, "accept", asked="q=dog+%26+cat") == "/photos/1?q=dog+%26+cat#caption"
    assert post(max_, 1, "hide", asked="//evil.example/?\r\nX: y") == "/photos/1#caption"


def test_looking_again_waits_is_taken_back_and_says_when_nothing_is_new(max_: Browser, store: Store, layout: Layout) -> None:
    put(store, layout)
    html = post(max_, 1, "again", htmx=True)
    address = re.search(r'hx-get="([^"]+)"', html)
    assert address and caption(store)[2] == 1
    with store.read() as reader:
        assert reader.one("SELECT state, priority FROM job WHERE stage='caption'") == ("waiting", assets.PERSON_LOOKS)
    asked = address[1].replace("&amp;", "&")
    assert "hx-get" in max_.get(asked, headers=HTMX).text
    post(max_, 1, "leave")
    assert caption(store)[2] == 0
    post(max_, 1, "again")
    with store.write() as writer:
        captions.keep(writer, 1, "model@1", "a dog on a beach", START)
    same = max_.get(asked, headers=HTMX).text
    assert "says the same" in same and "hx-get" not in same
    with store.write() as writer:
        captions.keep(writer, 1, "model@1", "a cat on a sofa", START)
    other = max_.get(asked, headers=HTMX).text
    assert "a cat on a sofa" in other and "says the same" not in other


def test_words_that_changed_meanwhile_are_not_judged(max_: Browser, store: Store, layout: Layout) -> None:
    put(store, layout)
    assert "changed meanwhile" in post(max_, 1, "hide", made=5, htmx=True)
    assert caption(store)[1] == "new"


def test_a_caption_is_taken_into_the_form_and_a_description_wins(kit: Browser, store: Store, layout: Layout) -> None:
    put(store, layout)
    html = kit.get("/photos/1?draft=caption").text
    assert ">a dog on a beach</textarea>" in html and "<details open>" in html
    assert "Use as my description" in html
    kit.post("/photos/1/description", data={"text": "Rex"})
    html = kit.get("/photos/1?draft=caption").text
    assert ">Rex</textarea>" in html and "Use as my description" not in html


def test_a_child_is_shown_captions_and_judges_none(kit: Browser, store: Store, layout: Layout) -> None:
    put(store, layout)
    html = kit.get("/photos/1").text
    assert "a dog on a beach" in html and 'value="hide"' not in html
    assert "/captions" not in kit.get("/indexing").text + kit.get("/settings").text
    refused = kit.post("/photos/1/caption", data={"what": "hide", "made": str(START - 999)})
    assert refused.status_code == 403 and "Only the owner and members" in refused.text
    assert kit.post("/captions/accept", data={"seen": [f"1.{START - 999}"]}).status_code == 403
    assert caption(store)[1] == "new"


@pytest.mark.parametrize("form", [{"what": "dance"}, {}, {"what": "accept", "made": str(2**70)}, {"what": "accept", "made": "-1"}])
def test_what_no_form_of_ours_says_is_not_found(max_: Browser, store: Store, layout: Layout, form: dict[str, str]) -> None:
    put(store, layout)
    assert max_.post("/photos/1/caption", data=form).status_code == 404


@pytest.mark.parametrize("before", ["x", "1", "1.", "1.2.3", "9" * 60 + ".1", f"{2**63}.1", "１.2"])
def test_a_place_that_no_page_links_to_is_not_found(max_: Browser, before: str) -> None:
    assert max_.get("/captions", params={"before": before}).status_code == 404


def test_the_review_goes_page_by_page(max_: Browser, store: Store, layout: Layout) -> None:
    for number in range(1, 31):
        put(store, layout, number)
    first = max_.get("/captions").text
    assert first.count('class="review-item') == 24 and "30 captions to look at" in first
    older = re.search(r'href="(/captions\?before=[^"]+)"', first)
    assert older
    second = max_.get(older[1]).text
    assert second.count('class="review-item') == 6 and "Back to the newest" in second


def test_all_on_a_page_are_accepted_and_taken_back(max_: Browser, store: Store, layout: Layout, clock: Clock) -> None:
    for number in range(1, 4):
        put(store, layout, number)
    with store.write() as writer:
        captions.keep(writer, 3, "model@1", "a dog that came meanwhile", START)
    tokens = [f"{number}.{START - 1000 + number}" for number in range(1, 4)]
    clock.advance(minutes=1)
    address = max_.post("/captions/accept", data={"seen": tokens}).headers["location"]
    html = max_.get(address).text
    assert "2 captions accepted." in html and "a dog that came meanwhile" in html
    undo = re.search(r'name="at" value="(\d+)"', html)
    assert undo
    max_.post("/captions/undo", data={"at": undo[1]})
    assert "3 captions to look at" in max_.get("/captions").text
    assert max_.post("/captions/accept", data={"seen": tokens[:1]}).status_code == 303, "one alone"
    assert max_.post("/captions/accept", data={}).status_code == 303, "none at all"
    assert caption(store, 1)[1] == "accepted"


def test_nobody_takes_back_what_another_judged(max_: Browser, olive: Browser, store: Store, layout: Layout, clock: Clock) -> None:
    put(store, layout)
    clock.advance(minutes=1)
    post(max_, 1, "hide")
    olive.post("/captions/undo", data={"at": str(clock())})
    assert caption(store)[1] == "hidden"


def test_in_the_review_each_act_leaves_a_way_back(max_: Browser, store: Store, layout: Layout) -> None:
    put(store, layout)
    for act, back in (("accept", "show"), ("hide", "show"), ("again", "leave")):
        done = post(max_, 1, act, htmx=True, place="review")
        assert done.lstrip().startswith("<li") and f'value="{back}"' in done and 'name="seen"' not in done
        assert ("a dog on a beach" in done) is (act != "hide")
        undone = post(max_, 1, back, htmx=True, place="review")
        assert 'name="seen"' in undone and 'value="accept"' in undone
        address = post(max_, 1, act, place="review")
        html = max_.get(address).text
        assert "Undo" in html and address.startswith("/captions?")
        post(max_, 1, back)


def test_words_of_ones_own_end_the_review_and_are_never_written_over(
    max_: Browser, store: Store, layout: Layout, cast: dict[str, Viewer]
) -> None:
    put(store, layout)
    assert "Write a few words first" in post(max_, 1, "describe", htmx=True, place="review", text=" \n")
    assert "Your description is saved" in post(max_, 1, "describe", htmx=True, place="review", text="Rex at the sea")
    assert "Every caption has been looked at" not in max_.get("/captions").text
    with store.write() as writer:
        assets.describe(writer, cast["Kit"], 1, "Kit's words", START)
    assert "Somebody has described it" in post(max_, 1, "describe", htmx=True, place="review", text="mine")
    with store.read() as reader:
        assert reader.value("SELECT description FROM asset") == "Kit's words"


def test_hidden_captions_are_listed_and_shown_again_with_and_without_htmx(max_: Browser, store: Store, layout: Layout) -> None:
    put(store, layout, 1, words="a purple crown")
    put(store, layout, 2, words="a green hat")
    assert "No caption is hidden" in max_.get("/captions?show=hidden").text
    assert "show=hidden" not in max_.get("/captions").text
    post(max_, 1, "hide")
    assert 'href="/captions?show=hidden"' in max_.get("/captions").text
    listed = max_.get("/captions?show=hidden").text
    assert "a purple crown" in listed and "a green hat" not in listed and 'id="accept-all"' not in listed
    shown = post(max_, 1, "show", htmx=True, place="hidden")
    assert "a purple crown" in shown and 'value="hide"' in shown and caption(store)[1] == "new"
    post(max_, 1, "hide", htmx=True, place="hidden")
    address = post(max_, 1, "show", place="hidden")
    html = max_.get(address).text
    assert address == "/captions?show=hidden&shown=1" and "The caption is shown again" in html
    assert post(max_, 1, "hide", place="hidden").startswith("/captions?show=hidden&undo=")
    assert "a purple crown" in max_.get("/captions?show=hidden").text
    assert max_.get("/captions?show=everything").status_code == 400


def test_hidden_captions_go_page_by_page_and_leave_out_what_is_not_shown(max_: Browser, store: Store, layout: Layout) -> None:
    for number in range(1, 31):
        put(store, layout, number)
    with store.write() as writer:
        writer.run("UPDATE caption SET verdict='hidden'")
    first = max_.get("/captions?show=hidden").text
    older = re.search(r'href="(/captions\?show=hidden&amp;before=[^"]+)"', first)
    assert older and first.count('class="review-item') == 24
    second = max_.get(older[1].replace("&amp;", "&")).text
    assert second.count('class="review-item') == 6 and 'href="/captions?show=hidden"' in second


def test_empty_reviews_say_what_to_do(max_: Browser, store: Store, layout: Layout) -> None:
    assert "No captions yet" in max_.get("/captions").text
    put(store, layout)
    post(max_, 1, "accept")
    assert "Every caption has been looked at" in max_.get("/captions").text


def test_markup_in_captions_stays_words(max_: Browser, store: Store, layout: Layout) -> None:
    put(store, layout, words=HOSTILE)
    for html in (max_.get("/captions").text, max_.get("/photos/1?draft=caption").text, post(max_, 1, "again", htmx=True)):
        assert "<img src=x" not in html and "<script>alert" not in html


def test_the_owner_chooses_when_the_rest_is_written(olive: Browser, max_: Browser, store: Store) -> None:
    form = {"when": "night", "begins": "22", "ends": "5", "minutes": "90"}
    assert max_.post("/settings/captions", data=form).status_code == 403
    assert olive.post("/settings/captions", data=form).headers["location"] == "/settings?said=captions"
    with store.read() as reader:
        assert nights.chosen(reader) == Rest("night", 22, 5, 90)
    html = olive.get("/settings").text
    assert '<option value="22" selected>22:00</option>' in html and 'value="90"' in html
    assert 'action="/settings/captions"' not in max_.get("/settings").text
    for wrong in ({"ends": "22"}, {"begins": "24"}, {"minutes": "-3"}, {"minutes": "many"}, {"minutes": "2000"}):
        assert olive.post("/settings/captions", data=form | wrong).status_code == 400
    assert olive.post("/settings/captions", data=form | {"minutes": ""}).status_code == 303


def test_what_a_question_finds_gets_its_captions_before_the_rest(max_: Browser, store: Store, layout: Layout) -> None:
    for number in range(1, 4):
        put(store, layout, number)
    with store.write() as writer:
        writer.run("UPDATE job SET state='waiting', priority=-1 WHERE stage='caption' AND asset_id < 3")
        writer.run("UPDATE job SET priority=50 WHERE asset_id=2")
        writer.run("UPDATE asset SET capture_time='2019-01-01T00:00:00' WHERE id=3")
    max_.get("/ask?q=photos+from+2024")
    hurry_shown(max_.app.state.web)
    with store.read() as reader:
        assert dict(reader.all("SELECT asset_id, priority FROM job WHERE stage='caption'")) == {1: WAS_SHOWN, 2: 50, 3: 0}
    assert not max_.app.state.web.shown
