"""Who claims jobs: each process holds a lock file while it lives, so that what a killed one had claimed comes back at once."""

import fcntl
import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from appliance.store import queue
from appliance.store.db import Reader, Store, Writer

PREFIX = "claims-"


class Claimer:
    """One process that claims jobs; `name` goes into their `claimed_by`. The lock is let go by the kernel, however it ends."""

    def __init__(self, folder: Path) -> None:
        while True:
            self.name = PREFIX + secrets.token_hex(8)
            self._file = folder / self.name
            self._lock = os.open(self._file, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._lock, fcntl.LOCK_EX)
            if os.fstat(self._lock).st_nlink:
                break
            os.close(self._lock)  # another process took it for a dead one's, before it was locked

    def close(self) -> None:
        self._file.unlink(missing_ok=True)
        os.close(self._lock)


class Claims(Protocol):
    """What knows who claimed its rows: store.queue, and others like it."""

    def claimers(self, reader: Reader) -> list[str]: ...

    def release_all(self, writer: Writer, claimed_by: str, *, now: int) -> int: ...


def release_dead(store: Store, folder: Path, *, now: int, of: Sequence[Claims] = (queue,)) -> int:
    """Give back what was claimed by processes that live no more, and clear away what is left of these; return how many rows."""
    with store.read() as reader:
        claimers = {name for rows in of for name in rows.claimers(reader)}
        names = {*claimers, *(file.name for file in folder.glob(PREFIX + "*"))}
    dead = [name for name in names if not _lives(folder / name)]
    if not dead:
        return 0
    with store.write() as writer:
        return sum(rows.release_all(writer, name, now=now) for name in dead for rows in of)


def _lives(file: Path) -> bool:
    try:
        opened = os.open(file, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        file.unlink(missing_ok=True)
        return False
    finally:
        os.close(opened)
