"""Asking over HTTP: whole pages, parts for htmx, the stream of the answer, and nothing for who may not see it."""

from litestar import Litestar

from appliance.adapters.embedder import MODEL
from appliance.search import index
from appliance.store.db import Store
from appliance.store.layout import Layout
from tests.conftest import Browser, add_photo
from tests.search.shelf import embedder

HTMX = {"HX-Request": "true"}


def described(store: Store, layout: Layout, name: str, words: str, *, hidden: bool = False) -> int:
    asset_id = add_photo(store, layout, name, hidden=hidden)
    with store.write() as writer:
        writer.run("UPDATE asset SET description=? WHERE id=?", (words, asset_id))
        index.fold_pending(writer)
    return asset_id


def test_an_empty_library_says_how_to_add_photos(olive: Browser) -> None:
    html = olive.get("/").text
    assert "There are no photos here yet" in html and 'href="/upload"' in html


def test_a_question_is_answered_in_the_page_itself(olive: Browser, store: Store, layout: Layout) -> None:
    asset_id = described(store, layout, "one.jpg", "the zebra crossing")
    html = olive.get("/ask?q=zebra").text
    assert "<html" in html and f"/photos/{asset_id}?q=zebra" in html and "1 photo matches “zebra”." in html
    assert f'Taken on <a href="/photos/{asset_id}?q=zebra">14 July 2024</a>.' in html


def test_htmx_gets_the_results_and_where_the_answer_streams_from(olive: Browser, store: Store, layout: Layout) -> None:
    described(store, layout, "one.jpg", "the zebra crossing")
    part = olive.get("/ask?q=zebra", headers=HTMX).text
    assert "<html" not in part and 'sse-connect="/ask/answer?q=zebra"' in part
    stream = olive.get("/ask/answer?q=zebra").text
    assert "event: words" in stream and "1 photo matches" in stream and "event: done" in stream


def test_going_back_gets_the_whole_page(olive: Browser, store: Store, layout: Layout) -> None:
    described(store, layout, "one.jpg", "the zebra crossing")
    assert "<html" in olive.get("/ask?q=zebra", headers=HTMX | {"HX-History-Restore-Request": "true"}).text


def test_the_streamed_answer_is_escaped(olive: Browser, store: Store, layout: Layout) -> None:
    stream = olive.get("/ask/answer", params={"q": "<script>alert(1)</script>"}).text
    assert "<script>" not in stream


def test_what_a_member_may_not_see_is_not_counted(max_: Browser, store: Store, layout: Layout) -> None:
    described(store, layout, "one.jpg", "the zebra crossing", hidden=True)
    assert "No match" in max_.get("/ask?q=zebra").text
    assert "No match" in max_.get("/ask?q=photos+from+2024").text


def test_more_hits_come_page_by_page(olive: Browser, store: Store, layout: Layout) -> None:
    for number in range(70):
        add_photo(store, layout, f"{number}.jpg")
    first = olive.get("/ask?q=photos+from+2024", headers=HTMX).text
    assert first.count('class="tile ratio') == 60 and "offset=60" in first
    assert olive.get("/ask?q=photos+from+2024&offset=60", headers=HTMX).text.count('class="tile ratio') == 10


def test_a_chip_is_taken_away_by_its_link(olive: Browser, store: Store, layout: Layout) -> None:
    add_photo(store, layout)
    html = olive.get("/ask?q=photos+from+2023").text
    assert "No match" in html
    link = html.split('class="chip" href="')[1].split('"')[0].replace("&amp;", "&")
    assert "1 match" in olive.get(link).text


def test_few_matches_are_followed_by_what_may_match(olive: Browser, store: Store, layout: Layout, app: Litestar) -> None:
    asset_id = described(store, layout, "one.jpg", "a puppy in a meadow")
    vector = embedder().embed(["a puppy in a meadow"])[0]
    with store.write() as writer:
        writer.run(
            "INSERT INTO embedding(asset_id, source, model, vector) VALUES(?,'description',?,?)",
            (asset_id, MODEL, vector.tobytes()),
        )
    app.state.web.embedder = embedder()
    html = olive.get("/ask?q=animals").text
    assert "No match" in html and "Maybe" in html and f"/photos/{asset_id}?q=animals" in html


def test_an_address_asks_for_what_is_like_a_photo(olive: Browser, store: Store, layout: Layout) -> None:
    first, second = (described(store, layout, f"{name}.jpg", name) for name in ("one", "two"))
    vectors = embedder().embed(["a dog on the grass", "a puppy in a meadow"])
    with store.write() as writer:
        writer.many(
            "INSERT INTO embedding(asset_id, source, model, vector) VALUES(?,'description',?,?)",
            [(asset_id, MODEL, vector.tobytes()) for asset_id, vector in zip((first, second), vectors, strict=True)],
        )
    html = olive.get(f"/ask?like={first}").text
    assert f"Like photo {first}" in html and f"/photos/{second}?q=&amp;like={first}" in html
    assert f'name="here" value="q=&amp;like={first}"' in html
    page = olive.post("/ask", data={"q": "in a meadow", "here": f"q=&like={first}"}).headers["location"]
    assert f"Like photo {first}" in olive.get(page).text, "words that are typed then are looked for among what is like it"
    assert f"without=like%3A{first}" in html
    assert f"/photos/{second}?" in olive.get(f"/photos/{first}/like", headers=HTMX).text
    assert f'hx-get="/photos/{first}/like"' in olive.get(f"/photos/{first}").text
    assert olive.get(f"/ask?like={2**70}&like=-1").status_code == 200


def test_a_photo_without_anything_to_compare_says_so(olive: Browser, store: Store, layout: Layout) -> None:
    alone = add_photo(store, layout, "one.jpg")
    assert "Nothing to compare it with yet" in olive.get(f"/photos/{alone}/like", headers=HTMX).text
    assert "No match" in olive.get(f"/ask?like={alone}").text
