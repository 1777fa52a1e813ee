"""Numbered schema changes, append-only: a migration that has shipped is never edited. `PRAGMA user_version` holds the number."""

import time
from collections.abc import Sequence
from pathlib import Path

import apsw

from appliance.errors import DatabaseTooNew
from appliance.store import (
    schema_1,
    schema_2,
    schema_3,
    schema_4,
    schema_5,
    schema_6,
    schema_7,
    schema_8,
    schema_9,
    schema_10,
    schema_11,
    schema_12,
    schema_13,
    schema_14,
    schema_15,
)

MIGRATIONS: tuple[str, ...] = (
    schema_1.SQL, schema_2.SQL, schema_3.SQL, schema_4.SQL, schema_5.SQL, schema_6.SQL, schema_7.SQL, schema_8.SQL,
    schema_9.SQL, schema_10.SQL, schema_11.SQL, schema_12.SQL, schema_13.SQL, schema_14.SQL, schema_15.SQL,
)  # fmt: skip
KEPT_COPIES = 5


def migrate(connection: apsw.Connection, copies: Path, steps: Sequence[str] = MIGRATIONS) -> None:
    """Bring the database to the newest schema, one transaction each; one that was there already is copied to `copies` before each.

    Raises DatabaseTooNew when a newer Mantel wrote it. Safe when two processes start at once.
    """
    is_new = not _version(connection)
    while (version := _version(connection)) < len(steps):
        if not is_new:
            _copy(connection, copies, version)
        connection.execute("BEGIN IMMEDIATE")
        try:
            if _version(connection) == version:
                connection.execute(steps[version])
                connection.execute(f"PRAGMA user_version={version + 1}")
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
    if version > len(steps):
        raise DatabaseTooNew(found=version, known=len(steps), copies=copies)


def _version(connection: apsw.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").get)


def _copy(connection: apsw.Connection, copies: Path, version: int) -> None:
    copies.mkdir(mode=0o700, exist_ok=True)
    name = f"mantel-schema{version:03d}-{time.strftime('%Y%m%dT%H%M%S', time.gmtime())}.db"
    connection.execute("VACUUM INTO ?", (str(copies / name),))
    for old in sorted(copies.glob("mantel-schema*.db"))[:-KEPT_COPIES]:
        old.unlink()
