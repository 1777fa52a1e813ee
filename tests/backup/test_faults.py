"""What can go wrong with backups goes wrong here, with the real restic: in none of it does the status say that all is safe.

Each test begins with a box that is safe: two repositories, one of them off-site, complete and checked.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from appliance.adapters import process
from appliance.backup import checks, drill, looks, plan, repositories, retention
from appliance.backup.box import Box, alone, is_busy
from appliance.backup.plan import Wish
from appliance.errors import BackupBusy
from tests.backup.conftest import Safe, again, flip, run, value
from tests.conftest import add_photo
from tests.processes import wait_for

DAY = 86_400_000
BIG = 40_000_000


def add_big(box: Box, name: str = "big.jpg") -> Path:
    """Put a photo of 40 MB into the library, which takes a slow restic a while."""
    add_photo(box.store, box.layout, name)
    file = box.layout.original(f"2024/2024-07-14/{name}")
    content = os.urandom(BIG)
    file.write_bytes(content)
    with box.store.write() as writer:
        writer.run("UPDATE asset SET sha256=?, bytes=? WHERE file_name=?", (sha256(content).hexdigest(), BIG, name))
    return file


def slow(safe: Safe) -> None:
    with safe.box.store.write() as writer:
        writer.run("UPDATE repository SET upload_kib=2000 WHERE id=?", (safe.disk.id,))


def meanwhile(safe: Safe, act: Callable[[], object]) -> str:
    """Back up to the disk, slowly, and `act` as soon as restic sends; return the outcome."""
    slow(safe)
    done = threading.Event()

    def wait_and_act() -> None:
        wait_for(
            lambda: done.is_set() or bool(value(safe.box, "SELECT 1 FROM backup_run WHERE done_bytes > 0 AND ended_at IS NULL"))
        )
        if not done.is_set():
            act()

    thread = threading.Thread(target=wait_and_act)
    thread.start()
    try:
        return run(safe.box, safe.disk).outcome
    finally:
        done.set()
        thread.join()


def restics() -> list[int]:
    """Process ids of every restic that runs below this process."""
    found = []
    for task in Path(f"/proc/{os.getpid()}/task").iterdir():
        for pid in (task / "children").read_text(encoding="ascii").split():
            if Path(f"/proc/{pid}/comm").read_text(encoding="utf-8") == "restic\n":
                found.append(int(pid))
    return found


def kill(pids: list[int]) -> None:
    for pid in pids:
        os.kill(pid, signal.SIGKILL)


def test_a_night_later_the_box_is_still_safe_and_silence_is_not(safe: Safe) -> None:
    assert safe.night() == {"Disk": "complete", "Aunt": "complete"}
    assert safe.verdict() == "safe"
    safe.clock.advance(days=3)
    assert safe.verdict() != "safe"
    assert "for 3 days" in safe.todo()


def test_a_new_photo_is_not_safe_before_it_is_backed_up(safe: Safe) -> None:
    add_photo(safe.box.store, safe.box.layout, "new.jpg")
    assert safe.verdict() != "safe"
    safe.night()
    assert safe.verdict() == "safe"


def test_the_disk_is_full(safe: Safe, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mounted = process.run(["mount", "-t", "tmpfs", "-o", "size=10m", "tmpfs", small], timeout=60).code == 0
    if not mounted:
        pytest.skip("this machine lets nobody mount a small disk")
    try:
        full = plan.add(safe.box, Wish("Small", str(small / "repository"))).repository
        add_big(safe.box)
        done = run(safe.box, full)
        assert (done.outcome, done.fault) == ("failed", "no room")
        assert "no room left" in done.reason
        assert safe.verdict() != "safe"
    finally:
        process.run(["umount", small], timeout=60)


def test_the_repository_goes_away_in_the_middle(safe: Safe) -> None:
    add_big(safe.box)
    outcome = meanwhile(safe, lambda: Path(safe.disk.address).rename(safe.disk.address + ".gone"))
    assert outcome == "failed"
    assert safe.verdict() != "safe"
    shutil.rmtree(safe.disk.address, ignore_errors=True)
    Path(safe.disk.address + ".gone").rename(safe.disk.address)
    assert set(safe.night().values()) == {"complete"}
    assert safe.verdict() == "safe"


def test_restic_is_killed(safe: Safe) -> None:
    add_big(safe.box)
    assert meanwhile(safe, lambda: kill(restics())) == "failed"
    assert "killed" in str(value(safe.box, "SELECT reason FROM backup_run ORDER BY id DESC"))
    assert safe.verdict() != "safe"
    assert set(safe.night().values()) == {"complete"}


def test_mantel_is_killed_and_restic_with_it(safe: Safe) -> None:
    add_big(safe.box)
    slow(safe)
    home = str(safe.box.layout.home)
    with subprocess.Popen([sys.executable, "-m", "appliance", "backup", "run", "--home", home], stdout=subprocess.DEVNULL) as ours:
        wait_for(
            lambda: bool(value(safe.box, "SELECT 1 FROM backup_run WHERE done_bytes > 0 AND ended_at IS NULL")), "it sent nothing"
        )
        children = Path(f"/proc/{ours.pid}/task")
        pids = [int(pid) for task in children.iterdir() for pid in (task / "children").read_text(encoding="ascii").split()]
        ours.kill()
    wait_for(lambda: not any(Path(f"/proc/{pid}/comm").exists() for pid in pids), "restic outlived us")
    assert safe.verdict() != "safe"
    safe.clock.now = time.time_ns() // 1_000_000  # the killed run bears the real time
    assert set(safe.night().values()) == {"complete"}
    assert value(safe.box, "SELECT count(*) FROM backup_run WHERE fault='killed'") == 2
    assert value(safe.box, "SELECT count(*) FROM unprotected") == 0


def killed_drill(safe: Safe) -> bool:
    """Kill a drill as soon as its row says that it runs; return whether that came in time."""
    drills = "SELECT count(*) FROM drill"
    before = value(safe.box, drills)
    words = [sys.executable, "-m", "appliance", "backup", "drill", "--home", str(safe.box.layout.home)]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL) as ours:
        wait_for(lambda: value(safe.box, drills) != before, "no drill began")
        ours.kill()
    return value(safe.box, "SELECT outcome FROM drill ORDER BY id DESC LIMIT 1") == "running"


@pytest.mark.parametrize("then", ["a night", "a drill"])
def test_a_drill_is_killed_and_says_nothing_and_leaves_nothing(safe: Safe, then: str) -> None:
    wait_for(lambda: killed_drill(safe), "every drill came to its end before it was killed")
    wait_for(lambda: not is_busy(safe.box), "a child that was just being started kept the lock")
    assert safe.verdict() == "safe"  # by the drill before it
    safe.clock.now = time.time_ns() // 1_000_000  # the killed one bears the real time
    assert set(safe.night().values()) == {"complete"}
    if then == "a drill":
        assert drill.run(safe.box, safe.disk).outcome == "passed"
        assert not (safe.box.layout.backup / "drill").exists()
    assert value(safe.box, "SELECT count(*) FROM drill WHERE outcome IN ('running', 'failed')") == 0
    assert value(safe.box, "SELECT count(*) FROM drill WHERE outcome='stopped'") == 1
    assert [finding.verb for finding in safe.status().verdict.todo if finding.colour == "not safe"] == []


def test_the_passphrase_is_wrong(safe: Safe) -> None:
    (safe.box.layout.backup_keys / safe.aunt.keys_folder / "passphrase").write_text("wrong")
    assert safe.night() == {"Disk": "complete", "Aunt": "failed"}
    assert safe.verdict() != "safe"
    assert "passphrase does not open" in safe.todo()


def test_a_lock_was_left_behind(safe: Safe) -> None:
    keys = safe.box.layout.backup_keys / safe.disk.keys_folder
    command: list[str | Path] = [
        "restic",
        "--repository-file",
        keys / "location",
        "--password-file",
        keys / "passphrase",
        "--no-cache",
        "check",
    ]
    locks = Path(safe.disk.address) / "locks"
    left = process.spawn(command)
    wait_for(lambda: any(locks.iterdir()), "it took no lock")
    left.kill()
    assert any(locks.iterdir())
    assert checks.carry_out(safe.box, safe.disk, "structure").outcome == "passed"
    assert not any(locks.iterdir())


def test_flipped_bytes_are_found_by_the_rotation_and_stay_an_alarm_until_they_are_right_again(safe: Safe) -> None:
    pack = max(
        (file for file in (Path(safe.disk.address) / "data").rglob("*") if file.is_file()), key=lambda file: file.stat().st_size
    )
    flip(pack)
    assert checks.carry_out(safe.box, safe.disk, "structure").outcome == "passed"
    part = int(pack.name[:2], 16) % checks.PARTS + 1
    found = checks.carry_out(safe.box, safe.disk, "data", part)
    assert (found.outcome, found.fault) == ("damaged", "damaged")
    assert safe.night() == {"Disk": "complete", "Aunt": "complete"}
    assert safe.verdict() != "safe"
    flip(pack)
    with safe.box.store.read() as reader:
        assert checks.damaged_parts(reader, safe.disk) == [part]
    assert checks.carry_out(safe.box, safe.disk, "data", part).outcome == "passed"
    assert safe.verdict() == "safe"


def test_originals_rot_vanish_or_cannot_be_read(safe: Safe) -> None:
    originals = [safe.box.layout.original(f"2024/2024-07-14/{name}.jpg") for name in ("beach", "forest", "zoo")]
    flip(originals[0])
    originals[1].unlink()
    originals[2].unlink()
    originals[2].mkdir()
    assert set(safe.night().values()) == {"in part"}
    assert safe.verdict() != "safe"
    said = safe.todo()
    assert "1 file of the library changed by itself" in said
    assert "2 files of the library are missing" in said
    assert value(safe.box, "SELECT count(*) FROM unprotected") == 0  # earlier snapshots hold all three


@pytest.mark.parametrize("days", [400, -400])
def test_the_clock_jumps(safe: Safe, days: int) -> None:
    safe.clock.advance(days=days)
    assert safe.verdict() != "safe"
    assert set(safe.night().values()) == {"complete"}
    safe.clock.advance(days=-days)
    assert safe.verdict() != "safe" or days < 0
    with safe.box.store.read() as reader:
        assert value(safe.box, "SELECT count(*) FROM snapshot WHERE state='present'") == 8
        assert len(checks.due(reader, safe.disk, now=safe.clock())) >= 1


def test_two_runs_at_once(safe: Safe) -> None:
    add_photo(safe.box.store, safe.box.layout, "new.jpg")
    with alone(safe.box), pytest.raises(BackupBusy):
        safe.night()
    assert safe.verdict() != "safe"


@pytest.mark.parametrize("seen_by", ["a run", "a check", "a look"])
def test_snapshots_are_deleted_behind_our_back(safe: Safe, seen_by: str) -> None:
    for file in (Path(safe.aunt.address) / "snapshots").iterdir():
        file.unlink()
    if seen_by == "a run":
        assert set(safe.night().values()) == {"complete"}
        assert value(safe.box, "SELECT count(*) FROM unprotected") == 0
    elif seen_by == "a look":
        looks.look(safe.box, safe.aunt)
        assert value(safe.box, "SELECT count(*) FROM unprotected") == 3
    else:
        assert checks.carry_out(safe.box, safe.aunt, "structure").outcome == "damaged"
        assert value(safe.box, "SELECT count(*) FROM unprotected") == 3
    assert safe.verdict() != "safe"
    assert "2 snapshots vanished" in safe.todo()


def test_the_repository_of_another_box_lies_at_the_address(safe: Safe) -> None:
    shutil.rmtree(safe.disk.address)
    keys = safe.box.layout.backup_keys / safe.disk.keys_folder
    words: list[str | Path] = ["--repository-file", keys / "location", "--password-file", keys / "passphrase"]
    assert process.run(["restic", *words, "init"], timeout=120).code == 0
    assert safe.night() == {"Disk": "failed", "Aunt": "complete"}
    assert value(safe.box, "SELECT fault FROM backup_run WHERE repository_id=? ORDER BY id DESC", safe.disk.id) == "foreign"
    assert safe.verdict() != "safe"


@pytest.fixture
def append_only(tmp_path: Path) -> Iterator[str]:
    """The address of a rest server that lets nothing be removed."""
    if not shutil.which("rclone"):
        pytest.skip("rclone is not on this machine")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    (tmp_path / "served").mkdir()
    server = process.spawn(["rclone", "serve", "restic", "--append-only", "--addr", f"127.0.0.1:{port}", tmp_path / "served"])

    def answers() -> bool:
        with socket.socket() as client:
            return client.connect_ex(("127.0.0.1", port)) == 0

    wait_for(answers, "rclone does not serve")
    yield f"rest:http://127.0.0.1:{port}/box"
    server.stop()


def test_an_append_only_repository_refuses_to_forget_and_that_is_told_as_what_it_is(
    safe: Safe, append_only: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "KEEP", {"last": 1})
    nas = plan.add(safe.box, Wish("NAS", append_only)).repository
    assert run(safe.box, nas).outcome == "complete"
    add_photo(safe.box.store, safe.box.layout, "new.jpg")
    safe.clock.advance(days=8)
    done = run(safe.box, nas)
    assert (done.outcome, done.retention) == ("complete", retention.NOTHING_REMOVED)
    assert again(safe.box, nas).append_only == 1
    assert safe.verdict() != "safe"  # the others know nothing of the new photo
    assert len(repositories.restic_of(safe.box, nas).snapshots()) == 4
