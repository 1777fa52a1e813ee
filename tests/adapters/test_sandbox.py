"""What a decoder taken over by a hostile file can do: nothing. What its parent believes: only what it has checked."""

import os
import platform
import re
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.adapters import process, sandbox, sandbox_rules
from appliance.errors import DecoderCrashed, DecoderFailed
from tests.processes import gone, wait_for

ROOT = Path(__file__).parents[2]
MODULE = "tests.adapters.probing_child"


@pytest.fixture(autouse=True)
def children_find_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT))


@pytest.fixture
def child() -> Iterator[sandbox.Child]:
    child = sandbox.Child(MODULE, memory_mb=700, options={"model": "tiny"})
    yield child
    child.close()


def test_a_child_prepares_before_the_sandbox_closes_and_reads_what_it_is_handed(child: sandbox.Child, tmp_path: Path) -> None:
    (tmp_path / "handed").write_text("bytes of a picture")
    with (tmp_path / "handed").open("rb") as handed:
        reply = child.call("read", {}, files=[handed.fileno(), handed.fileno()], timeout=10)
    assert reply == sandbox.Reply({"options": {"model": "tiny"}}, [b"bytes of a picture"] * 2)


@pytest.mark.skipif(platform.machine() != "x86_64", reason="the attacks are written with x86_64 system calls")
def test_every_attack_from_inside_fails(child: sandbox.Child, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("still here")
    tried = child.call("attack", {"parent": os.getpid(), "precious": str(precious)}, timeout=30).facts
    assert tried["succeeded"] == []
    assert len(tried["refused"]) >= 18
    assert precious.read_text() == "still here"


def test_threads_work_inside_and_are_confined_too(child: sandbox.Child) -> None:
    assert child.call("threads", {}, timeout=10).facts == {"sums": [499500] * 4, "opened": []}


def test_a_child_that_hangs_is_killed_and_the_next_call_works(child: sandbox.Child) -> None:
    child.call("read", {}, timeout=10)
    hung = child.pid
    assert hung
    with pytest.raises(DecoderCrashed, match="longer than"):
        child.call("hang", {}, timeout=0.5)
    wait_for(lambda: gone(hung))
    assert child.call("read", {}, timeout=10).facts
    assert child.pid != hung


@pytest.mark.parametrize(
    ("operation", "reason"),
    [("die", "ended by signal 6"), ("stumble", "its process ended"), ("fill", "more memory than a decoder may use")],
)
def test_a_child_that_dies_takes_nobody_with_it(child: sandbox.Child, operation: str, reason: str) -> None:
    with pytest.raises(DecoderCrashed, match=reason):
        child.call(operation, {}, timeout=10)
    assert child.call("read", {}, timeout=10).facts


def test_a_refusal_keeps_the_child_and_its_reason_is_harmless_text(child: sandbox.Child) -> None:
    with pytest.raises(DecoderFailed) as caught:
        child.call("fail", {}, timeout=10)
    assert not isinstance(caught.value, DecoderCrashed)
    reason = str(caught.value.facts["reason"])
    assert reason.isprintable()
    assert len(reason) <= 300
    before = child.pid
    child.call("read", {}, timeout=10)
    assert child.pid == before


LIES = {
    "a length beyond the limit": "\xff\xff\xff\xff",
    "a head that is not JSON": "\x00\x00\x00\x04gone",
    "a head of the wrong shape": "\x00\x00\x00\x02[]",
    "nesting without end": "\x00\x00\xea\x60" + "[" * 60_000,
    "blobs beyond the limit": '\x00\x00\x00\x23{"said":"yes","blobs":[99999999999]}'[: 4 + 0x23],
    "a negative blob": '\x00\x00\x00\x1b{"said":"yes","blobs":[-1]}',
    "too many blobs": "\x00\x00\x00\x67" + ('{"said":"yes","blobs":[' + "1," * 39 + "1]}").ljust(0x67),
    "an unknown field": '\x00\x00\x00\x19{"said":"yes","extra":1}  ',
}


@pytest.mark.parametrize("lie", LIES)
def test_a_child_that_lies_is_put_away(child: sandbox.Child, lie: str) -> None:
    with pytest.raises(DecoderCrashed, match="nonsense"):
        child.call("lie", {"raw": LIES[lie]}, timeout=5)
    assert child.call("read", {}, timeout=10).facts


def test_a_child_whose_module_cannot_prepare_says_why() -> None:
    child = sandbox.Child(MODULE, memory_mb=700, options={"fail": True})
    with pytest.raises(DecoderCrashed, match="the model is not there"):
        child.call("read", {}, timeout=10)
    assert child.pid is None


def test_a_child_is_recycled() -> None:
    child = sandbox.Child(MODULE, memory_mb=700, recycle_after=2)
    pids = []
    for _ in range(4):
        child.call("read", {}, timeout=10)
        pids.append(child.pid)
    child.close()
    assert pids[0] == pids[1] != pids[2] == pids[3]


def test_a_pool_serves_many_threads_and_survives_a_crash() -> None:
    pool = sandbox.Pool(MODULE, 2, memory_mb=700, model="tiny")
    answers: list[object] = []

    def ask(turn: int) -> None:
        try:
            answers.append(pool.call("die" if turn == 3 else "read", {}, timeout=20).facts["options"])
        except DecoderCrashed:
            answers.append("crashed")

    threads = [threading.Thread(target=ask, args=(turn,)) for turn in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, answers)) == ["crashed"] + ["{'model': 'tiny'}"] * 7
    assert 1 <= len(pool.pids) <= 2
    pids = pool.pids
    pool.close()
    wait_for(lambda: all(map(gone, pids)))


def test_children_outlive_the_thread_that_first_asked_for_them() -> None:
    child = sandbox.Child(MODULE, memory_mb=700)
    thread = threading.Thread(target=lambda: child.call("read", {}, timeout=10))
    thread.start()
    thread.join()
    before = child.pid
    time.sleep(0.2)
    child.call("read", {}, timeout=10)
    assert child.pid == before
    child.close()


def test_killing_the_parent_leaves_no_orphan(tmp_path: Path) -> None:
    """The parent is killed while its child hangs inside a call."""
    told = tmp_path / "pid"
    script = (
        f"import sys, threading, time; sys.path.insert(0, {str(ROOT)!r})\n"
        "from pathlib import Path\nfrom appliance.adapters.sandbox import Child\n"
        f"child = Child({MODULE!r}, memory_mb=700); child.call('read', {{}}, timeout=30)\n"
        f"Path({str(told)!r} + '.new').write_text(str(child.pid)); Path({str(told)!r} + '.new').rename({str(told)!r})\n"
        "child.call('hang', {}, timeout=60)\n"
    )
    parent = process.spawn([Path(sys.executable), "-c", script])
    for _ in range(400):
        if told.exists():
            break
        time.sleep(0.05)
    orphan = int(told.read_text())
    assert not gone(orphan)
    os.kill(parent.pid, signal.SIGKILL)
    wait_for(lambda: gone(orphan))
    parent.wait(5)


def test_this_machine_can_hold_the_sandbox() -> None:
    assert sandbox_rules.landlock_version() >= 1


@pytest.mark.parametrize(
    ("column", "header"), [(0, "/usr/include/x86_64-linux-gnu/asm/unistd_64.h"), (1, "/usr/include/asm-generic/unistd.h")]
)
def test_the_system_call_tables_agree_with_the_kernel_headers(column: int, header: str) -> None:
    if not Path(header).exists():
        pytest.skip(f"{header} is not installed (package linux-libc-dev)")
    known = {name: int(number) for name, number in re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", Path(header).read_text())}
    known.setdefault("newfstatat", known.get("fstatat", -1))
    for table in (sandbox_rules._COMPUTE, sandbox_rules._QUIETLY_NO_FILE, sandbox_rules._DANGEROUS, sandbox_rules._SPECIAL):
        for call, numbers in table.items():
            if call in known or numbers[column] <= max(known.values()):  # else it is newer than these headers
                assert numbers[column] in (known.get(call, -1), -1), call
