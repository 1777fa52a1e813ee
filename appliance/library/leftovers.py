"""What a killed process left in incoming/: finished when its bytes have a name under originals/ already, else removed."""

from contextlib import suppress
from pathlib import Path

from appliance.errors import FileRefused
from appliance.library import incoming
from appliance.library.ingest import Intake
from appliance.library.names import SIDECAR_ENDINGS
from appliance.store.db import Store
from appliance.store.layout import Layout

ABANDONED_AFTER_MS = 24 * 3_600_000
"""What nobody knows by its name is left alone for a day."""


def sweep(store: Store, layout: Layout, intake: Intake, now: int) -> None:
    """Finish or remove what killed processes left. Nothing under originals/ is ever removed; living processes are not disturbed."""
    for path in strays(store, layout, now):
        with incoming.abandoned(path) as state:
            if state is None:
                continue
            original = incoming.other_name(path, layout.originals)
        if original is None or original.name.lower().endswith(SIDECAR_ENDINGS):
            path.unlink(missing_ok=True)
        else:
            with suppress(FileNotFoundError, FileRefused):  # another sweep was quicker; “mantel verify” tells what cannot be read
                intake.take(path, file_name=original.name, added_by=None, now=now, consume=True)


def strays(store: Store, layout: Layout, now: int) -> list[Path]:
    """Return the files of incoming/ that no living process works on and that no upload names, nor what a guest sent, that waits."""
    return sorted(path for path in layout.incoming.iterdir() if _is_stray(store, path, now))


def _is_stray(store: Store, path: Path, now: int) -> bool:
    """The row is asked for under the lock: whoever receives a file holds it until the row is written."""
    with incoming.abandoned(path) as state:
        if state is None:
            return False
        with store.read() as reader:
            waits = reader.value(
                """SELECT max(state IN ('waiting','running')) FROM (SELECT token, state FROM upload UNION ALL
                   SELECT token, state FROM share_sent) WHERE token=?""",
                (path.name,),
            )
        old = state.st_mtime_ns // 1_000_000 < now - ABANDONED_AFTER_MS
        return not waits and (old or waits == 0 or path.name.startswith((incoming.PREFIX, incoming.UPLOAD_PREFIX)))
