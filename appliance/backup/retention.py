"""Thinning out: restic's own rule says which snapshots may go; what a lost original could come back from stays.

Once a week. Not at all from a repository that lets nothing be removed, and not while the library has shrunk by more than 5 %
until its owner says that this was meant: else a disaster would be followed by forgetting what was there before it.
"""

from collections.abc import Callable, Mapping

from appliance.adapters.restic import Restic
from appliance.backup import ledger
from appliance.backup.box import Box, host
from appliance.backup.repositories import Repository
from appliance.errors import RepositoryAppendOnly
from appliance.store.db import Reader, Writer

DAY_MS = 86_400_000
EVERY_MS = 7 * DAY_MS
LOOK_BACK_MS = 35 * DAY_MS
KEEP: Mapping[str, int] = {"last": 3, "daily": 7, "weekly": 5, "monthly": 12, "yearly": 10}
SHRUNK_TO = 0.95

NOTHING_REMOVED = "This repository only takes new data: every snapshot stays, and that is a protection."


def thin_out(box: Box, repository: Repository, restic: Restic, does: Callable[[str], None]) -> str:
    """Remove the snapshots whose time is over, when that is due; return what came of it, for people. Raises BackupFailed."""
    now = box.clock()
    with box.store.write() as writer:
        shrunk_from = _shrunk(writer, repository, now)
    if not _is_due(repository, now):
        return ""
    if repository.append_only:
        return NOTHING_REMOVED
    if shrunk_from is not None:
        return (
            f"The library had {shrunk_from:,} files and has more than 5 % less now, so no old snapshot was removed. "
            f"If that was meant: mantel backup allow-forget “{repository.name}”."
        )
    does("thins out old snapshots")
    tags: tuple[ledger.Holds, ...] = ("originals", "database")
    let_go = [one for tag in tags for one in restic.would_forget(host=host(box), tag=tag, keep=KEEP)]
    with box.store.read() as reader:
        needed = set(ledger.last_good(reader, repository.id).values())
        needed |= {newest for tag in tags if (newest := ledger.parent(reader, repository.id, tag))}  # whatever time it bears
    return _forget(box, repository, restic, [one for one in let_go if one not in needed])


def _forget(box: Box, repository: Repository, restic: Restic, snapshots: list[str]) -> str:
    if snapshots:
        try:
            restic.forget(snapshots)
        except RepositoryAppendOnly:
            with box.store.write() as writer:
                writer.run("UPDATE repository SET append_only=1 WHERE id=?", (repository.id,))
            return NOTHING_REMOVED
        with box.store.write(durable=True) as writer:
            ledger.forgotten(writer, repository.id, snapshots, now=box.clock())
        restic.prune()
    with box.store.write() as writer:
        writer.run("UPDATE repository SET pruned_at=? WHERE id=?", (box.clock(), repository.id))
    return f"Old snapshots that were removed: {len(snapshots)}."


def _is_due(repository: Repository, now: int) -> bool:
    """Weekly; a time in the future is one that a wrong clock wrote."""
    since = repository.added_at if repository.pruned_at is None else repository.pruned_at
    return not since <= now < since + EVERY_MS


def _shrunk(writer: Writer, repository: Repository, now: int) -> int | None:
    """Return how many files there were before the library shrank, or None when it has not, or was allowed to."""
    most, newest = _counts(writer, repository, now)
    before = max(most, repository.shrunk_from or 0)
    shrunk_from = before if newest < before * SHRUNK_TO else None
    writer.run("UPDATE repository SET shrunk_from=? WHERE id=?", (shrunk_from, repository.id))
    return shrunk_from


def _counts(reader: Reader, repository: Repository, now: int) -> tuple[int, int]:
    """Files of the largest snapshot of the last five weeks (since shrinking was last allowed), and of the newest."""
    newest = ledger.newest(reader, repository.id, "originals")
    (most,) = reader.one(
        """SELECT ifnull(max(files), 0) FROM snapshot, repository WHERE repository.id=snapshot.repository_id
           AND repository_id=? AND holds='originals' AND snapshot.state='present'
           AND taken_at >= ? AND taken_at > ifnull(shrunk_allowed_at, 0)""",
        (repository.id, now - LOOK_BACK_MS),
    )
    files = reader.value("SELECT files FROM snapshot WHERE id=?", (newest,), default=0)
    return most, files
