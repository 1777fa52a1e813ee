"""What every part of the backup is given: the library, its paths, the time, and one lock."""

import fcntl
import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from appliance.errors import BackupBusy
from appliance.store.db import Reader, Store
from appliance.store.layout import Layout

HOST = "backup.host"


@dataclass(frozen=True, slots=True)
class Box:
    """`clock` gives milliseconds since 1970 UTC; `keep_on` says no when whatever runs should stop soon."""

    store: Store
    layout: Layout
    clock: Callable[[], int]
    keep_on: Callable[[], bool] = lambda: True

    def __post_init__(self) -> None:
        """restic lists files under their real path, so the home is looked at under that too."""
        object.__setattr__(self, "layout", Layout(self.layout.home.resolve()))

    def file(self, path: str) -> Path:
        """Return where a path of the ledger ('originals/…', 'mantel.toml') lies."""
        return self.layout.home / path


def host(box: Box) -> str:
    """Return the name under which this box's snapshots are filed. Made once; it travels with the database to a new box."""
    with box.store.read() as reader:
        if (known := _host(reader)) is not None:
            return known
    with box.store.write(durable=True) as writer:
        name = f"mantel-{secrets.token_hex(4)}"
        writer.run("INSERT OR IGNORE INTO choice(name, value) VALUES(?,?)", (HOST, json.dumps(name)))
        return _host(writer) or name


def _host(reader: Reader) -> str | None:
    value = reader.value("SELECT value FROM choice WHERE name=?", (HOST,))
    return None if value is None else str(json.loads(value))


@contextmanager
def alone(box: Box) -> Iterator[None]:
    """Hold the one lock of runs, checks and drills; the kernel lets it go however its holder ends. Raises BackupBusy."""
    box.layout.run.mkdir(exist_ok=True, mode=0o700)
    with (box.layout.run / "backup.lock").open("w") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupBusy from None
        yield


def is_busy(box: Box) -> bool:
    """Does some process hold the lock now?"""
    try:
        with alone(box):
            return False
    except BackupBusy:
        return True
