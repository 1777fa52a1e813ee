"""Files on their way in. Each is locked (flock) by the process that works on it, so that a file without a lock is a leftover.

A file gets its place under originals/ as a second name of the same bytes (a hard link: it never replaces anything), and loses
its name in incoming/ only after the commit. So at every moment the bytes have a name that somebody will find.
"""

import errno
import fcntl
import hashlib
import os
import stat
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from appliance.errors import FileRefused
from appliance.library import names, room

PREFIX = "add-"
UPLOAD_PREFIX = "upload-"
CHUNK = 1 << 20
HEAD = 1 << 16


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file in incoming/, whole and on the disk. `head` is its first 64 KB; `modified_at` in milliseconds since 1970 UTC."""

    path: Path
    sha256: str
    size: int
    modified_at: int
    head: bytes


@contextmanager
def copied(source: Path, incoming: Path, *, name: str) -> Iterator[Arrival]:
    """Copy `source` into incoming/, hashing it on the way; the copy is unlinked when the block ends, however it ends.

    Raises FileRefused when it is not a plain file or changed while it was read, NoRoom when the disk is full.
    """
    with _opened(source, name) as reading:
        before = os.fstat(reading)
        writing, path = _own_file(incoming)
        try:
            digest, head = _read(reading, writing, name, incoming)
            after = os.fstat(reading)
            if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
                raise FileRefused(name=name, reason="it changed while it was being read; add it again when it is finished")
            os.fchmod(writing, 0o440)
            os.utime(writing, ns=(after.st_mtime_ns, after.st_mtime_ns))
            with room.needed(incoming):
                os.fsync(writing)
            yield Arrival(path, digest, after.st_size, after.st_mtime_ns // 1_000_000, head)
        finally:
            path.unlink(missing_ok=True)
            os.close(writing)


@contextmanager
def received(path: Path, *, name: str) -> Iterator[Arrival]:
    """Lock and hash a file that lies in incoming/ already. It keeps its name there: the caller unlinks it after the commit.

    Raises FileNotFoundError when another process finished it first.
    """
    with _opened(path, name) as reading:
        fcntl.flock(reading, fcntl.LOCK_EX)
        path.stat()
        digest, head = _read(reading, None, name, path.parent)
        os.fchmod(reading, 0o440)
        os.fsync(reading)
        known = os.fstat(reading)
        yield Arrival(path, digest, known.st_size, known.st_mtime_ns // 1_000_000, head)


@contextmanager
def abandoned(path: Path) -> Iterator[os.stat_result | None]:
    """Lock `path` and yield its state, or yield None when a living process holds it or it is gone."""
    try:
        reading = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        yield None
        return
    try:
        fcntl.flock(reading, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        yield None
    else:
        yield os.fstat(reading)
    finally:
        os.close(reading)


def link(path: Path, folder: Path, name: str, taken: Collection[str] = ()) -> Path:
    """Give the file at `path` a second name in `folder`: `name`, or NAME (2) and so on when that is a file or in `taken`.

    The new name is on the disk when this returns. Nothing is ever replaced.
    """
    for candidate in names.candidates(name):
        target = folder / candidate
        if candidate in taken or target.exists():
            continue
        try:
            with room.needed(folder):
                target.hardlink_to(path)
        except FileExistsError:
            continue
        break
    fsync_folder(folder)
    return target


def other_name(path: Path, below: Path) -> Path | None:
    """Return the name below `below` that a killed process gave the file at `path` already, or None.

    Found by its inode; there is one so rarely that walking is fine.
    """
    state = path.stat()
    if state.st_nlink == 1:
        return None
    return next((Path(entry.path) for entry in _files(below) if entry.inode() == state.st_ino), None)


def _files(folder: Path | str) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _files(entry.path)
            else:
                yield entry


def make_folder(folder: Path) -> None:
    """Make `folder` and its parent, both on the disk."""
    if not folder.is_dir():
        with room.needed(folder):
            folder.parent.mkdir(mode=0o700, exist_ok=True)
            folder.mkdir(mode=0o700, exist_ok=True)
        fsync_folder(folder.parent)
        fsync_folder(folder.parent.parent)


def fsync_folder(folder: Path) -> None:
    """Wait until the names in `folder` are on the disk."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _own_file(incoming: Path) -> tuple[int, Path]:
    """Make an empty file that this process has locked. A sweep may take it away before the lock: then make another."""
    while True:
        with room.needed(incoming):
            writing, path = tempfile.mkstemp(prefix=PREFIX, dir=incoming)
        fcntl.flock(writing, fcntl.LOCK_EX)
        if os.fstat(writing).st_nlink:
            return writing, Path(path)
        os.close(writing)


@contextmanager
def _opened(path: Path, name: str) -> Iterator[int]:
    try:
        opened = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise
    except OSError as error:
        reason = "it is a link, not a file" if error.errno == errno.ELOOP else f"it could not be read ({error.strerror})"
        raise FileRefused(name=name, reason=reason) from error
    try:
        if not stat.S_ISREG(os.fstat(opened).st_mode):
            raise FileRefused(name=name, reason="it is not a plain file")
        yield opened
    finally:
        os.close(opened)


def _read(reading: int, writing: int | None, name: str, incoming: Path) -> tuple[str, bytes]:
    """Read to the end, copying when there is a `writing`; return SHA-256 and the first bytes."""
    digest = hashlib.sha256()
    head = b""
    while chunk := _chunk(reading, name):
        digest.update(chunk)
        head = head or chunk[:HEAD]
        if writing is not None:
            _write(writing, chunk, incoming)
    return digest.hexdigest(), head


def _chunk(reading: int, name: str) -> bytes:
    try:
        return os.read(reading, CHUNK)
    except OSError as error:
        raise FileRefused(name=name, reason=f"it could not be read ({error.strerror})") from error


def _write(writing: int, chunk: bytes, incoming: Path) -> None:
    view = memoryview(chunk)
    while view:
        with room.needed(incoming):
            view = view[os.write(writing, view) :]
