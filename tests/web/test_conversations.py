"""Conversations over HTTP: kept by asking, shown again, followed up, their chips changed and pinned; each person's own."""

import re
from html import unescape

import pytest
from litestar import Litestar

from appliance.search import index
from appliance.store.db import Store
from appliance.store.layout import Layout
from tests.conftest import Browser, Clock, add_photo
from tests.search.world import library

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _library(app: Litestar, store: Store, layout: Layout) -> None:
    """Three photos of Rome (1 of 2019, 2 and 3 of 2024), one of Paris (4)."""
    app.state.web.gazetteer = library().gazetteer
    for number, (town, region, country, taken, words) in enumerate(
        [
            ("Rome", "Lazio", "IT", "2019-05-01", "the zebra crossing"),
            ("Rome", "Lazio", "IT", "2024-07-14", "a fountain"),
            ("Rome", "Lazio", "IT", "2024-07-15", "a fountain at night"),
            ("Paris", "Île-de-France", "FR", "2024-08-01", "a tower"),
        ],
        1,
    ):
        assert add_photo(store, layout, f"{number}.jpg") == number
        with store.write() as writer:
            writer.run(
                "UPDATE asset SET town=?, country=?, region=?, capture_time=?, description=? WHERE id=?",
                (town, country, region, f"{taken}T10:00:00", words, number),
            )
            index.fold_pending(writer)


def say(browser: Browser, sentence: str, here: str = "", **more: str) -> str:
    """Ask in the box without scripts; return the address that one is sent to."""
    answer = browser.post("/ask", data={"q": sentence, "here": here, **more})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def here(html: str) -> str:
    """What the page would send along with the next question."""
    found = re.search(r'name="here" value="([^"]*)"', html)
    assert found, html
    return unescape(found[1])


def shown(html: str) -> list[int]:
    return [int(number) for number in re.findall(r'class="tile ratio-\d+" href="/photos/(\d+)', html)]


def follow(browser: Browser, *sentences: str) -> str:
    """Ask one after the other, each from the page of the one before; return the last page."""
    html = ""
    for sentence in sentences:
        html = browser.get(say(browser, sentence, here(html) if html else "")).text
    return html


def test_asking_keeps_a_turn_whose_page_is_the_answer(olive: Browser) -> None:
    assert say(olive, "photos of Rome from 2024") == "/conversations/1/1"
    html = olive.get("/conversations/1/1").text
    assert shown(html) == [3, 2] and "2 photos match" in html and 'value="photos of Rome from 2024"' in html
    assert "/photos/3?conversation=1&amp;turn=1" in html


def test_htmx_gets_the_results_first_and_the_page_s_address(olive: Browser) -> None:
    answer = olive.post("/ask", data={"q": "zebra"}, headers=HTMX)
    assert answer.headers["hx-push-url"] == "/conversations/1/1"
    assert "<html" not in answer.text and 'sse-connect="/conversations/1/1/answer"' in answer.text and shown(answer.text) == [1]
    stream = olive.get("/conversations/1/1/answer").text
    assert "1 photo matches “zebra”." in stream and "event: done" in stream


def test_a_bookmark_keeps_nothing(olive: Browser, store: Store) -> None:
    html = olive.get("/ask?q=zebra").text
    with store.read() as reader:
        assert reader.value("SELECT count(*) FROM conversation") == 0
    assert say(olive, "photos of Paris", here(html)) == "/conversations/1/2", "going on from it begins with what it asks"


def test_follow_ups_change_the_question_before(olive: Browser) -> None:
    html = follow(olive, "photos of Rome", "only 2024")
    assert shown(html) == [3, 2]
    turns = html.split('class="turns"')[1].split("</nav>")[0]
    assert 'href="/conversations/1/1"' in turns and "photos of Rome" in turns and 'aria-current="true">only 2024' in turns
    assert shown(olive.get("/conversations/1/1").text) == [3, 2, 1], "the one before is still there"


def test_the_third_is_the_third_that_was_shown(olive: Browser) -> None:
    html = follow(olive, "photos of Rome", "the third")
    assert shown(html) == [1] and "Only this one" in html
    assert shown(follow(olive, "photos of Rome", "show me the first two", "the other one")) == [1]
    assert shown(follow(olive, "photos of Rome", "the second", "all of them again")) == [3, 2, 1]


def test_a_position_that_is_not_there_is_said(olive: Browser) -> None:
    html = follow(olive, "photos of Rome", "the ninth")
    assert "Only 3 are shown." in html and shown(html) == [3, 2, 1]


def test_back_goes_to_the_question_before(olive: Browser) -> None:
    html = follow(olive, "photos of Rome", "only 2024", "back")
    assert shown(html) == [3, 2, 1] and here(html) == "conversation=1&turn=1"


def test_from_an_earlier_turn_one_goes_on_from_there(olive: Browser) -> None:
    follow(olive, "photos of Rome", "only 2024")
    first = olive.get("/conversations/1/1").text
    assert shown(olive.get(say(olive, "only 2019", here(first))).text) == [1]


def test_without_a_chip_one_goes_on_without_it(olive: Browser) -> None:
    html = olive.get(say(olive, "photos of Rome from 2024")).text
    link = next(unescape(href) for href in re.findall(r'href="([^"]*without=place[^"]*)"', html))
    less = olive.get(link).text
    assert shown(less) == [4, 3, 2]
    assert shown(olive.get(say(olive, "the first", here(less))).text) == [4]


def test_an_answer_links_to_the_part_that_it_speaks_of(olive: Browser) -> None:
    html = olive.get(say(olive, "photos from 2024")).text
    link = re.search(r'<a href="([^"]+)">Paris \(1\)</a>', html)
    assert link
    assert shown(olive.get(unescape(link[1])).text) == [4]


def test_a_chip_is_changed(olive: Browser) -> None:
    html = olive.get(say(olive, "photos of Rome from 2024")).text
    token = next(unescape(token) for token in re.findall(r'name="token" value="([^"]+)"', html) if token.startswith("date:"))
    answer = olive.post("/conversations/1/1/chip", data={"token": token, "words": "2019", "here": here(html)})
    assert answer.headers["location"] == "/conversations/1/2"
    changed = olive.get("/conversations/1/2").text
    assert shown(changed) == [1] and "2019 instead of 2024" in changed


def test_a_chip_that_says_nothing_of_its_kind_is_refused(olive: Browser) -> None:
    html = olive.get(say(olive, "photos of Rome from 2024")).text
    token = next(token for token in re.findall(r'name="token" value="([^"]+)"', html) if token.startswith("date:"))
    answer = olive.post("/conversations/1/1/chip", data={"token": unescape(token), "words": "bananas", "here": here(html)})
    assert answer.status_code == 422 and "Mantel found no time in “bananas”. Nothing was changed." in answer.text
    assert shown(answer.text) == [3, 2]


def test_a_pinned_chip_stays_for_new_questions_until_it_is_unpinned(olive: Browser) -> None:
    html = olive.get(say(olive, "photos of Rome from 2024")).text
    token = next(unescape(token) for token in re.findall(r'name="token" value="([^"]+)"', html) if token.startswith("place:"))
    where = {"token": token, "here": here(html)}
    assert olive.post("/conversations/1/1/pin", data={**where, "on": "true"}).status_code == 303
    assert "(pinned)" in olive.get("/conversations/1/1").text
    new = olive.get(say(olive, "photos from 2019", here(html))).text
    assert shown(new) == [1] and "(pinned)" in new
    olive.post("/conversations/1/1/pin", data=where)
    assert shown(olive.get(say(olive, "photos from August 2024", here(html))).text) == [4]


def test_what_is_shown_again_counts_from_what_is_there_now(olive: Browser, store: Store) -> None:
    page = say(olive, "photos of Rome")
    with store.write() as writer:
        writer.run("UPDATE asset SET deleted_at=1 WHERE id=3")
    html = olive.get(page).text
    assert shown(olive.get(say(olive, "the first", here(html))).text) == [2]


def test_a_photo_steps_through_the_results_and_goes_back_to_them(olive: Browser) -> None:
    say(olive, "photos of Rome")
    html = olive.get("/photos/2?conversation=1&turn=1").text
    assert 'href="/conversations/1/1"' in html and "/photos/3?conversation=1" in html and "/photos/1?conversation=1" in html


def test_a_photo_is_still_there_when_its_conversation_is_not(olive: Browser, max_: Browser) -> None:
    say(olive, "photos of Rome")
    for browser, address in ((max_, "conversation=1&turn=1"), (olive, "conversation=99&turn=1"), (olive, "conversation=x&turn=1")):
        html = browser.get(f"/photos/2?{address}").text
        assert "July 2024" in html and "Back to the results" not in html


def test_nobody_goes_on_from_another_s_conversation(olive: Browser, max_: Browser) -> None:
    html = olive.get(say(olive, "photos of Rome")).text
    assert max_.post("/ask", data={"q": "only 2024", "here": here(html)}).status_code == 404
    assert "photos of Rome" not in max_.get("/conversations").text


def test_the_list_renames_deletes_and_brings_back(olive: Browser, clock: Clock) -> None:
    assert "Nothing asked yet" in olive.get("/conversations").text
    say(olive, "photos of Rome")
    assert 'href="/conversations/1/1">photos of Rome' in olive.get("/conversations").text
    olive.post("/conversations/1/title", data={"title": "<b>Rome</b>"})
    html = olive.get("/conversations").text
    assert "&lt;b&gt;Rome&lt;/b&gt;" in html and "<b>" not in html
    gone = olive.post("/conversations/1/delete").headers["location"]
    html = olive.get(gone).text
    assert "Nothing asked yet" in html and "/conversations/1/restore" in html
    olive.post("/conversations/1/restore")
    assert "/conversations/1/1" in olive.get("/conversations").text
    assert olive.get("/conversations/1").headers["location"] == "/conversations/1/1"


def test_numbers_that_are_none_are_not_found(olive: Browser) -> None:
    say(olive, "photos of Rome")
    for path in ("/conversations/2", "/conversations/1/2", f"/conversations/{2**70}/1", f"/conversations/1/{2**70}", "/albums/7"):
        assert olive.get(path).status_code == 404
    assert olive.post("/ask", data={"q": "dogs", "here": f"conversation={2**70}&turn=1"}).status_code == 303
    assert olive.post("/actions", data={"action": str(2**70)}).status_code == 404
    for odd in ("conversation=" + "9" * 5000 + "&turn=1", "without=x&" * 2000 + "conversation=1&turn=1", "%ff=%00&q=%00", "&&=="):
        assert olive.post("/ask", data={"q": "dogs", "here": odd}).status_code == 303
        assert olive.get(f"/photos/1?{odd[:5000]}").status_code == 200


def test_questions_about_the_box_show_no_photos(olive: Browser) -> None:
    html = olive.get(say(olive, "how many photos are there?")).text
    assert "4 photos and 0 videos." in html and "No match" not in html and shown(html) == []
    assert "o backup is set up" in olive.get("/ask?q=is+my+library+backed+up%3F").text
    html = olive.post("/ask", data={"q": "is indexing done?"}, headers=HTMX).text
    assert "Yes, everything is done." in html


def test_how_often_is_drawn_with_a_table_below(olive: Browser) -> None:
    html = olive.get(say(olive, "how often were we in Rome?")).text
    assert html.count("<rect") == 6 and 'role="img" aria-label="Days with a photo in each year: 2019 1, 2020 0' in html
    assert '<th scope="row"><a href="/conversations/1/1?within=during%3A2019">2019</a></th><td>1</td><td>1</td>' in html
    assert shown(olive.get("/conversations/1/1?within=during%3A2019").text) == [1]
    stream = olive.get("/conversations/1/1/answer").text
    assert "event: plot" in stream and "<rect" in stream


def test_which_and_how_often_are_asked_of_what_is_shown(olive: Browser) -> None:
    html = follow(olive, "photos from 2024", "which towns are these from?")
    assert "2 towns: " in html and ">Rome (2)</a>" in html and shown(html) == [4, 3, 2]
    assert "On 3 days in 2 months, most often in" in follow(olive, "photos from 2024", "how often?")


def test_comparing_counts_each(olive: Browser) -> None:
    html = olive.get(say(olive, "more photos from Rome or from Paris?")).text
    assert "More: Rome." in html and ">Rome (3)</a>" in html and ">Paris (1)</a>" in html


def test_who_wants_no_words_gets_plain_search(olive: Browser) -> None:
    assert 'aria-pressed="true">On' in olive.get("/settings").text
    olive.post("/settings/answers", data={"answers": "off"})
    assert 'aria-pressed="true">Off' in olive.get("/settings").text
    html = olive.get(say(olive, "photos of Rome")).text
    assert shown(html) == [3, 2, 1] and "answer-words" not in html
    assert "sse-connect" not in olive.post("/ask", data={"q": "photos of Rome"}, headers=HTMX).text
    assert '<form action="/actions"' not in olive.get(say(olive, "hide these", here(html))).text


def test_an_empty_sentence_goes_home(olive: Browser) -> None:
    assert say(olive, "  ") == "/"
