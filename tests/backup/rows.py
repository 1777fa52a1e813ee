"""A library that is as safe as can be, as rows; each test then breaks one thing."""

from appliance.backup.state import DAY_MS
from appliance.store.db import Store, Writer

HOUR_MS = DAY_MS // 24


def repository(writer: Writer, name: str, *, offsite: bool = False, kind: str = "local", now: int, **columns: object) -> int:
    values = {
        "name": name, "kind": kind, "address": f"/backups/{name}", "restic_id": name * 4, "offsite": int(offsite), "removable": 0,
        "append_only": 0, "key_confirmed_at": now - 40 * DAY_MS, "keys_folder": name, "added_at": now - 60 * DAY_MS,
    } | columns  # fmt: skip
    marks = ", ".join("?" for _ in values)
    return writer.insert(f"INSERT INTO repository({', '.join(values)}) VALUES({marks})", tuple(values.values()))


def complete_run(writer: Writer, of: int, *, at: int, files: int = 3) -> int:
    """A run that began at `at` and brought everything, with its two snapshots."""
    snapshots = [
        writer.insert(
            """INSERT INTO snapshot(repository_id, restic_id, holds, taken_at, files, bytes, state, state_at)
               VALUES(?,?,?,?,?,1,'present',?)""",
            (of, f"{holds}{at}", holds, at, files, at),
        )
        for holds in ("originals", "database")
    ]
    run = writer.insert(
        """INSERT INTO backup_run(repository_id, started_at, ended_at, outcome, files_expected, files_held, originals_snapshot,
           database_snapshot, beat_at) VALUES(?,?,?,'complete',?,?,?,?,?)""",
        (of, at, at + HOUR_MS, files, files, *snapshots, at + HOUR_MS),
    )
    writer.run("DELETE FROM unprotected WHERE repository_id=?", (of,))
    return run


def run(writer: Writer, of: int, outcome: str, *, at: int, fault: str = "", reason: str = "") -> int:
    ended = None if outcome == "running" else at + 1000
    return writer.insert(
        "INSERT INTO backup_run(repository_id, started_at, ended_at, outcome, fault, reason, beat_at) VALUES(?,?,?,?,?,?,?)",
        (of, at, ended, outcome, fault, reason, at),
    )


def check(writer: Writer, of: int, *, at: int, kind: str = "structure", outcome: str = "passed", part: int | None = None,
          parts: int | None = None, reason: str = "") -> int:  # fmt: skip
    return writer.insert(
        """INSERT INTO backup_check(repository_id, kind, part, parts, started_at, ended_at, outcome, reason)
           VALUES(?,?,?,?,?,?,?,?)""",
        (of, kind, part, parts, at, at + 1000, outcome, reason),
    )


def drill(writer: Writer, of: int, *, at: int, outcome: str = "passed", reason: str = "") -> int:
    return writer.insert(
        "INSERT INTO drill(repository_id, started_at, ended_at, files, outcome, reason) VALUES(?,?,?,50,?,?)",
        (of, at, at, outcome, reason),
    )


def safe(store: Store, now: int) -> tuple[int, int]:
    """A disk at home and a copy elsewhere, each complete since last night, checked, read whole and drilled. Return their ids."""
    with store.write() as writer:
        home, away = repository(writer, "shelf", now=now), repository(writer, "aunt", offsite=True, kind="sftp", now=now)
        for one in (home, away):
            complete_run(writer, one, at=now - 8 * HOUR_MS)
            check(writer, one, at=now - 2 * DAY_MS)
            for part in range(1, 5):
                check(writer, one, at=now - part * DAY_MS, kind="data", part=part, parts=4)
            drill(writer, one, at=now - 5 * DAY_MS)
    return home, away
