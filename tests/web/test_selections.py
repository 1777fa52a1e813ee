"""What was chosen in a grid, or found by a question, is sent to one place with what shall be done with it."""

import json
import re
from typing import Any

import pytest

from appliance.store.db import Store
from appliance.store.layout import Layout
from tests.conftest import Browser, add_photo

HTMX = {"HX-Request": "true"}
HIDDEN = 3


@pytest.fixture(autouse=True)
def _library(store: Store, layout: Layout) -> None:
    """Three photos of 2024; the last is hidden."""
    for number in (1, 2, 3):
        assert add_photo(store, layout, f"{number}.jpg", hidden=number == HIDDEN) == number


def rows(store: Store, sql: str) -> list[tuple[Any, ...]]:
    with store.read() as reader:
        return reader.all(sql)


def test_photos_get_a_tag_after_one_more_click_and_lose_it_after_another(olive: Browser, store: Store) -> None:
    answer = olive.post("/selections", data={"then": "tag", "asset": ["2", "1"]})
    assert (answer.status_code, answer.headers["location"]) == (303, "/actions/1")
    page = olive.get("/actions/1").text
    assert "Tag these 2" in page and 'name="name"' in page and page.count('class="tile ratio') == 2
    assert rows(store, "SELECT * FROM tag") == []
    done = olive.post("/actions", data={"action": "1", "name": "sea"})
    assert done.headers["location"] == "/actions/1"
    assert "2 photos tagged “sea”." in olive.get("/actions/1").text
    assert rows(store, "SELECT asset_id, name FROM tag") == [(1, "sea"), (2, "sea")]
    olive.post("/actions/1/undo")
    assert rows(store, "SELECT * FROM tag") == []


def test_favourites_need_no_second_click_and_can_be_undone(max_: Browser, store: Store) -> None:
    said = max_.post("/selections", data={"then": "favourite", "assets": "1,2,3,999,x"}, headers=HTMX).text
    assert "2 photos made favourites." in said and "Undo" in said and "<html" not in said
    assert rows(store, "SELECT id FROM asset WHERE favourite") == [(1,), (2,)], "what Max does not see stays as it was"
    max_.post("/actions/1/undo")
    assert rows(store, "SELECT id FROM asset WHERE favourite") == []


def test_everything_that_a_question_found_can_be_chosen(olive: Browser, store: Store) -> None:
    where = olive.post("/ask", data={"q": "photos from 2024"}).headers["location"]
    conversation, turn = re.findall(r"\d+", where)
    olive.post("/selections", data={"then": "album", "conversation": conversation, "turn": turn})
    assert json.loads(rows(store, "SELECT assets FROM action")[0][0]) == [3, 2, 1]
    olive.post("/selections", data={"then": "album", "here": "q=photos+from+2024"})
    assert json.loads(rows(store, "SELECT assets FROM action")[1][0]) == [3, 2, 1]


def test_nobody_chooses_from_anothers_question(olive: Browser, max_: Browser) -> None:
    olive.post("/ask", data={"q": "photos from 2024"})
    assert max_.post("/selections", data={"then": "album", "conversation": "1", "turn": "1"}).status_code == 404


def test_a_question_about_the_box_chooses_nothing(olive: Browser) -> None:
    answer = olive.post("/selections", data={"then": "favourite", "here": "q=is+indexing+done"})
    assert answer.status_code == 400 and "Nothing was selected" in answer.text


def test_a_whole_album_can_be_chosen_as_far_as_one_sees_it(olive: Browser, max_: Browser, store: Store) -> None:
    olive.post("/selections", data={"then": "album", "asset": ["1", "3"]})
    olive.post("/actions", data={"action": "1", "name": "Sea"})
    max_.post("/selections", data={"then": "favourite", "album": "1"})
    assert rows(store, "SELECT id FROM asset WHERE favourite") == [(1,)]
    assert max_.post("/selections", data={"then": "favourite", "album": "99"}).status_code == 404


def test_a_child_hides_nothing_and_is_offered_no_button_for_it(kit: Browser, store: Store) -> None:
    assert kit.post("/selections", data={"then": "hide", "asset": "1"}).status_code == 403
    assert 'value="hide"' not in kit.get("/timeline").text
    assert 'value="favourite"' in kit.get("/timeline").text
    assert rows(store, "SELECT * FROM action") == []


@pytest.mark.parametrize("data", [{"then": "sell", "asset": "1"}, {"asset": "1"}, {"then": "tag"}, {"then": "tag", "asset": "-1"}])
def test_what_makes_no_sense_is_refused_in_a_sentence(olive: Browser, data: dict[str, str]) -> None:
    answer = olive.post("/selections", data=data, headers={"accept": "text/html"})
    assert answer.status_code == 400 and "Nothing was changed." in answer.text


def test_too_many_at_once_are_refused_with_how_many_may_be(olive: Browser, store: Store) -> None:
    with store.write() as writer:
        writer.run(
            """WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 5100)
               INSERT INTO asset(sha256, original, file_name, bytes, modified_at, format, kind, capture_time, time_source, added_at)
               SELECT printf('%064d', i), i || '.jpg', '', 1, 0, 'jpeg', 'photo', '2023-07-14T10:00:00', 'exif', 0 FROM n"""
        )
    answer = olive.post("/selections", data={"then": "tag", "here": "q=photos+from+2023"})
    assert answer.status_code == 400 and "5,000" in answer.text
    assert rows(store, "SELECT * FROM action") == []


def test_checkboxes_work_without_scripts(olive: Browser) -> None:
    page = olive.get("/timeline").text
    assert page.count('type="checkbox" name="asset"') == 2, "hidden photos do not stand in the timeline"
    assert page.count('form="selection"') == 2 and 'id="selection" action="/selections" method="post"' in page


def test_only_the_owner_is_offered_to_restore_what_was_chosen(olive: Browser, max_: Browser) -> None:
    assert 'value="restore"' in olive.get("/timeline").text
    assert 'value="restore"' not in max_.get("/timeline").text
    answer = olive.post("/selections", data={"asset": "1", "then": "restore"})
    assert answer.headers["location"] == "/backup/restore?selection=1"
    assert olive.get("/backup/restore?selection=1").status_code == 200
    assert max_.post("/selections", data={"asset": "1", "then": "restore"}).status_code == 403
