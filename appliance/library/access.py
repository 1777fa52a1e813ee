"""The one place that decides which assets a viewer may see, and which caption of theirs. "No" is always "not found"."""

from appliance.accounts.viewer import Guest, Owner, Viewer

SHOWN_CAPTION = """(SELECT words FROM caption WHERE caption.asset_id = asset.id AND verdict <> 'hidden'
    ORDER BY made_at DESC, model LIMIT 1)"""
"""SQL: the caption of `asset` that may be shown and searched, NULL when there is none or it was hidden. Nothing reads another."""


def visible_assets(viewer: Viewer) -> str:
    """Return an SQL condition on `asset` that is true for what `viewer` may see. It holds no parameter and no input."""
    match viewer:
        case Owner():
            return "(asset.deleted_at IS NULL)"
        case Guest():
            return "(0)"
        case _:
            return "(asset.deleted_at IS NULL AND asset.hidden = 0)"
