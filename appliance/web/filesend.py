"""Files over HTTP: one range (RFC 9110 §14), If-Range, strong ETags, 304, 416, HEAD; the server's own sendfile when it has one."""

import os
import stat
from pathlib import Path
from typing import Literal
from urllib.parse import quote

import anyio
from litestar.types import Receive, Scope, Send

from appliance.errors import NotFound
from appliance.web.security import NO_BODY

CHUNK = 256 * 1024
DIGITS = 18  # more than any file's length has; longer numbers are not parsed


class SendFile:
    """An ASGI answer that a handler returns. `content_hash` identifies the bytes; `immutable` lets a browser keep them for a year.

    Raises NotFound when there is no such regular file. Make it in the handler's thread: it looks at the disk.
    """

    def __init__(
        self, path: Path, media_type: str, content_hash: str, *, immutable: bool = False, download_as: str | None = None
    ) -> None:
        try:
            status = path.stat()
        except (FileNotFoundError, NotADirectoryError):
            raise NotFound from None
        if not stat.S_ISREG(status.st_mode):
            raise NotFound
        self.path = path
        self.size = status.st_size
        self.etag = f'"{content_hash}"'
        self.headers = [
            (b"etag", self.etag.encode()),
            (b"accept-ranges", b"bytes"),
            (b"cache-control", b"private, max-age=31536000, immutable" if immutable else b"private, no-cache"),
        ]
        self.content_headers = [(b"content-type", media_type.encode())]
        if download_as is not None:
            self.content_headers.append((b"content-disposition", attachment(download_as)))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = {name: value.decode("latin-1") for name, value in scope["headers"]}
        if self._is_known(asked.get(b"if-none-match")):
            await _send_empty(send, 304, self.headers)
            return
        part = self._part(asked)
        if part == "unsatisfiable":
            limits = f"bytes */{self.size}".encode()
            await _send_empty(send, 416, [*self.headers, (b"content-range", limits), (b"content-length", b"0")])
            return
        headers = [*self.headers, *self.content_headers]
        first, last = part or (0, self.size - 1)
        if part:
            headers.append((b"content-range", f"bytes {first}-{last}/{self.size}".encode()))
        headers.append((b"content-length", str(last - first + 1).encode()))
        if scope["state"].get(NO_BODY) or not self.size:
            await _send_empty(send, 206 if part else 200, headers)
            return
        await send({"type": "http.response.start", "status": 206 if part else 200, "headers": headers})
        if not part and "http.response.pathsend" in (scope.get("extensions") or {}):
            await send({"type": "http.response.pathsend", "path": str(self.path)})  # type: ignore[arg-type]
            return
        await self._send_bytes(send, first, last)

    def _is_known(self, if_none_match: str | None) -> bool:
        """Does the browser hold these bytes already? The weak comparison of RFC 9110 §13.1.2."""
        if if_none_match is None:
            return False
        tags = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
        return "*" in tags or self.etag in tags

    def _part(self, asked: dict[bytes, str]) -> tuple[int, int] | Literal["unsatisfiable"] | None:
        """The range to send, or None for the whole file: also when If-Range names other bytes than these."""
        if (wanted := asked.get(b"range")) is None or asked.get(b"if-range", self.etag) != self.etag:
            return None
        return parse_range(wanted, self.size)

    async def _send_bytes(self, send: Send, first: int, last: int) -> None:
        file = await anyio.to_thread.run_sync(os.open, self.path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            while first <= last:
                chunk = await anyio.to_thread.run_sync(os.pread, file, min(CHUNK, last - first + 1), first)
                if not chunk:
                    return  # cut short under us: the connection ends before the announced length, and the browser knows
                first += len(chunk)
                await send({"type": "http.response.body", "body": chunk, "more_body": first <= last})
        finally:
            os.close(file)


def parse_range(header: str, size: int) -> tuple[int, int] | Literal["unsatisfiable"] | None:
    """Given a Range header and a length in bytes, return (first, last), or None when the header is to be ignored:
    other units, several ranges, or nonsense."""
    unit, _, spec = header.partition("=")
    first, dash, last = spec.strip().partition("-")
    digits = first + last
    if unit.strip().lower() != "bytes" or not dash or not (digits.isascii() and digits.isdigit()):
        return None
    if len(first) > DIGITS or (not first and (int(last[:DIGITS]) == 0 or not size)):
        return "unsatisfiable"
    if not first:
        return max(0, size - int(last[:DIGITS])), size - 1
    end = int(last[:DIGITS]) if last else size - 1
    if last and end < int(first):
        return None
    return "unsatisfiable" if int(first) >= size else (int(first), min(end, size - 1))


def attachment(name: str) -> bytes:
    """A Content-Disposition that saves under `name`, whatever is in it (RFC 6266, RFC 8187)."""
    return f"attachment; filename*=UTF-8''{quote(name, safe='')}".encode()


async def _send_empty(send: Send, status: int, headers: list[tuple[bytes, bytes]]) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"", "more_body": False})
