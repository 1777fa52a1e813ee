"""The store: transactions, readers beside the writer, erasing, and what a crash leaves."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import apsw
import pytest

from appliance.errors import DatabaseDamaged, DatabaseGone, DatabaseTooNew, NotFound
from appliance.store import audit
from appliance.store.db import Store
from appliance.store.layout import Layout


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "mantel.db", tmp_path / "copies")


def choices(store: Store) -> list[str]:
    with store.read() as reader:
        return [name for (name,) in reader.all("SELECT name FROM choice ORDER BY name")]


def choose(store: Store, name: str) -> None:
    with store.write() as writer:
        writer.run("INSERT INTO choice VALUES(?, 'true')", (name,))


def test_a_block_that_raises_leaves_nothing_behind(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.write() as writer:
        writer.run("INSERT INTO choice VALUES('half', 'true')")
        _ = 1 // 0
    assert choices(store) == []
    choose(store, "after")
    assert choices(store) == ["after"]


def test_a_reader_sees_one_moment_while_the_writer_goes_on(store: Store) -> None:
    with store.read() as reader:
        assert reader.value("SELECT count(*) FROM choice") == 0
        thread = threading.Thread(target=choose, args=(store, "meanwhile"))
        thread.start()
        thread.join()
        assert reader.value("SELECT count(*) FROM choice") == 0
    assert choices(store) == ["meanwhile"]


def test_a_reader_cannot_write(store: Store) -> None:
    with pytest.raises(apsw.ReadOnlyError), store.read() as reader:
        reader.all("INSERT INTO choice VALUES('sneaky', 'true')")


def test_one_row_or_not_found(store: Store) -> None:
    with store.read() as reader, pytest.raises(NotFound):
        reader.one("SELECT * FROM asset WHERE id=?", (7,))


def test_many_threads_and_processes_write_and_none_is_lost(store: Store, tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from appliance.store.db import Store\n"
        "store = Store(Path(sys.argv[1]), Path(sys.argv[2]))\n"
        "for n in range(50):\n"
        "    with store.write() as w:\n"
        "        w.value('SELECT count(*) FROM choice')\n"
        "        w.run('INSERT INTO choice VALUES(?, 1)', (f'{sys.argv[3]}-{n}',))\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "mantel.db"), str(tmp_path / "copies")]
    children = [subprocess.Popen([*command, str(k)]) for k in range(2)]

    def choose_fifty(name: str) -> None:
        for n in range(50):
            choose(store, f"{name}-{n}")

    threads = [threading.Thread(target=choose_fifty, args=(f"t{k}",)) for k in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [child.wait() for child in children] == [0, 0]
    assert len(choices(store)) == 200


def test_deleted_words_are_gone_from_the_file(store: Store, tmp_path: Path) -> None:
    choose(store, "Kaninchenzüchterverein")
    with store.write() as writer:
        writer.run("DELETE FROM choice")
    store.close()
    assert all(b"Kaninchenz" not in file.read_bytes() for file in tmp_path.glob("mantel.db*"))


def test_killing_the_writer_keeps_every_commit(tmp_path: Path) -> None:
    script = (
        "import os, sys; from pathlib import Path; from appliance.store.db import Store\n"
        "store = Store(Path(sys.argv[1]), Path(sys.argv[2]))\n"
        "n = 0\n"
        "while True:\n"
        "    with store.write() as w: w.run('INSERT INTO choice VALUES(?, 1)', (f'{n:06d}',))\n"
        "    n += 1; os.write(1, f'{n}\\n'.encode())\n"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path / "mantel.db"), str(tmp_path / "copies")], stdout=subprocess.PIPE
    )
    assert child.stdout
    said = [child.stdout.readline() for _ in range(100)]
    os.kill(child.pid, signal.SIGKILL)
    rest = child.stdout.read().splitlines()
    child.wait()
    store = Store(tmp_path / "mantel.db", tmp_path / "copies")
    assert len(choices(store)) >= int((rest or said)[-1])
    assert store.check() == "ok"


def test_a_library_of_a_newer_mantel_is_left_alone(tmp_path: Path) -> None:
    Store(tmp_path / "mantel.db", tmp_path / "copies").close()
    connection = apsw.Connection(str(tmp_path / "mantel.db"))
    connection.execute("PRAGMA user_version=99")
    connection.close()
    with pytest.raises(DatabaseTooNew, match="newer Mantel"):
        Store(tmp_path / "mantel.db", tmp_path / "copies")


def test_the_audit_log_only_grows(store: Store) -> None:
    with store.write(durable=True) as writer:
        audit.record(writer, now=1, user_id=None, action="user.created", subjects=[1])
    for statement in ("DELETE FROM audit", "UPDATE audit SET action='nothing'"):
        with pytest.raises(apsw.ConstraintError, match="append-only"), store.write() as writer:
            writer.run(statement)


def test_a_file_that_is_no_database_is_told_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mantel.db").write_bytes(b"no database" * 1000)
    with pytest.raises(DatabaseDamaged, match="originals are safe"):
        Store(tmp_path / "mantel.db", tmp_path / "copies")
    assert (tmp_path / "mantel.db").read_bytes() == b"no database" * 1000


def test_a_database_damaged_inside_is_told(tmp_path: Path) -> None:
    store = Store(tmp_path / "mantel.db", tmp_path / "copies")
    choose(store, "x" * 3000)
    store.close()
    content = bytearray((tmp_path / "mantel.db").read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    (tmp_path / "mantel.db").write_bytes(content)
    with pytest.raises(DatabaseDamaged, match="originals are safe"):
        choices(Store(tmp_path / "mantel.db", tmp_path / "copies"))


def test_nothing_is_written_to_a_database_that_was_deleted_under_us(tmp_path: Path) -> None:
    store = Store(tmp_path / "mantel.db", tmp_path / "copies")
    (tmp_path / "mantel.db").unlink()
    with pytest.raises(DatabaseDamaged, match="deleted or replaced"):
        choose(store, "lost")


def test_no_empty_library_begins_beside_originals_whose_database_is_gone(layout: Layout) -> None:
    layout.create()
    (layout.originals / "2024").mkdir()
    (layout.originals / "2024" / "a.jpg").write_bytes(b"x")
    with pytest.raises(DatabaseGone, match="The originals are safe"):
        layout.create()
