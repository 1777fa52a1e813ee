"""Jobs that ended in failure, for people: which asset, which stage, and why."""

from dataclasses import dataclass

from appliance.accounts.viewer import Viewer
from appliance.library.access import visible_assets
from appliance.store.db import Reader


@dataclass(frozen=True, slots=True)
class Failure:
    asset_id: int
    file_name: str
    stage: str
    reason: str


def failures(reader: Reader, viewer: Viewer, limit: int) -> list[Failure]:
    """The latest failures of assets that `viewer` may see."""
    return reader.rows(
        Failure,
        f"""SELECT asset.id, asset.file_name, job.stage, coalesce(job.reason, '') FROM job JOIN asset ON asset.id = job.asset_id
            WHERE job.state='failed' AND {visible_assets(viewer)} ORDER BY job.finished_at DESC, job.id LIMIT ?""",
        (limit,),
    )
