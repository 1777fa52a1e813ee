"""The jobs of the stage `faces`: none while People is off; once it is on, one for each photo, the newest first, after all else."""

from appliance.store import queue
from appliance.store.db import Reader, Writer

STAGE = "faces"
PRIORITY = -1


def ask_for_all(writer: Writer) -> int:
    """Let faces be found in every photo that was never asked about; return how many."""
    return writer.run(
        """INSERT OR IGNORE INTO job(stage, asset_id, state, priority)
           SELECT ?, asset.id, CASE made.state WHEN 'done' THEN 'waiting' ELSE 'blocked' END, ?
           FROM asset JOIN job AS made ON made.asset_id = asset.id AND made.stage = 'derivatives'
           WHERE asset.kind = 'photo' ORDER BY asset.capture_time DESC, asset.id DESC""",
        (STAGE, PRIORITY),
    )


def ask_for(writer: Writer, asset_id: int, kind: str) -> None:
    """The same for a photo that is new."""
    if kind == "photo":
        queue.add(writer, asset_id, [(STAGE, False)], priority=PRIORITY)


def are_asked_for(reader: Reader) -> bool:
    """Is there any such job, done ones too? While People is off nobody reads of the stage."""
    return reader.first("SELECT 1 FROM job_count WHERE stage=? AND jobs > 0", (STAGE,)) is not None
