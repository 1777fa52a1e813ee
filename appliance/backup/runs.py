"""Runs as rows: begun, heard of while they last, ended with an outcome; and when a repository's next one is due."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from appliance.adapters.restic import Progress
from appliance.backup.repositories import Repository
from appliance.errors import BackupFailed
from appliance.store.db import Reader, Writer

Outcome = Literal["running", "complete", "in part", "failed", "waiting", "stopped"]

MINUTE_MS, HOUR_MS = 60_000, 3_600_000
FIRST_RETRY_MS, LONGEST_RETRY_MS = 15 * MINUTE_MS, 12 * HOUR_MS
KEPT_RUNS = 400
BROKEN_OFF = "Mantel was stopped in the middle of it."
_COLUMNS = """id, repository_id, started_at, ended_at, outcome, fault, reason, files_expected, files_held, files_withheld,
  bytes_expected, bytes_added, originals_snapshot, database_snapshot, retention, doing, done_bytes, total_bytes,
  seconds_left, beat_at"""


@dataclass(frozen=True, slots=True)
class Run:
    """One row of `backup_run`."""

    id: int
    repository_id: int
    started_at: int
    ended_at: int | None
    outcome: Outcome
    fault: str
    reason: str
    files_expected: int
    files_held: int
    files_withheld: int
    bytes_expected: int
    bytes_added: int
    originals_snapshot: int | None
    database_snapshot: int | None
    retention: str
    doing: str
    done_bytes: int
    total_bytes: int
    seconds_left: int | None
    beat_at: int


def get(reader: Reader, number: int) -> Run:
    """Raises NotFound."""
    return Run(*reader.one(f"SELECT {_COLUMNS} FROM backup_run WHERE id=?", (number,)))


def newest(reader: Reader, repository: int) -> Run | None:
    row = reader.first(f"SELECT {_COLUMNS} FROM backup_run WHERE repository_id=? ORDER BY id DESC LIMIT 1", (repository,))
    return None if row is None else Run(*row)


def begin(writer: Writer, repository: int, *, now: int) -> int:
    """A new run; the repository's oldest ones go when there are very many."""
    writer.run(
        "DELETE FROM backup_run WHERE repository_id=?1 AND id <= "
        "(SELECT id FROM backup_run WHERE repository_id=?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)",
        (repository, KEPT_RUNS),
    )
    return writer.insert(
        "INSERT INTO backup_run(repository_id, started_at, outcome, doing, beat_at) VALUES(?,?,'running','begins',?)",
        (repository, now, now),
    )


def does(writer: Writer, run: int, doing: str, *, now: int) -> None:
    """What the run does from now on, in words that follow “Now it …”."""
    writer.run("UPDATE backup_run SET doing=?, seconds_left=NULL, beat_at=? WHERE id=?", (doing, now, run))


def moves(writer: Writer, run: int, progress: Progress, *, now: int) -> None:
    writer.run(
        "UPDATE backup_run SET done_bytes=?, total_bytes=?, seconds_left=?, beat_at=? WHERE id=?",
        (progress.bytes_done, progress.total_bytes, progress.seconds_remaining, now, run),
    )


def set_facts(writer: Writer, run: int, **columns: int | str | None) -> None:
    writer.run(f"UPDATE backup_run SET {', '.join(f'{name}=?' for name in columns)} WHERE id=?", (*columns.values(), run))


def end(writer: Writer, run: int, outcome: Outcome, *, now: int, fault: str = "", reason: str = "") -> None:
    """End a run, and with it let the repository's next attempt wait after a failure: longer each time."""
    set_facts(writer, run, outcome=outcome, fault=fault, reason=reason, ended_at=now, doing="", seconds_left=None, beat_at=now)
    (repository,) = writer.one("SELECT repository_id FROM backup_run WHERE id=?", (run,))
    if outcome == "failed":
        writer.run("UPDATE repository SET failures=failures+1 WHERE id=?", (repository,))
        (failures,) = writer.one("SELECT failures FROM repository WHERE id=?", (repository,))
        writer.run("UPDATE repository SET retry_at=? WHERE id=?", (now + pause_after(failures), repository))
    elif outcome in ("complete", "in part"):
        writer.run("UPDATE repository SET failures=0, retry_at=0 WHERE id=?", (repository,))
    elif outcome == "waiting":
        writer.run("UPDATE repository SET retry_at=? WHERE id=?", (now + FIRST_RETRY_MS, repository))


def pause_after(failures: int) -> int:
    """Milliseconds until the next attempt: a quarter of an hour, doubled with each failure, half a day at most."""
    return int(min(FIRST_RETRY_MS * 2 ** min(failures - 1, 10), LONGEST_RETRY_MS))


def end_dead(writer: Writer, *, now: int) -> None:
    """Whoever holds the lock ends the runs, checks and drills of processes that were killed: nobody else can be at work."""
    for (run,) in writer.all("SELECT id FROM backup_run WHERE outcome='running'"):
        end(writer, run, "failed", now=now, fault="killed", reason=BROKEN_OFF)
    # a drill that did not come to its end has shown nothing wrong
    for table, outcome in (("backup_check", "failed"), ("drill", "stopped")):
        writer.run(f"UPDATE {table} SET outcome=?, ended_at=?, reason=? WHERE outcome='running'", (outcome, now, BROKEN_OFF))


def outcome_of(error: BackupFailed, repository: Repository) -> Outcome:
    """A disk that may be absent and is, is waited for; what the owner stopped did not fail."""
    if error.fault == "stopped":
        return "stopped"
    return "waiting" if error.fault == "away" and repository.removable else "failed"


def is_due(repository: Repository, newest: Run | None, *, now: int, hour: int, there: bool) -> bool:
    """Whether a run should begin: the first one at once, then one a night, and again after a failure when its pause is over.

    `hour`: of the night, in the box's own time. `there`: whether the repository's disk is attached, as far as that can be told.
    """
    if repository.paused_at is not None:
        return False
    if newest is None or newest.started_at > now + HOUR_MS:  # it was begun in the future: the clock was wrong then, or is now
        return True
    if newest.outcome == "waiting" and repository.kind == "local":
        return there or newest.started_at < last_night(now, hour)
    if newest.outcome in ("failed", "waiting") and now >= repository.retry_at:
        return True
    return newest.outcome != "running" and newest.started_at < last_night(now, hour) and now >= repository.retry_at


def last_night(now: int, hour: int) -> int:
    """The latest moment, up to `now`, at which a clock on the wall showed `hour` o'clock."""
    local = datetime.fromtimestamp(now / 1000).astimezone()
    night = local.replace(hour=hour, minute=0, second=0, microsecond=0)
    if night > local:
        night -= timedelta(days=1)
    return int(night.timestamp() * 1000)
