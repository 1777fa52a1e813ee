"""A photo taken out of the copies: no later snapshot holds it, and it is rewritten out of the earlier ones where that can be.

New snapshots are made and compared with the old ones before the ledger names them, and the old ones go after that: killed at any
moment nothing is lost, and asking again ends it. Copies of the database keep the photo's row: its name and words, not its picture.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from appliance.adapters import restic
from appliance.adapters.restic import Restic, Snapshot
from appliance.backup import ledger, looks, repositories
from appliance.backup.box import Box, host
from appliance.backup.ledger import Rewritten
from appliance.backup.repositories import Repository
from appliance.backup.wording import counted
from appliance.errors import BackupFailed, RepositoryAppendOnly, RepositoryAway
from appliance.store import audit
from appliance.store.db import Reader, Writer

SINCE = (0, 15)
"""The first restic that can rewrite a snapshot."""

LOST = (
    "The photo stays in the library and goes out of the backups: no later snapshot holds it, and it is rewritten out of those that "
    "are there, for ever. When this box is lost, the photo is lost. Copies of the database keep its name and words."
)
"""What is lost, for whoever asks for it."""

Outcome = Literal["rewritten", "not there", "append-only", "too old", "failed"]


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of the photo in one repository; `said` is a whole sentence."""

    repository: str
    outcome: Outcome
    said: str

    @property
    def is_out(self) -> bool:
        return self.outcome in ("rewritten", "not there")


def take_out(
    box: Box, asset_id: int, *, user_id: int | None = None, note: Callable[[str], None] = lambda doing: None
) -> list[Taken]:
    """Keep an original and its sidecars out of the backups from now on, and rewrite them out of every repository that allows it.

    For whoever holds the lock. Raises NotFound, BackupStopped and ToolMissing; what failed in a repository is told.
    """
    with box.store.write(durable=True) as writer:
        paths = _paths(writer, asset_id)
        writer.run("INSERT OR IGNORE INTO kept_out(asset_id, since) VALUES(?,?)", (asset_id, box.clock()))
        every = _refreshed(writer)
        audit.record(writer, now=box.clock(), user_id=user_id, action="backup.taken_out", subjects=[asset_id])
    done = []
    for repository in every:
        note(f"{repository.name}: takes it out")
        done.append(_taken(box, repository, paths))
    return done


def back_in(writer: Writer, asset_id: int, *, now: int, user_id: int | None = None) -> bool:
    """The next run backs the original up again; return whether it was kept out."""
    changed = bool(writer.run("DELETE FROM kept_out WHERE asset_id=?", (asset_id,)))
    if changed:
        _refreshed(writer)
        audit.record(writer, now=now, user_id=user_id, action="backup.taken_in", subjects=[asset_id])
    return changed


def _refreshed(writer: Writer) -> list[Repository]:
    every = repositories.every(writer)
    for repository in every:
        ledger.refresh(writer, repository.id)
    return every


def _paths(reader: Reader, asset_id: int) -> list[str]:
    """The original, and every sidecar that was ever backed up beside it, relative to the home. Raises NotFound."""
    (original,) = reader.one("SELECT original FROM asset WHERE id=?", (asset_id,))
    path = f"originals/{original}"
    beside = "SELECT DISTINCT path FROM ledger WHERE substr(path, 1, ?) = ? ORDER BY path"
    return [path, *(one for (one,) in reader.all(beside, (len(path) + 1, f"{path}.")))]


def _taken(box: Box, repository: Repository, paths: list[str]) -> Taken:
    """What happens in one repository, as a sentence."""
    if repository.append_only:
        return Taken(repository.name, "append-only", _STAYS)
    if restic.version() < SINCE:
        had = ".".join(map(str, restic.version()))
        what = f"It keeps the photo until retention lets its snapshots go: restic {had} cannot rewrite them, 0.15 or newer can."
        return Taken(repository.name, "too old", what)
    try:
        rewritten = _rewrite(box, repository, paths)
    except RepositoryAppendOnly:
        with box.store.write() as writer:
            writer.run("UPDATE repository SET append_only=1 WHERE id=?", (repository.id,))
        return Taken(repository.name, "append-only", _STAYS)
    except BackupFailed as error:
        return Taken(repository.name, "failed", f"It was not taken out: {error} Ask again later.")
    if not rewritten:
        return Taken(repository.name, "not there", "No snapshot held it.")
    what = f"It was taken out of {counted(rewritten, 'snapshot')}, and its data was removed. This cannot be undone."
    return Taken(repository.name, "rewritten", what)


_STAYS = "It keeps the photo for ever: this copy only takes new data, and nothing can be removed from here."


def _rewrite(box: Box, repository: Repository, paths: list[str]) -> int:
    """Return how many snapshots were made anew."""
    if not repositories.is_there(repository):
        raise RepositoryAway(repository=repository.name, reason="its disk is not attached")
    talker = repositories.restic_of(box, repository)
    looks.recognise(box, repository, talker)
    with box.store.read() as reader:
        known = ledger.present(reader, repository.id)
    ours = {one.id: one for one in talker.snapshots() if one.hostname == host(box) and "originals" in (one.tags or ())}
    left = _left_behind(ours, known)
    if left:
        talker.forget(left)
    old = sorted(known & ours.keys())
    made = _made(box, repository, talker, old, paths) if old else {}
    with box.store.write(durable=True) as writer:
        ledger.rewritten(writer, repository.id, made, paths)
    if made:
        talker.forget(sorted(made))
    if made or left:
        talker.prune()
    return len(made) or len(left)


def _left_behind(ours: Mapping[str, Snapshot], known: set[str]) -> list[str]:
    """Snapshots that an attempt left which was killed: the new ones that nobody named yet, or the old ones that have new ones."""
    replaced = {ours[one].original for one in known & ours.keys()}
    return sorted(one.id for one in ours.values() if one.id not in known and (one.original in known or one.id in replaced))


def _made(box: Box, repository: Repository, talker: Restic, old: list[str], paths: list[str]) -> dict[str, Rewritten]:
    """Make the snapshots anew and compare each with the one before it: all must be there but what should be gone."""
    excluded = box.layout.backup / "scratch" / "taken-out"
    excluded.write_text("".join(restic.excluding(path) + "\n" for path in paths), encoding="utf-8")
    talker.rewrite(old, excluded)
    made = {}
    for one in talker.snapshots():
        if one.original in old and one.id not in old:
            before, after = talker.listing(one.original).files, talker.listing(one.id).files
            wanted = {place: facts for place, facts in before.items() if not _is_one_of(place, paths)}
            if after != wanted:
                what = "a snapshot that was made anew does not hold what it should; the old one stays"
                raise BackupFailed(repository=repository.name, reason=what)
            made[one.original] = Rewritten(one.id, len(after), sum(size for size, _ in after.values()))
    return made


def _is_one_of(place: str, paths: list[str]) -> bool:
    """A library that was moved has old snapshots with other folders above the same path."""
    return any(Path(place).as_posix().endswith(f"/{path}") for path in paths)
