"""What somebody may see of the library, as the web tells the people process, which knows no user and no asset."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

FIRST_YEAR = 1850
_DATED = 2


class Sight:
    """One byte for each asset id: 0 not to be seen, 1 seen but of no year, else the year after FIRST_YEAR. What lies beyond the
    bytes is not to be seen."""

    def __init__(self, bytes_: bytes) -> None:
        self._bytes = bytes_

    def shows(self, asset: int) -> bool:
        return 0 <= asset < len(self._bytes) and self._bytes[asset] != 0

    def codes(self) -> npt.NDArray[np.uint8]:
        return np.frombuffer(self._bytes, np.uint8)


class Years:
    """When photos were taken, as far as anybody who asked could see them."""

    def __init__(self) -> None:
        self._codes = np.zeros(0, np.uint8)

    def learn(self, sight: Sight) -> list[int]:
        """Return the assets of which `sight` says another year than was known."""
        codes = sight.codes()
        if len(codes) > len(self._codes):
            self._codes = np.concatenate([self._codes, np.zeros(len(codes) - len(self._codes), np.uint8)])
        known = self._codes[: len(codes)]
        learnt = np.flatnonzero((codes >= _DATED) & (codes != known))
        known[learnt] = codes[learnt]
        return list(map(int, learnt))

    def get(self, asset: int) -> float | None:
        """Return the middle of the year of `asset`, None while nobody knows."""
        code = int(self._codes[asset]) if 0 <= asset < len(self._codes) else 0
        return FIRST_YEAR + code - _DATED + 0.5 if code >= _DATED else None


def sight_bytes(assets: Iterable[tuple[int, int | None]]) -> bytes:
    """Return the bytes of a Sight: `assets` are ids with their years."""
    found = list(assets)
    made = bytearray(max((asset for asset, _ in found), default=-1) + 1)
    for asset, year in found:
        made[asset] = 1 if year is None or year < FIRST_YEAR else min(year - FIRST_YEAR + _DATED, 255)
    return bytes(made)
