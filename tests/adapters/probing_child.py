"""A module for a sandboxed child that tries, on request, what a decoder taken over by a hostile file would try."""

import contextlib
import ctypes
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from appliance.adapters.sandbox import Reply
from appliance.errors import DecoderFailed

_prepared: dict[str, Any] = {}


def prepare(options: dict[str, Any]) -> None:
    if options.get("fail"):
        raise RuntimeError("the model is not there")
    _prepared.update(options)


def _attempts(parent: int, precious: str) -> dict[str, Callable[[], object]]:
    libc = ctypes.CDLL(None, use_errno=True)

    def system_call(number: int, *arguments: int) -> None:
        if libc.syscall(number, *arguments) < 0:
            raise OSError(ctypes.get_errno(), "refused")

    return {
        "open a file": lambda: os.open("/etc/passwd", os.O_RDONLY),
        "open a file by number": lambda: os.open("/proc/self/fd/0", os.O_RDONLY),
        "write a file": lambda: os.open("/tmp/hostile", os.O_CREAT | os.O_WRONLY),
        "look at a file": lambda: Path("/etc/passwd").stat(),
        "list a folder": lambda: list(Path("/").iterdir()),
        "delete a file": lambda: Path(precious).unlink(),
        "open a socket": lambda: socket.socket(),
        "open a unix socket": lambda: socket.socket(socket.AF_UNIX),
        "start a program": lambda: os.execv("/bin/true", ["true"]),
        "start a process": lambda: os.fork(),
        "kill the parent": lambda: os.kill(parent, signal.SIGKILL),
        "kill the parent's thread": lambda: system_call(234, parent, parent, 9),
        "trace the parent": lambda: system_call(101, 16, parent, 0, 0),
        "become dumpable": lambda: _check(libc.prctl(4, 1, 0, 0, 0)),
        "raise a limit": lambda: system_call(160, 9, 0),
        "make a file in memory": lambda: os.memfd_create("x"),
        "make machine code": lambda: _check(libc.mprotect(ctypes.c_void_p(_page(libc)), ctypes.c_size_t(4096), 7)),
        "allocate two gigabytes": lambda: len(bytearray(2 << 30)),
    }


def _check(result: int) -> None:
    if result:
        raise OSError(ctypes.get_errno(), "refused")


def _page(libc: ctypes.CDLL) -> int:
    libc.mmap.restype = ctypes.c_void_p
    page: int = libc.mmap(None, ctypes.c_size_t(4096), 3, 0x22, -1, ctypes.c_size_t(0))
    return page


def attack(arguments: dict[str, Any], files: list[int]) -> Reply:
    """Try everything; answer what worked."""
    succeeded, refused = [], []
    for name, attempt in _attempts(arguments["parent"], arguments["precious"]).items():
        try:
            attempt()
            succeeded.append(name)
        except (OSError, MemoryError):
            refused.append(name)
    return Reply({"succeeded": succeeded, "refused": refused})


def read(arguments: dict[str, Any], files: list[int]) -> Reply:
    return Reply({"options": _prepared}, [os.pread(file, 1000, 0) for file in files])


def threads(arguments: dict[str, Any], files: list[int]) -> Reply:
    """Add up in threads, as a model's runtime does; each also tries to open a file."""
    sums: list[int] = []
    opened: list[bool] = []

    def work() -> None:
        sums.append(sum(range(1000)))
        try:
            os.open("/etc/passwd", os.O_RDONLY)
            opened.append(True)
        except OSError:
            pass

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return Reply({"sums": sums, "opened": opened})


def hang(arguments: dict[str, Any], files: list[int]) -> Reply:
    while True:
        time.sleep(1)


def die(arguments: dict[str, Any], files: list[int]) -> Reply:
    os.abort()


def fill(arguments: dict[str, Any], files: list[int]) -> Reply:
    return Reply({"size": len(bytearray(4 << 30))})


def fail(arguments: dict[str, Any], files: list[int]) -> Reply:
    raise DecoderFailed(reason="the \x1b[31mred\nfile is \u202ebad. " + "x" * 10_000)


def stumble(arguments: dict[str, Any], files: list[int]) -> Reply:
    raise KeyError("nobody expected this")


def lie(arguments: dict[str, Any], files: list[int]) -> Reply:
    """Answer with bytes that are no reply at all (`raw`, in latin-1), past the serving loop, then hang."""
    for number in range(3, 64):
        if number not in files:
            with contextlib.suppress(OSError):
                os.write(number, arguments["raw"].encode("latin-1"))
    return hang(arguments, files)


OPERATIONS = {
    "attack": attack, "read": read, "threads": threads, "hang": hang, "die": die, "fill": fill, "fail": fail, "stumble": stumble,
    "lie": lie,
}  # fmt: skip
