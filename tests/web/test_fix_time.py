"""Fixing times: the page shows before and after, the button changes it, another takes it back; the box leads there too."""

import re
from html import unescape
from typing import Any

import pytest

from appliance.store.db import Store
from appliance.store.layout import Layout
from tests.conftest import Browser, add_photo
from tests.web.test_actions import offered, wish


@pytest.fixture(autouse=True)
def _library(store: Store, layout: Layout) -> None:
    for number in (1, 2, 3):
        assert add_photo(store, layout, f"{number}.jpg") == number


def choose(browser: Browser, *assets: int) -> str:
    answer = browser.post("/selections", data={"then": "time", "asset": [str(asset) for asset in assets]})
    return str(answer.headers["location"])


def times(store: Store) -> list[tuple[Any, ...]]:
    with store.read() as reader:
        return reader.all("SELECT capture_time, time_source FROM asset ORDER BY id")


def test_a_preview_changes_nothing_and_a_click_does(olive: Browser, store: Store) -> None:
    where = choose(olive, 1, 2)
    assert where == "/fix-time?selection=1" and "Change the time" not in olive.get(where).text
    html = olive.get(where + "&how=shift&hours=1&direction=earlier").text
    assert "Change 2 photos: 1 hour earlier" in html and html.count("11:00:00") == 2
    assert set(times(store)) == {("2024-07-14T12:00:00", "exif")}
    done = olive.post("/fix-time", data={"selection": "1", "change": "shift -60"})
    page = olive.get(done.headers["location"]).text
    assert "2 photos changed: 1 hour earlier. The originals are as they were." in page
    assert times(store) == [("2024-07-14T11:00:00", "person")] * 2 + [("2024-07-14T12:00:00", "exif")]
    assert "14 July 2024" in olive.get("/photos/1").text
    olive.post("/actions/1/undo")
    assert set(times(store)) == {("2024-07-14T12:00:00", "exif")}
    assert "Undone." in olive.get("/actions/1").text


def test_a_question_about_the_new_day_finds_it_at_once(olive: Browser) -> None:
    choose(olive, 1)
    olive.post("/fix-time", data={"selection": "1", "change": "set 2019-12-24T18:30:00"})
    assert re.findall(r'href="/photos/(\d+)', olive.get("/ask?q=Christmas+2019").text)[:1] == ["1"]
    assert 'href="/timeline?month=2019-12"' in olive.get("/timeline").text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("how=shift", "Say by how much"),
        ("how=shift&hours=-1", "Say by how much"),
        ("how=zone&zone=Nowhere", "is no change of a time"),
        ("how=zone&zone=%22%3E%3Cscript%3E", "is no change of a time"),
        ("how=set&moment=2024-07-14T10:00", "one photo at a time"),
        ("change=sell", "is no change of a time"),
        ("how=shift&days=73000", "year"),
    ],
)
def test_what_makes_no_sense_is_told_beside_the_form(olive: Browser, store: Store, typed: str, said: str) -> None:
    answer = olive.get(f"{choose(olive, 1, 2)}&{typed}")
    assert (
        answer.status_code == 400 and said in answer.text and "Change the time" not in answer.text and "<script>" not in answer.text
    )
    assert set(times(store)) == {("2024-07-14T12:00:00", "exif")}


def test_nobody_changes_anothers_selection_and_no_child_changes_times(
    olive: Browser, max_: Browser, kit: Browser, store: Store
) -> None:
    where = choose(olive, 1)
    assert max_.get(where).status_code == 404
    assert max_.post("/fix-time", data={"selection": "1", "change": "shift 60"}).status_code == 404
    assert kit.get(where).status_code == 403 and 'value="time"' not in kit.get("/timeline").text
    assert set(times(store)) == {("2024-07-14T12:00:00", "exif")}


@pytest.mark.parametrize(
    ("sentence", "button", "where"),
    [
        ("show these on the map", "Show these 3 on the map", "/map?selection=1"),
        ("fix the time of these: one hour later", "Fix the time of these 3: 1 hour later", "/fix-time?selection=1&change=shift+60"),
        ("correct the date of the second", "Fix the time of this one", "/fix-time?selection=1"),
        ("korrigiere die Zeit von diesen", "Fix the time of these 3", "/fix-time?selection=1"),
        ("montre ces photos sur la carte", "Show these 3 on the map", "/map?selection=1"),
        ("muestra estas fotos en el mapa", "Show these 3 on the map", "/map?selection=1"),
    ],
)
def test_the_box_offers_to_go_there_with_exactly_these(
    olive: Browser, store: Store, sentence: str, button: str, where: str
) -> None:
    assert offered(wish(olive, sentence)) == [button]
    assert olive.post("/actions", data={"action": "1"}).headers["location"] == where
    answer = olive.post("/actions", data={"action": "1"}, headers={"HX-Request": "true"})
    assert answer.headers["hx-redirect"].startswith(where.split("=")[0])
    assert set(times(store)) == {("2024-07-14T12:00:00", "exif")}


def test_what_was_said_in_the_box_stands_in_the_form(olive: Browser) -> None:
    wish(olive, "fix the time of these: two hours and 5 minutes earlier")
    html = unescape(olive.get(olive.post("/actions", data={"action": "1"}).headers["location"]).text)
    assert 'name="hours" value="2"' in html and 'name="minutes" value="5"' in html and 'value="earlier" selected' in html
    assert "Change 3 photos: 2 hours and 5 minutes earlier" in html
