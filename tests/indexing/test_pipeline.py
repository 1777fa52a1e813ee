"""Which stage runs when, and that a result and its job's state are one."""

import numpy as np
import pytest

from appliance.accounts.viewer import Viewer
from appliance.adapters.text_lines import Line, Text, decoded
from appliance.indexing import pipeline
from appliance.indexing.documents import Decision
from appliance.indexing.pipeline import STAGES
from appliance.indexing.stages import Words
from appliance.library import document
from appliance.store import queue
from appliance.store.db import Store, Writer
from appliance.store.queue import Job

NOW = 1_750_000_000_000


def add(writer: Writer, kind: str = "photo", number: int = 1) -> int:
    asset_id = writer.insert(
        """INSERT INTO asset(sha256, original, file_name, bytes, modified_at, format, kind, capture_time, time_source, added_at)
           VALUES(?,?,'a.jpg',1,0,'jpeg',?,'2024-07-14T10:00:00','exif',?)""",
        (f"{number:064x}", f"{number}.jpg", kind, NOW),
    )
    pipeline.first_jobs(writer, asset_id, kind, 0)
    return asset_id


def states(store: Store, asset_id: int) -> dict[str, str]:
    with store.read() as reader:
        return dict(reader.all("SELECT stage, state FROM job WHERE asset_id=?", (asset_id,)))


def claim(writer: Writer, stage: str) -> Job:
    job = queue.claim(writer, [stage], by="worker", now=NOW, lease_ms=1000)
    assert job is not None
    return job


def do(store: Store, stage: str, result: object = None, version: str = "1", kind: str = "photo") -> None:
    with store.write() as writer:
        assert pipeline.commit(writer, claim(writer, stage), kind, result, version=version, now=NOW)


def read(words: str, document: Decision | None = None) -> Words:
    """What the text stage gives for a picture with one line of words."""
    return Words(Text(words, (Line(words, (0.1, 0.2, 0.3, 0.05), 0.98),) if words else ()), document)


def vector(value: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return np.full(384, value, np.float32)


def test_a_new_photo_begins_with_its_derivatives(store: Store) -> None:
    with store.write() as writer:
        asset = add(writer)
    assert states(store, asset) == {
        "metadata": "done",
        "derivatives": "waiting",
        "picture": "blocked",
        "text": "blocked",
        "caption": "blocked",
        "embedding": "blocked",
    }


def test_a_video_has_no_text_to_wait_for(store: Store) -> None:
    with store.write() as writer:
        asset = add(writer, "video")
    do(store, "derivatives", kind="video")
    assert states(store, asset) == {
        "metadata": "done",
        "derivatives": "done",
        "picture": "waiting",
        "caption": "waiting",
        "embedding": "waiting",
    }


def test_text_caption_and_embedding_do_not_wait_for_one_another(store: Store) -> None:
    with store.write() as writer:
        asset = add(writer)
    do(store, "derivatives")
    assert {states(store, asset)[stage] for stage in ("text", "caption", "embedding")} == {"waiting"}
    do(store, "embedding", [])
    do(store, "caption", "A sign on a street.")
    assert (states(store, asset)["text"], states(store, asset)["embedding"]) == ("waiting", "waiting")
    do(store, "embedding", [("caption", vector(0.2))])
    do(store, "text", read("NO LITTER"))
    assert states(store, asset)["embedding"] == "waiting"


def test_a_photo_without_words_is_not_embedded_again(store: Store) -> None:
    with store.write() as writer:
        asset = add(writer)
    do(store, "derivatives")
    do(store, "embedding", [])
    do(store, "text", read(""))
    assert states(store, asset)["embedding"] == "done"


def test_a_caption_that_comes_late_is_embedded_again(store: Store) -> None:
    with store.write() as writer:
        asset = add(writer)
    do(store, "derivatives")
    do(store, "text", read("NO LITTER"), version="reader 1")
    do(store, "embedding", [("text", vector(0.1))], version="embedder 1")
    do(store, "caption", "A sign on a street.", version="vision 1")
    assert states(store, asset)["embedding"] == "waiting"
    do(store, "embedding", [("text", vector(0.1)), ("caption", vector(0.2))], version="embedder 1")
    with store.read() as reader:
        assert reader.all("SELECT source, model FROM embedding ORDER BY source") == [
            ("caption", "embedder 1"),
            ("text", "embedder 1"),
        ]
        assert reader.value("SELECT words FROM caption") == "A sign on a street."


def test_another_models_embeddings_and_captions_go(store: Store) -> None:
    with store.write() as writer:
        add(writer)
    do(store, "derivatives")
    do(store, "caption", "Old words.", version="old")
    do(store, "text", read(""))
    do(store, "embedding", [("caption", vector(0.1)), ("text", vector(0.3))], version="old")
    with store.write() as writer:
        assert pipeline.rerun_outdated(writer, "caption", "new") == 1
        assert pipeline.rerun_outdated(writer, "embedding", "new") == 1
    do(store, "caption", "New words.", version="new")
    do(store, "embedding", [("caption", vector(0.2))], version="new")
    with store.read() as reader:
        assert reader.all("SELECT words FROM caption") == [("New words.",)]
        assert reader.all("SELECT source, model FROM embedding") == [("caption", "new")]


def test_lines_keep_their_places_and_a_document_its_kind(store: Store) -> None:
    with store.write() as writer:
        asset = add(writer)
    do(store, "derivatives")
    do(store, "text", read("Total 4.20", Decision("receipt", "amounts with a total")))
    with store.read() as reader:
        assert decoded(reader.value("SELECT lines FROM recognised_text")) == read("Total 4.20").text.lines
        assert reader.one("SELECT * FROM document") == (asset, "receipt", "rules", "amounts with a total", "receipt")


def test_what_a_person_said_of_a_document_outlives_another_reading(store: Store, cast: dict[str, Viewer]) -> None:
    with store.write() as writer:
        asset = add(writer)
    do(store, "derivatives")
    do(store, "text", read("Total 4.20", Decision("receipt", "")))
    with store.write() as writer:
        assert document.choose(writer, cast["Max"], asset, "page", NOW) == "rules"
        queue.again(writer, asset, "text", priority=0)
    do(store, "text", read("Total 4.20"))
    with store.write() as writer:
        assert document.of(writer, asset) == document.Document("page", "person", "", None)
        document.choose(writer, cast["Max"], asset, "rules", NOW)
        assert document.of(writer, asset) is None, "the rules say nothing any more"


def test_a_text_that_is_read_again_before_it_was_folded_is_kept(store: Store) -> None:
    with store.write() as writer:
        asset = add(writer)
    do(store, "derivatives")
    for words in ("once", "twice"):
        do(store, "text", read(words, Decision("page", words)))
        with store.write() as writer:
            queue.again(writer, asset, "text", priority=0)
    with store.read() as reader:
        assert reader.value("SELECT words FROM recognised_text") == "twice"
        assert reader.value("SELECT reason FROM document") == "twice"


def test_a_lost_claim_writes_nothing(store: Store) -> None:
    with store.write() as writer:
        add(writer)
    do(store, "derivatives")
    with store.write() as writer:
        job = claim(writer, "text")
        queue.recover(writer, now=NOW + 10_000)
        assert not pipeline.commit(writer, job, "photo", read("STALE"), version="1", now=NOW)
        assert writer.value("SELECT count(*) FROM recognised_text") == 0


def test_what_a_model_failed_at_another_version_tries_again(store: Store) -> None:
    with store.write() as writer:
        asset = add(writer)
        pipeline.fail(writer, claim(writer, "derivatives"), version="1", reason="It crashed.", now=NOW, final=True)
        assert pipeline.rerun_outdated(writer, "derivatives", "1") == 0
        assert pipeline.rerun_outdated(writer, "derivatives", "2") == 1
    assert states(store, asset)["derivatives"] == "waiting"


def test_open_jobs_leave_out_what_is_paused(store: Store) -> None:
    with store.write() as writer:
        one, other = add(writer, number=1), add(writer, number=2)
    with store.read() as reader:
        assert pipeline.open_jobs(reader, STAGES) == 2
        assert pipeline.open_jobs(reader, STAGES, {one}) == 1
        assert pipeline.open_jobs(reader, [], {other}) == 0
    with store.write() as writer:
        queue.pause(writer, "derivatives", now=NOW)
    with store.read() as reader:
        assert pipeline.open_jobs(reader, STAGES) == 0


@pytest.mark.parametrize("stage", STAGES)
def test_every_stage_has_a_version(stage: str) -> None:
    models = {"vision_model": "vision 1", "embedder_model": "embedder 1", "picture_model": "pictures 1", "face_model": "faces 1"}
    assert pipeline.version_of(stage, **models)


def test_the_vector_of_a_picture_is_kept_in_half_the_precision_and_another_models_takes_its_place(store: Store) -> None:
    with store.write() as writer:
        asset = add(writer)
    do(store, "derivatives")
    do(store, "picture", np.array([0.6, -0.8], np.float32), version="one")
    with store.write() as writer:
        assert pipeline.rerun_outdated(writer, "picture", "one") == 0
        assert pipeline.rerun_outdated(writer, "picture", "two") == 1
    do(store, "picture", np.array([0.8, 0.6], np.float32), version="two")
    with store.read() as reader:
        ((model, vector),) = reader.all("SELECT model, vector FROM picture_embedding WHERE asset_id=?", (asset,))
        changes = reader.value("SELECT count(*) FROM picture_embedding_change")
    assert (model, changes) == ("two", 2)
    assert np.frombuffer(vector, "<f2") == pytest.approx([0.8, 0.6], abs=1e-3)
