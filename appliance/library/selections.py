"""A selection: photos that a person chose in a grid or found with a question, kept for a day so that a page can say what it would
do with them before it is done. Nobody reads another's."""

import json
from collections.abc import Iterable

from appliance.accounts.viewer import Family
from appliance.errors import WrongUsage
from appliance.library.access import visible_assets
from appliance.store.db import Reader, Writer

MOST = 100_000  # assets of one selection
KEPT_MS = 24 * 60 * 60 * 1000


def keep(writer: Writer, viewer: Family, ids: Iterable[int], *, now: int) -> int:
    """Keep `ids` in their order, each once, as a selection of `viewer`'s; return its id. Selections older than a day go.

    Raises WrongUsage when there are none, or more than MOST."""
    chosen = list(dict.fromkeys(int(asset_id) for asset_id in ids))
    if not chosen:
        raise WrongUsage(what="Nothing was selected: choose at least one photo first.")
    if len(chosen) > MOST:
        raise WrongUsage(what=f"Up to {MOST:,} photos can be selected at once; these are {len(chosen):,}.")
    writer.run("DELETE FROM selection WHERE made_at < ?", (now - KEPT_MS,))
    sql = "INSERT INTO selection(user_id, assets, made_at) VALUES(?,?,?)"
    return writer.insert(sql, (viewer.user_id, json.dumps(chosen), now))


def assets_of(reader: Reader, viewer: Family, selection: int) -> tuple[int, ...]:
    """Return those assets of a selection that `viewer` sees, in the order chosen; raises NotFound when there is none of theirs."""
    (chosen,) = reader.one("SELECT assets FROM selection WHERE id=? AND user_id=?", (selection, viewer.user_id))
    return visible(reader, viewer, chosen)


def visible(reader: Reader, viewer: Family, ids: str) -> tuple[int, ...]:
    """Return those of the JSON `ids` that `viewer` sees, in their order."""
    sql = f"""SELECT asset.id FROM json_each(?) AS chosen CROSS JOIN asset ON asset.id = chosen.value
      WHERE {visible_assets(viewer)} ORDER BY chosen.key"""
    return tuple(asset_id for (asset_id,) in reader.all(sql, (ids,)))
