"""What somebody may see of the library, as the web tells the people process, which knows no user and no asset."""

from collections.abc import Iterable, Iterator

FIRST_YEAR = 1850
_DATED = 2


class Sight:
    """One byte for each asset id: 0 not to be seen, 1 seen but of no year, else the year after FIRST_YEAR. What lies beyond the
    bytes is not to be seen."""

    def __init__(self, bytes_: bytes) -> None:
        self._bytes = bytes_

    def shows(self, asset: int) -> bool:
        return 0 <= asset < len(self._bytes) and self._bytes[asset] != 0

    def years(self, assets: Iterable[int]) -> Iterator[tuple[int, float]]:
        """Yield those of `assets` that are seen and have a year, with its middle."""
        for asset in assets:
            if 0 <= asset < len(self._bytes) and (code := self._bytes[asset]) >= _DATED:
                yield asset, FIRST_YEAR + code - _DATED + 0.5


def sight_bytes(assets: Iterable[tuple[int, int | None]]) -> bytes:
    """Return the bytes of a Sight: `assets` are ids with their years."""
    found = list(assets)
    made = bytearray(max((asset for asset, _ in found), default=-1) + 1)
    for asset, year in found:
        made[asset] = 1 if year is None or year < FIRST_YEAR else min(year - FIRST_YEAR + _DATED, 255)
    return bytes(made)
