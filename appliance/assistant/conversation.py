"""A conversation: the turns of one person, each the sentence and what it was understood as. Nobody reads another's."""

from dataclasses import dataclass

import msgspec

from appliance.accounts.viewer import Family
from appliance.search.filters import Query
from appliance.store.db import Reader, Writer


@dataclass(frozen=True, slots=True)
class Turn:
    """One question; `at` in milliseconds since 1970 UTC."""

    number: int
    sentence: str
    query: Query
    at: int


def begin(writer: Writer, viewer: Family, *, now: int) -> int:
    """Start a conversation of `viewer`; return its id."""
    return writer.insert("INSERT INTO conversation(user_id, started_at) VALUES(?,?)", (viewer.user_id, now))


def add(writer: Writer, viewer: Family, conversation: int, sentence: str, query: Query, *, now: int) -> int:
    """Append a turn and return its number, from 1; raises NotFound when the conversation isn't `viewer`'s."""
    _owned(writer, viewer, conversation)
    number = 1 + int(writer.value("SELECT coalesce(max(number), 0) FROM turn WHERE conversation_id=?", (conversation,)))
    writer.run(
        "INSERT INTO turn(conversation_id, number, sentence, query, at) VALUES(?,?,?,?,?)",
        (conversation, number, sentence, msgspec.json.encode(query).decode(), now),
    )
    return number


def turns(reader: Reader, viewer: Family, conversation: int) -> list[Turn]:
    """Return every turn, oldest first; raises NotFound when the conversation isn't `viewer`'s."""
    _owned(reader, viewer, conversation)
    sql = "SELECT number, sentence, query, at FROM turn WHERE conversation_id=? ORDER BY number"
    return [
        Turn(number, sentence, msgspec.json.decode(query, type=Query), at)
        for number, sentence, query, at in reader.all(sql, (conversation,))
    ]


def last_query(reader: Reader, viewer: Family, conversation: int) -> Query | None:
    """Return what the newest turn was understood as: what a follow-up refines. None before the first turn."""
    _owned(reader, viewer, conversation)
    query = reader.value("SELECT query FROM turn WHERE conversation_id=? ORDER BY number DESC LIMIT 1", (conversation,))
    return None if query is None else msgspec.json.decode(query, type=Query)


def _owned(reader: Reader, viewer: Family, conversation: int) -> None:
    reader.one("SELECT 1 FROM conversation WHERE id=? AND user_id=?", (conversation, viewer.user_id))
