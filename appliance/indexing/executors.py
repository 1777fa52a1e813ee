"""Threads in classes: each resource has its own few, so that a slow model never holds up a quick decoder.

The heavy work is done in the adapters' child processes; a thread here waits for one.
"""

import queue
import threading
from collections.abc import Callable, Mapping


class Executors:
    """`sizes` maps each resource to its number of threads. Nothing is queued: ask `idle` before `submit`."""

    def __init__(self, sizes: Mapping[str, int], wake: threading.Event) -> None:
        """`wake` is set whenever a thread has become idle."""
        self._lock = threading.Lock()
        self._idle = dict(sizes)
        self._sizes = dict(sizes)
        self._wake = wake
        self._work: dict[str, queue.SimpleQueue[Callable[[], None] | None]] = {name: queue.SimpleQueue() for name in sizes}
        for name, size in sizes.items():
            for number in range(size):
                # Daemons: a clean stop waits for them itself, and no longer than it promised.
                threading.Thread(target=self._serve, args=(name,), name=f"{name}-{number}", daemon=True).start()

    def idle(self, resource: str) -> int:
        """How many threads of `resource` have nothing to do."""
        with self._lock:
            return self._idle[resource]

    def all_idle(self) -> bool:
        with self._lock:
            return self._idle == self._sizes

    def submit(self, resource: str, work: Callable[[], None]) -> None:
        """Let an idle thread of `resource` do `work`, which must not raise."""
        with self._lock:
            self._idle[resource] -= 1
        self._work[resource].put(work)

    def close(self) -> None:
        """Let every thread end after what it is doing; does not wait."""
        for name, size in self._sizes.items():
            for _ in range(size):
                self._work[name].put(None)

    def _serve(self, resource: str) -> None:
        while (work := self._work[resource].get()) is not None:
            try:
                work()
            finally:
                with self._lock:
                    self._idle[resource] += 1
                self._wake.set()
