"""A copy of a video, box by box (ISO/IEC 14496-12): how its labels are emptied, and the tree that it may be.

What the tracks are made of is read by `film_samples.py`.
"""

import re
import struct
from collections.abc import Callable, Iterator

from appliance.errors import NotClean

Check = Callable[[bytes], bool]
Leaves = dict[str, bytes]

_TREE = {  # what may stand in each box, in this order
    "moov": r"mvhd trak( trak)?",
    "trak": r"tkhd( edts)? mdia",
    "edts": r"elst",
    "mdia": r"mdhd hdlr minf",
    "minf": r"(vmhd|smhd) dinf stbl",
    "dinf": r"dref",
    "stbl": r"stsd stts( stss)?( ctts)? stsc stsz (stco|co64)( sgpd sbgp)?",
    "avc1": r"avcC( colr)?( pasp)?( colr)?( btrt)?",
    "mp4a": r"esds( btrt)?",
}
_INNER = {"trak", "edts", "mdia", "minf", "dinf", "stbl"}
_ENTRY_HEADS = {"avc1": 78, "mp4a": 28}
_COMPRESSOR = slice(42, 74)  # where an avc1 entry names its encoder
_UPRIGHT = struct.pack(">9i", 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)
_SEEN_OR_HEARD = (bytes(16), bytes(11) + b"\1\1\0\0\0")  # layer, group of alternatives, volume
_ENTRY = re.compile(rb"stsd.{12}avc1", re.DOTALL)
_ESDS = re.compile(
    rb"\0{4}\x03\x80\x80\x80.\0\x02\0\x04\x80\x80\x80.\x40\x15.{11}"
    rb"\x05\x80\x80\x80[\x02-\x05].{2,5}\x06\x80\x80\x80\x01\x02",
    re.DOTALL,
)
_AVCC = re.compile(rb"\x01(.{3})\xff\xe1(..)\x67", re.DOTALL)


def boxes(data: bytes) -> Iterator[tuple[str, int, bytes]]:
    """Yield (name, where its content starts, the content) of boxes in a row; raises NotClean where they don't fill `data`."""
    at = 0
    while at < len(data):
        size, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if size < 8 or at + size > len(data) or not re.fullmatch(rb"[ -~]{4}", name):
            raise NotClean(found="the video's boxes make no sense")
        yield name.decode("ascii"), at + 8, data[at + 8 : at + size]
        at += size


def without_labels(index: bytes) -> bytes:
    """Return the content of moov without what ffmpeg writes whatever it is told: its name, and a list of no tags at the end."""
    kept = bytearray()
    for name, start, content in boxes(index):
        if name != "udta":
            kept += index[start - 8 : start + len(content)]
    for entry in _ENTRY.finditer(kept):
        name_at = entry.end() + _COMPRESSOR.start
        kept[name_at : name_at + 32] = bytes(32)
    return bytes(kept)


def tracks(index: bytes) -> list[Leaves]:
    """Return what the index (the content of moov) says of each track; raises NotClean for whatever no track needs."""
    found = []
    for name, _, content in _ordered("moov", index):
        if name == "trak":
            found.append(dict(_leaves(content, "trak")))
        else:
            _checked(name, content)
    return found


def _ordered(parent: str, content: bytes) -> list[tuple[str, int, bytes]]:
    found = list(boxes(content))
    if not re.fullmatch(_TREE[parent], " ".join(name for name, _, _ in found)):
        odd = next((name for name, _, _ in found if name not in _TREE[parent]), "another order of boxes than Mantel writes")
        raise NotClean(found=f"the video's {parent} box holds {odd}")
    return found


def _leaves(content: bytes, parent: str) -> Iterator[tuple[str, bytes]]:
    for name, _, inner in _ordered(parent, content):
        if name in _INNER:
            yield from _leaves(inner, name)
        else:
            _checked(name, inner)
            yield name, inner


def _checked(name: str, content: bytes) -> None:
    if not _CHECKS[name](content):
        raise NotClean(found=f"the video's {name} box says more than a video needs")


def _undated(content: bytes) -> int:
    """Return where the fields after the dates start, 0 when there are dates: seconds since 1904, twice."""
    wide = content[:1] == b"\x01"
    dates = content[4 : 20 if wide else 12]
    return len(dates) + 4 if len(dates) in (8, 16) and not any(dates) else 0


def _movie(content: bytes) -> bool:
    at = _undated(content)
    rest = content[at + (12 if content[:1] == b"\x01" else 8) :]
    return at > 0 and len(rest) == 80 and rest[:16] == b"\0\1\0\0\1\0" + bytes(10) and rest[16:76] == _UPRIGHT + bytes(24)


def _track(content: bytes) -> bool:
    at = _undated(content)
    rest = content[at + (16 if content[:1] == b"\x01" else 12) :]
    return at > 0 and len(rest) == 60 and rest[:16] in _SEEN_OR_HEARD and rest[16:52] == _UPRIGHT


def _media(content: bytes) -> bool:
    at = _undated(content)
    return at > 0 and content[at + (12 if content[:1] == b"\x01" else 8) :] == b"\x55\xc4\0\0"  # language: und


def _entries(head: int, size: int) -> Check:
    """Check a table: as many entries of `size` bytes as its head says, the number being the head's last."""
    return lambda content: len(content) == head + size * int.from_bytes(content[head - 4 : head], "big")


def _edits(content: bytes) -> bool:
    return len(content) <= 88 and _entries(8, 20 if content[:1] == b"\x01" else 12)(content)


def _sizes(content: bytes) -> bool:
    return len(content) == 12 if any(content[4:8]) else _entries(12, 4)(content)


def _description(content: bytes) -> bool:
    """One sample entry: H.264 or AAC, without a name, and in it what a decoder must know."""
    found = list(boxes(content[8:]))
    if content[:8] != b"\0\0\0\0\0\0\0\1" or len(found) != 1 or found[0][0] not in _ENTRY_HEADS:
        return False
    name, _, entry = found[0]
    head = entry[: _ENTRY_HEADS[name]]
    if len(head) < _ENTRY_HEADS[name] or any(head[8:24] if name == "avc1" else head[8:16]) or any(head[_COMPRESSOR]):
        return False
    return all(_CHECKS[inner](rest) for inner, _, rest in _ordered(name, entry[len(head) :]))


def _parameters(content: bytes) -> bool:
    """One sequence and one picture parameter set; no other unit (ISO/IEC 14496-15, 5.3.3)."""
    start = _AVCC.match(content)
    if not start:
        return False
    at = 8 + int.from_bytes(start[2], "big")
    length = int.from_bytes(content[at + 1 : at + 3], "big")
    return content[at : at + 1] == b"\1" and content[at + 3 : at + 4] == b"\x68" and len(content) - at - 3 - length in (0, 4)


_CHECKS: dict[str, Check] = {
    "mvhd": _movie,
    "tkhd": _track,
    "elst": _edits,
    "mdhd": _media,
    "hdlr": lambda content: content[:8] + content[12:] == bytes(21) and content[8:12] in (b"vide", b"soun"),
    "vmhd": lambda content: content == b"\0\0\0\1" + bytes(8),
    "smhd": lambda content: content == bytes(8),
    "dref": lambda content: content == b"\0\0\0\0\0\0\0\1\0\0\0\x0curl \0\0\0\1",
    "stsd": _description,
    "stts": _entries(8, 8),
    "stss": _entries(8, 4),
    "ctts": _entries(8, 8),
    "stsc": _entries(8, 12),
    "stsz": _sizes,
    "stco": _entries(8, 4),
    "co64": _entries(8, 8),
    "sgpd": lambda content: content == b"\1\0\0\0roll\0\0\0\2\0\0\0\1\xff\xff",
    "sbgp": lambda content: content[:8] == b"\0\0\0\0roll" and _entries(12, 8)(content),
    "avcC": _parameters,
    "pasp": lambda content: content == b"\0\0\0\1\0\0\0\1",
    "colr": lambda content: content[:4] == b"nclx" and len(content) == 11,
    "btrt": lambda content: len(content) == 12,
    "esds": lambda content: bool(_ESDS.fullmatch(content)),
}
