"""Derivatives that were deleted come back."""

import shutil

import pytest

from appliance.indexing import lost, pipeline
from appliance.library import derivatives
from appliance.store import queue
from appliance.store.db import Store
from appliance.store.layout import Layout
from tests.indexing.test_pipeline import NOW, add


@pytest.fixture
def asset_id(store: Store) -> int:
    """An asset whose derivatives are said to be made."""
    with store.write() as writer:
        asset = int(add(writer))
        job = queue.claim(writer, ["derivatives"], by="x", now=NOW, lease_ms=1)
        assert job
        pipeline.commit(writer, job, "photo", None, version="1", now=NOW)
    return asset


def state(store: Store) -> str:
    with store.read() as reader:
        return str(reader.value("SELECT state FROM job WHERE stage='derivatives'"))


def test_what_is_gone_is_made_again_and_what_is_there_is_not(store: Store, layout: Layout, asset_id: int) -> None:
    with store.read() as reader:
        sha256 = reader.value("SELECT sha256 FROM asset")
    for file in (layout.preview(sha256), layout.thumbnail(sha256)):
        file.parent.mkdir(exist_ok=True, parents=True)
        file.write_bytes(b"x")
    assert derivatives.present(layout) == {sha256}
    assert lost.make_all_again(store, layout) == 0
    layout.thumbnail(sha256).write_bytes(b"")  # as a power cut may leave it
    assert lost.make_all_again(store, layout) == 1
    assert state(store) == "waiting"


def test_the_whole_folder_may_be_gone(store: Store, layout: Layout, asset_id: int) -> None:
    shutil.rmtree(layout.derivatives)
    assert lost.make_all_again(store, layout) == 1


def test_somebody_who_looks_has_it_made_again_once(store: Store, asset_id: int) -> None:
    assert lost.make_again(store, [asset_id, 999], priority=100) == 1
    assert lost.make_again(store, [asset_id], priority=100) == 0


def test_what_cannot_be_made_is_not_tried_for_everybody_who_looks(store: Store, asset_id: int) -> None:
    with store.write() as writer:
        writer.run("UPDATE job SET state='failed' WHERE stage='derivatives'")
    assert lost.make_again(store, [asset_id], priority=100) == 0
    assert state(store) == "failed"
