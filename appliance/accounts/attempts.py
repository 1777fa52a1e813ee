"""Failed attempts, counted in the database so that a restart forgives nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from appliance.errors import TooManyAttempts
from appliance.store.db import Writer

WINDOW_MS = 15 * 60_000
PER_NAME = 10
PER_ADDRESS = 30


@dataclass(frozen=True, slots=True)
class Subject:
    """What is being protected, and how many attempts it bears within WINDOW_MS."""

    key: str
    limit: int


def address(client: str) -> Subject:
    return Subject(f"address:{client}", PER_ADDRESS)


def name(typed: str) -> Subject:
    """Names are counted alike whether or not somebody has them, and kept as hashes: people type passwords into the wrong box."""
    return Subject("name:" + sha256(typed.strip().casefold().encode()).hexdigest(), PER_NAME)


def begin(writer: Writer, purpose: str, subjects: Sequence[Subject], now: int) -> list[int]:
    """Count one attempt on each of `subjects` before it is judged and return the ids of these rows.

    Raises TooManyAttempts, counting nothing, when one of them has had its share within WINDOW_MS.
    """
    writer.run("DELETE FROM attempt WHERE at < ?", (now - WINDOW_MS,))
    for subject in subjects:
        rows = writer.all("SELECT at FROM attempt WHERE purpose=? AND subject=? ORDER BY at", (purpose, subject.key))
        times = [at for (at,) in rows]
        if len(times) >= subject.limit:
            minutes = max(1, -(-(times[-subject.limit] + WINDOW_MS - now) // 60_000))
            raise TooManyAttempts(wait="a minute" if minutes == 1 else f"{minutes} minutes")
    insert = "INSERT INTO attempt(purpose, subject, at) VALUES(?,?,?)"
    return [writer.insert(insert, (purpose, subject.key, now)) for subject in subjects]


def succeeded(writer: Writer, purpose: str, attempt_ids: Sequence[int], proven: Subject) -> None:
    """Take back this attempt, and every earlier one on `proven`. Another subject's count stays: a thief with one account of
    his own must not be able to wash his address clean."""
    writer.many("DELETE FROM attempt WHERE id=?", [(attempt_id,) for attempt_id in attempt_ids])
    writer.run("DELETE FROM attempt WHERE purpose=? AND subject=?", (purpose, proven.key))
