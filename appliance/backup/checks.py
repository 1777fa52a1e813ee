"""Checks: weekly, whether a repository agrees with itself; daily, one thirtieth of its data read whole and compared.

Only reading finds a flipped byte. The part that was tried longest ago comes next, so everything is read in thirty days.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from appliance.backup import ledger, repositories, runs
from appliance.backup.box import Box
from appliance.backup.repositories import Repository
from appliance.errors import BackupFailed, RepositoryAway, RepositoryDamaged
from appliance.store.db import Reader, Writer

Kind = Literal["structure", "data"]

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
PARTS = 30
STRUCTURE_EVERY_MS = 7 * DAY_MS - 6 * HOUR_MS  # the seventh night comes a little sooner or later
DATA_EVERY_MS = 18 * HOUR_MS
COVERED_MS = 30 * DAY_MS


@dataclass(frozen=True, slots=True)
class Check:
    """One row of `backup_check`; `part` of `parts` when data was read."""

    id: int
    repository_id: int
    kind: Kind
    part: int | None
    parts: int | None
    started_at: int
    ended_at: int | None
    outcome: str
    fault: str
    reason: str


_COLUMNS = "id, repository_id, kind, part, parts, started_at, ended_at, outcome, fault, reason"
# Of each kind and part, the last check that came to an end: what is known about it now.
_TOLD = """SELECT kind, part, outcome, max(id), ended_at FROM backup_check
  WHERE repository_id=? AND outcome IN ('passed','damaged') GROUP BY kind, part"""


def get(reader: Reader, number: int) -> Check:
    """Raises NotFound."""
    return Check(*reader.one(f"SELECT {_COLUMNS} FROM backup_check WHERE id=?", (number,)))


def damage(reader: Reader, repository: int) -> list[str]:
    """What was found wrong and has not been found right since: sentences, the newest first."""
    found = [number for _, _, outcome, number, _ in reader.all(_TOLD, (repository,)) if outcome == "damaged"]
    return [get(reader, number).reason for number in sorted(found, reverse=True)]


def last_passed(reader: Reader, repository: int, kind: Kind) -> int | None:
    """When a check of that kind was last passed, milliseconds since 1970 UTC."""
    found: int | None = reader.value(
        "SELECT max(ended_at) FROM backup_check WHERE repository_id=? AND kind=? AND outcome='passed'", (repository, kind)
    )
    return found


def coverage(reader: Reader, repository: int, *, now: int) -> float:
    """The share (0 to 1) of a repository's data that was read in the last thirty days and found right."""
    fresh = [
        part
        for kind, part, outcome, _, ended_at in reader.all(_TOLD, (repository,))
        if kind == "data" and outcome == "passed" and now - COVERED_MS <= ended_at <= now
    ]
    return len(fresh) / PARTS


def due(reader: Reader, repository: Repository, *, now: int) -> list[tuple[Kind, int | None]]:
    """Which checks should be carried out: kind, and the part of the data. A time in the future counts as long ago."""
    wanted: list[tuple[Kind, int | None]] = []
    last = {kind: _last_tried(reader, repository, kind) for kind in ("structure", "data")}
    if not now - STRUCTURE_EVERY_MS < last["structure"] <= now:
        wanted.append(("structure", None))
    if not now - DATA_EVERY_MS < last["data"] <= now:
        wanted.append(("data", next_part(reader, repository)))
    return wanted


def next_part(reader: Reader, repository: Repository) -> int:
    """The part that was never read, else the one that was read longest ago."""
    read = {part: number for kind, part, _, number, _ in reader.all(_TOLD, (repository.id,)) if kind == "data"}
    return min(range(1, PARTS + 1), key=lambda part: (read.get(part, 0), part))


def damaged_parts(reader: Reader, repository: Repository) -> list[int]:
    """Parts in which reading found something wrong and nothing has been found right since."""
    told = reader.all(_TOLD, (repository.id,))
    return sorted(part for kind, part, outcome, _, _ in told if kind == "data" and outcome == "damaged")


def carry_out(box: Box, repository: Repository, kind: Kind, part: int | None = None) -> Check:
    """Check, and write down what was found. For whoever holds the lock."""
    with box.store.write() as writer:
        number = writer.insert(
            "INSERT INTO backup_check(repository_id, kind, part, parts, started_at, outcome) VALUES(?,?,?,?,?,'running')",
            (repository.id, kind, part, PARTS if part else None, box.clock()),
        )
    outcome, fault, reason = _found(box, repository, part)
    with box.store.write(durable=True) as writer:
        _end(writer, number, outcome, fault, reason, box.clock())
        return get(writer, number)


def _found(box: Box, repository: Repository, part: int | None) -> tuple[str, str, str]:
    """Outcome, fault and reason; what could not be carried out has found nothing, and proves nothing."""
    try:
        if not repositories.is_there(repository):
            raise RepositoryAway(repository=repository.name, reason="its disk is not attached")
        restic = repositories.restic_of(box, repository)
        restic.check((part, PARTS) if part else None)
        if part is None:
            _miss(box, repository, {snapshot.id for snapshot in restic.snapshots()})
    except RepositoryDamaged as error:
        return "damaged", error.fault, str(error)
    except BackupFailed as error:
        return runs.outcome_of(error, repository), error.fault, str(error)
    return "passed", "", ""


def _miss(box: Box, repository: Repository, present: Collection[str]) -> None:
    """Raise RepositoryDamaged when snapshots that were recorded are there no longer, though restic finds nothing wrong."""
    with box.store.write(durable=True) as writer:
        lost = ledger.vanished(writer, repository.id, present, now=box.clock())
    if lost:
        raise RepositoryDamaged(repository=repository.name, reason=f"{len(lost)} snapshots are gone that nobody here removed")


def _end(writer: Writer, number: int, outcome: str, fault: str, reason: str, now: int) -> None:
    writer.run("UPDATE backup_check SET outcome=?, fault=?, reason=?, ended_at=? WHERE id=?", (outcome, fault, reason, now, number))


def _last_tried(reader: Reader, repository: Repository, kind: Kind) -> int:
    """When a check of that kind last came to an end, or failed so lately that the next attempt waits; 0 for never."""
    found: int = reader.value(
        """SELECT ifnull(max(iif(outcome IN ('passed','damaged'), started_at, started_at - ?)), 0) FROM backup_check
           WHERE repository_id=? AND kind=?""",
        ((STRUCTURE_EVERY_MS if kind == "structure" else DATA_EVERY_MS) - HOUR_MS, repository.id, kind),
    )
    return found
