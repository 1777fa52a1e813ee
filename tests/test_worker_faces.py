"""Faces are looked for while People is on, and leave the worker sealed; while it is off nothing of it is loaded."""

import io
import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from appliance.accounts.viewer import Viewer
from appliance.adapters.facefinder import MODEL
from appliance.indexing import faces
from appliance.people import erasing, inbox
from appliance.people.inbox import Found
from appliance.settings import Settings
from appliance.store.db import Store
from appliance.store.layout import Layout
from appliance.store.vault_file import VaultFile
from appliance.vault import keys
from appliance.worker import Worker
from tests import drawn, drawn_faces
from tests.conftest import Clock
from tests.people.people import PASSPHRASE
from tests.people.test_serving import turned_on_and_locked
from tests.test_worker import upload, work


@pytest.fixture
def worker(settings: Settings, store: Store, layout: Layout) -> Iterator[Worker]:
    made = Worker(settings, store, layout)
    yield made
    made.close()


def jpeg(image: Image.Image) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=95)
    return stream.getvalue()


def upload_faces(store: Store, layout: Layout, user: Viewer) -> None:
    """A photo with one face, one with two, and one without."""
    two = Image.new("RGB", (800, 400), "#7f93a8")
    two.paste(drawn_faces.face(1), (40, 50))
    two.paste(drawn_faces.face(2), (450, 50))
    upload(store, layout, user, "one.jpg", jpeg(drawn_faces.face()), token="one")
    upload(store, layout, user, "two.jpg", jpeg(two), token="two")
    upload(store, layout, user, "none.png", drawn.picture("png", width=900, height=300, text="RECEIPT"), token="none")


def opened(layout: Layout) -> list[Found]:
    """What waits in the inbox, as only the passphrase can open it."""
    held = keys.open_(layout.vault_keys, PASSPHRASE)
    with closing(VaultFile(layout.faces_vault)) as file:
        messages = [inbox.read(held.unseal_message(body)) for _, body in file.messages(100)]
    return [message for message in messages if isinstance(message, Found)]


def jobs(store: Store) -> dict[str, str]:
    with store.read() as reader:
        sql = "SELECT file_name, state FROM job JOIN asset ON asset.id = job.asset_id WHERE stage=?"
        return dict(reader.all(sql, (faces.STAGE,)))


def children_that_find_faces() -> list[str]:
    """The processes of this test's process that could find faces."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"appliance.adapters.facefinder_child" in words and str(os.getpid()).encode() in words:
            found.append(process.name)
    return found


def test_while_people_is_off_no_face_is_looked_for(worker: Worker, store: Store, layout: Layout, cast: dict[str, Viewer]) -> None:
    upload_faces(store, layout, cast["Max"])
    work(worker, store)
    assert jobs(store) == {}
    assert children_that_find_faces() == []
    assert not worker.workable([faces.STAGE])


def test_what_is_found_while_it_is_locked_waits_sealed(
    worker: Worker, store: Store, layout: Layout, cast: dict[str, Viewer], clock: Clock
) -> None:
    turned_on_and_locked(store, layout, clock)
    upload_faces(store, layout, cast["Max"])
    work(worker, store)
    assert jobs(store) == {"one.jpg": "done", "two.jpg": "done", "none.png": "done"}
    with store.read() as reader:
        names = dict(reader.all("SELECT id, file_name FROM asset"))
    found = {names[message.asset]: message for message in opened(layout)}
    assert {name: len(message.faces) for name, message in found.items()} == {"one.jpg": 1, "two.jpg": 2, "none.png": 0}
    assert {message.model for message in found.values()} == {MODEL}
    (face,) = found["one.jpg"].faces
    assert abs(float(np.linalg.norm(np.frombuffer(face.print, "<f4"))) - 1) < 1e-5


def test_nothing_of_a_face_lies_anywhere_in_clear(
    worker: Worker, store: Store, layout: Layout, cast: dict[str, Viewer], clock: Clock
) -> None:
    turned_on_and_locked(store, layout, clock)
    upload(store, layout, cast["Max"], "one.jpg", jpeg(drawn_faces.face()))
    work(worker, store)
    (message,) = opened(layout)
    (face,) = message.faces
    for file in (file for file in layout.home.rglob("*") if file.is_file()):
        assert face.print[200:216] not in file.read_bytes(), file


def test_turned_on_later_every_photo_that_is_there_is_looked_at(
    worker: Worker, store: Store, layout: Layout, cast: dict[str, Viewer], clock: Clock, settings: Settings
) -> None:
    upload_faces(store, layout, cast["Max"])
    work(worker, store)
    turned_on_and_locked(store, layout, clock)
    with closing(Worker(settings, store, layout)) as later:
        work(later, store)
    assert jobs(store) == {"one.jpg": "done", "two.jpg": "done", "none.png": "done"}
    assert sorted(len(message.faces) for message in opened(layout)) == [0, 1, 2]


def test_what_another_model_found_is_found_again(
    worker: Worker, store: Store, layout: Layout, cast: dict[str, Viewer], clock: Clock, settings: Settings
) -> None:
    turned_on_and_locked(store, layout, clock)
    upload(store, layout, cast["Max"], "one.jpg", jpeg(drawn_faces.face()))
    work(worker, store)
    with store.write() as writer:
        writer.run("UPDATE job SET version='an older model' WHERE stage=?", (faces.STAGE,))
    with closing(Worker(settings, store, layout)) as later:
        work(later, store)
    with store.read() as reader:
        assert reader.value("SELECT version FROM job WHERE stage=?", (faces.STAGE,)) == MODEL
    assert len(opened(layout)) == 2


def test_turning_it_off_ends_the_worker_and_leaves_no_job(
    store: Store, layout: Layout, cast: dict[str, Viewer], clock: Clock, settings: Settings
) -> None:
    turned_on_and_locked(store, layout, clock)
    upload(store, layout, cast["Max"], "one.jpg", jpeg(drawn_faces.face()))
    with closing(Worker(settings, store, layout)) as worker:
        work(worker, store)
        assert children_that_find_faces()
        erasing.turn_off(store, layout, user_id=None, now=clock())
        worker.run(lambda: True)
        assert worker.begins_again
    assert jobs(store) == {} and children_that_find_faces() == []
