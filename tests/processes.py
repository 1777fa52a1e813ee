"""Looking at other processes while they come and go, for the tests that start and kill some."""

import time
from collections.abc import Callable
from pathlib import Path

SECONDS = 120


def gone(pid: int) -> bool:
    """Return whether a process has ended; one that nobody has waited for yet (a zombie) has."""
    try:
        return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[0] == b"Z"
    except OSError:  # it may end between any two looks
        return True


def wait_for(true: Callable[[], bool], what: str = "it took too long", seconds: float = SECONDS) -> None:
    """Ask again and again until the answer is yes; fail with `what` after `seconds`."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)
