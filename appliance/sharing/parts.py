"""A picture's file as a row of parts, read by nothing but comparing and counting: the reader that trusts no library.

The same readers serve two ends: of a copy every part must be on a short list (`proof.py`); of an original they tell what
hides where exiftool doesn't look (`receipt.py`). They read any bytes: what makes no sense is a part named UNREADABLE, and
what follows a picture's end is one named TRAILER. Each file is walked once, forwards.
"""

import re
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

UNREADABLE, TRAILER = "what makes no sense", "what follows the end"
SCAN = "the pixels"
_NAME = re.compile(rb"[ -~]{4}")
_PNG = b"\x89PNG\r\n\x1a\n"
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7]", re.DOTALL)
_ALONE = (0x01, *range(0xD0, 0xD8))
_MARKERS = {0xC4: "DHT", 0xDB: "DQT", 0xDD: "DRI", 0xFE: "COM"}


@dataclass(frozen=True, slots=True)
class Part:
    """One stretch of a file: its name as the format calls it, printable, and what it holds."""

    name: str
    content: bytes


Reader = Callable[[bytes], Iterator[Part]]


def reader(format: str) -> Reader | None:
    """Return who reads this format (as `adapters/sniff.py` calls it), or None."""
    return {"jpeg": jpeg, "mpo": jpeg, "png": png, "webp": webp, "gif": gif}.get(format)


def jpeg(data: bytes) -> Iterator[Part]:
    """ITU T.81, annex B: markers with their segments, and scans."""
    at = 2
    if data[:2] != b"\xff\xd8":
        yield Part(UNREADABLE, data)
        return
    while at + 4 <= len(data):
        marker = data[at + 1]
        if data[at] != 0xFF or marker in (0x00, 0xFF):
            break
        if marker in _ALONE:
            at += 2
            continue
        if marker == 0xD9:
            break
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if end < at + 4 or end > len(data):
            break
        yield Part(_jpeg_name(marker), data[at + 4 : end])
        at = end
        if marker == 0xDA:
            found = _MARKER.search(data, at)
            at = found.start() if found else len(data)
            yield Part(SCAN, data[end:at])
    if data[at : at + 2] != b"\xff\xd9":
        yield Part(UNREADABLE, data[at:])
    elif at + 2 < len(data):
        yield Part(TRAILER, data[at + 2 :])


def _jpeg_name(marker: int) -> str:
    if marker in _MARKERS:
        return _MARKERS[marker]
    if 0xE0 <= marker <= 0xEF:
        return f"APP{marker - 0xE0}"
    if 0xC0 <= marker <= 0xCF:
        return f"SOF{marker - 0xC0}"
    return "SOS" if marker == 0xDA else f"marker {marker:02X}"


def png(data: bytes) -> Iterator[Part]:
    """ISO/IEC 15948: chunks, each with its checksum."""
    at = len(_PNG)
    if not data.startswith(_PNG):
        yield Part(UNREADABLE, data)
        return
    while at + 12 <= len(data):
        (size,) = struct.unpack_from(">I", data, at)
        end = at + 12 + size
        name, content = data[at + 4 : at + 8], data[at + 8 : end - 4]
        if end > len(data) or not _NAME.fullmatch(name) or data[end - 4 : end] != zlib.crc32(name + content).to_bytes(4, "big"):
            break
        yield Part(name.decode("ascii"), content)
        at = end
        if name == b"IEND":
            break
    if at < len(data):
        yield Part(TRAILER if data[at - 8 : at - 4] == b"IEND" else UNREADABLE, data[at:])


def webp(data: bytes) -> Iterator[Part]:
    """RFC 9649: chunks of a RIFF file."""
    end = 8 + int.from_bytes(data[4:8], "little")
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP" or end > len(data):
        yield Part(UNREADABLE, data)
        return
    yield from riff_chunks(data[12:end])
    if end < len(data):
        yield Part(TRAILER, data[end:])


def riff_chunks(data: bytes) -> Iterator[Part]:
    """The chunks in a row; what pads an odd one must be zero."""
    at = 0
    while at + 8 <= len(data):
        name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        end = at + 8 + size + size % 2
        if end > len(data) or any(data[at + 8 + size : end]):
            break
        yield Part(name.decode("ascii") if _NAME.fullmatch(name) else repr(name), data[at + 8 : at + 8 + size])
        at = end
    if at < len(data):
        yield Part(UNREADABLE, data[at:])


def gif(data: bytes) -> Iterator[Part]:
    """GIF89a: blocks of sub-blocks. Pictures are one part each; only originals are GIFs."""
    at = 13 + _colours(data[10:11])
    if data[:4] != b"GIF8" or at > len(data):
        yield Part(UNREADABLE, data)
        return
    while at < len(data) and data[at] in (0x21, 0x2C):
        start, picture = at, data[at] == 0x2C
        label = data[at + 1 : at + 2]
        at += 11 + _colours(data[at + 9 : at + 10]) if picture else 2
        while at < len(data) and data[at]:
            at += 1 + data[at]
        at += 1
        yield Part("picture" if picture else _gif_name(label), data[start:at])
    if data[at : at + 1] != b"\x3b":
        yield Part(UNREADABLE, data[at:])
    elif at + 1 < len(data):
        yield Part(TRAILER, data[at + 1 :])


def _colours(flags: bytes) -> int:
    return 3 * (2 << (flags[0] & 7)) if flags and flags[0] & 0x80 else 0


def _gif_name(label: bytes) -> str:
    return {b"\xf9": "control", b"\xfe": "comment", b"\x01": "plain text", b"\xff": "application"}.get(label, "extension")
