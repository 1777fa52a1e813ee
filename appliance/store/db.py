"""SQLite through apsw: one writer connection, one reader per thread, `BEGIN IMMEDIATE`, write-ahead log."""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import apsw

from appliance.errors import DatabaseBusy, DatabaseDamaged, NoRoom, NotFound
from appliance.store import folding, migrations

BUSY_MILLISECONDS = 30_000
LEAST_ROOM = 1 << 20
# A view of the terms of the index `shapes`; each connection has its own, the file has none.
SHAPE_TERMS = "CREATE VIRTUAL TABLE temp.shape_term USING fts5vocab(main, shapes, row)"
Parameters = Sequence[Any] | dict[str, Any]
Row = TypeVar("Row")


class Reader:
    """Questions to one connection, inside one snapshot. Rows are tuples in the order of the SELECT."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection

    def all(self, sql: str, parameters: Parameters = ()) -> list[tuple[Any, ...]]:
        return list(self._connection.execute(sql, parameters))

    def rows(self, row: Callable[..., Row], sql: str, parameters: Parameters = ()) -> list[Row]:
        """Each row given, column by column, to `row(...)`."""
        return [row(*values) for values in self._connection.execute(sql, parameters)]

    def first(self, sql: str, parameters: Parameters = ()) -> tuple[Any, ...] | None:
        return next(iter(self._connection.execute(sql, parameters)), None)

    def one(self, sql: str, parameters: Parameters = ()) -> tuple[Any, ...]:
        """Like `first`, but raises NotFound when there is no row: also for a number that is larger than any id."""
        try:
            row = self.first(sql, parameters)
        except OverflowError:
            row = None
        if row is None:
            raise NotFound
        return row

    def value(self, sql: str, parameters: Parameters = (), default: Any = None) -> Any:
        """First column of the first row, or `default` when there is no row."""
        row = self.first(sql, parameters)
        return default if row is None else row[0]


class Writer(Reader):
    """A Reader that may also change rows; only `Store.write` makes one."""

    def run(self, sql: str, parameters: Parameters = ()) -> int:
        """Execute one statement; return how many rows it changed."""
        self._connection.execute(sql, parameters)
        return self._connection.changes()

    def many(self, sql: str, rows: Sequence[Parameters]) -> None:
        self._connection.executemany(sql, rows)

    def insert(self, sql: str, parameters: Parameters = ()) -> int:
        """Execute one INSERT; return the new row's id."""
        self._connection.execute(sql, parameters)
        return self._connection.last_insert_rowid()


class Store:
    """One database file. Open it once per process; `close` checkpoints and lets go of every connection."""

    def __init__(self, database: Path, copies: Path) -> None:
        """Open or create `database`, bringing it to the newest schema; a copy goes to `copies` before each migration."""
        self._database = str(database)
        self._copies = copies
        self._lock = threading.RLock()
        self._local = threading.local()
        self._readers: list[apsw.Connection] = []
        with self._locked():
            self._writer = self._connect()
            migrations.migrate(self._writer, copies)
        self._file = self._state()

    def _connect(self) -> apsw.Connection:
        connection = apsw.Connection(self._database)
        connection.set_busy_timeout(BUSY_MILLISECONDS)
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "secure_delete=ON", "temp_store=MEMORY"):
            connection.execute("PRAGMA " + pragma)
        connection.register_fts5_function("standing", folding.standing)
        return connection

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with self._lock, self._told():
            try:
                yield
            except apsw.BusyError as error:
                raise DatabaseBusy from error

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (apsw.CorruptError, apsw.NotADBError) as error:
            raise DatabaseDamaged(reason=str(error), copies=self._copies) from error
        except (apsw.FullError, apsw.IOError) as error:
            if isinstance(error, apsw.IOError) and self._room() > LEAST_ROOM:
                raise
            raise NoRoom(folder=Path(self._database).parent) from error

    def _room(self) -> int:
        """Free bytes: SQLite calls a full disk an I/O error where it makes its small files beside the database."""
        state = os.statvfs(Path(self._database).parent)
        return state.f_bavail * state.f_frsize

    def _state(self) -> tuple[int, int] | None:
        """Which file it is; SQLite itself would go on writing to one that was deleted."""
        try:
            state = os.stat(self._database)  # noqa: PTH116  (asked for at every write)
        except FileNotFoundError:
            return None
        return state.st_dev, state.st_ino

    @contextmanager
    def write(self, *, durable: bool = False) -> Iterator[Writer]:
        """One transaction: committed when the block ends, rolled back when it raises. Not re-entrant.

        `durable` waits until the commit is on the disk (originals, audit); otherwise a power cut may undo
        the last moments, never corrupt.
        """
        with self._locked(), self._begun(durable=durable):
            yield Writer(self._writer)

    @contextmanager
    def _begun(self, *, durable: bool) -> Iterator[None]:
        if self._state() != self._file:
            raise DatabaseDamaged(reason="the file was deleted or replaced while Mantel was running", copies=self._copies)
        self._writer.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
        self._writer.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._writer.execute("COMMIT")
        except BaseException:
            if self._writer.in_transaction:
                self._writer.execute("ROLLBACK")
            raise

    @contextmanager
    def read(self) -> Iterator[Reader]:
        """One snapshot on this thread's own connection; may be nested."""
        with self._told():
            connection: apsw.Connection | None = getattr(self._local, "reader", None)
            if connection is None:
                connection = self._local.reader = self._connect()
                connection.execute(SHAPE_TERMS)
                connection.execute("PRAGMA query_only=ON")
                with self._lock:
                    self._readers.append(connection)
            with connection:
                yield Reader(connection)

    def copy(self, into: Path) -> None:
        """Write the database as it is at one moment to the new file `into`, while others go on writing."""
        with self._told():
            connection = self._connect()
            try:
                connection.execute("VACUUM INTO ?", (str(into),))
            finally:
                connection.close()

    def renew_pages(self, tables: Sequence[str]) -> None:
        """Put the rows of `tables` onto fresh pages and cut the log: nothing that stood in them before is left in the file.

        `secure_delete` wipes a page that is given up, and a row that is deleted or changed, but not the copy that stays behind
        where SQLite moved rows within a page to make room. Rows stay as they are, so foreign keys hold."""
        with self._locked():
            self._writer.execute("PRAGMA foreign_keys=OFF")  # or emptying a table would delete what belongs to its rows
            try:
                with self._begun(durable=True):
                    for table in tables:
                        self._writer.execute(f"CREATE TEMP TABLE renewed AS SELECT * FROM main.{table}")
                        self._writer.execute(f"DELETE FROM main.{table}")
                        self._writer.execute(f"INSERT INTO main.{table} SELECT * FROM temp.renewed")
                        self._writer.execute("DROP TABLE temp.renewed")
            finally:
                self._writer.execute("PRAGMA foreign_keys=ON")
        self.shorten_log()

    def shorten_log(self) -> None:
        """Write the log into the database and cut it to nothing, so that no deleted row is left in it; waits for who reads."""
        with self._locked():
            self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def check(self) -> str:
        """SQLite's own word on the file: 'ok', or what is wrong."""
        with self.read() as reader:
            return str(reader.value("PRAGMA integrity_check"))

    def close(self) -> None:
        with self._lock:
            for connection in [*self._readers, self._writer]:
                connection.close()
            self._readers.clear()
