"""kill -9 of every process, again and again, in the middle of ingest and indexing: nothing lost, nothing doubled."""

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests import drawn

KILLS = 10


def command(home: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "appliance", arguments[0], "--home", str(home), *arguments[1:]]


def answer(home: Path, *arguments: str) -> Any:
    done = subprocess.run(command(home, *arguments, "--json"), capture_output=True, text=True, check=False, timeout=280)
    assert done.returncode in (0, 3), done.stderr
    return json.loads(done.stdout)


def kill_in_the_middle(arguments: list[str], seconds: float) -> None:
    """Start, wait, and kill the whole process group at once, children too."""
    with subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True) as process:
        try:
            process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def test_killed_ten_times_the_library_is_whole(tmp_path: Path) -> None:
    pictures, home = tmp_path / "pictures", tmp_path / "home"
    drawn.family(pictures)
    given = {hashlib.sha256(file.read_bytes()).hexdigest() for file in pictures.iterdir()}
    rng = random.Random(11)
    for _ in range(KILLS):
        kill_in_the_middle(command(home, "add", str(pictures), "--wait"), rng.uniform(0.8, 4.5))
    added = answer(home, "add", str(pictures), "--wait")
    assert added["refused"] == []
    assert {asset["sha256"] for asset in added["assets"]} == given
    assert len(added["assets"]) == len({asset["id"] for asset in added["assets"]}) == len(given)
    for stage in answer(home, "index", "--wait")["stages"]:
        assert stage["running"] == 0, stage
        assert stage["failed"] == 0, stage
    done = subprocess.run(command(home, "verify"), capture_output=True, text=True, check=False, timeout=100)
    assert (done.returncode, done.stderr) == (0, "")
    assert {hashlib.sha256(file.read_bytes()).hexdigest() for file in pictures.iterdir()} == given
