"""What people think of captions: accept, hide, show, look again; and that a hidden caption is as good as none."""

import re
from pathlib import Path

import numpy as np
import pytest

from appliance.accounts.viewer import Owner, Viewer
from appliance.errors import AdultNeeded, NotFound
from appliance.indexing import pipeline
from appliance.library import assets, browsing, captions
from appliance.library.captions import Counts, Verdict
from appliance.search import find as finding
from appliance.search import index
from appliance.search.filters import Query
from appliance.search.matrix import Matrix
from appliance.search.reasons import reasons
from appliance.store import queue
from appliance.store.db import Store, Writer
from appliance.store.layout import Layout
from tests.conftest import START, add_photo

MODEL = "model@1"


@pytest.fixture
def beach(store: Store, layout: Layout) -> int:
    """A photo whose stages are done, with the caption “a dog on a beach”, its embedding, and words in the index."""
    asset_id = add_photo(store, layout)
    with store.write() as writer:
        pipeline.first_jobs(writer, asset_id, "photo", 0)
        writer.run("UPDATE job SET state='done', version='1'")
        captions.keep(writer, asset_id, MODEL, "a dog on a beach", START)
        embed(writer, asset_id)
        index.fold_pending(writer)
    return asset_id


def embed(writer: Writer, asset_id: int) -> None:
    vector = np.full(384, 384**-0.5, "<f4").tobytes()
    writer.run("INSERT OR REPLACE INTO embedding(asset_id, source, model, vector) VALUES(?,'caption','m',?)", (asset_id, vector))


def judge(store: Store, viewer: Viewer, asset_id: int, verdict: Verdict, now: int = START + 1) -> int:
    with store.write() as writer:
        caption = captions.of_asset(writer, viewer, asset_id)
        assert caption is not None
        return captions.judge(writer, viewer, [(asset_id, caption.made_at)], verdict, now)


def found(store: Store, word: str, cast: dict[str, Viewer]) -> list[int]:
    with store.read() as reader:
        query = Query(text=word)
        hits = finding.find(reader, cast["Olive"], query, embedder=None, matrix=Matrix("m")).hits
        return [hit.asset_id for hit in hits]


def test_a_hidden_caption_is_nowhere_and_comes_back(store: Store, beach: int, cast: dict[str, Viewer]) -> None:
    max_ = cast["Max"]
    assert found(store, "dog", cast) == [beach]
    assert judge(store, max_, beach, "hidden") == 1
    assert found(store, "dog", cast) == [], "before anything was folded in anew"
    with store.write() as writer:
        index.fold_pending(writer)
    assert found(store, "dog", cast) == []
    with store.read() as reader:
        subject = pipeline.subject(reader, beach, MODEL)
        asset = assets.get(reader, max_, beach)
        assert subject is not None and subject.caption is None
        assert asset.caption is None and assets.as_json(asset)["caption"] is None
        assert browsing.tiles(reader, max_, [beach])[0].caption is None
        assert assets.timeline(reader, max_, None, 5)[0].caption is None
        assert reasons(reader, Query(text="dog"), [beach]) == {beach: ()}
        assert reader.value("SELECT count(*) FROM embedding") == 0
        assert reader.value("SELECT state FROM job WHERE stage='embedding'") == "waiting"
        assert reader.value("SELECT count(*) FROM words WHERE words MATCH 'beach'") == 1, "its file name stays"
    judge(store, max_, beach, "new")
    with store.write() as writer:
        index.fold_pending(writer)
    assert found(store, "dog", cast) == [beach]


def test_a_caption_is_hidden_while_its_embedding_is_being_made(store: Store, beach: int, cast: dict[str, Viewer]) -> None:
    with store.write() as writer:
        queue.again(writer, beach, "embedding", priority=0)
        job = queue.claim(writer, ["embedding"], by="worker", now=1, lease_ms=1)
        assert job is not None
    judge(store, cast["Max"], beach, "hidden")
    with store.write() as writer:
        assert not pipeline.commit(writer, job, "photo", [("caption", np.ones(384, np.float32))], version="m", now=2)
        assert writer.value("SELECT count(*) FROM embedding") == 0


def test_other_words_are_judged_anew_and_the_same_words_keep_their_verdict(
    store: Store, beach: int, cast: dict[str, Viewer]
) -> None:
    judge(store, cast["Max"], beach, "accepted")
    for model, words, expected in ((MODEL, "a dog on a beach", "accepted"), ("other@2", "a dog on a beach", "accepted"),
                                   ("other@2", "a dog in the sand", "new")):  # fmt: skip
        with store.write() as writer:
            captions.keep(writer, beach, model, words, START + 5)
            caption = captions.of_asset(writer, cast["Max"], beach)
            assert caption is not None
            assert (caption.verdict, caption.words, caption.model) == (expected, words, model)
            assert writer.value("SELECT count(*) FROM caption") == 1


def test_a_verdict_on_words_that_changed_meanwhile_does_nothing(store: Store, beach: int, cast: dict[str, Viewer]) -> None:
    with store.write() as writer:
        captions.keep(writer, beach, MODEL, "a cat on a sofa", START + 5)
        assert captions.judge(writer, cast["Max"], [(beach, START)], "hidden", START + 6) == 0
    assert judge(store, cast["Max"], beach, "hidden") == 1


def test_looking_again_uses_the_other_prompt_and_can_be_taken_back(store: Store, beach: int, cast: dict[str, Viewer]) -> None:
    with store.write() as writer:
        assert captions.look_again(writer, cast["Max"], beach, START + 1)
        assert captions.first_prompt(writer, beach, MODEL) == 1
        assert captions.first_prompt(writer, beach, "another@2") == 0
        job = queue.claim(writer, ["caption"], by="worker", now=1, lease_ms=1, held=["caption"])
        assert job is not None and (job.asset_id, job.attempts) == (beach, 1)
        captions.leave_be(writer, cast["Max"], beach)
        assert not pipeline.commit(writer, job, "photo", "other words", version=MODEL, now=2)
        assert writer.value("SELECT state FROM job WHERE stage='caption'") == "done"
        assert writer.one("SELECT words, look_again FROM caption") == ("a dog on a beach", 0)


def test_the_third_look_is_the_first_again(store: Store, beach: int, cast: dict[str, Viewer]) -> None:
    prompts = []
    for number in range(3):
        with store.write() as writer:
            captions.look_again(writer, cast["Max"], beach, START + number)
            prompts.append(captions.first_prompt(writer, beach, MODEL))
            captions.keep(writer, beach, MODEL, f"words {number}", START + number)
    assert prompts == [1, 2, 3]  # the vision process counts them round


def test_when_the_model_has_no_other_words_the_caption_stays(store: Store, beach: int, cast: dict[str, Viewer]) -> None:
    with store.write() as writer:
        captions.look_again(writer, cast["Max"], beach, START + 1)
        job = queue.claim(writer, ["caption"], by="worker", now=1, lease_ms=1)
        assert job is not None
        pipeline.fail(writer, job, version=MODEL, reason="it said nothing", now=2, final=True)
        assert writer.one("SELECT words, look_again, verdict FROM caption") == ("a dog on a beach", 0, "new")


def test_a_child_judges_nothing_and_a_guest_finds_nothing(store: Store, beach: int, cast: dict[str, Viewer]) -> None:
    for viewer, error in ((cast["Kit"], AdultNeeded), (cast["Gita"], NotFound)):
        with store.write() as writer, pytest.raises(error):
            captions.judge(writer, viewer, [(beach, START)], "hidden", START)
        with store.write() as writer, pytest.raises(error):
            captions.look_again(writer, viewer, beach, START)


def test_nobody_judges_what_he_cannot_see(store: Store, layout: Layout, cast: dict[str, Viewer]) -> None:
    hidden = add_photo(store, layout, "surprise.jpg", hidden=True)
    with store.write() as writer:
        captions.keep(writer, hidden, MODEL, "a cake with candles", START)
        assert captions.judge(writer, cast["Max"], [(hidden, START)], "hidden", START) == 0
        with pytest.raises(NotFound):
            captions.look_again(writer, cast["Max"], hidden, START)
        assert captions.unjudged(writer, cast["Max"], None, 9) == []


def test_the_unjudged_come_newest_first_page_by_page(store: Store, layout: Layout, cast: dict[str, Viewer]) -> None:
    ids = [add_photo(store, layout, f"{number}.jpg") for number in range(7)]
    with store.write() as writer:
        for number, asset_id in enumerate(ids):
            captions.keep(writer, asset_id, MODEL, f"words {number}", START + number // 2)
        captions.judge(writer, cast["Max"], [(ids[6], START + 3)], "accepted", START)
        captions.look_again(writer, cast["Max"], ids[5], START)
        assets.describe(writer, cast["Kit"], ids[4], "my own words", START)
    with store.read() as reader:
        first = captions.unjudged(reader, cast["Olive"], None, 3)
        rest = captions.unjudged(reader, cast["Olive"], (first[-1].asset_id, first[-1].made_at), 3)
        assert [caption.asset_id for caption in (*first, *rest)] == [ids[3], ids[2], ids[1], ids[0]]
        assert captions.counts(reader, cast["Olive"]) == Counts(new=4, accepted=1, hidden=0)
        plan = " ".join(str(row[3]) for row in reader.all(
            "EXPLAIN QUERY PLAN SELECT asset_id FROM caption WHERE verdict='new' AND look_again=0 AND (made_at, asset_id) < (9, 9)"
            " ORDER BY made_at DESC, asset_id DESC LIMIT 24"
        ))  # fmt: skip
    assert "caption_verdict" in plan and "TEMP B-TREE" not in plan


def test_what_was_judged_at_once_is_taken_back_at_once_by_whoever_did_it(
    store: Store, layout: Layout, cast: dict[str, Viewer]
) -> None:
    ids = [add_photo(store, layout, f"{number}.jpg") for number in range(3)]
    with store.write() as writer:
        for asset_id in ids:
            captions.keep(writer, asset_id, MODEL, "words of a model", START)
        assert captions.judge(writer, cast["Max"], [(asset_id, START) for asset_id in ids], "accepted", START + 9) == 3
        assert captions.judged_at(writer, cast["Olive"], START + 9) == []
        assert captions.judged_at(writer, cast["Max"], START + 9) == [((asset_id, START), "accepted") for asset_id in ids]
        assert writer.value("SELECT subjects FROM audit WHERE action='caption.accepted'") == str(ids).replace("'", "")


def test_when_an_account_goes_its_verdicts_stay(store: Store, beach: int, cast: dict[str, Viewer]) -> None:
    max_ = cast["Max"]
    assert not isinstance(max_, Owner)
    judge(store, max_, beach, "hidden")
    with store.write() as writer:
        writer.run("DELETE FROM user WHERE name='Max'")
        assert writer.one("SELECT verdict, judged_by FROM caption") == ("hidden", None)


def test_nobody_else_reads_captions_past_their_verdict() -> None:
    """Whatever shows, folds or embeds captions takes access.SHOWN_CAPTION; this file's own part alone sees the hidden ones."""
    package = Path(captions.__file__).parents[1]
    readers = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if re.search(r"(FROM|JOIN)\s+caption\b", path.read_text(encoding="utf-8"))
    }
    assert readers == {"library/access.py", "library/captions.py"}


def test_what_is_hidden_is_listed_for_those_who_may_show_it_again(store: Store, layout: Layout, cast: dict[str, Viewer]) -> None:
    first, second, private = (add_photo(store, layout, name) for name in ("1.jpg", "2.jpg", "3.jpg"))
    with store.write() as writer:
        for asset_id in (first, second, private):
            captions.keep(writer, asset_id, MODEL, "a cake with candles", START)
        captions.judge(writer, cast["Olive"], [(first, START), (private, START)], "hidden", START)
        writer.run("UPDATE asset SET hidden=1 WHERE id=?", (private,))
    with store.read() as reader:
        assert [one.asset_id for one in captions.hidden(reader, cast["Max"], None, 9)] == [first]
        with pytest.raises(AdultNeeded):
            captions.hidden(reader, cast["Kit"], None, 9)
        with pytest.raises(NotFound):
            captions.hidden(reader, cast["Gita"], None, 9)
