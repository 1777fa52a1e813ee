"""Programs start with a built environment, end in time, and see only what they were given."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from appliance.adapters import process
from appliance.errors import ToolFailed, ToolMissing
from tests.processes import gone, wait_for


def test_a_program_sees_an_environment_built_from_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLIVES_SECRET", "hunter2")
    done = process.run(["env"], timeout=10)
    names = {line.partition("=")[0] for line in done.stdout.decode().splitlines()}
    assert names <= {"PATH", "LANG", "TMPDIR", "PWD", "SHLVL", "_"}


def test_input_and_output_are_passed_whole() -> None:
    data = os.urandom(3_000_000)
    done = process.run(["cat"], timeout=30, input=data)
    assert (done.code, done.stdout, done.stderr) == (0, data, b"")


def test_a_program_that_does_not_read_its_input_is_no_problem() -> None:
    assert process.run(["true"], timeout=30, input=b"x" * 3_000_000).code == 0


def test_a_program_without_input_finds_it_empty() -> None:
    assert process.run(["cat"], timeout=10).stdout == b""


def test_an_exit_code_is_an_answer() -> None:
    assert process.run(["false"], timeout=10).code == 1


def test_a_program_that_hangs_is_stopped_with_everything_it_started() -> None:
    begun = time.monotonic()
    with pytest.raises(ToolFailed, match="longer than"):
        process.run(["sh", "-c", "sleep 60 & sleep 60"], timeout=0.3)
    assert time.monotonic() - begun < 20


def test_a_program_that_answers_without_end_is_stopped() -> None:
    with pytest.raises(ToolFailed, match="far too much"):
        process.run(["cat", "/dev/zero"], timeout=30, output_limit=1 << 20)


def test_a_missing_program_names_the_package_to_install() -> None:
    with pytest.raises(ToolMissing, match="no-such-tool"):
        process.run(["no-such-tool"], timeout=1)


def test_a_relative_file_name_is_never_put_on_a_command_line() -> None:
    with pytest.raises(ValueError, match="absolute"):
        process.run(["cat", Path("-n")], timeout=1)


def test_a_spawned_program_can_be_asked_to_end() -> None:
    running = process.spawn(["sleep", "60"])
    assert running.poll() is None
    assert running.wait(0.05) is None
    assert running.stop() == -15
    assert running.poll() == -15


def heard(
    script: str, keep_on: Callable[[list[bytes]], bool] = lambda lines: True, grace: float = 60.0
) -> tuple[int, list[bytes], list[bytes]]:
    """Exit code, lines and lines of errors of a shell script, which has `grace` seconds to end when it is interrupted."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # where the suite was started to ignore it, a shell could not trap it
    lines: list[bytes] = []
    warnings: list[bytes] = []
    code = process.stream(
        ["sh", "-c", script],
        environment={"ALSO": "seen"},
        on_line=lines.append,
        on_warning=warnings.append,
        keep_on=lambda: keep_on(lines),
        grace=grace,
    )
    return code, lines, warnings


def test_lines_are_heard_one_by_one() -> None:
    assert heard('echo one; echo "$ALSO" >&2; printf "two\nthree"; exit 3') == (3, [b"one", b"two", b"three"], [b"seen"])


def test_a_program_that_should_not_go_on_is_interrupted_and_may_tidy() -> None:
    code, lines, _ = heard("trap 'echo tidied; exit 7' INT; echo begun; while :; do sleep 0.1; done", lambda lines: not lines)
    assert (code, lines) == (7, [b"begun", b"tidied"])


def test_a_program_that_will_not_be_interrupted_is_killed_with_what_it_started() -> None:
    code, lines, _ = heard("trap '' INT; sleep 300 & echo $!; wait", lambda lines: not lines, grace=1.0)
    assert code == -9
    wait_for(lambda: gone(int(lines[0])), "a child outlived it")


def test_what_a_program_leaves_behind_keeps_nobody_waiting() -> None:
    code, lines, _ = heard("sleep 300 & echo $!")
    assert code == 0
    os.kill(int(lines[0]), 9)


def test_a_program_that_is_heard_leaves_processor_and_disk_to_others() -> None:
    assert heard("nice; ionice")[1] == [b"15", b"idle"]


def test_a_program_that_is_heard_ends_with_us(tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    us = (
        "from appliance.adapters import process; "
        f"process.stream(['sh', '-c', 'echo $$ > {mark}.new; mv {mark}.new {mark}; sleep 300'], environment={{}}, "
        "on_line=print, on_warning=print, keep_on=lambda: True)"
    )
    with subprocess.Popen([sys.executable, "-c", us]) as parent:
        wait_for(mark.exists, "it did not start")
        parent.kill()
    wait_for(lambda: gone(int(mark.read_text())), "it outlived its parent")


def confined(
    script: str, *, readable: tuple[Path, ...] = (), writable: tuple[Path, ...] = (), memory_mb: int = 500
) -> process.Finished:
    """Run a shell script's built-ins (a confined shell can start nothing else)."""
    return process.run(["sh", "-c", script], timeout=30, confine=process.Confinement(readable, writable, memory_mb))


def test_a_confined_program_reads_what_it_was_given_and_nothing_else(tmp_path: Path) -> None:
    given, kept = tmp_path / "given.txt", tmp_path / "kept.txt"
    given.write_text("for you")
    kept.write_text("secret")
    assert confined(f'read line < {given}; echo "$line"', readable=(given,)).stdout == b"for you\n"
    refused = confined(f'read line < {kept}; echo "$line"', readable=(given,))
    assert b"secret" not in refused.stdout
    assert b"Permission denied" in refused.stderr


def test_a_confined_program_writes_only_where_it_may(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir()
    assert confined(f"echo x > {tmp_path}/open/new", writable=(tmp_path / "open",)).code == 0
    assert (tmp_path / "open" / "new").read_text() == "x\n"
    assert confined(f"echo x > {tmp_path}/new", writable=(tmp_path / "open",)).code != 0
    assert not (tmp_path / "new").exists()


def test_a_confined_program_starts_nothing_and_signals_nobody() -> None:
    assert b"x" not in confined("/bin/echo x").stdout
    assert b"x" not in confined("(echo x)").stdout
    assert confined(f"kill -0 {os.getpid()}").code != 0


def test_a_confined_program_reaches_no_network() -> None:
    script = "import socket; socket.socket()"
    interpreter = Path(sys.executable).resolve()
    confine = process.Confinement((Path(sys.base_prefix),), memory_mb=1000)
    assert process.run([interpreter, "-S", "-c", "print(1)"], timeout=30, confine=confine).stdout == b"1\n"
    assert b"PermissionError" in process.run([interpreter, "-S", "-c", script], timeout=30, confine=confine).stderr
