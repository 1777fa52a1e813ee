"""The append-only record of who did what to which ids. It never holds a name, a caption or a path."""

import json
from collections.abc import Sequence

from appliance.store.db import Writer


def record(writer: Writer, *, now: int, user_id: int | None, action: str, subjects: Sequence[int] = ()) -> None:
    """Append one entry; `now` in milliseconds since 1970 UTC, `action` a verb phrase like 'user.created'."""
    writer.run(
        "INSERT INTO audit(at, user_id, action, subjects) VALUES(?,?,?,?)",
        (now, user_id, action, json.dumps(list(subjects))),
    )
