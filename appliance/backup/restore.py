"""Getting originals back: to a folder, or into their place in the library.

What comes back is compared with our own rows before it is moved to where it belongs, one file at a time, so that a restore that is
killed leaves only whole files, and going on restores what is still missing. A file that is there and differs is never replaced
unless its owner said so; one that is the same is left alone.
"""

import errno
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from appliance.backup import repositories
from appliance.backup.box import Box
from appliance.backup.fetching import ORIGINALS, Wanted, fetch, sha256_of, stop_unless
from appliance.backup.repositories import Repository
from appliance.errors import BackupFailed, BackupStopped, WrongUsage
from appliance.library import names
from appliance.store import audit
from appliance.store.db import Reader, Writer


@dataclass(slots=True)
class Restored:
    """What became of each file: how many came back, were there already, differ from what is there, and were found in no copy."""

    back: int = 0
    there: int = 0
    differs: list[str] = field(default_factory=list)
    missing: list[tuple[str, str]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def is_complete(self) -> bool:
        return not self.differs and not self.missing


@dataclass(frozen=True, slots=True)
class Target:
    """Where files go. `folder` None: into their place in the library. `replace`: also over a file that differs."""

    folder: Path | None
    replace: bool = False

    def place(self, box: Box, path: str) -> Path:
        """Below a folder they lie as in originals/."""
        return box.file(path) if self.folder is None else self.folder / path.removeprefix(ORIGINALS)


def choose(
    reader: Reader, *, assets: Sequence[int] = (), album: str = "", date: str = "", everything: bool = False
) -> list[Wanted]:
    """Return the originals that are meant: by ids, an album's title, a date ('2024', '2024-07', '2024-07-14'), or all.

    Raises WrongUsage when nothing fits.
    """
    if assets:
        rows = reader.all(f"{_CHOSEN} WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(list(assets)),))
    elif album:
        rows = reader.all(f"{_CHOSEN} WHERE id IN ({_IN_ALBUM})", (album,))
    elif date:
        rows = reader.all(f"{_CHOSEN} WHERE capture_time >= ? AND capture_time < ?", (date, date + "~"))
    else:
        rows = reader.all(_CHOSEN) if everything else []
    if not rows:
        raise WrongUsage(what="Nothing in the library fits what should be restored.")
    return [Wanted(ORIGINALS + original, sha256, size) for original, sha256, size in rows]


_CHOSEN = "SELECT original, sha256, bytes FROM asset"
_IN_ALBUM = """SELECT asset_id FROM album_asset JOIN album ON album.id = album_id
  WHERE album.title = ? COLLATE NOCASE AND album.deleted_at IS NULL"""


def restore(
    box: Box,
    files: Sequence[Wanted],
    target: Target,
    *,
    note: Callable[[int, int], None] = lambda done, total: None,
    user_id: int | None = None,
) -> Restored:
    """Bring `files` back from whichever copies hold them, those at home first. Needs the lock (box.alone).

    `note` hears how many of how many are done. A copy that cannot be read is told and the next one asked. Raises BackupStopped.
    """
    done = Restored()
    missing = dict(_not_there(box, files, target, done))
    note(len(files) - len(missing), len(files))
    for repository in _by_nearness(box):
        if missing:
            try:
                _from(box, repository, missing, target, done, lambda: note(len(files) - len(missing), len(files)))
            except BackupStopped:
                raise
            except BackupFailed as error:
                done.faults.append(str(error))
    done.missing = [(path, "no copy gave it back") for path in missing]
    with box.store.write(durable=True) as writer:
        audit.record(writer, now=box.clock(), user_id=user_id, action="backup.restored", subjects=[done.back, len(done.missing)])
        if target.folder is None:
            _acquit(writer, files, done, box.clock())
    return done


def _acquit(writer: Writer, files: Sequence[Wanted], done: Restored, now: int) -> None:
    """Of files that are in their place as they should be, nothing is known against them any more. The next look reads them again,
    as all that somebody wrote to."""
    not_there = {path for path, _ in done.missing} | set(done.differs)
    sql = "UPDATE rot SET state='ok', reason='', found=sha256, since=?1, hashed_at=?1 WHERE state<>'ok' AND path=?2 AND sha256=?3"
    writer.many(sql, [(now, one.path, one.sha256) for one in files if one.path not in not_there])


def _not_there(box: Box, files: Sequence[Wanted], target: Target, done: Restored) -> Iterator[tuple[str, Wanted]]:
    """Yield what must be fetched; what is there as it should be, or differs and must not be replaced, is counted."""
    for one in files:
        place = target.place(box, one.path)
        if not os.path.lexists(place):
            yield one.path, one
        elif _is_same(place, one):
            done.there += 1
        elif target.replace:
            yield one.path, one
        else:
            done.differs.append(one.path)


def _is_same(place: Path, wanted: Wanted) -> bool:
    try:
        return not place.is_symlink() and place.stat().st_size == wanted.bytes and sha256_of(place) == wanted.sha256
    except OSError:
        return False


def mend(box: Box, path: str, *, user_id: int | None = None) -> Restored:
    """Put the last good version of a file that is rotten, missing or unreadable back in its place. Needs the lock (box.alone).

    Raises NotFound when nothing is known against `path`.
    """
    with box.store.read() as reader:
        (sha256,) = reader.one("SELECT sha256 FROM rot WHERE path=? AND state<>'ok'", (path,))
        size = reader.value("SELECT bytes FROM ledger WHERE sha256=? AND path=?", (sha256, path), default=0)
    return restore(box, [Wanted(path, sha256, size)], Target(None, replace=True), user_id=user_id)


def _by_nearness(box: Box) -> list[Repository]:
    with box.store.read() as reader:
        every = repositories.every(reader)
    return sorted((one for one in every if repositories.is_there(one)), key=lambda one: (one.offsite, one.id))


def _from(
    box: Box, repository: Repository, missing: dict[str, Wanted], target: Target, done: Restored, note: Callable[[], None]
) -> None:
    """Take out of `missing` what `repository` gave back, with its sidecars, newest snapshots first."""
    restic = repositories.restic_of(box, repository)
    scratch = _scratch(box, target)
    try:
        for snapshot, wanted in _grouped(box, repository, missing):
            listing = restic.listing(snapshot)
            for one in fetch(restic, listing, [*wanted, *_sidecars(listing.files, wanted)], scratch):
                stop_unless(box.keep_on(), repository.name)
                place = target.place(box, one.wanted.path)
                if one.file is None or (one.wanted.sha256 is None and os.path.lexists(place)):
                    continue
                move(one.file, place)
                if missing.pop(one.wanted.path, None):
                    done.back += 1
                    note()
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _scratch(box: Box, target: Target) -> Path:
    """On the disk to which the files go, so that each comes to its place in one step."""
    folder = box.layout.backup if target.folder is None else target.folder
    return folder / ".mantel-restore"


def _grouped(box: Box, repository: Repository, missing: dict[str, Wanted]) -> list[tuple[str, list[Wanted]]]:
    """Return restic's snapshot id → what of `missing` is taken from it: the newest that holds it."""
    with box.store.read() as reader:
        rows = reader.all(_HELD, (json.dumps(list(missing)), repository.id))
    groups: dict[str, list[Wanted]] = {}
    for path, sha256, snapshot in rows:
        if missing[path].sha256 == sha256:
            groups.setdefault(snapshot, []).append(missing[path])
    return list(groups.items())


_HELD = """SELECT ledger.path, ledger.sha256, (SELECT restic_id FROM snapshot
    WHERE snapshot.repository_id = ledger.repository_id AND holds = 'originals' AND state = 'present'
    AND snapshot.id >= first_snapshot AND (last_snapshot IS NULL OR snapshot.id <= last_snapshot)
    ORDER BY snapshot.id DESC LIMIT 1) AS held
  FROM json_each(?) AS wanted JOIN ledger ON ledger.path = wanted.value
  WHERE ledger.repository_id = ? AND held IS NOT NULL"""


def _sidecars(listed: Iterable[str], wanted: Sequence[Wanted]) -> list[Wanted]:
    """Return the sidecars of `wanted` that the snapshot holds; nobody wrote down what they should be."""
    there = {path.rpartition("/" + ORIGINALS)[2] for path in listed if path.lower().endswith(names.SIDECAR_ENDINGS)}
    found = (one.path.removeprefix(ORIGINALS) + ending for one in wanted for ending in names.SIDECAR_ENDINGS)
    return [Wanted(ORIGINALS + name, None, 0) for name in found if name in there]


def move(file: Path, place: Path) -> None:
    """Bring a good file to its place in one step, on the disk before this returns."""
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with file.open("rb") as stream:
        os.fsync(stream.fileno())
    try:
        file.replace(place)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        near = place.with_name(f".{place.name[:100]}.restoring")  # originals/ may be a disk of its own
        shutil.copy2(file, near)
        near.replace(place)
    folder = os.open(place.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
