"""Fetches one file from the address that the owner typed: `python -m appliance.adapters.models_fetch PART`.

This short-lived process is the only one of Mantel that opens a connection for models. It may touch the folder of PART and no
other file of anybody's, and start no program. It reads what to do from PART's note
(PART.json), appends to PART, and says on standard error in one sentence why it gave up. What arrived stays: the next try asks
for the rest, and only if the file at the other end is still the same one (RFC 9110, If-Range).
"""

import http.client
import os
import ssl
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urljoin, urlsplit

import msgspec

from appliance.adapters import sandbox_rules
from appliance.adapters.models_jobs import write_private

SECONDS_OF_SILENCE = 30.0
CHUNK = 1 << 20
MOST_SENT_ON = 5
TRIES_WITHOUT_PROGRESS = 3
KEPT_FREE = 500_000_000
ROOM_MB = 1024  # address space
LARGEST = 200_000_000_000
NOT_THERE = 4  # the exit code for it


class Note(msgspec.Struct):
    """What PART is a part of. `wanted`: its size by the catalogue, 0 for unknown; `version`: the validator that its server gave,
    an ETag or a date; `total`: its size as the server says, 0 for unknown; `hosts`: where the address may send on to."""

    source: str
    wanted: int = 0
    hosts: tuple[str, ...] = ()
    version: str = ""
    total: int = 0


class GivenUp(Exception):
    """Carries the reason, a clause for people."""


class NotThere(GivenUp):
    """There is no such file at that address."""


class BrokenOff(Exception):
    """The connection ended too early; asking again may help."""


def note_of(part: Path) -> Path:
    return part.with_name(part.name + ".json")


def read_note(part: Path) -> Note | None:
    try:
        return msgspec.json.decode(note_of(part).read_bytes(), type=Note)
    except (OSError, msgspec.MsgspecError):
        return None


def write_note(part: Path, note: Note) -> None:
    """Only our user may read it: an address may hold a secret."""
    write_private(note_of(part), msgspec.json.encode(note))


def fetch(part: Path, note: Note) -> None:
    """Fetch what is missing of `part`. Raises GivenUp."""
    left = TRIES_WITHOUT_PROGRESS
    while True:
        before = _size(part)
        try:
            _go_on(part, note)
            return
        except BrokenOff as error:
            left = TRIES_WITHOUT_PROGRESS if _size(part) > before else left - 1
            if not left:
                raise GivenUp(str(error)) from error
            time.sleep(1.0)


def _go_on(part: Path, note: Note) -> None:
    have = _size(part)
    if note.wanted and have == note.wanted:
        return
    if not note.version or (note.wanted and have > note.wanted):
        have = 0  # nobody can tell whether the rest belongs to what is here
    with _answered(note, have) as answer:
        begin = _where_it_begins(answer, note, have)
        if begin < 0:
            return
        _check(answer, note)
        note.version = _validator(answer)
        write_note(part, note)
        with part.open("r+b" if part.exists() else "w+b") as stream:
            stream.truncate(begin)
            stream.seek(begin)
            try:
                _receive(answer, stream, begin, note)
            finally:
                stream.flush()
                os.fsync(stream.fileno())


def _where_it_begins(answer: http.client.HTTPResponse, note: Note, have: int) -> int:
    """Return at which byte the answer begins, -1 when there is nothing left to get; note the whole size."""
    said = answer.headers.get("Content-Range", "")
    if answer.status == http.client.PARTIAL_CONTENT:
        words = said.removeprefix("bytes ").replace("-", "/").split("/")
        if len(words) != 3 or words[0] != str(have) or not words[2].isdecimal():
            raise GivenUp("it answered with another part of the file than was asked for")
        note.total = int(words[2])
        return have
    if answer.status == http.client.REQUESTED_RANGE_NOT_SATISFIABLE:
        if said == f"bytes */{have}":
            return -1
        note.version = ""
        raise BrokenOff("the file there has changed")
    if answer.status == http.client.NOT_FOUND:
        raise NotThere("there is no such file at that address")
    if answer.status != http.client.OK:
        raise GivenUp(f"it answered {answer.status} {http.client.responses.get(answer.status, '')}".rstrip())
    length = answer.headers.get("Content-Length", "0")
    note.total = int(length) if length.isdecimal() else 0
    return 0


def _check(answer: http.client.HTTPResponse, note: Note) -> None:
    """Refuse early what cannot be the file."""
    if answer.headers.get_content_type() == "text/html":
        raise GivenUp("it answered with a web page; the address of the file itself is needed")
    if note.wanted and note.total and note.total != note.wanted:
        raise GivenUp(f"the file there has {note.total:,} bytes, and {note.wanted:,} are right")


def _validator(answer: http.client.HTTPResponse) -> str:
    tag = answer.headers.get("ETag", "")
    return tag if tag.startswith('"') else answer.headers.get("Last-Modified", "")


def _receive(answer: http.client.HTTPResponse, stream: BinaryIO, size: int, note: Note) -> None:
    """Write what comes behind the `size` bytes that `stream` has. Raises BrokenOff when it ends too early."""
    limit = note.wanted or note.total or LARGEST
    while size < limit:
        try:
            chunk = answer.read(min(CHUNK, limit - size))
        except (OSError, http.client.HTTPException) as error:
            raise BrokenOff(f"the connection broke ({_reason(error)})") from error
        if not chunk:
            break
        if os.statvfs(stream.fileno()).f_bavail * os.statvfs(stream.fileno()).f_frsize < KEPT_FREE:
            raise GivenUp("the disk is full")
        stream.write(chunk)
        size += len(chunk)
    if size < note.total:
        raise BrokenOff("the connection ended before the file did")


@contextmanager
def _answered(note: Note, have: int) -> Iterator[http.client.HTTPResponse]:
    """Ask for the file from byte `have` on, following only to machines that the owner named."""
    address = note.source
    for _ in range(MOST_SENT_ON):
        with closing(_connection(address)) as connection:
            try:
                parts = urlsplit(address)
                connection.request(
                    "GET", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), headers=_headers(note, have)
                )
                answer = connection.getresponse()
            except ssl.SSLCertVerificationError as error:
                raise GivenUp(f"its certificate is not to be trusted ({error.verify_message})") from error
            except (OSError, http.client.HTTPException) as error:
                raise BrokenOff(f"it cannot be reached ({_reason(error)})") from error
            if answer.status not in (301, 302, 303, 307, 308):
                yield answer
                return
            address = _sent_on(address, answer.headers.get("Location", ""), note)
    raise GivenUp("it sends on and on")


def _target(address: str) -> str:
    parts = urlsplit(address)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _headers(note: Note, have: int) -> dict[str, str]:
    headers = {"Accept-Encoding": "identity", "User-Agent": "Mantel"}
    return {**headers, "Range": f"bytes={have}-", "If-Range": note.version} if have else headers


def _connection(address: str) -> http.client.HTTPConnection:
    parts = urlsplit(address)
    if not parts.hostname:
        raise GivenUp("the address names no machine")
    if parts.scheme == "https":
        return http.client.HTTPSConnection(
            parts.hostname, parts.port, timeout=SECONDS_OF_SILENCE, context=ssl.create_default_context()
        )
    return http.client.HTTPConnection(parts.hostname, parts.port, timeout=SECONDS_OF_SILENCE)


def _sent_on(address: str, location: str, note: Note) -> str:
    """Return where to go on. Nothing is asked of a machine that the owner did not name."""
    there, here = urlsplit(urljoin(address, location)), urlsplit(address)
    if there.scheme not in ("http", "https"):
        raise GivenUp("it sends on to an address that is neither http nor https")
    if there.scheme == "http" and here.scheme == "https":
        raise GivenUp("it sends on from https to an unprotected address")
    if there.hostname != urlsplit(note.source).hostname and there.hostname not in note.hosts:
        raise GivenUp(f"it sends on to {there.hostname}, which you did not name; if you trust that machine, allow it too")
    return there.geturl()


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) and error.strerror else str(error)) or type(error).__name__


def _size(part: Path) -> int:
    return part.stat().st_size if part.exists() else 0


def main(arguments: list[str]) -> int:
    part = Path(arguments[0])
    sandbox_rules.die_with(int(arguments[1]))
    note = read_note(part)
    if note is None:
        return 2
    try:
        sandbox_rules.close_client(ROOM_MB, [part.parent])
    except sandbox_rules.Unconfinable as error:
        sys.stderr.write(f"Fetching runs without its sandbox: {error.strerror}.\n")
    try:
        fetch(part, note)
    except (GivenUp, OSError) as error:
        sys.stderr.write(f"{_reason(error)}\n")
        return NOT_THERE if isinstance(error, NotThere) else 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
