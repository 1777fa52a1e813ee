"""Find the JPEG that a camera put into its RAW file: Mantel shows that one and develops nothing. Pure Python, bounded reads.

TIFF-like files (DNG, CR2, NEF, ARW, RW2): TIFF 6.0 directories, their SubIFDs, and the JPEG streams that they point at.
CR3: ISO base media boxes, Canon's preview box. RAF: a fixed header. Every offset and every length is the file's claim only.
"""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

Read = Callable[[int, int], bytes]
"""`read(offset, length)` returns at most `length` bytes, fewer at the end of the file."""

_MOST_DIRECTORIES = 32
_MOST_ENTRIES = 512
_LARGEST_PREVIEW = 128 << 20
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 7: 1, 13: 4}
_WIDTH, _HEIGHT, _COMPRESSION, _PHOTOMETRIC, _STRIPS, _STRIP_SIZES, _ORIENTATION = 256, 257, 259, 262, 273, 279, 274
_SUB_DIRECTORIES, _JPEG, _JPEG_SIZE, _JPEG_FROM_RAW, _DNG_VERSION = 330, 513, 514, 0x2E, 50706
_SENSOR_DATA = (32803, 34892)
_CANON_PREVIEW = bytes.fromhex("eaf42b5e1c984b88b9fbb7dc406e4d16")
_CANON_METADATA = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48")

Directory = dict[int, list[int]]


@dataclass(frozen=True, slots=True)
class Preview:
    """Where the JPEG lies; `width` and `height` of the whole photo before turning; `orientation` None: the JPEG says."""

    offset: int
    length: int
    width: int
    height: int
    orientation: int | None


def is_dng(read: Read) -> bool:
    """Whether a TIFF is a DNG, also where its first directory lies at the end of the file."""
    return _DNG_VERSION in next(_directories(read, 0), {})


def find_preview(read: Read, format: str) -> Preview | None:
    """Return the largest JPEG preview in a RAW file, or None when there is none that can be shown."""
    if format == "cr3":
        return _canon(read)
    if format == "raf":
        return _fuji(read)
    return _tiff(read)


def _tiff(read: Read) -> Preview | None:
    directories = list(_directories(read, 0))
    claims = {claim for directory in directories for claim in _claims(directory)}
    found = [
        (width * height, offset, length, width, height) for offset, length in claims for width, height in _jpeg_size(read, offset)
    ]
    if not found:
        return None
    _, offset, length, width, height = max(found)
    sizes = [(d[_WIDTH][0], d[_HEIGHT][0]) for d in directories if d.get(_WIDTH) and d.get(_HEIGHT)]
    whole = max([*sizes, (width, height)], key=lambda size: size[0] * size[1])
    orientation = directories[0].get(_ORIENTATION, [1])
    return Preview(offset, min(length, _LARGEST_PREVIEW), *whole, orientation[0] if orientation else 1)


def _claims(directory: Directory) -> Iterator[tuple[int, int]]:
    """Yield (offset, length) of what may be a JPEG stream and is no sensor data."""
    if directory.get(_PHOTOMETRIC, [0])[:1] in ([_SENSOR_DATA[0]], [_SENSOR_DATA[1]]):
        return
    for offsets, lengths in ((_JPEG, _JPEG_SIZE), (_STRIPS, _STRIP_SIZES)):
        if len(directory.get(offsets, ())) == len(directory.get(lengths, ())) == 1:
            yield directory[offsets][0], directory[lengths][0]
    if _JPEG_FROM_RAW in directory and len(directory[_JPEG_FROM_RAW]) == 2:
        offset, length = directory[_JPEG_FROM_RAW]
        yield offset, length


def _directories(read: Read, base: int) -> Iterator[Directory]:
    """Yield the first directory of the TIFF structure at `base`, then all that hang on it; loops end."""
    head = read(base, 8)
    if len(head) < 8 or head[:2] not in (b"II", b"MM"):
        return
    order = "<" if head[:2] == b"II" else ">"
    waiting, seen = [struct.unpack(order + "I", head[4:])[0]], set[int]()
    while waiting and len(seen) < _MOST_DIRECTORIES:
        at = waiting.pop(0)
        if not at or at in seen:
            continue
        seen.add(at)
        directory, following = _directory(read, base, at, order)
        waiting += [*directory.get(_SUB_DIRECTORIES, ()), following]
        yield directory


def _directory(read: Read, base: int, at: int, order: str) -> tuple[Directory, int]:
    """Return the whole-number tags of one directory, and where the next one lies (0: nowhere)."""
    start = read(base + at, 2)
    count = min(struct.unpack(order + "H", start)[0], _MOST_ENTRIES) if len(start) == 2 else 0
    body = read(base + at + 2, 12 * count + 4)
    directory: Directory = {}
    for entry in range(0, min(12 * count, len(body) - 11), 12):
        tag, kind, length, value = struct.unpack_from(order + "HHII", body, entry)
        if tag == _JPEG_FROM_RAW:
            directory[tag] = [base + value, length]
        elif kind in _SIZES and length <= 64:
            size = _SIZES[kind] * length
            data = body[entry + 8 : entry + 8 + size] if size <= 4 else read(base + value, size)
            letter = {1: "B", 2: "H", 4: "I"}[_SIZES[kind]]
            directory[tag] = [
                number for (number,) in struct.iter_unpack(order + letter, data[: len(data) // _SIZES[kind] * _SIZES[kind]])
            ]
    following = body[12 * count : 12 * count + 4]
    return directory, struct.unpack(order + "I", following)[0] if len(following) == 4 else 0


def _jpeg_size(read: Read, offset: int) -> Iterator[tuple[int, int]]:
    """Yield (width, height) when an ordinary JPEG starts at `offset`; cameras also store sensor data as lossless JPEG."""
    head = read(offset, 1 << 16)
    if not head.startswith(b"\xff\xd8\xff"):
        return
    at = 2
    while at + 10 <= len(head) and head[at] == 0xFF:
        marker, length = head[at + 1], int.from_bytes(head[at + 2 : at + 4], "big")
        if marker in (0xC0, 0xC1, 0xC2):
            precision, height, width, components = struct.unpack_from(">BHHB", head, at + 4)
            if precision == 8 and components in (1, 3) and width and height:
                yield width, height
            return
        if marker in (0xC3, 0xDA):
            return
        at += 2 + length


def _canon(read: Read) -> Preview | None:
    orientation, preview = 1, None
    whole: tuple[int, int] | None = None
    for name, at, length in _boxes(read, 0, 1 << 62):
        if name == b"moov":
            for inner, start, size in _boxes(read, at, length):
                if inner == b"uuid" and read(start, 16) == _CANON_METADATA:
                    first = _canon_metadata(read, start + 16, size - 16)
                    orientation = first.get(_ORIENTATION, [1])[0]
                    whole = (first.get(_WIDTH, [0])[0], first.get(_HEIGHT, [0])[0])
        elif name == b"uuid" and read(at, 16) == _CANON_PREVIEW:
            preview = next(((start, size) for inner, start, size in _boxes(read, at + 24, length - 24) if inner == b"PRVW"), None)
    if not preview:
        return None
    skipped = read(preview[0], 64).find(b"\xff\xd8\xff")
    offset, length = preview[0] + skipped, preview[1] - skipped
    shown = next(_jpeg_size(read, offset), None) if skipped >= 0 else None
    if not shown:
        return None
    return Preview(offset, min(length, _LARGEST_PREVIEW), *(whole if whole and all(whole) else shown), orientation)


def _canon_metadata(read: Read, at: int, length: int) -> Directory:
    for name, start, _ in _boxes(read, at, length):
        if name == b"CMT1":
            return next(_directories(read, start), {})
    return {}


def _boxes(read: Read, at: int, length: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield (name, where its content starts, how long that is) of the boxes in a row."""
    end = at + length
    for _ in range(256):
        head = read(at, 16)
        if at >= end or len(head) < 8:
            return
        size, skip = int.from_bytes(head[:4], "big"), 8
        if size == 1 and len(head) == 16:
            size, skip = int.from_bytes(head[8:], "big"), 16
        if size < skip:
            return
        yield head[4:8], at + skip, size - skip
        at += size


def _fuji(read: Read) -> Preview | None:
    head = read(84, 8)
    if len(head) < 8:
        return None
    offset, length = struct.unpack(">II", head)
    size = next(_jpeg_size(read, offset), None)
    return Preview(offset, min(length, _LARGEST_PREVIEW), *size, None) if size else None
