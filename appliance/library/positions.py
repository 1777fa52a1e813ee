"""Where photos were taken, gathered for a map: counted in cells of the grid that the map shows, in one pass over an index."""

import math
from dataclasses import dataclass

from appliance.accounts.viewer import Family
from appliance.library.access import visible_assets
from appliance.library.assets import Tile
from appliance.library.browsing import TILE
from appliance.store.db import Reader

MOST_CELLS = 2_000
_ROW = 1 << 31  # one number for row and column of a cell sorts twice as fast as two


@dataclass(frozen=True, slots=True)
class Bounds:
    """A part of the world, in degrees; west is never greater than east."""

    south: float
    west: float
    north: float
    east: float


WORLD = Bounds(-90, -180, 90, 180)


@dataclass(frozen=True, slots=True)
class Cell:
    """The assets of one cell: the middle of where they were taken, the bounds of these, how many, and the newest of them."""

    latitude: float
    longitude: float
    south: float
    west: float
    north: float
    east: float
    assets: int
    newest: int


@dataclass(frozen=True, slots=True)
class Town:
    """How many assets were taken in one town, or somewhere in a country when `town` is None, and the bounds of where."""

    country: str
    region: str | None
    town: str | None
    assets: int
    south: float | None
    west: float | None
    north: float | None
    east: float | None


_INSIDE = "latitude BETWEEN :south AND :north AND longitude BETWEEN :west AND :east"
_SELECTED = """asset.id IN (SELECT value FROM json_each((SELECT assets FROM selection WHERE id=:selection AND user_id=:user)))"""


def cells(reader: Reader, viewer: Family, bounds: Bounds, step: float, selection: int | None = None) -> list[Cell]:
    """Return what `viewer` sees within `bounds`, of a selection of theirs or of everything, in cells of `step` degrees from west to
    east and as high as wide on the map; those with most assets first, at most MOST_CELLS."""
    high = step * max(0.05, math.cos(math.radians((bounds.south + bounds.north) / 2)))
    return reader.rows(Cell, cells_sql(viewer, selection), {**_values(viewer, selection, bounds), "high": high, "wide": step})


def cells_sql(viewer: Family, selection: int | None) -> str:
    """The question of `cells`, whose columns are those of the index asset_position: no row of the table is read."""
    return f"""SELECT avg(latitude), avg(longitude), min(latitude), min(longitude), max(latitude), max(longitude), count(*), max(id)
      FROM asset WHERE {_among(viewer, selection)} AND {_INSIDE}
      GROUP BY CAST((latitude + 90) / :high AS INTEGER) * {_ROW} + CAST((longitude + 180) / :wide AS INTEGER)
      ORDER BY count(*) DESC, max(id) DESC LIMIT {MOST_CELLS}"""


def extent(reader: Reader, viewer: Family, selection: int | None = None) -> tuple[int, Bounds | None]:
    """Return how many assets have a position, and the bounds of these; None when there are none."""
    sql = f"""SELECT count(*), min(latitude), min(longitude), max(latitude), max(longitude) FROM asset
      WHERE {_among(viewer, selection)}"""
    count, south, west, north, east = reader.one(sql, _values(viewer, selection))
    return count, Bounds(south, west, north, east) if count else None


def towns(reader: Reader, viewer: Family, selection: int | None = None) -> list[Town]:
    """Return the countries and towns of what has a place, by country, within it the town with most assets first. Bounds are given
    for a selection alone: of everything the counts are read from the index asset_place."""
    some = f"AND {_SELECTED}" if selection is not None else ""
    bounds = "min(latitude), min(longitude), max(latitude), max(longitude)" if selection is not None else "NULL, NULL, NULL, NULL"
    sql = f"""SELECT country, region, town, count(*) AS assets, {bounds}
      FROM asset WHERE country IS NOT NULL AND {visible_assets(viewer)} {some}
      GROUP BY country, region, town ORDER BY country, assets DESC, town"""
    return reader.rows(Town, sql, _values(viewer, selection))


def tiles(
    reader: Reader,
    viewer: Family,
    bounds: Bounds,
    *,
    limit: int,
    before: tuple[str, int] | None = None,
    selection: int | None = None,
) -> list[Tile]:
    """Return what was taken within `bounds`, newest first, after the place `before` (capture time and id) of the page before."""
    time, last = before or ("9999", 0)
    sql = f"""SELECT {TILE} FROM asset WHERE {_among(viewer, selection)} AND {_INSIDE}
      AND (capture_time, asset.id) < (:time, :last) ORDER BY capture_time DESC, asset.id DESC LIMIT :limit"""
    return reader.rows(Tile, sql, {**_values(viewer, selection, bounds), "time": time, "last": last, "limit": limit})


def _among(viewer: Family, selection: int | None) -> str:
    some = f" AND {_SELECTED}" if selection is not None else ""
    return f"latitude IS NOT NULL AND {visible_assets(viewer)}{some}"


def _values(viewer: Family, selection: int | None, bounds: Bounds = WORLD) -> dict[str, float | int | None]:
    box = {"south": bounds.south, "west": bounds.west, "north": bounds.north, "east": bounds.east}
    return {**box, "selection": selection, "user": viewer.user_id}
