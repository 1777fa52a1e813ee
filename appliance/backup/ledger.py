"""The ledger: which file lies in which snapshot of which repository, as read back from the snapshot's listing.

A row says "from this snapshot to that one"; while the last is NULL, "up to the newest". Snapshots are recorded in the order in
which they were made, and only after they were listed. What vanished from a repository takes its claims with it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from appliance.store.db import Reader, Writer

Holds = Literal["originals", "database"]
DATABASE = "mantel.db"


@dataclass(frozen=True, slots=True)
class Held:
    """One file of a snapshot that is as it should be."""

    path: str
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Found:
    """A snapshot that was listed: restic's id, when it was taken (ms since 1970 UTC), how many files and bytes it lists."""

    restic_id: str
    holds: Holds
    taken_at: int
    files: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Rewritten:
    """The snapshot that takes another's place, and what it lists."""

    restic_id: str
    files: int
    bytes: int


def record(writer: Writer, repository: int, found: Found, held: Sequence[Held], *, now: int) -> int:
    """Write down a snapshot and what it holds; return its row's id. Rows of files that it lacks end with the one before it."""
    before = newest(writer, repository, found.holds, state=None)
    number = writer.insert(
        "INSERT INTO snapshot(repository_id, restic_id, holds, taken_at, files, bytes, state, state_at) VALUES(?,?,?,?,?,?,?,?)",
        (repository, found.restic_id, found.holds, found.taken_at, found.files, found.bytes, "present", now),
    )
    wanted = {(file.sha256, file.path): file for file in held}
    open_rows = {(sha256, path): first for sha256, path, first in _open(writer, repository, found.holds)}
    ended = [(before, repository, *key, open_rows[key]) for key in open_rows.keys() - wanted.keys()]
    begun = [wanted[key] for key in wanted.keys() - open_rows.keys()]
    writer.many("UPDATE ledger SET last_snapshot=? WHERE repository_id=? AND sha256=? AND path=? AND first_snapshot=?", ended)
    writer.many(
        "INSERT INTO ledger(repository_id, sha256, path, bytes, first_snapshot) VALUES(?,?,?,?,?)",
        [(repository, file.sha256, file.path, file.bytes, number) for file in begun],
    )
    if found.holds == "originals":
        refresh(writer, repository)
    return number


def present(reader: Reader, repository: int) -> set[str]:
    """Return restic's ids of the snapshots that should be there."""
    return {one for (one,) in reader.all("SELECT restic_id FROM snapshot WHERE repository_id=? AND state='present'", (repository,))}


def vanished(writer: Writer, repository: int, present: Collection[str], *, now: int) -> list[int]:
    """Note recorded snapshots that the repository does not list any more; return their ids. `present`: restic's ids."""
    known = writer.all("SELECT id, restic_id FROM snapshot WHERE repository_id=? AND state='present'", (repository,))
    lost = [number for number, restic_id in known if restic_id not in present]
    _let_go(writer, repository, lost, "lost", now)
    return lost


def forgotten(writer: Writer, repository: int, snapshots: Collection[str], *, now: int) -> None:
    """Note that these snapshots (restic's ids) were taken away by our own rule."""
    known = writer.all("SELECT id, restic_id FROM snapshot WHERE repository_id=? AND state='present'", (repository,))
    _let_go(writer, repository, [number for number, restic_id in known if restic_id in snapshots], "forgotten", now)


def rewritten(writer: Writer, repository: int, made: Mapping[str, Rewritten], gone: Collection[str]) -> None:
    """Note that snapshots (restic's old id → the new one) were made anew without the paths `gone`, which no other one holds."""
    for old, new in made.items():
        sql = "UPDATE snapshot SET restic_id=?, files=?, bytes=? WHERE repository_id=? AND restic_id=?"
        writer.run(sql, (new.restic_id, new.files, new.bytes, repository, old))
    writer.many("DELETE FROM ledger WHERE repository_id=? AND path=?", [(repository, path) for path in gone])
    refresh(writer, repository)


def refresh(writer: Writer, repository: int) -> None:
    """Derive anew which originals no present snapshot of the repository holds, though it should."""
    writer.run("DELETE FROM unprotected WHERE repository_id=?", (repository,))
    top = newest(writer, repository, "originals")
    writer.run(
        f"""INSERT INTO unprotected SELECT ?1, asset.id FROM asset
            WHERE id NOT IN (SELECT asset_id FROM kept_out) AND NOT EXISTS (
              SELECT 1 FROM ledger WHERE repository_id=?1 AND sha256=asset.sha256
              AND ((last_snapshot IS NULL AND first_snapshot <= ?2) OR {_IN_A_PRESENT_ONE}))""",
        (repository, top or 0),
    )


def newest(reader: Reader, repository: int, holds: Holds, state: str | None = "present") -> int | None:
    """Return the row id of the newest snapshot of that kind, or None; with `state` None also of those that are gone."""
    condition = "" if state is None else "AND state='present'"
    found: int | None = reader.value(
        f"SELECT max(id) FROM snapshot WHERE repository_id=? AND holds=? {condition}", (repository, holds)
    )
    return found


def parent(reader: Reader, repository: int, holds: Holds) -> str | None:
    """Return restic's id of the newest present snapshot, or None."""
    number = newest(reader, repository, holds)
    return None if number is None else str(reader.value("SELECT restic_id FROM snapshot WHERE id=?", (number,)))


def last_good(reader: Reader, repository: int) -> Mapping[str, str]:
    """Return, for each original that the newest snapshot lacks and an older one holds, restic's id of the newest that holds it.

    These snapshots are never thinned out: a rotten or missing original comes back from them alone. Keyed by path.
    """
    rows = reader.all(
        """SELECT ledger.path, (SELECT max(snapshot.id) FROM snapshot WHERE snapshot.repository_id=?1 AND holds='originals'
               AND state='present' AND snapshot.id BETWEEN first_snapshot AND last_snapshot) AS held
           FROM ledger JOIN asset ON asset.sha256=ledger.sha256
           WHERE repository_id=?1 AND last_snapshot IS NOT NULL AND held IS NOT NULL AND NOT EXISTS (
             SELECT 1 FROM ledger AS still WHERE still.repository_id=?1 AND still.sha256=ledger.sha256
             AND still.last_snapshot IS NULL) ORDER BY held""",
        (repository,),
    )
    ids = dict(reader.all("SELECT id, restic_id FROM snapshot WHERE repository_id=?", (repository,)))
    return {path: ids[held] for path, held in rows}


_IN_A_PRESENT_ONE = """EXISTS (SELECT 1 FROM snapshot WHERE snapshot.repository_id=ledger.repository_id AND holds='originals'
  AND state='present' AND snapshot.id BETWEEN first_snapshot AND ifnull(last_snapshot, snapshot.id))"""


def _open(reader: Reader, repository: int, holds: Holds) -> list[tuple[str, str, int]]:
    which = "path = ?" if holds == "database" else "path <> ?"
    return [
        (sha256, path, first)
        for sha256, path, first in reader.all(
            f"SELECT sha256, path, first_snapshot FROM ledger WHERE repository_id=? AND last_snapshot IS NULL AND {which}",
            (repository, DATABASE),
        )
    ]


def _let_go(writer: Writer, repository: int, numbers: Collection[int], state: str, now: int) -> None:
    """Rows that no present snapshot bears out any more are no claim, and go."""
    if not numbers:
        return
    writer.many("UPDATE snapshot SET state=?, state_at=? WHERE id=?", [(state, now, number) for number in numbers])
    writer.run(
        """DELETE FROM ledger WHERE repository_id=? AND last_snapshot IS NOT NULL AND NOT EXISTS (
             SELECT 1 FROM snapshot WHERE snapshot.repository_id=ledger.repository_id AND state='present'
             AND holds=iif(path='mantel.db', 'database', 'originals') AND snapshot.id BETWEEN first_snapshot AND last_snapshot)""",
        (repository,),
    )
    refresh(writer, repository)
