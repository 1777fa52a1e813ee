"""What a page shows around one asset: the tiles of given assets, and the neighbours in the timeline."""

from collections.abc import Sequence
from dataclasses import dataclass

from appliance.accounts.viewer import Viewer
from appliance.library.access import SHOWN_CAPTION, visible_assets
from appliance.library.assets import Tile
from appliance.store.db import Reader

TILE = f"""asset.id, asset.sha256, asset.kind, asset.width, asset.height, asset.duration_ms, asset.capture_time, asset.description,
  {SHOWN_CAPTION}"""
SHOWN = "asset.deleted_at IS NULL AND asset.hidden = 0"


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Ids of the assets just before and after one; None at the ends."""

    newer: int | None
    older: int | None


def tiles(reader: Reader, viewer: Viewer, asset_ids: Sequence[int]) -> list[Tile]:
    """Return the tiles of those assets that `viewer` may see, in the order of `asset_ids`."""
    places = ",".join("?" * len(asset_ids))
    sql = f"SELECT {TILE} FROM asset WHERE asset.id IN ({places}) AND {visible_assets(viewer)}"
    found = {tile.id: tile for tile in reader.rows(Tile, sql, asset_ids)}
    return [found[asset_id] for asset_id in asset_ids if asset_id in found]


def neighbours(reader: Reader, viewer: Viewer, capture_time: str, asset_id: int) -> Neighbours:
    """Return what stands beside an asset in the timeline of `viewer`."""
    shown = f"{visible_assets(viewer)} AND {SHOWN}"
    return Neighbours(
        newer=reader.value(
            f"""SELECT asset.id FROM asset WHERE {shown} AND (asset.capture_time, asset.id) > (?, ?)
                ORDER BY asset.capture_time, asset.id LIMIT 1""",
            (capture_time, asset_id),
        ),
        older=reader.value(
            f"""SELECT asset.id FROM asset WHERE {shown} AND (asset.capture_time, asset.id) < (?, ?)
                ORDER BY asset.capture_time DESC, asset.id DESC LIMIT 1""",
            (capture_time, asset_id),
        ),
    )


def beside(asset_ids: Sequence[int], asset_id: int) -> Neighbours:
    """Like `neighbours`, in a list of results; both None when the asset is not in it."""
    if asset_id not in asset_ids:
        return Neighbours(None, None)
    at = asset_ids.index(asset_id)
    return Neighbours(newer=asset_ids[at - 1] if at else None, older=asset_ids[at + 1] if at + 1 < len(asset_ids) else None)
