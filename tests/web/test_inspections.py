"""Inspections over HTTP: started, watched, stopped, taken away as a table; without a model nothing is claimed."""

from litestar import Litestar

from appliance.accounts.viewer import Viewer
from appliance.assistant import checks
from appliance.store.db import Store
from appliance.store.layout import Layout
from tests.assistant.test_inspect import NO, UNSURE, YES, answered
from tests.conftest import Browser, add_photo
from tests.web.test_look import seeing

__all__ = ["seeing"]
HTMX = {"HX-Request": "true"}


def started(browser: Browser, q: str = "every receipt", **fields: str | list[str]) -> str:
    answer = browser.post("/inspections", data={"q": q, **fields})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def test_without_a_model_the_candidates_are_shown_and_nothing_is_claimed(max_: Browser, store: Store, layout: Layout) -> None:
    asset_id = add_photo(store, layout)
    html = max_.get(started(max_)).text
    assert "Every receipt" in html and "Nobody has looked at" in html
    assert "By their words alone" in html and f"/photos/{asset_id}" in html
    assert 'hx-trigger="every' not in html and "list.csv" not in html
    assert "no vision model on this box" in max_.get("/inspections").text


def test_the_count_is_renewed_with_what_is_new(seeing: Litestar, cast: dict[str, Viewer], store: Store, layout: Layout) -> None:
    first, second, third, _ = (add_photo(store, layout, f"{n}.jpg") for n in range(4))
    kit = Browser(seeing).enter(cast["Kit"])
    where = started(kit, "find every receipt from 2024", thing="receipt")
    html = kit.get(where).text
    assert "0 of 4 looked at, none is." in html and f'hx-get="{where}?after=0"' in html
    answered(store, YES, UNSURE)
    part = kit.get(f"{where}?after=0", headers=HTMX).text
    assert "<html" not in part and "2 of 4 looked at, 1 is, 1 may be." in part and f'hx-get="{where}?after=2"' in part
    assert part.count('class="tile ratio') == 2
    answered(store, YES)
    news = kit.get(f"{where}?after=2", headers=HTMX).text
    assert news.count('class="tile ratio') == 1 and "?after=3" in news
    table = kit.get(f"{where}/list.csv")
    assert table.headers["content-type"].startswith("text/csv") and "attachment" in table.headers["content-disposition"]
    assert table.text.count("\r\n") == 4
    assert {first, second, third} <= {int(line.rpartition("/")[2]) for line in table.text.splitlines()[1:]} | {third, second, first}


def test_it_can_be_stopped_and_goes_on(seeing: Litestar, cast: dict[str, Viewer], store: Store, layout: Layout) -> None:
    add_photo(store, layout)
    max_ = Browser(seeing).enter(cast["Max"])
    where = started(max_)
    assert max_.post(f"{where}/stop").status_code == 303
    assert "Go on" in max_.get(where).text
    with store.read() as reader:
        assert checks.next_check(reader) is None
    assert max_.post(f"{where}/continue").headers["location"] == where
    answered(store, NO)
    html = max_.get(where).text
    assert "1 of 1 looked at, none is." in html and "Stop" not in html and "list.csv" not in html


def test_the_filters_of_the_question_and_of_those_before_it_count(
    seeing: Litestar, cast: dict[str, Viewer], store: Store, layout: Layout
) -> None:
    add_photo(store, layout)
    olive = Browser(seeing).enter(cast["Olive"])
    assert "0 of 1 looked at" in olive.get(started(olive, "photos from 2024", thing="a receipt")).text
    assert "no pictures to look at" in olive.get(started(olive, "photos from 1999", thing="receipt")).text
    gone = started(olive, "only in July", thing="receipts", after=["photos from 1999"])
    assert "no pictures to look at" in olive.get(gone).text
    assert "no pictures to look at" in olive.get(started(olive, "only in July", after=["photos of dogs", "only 1999"])).text
    assert olive.get("/inspections").text.count('href="/inspections/') == 4


def test_nothing_to_look_for_is_refused_in_a_sentence(olive: Browser) -> None:
    answer = olive.post("/inspections", data={"q": ""})
    assert answer.status_code == 400
    assert "what the pictures are to be looked at for" in answer.text


def test_hostile_words_stay_words(seeing: Litestar, cast: dict[str, Viewer], store: Store, layout: Layout) -> None:
    add_photo(store, layout)
    kit = Browser(seeing).enter(cast["Kit"])
    where = started(kit, '"><img src=x onerror=alert(1)>', thing='"><script>alert(2)</script>')
    for path in (where, "/inspections"):
        html = kit.get(path).text
        assert "<img src=x" not in html and "<script>alert" not in html


def test_what_was_found_becomes_an_album_that_can_be_asked_for(
    seeing: Litestar, cast: dict[str, Viewer], store: Store, layout: Layout
) -> None:
    first, second, third = (add_photo(store, layout, f"{n}.jpg") for n in range(3))
    kit = Browser(seeing).enter(cast["Kit"])
    where = started(kit, "every receipt")
    assert kit.post(f"{where}/album").status_code == 400
    answered(store, YES, NO)
    with store.read() as reader:
        yes, no = (reader.value("SELECT asset_id FROM inspection_asset WHERE state=?", (state,)) for state in ("yes", "no"))
    assert {yes, no} < {first, second, third}
    for _ in range(2):
        html = kit.get(kit.post(f"{where}/album").headers["location"]).text
        assert f"/photos/{yes}?q=" in html and f"/photos/{no}?q=" not in html
    with store.read() as reader:
        assert reader.all("SELECT title, count(*) FROM album JOIN album_asset ON album_id = id") == [("Every receipt", 1)]
