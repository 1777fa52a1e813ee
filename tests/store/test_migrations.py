"""Schema changes: numbered, copied before, all or nothing."""

from pathlib import Path

import apsw
import pytest

from appliance.store import migrations, schema_6, schema_9
from appliance.store.db import Store


def test_every_table_is_strict(tmp_path: Path) -> None:
    store = Store(tmp_path / "mantel.db", tmp_path / "copies")
    with store.read() as reader:
        loose = reader.all(
            "SELECT name FROM pragma_table_list WHERE schema='main' AND type='table' AND strict=0 AND name != 'sqlite_schema'"
        )
    assert [name for (name,) in loose if not name.startswith(("sqlite_", "words_"))] == []


def test_a_new_database_needs_no_copy(tmp_path: Path) -> None:
    Store(tmp_path / "mantel.db", tmp_path / "copies").close()
    assert not (tmp_path / "copies").exists()


def test_a_copy_is_made_before_a_migration_and_five_are_kept(tmp_path: Path) -> None:
    connection = apsw.Connection(str(tmp_path / "mantel.db"))
    migrations.migrate(connection, tmp_path / "copies")
    for number in range(7):
        later = (*migrations.MIGRATIONS, *(f"CREATE TABLE later_{k}(x INTEGER) STRICT" for k in range(number + 1)))
        migrations.migrate(connection, tmp_path / "copies", later)
    copies = sorted((tmp_path / "copies").iterdir())
    assert len(copies) == migrations.KEPT_COPIES
    assert apsw.Connection(str(copies[-1])).execute("PRAGMA integrity_check").get == "ok"


def test_pictures_that_are_there_already_get_their_new_stage(tmp_path: Path) -> None:
    connection = apsw.Connection(str(tmp_path / "mantel.db"))
    before = migrations.MIGRATIONS.index(schema_6.SQL)
    migrations.migrate(connection, tmp_path / "copies", migrations.MIGRATIONS[:before])
    for number, state in ((1, "done"), (2, "running"), (3, "failed")):
        connection.execute(
            """INSERT INTO asset(id, sha256, original, file_name, bytes, modified_at, format, kind, capture_time, time_source,
                 added_at) VALUES(?,?,?,'a.jpg',1,0,'jpeg','photo','2024-07-14T10:00:00','exif',0)""",
            (number, f"{number:064x}", f"{number}.jpg"),
        )
        connection.execute("INSERT INTO job(stage, asset_id, state) VALUES('derivatives',?,?)", (number, state))
    migrations.migrate(connection, tmp_path / "copies")
    jobs = connection.execute("SELECT asset_id, state FROM job WHERE stage='picture' ORDER BY asset_id").get
    assert jobs == [(1, "waiting"), (2, "blocked"), (3, "blocked")]


def test_what_was_proposed_before_is_there_after_more_can_be_proposed(tmp_path: Path) -> None:
    connection = apsw.Connection(str(tmp_path / "mantel.db"))
    migrations.migrate(connection, tmp_path / "copies", migrations.MIGRATIONS[: migrations.MIGRATIONS.index(schema_9.SQL)])
    connection.execute("INSERT INTO user(id, name, kind, password_hash, created_at) VALUES(1,'Olive','owner','',0)")
    row = (7, 1, None, 3, "tag", "beach", "[1,2]", '{"assets":[1]}', 10, 11, None)
    connection.execute(f"INSERT INTO action VALUES({','.join('?' * len(row))})", row)
    migrations.migrate(connection, tmp_path / "copies")
    assert connection.execute("SELECT * FROM action").get == row
    connection.execute("INSERT INTO action(user_id, kind, name, assets, proposed_at) VALUES(1,'time','','[]',0)")
    assert connection.last_insert_rowid() == 8


def test_a_migration_that_fails_changes_nothing(tmp_path: Path) -> None:
    connection = apsw.Connection(str(tmp_path / "mantel.db"))
    migrations.migrate(connection, tmp_path / "copies")
    broken = (*migrations.MIGRATIONS, "CREATE TABLE half(x INTEGER) STRICT; SELECT no_such_column")
    with pytest.raises(apsw.SQLError):
        migrations.migrate(connection, tmp_path / "copies", broken)
    assert connection.execute("PRAGMA user_version").get == len(migrations.MIGRATIONS)
    assert connection.execute("SELECT count(*) FROM sqlite_schema WHERE name='half'").get == 0
