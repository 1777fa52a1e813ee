"""The whole way of a caption: worker, vision process with the sample model, verdicts, a second look, and the hours of the rest."""

import random
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from appliance.accounts.viewer import Viewer
from appliance.indexing import nights
from appliance.indexing.nights import Rest
from appliance.library import captions
from appliance.settings import Settings
from appliance.store.db import Store
from appliance.store.layout import Layout
from appliance.worker import Worker
from tests.adapters.running_vision import SAMPLE, Running
from tests.models.drawing import render
from tests.models.scenes import Scene, Thing

STAGES = ("derivatives", "caption")
NOON = 1_750_075_200_000  # 16 June 2025, 12:00 UTC


@pytest.fixture
def vision(layout: Layout) -> Iterator[Running]:
    """The sample model with a second prompt that gives other words."""
    folder = layout.models / "twofold"
    shutil.copytree(SAMPLE, folder)
    said = (folder / "model.json").read_text(encoding="utf-8")
    (folder / "model.json").write_text(said.replace("What is in this image?", "Where is this?"), encoding="utf-8")
    running = Running(layout.vision_socket.parent, folder)
    yield running.wait_until_it_answers()
    running.stop()


@pytest.fixture
def worker(settings: Settings, store: Store, layout: Layout) -> Iterator[Worker]:
    made = Worker(settings, store, layout, clock=lambda: NOON)
    yield made
    made.close()


@pytest.fixture
def add(worker: Worker, tmp_path: Path) -> Callable[[str], int]:
    def add(thing: str) -> int:
        file = tmp_path / f"{thing}.png"
        render(Scene((Thing(thing, "red"),), "on a beach"), 640, 480, random.Random(1)).save(file)
        return worker.intake.take(file, file_name=file.name, added_by=None, now=NOON).asset_id

    return add


def work(worker: Worker) -> None:
    worker.run(lambda: not worker.open_jobs(STAGES), stages=STAGES)


def all_captions(store: Store) -> list[tuple[int, str, str]]:
    with store.read() as reader:
        return reader.rows(lambda *row: row, "SELECT asset_id, words, verdict FROM caption ORDER BY asset_id")


def test_captions_from_the_first_look_to_the_second(
    worker: Worker, vision: Running, store: Store, add: Callable[[str], int], cast: dict[str, Viewer]
) -> None:
    umbrella = add("umbrella")
    work(worker)
    assert all_captions(store) == [(umbrella, "A red umbrella on a beach.", "new")]
    with store.write() as writer:
        captions.judge(writer, cast["Max"], [(umbrella, NOON)], "hidden", NOON)
        nights.choose(writer, Rest("paused"))
    tent = add("tent")
    work(worker)
    assert all_captions(store) == [(umbrella, "A red umbrella on a beach.", "hidden")], "the rest is paused"
    with store.read() as reader:
        estimate = nights.estimate(reader, vision.client.model_version())
    assert estimate.left == 1 and estimate.seconds is not None and estimate.days is None
    with store.write() as writer:
        captions.look_again(writer, cast["Max"], umbrella, NOON)
    work(worker)
    assert all_captions(store) == [(umbrella, "On a beach.", "new")], "somebody waited for it"
    with store.write() as writer:
        hour = datetime.fromtimestamp(NOON / 1000, UTC).astimezone().hour  # where the box stands
        nights.choose(writer, Rest("night", begins=hour, ends=(hour + 1) % 24))
    work(worker)
    assert all_captions(store) == [(umbrella, "On a beach.", "new"), (tent, "A red tent on a beach.", "new")]
    with store.read() as reader:
        assert reader.all("SELECT rest, count(*) FROM caption_work GROUP BY rest ORDER BY rest") == [(0, 1), (1, 2)]
