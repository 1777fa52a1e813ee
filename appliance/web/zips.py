"""A zip packed while it is sent: stored, not deflated (photos do not shrink); its length is known before its first byte."""

import io
import stat
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
from litestar.types import Receive, Scope, Send

from appliance.errors import NotFound
from appliance.web.filesend import attachment
from appliance.web.security import NO_BODY

CHUNK = 1 << 20
LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip can hold: these say nothing of when anything was made."""
READABLE = (stat.S_IFREG | 0o644) << 16

# Bytes of the parts of a zip (APPNOTE.TXT 6.3.10, sections 4.3.7 to 4.3.16), as zipfile writes them to what cannot be rewound.
LOCAL, LOCAL_64, DESCRIPTOR, DESCRIPTOR_64 = 30, 20, 16, 24
CENTRAL, CENTRAL_64, CENTRAL_64_FIELD, END, END_64 = 46, 4, 8, 22, 56 + 20


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a zip: its name there, in ASCII, and where it lies."""

    name: str
    path: Path


class SendZip:
    """An ASGI answer that a handler returns; raises NotFound when one of the files is not there.

    A file that vanishes later (the link was taken back) ends the connection before the announced length.
    """

    def __init__(self, entries: Sequence[Entry], download_as: str) -> None:
        try:
            self.sizes = [entry.path.stat().st_size for entry in entries]
        except FileNotFoundError:
            raise NotFound from None
        self.entries = entries
        self.headers = [
            (b"content-type", b"application/zip"),
            (b"content-length", str(length([entry.name for entry in entries], self.sizes)).encode()),
            (b"content-disposition", attachment(download_as)),
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.headers})
        if not scope["state"].get(NO_BODY):
            chunks = packed(self.entries, self.sizes)
            try:
                while chunk := await anyio.to_thread.run_sync(next, chunks, b""):
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
            except FileNotFoundError:
                return
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def packed(entries: Sequence[Entry], sizes: Sequence[int]) -> Iterator[bytes]:
    """Yield the bytes of a zip with `entries`, in chunks of about CHUNK."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for entry, size in zip(entries, sizes, strict=True):
            about = zipfile.ZipInfo(entry.name, LONG_AGO)
            about.external_attr, about.file_size = READABLE, size
            with entry.path.open("rb") as file, archive.open(about, "w") as packing:
                while chunk := file.read(CHUNK):
                    packing.write(chunk)
                    yield sink.taken()
    yield sink.taken()


def length(names: Sequence[str], sizes: Sequence[int]) -> int:
    """Return how many bytes `packed` will yield. zipfile writes 64-bit numbers for what could grow by a twentieth past 2 GiB."""
    most = zipfile.ZIP64_LIMIT
    at = directory = 0
    for name, size in zip(names, sizes, strict=True):
        is_long = size * 1.05 > most
        fields = 2 * (size > most) + (at > most)
        directory += CENTRAL + len(name) + (CENTRAL_64 + fields * CENTRAL_64_FIELD if fields else 0)
        at += LOCAL + len(name) + size + (LOCAL_64 + DESCRIPTOR_64 if is_long else DESCRIPTOR)
    is_large = len(names) > zipfile.ZIP_FILECOUNT_LIMIT or at > most or directory > most
    return at + directory + END + (END_64 if is_large else 0)


class _Sink(io.RawIOBase):
    """Takes what zipfile writes, until it is taken; nothing in it can be rewound."""

    def __init__(self) -> None:
        self._held = bytearray()

    def write(self, data: Any, /) -> int:
        self._held += data
        return len(data)

    def taken(self) -> bytes:
        held = bytes(self._held)
        self._held.clear()
        return held
