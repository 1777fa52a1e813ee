"""The timeline: everything by month, newest first, page after page by keyset."""

import re
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from litestar import Response, get
from litestar.params import FromQuery

from appliance.errors import NotFound
from appliance.library import assets
from appliance.library.assets import Month, Tile
from appliance.web import wording
from appliance.web.contexts import MonthLink, MonthOfTiles, TimelinePage, YearOfMonths
from appliance.web.parameters import TheWeb, Viewing
from appliance.web.rendering import fragment, page
from appliance.web.sessions_middleware import Asked
from appliance.web.state import Web
from appliance.web.tiles import mend, tile_view

PAGE = 120
LAST_ID = 2**62
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
PLACE = re.compile(r"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})\.(\d{1,18})")


@get("/timeline", sync_to_thread=True)
def timeline(
    request: Asked, web: TheWeb, viewer: Viewing, month: FromQuery[str] = "", before: FromQuery[str] = ""
) -> Response[Any]:
    """`month` starts at the end of that month, `before` after the last photo of another page; both go on into the past."""
    start = _start(month, before)
    with web.store.read() as reader:
        months = assets.months(reader, viewer)
        tiles = assets.timeline(reader, viewer, start, PAGE + 1)
    mend(web, tiles)
    context = _context(web, months, tiles, start, going_on=bool(before))
    if before and request.headers.get("hx-request"):
        return fragment(request, "timeline/_tiles.html", context)
    return page(request, "timeline/page.html", context)


def _start(month: str, before: str) -> tuple[str, int] | None:
    """The keyset place to begin after; raises NotFound for what no page of ours links to."""
    if before:
        if not (place := PLACE.fullmatch(before)):
            raise NotFound
        return place[1], int(place[2])
    if month:
        if not MONTH.fullmatch(month):
            raise NotFound
        return month + "~", LAST_ID
    return None


def _context(web: Web, months: list[Month], tiles: list[Tile], start: tuple[str, int] | None, *, going_on: bool) -> TimelinePage:
    shown, rest = tiles[:PAGE], tiles[PAGE:]
    first = shown[0].capture_time[:7] if shown else ""
    total = sum(month.assets for month in months)
    return TimelinePage(
        title=wording.month(first) if first and start else "Timeline",
        lead=_lead(total, months),
        month=first,
        years=_years(months),
        months=_by_month(web, shown, months, going_on=start[0][:7] if start and going_on else ""),
        newer="/timeline" if start and months and first != months[0].month else "",
        older="/timeline?" + urlencode({"before": f"{shown[-1].capture_time}.{shown[-1].id}"}) if rest else "",
        older_words=f"Older than {wording.day(shown[-1].capture_time)}" if rest else "",
    )


def _lead(total: int, months: list[Month]) -> str:
    if not months:
        return ""
    newest, oldest = wording.month(months[0].month), wording.month(months[-1].month)
    span = newest if newest == oldest else f"{oldest} to {newest}"
    return f"{wording.counted(total, 'photo or video', 'photos and videos')}, {span}"


def _years(months: list[Month]) -> tuple[YearOfMonths, ...]:
    return tuple(
        YearOfMonths(
            year,
            tuple(MonthLink(month.month, wording.month(month.month).split()[0], wording.number(month.assets)) for month in of_year),
        )
        for year, of_year in groupby(months, key=lambda month: month.month[:4])
    )


def _by_month(web: Web, tiles: list[Tile], months: list[Month], *, going_on: str) -> tuple[MonthOfTiles, ...]:
    """Tiles under their months; the month `going_on` was begun on the page before and gets no second heading."""
    counts = {month.month: month.assets for month in months}
    return tuple(
        MonthOfTiles(
            month=month,
            heading="" if month == going_on else wording.month(month),
            count=wording.number(counts.get(month, 0)),
            tiles=tuple(tile_view(web.layout, tile) for tile in of_month),
        )
        for month, of_month in groupby(tiles, key=lambda tile: tile.capture_time[:7])
    )
