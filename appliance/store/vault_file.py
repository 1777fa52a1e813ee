"""`people/faces.vault`: an SQLite file of ciphertext. It knows rows by kind, opaque id and revision, and opens none of them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw

from appliance.errors import VaultDamaged

BUSY_MILLISECONDS = 10_000
SCHEMA = 1
PAGE_BYTES = 16_384  # a page holds twelve faces and no row of usual size spills into a page of its own
SQL = """
CREATE TABLE sealed(kind INTEGER NOT NULL, id BLOB NOT NULL, revision INTEGER NOT NULL, body BLOB NOT NULL,
  PRIMARY KEY(kind, id)) STRICT, WITHOUT ROWID;
CREATE TABLE inbox(id INTEGER PRIMARY KEY AUTOINCREMENT, body BLOB NOT NULL) STRICT;
CREATE TABLE attempt(at INTEGER NOT NULL) STRICT;
"""

SealedRow = tuple[int, bytes, int, bytes]
"""kind, id, revision, body"""


class VaultFile:
    """Open one per thread; `close` it. Raises VaultDamaged when the file is no vault."""

    def __init__(self, file: Path, *, make: bool = False) -> None:
        """Raises FileNotFoundError when there is none and it is not to be made."""
        if make:
            os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
        elif not file.exists():
            raise FileNotFoundError(2, os.strerror(2), str(file))
        try:
            self._connection = apsw.Connection(str(file), flags=apsw.SQLITE_OPEN_READWRITE)
            self._connection.set_busy_timeout(BUSY_MILLISECONDS)
            for pragma in (
                f"page_size={PAGE_BYTES}",
                "secure_delete=ON",
                "journal_mode=DELETE",
                "synchronous=FULL",
                "temp_store=MEMORY",
            ):
                self._connection.execute("PRAGMA " + pragma)
            if make:
                self._make()
            found = self._connection.execute("PRAGMA user_version").get
        except (apsw.NotADBError, apsw.CorruptError, apsw.SQLError) as error:
            raise VaultDamaged(reason=f"people/faces.vault cannot be read ({error})") from None
        if found != SCHEMA:
            raise VaultDamaged(reason=f"people/faces.vault has schema {found}, and this Mantel knows {SCHEMA}")

    def _make(self) -> None:
        with self.transaction():
            if not self._connection.execute("PRAGMA user_version").get:
                self._connection.execute(SQL + f"PRAGMA user_version={SCHEMA}")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Committed when the block ends, rolled back when it raises. Not re-entrant."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    def rows(self) -> Iterator[SealedRow]:
        yield from self._connection.execute("SELECT kind, id, revision, body FROM sealed")

    def row(self, kind: int, row: bytes) -> tuple[int, bytes] | None:
        """Return revision and body."""
        return next(iter(self._connection.execute("SELECT revision, body FROM sealed WHERE kind=? AND id=?", (kind, row))), None)

    def revision(self, kind: int, row: bytes) -> int:
        """Return 0 when there is no such row."""
        found = self._connection.execute("SELECT revision FROM sealed WHERE kind=? AND id=?", (kind, row)).get
        return int(found or 0)

    def count(self) -> int:
        """Return how many rows and messages there are; nothing of what they are."""
        return int(self._connection.execute("SELECT (SELECT count(*) FROM sealed) + (SELECT count(*) FROM inbox)").get)

    def put(self, row: SealedRow) -> None:
        self._connection.execute("REPLACE INTO sealed(kind, id, revision, body) VALUES(?,?,?,?)", row)

    def delete(self, kind: int, row: bytes) -> None:
        self._connection.execute("DELETE FROM sealed WHERE kind=? AND id=?", (kind, row))

    def post(self, body: bytes) -> None:
        """Leave a sealed message."""
        self._connection.execute("INSERT INTO inbox(body) VALUES(?)", (body,))

    def messages(self, count: int) -> list[tuple[int, bytes]]:
        """Return the oldest messages with their numbers."""
        return list(self._connection.execute("SELECT id, body FROM inbox ORDER BY id LIMIT ?", (count,)))

    def drop_message(self, number: int) -> None:
        self._connection.execute("DELETE FROM inbox WHERE id=?", (number,))

    def attempts(self, since: int) -> list[int]:
        """Return when attempts to unlock were made (milliseconds since 1970 UTC); those before `since` are forgotten."""
        self._connection.execute("DELETE FROM attempt WHERE at < ?", (since,))
        return [at for (at,) in self._connection.execute("SELECT at FROM attempt ORDER BY at")]

    def count_attempt(self, at: int) -> None:
        self._connection.execute("INSERT INTO attempt(at) VALUES(?)", (at,))

    def forgive_attempts(self) -> None:
        self._connection.execute("DELETE FROM attempt")

    def close(self) -> None:
        self._connection.close()
