"""Drills on real repositories: what was restored is compared with our rows, and what could not be tried says nothing."""

import json
from pathlib import Path

import pytest

from appliance.backup import drill, repositories
from appliance.backup.box import Box, alone
from appliance.backup.repositories import Repository
from appliance.backup.state import DAY_MS
from appliance.store.db import Store
from appliance.store.layout import Layout
from tests.backup import real
from tests.conftest import START


@pytest.fixture
def box(store: Store, layout: Layout) -> Box:
    real.library(store, layout)
    return real.box_of(store, layout)


@pytest.fixture
def shelf(box: Box, tmp_path: Path) -> Repository:
    repository = real.add(box, tmp_path / "shelf")
    real.backed_up(box, repository)
    return repository


def details(box: Box, number: int) -> dict[str, list[list[str]]]:
    with box.store.read() as reader:
        found: dict[str, list[list[str]]] = json.loads(reader.value("SELECT details FROM drill WHERE id=?", (number,)))
    return found


def test_a_drill_brings_back_originals_of_all_years_and_the_database(box: Box, shelf: Repository) -> None:
    with alone(box):
        done = drill.run(box, shelf, files=6)
    assert (done.outcome, done.files, done.reason) == ("passed", 6, "")
    facts = dict(details(box, done.id)["facts"])
    assert facts["From the years"] == "2019, 2021, 2024"
    assert facts["Database copy"] == "opened and whole, 9 originals in it, 9 in the library now"
    assert not (box.layout.backup / "drill").exists()


def test_fewer_originals_than_wanted_are_all_drawn(box: Box, shelf: Repository) -> None:
    assert drill.run(box, shelf).files == 9


def test_a_pack_with_flipped_bytes_fails_the_drill(box: Box, shelf: Repository) -> None:
    real.flip(real.pack_of(Path(shelf.address)))
    done = drill.run(box, shelf)
    assert done.outcome == "failed"
    assert done.reason


def test_a_row_that_says_other_bytes_than_the_snapshot_holds_fails_the_drill(box: Box, shelf: Repository) -> None:
    with box.store.write() as writer:
        wrong = "f" * 64
        writer.run("UPDATE ledger SET sha256=? WHERE path LIKE '%photo 4.jpg'", (wrong,))
        writer.run("UPDATE asset SET sha256=? WHERE original LIKE '%photo 4.jpg'", (wrong,))
    done = drill.run(box, shelf)
    assert done.outcome == "failed"
    assert done.reason == "originals/2021/2021-07-14/photo 4.jpg: other bytes came back."
    assert details(box, done.id)["wrong"] == [["originals/2021/2021-07-14/photo 4.jpg", "other bytes came back"]]


def test_a_file_that_the_snapshot_lacks_fails_the_drill(box: Box, shelf: Repository) -> None:
    with box.store.write() as writer:
        writer.run("UPDATE ledger SET path='originals/2019/2019-07-14/no.jpg' WHERE path LIKE '%photo 3.jpg'")
        writer.run("UPDATE asset SET original='2019/2019-07-14/no.jpg' WHERE original LIKE '%photo 3.jpg'")
    assert drill.run(box, shelf).reason == "originals/2019/2019-07-14/no.jpg: the snapshot does not hold it."


def test_a_ledger_without_originals_is_no_passed_drill(box: Box, shelf: Repository) -> None:
    with box.store.write() as writer:
        writer.run("DELETE FROM ledger WHERE path<>'mantel.db'")
    assert drill.run(box, shelf).outcome == "failed"


def test_a_wrong_passphrase_fails_the_drill(box: Box, shelf: Repository) -> None:
    (box.layout.backup_keys / shelf.keys_folder / "passphrase").write_text("another")
    assert drill.run(box, shelf).outcome == "failed"


def test_a_copy_that_is_away_is_not_tried_and_nothing_is_said_about_it(box: Box, shelf: Repository) -> None:
    Path(shelf.address).rename(shelf.address + ".away")
    done = drill.run(box, shelf)
    assert done.outcome == "waiting"
    assert "cannot be reached" in done.reason


def test_a_drill_that_was_killed_says_nothing_and_leaves_nothing(box: Box, shelf: Repository) -> None:
    (box.layout.backup / "drill" / "fetched").mkdir(parents=True)
    with box.store.write() as writer:
        writer.insert("INSERT INTO drill(repository_id, started_at, outcome) VALUES(?,?,'running')", (shelf.id, START))
    assert drill.run(box, shelf).outcome == "passed"
    with box.store.read() as reader:
        assert reader.all("SELECT outcome FROM drill ORDER BY id") == [("stopped",), ("passed",)]
    assert not (box.layout.backup / "drill").exists()


def test_a_drill_is_due_at_once_then_each_month_and_each_day_while_it_fails(box: Box, shelf: Repository) -> None:
    def due(days: float) -> bool:
        with box.store.read() as reader:
            return drill.due(reader, repositories.get(reader, shelf.id), now=START + int(days * DAY_MS))

    assert due(0)
    drill.run(box, shelf)
    assert not due(29)
    assert due(30)
    real.flip(real.pack_of(Path(shelf.address)))
    drill.run(box, shelf)
    assert not due(0.5)
    assert due(1)
