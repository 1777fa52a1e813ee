"""What the rows say about the copies of the library, gathered in a few aggregates; health.py judges it.

Times are milliseconds since 1970 UTC, sizes bytes. Nothing here reads a repository.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from appliance.store.db import Reader

MINUTE_MS = 60_000
DAY_MS = 24 * 60 * MINUTE_MS
INTERVAL_MS = DAY_MS  # a run each night
GROWTH_WEEKS = 4
COVERAGE_MS = 30 * DAY_MS
BEAT_MS = 15 * MINUTE_MS  # a run that wrote nothing for so long does not run any more


@dataclass(frozen=True, slots=True)
class Run:
    """The newest run of a repository; `fault` a word for programs, `reason` a sentence."""

    id: int
    started_at: int
    ended_at: int | None
    outcome: Literal["running", "complete", "in part", "failed", "waiting", "stopped"]
    fault: str
    reason: str
    withheld: int
    doing: str
    done_bytes: int
    total_bytes: int
    seconds_left: int | None
    beat_at: int


@dataclass(frozen=True, slots=True)
class DrillState:
    """The newest drill that came to a result."""

    id: int
    ended_at: int
    passed: bool
    files: int
    reason: str


@dataclass(frozen=True, slots=True)
class Copy:
    """One repository. `complete_at`: when the newest complete run began whose two snapshots are still there; `unprotected`:
    originals that it does not hold; `same_disk`: on a disk of the library's; `gone_at`: since when its folder holds no repository,
    though it should always be there; `lost`: snapshots that vanished since the last passed check, and not by our rule; `damage`:
    what a check found and no later one took back; `coverage`: share of all data read in 30 days; `per_week`: growth; `free`:
    None when unknown."""

    id: int
    name: str
    kind: str
    address: str
    offsite: bool
    removable: bool
    append_only: bool
    paused_at: int | None
    failures: int
    shrunk_from: int | None
    key_confirmed_at: int | None
    added_at: int
    same_disk: bool
    gone_at: int | None
    last: Run | None
    complete_at: int | None
    unprotected: int
    lost: int
    damage: str
    checked_at: int | None
    coverage: float
    drill: DrillState | None
    drill_passed_at: int | None
    per_week: int
    free: int | None

    @property
    def title(self) -> str:
        return f"“{self.name}”"

    @property
    def days_until_full(self) -> int | None:
        """At the growth of the last weeks; None when nobody knows, or never."""
        return self.free * 7 // self.per_week if self.free is not None and self.per_week > 0 else None

    @property
    def is_separate(self) -> bool:
        """Does it outlive the library's disk? Only then it counts as a copy."""
        return not self.same_disk

    def is_running(self, now: int) -> bool:
        return self.last is not None and self.last.outcome == "running" and -BEAT_MS < now - self.last.beat_at < BEAT_MS


@dataclass(frozen=True, slots=True)
class State:
    """`files`: originals that should be in the copies, so without the `kept_out`; `in_no_copy`: of these, what no repository on
    another disk holds; `in_no_copy_long`: of these, added longer than two intervals ago; `alarms`: originals and sidecars whose
    bytes changed by themselves, that are missing, that cannot be read; `rehashed_at`: the oldest look at a file; `newest_at`: the
    latest moment that the newest rows name, to notice a clock that jumped back; `unheard`: how long the oldest request has
    waited that no backup process took."""

    now: int
    files: int
    kept_out: int
    copies: tuple[Copy, ...]
    in_no_copy: int
    in_no_copy_long: int
    alarms: Mapping[str, int]
    rehashed_at: int | None
    newest_at: int
    unheard: int

    @property
    def separate(self) -> tuple[Copy, ...]:
        return tuple(copy for copy in self.copies if copy.is_separate)


def gather(reader: Reader, *, now: int, free: Mapping[int, int]) -> State:
    """`free`: bytes left, by the repository's id, where somebody could ask the disk."""
    kept_out = int(reader.value("SELECT count(*) FROM kept_out"))
    files = int(reader.value("SELECT count(*) FROM asset")) - kept_out
    copies = tuple(_copy(reader, row, now, free) for row in reader.all(_REPOSITORIES))
    alarms = dict(reader.all("SELECT state, count(*) FROM rot WHERE state <> 'ok' GROUP BY state"))
    bare, long = _bare(reader, files, [copy.id for copy in copies if copy.is_separate], now)
    return State(
        now=now,
        files=files,
        kept_out=kept_out,
        copies=copies,
        in_no_copy=bare,
        in_no_copy_long=long,
        alarms=alarms,
        rehashed_at=reader.value("SELECT min(hashed_at) FROM rot"),
        newest_at=max((int(reader.value(sql, default=0) or 0) for sql in _NEWEST), default=0),
        unheard=max(0, now - int(reader.value(_UNHEARD) or now)),
    )


_REPOSITORIES = """SELECT id, name, kind, address, offsite, removable, append_only, paused_at, failures, shrunk_from,
  key_confirmed_at, added_at, same_disk, gone_at FROM repository ORDER BY offsite, id"""
_NEWEST = (
    "SELECT max(started_at, beat_at, coalesce(ended_at, 0)) FROM backup_run ORDER BY id DESC LIMIT 1",
    "SELECT max(started_at, coalesce(ended_at, 0)) FROM backup_check ORDER BY id DESC LIMIT 1",
    "SELECT taken_at FROM snapshot ORDER BY id DESC LIMIT 1",
)
_UNHEARD = "SELECT min(asked_at) FROM backup_request WHERE state = 'waiting'"


def _bare(reader: Reader, files: int, copies: list[int], now: int) -> tuple[int, int]:
    """Return how many originals are in none of these repositories, and how many of these for longer than two intervals."""
    if not copies:
        return files, files
    sql = """SELECT count(*), count(*) FILTER (WHERE asset.added_at < :long) FROM
      (SELECT asset_id FROM unprotected WHERE repository_id IN (SELECT value FROM json_each(:copies))
       GROUP BY asset_id HAVING count(*) = :count) AS bare
      JOIN asset ON asset.id = bare.asset_id"""
    bare, long = reader.one(sql, {"long": now - 2 * INTERVAL_MS, "copies": json.dumps(copies), "count": len(copies)})
    return int(bare), int(long)


def _copy(reader: Reader, row: tuple, now: int, free: Mapping[int, int]) -> Copy:  # type: ignore[type-arg]
    repository, name, kind, address, offsite, removable, append_only, *rest = row
    paused_at, failures, shrunk_from, key_confirmed_at, added_at, same_disk, gone_at = rest
    checked_at = reader.value(_CHECKED, (repository,))
    return Copy(
        id=repository,
        name=name,
        kind=kind,
        address=address,
        offsite=bool(offsite),
        removable=bool(removable),
        append_only=bool(append_only),
        paused_at=paused_at,
        failures=failures,
        shrunk_from=shrunk_from,
        key_confirmed_at=key_confirmed_at,
        added_at=added_at,
        same_disk=bool(same_disk),
        gone_at=gone_at,
        last=next(iter(reader.rows(Run, _LAST, (repository,))), None),
        complete_at=reader.value(_COMPLETE, (repository,)),
        unprotected=int(reader.value("SELECT count(*) FROM unprotected WHERE repository_id = ?", (repository,))),
        lost=int(reader.value(_LOST, (repository, checked_at or 0))),
        damage=reader.value(_DAMAGE, (repository,), default=""),
        checked_at=checked_at,
        coverage=_coverage(reader, repository, now),
        drill=next(iter(reader.rows(DrillState, _DRILL, (repository,))), None),
        drill_passed_at=reader.value(_DRILL_PASSED, (repository,)),
        per_week=_per_week(reader, repository, now),
        free=free.get(repository),
    )


_LAST = """SELECT id, started_at, ended_at, outcome, fault, reason, files_withheld, doing, done_bytes, total_bytes, seconds_left,
  beat_at FROM backup_run WHERE repository_id = ? ORDER BY id DESC LIMIT 1"""
_COMPLETE = """SELECT run.started_at FROM backup_run AS run JOIN snapshot AS held ON held.id = run.originals_snapshot
  JOIN snapshot AS copied ON copied.id = run.database_snapshot
  WHERE run.repository_id = ? AND run.outcome = 'complete' AND held.state <> 'lost' AND copied.state <> 'lost'
  ORDER BY run.id DESC LIMIT 1"""
_CHECKED = "SELECT max(ended_at) FROM backup_check WHERE repository_id = ? AND kind = 'structure' AND outcome = 'passed'"
_LOST = "SELECT count(*) FROM snapshot WHERE repository_id = ? AND state = 'lost' AND state_at > ?"
_DAMAGE = """SELECT reason FROM backup_check AS found WHERE repository_id = ? AND outcome = 'damaged' AND NOT EXISTS
  (SELECT 1 FROM backup_check AS later WHERE later.repository_id = found.repository_id AND later.kind = found.kind
   AND later.part IS found.part AND later.parts IS found.parts AND later.outcome = 'passed' AND later.id > found.id)
  ORDER BY id DESC LIMIT 1"""
_DRILL_PASSED = "SELECT max(ended_at) FROM drill WHERE repository_id = ? AND outcome = 'passed'"
_DRILL = """SELECT id, ended_at, outcome = 'passed', files, reason FROM drill
  WHERE repository_id = ? AND outcome IN ('passed', 'failed') ORDER BY id DESC LIMIT 1"""


def _coverage(reader: Reader, repository: int, now: int) -> float:
    """Return the share of all parts that were read in the last 30 days, 0 to 1."""
    newest = "SELECT parts FROM backup_check WHERE repository_id = ? AND kind = 'data' ORDER BY id DESC LIMIT 1"
    parts = reader.value(newest, (repository,))
    if not parts:
        return 0.0
    sql = """SELECT count(DISTINCT part) FROM backup_check
      WHERE repository_id = ? AND kind = 'data' AND parts = ? AND outcome = 'passed' AND ended_at > ?"""
    return float(reader.value(sql, (repository, parts, now - COVERAGE_MS))) / float(parts)


def _per_week(reader: Reader, repository: int, now: int) -> int:
    """Return the mean growth of the last weeks; the first run, that brought everything, says nothing about it."""
    sql = """SELECT coalesce(sum(bytes_added), 0), min(started_at) FROM backup_run WHERE repository_id = :of AND started_at > :since
      AND id > (SELECT min(id) FROM backup_run WHERE repository_id = :of AND outcome IN ('complete', 'in part'))"""
    added, first = reader.one(sql, {"of": repository, "since": now - GROWTH_WEEKS * 7 * DAY_MS})
    if not added or first is None:
        return 0
    return round(int(added) / max(1.0, (now - int(first)) / (7 * DAY_MS)))
