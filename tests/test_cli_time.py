"""`mantel fix-time`, with the worker that writes the sidecars: killed with kill -9 it leaves rows and sidecars that agree."""

import json
import os
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from appliance.store.db import Store
from tests.conftest import PASSWORD
from tests.library.test_ingest import files_in, photo
from tests.processes import wait_for
from tests.test_cli import Mantel

__all__ = ["mantel"]
PHOTOS = 12
INDEX = ("index", "--wait", "--stage", "sidecar")


@pytest.fixture
def mantel(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Mantel:
    """A library of a dozen photos, taken a minute apart from 10:01 on."""
    made = Mantel(tmp_path / "home", capsys)
    (tmp_path / "password").write_text(PASSWORD)
    made.answer("init", "--owner", "Olive", "--password-file", tmp_path / "password")
    for number in range(1, PHOTOS + 1):
        photo(tmp_path / "pictures" / f"{number}.jpg", taken=f"2024:07:14 10:{number:02}:00", text=str(number))
    made.answer("add", tmp_path / "pictures")
    return made


def sidecars(mantel: Mantel) -> dict[str, str]:
    """What the sidecars say, by the name of the original."""
    folder = mantel.home / "originals"
    texts = {file.name.removesuffix(".xmp"): file.read_text() for file in folder.rglob("*.xmp")}
    return {name: text.split("<exif:DateTimeOriginal>")[1].split("<")[0] for name, text in texts.items()}


def rows(mantel: Mantel) -> dict[str, str]:
    with closing(Store(mantel.home / "mantel.db", mantel.home)) as store, store.read() as reader:
        return dict(reader.all("SELECT file_name, capture_time FROM asset"))


def test_a_shift_is_shown_done_written_and_taken_back(mantel: Mantel) -> None:
    originals = files_in(mantel.home / "originals")
    before = rows(mantel)
    shown = mantel.answer("fix-time", "1", "2", "--shift", "+1h", "--dry-run")
    assert (shown["action"], shown["change"]) == (None, "shift 60")
    assert rows(mantel) == before
    done = mantel.answer("fix-time", "1", "2", "--shift", "+1h")
    changed = {name: time for name, time in rows(mantel).items() if time != before[name]}
    assert sorted(changed.values()) == sorted(fix["after"]["local"] for fix in shown["assets"])
    mantel.answer(*INDEX)
    assert sidecars(mantel) == {name: f"{time}+02:00" for name, time in changed.items()}, "they were taken in Rome"
    assert mantel("verify", "--hash")[0] == 0
    mantel.answer("fix-time", "--undo", str(done["action"]))
    mantel.answer(*INDEX)
    assert rows(mantel) == before and files_in(mantel.home / "originals") == originals


@pytest.mark.parametrize(
    "words",
    [
        ["1"],
        ["--shift", "+1h"],
        ["1", "--shift", "+1h", "--zone", "Europe/Rome"],
        ["1", "--shift", "soon"],
        ["1", "2", "--set", "2019-01-01"],
    ],
    ids=" ".join,
)
def test_wrong_usage_changes_nothing(mantel: Mantel, words: list[str]) -> None:
    before = rows(mantel)
    code, _, complaint = mantel("fix-time", *words)
    assert code == 2 and complaint.count("\n") == 1 and "Nothing was changed" in complaint
    assert rows(mantel) == before


def test_without_an_owner_it_says_how_to_begin(mantel: Mantel, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ownerless = Mantel(tmp_path / "other", capsys)
    ownerless.answer("add", tmp_path / "pictures" / "1.jpg")
    code, _, complaint = ownerless("fix-time", "1", "--shift", "+1h")
    assert code == 2 and "no owner yet" in complaint


def test_what_is_not_there_is_told(mantel: Mantel) -> None:
    assert mantel("fix-time", "1", "99", "--shift", "+1h")[0] == 1
    assert mantel("fix-time", "--undo", "99")[0] == 1


def test_killed_in_the_middle_rows_and_sidecars_agree_after_the_next_start(mantel: Mantel) -> None:
    originals = files_in(mantel.home / "originals")
    everything = [str(number) for number in range(1, PHOTOS + 1)]
    done = mantel.answer("fix-time", *everything, "--zone", "+03:00")
    for _ in range(3):
        kill_worker_after_one_more(mantel)
    mantel.answer(*INDEX)
    assert sidecars(mantel) == {name: f"{time}+03:00" for name, time in rows(mantel).items()}
    mantel.answer("fix-time", "--undo", str(done["action"]))
    kill_worker_after_one_more(mantel)
    mantel.answer(*INDEX)
    assert files_in(mantel.home / "originals") == originals, "the sidecars are gone again, the originals as they were"
    with closing(Store(mantel.home / "mantel.db", mantel.home)) as store, store.read() as reader:
        assert reader.all("SELECT * FROM sidecar") == []
    assert json.loads(mantel("verify", "--json")[1]) == {"differences": []}


def kill_worker_after_one_more(mantel: Mantel) -> None:
    """Start a worker, and kill -9 it as soon as it has touched one sidecar; children of it end with it."""
    folder = mantel.home / "originals"
    before = {file: file.stat().st_ino for file in folder.rglob("*.xmp")}
    command = [sys.executable, "-m", "appliance", "worker", "--home", str(mantel.home)]
    worker = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        wait_for(lambda: {file: file.stat().st_ino for file in present(folder)} != before, "the worker wrote no sidecar")
    finally:
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()


def present(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*.xmp") if file.exists()]
