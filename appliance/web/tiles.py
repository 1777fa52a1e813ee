"""One photo of a grid: from the library's Tile to what the template needs."""

from collections.abc import Iterable

from appliance.indexing import lost
from appliance.library.assets import PERSON_LOOKS, Tile
from appliance.store.layout import Layout
from appliance.web import wording
from appliance.web.contexts import TileView
from appliance.web.state import Web

RATIOS = (50, 56, 67, 75, 80, 90, 100, 110, 125, 133, 150, 160, 178, 200, 235, 300)
"""Width to height in hundredths, for each of which components.css has a class."""
UNKNOWN_SIZE = (3, 2)
LONGEST_ALT = 160


def tile_view(layout: Layout, tile: Tile, asked: str = "") -> TileView:
    """`asked` is the question that found it, as in the address of /ask: the photo's page then steps through its results."""
    width, height = tile.width or UNKNOWN_SIZE[0], tile.height or UNKNOWN_SIZE[1]
    return TileView(
        id=tile.id,
        href=photo_href(tile.id, asked),
        ratio=nearest_ratio(width, height),
        width=width,
        height=height,
        alt=alt_text(tile),
        ready=layout.thumbnail(tile.sha256).is_file(),
        length=wording.length(tile.duration_ms or 0) if tile.kind == "video" else "",
    )


def mend(web: Web, tiles: Iterable[Tile]) -> None:
    """Have thumbnails made again that were made once and are gone. Nothing is written when none is missing."""
    missing = [tile.id for tile in tiles if not web.layout.thumbnail(tile.sha256).is_file()]
    if missing:
        lost.make_again(web.store, missing, priority=PERSON_LOOKS)


def photo_href(asset_id: int, asked: str = "") -> str:
    return f"/photos/{asset_id}" + (f"?{asked}" if asked else "")


def nearest_ratio(width: int, height: int) -> int:
    """The one of RATIOS that is closest, as a factor."""
    wanted = 100 * width / max(height, 1)
    return min(RATIOS, key=lambda ratio: max(ratio / max(wanted, 1), wanted / ratio))


def alt_text(tile: Tile) -> str:
    """A person's words, else the model's, else when it was taken."""
    words = tile.description or tile.caption or f"{tile.kind.capitalize()}, {wording.day(tile.capture_time)}"
    words = " ".join(words.split())
    return words if len(words) <= LONGEST_ALT else words[: LONGEST_ALT - 1].rstrip() + "…"
