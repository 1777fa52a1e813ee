"""A library with a few photos, its box, and repositories on this machine's disk, made by the real restic."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from appliance.backup import checks, drill, nightly, plan, repositories, status
from appliance.backup.box import Box
from appliance.backup.plan import Wish
from appliance.backup.repositories import Repository
from appliance.backup.runs import Run
from appliance.store.db import Store
from appliance.store.layout import Layout
from tests.conftest import START, Clock, add_photo

NAMES = ("beach.jpg", "forest [1].jpg", "zoo.jpg")


@pytest.fixture
def box(store: Store, layout: Layout, clock: Clock) -> Box:
    """Three photos, one of them with a sidecar, and settings."""
    for name in NAMES:
        add_photo(store, layout, name)
    layout.original("2024/2024-07-14/zoo.jpg.xmp").write_text("<x:xmpmeta/>")
    layout.settings_file.write_text("port = 8081\n")
    return Box(store, layout, clock)


@pytest.fixture
def disk(box: Box, tmp_path: Path) -> Repository:
    """A repository at home."""
    return plan.add(box, Wish("Disk", str(tmp_path / "disk"))).repository


@pytest.fixture(scope="module")
def another_disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder on another file system than the tests' libraries: a copy on the library's own disk does not count."""
    memory = Path("/dev/shm")
    if not memory.is_dir() or memory.stat().st_dev == tmp_path_factory.getbasetemp().stat().st_dev:
        pytest.skip("this machine has no second file system to write to")
    with tempfile.TemporaryDirectory(prefix="mantel-disk-", dir=memory) as name:
        yield Path(name)


@pytest.fixture
def tidy_processes() -> Iterator[list[Callable[[], object]]]:
    """What is called when the test has ended, last first."""
    ends: list[Callable[[], object]] = []
    yield ends
    for end in reversed(ends):
        end()


@dataclass(frozen=True)
class Safe:
    """A box that is safe, its two repositories, and the time."""

    box: Box
    disk: Repository
    aunt: Repository
    clock: Clock

    def verdict(self) -> str:
        return self.status().verdict.colour

    def todo(self) -> str:
        return " ".join(finding.sentence for finding in self.status().verdict.todo)

    def status(self) -> status.Status:
        with self.box.store.read() as reader:
            return status.status(reader, now=self.clock())

    def night(self) -> dict[str, str]:
        """A day later, back up everywhere; the outcome of each repository."""
        self.clock.advance(days=1)
        with self.box.store.read() as reader:
            wanted = repositories.every(reader)
        names = {repository.id: repository.name for repository in wanted}
        return {names[done.repository_id]: done.outcome for done in nightly.run(self.box, wanted)}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory, another_disk: Path) -> Path:
    """A safe box, made once; each test begins with a copy of it at the same place."""
    folder = tmp_path_factory.mktemp("faults")
    layout = Layout(folder / "live" / "home")
    layout.create()
    store = Store(layout.database, layout.database_copies)
    box = Box(store, layout, Clock())
    (another_disk / "live").mkdir()
    for name in ("beach.jpg", "forest.jpg", "zoo.jpg"):
        add_photo(store, layout, name)
    for name, offsite in (("Disk", False), ("Aunt", True)):
        wish = Wish(name, str(another_disk / "live" / name), offsite=offsite, removable=False)
        repository = plan.add(box, wish).repository
        assert run(box, repository).outcome == "complete"
        assert checks.carry_out(box, repository, "structure").outcome == "passed"
        assert drill.run(box, repository).outcome == "passed"
    with store.write() as writer:
        writer.run("UPDATE repository SET key_confirmed_at=?", (START,))
    store.close()
    for place in (folder, another_disk):
        shutil.copytree(place / "live", place / "kept")
    return folder


@pytest.fixture
def safe(kept: Path, another_disk: Path) -> Iterator[Safe]:
    for place in (kept, another_disk):
        shutil.rmtree(place / "live")
        shutil.copytree(place / "kept", place / "live")
    layout, clock = Layout(kept / "live" / "home"), Clock(START + 1_000)
    store = Store(layout.database, layout.database_copies)
    with store.read() as reader:
        disk, aunt = repositories.every(reader)
    made = Safe(Box(store, layout, clock), disk, aunt, clock)
    assert (made.verdict(), made.todo()) == ("safe", "")
    yield made
    store.close()


def run(box: Box, *wanted: Repository) -> Run:
    """Back up, and return the first repository's run."""
    return nightly.run(box, [again(box, repository) for repository in wanted])[0]


def again(box: Box, repository: Repository) -> Repository:
    """The repository's row as it is now."""
    with box.store.read() as reader:
        return repositories.get(reader, repository.id)


def value(box: Box, sql: str, *parameters: object) -> object:
    with box.store.read() as reader:
        return reader.value(sql, parameters)


def flip(file: Path) -> None:
    """Four bytes of `file` change by themselves: neither its size nor its time tells."""
    before = file.stat()
    file.chmod(0o600)
    content = bytearray(file.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 4] = bytes(byte ^ 0xFF for byte in content[middle : middle + 4])
    file.write_bytes(content)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
