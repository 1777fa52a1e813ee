"""What this library knows: its cameras and places, and behind them the gazetteer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


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


class Names(Protocol):
    """The part of adapters.places.Gazetteer that a sentence needs."""

    def find(self, name: str) -> Sequence[NamedPlace]: ...
    def country_code(self, name: str) -> str | None: ...


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """A place that photos of this library were taken at, with the mean position of those photos."""

    country: str
    region: str
    town: str
    assets: int
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True)
class Vocabulary:
    cameras: tuple[str, ...]
    places: tuple[KnownPlace, ...]
    gazetteer: Names
