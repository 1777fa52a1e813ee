"""A disk that is full: said in one sentence, nothing lost, and it goes on once there is room."""

import os
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from appliance import cli, worker
from appliance.errors import NoRoom
from appliance.library.received import announce
from appliance.settings import Settings
from appliance.store.db import Store
from appliance.store.layout import Layout
from appliance.worker import Worker
from tests.library.test_ingest import files_in, photo, written

SECONDS = 90


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A home on a disk of 24 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["/bin/mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", disk], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("a small disk could not be mounted; only root may")
    yield disk / "home"
    subprocess.run(["/bin/umount", "-l", disk], check=True)


def fill(home: Path, leave: int) -> Path:
    """Take all room but `leave` bytes."""
    filler = home.parent / "filler"
    with filler.open("wb") as file:
        state = os.statvfs(home)
        os.posix_fallocate(file.fileno(), 0, state.f_bavail * state.f_frsize - leave)
    return filler


def mantel(home: Path, *words: object) -> int:
    return cli.main([str(words[0]), "--home", str(home), *map(str, words[1:])])


@pytest.mark.parametrize("leave", [0, 1_000, 20_000, 80_000])
def test_adding_to_a_full_disk_says_so_and_goes_on_when_there_is_room(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], leave: int
) -> None:
    pictures = [photo(tmp_path / "pictures" / f"{number}.jpg", text=str(number)) for number in range(3)]
    assert mantel(home, "add", pictures[0]) == 0
    filler = fill(home, leave)
    capsys.readouterr()
    code = mantel(home, "add", tmp_path / "pictures")
    said = capsys.readouterr().err
    assert code == 1
    assert said.startswith("mantel: There is no room left in ") and said.count("\n") == 1, said
    filler.unlink()
    assert mantel(home, "add", tmp_path / "pictures") == 0
    assert len(files_in(home / "originals")) == 3
    assert files_in(home / "incoming") == []
    assert all(picture.is_file() for picture in pictures)
    capsys.readouterr()
    assert (mantel(home, "verify", "--hash"), capsys.readouterr().out) == (0, "")


def test_an_upload_waits_for_room_and_is_then_taken_in(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "AWAY_MS", 500)
    layout = Layout(home)
    layout.create()
    content = photo(home.parent / "a.jpg").read_bytes()
    with closing(Store(layout.database, layout.database_copies)) as store:
        with store.write() as writer:
            user = writer.insert("INSERT INTO user(kind, name, password_hash, created_at) VALUES('owner','Olive','x',0)")
            announce(writer, token="token", user_id=user, file_name="a.jpg", bytes=len(content), modified_at=0, now=0)
        written(layout.incoming / "token", content)
        with closing(Worker(Settings(home=home), store, layout)) as working:
            filler = fill(home, 8_000)
            stopped = threading.Event()
            thread = threading.Thread(target=keep_running, args=(working, stopped))
            thread.start()
            time.sleep(3)
            assert state(store)[0] in ("waiting", "running")
            assert (layout.incoming / "token").is_file()
            filler.unlink()
            deadline = time.monotonic() + SECONDS
            while state(store)[0] != "added":
                assert time.monotonic() < deadline, state(store)
                time.sleep(0.2)
            stopped.set()
            working.stop()
            thread.join()
        assert files_in(layout.incoming) == []


def keep_running(working: Worker, stopped: threading.Event) -> None:
    """As “mantel serve” does: a worker that could not write is started again."""
    while not stopped.wait(0.3):
        with suppress(NoRoom):
            working.run()


def state(store: Store) -> tuple[str, int]:
    with store.read() as reader:
        found, attempts = reader.one("SELECT state, attempts FROM upload")
    return found, attempts
