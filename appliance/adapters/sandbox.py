"""Warm child processes that read hostile files: no files, no network, no programs, so much memory, so much time.

A child is `python -m appliance.adapters.sandbox_child MODULE`. MODULE offers `prepare(options: dict)`, which loads what it
needs before the sandbox closes, and `OPERATIONS`, a dict from a name to a function of (arguments: dict, files: list[int])
that returns a Reply. A request is a frame of JSON with open descriptors beside it; a reply is a frame of JSON and blobs of
bytes. The parent takes the child for an enemy: it checks every length and every type, and kills what is late or odd.
"""

import contextlib
import json
import os
import queue
import socket
import struct
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from appliance.adapters import process
from appliance.errors import DecoderCrashed, DecoderFailed

LARGEST_HEAD = 1 << 20
LARGEST_BLOBS = 64 << 20
MOST_BLOBS = 16
MOST_FILES = 8
START_SECONDS = 120
_REASON_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Reply:
    """What an operation answers: facts that JSON can carry, and blobs of bytes beside them."""

    facts: dict[str, Any] = field(default_factory=dict)
    blobs: list[bytes] = field(default_factory=list)


class Head(msgspec.Struct, forbid_unknown_fields=True):
    """What precedes a reply's blobs. `said` is "yes", "no" (`reason`: the file is to blame) or "full" (out of memory)."""

    said: str
    reason: str = ""
    facts: dict[str, Any] = {}
    blobs: list[int] = []


@dataclass(frozen=True, slots=True)
class _Live:
    """A child that runs, and our end of the line to it."""

    running: process.Running
    line: socket.socket


class Child:
    """One sandboxed process that serves the OPERATIONS of `module`; one caller at a time. It starts at the first call."""

    def __init__(self, module: str, *, memory_mb: int, recycle_after: int = 500, options: Mapping[str, Any] | None = None) -> None:
        self._module = module
        self._memory_mb = memory_mb
        self._recycle_after = recycle_after
        self._options = dict(options or {})
        self._live: _Live | None = None
        self._calls = 0

    @property
    def pid(self) -> int | None:
        """The process that would serve the next call, or None before the first."""
        return self._live.running.pid if self._live else None

    def call(self, operation: str, arguments: Mapping[str, Any], *, files: Sequence[int] = (), timeout: float) -> Reply:
        """Let the child do `operation` with the open descriptors `files` (read-only ones, please).

        Raises DecoderFailed when the child says no, DecoderCrashed when it died, hung for `timeout` seconds, ran out of
        memory or answered nonsense. After a crash the next call starts a new child.
        """
        if self._calls >= self._recycle_after:
            self.close()
        live = self._live or self._start()
        self._calls += 1
        return self._ask(live, {"operation": operation, "arguments": dict(arguments)}, files, timeout)

    def close(self) -> None:
        """End the child; a later call starts a new one."""
        if self._live:
            self._live.line.close()
            self._live.running.kill()
        self._live = None
        self._calls = 0

    def _start(self) -> "_Live":
        ours, theirs = socket.socketpair()
        errors = os.memfd_create("errors", os.MFD_CLOEXEC)
        words = (self._module, str(theirs.fileno()), str(os.getpid()), str(self._memory_mb))
        command = process.python("appliance.adapters.sandbox_child", *words)
        try:
            with theirs:
                running = process.spawn(command, environment=_environment(), pass_fds=[theirs.fileno()], stderr=errors)
            self._live = _Live(running, ours)
            self._ask(self._live, {"options": self._options}, (), START_SECONDS)
            return self._live
        except DecoderCrashed as crash:
            last = os.pread(errors, 1 << 16, 0).decode(errors="replace").strip().rpartition("\n")[2]
            raise DecoderCrashed(reason=_plain(last) or crash.facts["reason"]) from crash
        finally:
            os.close(errors)

    def _ask(self, live: "_Live", request: dict[str, Any], files: Sequence[int], timeout: float) -> Reply:
        deadline = time.monotonic() + timeout
        try:
            live.line.settimeout(timeout)
            send(live.line, json.dumps(request).encode(), files)
            head = _head(_receive(live.line, deadline, LARGEST_HEAD))
            blobs = [bytes(_exactly(live.line, size, deadline)) for size in head.blobs]
        except TimeoutError:
            raise self._crash(f"it took longer than {timeout:g} seconds") from None
        except (OSError, EOFError):
            code = live.running.wait(0.5) or 0
            raise self._crash(f"its process was ended by signal {-code}" if code < 0 else "its process ended") from None
        except (ValueError, RecursionError):
            raise self._crash("it answered nonsense") from None
        if head.said == "full":
            raise self._crash("it needs more memory than a decoder may use")
        if head.said != "yes":
            raise DecoderFailed(reason=_plain(head.reason) or "no reason was given")
        return Reply(head.facts, blobs)

    def _crash(self, reason: str) -> DecoderCrashed:
        """Put the child away and return the error to raise."""
        self.close()
        return DecoderCrashed(reason=reason)


class Pool:
    """`size` children of one module, started when they are first needed; `call` may be used from many threads."""

    def __init__(self, module: str, size: int, *, memory_mb: int, recycle_after: int = 500, **options: Any) -> None:
        self._children = [Child(module, memory_mb=memory_mb, recycle_after=recycle_after, options=options) for _ in range(size)]
        self._free: queue.LifoQueue[Child] = queue.LifoQueue()
        for child in self._children:
            self._free.put(child)

    @property
    def pids(self) -> list[int]:
        """The processes that run now."""
        return [child.pid for child in self._children if child.pid]

    def call(self, operation: str, arguments: Mapping[str, Any], *, files: Sequence[int] = (), timeout: float) -> Reply:
        """As Child.call; waits for a free child first."""
        with self._borrowed() as child:
            return child.call(operation, arguments, files=files, timeout=timeout)

    def close(self) -> None:
        """End all children, once their calls are over."""
        for child in [self._free.get() for _ in self._children]:
            child.close()
            self._free.put(child)

    @contextlib.contextmanager
    def _borrowed(self) -> Iterator[Child]:
        child = self._free.get()
        try:
            yield child
        finally:
            self._free.put(child)


def _environment() -> dict[str, str]:
    """A child finds its code where we found ours, and counts on one thread and two heaps (each heap costs address space)."""
    return {
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "MALLOC_ARENA_MAX": "2",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }


def send(line: socket.socket, frame: bytes, files: Sequence[int] = ()) -> None:
    """Send a frame: its length in four bytes, then itself; `files` travel with the first bytes."""
    whole = struct.pack("!I", len(frame)) + frame
    sent = socket.send_fds(line, [whole], list(files)) if files else 0
    line.sendall(whole[sent:])


def _head(frame: bytes) -> Head:
    head = msgspec.json.decode(frame, type=Head)
    if len(head.blobs) > MOST_BLOBS or any(size < 0 for size in head.blobs) or sum(head.blobs) > LARGEST_BLOBS:
        raise ValueError("more than a reply may hold")
    return head


def _receive(line: socket.socket, deadline: float, largest: int) -> bytes:
    (size,) = struct.unpack("!I", _exactly(line, 4, deadline))
    if size > largest:
        raise ValueError("more than a reply may hold")
    return bytes(_exactly(line, size, deadline))


def _exactly(line: socket.socket, size: int, deadline: float) -> bytearray:
    """Return the next `size` bytes; raises EOFError, and TimeoutError once `deadline` is over."""
    gathered = bytearray(size)
    view = memoryview(gathered)
    while view:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        line.settimeout(left)
        arrived = line.recv_into(view)
        if not arrived:
            raise EOFError
        view = view[arrived:]
    return gathered


def _plain(reason: str) -> str:
    """What a child says may end up on a page or in a terminal: one line, printable, short."""
    return "".join(letter if letter.isprintable() else " " for letter in reason)[:_REASON_LENGTH].strip(" .")
