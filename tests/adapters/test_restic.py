"""restic for real: what it says is read as it is meant, and a failure of any kind is never taken for a success."""

import os
import shutil
import signal
import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from appliance.adapters import process, restic, restic_words
from appliance.adapters.process import Running
from appliance.adapters.restic import Access, Listing, Made, Progress, Restic
from appliance.errors import BackupFailed, BackupStopped, PassphraseWrong, RepositoryAway, RepositoryDamaged, RepositoryLocked
from tests.processes import wait_for

START = 1_750_000_000_000
NAMES = ("a.jpg", "two words .jpg", "star*[1].jpg", "back\\slash.jpg", "$HOME.jpg", "#hash.jpg", "-dash.jpg", "größe 🏖.jpg", "end ")


def always() -> bool:
    return True


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a new repository in it, and what opens it."""
    folder = tmp_path_factory.mktemp("restic")
    (folder / "passphrase").write_text("correct horse")
    (folder / "location").write_text(str(folder / "repository"))
    access = Access("Disk", folder / "location", folder / "passphrase", folder)
    Restic(access).init()
    return folder


@pytest.fixture
def access(empty: Path, tmp_path: Path) -> Access:
    """A new repository of this test's own."""
    shutil.copytree(empty / "repository", tmp_path / "repository")
    (tmp_path / "location").write_text(str(tmp_path / "repository"))
    (tmp_path / "photos").mkdir()
    for name in NAMES:
        (tmp_path / "photos" / name).write_bytes(os.urandom(5_000))
    return Access("Disk", tmp_path / "location", empty / "passphrase", tmp_path)


def back_up(
    access: Access,
    *targets: Path,
    excluded: tuple[str, ...] = (),
    parent: str | None = None,
    at: int = START,
    keep_on: Callable[[], bool] = always,
    heard: Callable[[Progress], None] = lambda _: None,
) -> Made:
    raw, left_out = access.scratch / "raw", access.scratch / "excluded"
    raw.write_bytes(b"".join(os.fsencode(path) + b"\0" for path in targets or [access.scratch / "photos"]))
    left_out.write_text("".join(restic.excluding(path) + "\n" for path in excluded))
    return Restic(access, keep_on).backup(
        raw, excluded=left_out, host="mantel-1", tag="originals", at=at, parent=parent, on_progress=heard
    )


def names_in(listing: Listing) -> set[str]:
    return {Path(path).name for path in listing.files}


def test_a_snapshot_is_listed_as_the_files_are(access: Access) -> None:
    made = back_up(access)
    listing = Restic(access).listing(made.snapshot_id)
    assert listing.snapshot_id.startswith(made.snapshot_id)
    assert len(listing.snapshot_id) == 64
    expected = {}
    for name in NAMES:
        file = access.scratch / "photos" / name
        expected[str(file)] = (5_000, file.stat().st_mtime_ns // 1_000)
    assert dict(listing.files) == expected
    (snapshot,) = Restic(access).snapshots()
    assert (snapshot.id, snapshot.hostname, snapshot.tags, snapshot.taken_at) == (
        listing.snapshot_id,
        "mantel-1",
        ["originals"],
        START,
    )
    assert made.bytes_added > 5_000 * len(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_left_out_whatever_it_is_called(access: Access, name: str) -> None:
    made = back_up(access, excluded=(str(access.scratch / "photos" / name),))
    assert names_in(Restic(access).listing(made.snapshot_id)) == set(NAMES) - {name}


def test_the_parent_is_what_unchanged_files_are_taken_from(access: Access) -> None:
    first = back_up(access)
    again = back_up(access, parent=first.snapshot_id, at=START + 1_000)
    assert again.bytes_added < 5_000
    assert names_in(Restic(access).listing(again.snapshot_id)) == set(NAMES)


def test_a_file_that_is_missing_is_missed_by_the_listing_alone(access: Access) -> None:
    made = back_up(access, access.scratch / "photos" / "a.jpg", access.scratch / "photos" / "gone.jpg")
    assert names_in(Restic(access).listing(made.snapshot_id)) == {"a.jpg"}


def test_a_wrong_passphrase_is_told_as_such(access: Access, tmp_path: Path) -> None:
    (tmp_path / "wrong").write_text("wrong horse")
    with pytest.raises(PassphraseWrong):
        Restic(replace(access, passphrase_file=tmp_path / "wrong")).repository_id()


def test_a_repository_that_is_not_there_is_away(access: Access, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "repository")
    with pytest.raises(RepositoryAway, match="no such file"):
        Restic(access).repository_id()


def test_a_server_that_does_not_answer_is_away_and_its_password_is_not_shown(access: Access, tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (tmp_path / "location").write_text(f"rest:http://olive:hunter2@127.0.0.1:{port}/")
    with pytest.raises(RepositoryAway) as told:
        Restic(replace(access, hidden=("hunter2",))).repository_id()
    assert "hunter2" not in str(told.value)
    assert "refused" in str(told.value)


def test_no_secret_is_in_a_command_or_in_its_environment(access: Access, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []

    def listen(command: list[str | Path], *, environment: dict[str, str], **_: object) -> int:
        told.extend([command, environment])
        return 1

    monkeypatch.setattr(process, "stream", listen)
    with pytest.raises(BackupFailed):
        Restic(access).repository_id()
    assert "correct horse" not in repr(told)
    assert str(access.passphrase_file) in repr(told)


def test_flipped_bytes_are_found_by_reading_the_part_they_lie_in_and_not_by_a_plain_check(access: Access) -> None:
    back_up(access)
    packs = sorted((access.scratch / "repository" / "data").rglob("*"), key=lambda path: path.is_file() and path.stat().st_size)
    pack = packs[-1]
    pack.chmod(0o600)
    with pack.open("r+b") as stream:
        stream.seek(1_000)
        stream.write(bytes(byte ^ 0xFF for byte in pack.read_bytes()[1_000:1_004]))
    Restic(access).check()
    outcomes = []
    for number in (1, 2):
        try:
            Restic(access).check((number, 2))
            outcomes.append("passed")
        except RepositoryDamaged:
            outcomes.append("damaged")
    assert sorted(outcomes) == ["damaged", "passed"]


def waiting_backup(access: Access, pipe: Path) -> Running:
    """A restic that has its lock and waits for what comes through `pipe`."""
    os.mkfifo(pipe)
    words = f"--repository-file '{access.location_file}' --password-file '{access.passphrase_file}' --no-cache"
    return process.spawn(["sh", "-c", f"exec restic {words} backup --stdin < '{pipe}'"])


def test_a_lock_that_was_left_behind_is_taken_away(access: Access, tmp_path: Path) -> None:
    locks = access.scratch / "repository" / "locks"
    running = waiting_backup(access, tmp_path / "pipe")
    with (tmp_path / "pipe").open("wb"):
        wait_for(lambda: any("-tmp-" not in lock.name for lock in locks.iterdir()), "it took no lock")
        running.kill()
    (left,) = locks.iterdir()
    Restic(access).check()
    assert not left.exists()


def test_a_lock_that_is_held_is_respected_and_told(access: Access, tmp_path: Path) -> None:
    locks = access.scratch / "repository" / "locks"
    held = waiting_backup(access, tmp_path / "pipe")
    with (tmp_path / "pipe").open("wb"):
        wait_for(lambda: bool(list(locks.iterdir())), "it took no lock")
        with pytest.raises(RepositoryLocked):
            Restic(access).prune()
        assert list(locks.iterdir())
    held.wait(60)


def test_a_backup_that_should_stop_stops_and_the_next_one_goes_on(access: Access) -> None:
    big = access.scratch / "photos" / "big.mp4"
    big.write_bytes(os.urandom(60_000_000))
    with pytest.raises(BackupStopped):
        back_up(replace(access, upload_kib=2_000), keep_on=lambda: False)
    assert Restic(access).snapshots() == []
    assert "big.mp4" in names_in(Restic(access).listing(back_up(access).snapshot_id))


def test_a_restic_that_is_killed_is_a_failure(access: Access) -> None:
    (access.scratch / "photos" / "big.mp4").write_bytes(os.urandom(60_000_000))
    slow = replace(access, upload_kib=2_000)

    def kill(_: Progress) -> None:
        for task in Path(f"/proc/{os.getpid()}/task").iterdir():
            for pid in (task / "children").read_text().split():
                if Path(f"/proc/{pid}/comm").read_text() == "restic\n":
                    os.kill(int(pid), signal.SIGKILL)

    with pytest.raises(BackupFailed, match="killed"):
        back_up(slow, heard=kill)
    assert Restic(access).snapshots() == []


def test_progress_is_heard_in_bytes(access: Access) -> None:
    (access.scratch / "photos" / "big.mp4").write_bytes(os.urandom(20_000_000))
    heard: list[Progress] = []
    back_up(replace(access, upload_kib=8_000), heard=heard.append)
    assert max(progress.total_bytes for progress in heard) > 20_000_000


def test_files_come_back_as_they_were(access: Access, tmp_path: Path) -> None:
    made = back_up(access)
    wanted = [str(access.scratch / "photos" / name) for name in ("star*[1].jpg", "größe 🏖.jpg")]
    Restic(access).restore(made.snapshot_id, wanted, tmp_path / "into")
    restored = {path.name: path.read_bytes() for path in (tmp_path / "into").rglob("*.jpg")}
    assert restored == {Path(path).name: Path(path).read_bytes() for path in wanted}


def test_what_a_rule_lets_go_goes_and_nothing_else(access: Access) -> None:
    ids = [Restic(access).listing(back_up(access, at=START + hour * 3_600_000).snapshot_id).snapshot_id for hour in (0, 24, 25, 72)]
    let_go = Restic(access).would_forget(host="mantel-1", tag="originals", keep={"daily": 7})
    assert let_go == ids[1:2]  # from 0.16 on the oldest of all stays as long as the rule has room for it
    assert Restic(access).would_forget(host="mantel-2", tag="originals", keep={"last": 1}) == []
    Restic(access).forget(let_go)
    Restic(access).prune()
    assert {snapshot.id for snapshot in Restic(access).snapshots()} == {ids[0], *ids[2:]}


@pytest.mark.parametrize(
    ("version", "code", "meant"),
    [
        ((0, 14), 0, restic_words.DONE),
        ((0, 14), 3, restic_words.IN_PART),
        ((0, 14), 12, BackupFailed),
        ((0, 18), 12, PassphraseWrong),
        ((0, 18), 11, RepositoryLocked),
        ((0, 18), 10, RepositoryAway),
        ((0, 18), 130, BackupStopped),
        ((0, 18), 99, BackupFailed),
        ((0, 14), -9, BackupFailed),
        ((0, 0), 2, BackupFailed),
    ],
)
def test_an_exit_code_means_what_it_means_in_that_version(version: tuple[int, int], code: int, meant: object) -> None:
    assert restic_words.meaning(version, code) == meant


def test_times_are_read_to_the_microsecond() -> None:
    assert restic.microseconds("2026-01-02T03:04:05.123456789Z") == 1_767_323_045_123_456
    assert restic.microseconds("2026-01-02T04:04:05+01:00") == 1_767_323_045_000_000
