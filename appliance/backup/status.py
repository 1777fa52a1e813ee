"""Are we safe? Told from rows alone, without asking any repository; every doubt speaks against it.

'safe': every original lies in two repositories, one of them elsewhere; both are fresh and were checked, and nothing is rotten,
damaged or lost. 'at risk': something is backed up, and something is wrong or missing. 'unsafe': nothing is backed up at all.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from appliance.backup import checks, repositories, runs
from appliance.backup.repositories import Repository
from appliance.backup.runs import Run
from appliance.store.db import Reader

HOUR_MS = 3_600_000
FRESH_MS = 50 * HOUR_MS  # twice the interval, and as long as a night takes
CHECKED_MS = 15 * 24 * HOUR_MS
LOST_MS = 7 * 24 * HOUR_MS  # so long an alarm stands after new snapshots have made up for lost ones
AHEAD_MS = HOUR_MS  # a success that lies further in the future than that was written by a wrong clock

Verdict = Literal["safe", "at risk", "unsafe"]


@dataclass(frozen=True, slots=True)
class Copy:
    """One repository as a copy of the library. Times in milliseconds since 1970 UTC; `troubles` are sentences."""

    repository: Repository
    newest: Run | None
    last_success: int | None
    files: int
    unprotected: int
    last_check: int | None
    read_coverage: float
    troubles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Status:
    """The whole answer. `todo`: what is wrong and what to do about it, the worst first."""

    verdict: Verdict
    originals: int
    copies: tuple[Copy, ...]
    last_drill: int | None
    safe_until: date | None
    todo: tuple[str, ...]


def status(reader: Reader, *, now: int) -> Status:
    originals = int(reader.value("SELECT count(*) FROM asset"))
    copies = tuple(_copy(reader, repository, originals, now) for repository in repositories.every(reader))
    todo = (*_library_troubles(reader), *(trouble for copy in copies for trouble in copy.troubles), *_too_few(copies))
    protects = any(copy.files for copy in copies) or (not originals and any(copy.last_success for copy in copies))
    verdict: Verdict = "unsafe" if not protects else "at risk" if todo else "safe"
    until = _safe_until(reader, copies) if not todo else None
    last_drill = reader.value("SELECT max(ended_at) FROM drill WHERE outcome='passed'")
    return Status(verdict, originals, copies, last_drill, until, todo)


def _copy(reader: Reader, repository: Repository, originals: int, now: int) -> Copy:
    newest = runs.newest(reader, repository.id)
    success = reader.value("SELECT max(ended_at) FROM backup_run WHERE repository_id=? AND outcome='complete'", (repository.id,))
    unprotected = int(reader.value("SELECT count(*) FROM unprotected WHERE repository_id=?", (repository.id,)))
    checked = checks.last_passed(reader, repository.id, "structure")
    troubles = tuple(_troubles(reader, repository, newest, success, checked, unprotected, now))
    coverage = checks.coverage(reader, repository.id, now=now)
    return Copy(repository, newest, success, originals - unprotected, unprotected, checked, coverage, troubles)


def _troubles(
    reader: Reader, repository: Repository, newest: Run | None, success: int | None, checked: int | None, unprotected: int, now: int
) -> Iterator[str]:
    name = repository.name
    yield from checks.damage(reader, repository.id)
    yield from _gone(reader, repository, now)
    if repository.paused_at is not None:
        yield f"Backups to {name} are paused; resume them."
    yield from _age(name, success, now)
    if newest is not None and newest.outcome in ("failed", "in part", "waiting", "stopped"):
        yield newest.reason
    if unprotected:
        yield f"{unprotected:,} originals are not in {name} yet."
    if not _is_within(CHECKED_MS, repository.added_at if checked is None else checked, now):
        yield f"{name} was not checked for more than two weeks."


def _age(name: str, success: int | None, now: int) -> Iterator[str]:
    if success is None:
        yield f"Nothing was ever wholly backed up to {name}."
    elif success > now + AHEAD_MS:
        yield f"The last complete backup to {name} lies in the future: set the box's clock."
    elif now - success > FRESH_MS:
        yield f"The last complete backup to {name} was {(now - success) // (24 * HOUR_MS)} days ago."


def _is_within(span: int, moment: int, now: int) -> bool:
    return now - span < moment <= now + AHEAD_MS


def _gone(reader: Reader, repository: Repository, now: int) -> Iterator[str]:
    """Snapshots that somebody took away. The newest of originals and of the database must still be there, as far as is known."""
    if lost := reader.value(
        "SELECT count(*) FROM snapshot WHERE repository_id=? AND state='lost' AND state_at > ?", (repository.id, now - LOST_MS)
    ):
        yield f"{lost} snapshots are gone from {repository.name} that nobody here removed; find out who did."
    rows = reader.all(
        "SELECT holds, state FROM snapshot WHERE id IN (SELECT max(id) FROM snapshot WHERE repository_id=? GROUP BY holds)",
        (repository.id,),
    )
    if {holds for holds, state in rows if state == "present"} != {"originals", "database"}:
        yield f"No snapshot of this box is known to be in {repository.name}."


def _library_troubles(reader: Reader) -> Iterator[str]:
    said = {
        "rotten": "{count:,} files changed by themselves; their good versions are in earlier snapshots. The first: {path}.",
        "missing": "{count:,} originals are missing; earlier snapshots may hold them. The first: {path}.",
        "unreadable": "{count:,} files cannot be read, so they are not backed up. The first: {path}.",
    }
    for state, count, path in reader.all("SELECT state, count(*), min(path) FROM rot WHERE state <> 'ok' GROUP BY state"):
        yield said[state].format(count=count, path=path)


def _too_few(copies: tuple[Copy, ...]) -> Iterator[str]:
    if not copies:
        yield "There are no backups. Add a repository: “mantel backup add-repository” or the Backup page."
    elif not any(copy.repository.offsite for copy in copies):
        yield "There is no copy outside the house: fire and theft would take everything. Add an off-site repository."
    elif len(copies) < 2:
        yield "There is one copy besides the library. Add a second repository, on a disk at home."


def _safe_until(reader: Reader, copies: tuple[Copy, ...]) -> date | None:
    """The last day up to which every original lies in two repositories, one of them off-site; None when there is none."""
    unsafe = reader.value(
        """SELECT min(capture_time) FROM asset JOIN
             (SELECT asset_id, count(*) AS away, sum(offsite) AS away_off FROM unprotected
              JOIN repository ON repository.id=repository_id GROUP BY asset_id) ON asset_id=asset.id
           WHERE ? - away < 2 OR ? - away_off < 1""",
        (len(copies), sum(copy.repository.offsite for copy in copies)),
    )
    if unsafe is not None:
        return date.fromisoformat(unsafe[:10]) - timedelta(days=1)
    newest = reader.value("SELECT max(capture_time) FROM asset")
    return None if newest is None else date.fromisoformat(newest[:10])


def as_json(found: Status) -> dict[str, Any]:
    """Return the document that `mantel backup status --json` prints."""
    live = {"kind": "live", "where": "this box", "last_success": None, "files": found.originals, "unprotected": 0}
    return {
        "verdict": found.verdict,
        "copies": [live, *map(_copy_as_json, found.copies)],
        "last_check": _moment(max((copy.last_check or 0 for copy in found.copies), default=0)),
        "read_coverage": round(min((copy.read_coverage for copy in found.copies), default=0.0), 3),
        "last_drill": _moment(found.last_drill),
        "safe_until": found.safe_until.isoformat() if found.safe_until else None,
        "todo": list(found.todo),
    }


def _copy_as_json(copy: Copy) -> dict[str, Any]:
    newest = copy.newest
    running = newest is not None and newest.outcome == "running"
    return {
        "kind": "off-site" if copy.repository.offsite else "local",
        "where": copy.repository.name,
        "last_success": _moment(copy.last_success),
        "files": copy.files,
        "unprotected": copy.unprotected,
        "last_run": None if newest is None else newest.outcome,
        "doing": newest.doing if newest is not None and running else None,
        "seconds_left": newest.seconds_left if newest is not None and running else None,
        "last_check": _moment(copy.last_check),
        "read_coverage": round(copy.read_coverage, 3),
        "append_only": bool(copy.repository.append_only),
        "troubles": list(copy.troubles),
    }


def _moment(milliseconds: int | None) -> str | None:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="seconds") if milliseconds else None
