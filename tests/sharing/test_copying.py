"""Clean copies made by a real worker: progress, failures, a kill in the middle, files that are gone."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from appliance.accounts.viewer import Family, Viewer
from appliance.settings import Settings
from appliance.sharing import copies, copying, links
from appliance.sharing.clean_copies import MAKING
from appliance.sharing.links import DAY_MS, Link
from appliance.store.db import Store
from appliance.store.layout import Layout
from appliance.worker import Worker, wall_clock
from tests import drawn
from tests.processes import wait_for
from tests.sharing.links_made import add_picture, family, link_of, share


@pytest.fixture
def worker(settings: Settings, store: Store, layout: Layout) -> Iterator[Worker]:
    made = Worker(settings, store, layout)
    yield made
    made.close()


def seen(store: Store, viewer: Family, link: int) -> Link:
    return link_of(store, viewer, link, now=wall_clock())


def make(worker: Worker, store: Store, viewer: Family, link: int) -> Link:
    """Let the worker run until the link waits for nothing, and for nothing else: the photos are not indexed."""
    worker.run(lambda: seen(store, viewer, link).state != "making", stages=())
    return seen(store, viewer, link)


def shared(store: Store, layout: Layout, viewer: Family, names: list[str]) -> int:
    return share(store, viewer, [add_picture(store, layout, name) for name in names], now=wall_clock())


def folders(store: Store) -> dict[int, str]:
    with store.read() as reader:
        return dict(reader.all("SELECT asset_id, folder FROM clean_copy"))


def one_file(folder: Path) -> Path:
    (file,) = folder.glob("file.*")
    return file


def test_a_worker_makes_the_copies_and_the_link_lives(
    worker: Worker, store: Store, layout: Layout, cast: dict[str, Viewer]
) -> None:
    olive = family(cast, "Olive")
    link = make(worker, store, olive, shared(store, layout, olive, ["a.jpg", "b.jpg"]))
    assert (link.state, link.made, link.items) == ("live", 2, 2)
    for folder in folders(store).values():
        assert {file.stem for file in (layout.clean_copies / folder).iterdir()} == {"file", "view", "thumb"}
        with Image.open(one_file(layout.clean_copies / folder)) as picture:
            assert picture.size == (640, 480)
            assert not picture.getexif()
    with store.read() as reader:
        receipts = [copies.receipt_of(text) for (text,) in reader.all("SELECT receipt FROM clean_copy")]
    assert all("GPS position" in {removed.what for removed in receipt} for receipt in receipts)


def test_what_cannot_be_decoded_stops_the_link_and_can_be_left_out(
    worker: Worker, store: Store, layout: Layout, cast: dict[str, Viewer]
) -> None:
    olive = family(cast, "Olive")
    assets = [add_picture(store, layout, "good.jpg"), add_picture(store, layout, "bad.jpg", b"\xff\xd8\xff no picture")]
    link = make(worker, store, olive, share(store, olive, assets, now=wall_clock()))
    assert (link.state, link.made, link.failed) == ("stopped", 1, 1)
    assert "could not be decoded" in str(link.reason)
    with store.write() as writer:
        links.leave_out_failed(writer, olive, link.id, now=wall_clock())
    assert seen(store, olive, link.id).state == "live"


def test_an_original_that_is_gone_stops_the_link(worker: Worker, store: Store, layout: Layout, cast: dict[str, Viewer]) -> None:
    olive = family(cast, "Olive")
    number = shared(store, layout, olive, ["a.jpg"])
    layout.original("2024/2024-07-14/a.jpg").unlink()
    link = make(worker, store, olive, number)
    assert (link.state, link.reason) == ("stopped", "The original is not there any more; “mantel verify” says more.")


def test_files_that_are_gone_or_cut_short_are_made_again(
    worker: Worker, store: Store, layout: Layout, cast: dict[str, Viewer]
) -> None:
    olive = family(cast, "Olive")
    link = make(worker, store, olive, shared(store, layout, olive, ["a.jpg", "b.jpg", "c.jpg"]))
    gone, short, _ = (layout.clean_copies / folder for folder in folders(store).values())
    shutil.rmtree(gone)
    one_file(short).write_bytes(b"")
    stray = layout.clean_copies / ("0" * 32)
    unfinished = layout.clean_copies / ("1" * 32 + MAKING)
    for folder in (stray, unfinished):
        folder.mkdir()
    copying.mend(store, layout)
    assert not stray.exists()
    assert not unfinished.exists()
    assert seen(store, olive, link.id).state == "making"
    assert make(worker, store, olive, link.id).state == "live"
    assert one_file(gone).stat().st_size == one_file(short).stat().st_size > 0


def test_nothing_is_left_of_copies_that_no_link_needs(
    worker: Worker, store: Store, layout: Layout, cast: dict[str, Viewer]
) -> None:
    olive = family(cast, "Olive")
    link = make(worker, store, olive, shared(store, layout, olive, ["a.jpg"]))
    copying.keep_house(store, layout, wall_clock() + 13 * DAY_MS)
    assert len(list(layout.clean_copies.iterdir())) == 1
    copying.keep_house(store, layout, link.expires_at + 1)
    assert list(layout.clean_copies.iterdir()) == []


def running(home: Path) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-m", "appliance", "worker", "--home", str(home)], stdout=subprocess.DEVNULL)


def test_a_worker_that_is_killed_again_and_again_leaves_no_half_copy(
    store: Store, layout: Layout, home: Path, cast: dict[str, Viewer]
) -> None:
    olive = family(cast, "Olive")
    large = drawn.picture("png", width=2600, height=1900)
    assets = [add_picture(store, layout, f"{number}.png", large + b"%d" % number) for number in range(8)]
    link = share(store, olive, assets, now=wall_clock())
    for made in (0, 1, 3):
        worker = running(home)
        try:
            wait_for(lambda made=made: _is_making(layout) and seen(store, olive, link).made >= made)  # type: ignore[misc]
        finally:
            worker.kill()
            worker.wait()
        assert seen(store, olive, link).state == "making"
        assert seen(store, olive, link).made < 8
    worker = running(home)
    try:
        wait_for(lambda: seen(store, olive, link).state == "live", "the link never lived")
    finally:
        worker.terminate()
        worker.wait()
    assert {folder.name for folder in layout.clean_copies.iterdir()} == set(folders(store).values())
    for folder in layout.clean_copies.iterdir():
        with Image.open(one_file(folder)) as picture:
            picture.load()


def _is_making(layout: Layout) -> bool:
    return any(folder.name.endswith(MAKING) for folder in layout.clean_copies.iterdir())
