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

SHARED = Path(__file__).parents[1] / "../shared/photos"
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
    """A home that holds the folder `library` of the shared photos; `added` is what `mantel add --json` said."""

    home: Path
    added: dict[str, Any]


@pytest.fixture(scope="session")
def real_library(tmp_path_factory: pytest.TempPathFactory) -> RealLibrary:
    home = tmp_path_factory.mktemp("real") / "home"
    command = [sys.executable, "-m", "appliance", "add", "--home", str(home), str(SHARED / "library"), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=280)
    assert done.returncode == 3, done.stderr
    return RealLibrary(home, json.loads(done.stdout))
