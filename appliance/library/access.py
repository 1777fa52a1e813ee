"""The one place that decides which assets a viewer may see. "No" is always "not found"."""

from appliance.accounts.viewer import Guest, Owner, Viewer


def visible_assets(viewer: Viewer) -> str:
    """Return an SQL condition on `asset` that is true for what `viewer` may see. It holds no parameter and no input."""
    match viewer:
        case Owner():
            return "(asset.deleted_at IS NULL)"
        case Guest():
            return "(0)"
        case _:
            return "(asset.deleted_at IS NULL AND asset.hidden = 0)"
