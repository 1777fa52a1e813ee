"""Requests waiting for the one model: a person's before captions, each kind in its order."""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from appliance.adapters.rgb import Rgb
from appliance.adapters.vision_protocol import Answer, Operation, Request


class PeerGone(Exception):
    """Nobody listens to this job any more."""


@dataclass(eq=False, slots=True)
class Job:
    """One picture and what is wanted of it; `send` raises PeerGone, `finish` hangs up and raises nothing."""

    request: Request
    picture: Rgb
    send: Callable[[Answer], None]
    finish: Callable[[], None]
    gone: threading.Event = field(default_factory=threading.Event)

    @property
    def is_a_persons(self) -> bool:
        return self.request.operation is Operation.ASK


class Queue:
    """Safe from any thread; one thread takes."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._people: deque[Job] = deque()
        self._captions: deque[Job] = deque()

    def put(self, job: Job) -> None:
        with self._changed:
            (self._people if job.is_a_persons else self._captions).append(job)
            self._changed.notify()

    def put_back(self, job: Job) -> None:
        """A caption that made way for a person is the next caption again."""
        with self._changed:
            self._captions.appendleft(job)
            self._changed.notify()

    def take(self, timeout: float) -> Job | None:
        """Return the next job whose peer is still there, or None after `timeout` seconds without one."""
        with self._changed:
            if not self._changed.wait_for(self._skip_the_gone, timeout):
                return None
            return (self._people or self._captions).popleft()

    def a_person_waits(self) -> bool:
        return bool(self._people)

    def waiting(self) -> int:
        return len(self._people) + len(self._captions)

    def _skip_the_gone(self) -> bool:
        for line in (self._people, self._captions):
            while line and line[0].gone.is_set():
                line.popleft().finish()
        return bool(self._people or self._captions)
