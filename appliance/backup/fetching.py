"""Files out of a snapshot into a scratch folder, each compared by hash with what our own rows say it is.

restic calls a restore of nothing a success, and takes whichever snapshot fits when it is asked for “the latest”: here a snapshot is
always named by its id, what it should hold is looked up in its listing first, and only bytes with the right SHA-256 count.
"""

import hashlib
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from appliance.adapters.restic import Listing, Restic
from appliance.errors import BackupStopped, NoRoom

AT_ONCE = 400  # paths of one restic command
BESIDES = 200 << 20  # bytes that stay free
ORIGINALS = "originals/"


@dataclass(frozen=True, slots=True)
class Wanted:
    """`path` relative to the home; `sha256` None: whatever the snapshot holds is right, as with a sidecar that nobody hashed."""

    path: str
    sha256: str | None
    bytes: int


@dataclass(frozen=True, slots=True)
class Fetched:
    """`file` is the good one in the scratch folder, or None; `what` then says why, as a clause for people."""

    wanted: Wanted
    file: Path | None
    what: str = ""


def fetch(restic: Restic, listing: Listing, wanted: Sequence[Wanted], scratch: Path) -> Iterator[Fetched]:
    """Restore `wanted` out of the listed snapshot below `scratch` and yield each of them, in order, some hundred at a time.

    What was yielded is removed before the next are fetched, unless it was moved away. Raises BackupFailed and its kinds, NoRoom.
    """
    where = places(listing)
    for start in range(0, len(wanted), AT_ONCE):
        part = wanted[start : start + AT_ONCE]
        there = [where[one.path] for one in part if one.path in where]
        with _room_for(scratch, sum(one.bytes for one in part)) as into:
            if there:
                restic.restore(listing.snapshot_id, there, into)
            for one in part:
                yield _compared(one, into / where[one.path].lstrip("/") if one.path in where else None)


def places(listing: Listing) -> Mapping[str, str]:
    """Return path relative to the home → path inside the snapshot; the home it was made in may have lain elsewhere."""
    found = {}
    for path in listing.files:
        _, originals, after = path.rpartition("/" + ORIGINALS)
        found[ORIGINALS + after if originals else path.rpartition("/")[2]] = path
    return found


def sha256_of(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _compared(wanted: Wanted, file: Path | None) -> Fetched:
    if file is None:
        return Fetched(wanted, None, "the snapshot does not hold it")
    if not file.is_file() or file.is_symlink():
        return Fetched(wanted, None, "nothing came back")
    if wanted.sha256 is None:
        return Fetched(wanted, file)
    if file.stat().st_size != wanted.bytes:
        return Fetched(wanted, None, f"{file.stat().st_size:,} bytes came back instead of {wanted.bytes:,}")
    return Fetched(wanted, file) if sha256_of(file) == wanted.sha256 else Fetched(wanted, None, "other bytes came back")


@contextmanager
def _room_for(scratch: Path, size: int) -> Iterator[Path]:
    """An empty folder below `scratch`, with room for `size` bytes; what a killed process left there goes first."""
    into = scratch / "fetched"
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir(parents=True, mode=0o700)
    try:
        if shutil.disk_usage(into).free < size + BESIDES:
            raise NoRoom(folder=scratch)
        yield into
    finally:
        shutil.rmtree(into, ignore_errors=True)


def stop_unless(keep_on: bool, name: str) -> None:
    """Raises BackupStopped."""
    if not keep_on:
        raise BackupStopped(repository=name)
