"""Islands, mountains, coasts, sights and continents: what people name and a gazetteer of towns doesn't hold. See areas.tsv."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from appliance.search.sentence import Phrases

FILE = Path(__file__).with_suffix(".tsv")
Rectangle = tuple[float, float, float, float]  # south, west, north, east in degrees


@dataclass(frozen=True, slots=True)
class Area:
    """What lies in one of `countries` (ISO 3166) and in one of `rectangles`; without rectangles the whole countries."""

    name: str
    sort: str
    countries: tuple[str, ...]
    rectangles: tuple[Rectangle, ...]
    others: tuple[str, ...]

    @property
    def is_sight(self) -> bool:
        return self.sort == "sight"

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.others)

    def centre(self) -> tuple[float, float] | None:
        """Return the latitude and longitude of its middle; None for whole countries."""
        if not self.rectangles:
            return None
        south, west, north, east = (sum(corners) / len(self.rectangles) for corners in zip(*self.rectangles, strict=True))
        return (south + north) / 2, (west + east) / 2

    def holds(self, country: str | None, latitude: float | None, longitude: float | None) -> bool:
        """Say whether a place lies in it."""
        if country not in self.countries:
            return False
        if not self.rectangles:
            return True
        if latitude is None or longitude is None:
            return False
        return any(south <= latitude <= north and west <= longitude <= east for south, west, north, east in self.rectangles)


def named(name: str) -> Area:
    """Return the area that is called `name` here; KeyError when there is none."""
    return _areas()[name]


def called(words: Sequence[str], first: int) -> tuple[int, Area] | None:
    """Return (end, area) of the longest name, in any language, that starts at folded word `first`."""
    hit = _phrases().at(words, first)
    return (hit[0], _areas()[hit[1]]) if hit else None


@cache
def _areas() -> dict[str, Area]:
    lines = (line.split("\t") for line in FILE.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return {line[0]: _area(*line) for line in lines}


def _area(name: str, sort: str, countries: str, rectangles: str, others: str) -> Area:
    corners = tuple(_rectangle(one) for one in rectangles.split(";") if one)
    return Area(name, sort, tuple(countries.split(",")), corners, tuple(filter(None, others.split("|"))))


def _rectangle(text: str) -> Rectangle:
    south, west, north, east = (float(number) for number in text.split(","))
    return south, west, north, east


@cache
def _phrases() -> Phrases[str]:
    return Phrases({name: area.name for area in _areas().values() for name in area.names})
