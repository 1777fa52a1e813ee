"""Requests waiting for the one model: a person first, then what was left unread of a sentence, then a picture that may be asked
about, then checks, then captions.

A person waits at a page; whoever has just come to a photo will perhaps ask, and then every second that its reading began
earlier counts; whoever started an inspection watches its count; a caption is waited for by nobody. A sentence has its results
already, and what its words may mean besides is only proposed: it waits until what runs is done. Only a person interrupts
what runs: reading a picture that nobody has asked about yet is worth waiting for a caption, not throwing half of one away.
"""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from appliance.adapters.rgb import Rgb
from appliance.adapters.vision_protocol import Answer, Operation, Request, picture_key

ORDER = (Operation.ASK, Operation.FILL, Operation.OPEN, Operation.CHECK, Operation.CAPTION)


class PeerGone(Exception):
    """Nobody listens to this job any more."""


@dataclass(eq=False, slots=True)
class Job:
    """One picture, or a sentence without any, and what is wanted of it; `send` raises PeerGone, `finish` hangs up and raises
    nothing."""

    request: Request
    picture: Rgb | None
    send: Callable[[Answer], None]
    finish: Callable[[], None]
    gone: threading.Event = field(default_factory=threading.Event)
    key: bytes = field(init=False)

    def __post_init__(self) -> None:
        self.key = picture_key(self.picture) if self.picture else b""

    @property
    def is_a_persons(self) -> bool:
        return self.request.operation is Operation.ASK


class Queue:
    """Safe from any thread; one thread takes. Each kind keeps its order; of pictures to open only the latest counts."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._lines: dict[Operation, deque[Job]] = {operation: deque() for operation in ORDER}

    def put(self, job: Job) -> None:
        with self._changed:
            line = self._lines[job.request.operation]
            if job.request.operation is Operation.OPEN:
                line.clear()
            line.append(job)
            self._changed.notify()

    def put_back(self, job: Job) -> None:
        """What made way is the next of its kind again; a picture that nobody has asked about is forgotten."""
        if job.request.operation is Operation.OPEN:
            return
        with self._changed:
            self._lines[job.request.operation].appendleft(job)
            self._changed.notify()

    def take(self, timeout: float) -> Job | None:
        """Return the next job whose peer is still there, or None after `timeout` seconds without one."""
        with self._changed:
            if not self._changed.wait_for(self._skip_the_gone, timeout):
                return None
            return next(line for line in self._lines.values() if line).popleft()

    def must_make_way(self, job: Job, *, opening: bool) -> bool:
        """Whether `job` should stop for another: for a person, unless that is about the picture that `job` is `opening`; and
        a picture that is opened ahead, for a later one."""
        if job.is_a_persons:
            return False
        with self._changed:
            others = list(self._lines[Operation.ASK])
            if job.request.operation is Operation.OPEN:
                others += self._lines[Operation.OPEN]
        return bool(others) and not (opening and others[0].key == job.key)

    def waiting(self) -> int:
        return sum(map(len, self._lines.values()))

    def _skip_the_gone(self) -> bool:
        for line in self._lines.values():
            while line and line[0].gone.is_set():
                line.popleft().finish()
        return any(self._lines.values())
