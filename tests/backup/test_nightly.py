"""A run, as restic really carries it out: what is in the snapshots, what the ledger says, and what never gets there."""

import os
import re
from pathlib import Path

import apsw
import pytest

from appliance.backup import nightly, plan, repositories
from appliance.backup.box import Box, alone, host
from appliance.backup.repositories import Repository
from appliance.errors import BackupBusy
from tests.backup.conftest import again, flip, run, value
from tests.conftest import Clock, add_photo

DAY = 86_400_000


def listed(box: Box, repository: Repository, holds: str) -> set[str]:
    """Paths below the home that the newest snapshot of that kind has, as restic lists them."""
    newest = value(box, "SELECT restic_id FROM snapshot WHERE repository_id=? AND holds=? ORDER BY id DESC", repository.id, holds)
    files = repositories.restic_of(box, repository).listing(str(newest)).files
    return {Path(path).relative_to(box.layout.home).as_posix() for path in files}


def unprotected(box: Box, repository: Repository) -> list[str]:
    with box.store.read() as reader:
        rows = reader.all(
            "SELECT file_name FROM unprotected JOIN asset ON asset.id=asset_id WHERE repository_id=? ORDER BY 1", (repository.id,)
        )
    return [name for (name,) in rows]


def test_a_run_is_complete_when_everything_is_listed_and_nothing_secret_is(box: Box, disk: Repository) -> None:
    for path in ("keys/vault/key", "derivatives/aa/x.webp", "chroma/x", "incoming/x", "clean-copies/x/file.jpg", "models/m/x"):
        file = box.layout.home / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("never")
    assert unprotected(box, disk) == ["beach.jpg", "forest [1].jpg", "zoo.jpg"]
    done = run(box, disk)
    assert (done.outcome, done.reason) == ("complete", "")
    assert (done.files_expected, done.files_held, done.files_withheld) == (5, 5, 0)
    assert listed(box, disk, "originals") == {
        "originals/2024/2024-07-14/beach.jpg",
        "originals/2024/2024-07-14/forest [1].jpg",
        "originals/2024/2024-07-14/zoo.jpg",
        "originals/2024/2024-07-14/zoo.jpg.xmp",
        "mantel.toml",
    }
    assert listed(box, disk, "database") == {"backup/copy/mantel.db"}
    assert unprotected(box, disk) == []
    assert not nightly.database_copy(box).exists()


def test_snapshots_bear_the_boxs_name_and_their_kind(box: Box, disk: Repository) -> None:
    run(box, disk)
    snapshots = repositories.restic_of(box, disk).snapshots()
    assert {(snapshot.hostname, *(snapshot.tags or ())) for snapshot in snapshots} == {
        (host(box), "originals"),
        (host(box), "database"),
    }
    assert host(box).startswith("mantel-")


def test_the_copy_of_the_database_is_whole_and_has_every_row(box: Box, disk: Repository, tmp_path: Path) -> None:
    run(box, disk)
    newest = str(value(box, "SELECT restic_id FROM snapshot WHERE holds='database'"))
    repositories.restic_of(box, disk).restore(newest, [str(nightly.database_copy(box))], tmp_path / "into")
    (copy,) = (tmp_path / "into").rglob("mantel.db")
    connection = apsw.Connection(str(copy))
    assert connection.execute("PRAGMA integrity_check").get == "ok"
    assert connection.execute("SELECT count(*) FROM asset").get == 3


def test_a_quiet_night_writes_nothing_into_the_ledger_and_reads_no_file_anew(box: Box, disk: Repository, clock: Clock) -> None:
    run(box, disk)
    with box.store.read() as reader:
        before = reader.all("SELECT * FROM ledger WHERE path <> 'mantel.db'")
        looks = reader.all("SELECT path, hashed_at FROM rot ORDER BY path")
    clock.advance(minutes=10)
    assert run(box, disk).outcome == "complete"
    with box.store.read() as reader:
        assert reader.all("SELECT * FROM ledger WHERE path <> 'mantel.db'") == before
        assert reader.all("SELECT path, hashed_at FROM rot ORDER BY path") == looks
    assert value(box, "SELECT count(*) FROM snapshot WHERE state='present'") == 4


def test_a_new_photo_is_unprotected_until_it_was_seen_in_a_snapshot(box: Box, disk: Repository) -> None:
    run(box, disk)
    add_photo(box.store, box.layout, "new.jpg")
    assert unprotected(box, disk) == ["new.jpg"]
    run(box, disk)
    assert unprotected(box, disk) == []


def test_a_rotten_file_does_not_replace_its_good_version(box: Box, disk: Repository, clock: Clock) -> None:
    run(box, disk)
    good = str(value(box, "SELECT restic_id FROM snapshot WHERE holds='originals'"))
    path = "originals/2024/2024-07-14/forest [1].jpg"
    flip(box.file(path))
    clock.advance(days=1)
    done = run(box, disk)
    assert (done.outcome, done.fault, done.files_withheld) == ("in part", "withheld", 1)
    assert "forest [1].jpg is held back" in done.reason
    assert path not in listed(box, disk, "originals")
    assert path in {
        Path(file).relative_to(box.layout.home).as_posix() for file in repositories.restic_of(box, disk).listing(good).files
    }
    assert value(box, "SELECT state FROM rot WHERE path=?", path) == "rotten"
    assert value(box, "SELECT reason FROM rot WHERE path=?", path) == "its bytes changed by themselves"
    assert unprotected(box, disk) == []  # the older snapshot holds it


def test_a_file_that_is_mended_is_backed_up_again(box: Box, disk: Repository, clock: Clock) -> None:
    file = box.layout.original("2024/2024-07-14/beach.jpg")
    good = file.read_bytes()
    flip(file)
    assert run(box, disk).outcome == "in part"
    assert unprotected(box, disk) == ["beach.jpg"]
    file.write_bytes(good)
    assert run(box, disk).outcome == "complete"
    assert unprotected(box, disk) == []


def test_a_sidecar_may_be_edited_but_not_rot(box: Box, disk: Repository, clock: Clock) -> None:
    run(box, disk)
    sidecar = box.layout.original("2024/2024-07-14/zoo.jpg.xmp")
    sidecar.write_text("<x:xmpmeta>a person wrote this</x:xmpmeta>")
    clock.advance(days=1)
    assert run(box, disk).outcome == "complete"
    flip(sidecar)
    clock.advance(days=1)
    assert run(box, disk).reason.startswith("originals/2024/2024-07-14/zoo.jpg.xmp is held back")
    sidecar.unlink()
    clock.advance(days=1)
    assert run(box, disk).outcome == "complete"


def test_originals_that_are_missing_or_no_files_are_held_back_and_told(box: Box, disk: Repository, clock: Clock) -> None:
    run(box, disk)
    missing = box.layout.original("2024/2024-07-14/beach.jpg")
    missing.unlink()
    replaced = box.layout.original("2024/2024-07-14/zoo.jpg")
    replaced.unlink()
    replaced.symlink_to("/etc/hostname")
    done = run(box, disk)
    assert (done.outcome, done.files_withheld) == ("in part", 2)
    assert value(box, "SELECT group_concat(state || ': ' || reason, '; ') FROM rot WHERE state <> 'ok'") == (
        "missing: it is not there; missing: something else than a file has its name"
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything; the container's tests of CI run as root")
def test_an_original_that_may_not_be_read_is_unreadable(box: Box, disk: Repository) -> None:
    box.layout.original("2024/2024-07-14/zoo.jpg").chmod(0)
    assert run(box, disk).files_withheld == 1
    assert value(box, "SELECT state FROM rot WHERE path LIKE '%zoo.jpg'") == "unreadable"


def test_two_runs_at_once_are_one_too_many(box: Box, disk: Repository) -> None:
    with alone(box), pytest.raises(BackupBusy):
        run(box, disk)
    assert value(box, "SELECT count(*) FROM backup_run") == 0


def test_a_repository_that_is_unplugged_is_waited_for_and_one_that_is_gone_has_failed(box: Box, disk: Repository) -> None:
    Path(disk.address).rename(disk.address + ".unplugged")
    done = run(box, disk)
    assert (done.outcome, done.fault) == ("failed", "away")
    with box.store.write() as writer:
        writer.run("UPDATE repository SET removable=1")
    done = run(box, disk)
    assert (done.outcome, done.fault) == ("waiting", "away")
    assert "disk is not attached" in done.reason
    Path(disk.address + ".unplugged").rename(disk.address)
    assert run(box, disk).outcome == "complete"


def test_a_snapshot_that_somebody_deleted_is_missed_and_its_claims_go(box: Box, disk: Repository) -> None:
    run(box, disk)
    for file in (Path(disk.address) / "snapshots").iterdir():
        file.unlink()
    add_photo(box.store, box.layout, "new.jpg")
    assert run(box, disk).outcome == "complete"
    assert value(box, "SELECT count(*) FROM snapshot WHERE state='lost'") == 2
    assert unprotected(box, disk) == []


def test_another_repository_at_the_address_is_not_written_to(box: Box, disk: Repository) -> None:
    with box.store.write() as writer:
        writer.run("UPDATE repository SET restic_id=?", ("0" * 64,))
    done = run(box, disk)
    assert (done.outcome, done.fault) == ("failed", "foreign")
    assert repositories.restic_of(box, disk).snapshots() == []


def test_after_failures_the_pauses_grow_and_a_success_ends_them(box: Box, disk: Repository, clock: Clock) -> None:
    key = box.layout.backup_keys / disk.keys_folder / "passphrase"
    right = key.read_text()
    key.write_text("wrong")
    pauses = []
    for _ in range(3):
        assert run(box, disk).fault == "wrong passphrase"
        pauses.append(again(box, disk).retry_at - clock())
    assert pauses == [900_000, 1_800_000, 3_600_000]
    key.write_text(right)
    run(box, disk)
    assert (again(box, disk).failures, again(box, disk).retry_at) == (0, 0)


def test_a_run_of_a_killed_process_is_ended_by_the_next(box: Box, disk: Repository) -> None:
    with box.store.write() as writer:
        writer.insert(
            "INSERT INTO backup_run(repository_id, started_at, outcome, beat_at) VALUES(?,?,'running',?)", (disk.id, 1, 1)
        )
    run(box, disk)
    assert value(box, "SELECT outcome || ': ' || fault FROM backup_run ORDER BY id") == "failed: killed"


def test_what_a_pause_stops_goes_on_later(box: Box, disk: Repository) -> None:
    with box.store.write() as writer:
        writer.run("UPDATE repository SET paused_at=1")
    assert run(box, disk).outcome == "stopped"
    with box.store.write() as writer:
        writer.run("UPDATE repository SET paused_at=NULL")
    assert run(box, disk).outcome == "complete"


def test_old_snapshots_are_thinned_out_but_not_the_last_that_holds_a_lost_original(
    box: Box, disk: Repository, clock: Clock
) -> None:
    run(box, disk)
    box.layout.original("2024/2024-07-14/beach.jpg").unlink()
    for number in range(12):  # enough others that the library has not shrunk
        add_photo(box.store, box.layout, f"more {number}.jpg")
    for _ in range(4):
        clock.advance(minutes=5)
        run(box, disk)
    clock.advance(days=8)
    done = run(box, disk)
    assert re.fullmatch(r"Old snapshots that were removed: [345]\.", done.retention)  # from 0.16 on the oldest of all stays too
    with box.store.read() as reader:
        kept = reader.all("SELECT id, state FROM snapshot WHERE holds='originals' ORDER BY id")
    assert kept[0][1] == "present"  # beach.jpg is in the first one alone
    assert unprotected(box, disk) == []
    assert {snapshot.id for snapshot in repositories.restic_of(box, disk).snapshots()} == {row for (row,) in _present(box)}


def _present(box: Box) -> list[tuple[str]]:
    with box.store.read() as reader:
        return [(str(row[0]),) for row in reader.all("SELECT restic_id FROM snapshot WHERE state='present'")]


def test_a_library_that_shrank_keeps_every_snapshot_until_its_owner_says_that_it_was_meant(
    box: Box, disk: Repository, clock: Clock
) -> None:
    run(box, disk)
    box.layout.original("2024/2024-07-14/beach.jpg").unlink()
    clock.advance(days=8)
    done = run(box, disk)
    assert "more than 5 % less" in done.retention
    assert value(box, "SELECT count(*) FROM snapshot WHERE state='present'") == 4
    with box.store.write() as writer:
        plan.allow_forget(writer, disk, now=clock())
    assert run(box, disk).retention == "Old snapshots that were removed: 0."
