"""The drill: originals, drawn at random over all years, and the database copy are restored to scratch and compared with our rows.

It uses the same calls as a real restore and touches nothing of the library. A drill that fails is red until one passes; one that
could not be carried out, because the copy is away or somebody stopped it, says nothing.
"""

import json
import random
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from appliance.adapters.restic import Restic
from appliance.backup import ledger, repositories
from appliance.backup.box import Box
from appliance.backup.fetching import Fetched, Wanted, fetch, stop_unless
from appliance.backup.repositories import Repository
from appliance.backup.state import DAY_MS
from appliance.backup.wording import counted, size
from appliance.errors import BackupFailed, BackupStopped, DatabaseCopyWrong, NoRoom, RepositoryAway, RepositoryLocked, ToolMissing
from appliance.store import audit, copies
from appliance.store.db import Reader

FILES = 50
INTERVAL_MS = 30 * DAY_MS
ROOM_SHARE = 3  # a drill takes at most this part of the free disk
MOST_WRONG = 100


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one drill, as its row says; `id` is the number of its certificate."""

    id: int
    repository: str
    outcome: str
    files: int
    reason: str


@dataclass(frozen=True, slots=True)
class _Tried:
    """Facts for the certificate: years drawn from, what was compared, what was wrong as (path, clause)."""

    years: tuple[str, ...]
    files: int
    bytes: int
    database: str
    wrong: tuple[tuple[str, str], ...]


def run(box: Box, repository: Repository, *, files: int = FILES, user_id: int | None = None) -> Outcome:
    """Carry one drill out and write it down. Needs the lock (box.alone)."""
    number = _begin(box, repository)
    began = box.clock()
    try:
        with _scratch(box) as scratch:
            tried = _try(box, repository, files, scratch)
        outcome, reason, count, details = _judge(tried, box.clock() - began)
    except (RepositoryAway, RepositoryLocked) as error:
        outcome, reason, count, details = "waiting", str(error), 0, {}
    except (BackupStopped, NoRoom, ToolMissing) as error:
        outcome, reason, count, details = "stopped", str(error), 0, {}
    except (BackupFailed, DatabaseCopyWrong) as error:
        outcome, reason, count, details = "failed", str(error), 0, {}
    with box.store.write(durable=True) as writer:
        writer.run(
            "UPDATE drill SET ended_at=?, files=?, outcome=?, reason=?, details=? WHERE id=?",
            (box.clock(), count, outcome, reason, json.dumps(details), number),
        )
        audit.record(writer, now=box.clock(), user_id=user_id, action=f"drill.{outcome}", subjects=[number])
    return Outcome(number, repository.name, outcome, count, reason)


def due(reader: Reader, repository: Repository, *, now: int) -> bool:
    """Is it time for a drill? A month after the last one that passed; a failed one is tried again each day, a new copy at once."""
    if repository.paused_at is not None or ledger.newest(reader, repository.id, "originals") is None:
        return False
    of = "FROM drill WHERE repository_id=?"
    tried = reader.value(f"SELECT max(started_at) {of}", (repository.id,)) or 0
    newest = f"SELECT outcome, started_at {of} AND outcome IN ('passed', 'failed') ORDER BY id DESC LIMIT 1"
    outcome, at = reader.first(newest, (repository.id,)) or ("failed", 0)
    return now - tried >= DAY_MS and (outcome == "failed" or now - at >= INTERVAL_MS)


def _begin(box: Box, repository: Repository) -> int:
    """A drill that was killed in the middle still says that it runs: whoever holds the lock knows that it does not."""
    with box.store.write() as writer:
        killed = "It was killed in the middle, and says nothing."
        writer.run("UPDATE drill SET outcome='stopped', ended_at=?, reason=? WHERE outcome='running'", (box.clock(), killed))
        sql = "INSERT INTO drill(repository_id, started_at, outcome) VALUES(?,?,'running')"
        return writer.insert(sql, (repository.id, box.clock()))


@contextmanager
def _scratch(box: Box) -> Iterator[Path]:
    folder = box.layout.backup / "drill"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _try(box: Box, repository: Repository, files: int, scratch: Path) -> _Tried:
    if not repositories.is_there(repository):
        raise RepositoryAway(repository=repository.name, reason="its folder is not there")
    restic = repositories.restic_of(box, repository)
    room = shutil.disk_usage(scratch).free // ROOM_SHARE
    with box.store.read() as reader:
        originals, database = (_snapshot(reader, repository, holds) for holds in ("originals", "database"))
        drawn = _draw(reader, repository, originals[0], files, room)
        (sha256, bytes_of) = reader.one(_DATABASE, (repository.id, ledger.DATABASE))
    back = list(_compared(box, repository, restic, originals[1], [wanted for _, wanted in drawn], scratch))
    words, wrong = _database(box, restic, database[1], Wanted(ledger.DATABASE, sha256, bytes_of), scratch)
    bad = [(one.wanted.path, one.what) for one in back if one.file is None]
    good = [one.wanted for one in back if one.file is not None]
    years = tuple(sorted({year for year, _ in drawn}))
    return _Tried(years, len(good), sum(one.bytes for one in good), words, (*bad, *wrong))


_DATABASE = "SELECT sha256, bytes FROM ledger WHERE repository_id=? AND path=? AND last_snapshot IS NULL"


def _snapshot(reader: Reader, repository: Repository, holds: ledger.Holds) -> tuple[int, str]:
    number = ledger.newest(reader, repository.id, holds)
    if number is None:
        raise BackupFailed(repository=repository.name, reason="it holds no backup that could be tried yet")
    return number, str(reader.value("SELECT restic_id FROM snapshot WHERE id=?", (number,)))


def _draw(reader: Reader, repository: Repository, snapshot: int, files: int, room: int) -> list[tuple[str, Wanted]]:
    """Return up to `files` originals of the snapshot with their years, at random, one year after the other, within `room` bytes."""
    rows = reader.all(_DRAWN_FROM, (repository.id, snapshot, snapshot))
    if not rows and reader.value("SELECT 1 FROM asset"):
        raise BackupFailed(repository=repository.name, reason="its newest snapshot holds no original that could be tried")
    years: dict[str, list[Wanted]] = {}
    for year, path, sha256, count in random.sample(rows, len(rows)):
        years.setdefault(year, []).append(Wanted(path, sha256, count))
    drawn: list[tuple[str, Wanted]] = []
    while years and len(drawn) < files:
        for year in random.sample(sorted(years), len(years)):
            one = years[year].pop()
            if one.bytes <= room and len(drawn) < files:
                drawn.append((year, one))
                room -= one.bytes
            if not years[year]:
                del years[year]
    if rows and not drawn:
        raise NoRoom(folder="the library's disk for a drill")
    return drawn


_DRAWN_FROM = """SELECT substr(asset.capture_time, 1, 4), ledger.path, ledger.sha256, ledger.bytes FROM ledger
  JOIN asset ON asset.sha256 = ledger.sha256 AND 'originals/' || asset.original = ledger.path
  WHERE ledger.repository_id=? AND first_snapshot <= ? AND (last_snapshot IS NULL OR last_snapshot >= ?)"""


def _compared(
    box: Box, repository: Repository, restic: Restic, snapshot: str, wanted: Sequence[Wanted], scratch: Path
) -> Iterator[Fetched]:
    for one in fetch(restic, restic.listing(snapshot), wanted, scratch):
        stop_unless(box.keep_on(), repository.name)
        yield one


def _database(box: Box, restic: Restic, snapshot: str, wanted: Wanted, scratch: Path) -> tuple[str, list[tuple[str, str]]]:
    """Restore the database copy, compare it, open it and count it; return words for the certificate, and what was wrong."""
    for one in fetch(restic, restic.listing(snapshot), [wanted], scratch):
        if one.file is None:
            return "not what it should be", [(wanted.path, one.what)]
        seen = copies.look_at(one.file)
        if seen.integrity != "ok":
            return "not whole", [(wanted.path, seen.integrity)]
        now = copies.rows_of(box.store)["asset"]
        words = f"opened and whole, {counted(seen.rows.get('asset', 0), 'original')} in it, {now:,} in the library now"
        return words, [(wanted.path, "it lists no originals")] if now and not seen.rows.get("asset") else []
    raise AssertionError("one was asked for, one comes")


def _judge(tried: _Tried, took: int) -> tuple[str, str, int, dict[str, object]]:
    seconds = counted(max(1, took // 1000), "second")
    facts = [
        ["Restored and compared", f"{counted(tried.files, 'original')}, {size(tried.bytes)}"],
        ["From the years", ", ".join(tried.years) or "none"],
        ["Database copy", tried.database],
        ["Took", seconds],
    ]
    details: dict[str, object] = {"facts": facts, "wrong": [list(one) for one in tried.wrong[:MOST_WRONG]]}
    if tried.wrong:
        path, what = tried.wrong[0]
        more = f", and {len(tried.wrong) - 1:,} more" if len(tried.wrong) > 1 else ""
        return "failed", f"{path}: {what}{more}.", tried.files, details
    return "passed", "", tried.files, details
