"""Originals are never changed: not the file a person gave, and not the one in the library."""

import hashlib
import subprocess
import sys
from pathlib import Path

from tests import drawn


def fingerprints(folder: Path) -> dict[str, tuple[str, int, int]]:
    """Content, time of change and mode of every file."""
    return {
        str(file.relative_to(folder)): (hashlib.sha256(file.read_bytes()).hexdigest(), file.stat().st_mtime_ns, file.stat().st_mode)
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def mantel(home: Path, *arguments: str) -> None:
    command = [sys.executable, "-m", "appliance", arguments[0], "--home", str(home), *arguments[1:]]
    assert subprocess.run(command, check=False, stdout=subprocess.DEVNULL, timeout=200).returncode in (0, 3)


def test_adding_describing_and_indexing_change_no_byte(tmp_path: Path) -> None:
    pictures, home = tmp_path / "pictures", tmp_path / "home"
    drawn.family(pictures)
    given = fingerprints(pictures)
    mantel(home, "add", str(pictures))
    kept = fingerprints(home / "originals")
    assert {digest for digest, _, _ in kept.values()} <= {digest for digest, _, _ in given.values()}
    mantel(home, "index", "--wait")
    mantel(home, "describe", "1", "The day the tent blew away")
    assert fingerprints(home / "originals") == kept
    assert fingerprints(pictures) == given
