"""What the map's templates are given, like contexts.py."""

from dataclasses import dataclass

from appliance.web.contexts import TileView


@dataclass(frozen=True, slots=True)
class PlaceView:
    """One circle of the map: where it lies on the square of adapters/world.py, what it says, and how large."""

    x: int
    y: int
    count: str
    says: str
    href: str
    size: str


@dataclass(frozen=True, slots=True)
class TownLink:
    name: str
    count: str
    href: str


@dataclass(frozen=True, slots=True)
class CountryView:
    name: str
    count: str
    href: str
    towns: tuple[TownLink, ...]


@dataclass(frozen=True, slots=True)
class MapPage:
    """`x` to `height` are what the map shows at first, `scale` how large a pixel is there about; `source` is where it asks for the
    circles of another part. `lacking` says how many photos have no position."""

    title: str
    lead: str
    lacking: str
    any: bool
    selection: int
    x: int
    y: int
    width: int
    height: int
    scale: float
    places: tuple[PlaceView, ...]
    source: str
    countries: tuple[CountryView, ...]


@dataclass(frozen=True, slots=True)
class PlacePage:
    """The photos of one circle; `more` leads to older ones."""

    title: str
    back: str
    tiles: tuple[TileView, ...]
    more: str
    first: bool
