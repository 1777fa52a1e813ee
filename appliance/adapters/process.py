"""Every outside program starts here: an argument list, an environment built from nothing, no stdin, no shell, a time limit."""

import contextlib
import json
import os
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import appliance
from appliance.adapters.sandbox_launch import REFUSED
from appliance.errors import ToolFailed, ToolMissing

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
PACKAGES = {"ffprobe": "ffmpeg", "exiftool": "libimage-exiftool-perl", "ssh-keygen": "openssh-client"}
"""Debian's package of a program, where it bears another name."""
OUTPUT_LIMIT = 64 << 20
LOOK_SECONDS = 1.0

# The kernel ends the program when the thread that started it ends; and it leaves processor and disk to everybody else.
_ENDS_WITH_US = ("setpriv", "--pdeathsig", "KILL", "--", "ionice", "-c", "3", "nice", "-n", "15")

# The kernel ties "end with the parent" to the *thread* that started a process, so one thread that never ends starts them all.
_STARTER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="starter")


@dataclass(frozen=True, slots=True)
class Confinement:
    """What a confined program may touch: these paths, the system's libraries (read-only) and so much address space."""

    readable: tuple[Path, ...]
    writable: tuple[Path, ...] = ()
    memory_mb: int = 1500


@dataclass(frozen=True, slots=True)
class Finished:
    """How a program ended; `code` is negative when a signal ended it."""

    code: int
    stdout: bytes
    stderr: bytes


class Running:
    """A long-lived program; `stop` asks it to end, and kills its group when it does not."""

    def __init__(self, child: "subprocess.Popen[bytes]") -> None:
        self._child = child
        self.pid = child.pid

    def poll(self) -> int | None:
        """Return the exit code, or None while it runs."""
        return self._child.poll()

    def wait(self, timeout: float | None = None) -> int | None:
        """Return the exit code, or None when it still runs after `timeout` seconds."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self._child.wait(timeout)
        return None

    def stop(self, grace: float = 5.0) -> int:
        """SIGTERM, after `grace` seconds SIGKILL to the whole group; returns the exit code."""
        if self._child.poll() is None:
            self._child.terminate()
        code = self.wait(grace)
        return self.kill() if code is None else code

    def kill(self) -> int:
        """SIGKILL to the whole group; returns the exit code."""
        return _kill(self._child)


class Piped(Running):
    """A long-lived program that is talked to through unbuffered pipes."""

    def __init__(self, child: "subprocess.Popen[bytes]") -> None:
        super().__init__(child)
        if child.stdin is None or child.stdout is None or child.stderr is None:
            raise ValueError("it was started without pipes")
        self.stdin, self.stdout, self.stderr = child.stdin, child.stdout, child.stderr

    def kill(self) -> int:
        """SIGKILL to the whole group, and the pipes closed; returns the exit code."""
        for pipe in (self.stdin, self.stdout, self.stderr):
            pipe.close()
        return super().kill()


def run(
    arguments: Sequence[str | Path],
    *,
    timeout: float,
    input: bytes | None = None,
    confine: Confinement | None = None,
    output_limit: int = OUTPUT_LIMIT,
) -> Finished:
    """Run a program to its end; any exit code is an answer.

    Raises ToolMissing when there is no such program, and ToolFailed when it was stopped: after `timeout` seconds, after
    more than `output_limit` bytes of output, or because this machine cannot confine it.
    """
    tool = Path(arguments[0]).name
    command = _command(arguments)
    environment = _environment({})
    if confine:
        command, environment = _confined(command, environment, confine)
    stdin = subprocess.DEVNULL if input is None else subprocess.PIPE
    child = _start(command, environment, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        stdout, stderr = _converse(child, tool, input or b"", timeout, output_limit)
    finally:
        code = _kill(child)
        for pipe in (child.stdout, child.stderr):
            if pipe:
                pipe.close()
    if confine and code == REFUSED:
        raise ToolFailed(tool=tool, reason=stderr.decode(errors="replace").strip())
    return Finished(code, stdout, stderr)


def stream(
    arguments: Sequence[str | Path],
    *,
    environment: Mapping[str, str],
    on_line: Callable[[bytes], None],
    on_warning: Callable[[bytes], None],
    keep_on: Callable[[], bool],
    grace: float = 10.0,
) -> int:
    """Run a program that may take days, and hear each line that it writes (`on_warning`: its errors); return its exit code.

    `keep_on` is asked about once a second: when it says no, the program is interrupted as by Ctrl-C, and its group killed
    `grace` seconds later. It also ends with this process, however this ends. Raises ToolMissing.
    """
    command = [*_ENDS_WITH_US, *_command(arguments)]
    child = _start(command, _environment(environment), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if child.stdout is None or child.stderr is None:
        raise ValueError("it was started without pipes")
    try:
        with child.stdout as stdout, child.stderr as stderr:
            told = {stdout.fileno(): on_line, stderr.fileno(): on_warning}
            _hear(child, told, keep_on, grace)
            return child.wait(grace)
    except subprocess.TimeoutExpired:
        return _kill(child)
    finally:
        _kill(child)


def spawn(
    arguments: Sequence[str | Path],
    *,
    environment: Mapping[str, str] | None = None,
    pass_fds: Sequence[int] = (),
    stderr: int | None = None,
) -> Running:
    """Start a long-lived program, whose output goes where ours goes (its errors to the descriptor `stderr`, when given).

    `environment` is added to the built one. Raises ToolMissing when there is no such program.
    """
    return Running(_start(_command(arguments), _environment(environment or {}), pass_fds=pass_fds, stderr=stderr))


def spawn_piped(arguments: Sequence[str | Path], *, confine: Confinement) -> Piped:
    """Start a long-lived, confined program and keep its three pipes. Raises ToolMissing when there is no such program.

    One that this machine cannot confine ends at once with the code REFUSED.
    """
    command, environment = _confined(_command(arguments), _environment({}), confine)
    pipe = subprocess.PIPE
    return Piped(_start(command, environment, stdin=pipe, stdout=pipe, stderr=pipe, bufsize=0))


def find(program: str) -> Path:
    """Return where `program` is installed; raises ToolMissing."""
    found = shutil.which(program, path=PATH)
    if found is None:
        tool = Path(program).name
        raise ToolMissing(tool=tool, package=PACKAGES.get(tool, tool))
    return Path(found)


def python(module: str, *arguments: str | Path) -> list[str | Path]:
    """Return the command that runs one of our own modules with the Python that runs us."""
    return [Path(sys.executable), "-P", "-m", module, *arguments]


def _environment(added: Mapping[str, str]) -> dict[str, str]:
    return {"PATH": PATH, "LANG": "C.UTF-8", "TMPDIR": tempfile.gettempdir(), **added}


def _command(arguments: Sequence[str | Path]) -> list[str]:
    """Return the words of the command, the program by its full path."""
    found = find(str(arguments[0]))
    for argument in arguments[1:]:
        if isinstance(argument, Path) and not argument.is_absolute():
            raise ValueError("a file name on a command line must be absolute, so that it cannot be taken for an option")
    return [str(found), *map(str, arguments[1:])]


def _confined(command: list[str], environment: dict[str, str], confine: Confinement) -> tuple[list[str], dict[str, str]]:
    """Return command and environment of our launcher, which confines itself and then becomes the program."""
    rules = {
        "readable": [str(path) for path in confine.readable],
        "writable": [str(path) for path in confine.writable],
        "memory_mb": confine.memory_mb,
        "parent": os.getpid(),
    }
    program = str(Path(command[0]).resolve())
    launcher = [sys.executable, "-S", "-P", "-m", "appliance.adapters.sandbox_launch", json.dumps(rules)]
    return [*launcher, program, *command[1:]], {**environment, "PYTHONPATH": str(Path(appliance.__path__[0]).parent)}


def _start(
    command: list[str],
    environment: dict[str, str],
    *,
    stdin: int = subprocess.DEVNULL,
    stdout: int | None = None,
    stderr: int | None = None,
    pass_fds: Sequence[int] = (),
    bufsize: int = -1,
) -> "subprocess.Popen[bytes]":
    return _STARTER.submit(
        subprocess.Popen,
        command,
        env=environment,
        cwd="/",
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        pass_fds=tuple(pass_fds),
        start_new_session=True,
        bufsize=bufsize,
    ).result()


def _converse(child: "subprocess.Popen[bytes]", tool: str, input: bytes, timeout: float, limit: int) -> tuple[bytes, bytes]:
    """Feed `input` and gather both outputs until the program has closed them and ended."""
    deadline = time.monotonic() + timeout
    if child.stdin:
        threading.Thread(target=_feed, args=(child.stdin, input), daemon=True).start()
    gathered = {pipe.fileno(): bytearray() for pipe in (child.stdout, child.stderr) if pipe}
    try:
        for number, arrived in _arrivals(list(gathered), deadline):
            gathered[number] += arrived
            if sum(map(len, gathered.values())) > limit:
                raise ToolFailed(tool=tool, reason="it answered far too much and was stopped")
        child.wait(max(deadline - time.monotonic(), 0.1))
    except (TimeoutError, subprocess.TimeoutExpired):
        raise ToolFailed(tool=tool, reason=f"it took longer than {timeout:g} seconds and was stopped") from None
    stdout, stderr = map(bytes, gathered.values())
    return stdout, stderr


def _hear(
    child: "subprocess.Popen[bytes]", told: Mapping[int, Callable[[bytes], None]], keep_on: Callable[[], bool], grace: float
) -> None:
    """Hand on whole lines until the program has ended; interrupt it when it should not go on."""
    rest = dict.fromkeys(told, b"")
    patience: float | None = None
    with selectors.DefaultSelector() as selector:
        for pipe in told:
            selector.register(pipe, selectors.EVENT_READ)
        while selector.get_map():
            ready = selector.select(LOOK_SECONDS)
            if not ready and child.poll() is not None:
                return  # what it started still holds the pipes
            for key, _ in ready:
                if not _hear_one(key.fd, rest, told[key.fd]):
                    selector.unregister(key.fd)
            if patience is None and not keep_on():
                child.send_signal(signal.SIGINT)
                patience = time.monotonic() + grace
            if patience is not None and time.monotonic() > patience:
                return


def _hear_one(pipe: int, rest: dict[int, bytes], tell: Callable[[bytes], None]) -> bool:
    """Read once, and tell each line that is whole; return whether more may come. Raises ToolFailed for a line without end."""
    arrived = os.read(pipe, 1 << 16)
    *lines, rest[pipe] = (rest[pipe] + arrived).split(b"\n")
    if len(rest[pipe]) > OUTPUT_LIMIT:
        raise ToolFailed(tool="The program", reason="it answered far too much and was stopped")
    for line in lines:
        tell(line)
    if not arrived and rest[pipe]:
        tell(rest[pipe])
    return bool(arrived)


def _arrivals(pipes: list[int], deadline: float) -> Iterator[tuple[int, bytes]]:
    """Yield (pipe, bytes) until all pipes are closed at the other end; raises TimeoutError at `deadline`."""
    with selectors.DefaultSelector() as selector:
        for pipe in pipes:
            selector.register(pipe, selectors.EVENT_READ)
        while selector.get_map():
            ready = selector.select(max(deadline - time.monotonic(), 0))
            if not ready:
                raise TimeoutError
            for key, _ in ready:
                arrived = os.read(key.fd, 1 << 16)
                if not arrived:
                    selector.unregister(key.fd)
                yield key.fd, arrived


def _feed(pipe: IO[bytes], input: bytes) -> None:
    """Write everything; a program that stops listening has heard enough."""
    with contextlib.suppress(BrokenPipeError), pipe:
        pipe.write(input)


def _kill(child: "subprocess.Popen[bytes]") -> int:
    """End the program and everything that it started in its group."""
    if child.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
    return child.wait()
