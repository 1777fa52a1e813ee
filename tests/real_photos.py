"""The development photos beside the repository: real files that nobody here made, never committed; tests skip without them."""

import csv
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

SHARED = (Path(__file__).parents[1] / "../shared/photos").resolve()
FOLDERS = ("library", "bad-input", "metadata-leaks", "takeout")
needs_photos = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared photos are not on this machine")


@dataclass(frozen=True)
class Sample:
    """One line of the manifest: what must become of a file, and what is true about it."""

    path: str
    sha256: str
    expectation: str
    facts: dict[str, Any]

    @property
    def day(self) -> date | None:
        written = str(self.facts.get("date", ""))[:10].split(":")
        return date(*map(int, written)) if len(written) == 3 else None


def samples(folder: str = "") -> Iterator[Sample]:
    with (SHARED / "MANIFEST.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["path"].startswith(folder):
                yield Sample(row["path"], row["sha256"], row["expectation"], json.loads(row["expected_facts_json"]))


@dataclass(frozen=True)
class RealLibrary:
    """A home that was given every folder of the shared photos; `added` is what `mantel add --json` said."""

    home: Path
    added: dict[str, Any]
    changed: dict[Path, int]  # when each source was last changed, before it was added


@pytest.fixture(scope="session")
def real_library(tmp_path_factory: pytest.TempPathFactory) -> RealLibrary:
    home = tmp_path_factory.mktemp("real") / "home"
    changed = {file: file.stat().st_mtime_ns for file in SHARED.rglob("*") if file.is_file()}
    folders = [str(SHARED / name) for name in FOLDERS]
    command = [sys.executable, "-m", "appliance", "add", "--home", str(home), *folders, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=280)
    assert done.returncode == 3, done.stderr
    return RealLibrary(home, json.loads(done.stdout), changed)
