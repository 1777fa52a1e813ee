"""The proof of a copy of a video: its boxes are those of `films.py`, and its samples fill the rest of the file without a gap."""

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from appliance.errors import NotClean
from appliance.sharing import films
from appliance.sharing.films import Leaves

LARGEST_INDEX = 128 << 20
MOST_SPARE = 128
MOST_SAMPLES = 10_000_000
_BRANDS = b"isom\0\0\x02\0isomiso2avc1mp41"
_UNITS = {1, 5, 7, 8, 9}  # pictures, their parameter sets, delimiters; 6 is SEI, which may hold anything
_SPARE = "the video holds bytes that belong to no picture and no sound"


@dataclass(frozen=True, slots=True)
class Top:
    """A box that stands in no other: where its content lies in the file, and how much it is."""

    name: str
    at: int
    size: int


def top(path: Path) -> Iterator[Top]:
    """Yield the outermost boxes; raises NotClean when they don't fill the file."""
    with path.open("rb") as file:
        at, end = 0, os.fstat(file.fileno()).st_size
        while at < end:
            head = os.pread(file.fileno(), 16, at)
            size, start = int.from_bytes(head[:4], "big"), 8
            if size == 1 and len(head) == 16:
                size, start = int.from_bytes(head[8:], "big"), 16
            if len(head) < 8 or size < start or at + size > end:
                raise NotClean(found=_SPARE)
            yield Top(head[4:8].decode("latin-1"), at + start, size - start)
            at += size


def drop_labels(path: Path) -> None:
    """Drop what ffmpeg writes whatever it is told; the bytes are given to the empty box behind, so that no offset changes."""
    moov, free = (box for box in top(path) if box.name in ("moov", "free"))
    with path.open("r+b") as file:
        index = os.pread(file.fileno(), moov.size, moov.at)
        kept = films.without_labels(index)
        spare = len(index) - len(kept) + 8 + free.size
        new = struct.pack(">I4s", len(kept) + 8, b"moov") + kept + struct.pack(">I4s", spare, b"free") + bytes(spare - 8)
        os.pwrite(file.fileno(), new, moov.at - 8)


def prove(path: Path) -> None:
    """Raise NotClean when an MP4 file has a box, a date, a label, a sample or a byte that pictures and sound don't need."""
    found = {box.name: box for box in top(path)}
    if [box.name for box in top(path)] != ["ftyp", "moov", "free", "mdat"]:
        raise NotClean(found="the video has other boxes than a video needs")
    label, index, free, data = found.values()
    if index.size > LARGEST_INDEX or free.size > MOST_SPARE:
        raise NotClean(found="the video has a larger index than a video needs")
    with path.open("rb") as file:
        if os.pread(file.fileno(), label.size, label.at) != _BRANDS or any(os.pread(file.fileno(), free.size, free.at)):
            raise NotClean(found="the video has another label than Mantel writes")
        tracks = films.tracks(os.pread(file.fileno(), index.size, index.at))
        _without_gaps([sample for track in tracks for sample in _samples(track)], data)
        for track in tracks:
            for at, size in _samples(track):
                _sample(os.pread(file.fileno(), size, at), track["hdlr"][8:12])


def _without_gaps(samples: list[tuple[int, int]], data: Top) -> None:
    at = data.at
    for start, size in sorted(samples):
        if start != at:
            raise NotClean(found=_SPARE)
        at += size
    if at != data.at + data.size:
        raise NotClean(found=_SPARE)


def _samples(track: Leaves) -> Iterator[tuple[int, int]]:
    """Yield (where, how long) of each sample, from the tables that say how many of them lie in each chunk."""
    sizes = _sample_sizes(track["stsz"])
    wide = "co64" in track
    chunks = [at for (at,) in struct.iter_unpack(">Q" if wide else ">I", track["co64" if wide else "stco"][8:])]
    runs = [*struct.iter_unpack(">3I", track["stsc"][8:]), (len(chunks) + 1, 0, 0)]
    for (first, each, _), (following, _, _) in pairwise(runs):
        for at in chunks[first - 1 : following - 1] if first else ():
            for _ in range(each):
                size = next(sizes, None)
                if size is None:
                    raise NotClean(found=_SPARE)
                yield at, size
                at += size
    if next(sizes, None) is not None:
        raise NotClean(found=_SPARE)


def _sample_sizes(table: bytes) -> Iterator[int]:
    size, count = struct.unpack_from(">II", table, 4)
    if count > MOST_SAMPLES:
        raise NotClean(found="the video has a larger index than a video needs")
    return iter([size] * count) if size else (size for (size,) in struct.iter_unpack(">I", table[12:]))


def _sample(sample: bytes, kind: bytes) -> None:
    """A picture is units of H.264, each behind its length; sound is AAC that starts with sound, not with a comment."""
    if kind == b"soun":
        if sample and sample[0] >> 5 > 1:
            raise NotClean(found="the video's sound holds something else than sound")
        return
    at = 0
    while at + 5 <= len(sample):
        if sample[at + 4] & 0x1F not in _UNITS:
            raise NotClean(found="the video's pictures hold a unit that is no picture")
        at += 4 + int.from_bytes(sample[at : at + 4], "big")
    if at != len(sample):
        raise NotClean(found=_SPARE)
