"""What a person asks the backup process to do: a row, claimed by compare-and-set, answered with a sentence and a document.

The web has no passphrase and no way to a repository: it leaves a request, and shows what came of it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from appliance.store.db import Reader, Writer

KEPT_MS = 90 * 86_400_000


@dataclass(frozen=True, slots=True)
class Request:
    """One row of `backup_request`. `repository_id` None: every repository, or none in particular."""

    id: int
    verb: str
    repository_id: int | None
    details: Mapping[str, Any]
    asked_by: int | None
    asked_at: int
    state: str
    said: str
    result: Mapping[str, Any]


def ask(
    writer: Writer,
    verb: str,
    *,
    now: int,
    repository_id: int | None = None,
    details: Mapping[str, Any] | None = None,
    user_id: int | None = None,
) -> int:
    """Leave a request; the same one that still waits is enough. Returns its id. `details` never hold a secret."""
    text = json.dumps(details or {}, sort_keys=True)
    waiting: int | None = writer.value(
        "SELECT id FROM backup_request WHERE state='waiting' AND verb=? AND repository_id IS ? AND details=?",
        (verb, repository_id, text),
    )
    if waiting is not None:
        return waiting
    writer.run("DELETE FROM backup_request WHERE asked_at < ? AND state IN ('done','failed')", (now - KEPT_MS,))
    return writer.insert(
        "INSERT INTO backup_request(verb, repository_id, details, asked_by, asked_at) VALUES(?,?,?,?,?)",
        (verb, repository_id, text, user_id, now),
    )


def get(reader: Reader, number: int) -> Request:
    """Raises NotFound."""
    row = reader.one(
        "SELECT id, verb, repository_id, details, asked_by, asked_at, state, said, result FROM backup_request WHERE id=?", (number,)
    )
    number, verb, repository_id, details, asked_by, asked_at, state, said, result = row
    return Request(number, verb, repository_id, json.loads(details), asked_by, asked_at, state, said, json.loads(result))


def waits(reader: Reader) -> bool:
    return reader.first("SELECT 1 FROM backup_request WHERE state='waiting' LIMIT 1") is not None


def claim(writer: Writer, *, by: str, verb: str | None = None) -> Request | None:
    """Take the oldest request that waits; with `verb`, the oldest of that kind."""
    number = writer.value("SELECT min(id) FROM backup_request WHERE state='waiting' AND (?1 IS NULL OR verb=?1)", (verb,))
    if number is None or not writer.run(
        "UPDATE backup_request SET state='running', claimed_by=? WHERE id=? AND state='waiting'", (by, number)
    ):
        return None
    return get(writer, number)


def finish(writer: Writer, number: int, said: str, result: Mapping[str, Any], *, now: int, failed: bool = False) -> None:
    writer.run(
        "UPDATE backup_request SET state=?, said=?, result=?, ended_at=? WHERE id=? AND state='running'",
        ("failed" if failed else "done", said, json.dumps(result), now, number),
    )


def end_dead(writer: Writer, *, now: int) -> None:
    """The one backup process, at its start: what runs was claimed by one that is gone. It is not tried again unasked."""
    writer.run(
        """UPDATE backup_request SET state='failed', ended_at=?, said='Mantel was stopped in the middle of it; ask again.'
           WHERE state='running'""",
        (now,),
    )
