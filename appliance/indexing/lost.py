"""Derivatives may be deleted at any hour: whoever notices that one is gone has it made again."""

from collections.abc import Collection, Iterable

from appliance.library import derivatives
from appliance.store.db import Store
from appliance.store.layout import Layout


def make_all_again(store: Store, layout: Layout) -> int:
    """Have every derivative made again that was made once and is gone; return of how many assets."""
    with store.read() as reader:
        rows = reader.all(
            "SELECT asset.id, sha256 FROM asset JOIN job ON job.asset_id=asset.id WHERE stage='derivatives' AND job.state='done'"
        )
    there = derivatives.present(layout)
    return _again(store, [asset_id for asset_id, sha256 in rows if sha256 not in there], priority=0)


def make_again(store: Store, asset_ids: Iterable[int], *, priority: int) -> int:
    """Have the derivatives of these made again, those left out that wait, run or cannot be made; return of how many assets."""
    with store.read() as reader:
        done = [
            asset_id
            for asset_id in asset_ids
            if reader.value("SELECT state FROM job WHERE asset_id=? AND stage='derivatives'", (asset_id,)) == "done"
        ]
    return _again(store, done, priority=priority)


def _again(store: Store, asset_ids: Collection[int], *, priority: int) -> int:
    if not asset_ids:
        return 0
    with store.write() as writer:
        return sum(
            writer.run(
                """UPDATE job SET state='waiting', attempts=0, not_before=0, priority=max(priority, ?)
                   WHERE asset_id=? AND stage='derivatives' AND state='done'""",
                (priority, asset_id),
            )
            for asset_id in asset_ids
        )
