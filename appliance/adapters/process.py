"""Every outside program starts here: an argument list, an environment built from nothing, no stdin, no shell, a time limit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


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

    pid: int

    def poll(self) -> int | None:
        """Return the exit code, or None while it runs."""
        raise NotImplementedError

    def wait(self, timeout: float | None = None) -> int | None:
        """Return the exit code, or None when it still runs after `timeout` seconds."""
        raise NotImplementedError

    def stop(self, grace: float = 5.0) -> int:
        """SIGTERM, after `grace` seconds SIGKILL to the whole group; returns the exit code."""
        raise NotImplementedError

    def kill(self) -> int:
        """SIGKILL to the whole group; returns the exit code."""
        raise NotImplementedError


def run(
    arguments: Sequence[str | Path], *, timeout: float, input: bytes | None = None, confine: Confinement | None = None
) -> Finished:
    """Run a program to its end. Raises ToolMissing when there is no such program, ToolFailed after `timeout` seconds."""
    raise NotImplementedError


def spawn(
    arguments: Sequence[str | Path], *, environment: Mapping[str, str] | None = None, pass_fds: Sequence[int] = ()
) -> Running:
    """Start a long-lived program, whose output goes where ours goes; raises ToolMissing when there is no such program."""
    raise NotImplementedError
