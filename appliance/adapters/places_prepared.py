"""Reads the towns of the world once for every later start: `python -m appliance.adapters.places_prepared FILE`.

Without FILE, as after a plain installation, each process reads the source itself, which takes it a second and a half.
"""

import sys
from pathlib import Path

import numpy as np

from appliance.adapters import place_towns
from appliance.adapters.places import TOWNS_FILE


def write(prepared: Path, source: Path = TOWNS_FILE) -> None:
    """Put at `prepared`, whole or not at all, what `place_towns` reads of `source`."""
    towns, names = place_towns.load(source), place_towns.load_names(source)
    arrays = {name: getattr(towns, name) for name in place_towns.ARRAYS}
    arrays |= {name: np.array(getattr(towns, name)) for name in place_towns.WORDS}
    prepared.parent.mkdir(parents=True, exist_ok=True)
    unfinished = prepared.with_suffix(".unfinished")
    with unfinished.open("wb") as file:
        np.savez(
            file, made_of=np.array(place_towns.identity(source)), name_bytes=np.frombuffer(towns.name_bytes, np.uint8),
            keys=names.keys, owners=names.owners, **arrays,
        )  # fmt: skip
    unfinished.replace(prepared)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
