"""The stage of faces: not there while People is off, one job for each photo once it is on, and nothing in the database."""

from appliance.indexing import faces, pipeline
from appliance.store import queue
from appliance.store.db import Store
from tests.indexing.test_pipeline import NOW, add, do, states


def order(store: Store) -> list[int]:
    """The photos in the order in which their faces are looked for."""
    found = []
    with store.write() as writer:
        while job := queue.claim(writer, [faces.STAGE], by="worker", now=NOW, lease_ms=1000):
            found.append(job.asset_id)
    return found


def test_a_new_photo_has_no_such_job_and_nobody_reads_of_the_stage(store: Store) -> None:
    with store.write() as writer:
        asset = add(writer)
        assert faces.STAGE not in pipeline.shown(writer)
    assert faces.STAGE not in states(store, asset)


def test_every_photo_is_asked_about_once_the_newest_first_and_videos_never(store: Store) -> None:
    with store.write() as writer:
        old, new, video = (add(writer, kind, number) for number, kind in enumerate(["photo"] * 2 + ["video"], 1))
        for asset, taken in ((old, "2001-01-01T00:00:00"), (new, "2024-01-01T00:00:00")):
            writer.run("UPDATE asset SET capture_time=? WHERE id=?", (taken, asset))
        writer.run("UPDATE job SET state='done' WHERE stage='derivatives'")
        assert faces.ask_for_all(writer) == 2
        assert faces.ask_for_all(writer) == 0
        assert faces.STAGE in pipeline.shown(writer)
    assert order(store) == [new, old]
    assert faces.STAGE not in states(store, video)


def test_a_photo_without_a_preview_waits_for_it(store: Store) -> None:
    with store.write() as writer:
        asset, later = add(writer, number=1), add(writer, number=2)
        faces.ask_for_all(writer)
        faces.ask_for(writer, later, "photo")
    assert states(store, asset)[faces.STAGE] == states(store, later)[faces.STAGE] == "blocked"
    do(store, "derivatives")
    assert states(store, asset)[faces.STAGE] == "waiting"


def test_faces_come_after_everything_else(store: Store) -> None:
    with store.write() as writer:
        asset = add(writer)
        writer.run("UPDATE job SET state='done' WHERE stage='derivatives'")
        faces.ask_for_all(writer)
        lowest = writer.all("SELECT stage FROM job WHERE asset_id=? ORDER BY priority LIMIT 1", (asset,))
    assert lowest == [(faces.STAGE,)]
