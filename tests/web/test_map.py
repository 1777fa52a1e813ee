"""The map: circles with counts, the photos behind each, a list without scripts; nothing of what one may not see."""

import re
from html import unescape

import pytest

from appliance.store.db import Store
from appliance.store.layout import Layout
from tests.conftest import Browser, add_photo

ROME, LISBON = (41.9, 12.5), (38.72, -9.14)


@pytest.fixture(autouse=True)
def _library(store: Store, layout: Layout) -> None:
    """Two in Rome, the second hidden; one in Lisbon; one without a position."""
    for number, place in enumerate((ROME, ROME, LISBON, None), 1):
        add_photo(store, layout, f"{number}.jpg", hidden=number == 2)
        with store.write() as writer:
            if place:
                writer.run("UPDATE asset SET latitude=?, longitude=? WHERE id=?", (*place, number))
    with store.write() as writer:
        writer.run("UPDATE asset SET country='IT', region='Lazio', town='Rome' WHERE id < 3")
        writer.run("UPDATE asset SET country='PT', region='Lisbon', town='L <i>' WHERE id=3")


def circles(browser: Browser, **part: float) -> list[tuple[str, str]]:
    answer = browser.get("/map/places", params=part)
    return [(circle["count"], circle["says"]) for circle in answer.json()]


def test_each_sees_their_own_counts(olive: Browser, max_: Browser) -> None:
    assert circles(olive) == [("3", "3 photos and videos near L <i>")], "the whole world on one pixel"
    assert circles(olive, zoom=6) == [("2", "2 photos and videos near Rome"), ("1", "1 photo or video near L <i>")]
    assert [count for count, _ in circles(max_, zoom=6)] == ["1", "1"]
    assert "2 photos and videos have a position" in max_.get("/map").text


def test_a_circle_leads_to_its_photos(max_: Browser) -> None:
    html = max_.get("/map").text
    links = [unescape(link) for link in re.findall(r'<a class="map-place[^"]*" href="([^"]*)"', html)]
    assert len(links) == 2
    found = [re.findall(r'href="/photos/(\d+)"', max_.get(link).text) for link in links]
    assert sorted(found) == [["1"], ["3"]]
    part = max_.get(links[0], headers={"HX-Request": "true"}).text
    assert "<html" not in part and part.count('class="tile ratio') == 1


def test_without_scripts_the_list_leads_to_searches(olive: Browser) -> None:
    html = olive.get("/map").text
    assert "L &lt;i&gt;" in html and "<i>" not in html
    (rome,) = (unescape(link) for link in re.findall(r'href="([^"]*)">Rome<', html))
    assert rome.startswith("/ask?") and sorted(re.findall(r'class="tile ratio-\d+" href="/photos/(\d+)', olive.get(rome).text)) == [
        "1",
        "2",
    ]


def test_a_selection_is_shown_alone(olive: Browser, max_: Browser) -> None:
    where = olive.post("/selections", data={"then": "map", "asset": ["3", "4"]}).headers["location"]
    assert where == "/map?selection=1"
    html = olive.get(where).text
    assert "1 photo or video has a position. 1 of them have none." in html and ">Rome<" not in html
    assert circles(olive, zoom=6, selection=1) == [("1", "1 photo or video near L <i>")]
    assert max_.get(where).status_code == 404 and circles(max_, zoom=6, selection=1) == []


def test_a_selection_without_a_position_says_so(olive: Browser) -> None:
    olive.post("/selections", data={"then": "map", "asset": "4"})
    assert "None of these has a position" in olive.get("/map?selection=1").text


def test_an_empty_map_says_what_to_do(olive: Browser, store: Store) -> None:
    with store.write() as writer:
        writer.run("UPDATE asset SET latitude=NULL, longitude=NULL, country=NULL, town=NULL")
    html = olive.get("/map").text
    assert "Nothing is on the map yet" in html and 'href="/upload"' in html


@pytest.mark.parametrize("part", ["west=nan", "zoom=x", "before=x"])
def test_what_no_page_asks_for_is_refused(olive: Browser, part: str) -> None:
    assert olive.get(f"/map/{'photos' if 'before' in part else 'places'}?{part}").status_code in (400, 404)


def test_however_many_photos_there_are_the_circles_are_bounded(olive: Browser, store: Store) -> None:
    with store.write() as writer:
        writer.run(
            """WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
               INSERT INTO asset(sha256, original, file_name, bytes, modified_at, format, kind, capture_time, time_source, added_at,
                 latitude, longitude)
               SELECT printf('%064d', i), i || '.jpg', '', 1, 0, 'jpeg', 'photo', '2023-07-14T10:00:00', 'exif', 0,
                 (i * 7919 % 1400) / 10.0 - 70, (i * 104729 % 3600) / 10.0 - 180 FROM n"""
        )
    found = olive.get("/map/places?zoom=20").json()
    assert len(found) == 250
    assert sum(int(circle["count"]) for circle in olive.get("/map/places?zoom=0").json()) == 4994


def test_the_outlines_are_kept_by_the_browser(olive: Browser) -> None:
    answer = olive.get("/map/outlines/110m")
    assert answer.headers["content-type"].startswith("image/svg+xml") and "immutable" in answer.headers["cache-control"]
    assert olive.get("/map/outlines/1m").status_code in (400, 404)
