"""One file from a connection into incoming/: locked while it comes, on the disk before anybody is told, gone if cut short."""

import fcntl
import os
import secrets
import shutil
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import anyio
from litestar import Request
from litestar.datastructures import UploadFile
from litestar.exceptions import InternalServerException

from appliance.errors import NoRoom, UploadRefused, UploadTooLarge
from appliance.library import room
from appliance.library.incoming import UPLOAD_PREFIX, fsync_folder
from appliance.store.layout import Layout

TOKEN_BYTES = 16
AT_ONCE = 1 << 20
SPARE_BYTES = 512 << 20
"""Left free on the disk: a database that cannot write is worse than a refused file."""


def free_bytes(layout: Layout) -> int:
    """How much can still be taken in."""
    return max(0, shutil.disk_usage(layout.incoming).free - SPARE_BYTES)


@dataclass(slots=True)
class Incoming:
    """One file on its way in; `name` is what a person calls it."""

    name: str
    largest: int
    path: Path
    descriptor: int
    bytes: int = 0
    buffer: bytearray = field(default_factory=bytearray)

    def write(self) -> None:
        """Put what is buffered into the file; raises NoRoom."""
        view = memoryview(bytes(self.buffer))
        self.buffer.clear()
        while view:
            with room.needed(self.path.parent):
                view = view[os.write(self.descriptor, view) :]

    def settle(self) -> None:
        """Wait until the bytes and the name are on the disk; raises UploadRefused when there are none."""
        self.write()
        if not self.bytes:
            raise UploadRefused(name=self.name, reason="it is empty")
        with room.needed(self.path.parent):
            os.fsync(self.descriptor)
        fsync_folder(self.path.parent)


def check_size(layout: Layout, name: str, announced: int | None, largest: int) -> None:
    """Refuse before the first byte what cannot end well; raises UploadTooLarge, NoRoom."""
    if announced is None:
        return
    if announced > largest:
        raise UploadTooLarge(name=name, reason=f"it is larger than {largest // 10**9} GB, the most that is set for this box")
    if announced > free_bytes(layout):
        raise NoRoom(folder=layout.incoming)


def announced_length(request: Request[Any, Any, Any]) -> int | None:
    """What the sender says that it will send, in bytes; raises UploadRefused."""
    length = request.headers.get("content-length", "")
    if length and not (length.isascii() and length.isdigit()):
        raise UploadRefused(name="The file", reason="its length makes no sense")
    return int(length) if length else None


async def chunks_of(part: UploadFile) -> AsyncIterator[bytes]:
    while chunk := await part.read(AT_ONCE):
        yield chunk


@asynccontextmanager
async def receive(layout: Layout, chunks: AsyncIterable[bytes], *, name: str, largest: int) -> AsyncIterator[Incoming]:
    """Yield the whole file, durable and still locked; it is unlinked when the stream is cut short or the block raises.

    Raises UploadTooLarge, UploadRefused, NoRoom.
    """
    path, descriptor = _own_file(layout)
    incoming = Incoming(name, largest, path, descriptor)
    try:
        await _take(incoming, chunks)
        await anyio.to_thread.run_sync(incoming.settle)
        yield incoming
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    finally:
        os.close(descriptor)


def _own_file(layout: Layout) -> tuple[Path, int]:
    """Make an empty file that this process has locked. A sweep may take it away before the lock: then make another."""
    while True:
        path = layout.incoming / (UPLOAD_PREFIX + secrets.token_hex(TOKEN_BYTES))
        with room.needed(layout.incoming):
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if os.fstat(descriptor).st_nlink:
            return path, descriptor
        os.close(descriptor)


async def _take(incoming: Incoming, chunks: AsyncIterable[bytes]) -> None:
    try:
        async for chunk in chunks:
            incoming.bytes += len(chunk)
            if incoming.bytes > incoming.largest:
                reason = f"it is larger than {incoming.largest // 10**9} GB, the most that is set for this box"
                raise UploadTooLarge(name=incoming.name, reason=reason)
            incoming.buffer += chunk
            if len(incoming.buffer) >= AT_ONCE:
                await anyio.to_thread.run_sync(incoming.write)
    except InternalServerException as error:  # what the framework says when the other side has gone away
        raise UploadRefused(name=incoming.name, reason="the connection ended before the file did") from error
