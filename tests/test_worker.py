"""The worker: uploads in, stages done, failures with a reason, a clean stop, and a kill that loses nothing."""

import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from appliance.accounts.viewer import Child, Viewer
from appliance.adapters.picture_model import PICTURE_EMBEDDER
from appliance.assistant import checks, inspect
from appliance.assistant.keeping import AS_ASKED
from appliance.indexing import pipeline
from appliance.indexing.pipeline import STAGES
from appliance.library import assets, uploads
from appliance.library.received import announce
from appliance.settings import Settings
from appliance.store.db import Store
from appliance.store.layout import Layout
from appliance.worker import Worker
from tests import drawn
from tests.adapters.running_vision import Running
from tests.conftest import add_photo
from tests.library.test_ingest import photo, written
from tests.models import sample_pictures
from tests.models.untrained import untrained_pair
from tests.processes import wait_for
from tests.web.test_look import add_umbrella

SECONDS = 120


@pytest.fixture
def worker(settings: Settings, store: Store, layout: Layout) -> Iterator[Worker]:
    made = Worker(settings, store, layout)
    yield made
    made.close()


def upload(store: Store, layout: Layout, user: Viewer, name: str, content: bytes, *, token: str = "token") -> None:
    written(layout.incoming / token, content)
    with store.write() as writer:
        assert not hasattr(user, "share_id")
        announce(writer, token=token, user_id=user.user_id, file_name=name, bytes=len(content), modified_at=0, now=0)


def work(worker: Worker, store: Store) -> None:
    """Let the worker run until it has nothing to do: no upload waits, and no job that it can do."""
    deadline = time.monotonic() + SECONDS

    def finished() -> bool:
        assert time.monotonic() < deadline, "the worker did not finish"
        with store.read() as reader:
            waiting = reader.value("SELECT count(*) FROM upload WHERE state IN ('waiting','running')")
        return not waiting and not worker.open_jobs(STAGES)

    worker.run(finished)


def states(store: Store) -> dict[str, str]:
    with store.read() as reader:
        return dict(reader.all("SELECT stage, state FROM job"))


def test_an_upload_becomes_an_asset_that_words_find(worker: Worker, store: Store, layout: Layout, cast: dict[str, Viewer]) -> None:
    upload(store, layout, cast["Max"], "sign.png", drawn.picture("png", width=900, height=300, text="RECEIPT"))
    work(worker, store)
    with store.read() as reader:
        state, asset_id = reader.one("SELECT state, asset_id FROM upload")
        asset = assets.get(reader, cast["Max"], asset_id)
        found = reader.all("SELECT rowid FROM words WHERE words MATCH 'receipt'")
    assert (state, found) == ("added", [(asset_id,)])
    assert asset.text is not None
    assert "RECEIPT" in asset.text.upper()
    assert list(layout.incoming.iterdir()) == []
    assert states(store) == {
        "metadata": "done",
        "derivatives": "done",
        "picture": "waiting",  # for a picture model
        "text": "done",
        "caption": "waiting",  # for a vision model, and that is no failure
        "embedding": "done" if worker.workable(["embedding"]) else "waiting",
    }


def test_a_picture_model_that_is_installed_under_way_looks_at_what_waited(
    worker: Worker, store: Store, layout: Layout, cast: dict[str, Viewer]
) -> None:
    upload(store, layout, cast["Max"], "sign.png", drawn.picture("png", width=900, height=300))
    work(worker, store)
    assert states(store)["picture"] == "waiting"
    shutil.copytree(sample_pictures.folder(), layout.models / PICTURE_EMBEDDER)
    work(worker, store)
    with store.read() as reader:
        model, size = reader.one("SELECT model, length(vector) FROM picture_embedding")
    assert (states(store)["picture"], model, size) == ("done", sample_pictures.words().model, 2 * 96)


def test_a_bad_upload_is_refused_with_a_reason_and_its_bytes_go(
    worker: Worker, store: Store, layout: Layout, cast: dict[str, Viewer]
) -> None:
    upload(store, layout, cast["Kit"], "homework.doc", b"this is no picture")
    upload(store, layout, cast["Kit"], "dog.jpg", drawn.picture("jpeg"), token="other")
    work(worker, store)
    with store.read() as reader:
        outcomes = dict(reader.all("SELECT file_name, state FROM upload"))
        reason = reader.value("SELECT reason FROM upload WHERE state='refused'")
    assert outcomes == {"homework.doc": "refused", "dog.jpg": "added"}
    assert reason
    assert list(layout.incoming.iterdir()) == []


def test_a_worker_that_comes_too_late_does_not_undo_what_another_took_in(
    store: Store, layout: Layout, cast: dict[str, Viewer]
) -> None:
    upload(store, layout, cast["Max"], "dog.jpg", b"")
    asset_id = add_photo(store, layout)
    with store.write() as writer:
        late = uploads.claim(writer, now=0, lease_ms=1)
        assert late is not None
        uploads.finish(writer, late, outcome="added", asset_id=asset_id)
        uploads.refuse(writer, late, reason="it is gone")
        assert writer.one("SELECT state, asset_id, reason FROM upload") == ("added", asset_id, None)


def test_a_lost_original_fails_its_stage_with_a_reason(
    worker: Worker, store: Store, layout: Layout, cast: dict[str, Viewer]
) -> None:
    upload(store, layout, cast["Max"], "dog.jpg", drawn.picture("jpeg"))
    work(worker, store)
    with store.write() as writer:
        (original, sha256) = writer.one("SELECT original, sha256 FROM asset")
        writer.run("UPDATE job SET state='waiting' WHERE stage='derivatives'")
    layout.original(original).unlink()
    layout.preview(sha256).unlink()
    work(worker, store)
    with store.read() as reader:
        state, reason = reader.one("SELECT state, reason FROM job WHERE stage='derivatives'")
    assert state == "failed"
    assert reason


def test_what_nobody_expected_is_a_failed_job_and_a_log_line_without_names(
    worker: Worker, store: Store, layout: Layout, cast: dict[str, Viewer], capfd: pytest.CaptureFixture[str]
) -> None:
    upload(store, layout, cast["Max"], "secret-party.jpg", drawn.picture("jpeg"))
    work(worker, store)
    with store.write() as writer:
        sha256 = writer.value("SELECT sha256 FROM asset")
        writer.run("UPDATE job SET state='waiting', attempts=2 WHERE stage='derivatives'")
    layout.preview(sha256).unlink()
    layout.preview(sha256).mkdir()  # a file cannot be put where a folder is
    work(worker, store)
    with store.read() as reader:
        state, reason = reader.one("SELECT state, reason FROM job WHERE stage='derivatives'")
    assert (state, "IsADirectoryError" in reason) == ("failed", True)
    logged = capfd.readouterr().err
    assert "IsADirectoryError" in logged
    assert "secret-party" not in logged


@contextmanager
def running(home: Path) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-m", "appliance", "worker", "--home", str(home)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def count(store: Store, state: str) -> int:
    with store.read() as reader:
        return int(reader.value("SELECT count(*) FROM job WHERE state=? AND stage <> 'metadata'", (state,)))


def test_it_stops_cleanly_when_told_and_gives_back_what_it_had(store: Store, layout: Layout, cast: dict[str, Viewer]) -> None:
    for number in range(6):
        upload(store, layout, cast["Max"], f"{number}.jpg", drawn.picture("jpeg", text=str(number)), token=f"t{number}")
    with running(layout.home) as process:
        wait_for(lambda: count(store, "done") > 0)
        started = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
        assert time.monotonic() - started < 15
    assert count(store, "running") == count(store, "failed") == 0
    with store.read() as reader:
        assert reader.value("SELECT max(attempts) FROM job WHERE state='waiting'") == 0
        assert reader.value("SELECT count(*) FROM upload WHERE state='running'") == 0


def test_killed_in_the_middle_another_finishes_without_loss(
    settings: Settings, store: Store, layout: Layout, cast: dict[str, Viewer]
) -> None:
    for number in range(4):
        upload(store, layout, cast["Max"], f"{number}.jpg", drawn.picture("jpeg", text=str(number)), token=f"t{number}")
    with running(layout.home) as process:
        wait_for(lambda: count(store, "running") > 0)
        process.kill()
    with store.write() as writer:
        writer.run("UPDATE upload SET lease_until=0 WHERE state='running'")  # as after a minute
    worker = Worker(settings, store, layout)
    try:
        work(worker, store)
    finally:
        worker.close()
    with store.read() as reader:
        assert reader.all("SELECT state, count(*) FROM upload GROUP BY state") == [("added", 4)]
    assert count(store, "failed") == count(store, "running") == 0
    assert list(layout.incoming.iterdir()) == []


def test_photos_of_the_library_stay_untouched(store: Store, layout: Layout, worker: Worker, tmp_path: Path) -> None:
    source = photo(tmp_path / "a.jpg")
    taken = worker.intake.take(source, file_name="a.jpg", added_by=None, now=0)
    before = layout.original(taken.original).stat()
    work(worker, store)
    after = layout.original(taken.original).stat()
    assert (before.st_mtime_ns, before.st_ino, before.st_mode) == (after.st_mtime_ns, after.st_ino, after.st_mode)


@pytest.fixture
def seen(store: Store, layout: Layout) -> int:
    """A photo with a red umbrella, of which everything is done but the caption."""
    asset_id = add_umbrella(store, layout)
    with store.write() as writer:
        pipeline.first_jobs(writer, asset_id, "photo", 0)
        writer.run("UPDATE job SET state=iif(stage='caption', 'waiting', 'done')")
    return asset_id


def test_killing_the_vision_process_under_way_costs_nothing_but_time(
    worker: Worker, store: Store, layout: Layout, cast: dict[str, Viewer], seen: int, tmp_path: Path
) -> None:
    """A caption and an inspection run when it is killed with -9; both are done by the process that takes its place."""
    kit = cast["Kit"]
    assert isinstance(kit, Child)
    hidden = add_umbrella(store, layout, "surprise.jpg", hidden=True)
    with store.write() as writer:
        number = inspect.start(writer, kit, "find every umbrella", "umbrella", [hidden, seen], now=0, keeping=AS_ASKED)

    def ended() -> bool:
        with store.read() as reader:
            return inspect.get(reader, kit, number, now=0).state == "done" and not reader.value(
                "SELECT 1 FROM job WHERE stage='caption' AND state IN ('waiting','running')"
            )

    slow = Running(layout.run, untrained_pair(tmp_path / "slow", width=128, image_layers=4).folder).wait_until_it_answers()
    running = threading.Thread(target=worker.run, args=(ended,), kwargs={"stages": ["caption"]})
    running.start()
    wait_for(lambda: slow.client.status().busy, "nothing was begun")
    slow.process.kill()
    slow.stop()
    vision = Running(layout.run).wait_until_it_answers()
    running.join(SECONDS)
    vision.stop()
    with store.read() as reader:
        one = inspect.get(reader, kit, number, now=0)
        assert (one.state, one.yes, one.all) == ("done", 1, 1)
        assert reader.value("SELECT words FROM caption") == "A red umbrella on a beach."
        assert reader.value("SELECT state FROM inspection_asset WHERE asset_id=?", (hidden,)) == "failed", "Kit may not see it"
        assert reader.value("SELECT count(*) FROM job WHERE state='failed'") == 0


def attempts(store: Store) -> int:
    with store.read() as reader:
        return int(reader.value("SELECT sum(attempts) FROM inspection_asset WHERE state='waiting'") or 0)


def test_a_picture_that_kills_whoever_looks_at_it_is_given_up(store: Store, layout: Layout, cast: dict[str, Viewer]) -> None:
    kit = cast["Kit"]
    assert isinstance(kit, Child)
    poison = add_photo(store, layout)
    with store.write() as writer:
        inspect.start(writer, kit, "find every umbrella", "umbrella", [poison], now=0, keeping=AS_ASKED)
    lives = 0
    while attempts(store) < checks.MOST_ATTEMPTS:
        another = Worker(Settings(home=layout.home), store, layout)
        assert another._looking.claim() is not None
        lives += 1  # and here it is killed: nothing is given back
    assert lives == checks.MOST_ATTEMPTS
    assert Worker(Settings(home=layout.home), store, layout)._looking.claim() is None
    with store.read() as reader:
        assert reader.one("SELECT inspection_asset.state, inspection.state FROM inspection_asset, inspection") == ("failed", "done")
