"""Database copies: made while others write, proven whole, and counted so that a copy can be compared with what it is of."""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import apsw

from appliance.errors import DatabaseCopyWrong
from appliance.store.db import Reader, Store

ATTEMPTS = 3
# What SQLite keeps for itself, and the full-text index, is derived: its rows say nothing about what is there.
_TABLES = """SELECT name FROM pragma_table_list WHERE schema='main' AND type='table'
             AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'words_%' ORDER BY name"""


@dataclass(frozen=True, slots=True)
class Counted:
    """A database file: its schema's number, SQLite's word on it ('ok', or what is wrong), and the rows of each table."""

    schema: int
    integrity: str
    rows: Mapping[str, int]


def make(store: Store, into: Path) -> Counted:
    """Copy the database to the file `into`, replacing what is there, and prove the copy.

    Raises DatabaseCopyWrong when it is not whole or a table's rows are not those of the database, NoRoom, DatabaseDamaged.
    """
    into.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    wrong: list[str] = []
    for _ in range(ATTEMPTS):  # rows that came and went while it was copied look like a wrong copy
        into.unlink(missing_ok=True)
        before = rows_of(store)
        store.copy(into)
        into.chmod(0o600)
        copied = look_at(into)
        if copied.integrity != "ok":
            raise DatabaseCopyWrong(reason=copied.integrity)
        if not (wrong := _differences(before, copied.rows, rows_of(store))):
            return copied
    raise DatabaseCopyWrong(reason=f"the rows of {', '.join(wrong)} are not those of the database")


def look_at(file: Path) -> Counted:
    """Open the database copy `file` without writing to it, check it and count its rows. Raises DatabaseCopyWrong."""
    try:
        with closing(apsw.Connection(str(file), flags=apsw.SQLITE_OPEN_READONLY)) as connection:
            integrity = str(connection.execute("PRAGMA integrity_check").get)
            return Counted(int(connection.execute("PRAGMA user_version").get), integrity, _rows(Reader(connection)))
    except apsw.Error as error:
        raise DatabaseCopyWrong(reason=str(error)) from error


def rows_of(store: Store) -> Mapping[str, int]:
    """Count the rows of each table."""
    with store.read() as reader:
        return _rows(reader)


def _rows(reader: Reader) -> dict[str, int]:
    return {name: int(reader.value(f'SELECT count(*) FROM "{name}"')) for (name,) in reader.all(_TABLES)}


def _differences(before: Mapping[str, int], copied: Mapping[str, int], after: Mapping[str, int]) -> list[str]:
    """Tables that the copy has with more or fewer rows than there were at any moment of the copying."""
    low = {name: min(before.get(name, 0), after.get(name, 0)) for name in {*before, *after}}
    high = {name: max(before.get(name, 0), after.get(name, 0)) for name in {*before, *after}}
    return sorted(name for name in {*low, *copied} if not low.get(name, 0) <= copied.get(name, -1) <= high.get(name, 0))
