"""The outlines of the world: Natural Earth's, from the npm package world-atlas (static/vendor), as paths that an SVG draws.

The file is TopoJSON: borders are arcs, each once, as integer steps from point to point; a ring names its arcs, ~n
for arc n backwards. Format: https://github.com/topojson/topojson-specification"""

import json
import math
from collections.abc import Iterator
from functools import cache
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, Literal

Detail = Literal["110m", "50m"]
FOLDER = Path(__file__).resolve().parents[2] / "static" / "vendor"
SIZE = 1 << 16
"""The world is a square of SIZE by SIZE in Web Mercator, its north-west corner at 0, 0; a unit is 611 m at the equator."""
LARGEST_LATITUDE = 85.0511  # where Web Mercator's square ends

Point = tuple[float, float]


def project(latitude: float, longitude: float) -> Point:
    """Return where a position in degrees lies in the square; beyond LARGEST_LATITUDE its edge. Formula: spherical Web Mercator."""
    bounded = math.radians(max(-LARGEST_LATITUDE, min(LARGEST_LATITUDE, latitude)))
    x = (longitude + 180) / 360 * SIZE
    y = (1 - math.asinh(math.tan(bounded)) / math.pi) / 2 * SIZE
    return x, y


@cache
def outlines(detail: Detail) -> str:
    """Return an SVG document that holds one path, #land: every country, with its borders."""
    atlas = json.loads((FOLDER / f"world-atlas-2.0.2-countries-{detail}.json").read_bytes())
    arcs = [_places(atlas["transform"], arc) for arc in atlas["arcs"]]
    paths = "".join(_path(ring, arcs) for country in atlas["objects"]["countries"]["geometries"] for ring in _rings(country))
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}"><path id="land" d="{paths}"/></svg>'


def _places(transform: dict[str, Any], arc: list[list[int]]) -> list[Point]:
    (scale_x, scale_y), (move_x, move_y) = transform["scale"], transform["translate"]
    across = accumulate(step[0] for step in arc)
    up = accumulate(step[1] for step in arc)
    return [project(y * scale_y + move_y, x * scale_x + move_x) for x, y in zip(across, up, strict=True)]


def _rings(country: dict[str, Any]) -> Iterator[list[int]]:
    if country["type"] == "Polygon":
        yield from country["arcs"]
    elif country["type"] == "MultiPolygon":
        for polygon in country["arcs"]:
            yield from polygon


def _path(ring: list[int], arcs: list[list[Point]]) -> str:
    """A ring that crosses the 180th meridian is drawn on both edges of the map, never across it."""
    points = _unrolled([point for number in ring for point in (arcs[number] if number >= 0 else arcs[~number][::-1])])
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    shifts = [shift for shift in (-SIZE, 0, SIZE) if west + shift < SIZE and east + shift > 0]
    return "".join(_steps([(round(x + shift), round(y)) for x, y in points]) for shift in shifts)


def _unrolled(points: list[Point]) -> list[Point]:
    """Take the leap from one edge of the map to the other out: x goes on beyond the edge. What goes around
    a pole is closed there."""
    unrolled, turn = [points[0]], 0
    for (before, _), (x, y) in pairwise(points):
        turn += SIZE if x - before < -SIZE / 2 else -SIZE if x - before > SIZE / 2 else 0
        unrolled.append((x + turn, y))
    if turn:
        pole = SIZE if points[0][1] > SIZE / 2 else 0
        unrolled += [(unrolled[-1][0], pole), (unrolled[0][0], pole)]
    return unrolled


def _steps(places: list[tuple[int, int]]) -> str:
    """Steps from point to point in whole units; a ring that is smaller than a unit is left out."""
    steps = [(to_x - x, to_y - y) for (x, y), (to_x, to_y) in pairwise(places) if (x, y) != (to_x, to_y)]
    return f"M{places[0][0]} {places[0][1]}l" + " ".join(f"{x} {y}" for x, y in steps) + "z" if steps else ""
