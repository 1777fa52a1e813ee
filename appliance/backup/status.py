"""Are we safe? The rows gathered, judged, and told as one document; no repository is asked."""

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from appliance.backup import health, state, until
from appliance.backup.health import Finding, Verdict
from appliance.backup.state import Copy, State
from appliance.backup.until import Source
from appliance.store.db import Reader

COMMANDS = {
    "add": "mantel backup add-repository",
    "run": "mantel backup run",
    "check": "mantel backup check --data",
    "drill": "mantel backup drill",
    "resume": "mantel backup resume",
    "sheet": "mantel backup sheet",
    "confirm-shrunk": "mantel backup allow-forget",
}


@dataclass(frozen=True, slots=True)
class Status:
    state: State
    verdict: Verdict
    sources: tuple[Source, ...]

    @property
    def safe_until(self) -> str | None:
        """The last day up to which everything of everybody may leave the phones, as YYYY-MM-DD."""
        days = [source.until for source in self.sources]
        return None if not days or None in days else min(day for day in days if day)


def status(reader: Reader, *, now: int) -> Status:
    seen = state.gather(reader, now=now, free=free_room(reader))
    return Status(seen, health.judge(seen), until.safe_until(reader, seen))


def verdict(reader: Reader, *, now: int) -> Verdict:
    """The sentence and its colour alone, for what is shown on every page and for the conversation."""
    return health.judge(state.gather(reader, now=now, free={}))


def free_room(reader: Reader) -> dict[int, int]:
    """Bytes left where a repository is a folder of this box; one that is not attached is not in it."""
    found = {}
    for number, address in reader.all("SELECT id, address FROM repository WHERE kind = 'local'"):
        try:
            found[number] = shutil.disk_usage(address).free
        except OSError:
            continue
    return found


def as_json(found: Status) -> dict[str, Any]:
    """Return the document that `mantel backup status --json` prints."""
    seen = found.state
    return {
        "verdict": found.verdict.colour,
        "sentence": found.verdict.sentence,
        "copies": [_live(seen), *(_copy(copy, seen) for copy in seen.copies)],
        "last_check": _moment(max((copy.checked_at or 0 for copy in seen.copies), default=0)),
        "read_coverage": round(min((copy.coverage for copy in seen.copies), default=0.0), 3),
        "last_drill": _moment(max((copy.drill_passed_at or 0 for copy in seen.copies), default=0)),
        "safe_until": found.safe_until,
        "sources": [{"who": one.name, "files": one.files, "until": one.until} for one in found.sources],
        "todo": [_todo(finding, seen) for finding in found.verdict.todo],
    }


def _live(seen: State) -> dict[str, Any]:
    return {
        "kind": "live",
        "where": "this box",
        "last_success": _moment(seen.rehashed_at),
        "files": seen.files,
        "unprotected": sum(seen.alarms.values()),
    }


def _copy(copy: Copy, seen: State) -> dict[str, Any]:
    running = copy.last if copy.last and copy.is_running(seen.now) else None
    return {
        "kind": "off-site" if copy.offsite else "local",
        "where": copy.name,
        "last_success": _moment(copy.complete_at),
        "files": seen.files - copy.unprotected,
        "unprotected": copy.unprotected,
        "counts": copy.is_separate,
        "good": health.is_good(copy, seen),
        "last_run": copy.last.outcome if copy.last else None,
        "doing": running.doing if running else None,
        "seconds_left": running.seconds_left if running else None,
        "last_check": _moment(copy.checked_at),
        "read_coverage": round(copy.coverage, 3),
        "last_drill": _moment(copy.drill_passed_at),
        "bytes_per_week": copy.per_week,
        "days_until_full": copy.days_until_full,
        "append_only": copy.append_only,
        "key_confirmed": _moment(copy.key_confirmed_at),
    }


def _todo(finding: Finding, seen: State) -> dict[str, Any]:
    name = next((copy.name for copy in seen.copies if copy.id == finding.repository), None)
    return {
        "colour": finding.colour,
        "sentence": finding.sentence,
        "button": finding.button or None,
        "repository": name,
        "command": COMMANDS.get(finding.verb),
    }


def _moment(milliseconds: int | None) -> str | None:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="seconds") if milliseconds else None
