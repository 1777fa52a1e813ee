"""Ends the vision process when llama.cpp hangs: no step of the picture, no token for a long time."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

LOOKS = 24  # how often nothing must have moved; counted in looks, so that a process that was stopped meanwhile is not blamed


class Watchdog:
    """`end` is called, from a thread of its own, once nothing has moved for about `patience` seconds of watched work."""

    def __init__(self, patience: float, end: Callable[[], None]) -> None:
        self._patience, self._end = patience, end
        self._watched = False
        self._moves = 0
        self._started = threading.Event()

    def moved(self) -> None:
        """There is progress; cheap, called at every step."""
        self._moves += 1

    @contextmanager
    def watching(self) -> Iterator[None]:
        """What happens inside should move."""
        self.moved()
        self._watched = True
        self._started.set()
        try:
            yield
        finally:
            self._watched = False
            self._started.clear()

    def watch(self) -> None:
        """Look for ever; for a thread of its own."""
        seen, still = self._moves, 0
        while True:
            self._started.wait()
            time.sleep(self._patience / LOOKS)
            still = still + 1 if self._watched and self._moves == seen else 0
            seen = self._moves
            if still >= LOOKS:
                self._end()
                return
