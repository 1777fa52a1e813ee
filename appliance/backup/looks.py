"""Short looks at a repository between its runs: is it still there, is it still ours, has it still the snapshots that we know of?

A folder's snapshots are the names of its files, so it is looked at each minute, without a key; others are asked a few times a day.
"""

from pathlib import Path

from appliance.adapters import restic
from appliance.adapters.restic import Restic
from appliance.backup import disks, ledger, repositories
from appliance.backup.box import Box
from appliance.backup.repositories import Repository
from appliance.errors import BackupFailed, RepositoryForeign
from appliance.store.db import Reader

MINUTE_MS = 60_000
LOCAL_MS, REMOTE_MS = MINUTE_MS, 6 * 60 * MINUTE_MS


def recognise(box: Box, repository: Repository, restic: Restic) -> None:
    """See that it is the repository that was added, and note which of the snapshots that we know of are gone.

    A snapshot's id is drawn from its encrypted bytes, so one of ours proves whose repository it is. Raises RepositoryForeign, and
    what restic raises.
    """
    with box.store.read() as reader:
        known = ledger.present(reader, repository.id)
    present = {snapshot.id for snapshot in restic.snapshots()} if known else set()
    if known.isdisjoint(present) and (found := restic.repository_id()) != repository.restic_id:
        raise RepositoryForeign(repository=repository.name, reason=f"another one ({found[:8]}) lies at its address now")
    _note(box, repository, present)


def due(reader: Reader, *, now: int) -> list[Repository]:
    """Return the repositories whose turn it is; a time in the future is one that a wrong clock wrote."""
    looked = dict(reader.all("SELECT id, looked_at FROM repository"))
    return [
        repository
        for repository in repositories.every(reader)
        if not now - (LOCAL_MS if repository.kind == "local" else REMOTE_MS) < looked[repository.id] <= now
    ]


def look(box: Box, repository: Repository) -> None:
    """Look, and write down what was seen. For whoever holds the lock: a run that thins out would seem to be a thief.

    What cannot be reached has told nothing; the night's run says so.
    """
    if repository.kind == "local":
        look_at_folder(box, repository)
    elif repository.paused_at is None:
        try:
            present = {snapshot.id for snapshot in repositories.restic_of(box, repository).snapshots()}
        except BackupFailed:
            pass
        else:
            _note(box, repository, present)
    with box.store.write() as writer:
        writer.run("UPDATE repository SET looked_at=? WHERE id=?", (box.clock(), repository.id))


def look_at_folder(box: Box, repository: Repository) -> None:
    """The same for a folder of this machine, in milliseconds: whether it is there, on which disk, and with which snapshots."""
    folder = Path(repository.address)
    try:
        present = restic.snapshot_ids(folder)
        same = folder.is_dir() and disks.share(folder, box.layout.home)
    except OSError:
        return  # it cannot be read: that says nothing about what is in it
    is_there = repositories.is_there(repository)  # asked last: it may have been unplugged meanwhile
    gone_at = None if is_there or repository.removable else box.clock()
    with box.store.write() as writer:
        writer.run(
            "UPDATE repository SET same_disk=iif(?, ?, same_disk), gone_at=iif(? IS NULL, NULL, ifnull(gone_at, ?)) WHERE id=?",
            (is_there, same, gone_at, gone_at, repository.id),
        )
    if is_there:
        _note(box, repository, present)


def _note(box: Box, repository: Repository, present: set[str]) -> None:
    with box.store.read() as reader:
        if ledger.present(reader, repository.id) <= present:
            return
    with box.store.write(durable=True) as writer:
        ledger.vanished(writer, repository.id, present, now=box.clock())
