"""What this library knows: its cameras and places, and behind them the gazetteer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from appliance.search.sentence import split
from appliance.store.db import Reader


class NamedPlace(Protocol):
    """One answer of the gazetteer to a name; `kind` is 'country', 'region' or 'town'."""

    @property
    def kind(self) -> str: ...
    @property
    def country_code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def population(self) -> int: ...
    @property
    def region(self) -> str | None: ...
    @property
    def own_name(self) -> bool: ...
    @property
    def latitude(self) -> float | None: ...
    @property
    def longitude(self) -> float | None: ...


class Names(Protocol):
    """The part of adapters.places.Gazetteer that a sentence needs."""

    def find(self, name: str) -> Sequence[NamedPlace]: ...


@dataclass(frozen=True, slots=True)
class Camera:
    """A camera of this library; `words` are those of maker and model as a sentence would hold them."""

    make: str
    model: str
    words: tuple[str, ...]

    @property
    def label(self) -> str:
        """Maker and model, the maker once: “NIKON COOLPIX P6000”, “Apple iPhone 6”."""
        known = self.model.casefold().startswith(self.make.casefold().split(" ")[0])
        return self.model if known else f"{self.make} {self.model}".strip()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`countries` are codes, `regions` (code, name), `towns` (code, name): where the photos of this library were taken."""

    gazetteer: Names
    cameras: tuple[Camera, ...] = ()
    countries: frozenset[str] = frozenset()
    regions: frozenset[tuple[str, str]] = frozenset()
    towns: frozenset[tuple[str, str]] = frozenset()


# From one model to the next in the index: a hundred steps for a hundred models, however many photos they took.
CAMERAS = """
WITH RECURSIVE model(name) AS (
  SELECT min(camera_model) FROM asset
  UNION ALL SELECT (SELECT min(camera_model) FROM asset WHERE camera_model > name) FROM model WHERE name IS NOT NULL
)
SELECT coalesce((SELECT camera_make FROM asset WHERE camera_model = name LIMIT 1), ''), name FROM model WHERE name IS NOT NULL"""


def vocabulary(reader: Reader, gazetteer: Names) -> Vocabulary:
    """Return what the library of `reader` knows, what lies in the trash too; read from two indexes alone."""
    cameras = reader.all(CAMERAS)
    places = reader.all("SELECT DISTINCT country, region, town FROM asset WHERE country IS NOT NULL")
    return Vocabulary(
        gazetteer,
        tuple(camera(make, model) for make, model in sorted(cameras)),
        frozenset(country for country, _, _ in places),
        frozenset((country, region) for country, region, _ in places if region),
        frozenset((country, town) for country, _, town in places if town),
    )


def camera(make: str, model: str) -> Camera:
    """Return a camera with the words of its maker and model."""
    return Camera(make, model, tuple(word.folded for word in split(f"{make} {model}") if word.folded.isalnum()))
