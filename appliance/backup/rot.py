"""The rot gate: originals are read whole and compared with their SHA-256 before a backup, so that decay never replaces a good copy.

Read are those that are new, those that somebody wrote to since the last look, and a share of the rest, oldest look first, so that
the whole library is read in 30 days. A sidecar may be changed by a person or a program: it is rotten only when its bytes changed
and neither its size nor its time did.
"""

import hashlib
import math
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from appliance.backup.box import Box
from appliance.errors import BackupStopped
from appliance.library import names
from appliance.store.db import Reader, Writer

DAY_MS = 86_400_000
ROTATION_DAYS = 30
BATCH = 256
READERS = 2

OK, ROTTEN, MISSING, UNREADABLE = "ok", "rotten", "missing", "unreadable"


@dataclass(frozen=True, slots=True)
class Sound:
    """A file that may be backed up: `path` relative to the home, as it was when it was found to be as it should."""

    path: str
    sha256: str
    bytes: int
    modified_us: int


@dataclass(frozen=True, slots=True)
class Withheld:
    """A file that must not be backed up over its good version; `reason` a clause for people."""

    path: str
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class Gate:
    """What may go into tonight's snapshots and what may not; `kept_out`: paths that their owner took out of the backups."""

    sound: tuple[Sound, ...]
    withheld: tuple[Withheld, ...]
    kept_out: tuple[str, ...] = ()

    @property
    def bytes(self) -> int:
        return sum(file.bytes for file in self.sound)


@dataclass(frozen=True, slots=True)
class _Known:
    """One row of `rot`, as far as it decides whether a file must be read."""

    sha256: str
    bytes: int
    modified_ns: int
    changed_ns: int
    inode: int
    hashed_at: int
    state: str
    since: int

    def is_as_it_was(self, found: os.stat_result) -> bool:
        seen = (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)
        return seen == (self.bytes, self.modified_ns, self.changed_ns, self.inode)


@dataclass(frozen=True, slots=True)
class _File:
    """A file to be looked at; `sha256` is what it should be, None for a sidecar that may be as it likes."""

    path: str
    asset_id: int
    kind: str
    sha256: str | None
    known: _Known | None


@dataclass(frozen=True, slots=True)
class _Look:
    """What a look at one file found; `found` is its SHA-256 when it was read."""

    file: _File
    state: str
    reason: str
    stat: os.stat_result | None
    found: str | None


def gate(box: Box, note: Callable[[int, int], None] = lambda done, total: None) -> Gate:
    """Look at every original and sidecar and read those whose turn it is; write down what was found.

    `note` hears how many of how many files have been looked at. Raises BackupStopped.
    """
    files = _files(box)
    due = _due([file for file in files if file.known], box.clock())
    sound: list[Sound] = []
    withheld: list[Withheld] = []
    out = _kept_out(box)
    with ThreadPoolExecutor(READERS, thread_name_prefix="rot") as pool:
        for start in range(0, len(files), BATCH):
            if not box.keep_on():
                raise BackupStopped(repository="every repository")
            looks = list(
                pool.map(lambda file: look(box.file(file.path), file, must_read=file.path in due), files[start : start + BATCH])
            )
            for seen in looks:
                if seen.file.asset_id in out:
                    continue
                if seen.state == OK and seen.stat is not None:
                    sound.append(_sound(seen, seen.stat))
                else:
                    withheld.append(Withheld(seen.file.path, seen.state, seen.reason))
            _write_down(box, looks)
            note(start + len(looks), len(files))
    _forget_gone_sidecars(box, {file.path for file in files})
    return Gate((*sound, *_settings(box)), tuple(withheld), tuple(file.path for file in files if file.asset_id in out))


def _kept_out(box: Box) -> set[int]:
    with box.store.read() as reader:
        return {one for (one,) in reader.all("SELECT asset_id FROM kept_out")}


def look(place: Path, file: _File, *, must_read: bool) -> _Look:
    """Say how the file at `place` is; it is read whole when `must_read`, or when somebody wrote to it since the last look."""
    try:
        found = place.lstat()
        if not stat.S_ISREG(found.st_mode):
            return _Look(file, MISSING, "something else than a file has its name", found, None)
        if file.known and file.known.state == OK and not must_read and file.known.is_as_it_was(found):
            return _Look(file, OK, "", found, None)
        with place.open("rb") as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
            read = os.fstat(stream.fileno())
    except FileNotFoundError:
        return _Look(file, MISSING, "it is not there", None, None)
    except OSError as error:
        return _Look(file, UNREADABLE, f"it cannot be read ({error.strerror})", None, None)
    if (read.st_mtime_ns, read.st_size) != (found.st_mtime_ns, found.st_size):
        return _Look(file, UNREADABLE, "it was written to while it was read", None, None)
    return _judged(file, sha256, read)


def _judged(file: _File, sha256: str, found: os.stat_result) -> _Look:
    if file.sha256 is not None and sha256 != file.sha256:
        untouched = file.known is not None and file.known.modified_ns == found.st_mtime_ns
        how = "its bytes changed by themselves" if untouched else "its bytes are not those that were added"
        return _Look(file, ROTTEN, how, found, sha256)
    known = file.known
    untold = known is not None and (known.modified_ns, known.bytes) == (found.st_mtime_ns, found.st_size)
    if file.sha256 is None and known and untold and sha256 != known.sha256:
        return _Look(file, ROTTEN, "its bytes changed by themselves", found, sha256)
    return _Look(file, OK, "", found, sha256)


def _sound(seen: _Look, found: os.stat_result) -> Sound:
    known = seen.file.known
    sha256 = seen.found or (known.sha256 if known else "")
    return Sound(seen.file.path, sha256, found.st_size, found.st_mtime_ns // 1000)


def _files(box: Box) -> list[_File]:
    """Every original that the library should have, and every sidecar that lies beside one."""
    with box.store.read() as reader:
        assets = reader.all("SELECT id, original, sha256 FROM asset ORDER BY original")
        known = _known(reader)
    files = []
    ids = {}
    for asset_id, original, sha256 in assets:
        path = f"originals/{original}"
        ids[path] = asset_id
        files.append(_File(path, asset_id, "original", sha256, known.get(path)))
    for path in _sidecars(box.layout.originals, ids):
        files.append(_File(path, ids[_original_of(path)], "sidecar", None, known.get(path)))
    return files


def _known(reader: Reader) -> dict[str, _Known]:
    rows = reader.all("SELECT path, sha256, bytes, modified_ns, changed_ns, inode, hashed_at, state, since FROM rot")
    return {path: _Known(*rest) for path, *rest in rows}


def _sidecars(originals: Path, ids: dict[str, int]) -> Iterator[str]:
    for folder, _, found in os.walk(originals):
        below = os.path.relpath(folder, originals.parent)
        for name in found:
            path = f"{below}/{name}"
            if name.lower().endswith(names.SIDECAR_ENDINGS) and path not in ids and _original_of(path) in ids:
                yield path


def _original_of(sidecar: str) -> str:
    return sidecar[: sidecar.rindex(".")]


def _due(known: Sequence[_File], now: int) -> set[str]:
    """Paths whose turn it is: looked at longest ago, as many as make 30 days; and what a wrong clock left in the future."""
    aged = sorted(((file.known.hashed_at, file.path) for file in known if file.known), key=lambda pair: pair[0])
    share = math.ceil(len(aged) / (ROTATION_DAYS - 1))
    turn = {path for hashed_at, path in aged[:share] if hashed_at < now - DAY_MS // 2}
    overdue = {path for hashed_at, path in aged if hashed_at < now - ROTATION_DAYS * DAY_MS or hashed_at > now + DAY_MS}
    return turn | overdue


def _write_down(box: Box, looks: Sequence[_Look]) -> None:
    """Keep what was read or has changed its state; a file that was only glanced at has nothing new to tell."""
    now = box.clock()
    rows = [_row(seen, now) for seen in looks if seen.found is not None or seen.state != OK]
    if rows:
        with box.store.write() as writer:
            keep(writer, rows)


def keep(writer: Writer, rows: Sequence[tuple[object, ...]]) -> None:
    """An asset that was erased since it was looked at has no row any more."""
    writer.many(
        """INSERT INTO rot(path, asset_id, kind, sha256, found, bytes, modified_ns, changed_ns, inode, hashed_at, state, since,
             reason)
           SELECT ?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?10,?12 WHERE EXISTS (SELECT 1 FROM asset WHERE id=?2)
           ON CONFLICT(path) DO UPDATE SET asset_id=excluded.asset_id, sha256=excluded.sha256, found=excluded.found,
             bytes=excluded.bytes, modified_ns=excluded.modified_ns, changed_ns=excluded.changed_ns, inode=excluded.inode,
             hashed_at=excluded.hashed_at, since=iif(state=excluded.state, since, excluded.since), state=excluded.state,
             reason=excluded.reason""",
        rows,
    )


def _row(seen: _Look, now: int) -> tuple[object, ...]:
    """What a rotten sidecar should be stays what it was when it was good."""
    file, known = seen.file, seen.file.known
    good = file.sha256 or (known.sha256 if known and seen.state != OK else seen.found) or "0" * 64
    numbers = (known.bytes, known.modified_ns, known.changed_ns, known.inode) if known else (0, 0, 0, 0)
    if seen.stat is not None:
        numbers = (seen.stat.st_size, seen.stat.st_mtime_ns, seen.stat.st_ctime_ns, seen.stat.st_ino)
    return (file.path, file.asset_id, file.kind, good, seen.found, *numbers, now, seen.state, seen.reason)


def _forget_gone_sidecars(box: Box, paths: set[str]) -> None:
    """A sidecar that somebody took away is no alarm: its original is what counts."""
    with box.store.read() as reader:
        gone = [(path,) for (path,) in reader.all("SELECT path FROM rot WHERE kind='sidecar'") if path not in paths]
    if gone:
        with box.store.write() as writer:
            writer.many("DELETE FROM rot WHERE path=?", gone)


def _settings(box: Box) -> Iterator[Sound]:
    """mantel.toml is its owner's to change; it is read anew each time."""
    try:
        content = box.layout.settings_file.read_bytes()
        found = box.layout.settings_file.stat()
    except FileNotFoundError:
        return
    yield Sound("mantel.toml", hashlib.sha256(content).hexdigest(), found.st_size, found.st_mtime_ns // 1000)
