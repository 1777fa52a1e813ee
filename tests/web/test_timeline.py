"""The timeline page: months, keyset pages, what a member may not see."""

import re

from appliance.store.db import Store
from appliance.store.layout import Layout
from appliance.web import timeline
from tests.conftest import Browser, add_photo


def fill(store: Store, layout: Layout, count: int) -> None:
    """Photos on `count` days, all in different months of the years from 2000 on."""
    for number in range(count):
        asset_id = add_photo(store, layout, f"{number}.jpg")
        with store.write() as writer:
            taken = f"{2000 + number // 12}-{number % 12 + 1:02}-05T10:00:00"
            writer.run("UPDATE asset SET capture_time=? WHERE id=?", (taken, asset_id))


def test_older_links_reach_every_photo_once(olive: Browser, store: Store, layout: Layout) -> None:
    fill(store, layout, timeline.PAGE + 30)
    seen: list[str] = []
    path = "/timeline"
    while path:
        html = olive.get(path).text
        seen += re.findall(r'href="/photos/(\d+)"', html)
        older = re.search(r'href="(/timeline\?before=[^"]+)"', html)
        path = older[1] if older else ""
    assert len(seen) == len(set(seen)) == timeline.PAGE + 30


def test_the_part_that_htmx_asks_for_is_no_whole_page(olive: Browser, store: Store, layout: Layout) -> None:
    fill(store, layout, 3)
    part = olive.get("/timeline?before=2000-03-05T10:00:00.3", headers={"HX-Request": "true"}).text
    assert "<html" not in part and part.count('class="tile ratio') == 2


def test_a_month_that_goes_on_gets_no_second_heading(olive: Browser, store: Store, layout: Layout) -> None:
    add_photo(store, layout, "one.jpg")
    add_photo(store, layout, "two.jpg")
    part = olive.get("/timeline?before=2024-07-14T12:00:00.2", headers={"HX-Request": "true"}).text
    assert "<h2" not in part and part.count('class="tile ratio') == 1


def test_a_month_starts_at_its_end(olive: Browser, store: Store, layout: Layout) -> None:
    fill(store, layout, 6)
    html = olive.get("/timeline?month=2000-03").text
    assert html.count('class="tile ratio') == 3 and "Back to the newest" in html


def test_nonsense_in_the_address_is_not_found(olive: Browser) -> None:
    for path in ("/timeline?month=2024-13", "/timeline?before=yesterday", "/timeline?month='--"):
        assert olive.get(path).status_code == 404


def test_a_hidden_photo_is_in_nobodys_timeline(olive: Browser, max_: Browser, store: Store, layout: Layout) -> None:
    add_photo(store, layout, "secret.jpg", hidden=True)
    for who in (olive, max_):
        assert 'class="tile ratio' not in who.get("/timeline").text


def test_an_empty_timeline_says_what_to_do(olive: Browser) -> None:
    assert "Add photos" in olive.get("/timeline").text
