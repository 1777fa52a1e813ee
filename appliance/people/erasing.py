"""Turning People off for good: keys first, then processes, rows, files. docs/vault.md, “Erasing”.

The mark `keys/vault/erasing` is written before anything is destroyed and taken away last, so whoever starts after a crash knows.
"""

import fcntl
from collections.abc import Iterator
from contextlib import closing, contextmanager

import msgspec

from appliance.errors import PeopleBusy, PeopleOff, VaultDamaged
from appliance.people import consent, marks
from appliance.people.client import People
from appliance.store import audit
from appliance.store.db import Reader, Store
from appliance.store.layout import Layout
from appliance.store.vault_file import VaultFile
from appliance.vault import keys
from appliance.vault.destroying import destroy

STAGE = "faces"


class Receipt(msgspec.Struct, frozen=True):
    """What was erased: files of keys and vault, rows and messages in it, bytes, jobs; `at` in milliseconds since 1970 UTC."""

    at: int
    by_user: int | None
    files: int = 0
    rows: int = 0
    bytes: int = 0
    jobs: int = 0


@contextmanager
def alone(layout: Layout) -> Iterator[None]:
    """Hold the lock of turning on and off; the kernel lets it go however its holder ends. Raises PeopleBusy."""
    layout.run.mkdir(exist_ok=True, mode=0o700)
    with (layout.run / "people.lock").open("w") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise PeopleBusy from None
        yield


def is_busy(layout: Layout) -> bool:
    """Is somebody turning People on or off now?"""
    try:
        with alone(layout):
            return False
    except PeopleBusy:
        return True


class Watch:
    """Says when a vault is gone that was there while this process ran: what the process learnt of it is forgotten by ending."""

    def __init__(self, layout: Layout) -> None:
        self._folder = layout.vault_keys
        self._known = keys.identity(self._folder)

    def is_over(self) -> bool:
        """Ask at least once between two vaults; a look at the folder, no more."""
        now = keys.identity(self._folder)
        over = self._known is not None and now != self._known
        self._known = self._known or now
        return over


def turn_off(store: Store, layout: Layout, *, user_id: int | None, now: int) -> Receipt:
    """Erase everything of People. Raises PeopleOff when there is nothing, PeopleBusy."""
    with alone(layout):
        if not _is_left(store, layout):
            raise PeopleOff
        for _ in steps(store, layout, Receipt(now, user_id)):
            pass
    with store.read() as reader:
        written = last_receipt(reader)
    if written is None:
        raise PeopleOff
    return written


def finish(store: Store, layout: Layout, *, now: int) -> bool:
    """At a start: go on with what a crash, or a restore without keys, has left; return whether there was any."""
    try:
        with alone(layout):
            return clear(store, layout, now=now)
    except PeopleBusy:  # whoever turns it on or off now sees to it
        return False


def clear(store: Store, layout: Layout, *, now: int) -> bool:
    """`finish`, for who holds the lock."""
    with store.read() as reader:
        is_on = consent.is_on(reader)
    if (is_on and keys.exist(layout.vault_keys)) or not _is_left(store, layout):
        return False
    for _ in steps(store, layout, Receipt(now, None)):
        pass
    return True


def _is_left(store: Store, layout: Layout) -> bool:
    with store.read() as reader:
        if consent.is_on(reader):
            return True
    return any(file.is_file() for folder in (layout.vault_keys, layout.faces_vault.parent) for file in folder.rglob("*"))


def steps(store: Store, layout: Layout, receipt: Receipt) -> Iterator[str]:
    """Erase, yielding the name of each step when it is done. A receipt that an earlier attempt had begun is gone on with."""
    mark = layout.vault_keys / keys.ERASING
    receipt = _begun(store, layout, receipt)
    keys.mark_erasing(layout.vault_keys, msgspec.json.encode(receipt))
    yield "marked"
    for file in keys.erase(layout.vault_keys):
        yield f"key {file.name}"
    People(layout.people_socket).end()
    yield "people process"
    _forget_rows(store)
    yield "rows"
    store.shorten_log()
    yield "log"
    for file in sorted(layout.faces_vault.parent.rglob("*")):
        destroy(file)
        yield f"file {file.name}"
    _write_receipt(store, receipt)
    yield "receipt"
    destroy(mark)
    yield "done"


def _begun(store: Store, layout: Layout, receipt: Receipt) -> Receipt:
    """Return the receipt of the attempt that was interrupted, or count what is there to be erased."""
    try:
        return msgspec.json.decode((layout.vault_keys / keys.ERASING).read_bytes(), type=Receipt)
    except (FileNotFoundError, msgspec.DecodeError):
        pass
    files = [file for folder in (layout.vault_keys, layout.faces_vault.parent) for file in folder.rglob("*") if file.is_file()]
    size = sum(file.stat().st_size for file in files)
    with store.read() as reader:
        jobs = int(reader.value("SELECT count(*) FROM job WHERE stage=?", (STAGE,)))
    return msgspec.structs.replace(receipt, files=len(files), rows=_rows(layout), bytes=size, jobs=jobs)


def _rows(layout: Layout) -> int:
    """Return how many rows and messages the vault has; none when nobody can read it any more."""
    try:
        with closing(VaultFile(layout.faces_vault)) as file:
            return file.count()
    except (FileNotFoundError, VaultDamaged):
        return 0


def _forget_rows(store: Store) -> None:
    marks.forget(store)
    with store.write(durable=True) as writer:
        writer.run("DELETE FROM job WHERE stage=?", (STAGE,))
        writer.run("DELETE FROM people_consent")


def _write_receipt(store: Store, receipt: Receipt) -> None:
    with store.write(durable=True) as writer:
        new = writer.run(
            "INSERT OR IGNORE INTO people_receipt(at, by_user, files, rows, bytes, jobs) VALUES(?,?,?,?,?,?)",
            (receipt.at, receipt.by_user, receipt.files, receipt.rows, receipt.bytes, receipt.jobs),
        )
        if new:
            audit.record(writer, now=receipt.at, user_id=receipt.by_user, action="people.disabled")


def last_receipt(reader: Reader) -> Receipt | None:
    """Return what was erased last."""
    row = reader.first("SELECT at, by_user, files, rows, bytes, jobs FROM people_receipt ORDER BY at DESC LIMIT 1")
    return Receipt(*row) if row else None
