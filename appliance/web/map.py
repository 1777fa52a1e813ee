"""The map: where photos were taken, as circles with counts over the outlines of the world. All of it comes from this box."""

import re
from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby
from math import hypot, isfinite
from typing import Any, Literal
from urllib.parse import urlencode

from litestar import Response, get
from litestar.enums import MediaType
from litestar.params import FromPath, FromQuery

from appliance.accounts.viewer import Family
from appliance.adapters import world
from appliance.adapters.world import SIZE, project
from appliance.errors import NotFound
from appliance.library import positions, selections
from appliance.library.positions import WORLD, Bounds, Cell, Town
from appliance.search import narrowing
from appliance.store.db import Reader
from appliance.web import wording
from appliance.web.asking import Question, country_name
from appliance.web.contexts_map import CountryView, MapPage, PlacePage, PlaceView, TownLink
from appliance.web.parameters import TheWeb, Viewing
from appliance.web.rendering import fragment, page
from appliance.web.sessions_middleware import Asked
from appliance.web.state import Web
from appliance.web.tiles import mend, tile_view

CELL = 64  # pixels of the map that share a circle
APART = 46  # pixels between circles: closer ones become one
TILE_PIXELS = 256  # of the whole world at zoom 0
DEEPEST = 20
MOST_CIRCLES = 250
PAGE = 60
FIRST_PIXELS = 900  # how wide the map is about, before the browser has said so
SHAPE = 10 / 16  # its height to its width
CLOSEST = SIZE // 48  # the first view shows at least 800 km
BEFORE = re.compile(r"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})\.(\d{1,18})")
LARGE, MIDDLING = 100, 10


@get("/map", sync_to_thread=True)
def map_page(request: Asked, web: TheWeb, viewer: Viewing, selection: FromQuery[int] = 0) -> Response[Any]:
    """Everything with a position, or what was selected. Raises NotFound for a selection that isn't the viewer's."""
    with web.store.read() as reader:
        chosen = len(selections.assets_of(reader, viewer, selection)) if selection else None
        placed, bounds = positions.extent(reader, viewer, selection or None)
        x, y, width, height = _first_view(bounds)
        zoom = _zoom(FIRST_PIXELS / width)
        circles = _circles(web, reader, viewer, WORLD, zoom, selection)
        towns = positions.towns(reader, viewer, selection or None)
    context = MapPage(
        title="Selected photos" if selection else "Map",
        lead=wording.counted(placed, "photo or video has a position", "photos and videos have a position"),
        lacking=f"{wording.number(chosen - placed)} of them have none." if chosen is not None and chosen > placed else "",
        any=bool(placed or towns),
        selection=selection,
        x=x, y=y, width=width, height=height, scale=round(width / FIRST_PIXELS, 3),
        places=circles,
        source="/map/places" + (f"?selection={selection}" if selection else ""),
        countries=_countries(web, towns, selection),
    )  # fmt: skip
    return page(request, "map/page.html", context)


@get("/map/places", sync_to_thread=True, media_type=MediaType.JSON)
def map_places(
    web: TheWeb, viewer: Viewing, west: FromQuery[float] = -180, south: FromQuery[float] = -90, east: FromQuery[float] = 180,
    north: FromQuery[float] = 90, zoom: FromQuery[int] = 0, selection: FromQuery[int] = 0,
) -> list[dict[str, Any]]:  # fmt: skip
    """The circles of a part of the world, as PlaceView: never more than MOST_CIRCLES, however many photos there are."""
    with web.store.read() as reader:
        bounds = _bounds(west, south, east, north)
        return [asdict(view) for view in _circles(web, reader, viewer, bounds, max(0, min(zoom, DEEPEST)), selection)]


@get("/map/outlines/{detail:str}", sync_to_thread=True)
def map_outlines(detail: FromPath[Literal["110m", "50m"]]) -> Response[str]:
    """The world as an SVG to be drawn from: coarse for the whole of it, finer for a part."""
    headers = {"cache-control": "private, max-age=31536000, immutable"}
    return Response(world.outlines(detail), media_type="image/svg+xml", headers=headers)


@get("/map/photos", sync_to_thread=True)
def map_photos(
    request: Asked, web: TheWeb, viewer: Viewing, west: FromQuery[float] = -180, south: FromQuery[float] = -90,
    east: FromQuery[float] = 180, north: FromQuery[float] = 90, selection: FromQuery[int] = 0, before: FromQuery[str] = "",
) -> Response[Any]:  # fmt: skip
    """The photos of one circle, newest first; for htmx as a part of the map's page."""
    bounds = _bounds(west, south, east, north)
    place = BEFORE.fullmatch(before)
    if before and not place:
        raise NotFound
    with web.store.read() as reader:
        start = (place[1], int(place[2])) if place else None
        tiles = positions.tiles(reader, viewer, bounds, limit=PAGE + 1, before=start, selection=selection or None)
        where = _town_of(reader, tiles[0].id) if tiles else None
    shown = tiles[:PAGE]
    mend(web, shown)
    more = {**_degrees(bounds), **({"selection": selection} if selection else {})}
    context = PlacePage(
        title=f"Near {where}" if where else "Photos from here",
        back="/map" + (f"?selection={selection}" if selection else ""),
        tiles=tuple(tile_view(web.layout, tile) for tile in shown),
        more="/map/photos?" + urlencode({**more, "before": f"{shown[-1].capture_time}.{shown[-1].id}"}) if tiles[PAGE:] else "",
        first=not before,
    )
    if request.headers.get("hx-request"):
        return fragment(request, "map/_photos.html" if context.first else "map/_tiles.html", context)
    return page(request, "map/photos.html", context)


def _bounds(west: float, south: float, east: float, north: float) -> Bounds:
    if not all(map(isfinite, (west, south, east, north))):
        raise NotFound
    return Bounds(max(south, -90.0), max(west, -180.0), min(north, 90.0), min(east, 180.0))


def _degrees(bounds: Bounds) -> dict[str, float]:
    return {"west": bounds.west, "south": bounds.south, "east": bounds.east, "north": bounds.north}


def _zoom(pixels_per_unit: float) -> int:
    """The zoom at which the world is about so many pixels wide."""
    return max(0, min(DEEPEST, round(pixels_per_unit * SIZE / TILE_PIXELS).bit_length() - 1))


def _first_view(bounds: Bounds | None) -> tuple[int, int, int, int]:
    """Corner, width and height of what shows everything that has a position; the inhabited world when nothing has."""
    south, west, north, east = (bounds.south, bounds.west, bounds.north, bounds.east) if bounds else (-56, -180, 72, 180)
    (left, top), (right, bottom) = project(north, west), project(south, east)
    width = min(SIZE, max(CLOSEST, (right - left) * 1.25, (bottom - top) * 1.35 / SHAPE))
    height = width * SHAPE
    x = min(max((left + right - width) / 2, 0), SIZE - width)
    y = min(max((top + bottom - height) / 2, 0), SIZE - height)
    return round(x), round(y), round(width), round(height)


def _circles(web: Web, reader: Reader, viewer: Family, bounds: Bounds, zoom: int, selection: int) -> tuple[PlaceView, ...]:
    step = 360 * CELL / (TILE_PIXELS << zoom)
    cells = positions.cells(reader, viewer, bounds, step, selection or None)
    merged = _apart(cells, APART * SIZE / (TILE_PIXELS << zoom))
    towns = _towns_of(reader, [cell.newest for cell in merged])
    return tuple(_view(cell, towns.get(cell.newest), selection) for cell in merged)


def _apart(cells: Sequence[Cell], distance: float) -> list[Cell]:
    """Put each cell into the larger one that it would cover on the map, when there is one; at most MOST_CIRCLES are left.

    What is kept stands in squares of `distance`, so that only the squares around a cell are looked through."""
    kept: list[Cell] = []
    squares: dict[tuple[int, int], list[tuple[int, float, float]]] = {}
    for cell in cells:
        x, y = project(cell.latitude, cell.longitude)
        column, row = int(x // distance), int(y // distance)
        around = (place for i in (-1, 0, 1) for j in (-1, 0, 1) for place in squares.get((column + i, row + j), ()))
        near = next((index for index, a, b in around if hypot(a - x, b - y) < distance), None)
        if near is not None:
            kept[near] = _joined(kept[near], cell)
        elif len(kept) < MOST_CIRCLES:
            squares.setdefault((column, row), []).append((len(kept), x, y))
            kept.append(cell)
    return kept


def _joined(one: Cell, other: Cell) -> Cell:
    """Both as one, in the place of the first, which is the larger."""
    return Cell(
        one.latitude, one.longitude, min(one.south, other.south), min(one.west, other.west), max(one.north, other.north),
        max(one.east, other.east), one.assets + other.assets, max(one.newest, other.newest),
    )  # fmt: skip


def _view(cell: Cell, town: str | None, selection: int) -> PlaceView:
    x, y = project(cell.latitude, cell.longitude)
    fields = _degrees(Bounds(cell.south, cell.west, cell.north, cell.east)) | ({"selection": selection} if selection else {})
    count = wording.counted(cell.assets, "photo or video", "photos and videos")
    where = town or f"{_around(cell.latitude, 'N', 'S')} {_around(cell.longitude, 'E', 'W')}"
    size = "large" if cell.assets >= LARGE else "middling" if cell.assets >= MIDDLING else "small"
    return PlaceView(round(x), round(y), _short(cell.assets), f"{count} near {where}", f"/map/photos?{urlencode(fields)}", size)


def _around(degrees: float, positive: str, negative: str) -> str:
    return f"{abs(degrees):.1f}° {positive if degrees >= 0 else negative}"


def _short(count: int) -> str:
    return str(count) if count < 10_000 else f"{count // 1000}k"


def _towns_of(reader: Reader, assets: Sequence[int]) -> dict[int, str]:
    places = ",".join("?" * len(assets))
    rows = reader.all(
        f"SELECT id, coalesce(town, region) FROM asset WHERE id IN ({places}) AND coalesce(town, region) <> ''", assets
    )
    return dict(rows)


def _town_of(reader: Reader, asset_id: int) -> str | None:
    return _towns_of(reader, [asset_id]).get(asset_id)


def _countries(web: Web, towns: Sequence[Town], selection: int) -> tuple[CountryView, ...]:
    """The list below the map, which is all there is of it without JavaScript: countries by their names, towns by how many."""
    views = []
    for code, rows in groupby(towns, key=lambda town: town.country):
        of_country = list(rows)
        links = tuple(TownLink(town.town, wording.number(town.assets), _href(town, selection)) for town in of_country if town.town)
        total = sum(town.assets for town in of_country)
        whole = Town(code, None, None, total, *_around_all(of_country))
        views.append(CountryView(country_name(web, code), wording.number(total), _href(whole, selection), links))
    return tuple(sorted(views, key=lambda view: view.name))


def _around_all(towns: Sequence[Town]) -> tuple[float | None, float | None, float | None, float | None]:
    placed = [town for town in towns if town.south is not None]
    if not placed:
        return None, None, None, None
    edges = [(town.south, town.west, town.north, town.east) for town in placed]
    souths, wests, norths, easts = zip(*edges, strict=True)
    return min(souths), min(wests), max(norths), max(easts)


def _href(town: Town, selection: int) -> str:
    """A search for a place; of a selection the photos within the place's bounds, since a search would find all."""
    if selection and town.south is not None:
        fields = {"west": town.west, "south": town.south, "east": town.east, "north": town.north, "selection": selection}
        return f"/map/photos?{urlencode(fields)}"
    return Question("photos", within=(narrowing.in_place(town.country, town.region, town.town),)).href()
