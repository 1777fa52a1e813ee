"""Files that came through the browser: announced when their bytes are on the disk, listed with what became of them."""

from dataclasses import dataclass

from appliance.store.db import Reader, Writer

MOST_LISTED = 200


@dataclass(frozen=True, slots=True)
class Received:
    """One file a person sent; `state` is waiting, running, added, already_here or refused, the last with a `reason`."""

    file_name: str
    state: str
    asset_id: int | None
    reason: str | None


def announce(writer: Writer, *, token: str, user_id: int, file_name: str, bytes: int, modified_at: int, now: int) -> None:
    """Tell the worker of a whole file in incoming/ called `token`; to be called when its bytes and its name are on the disk."""
    writer.run(
        "INSERT INTO upload(token, user_id, file_name, bytes, modified_at, state, created_at) VALUES(?,?,?,?,?,'waiting',?)",
        (token, user_id, file_name, bytes, modified_at, now),
    )


def outcomes(reader: Reader, user_id: int) -> list[Received]:
    """What a user sent and has not tidied away, the latest first, up to MOST_LISTED."""
    return reader.rows(
        Received,
        "SELECT file_name, state, asset_id, reason FROM upload WHERE user_id=? ORDER BY id DESC LIMIT ?",
        (user_id, MOST_LISTED),
    )


def tidy_away(writer: Writer, user_id: int) -> int:
    """Forget what is finished; nothing but the list changes. Return how many."""
    return writer.run("DELETE FROM upload WHERE user_id=? AND state IN ('added','already_here','refused')", (user_id,))
