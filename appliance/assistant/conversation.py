"""A conversation: the turns of one person, each the sentence, what it was understood as and what was shown. Nobody reads
another's. One that was deleted comes back for an hour; then it is gone."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec

from appliance.accounts.viewer import Family
from appliance.assistant import plan as plans
from appliance.assistant.plan import Plan
from appliance.errors import NotFound, WrongUsage
from appliance.search.filters import Query
from appliance.store.db import Reader, Writer

MOST_SHOWN = 60
LONGEST_TITLE = 120
LONGEST_TRAIL = 50
UNDO_MS = 60 * 60 * 1000
SEARCH = Plan()
COLUMNS = "number, sentence, query, at, before, plan, shown"


@dataclass(frozen=True, slots=True)
class Turn:
    """One question; `at` in milliseconds since 1970 UTC. `before` is the turn that it followed up on, `shown` the ids of its first
    MOST_SHOWN hits in order."""

    number: int
    sentence: str
    query: Query
    at: int
    before: int | None = None
    plan: Plan = SEARCH
    shown: tuple[int, ...] = ()

    @property
    def standing(self) -> int:
        """The turn whose results one looks at after this one: after “back” that is an earlier one."""
        return self.before if self.plan.kind == "back" and self.before else self.number


@dataclass(frozen=True, slots=True)
class Line:
    """One conversation in the list; `title` is a person's, or the first question. `last` is the number of its newest turn."""

    id: int
    title: str
    turns: int
    last: int
    changed_at: int


def begin(writer: Writer, viewer: Family, *, now: int) -> int:
    """Start a conversation of `viewer`; return its id."""
    _forget(writer, now)
    sql = "INSERT INTO conversation(user_id, started_at, changed_at) VALUES(?,?,?)"
    return writer.insert(sql, (viewer.user_id, now, now))


def add(
    writer: Writer, viewer: Family, conversation: int, sentence: str, query: Query, *, now: int,
    plan: Plan = SEARCH, before: int | None = None, shown: Sequence[int] = (),
) -> int:  # fmt: skip
    """Append a turn and return its number, from 1; raises NotFound when the conversation isn't `viewer`'s."""
    _owned(writer, viewer, conversation)
    number = 1 + int(writer.value("SELECT coalesce(max(number), 0) FROM turn WHERE conversation_id=?", (conversation,)))
    kept = msgspec.json.encode(query).decode(), now, before, plans.as_json(plan), _ids(shown)
    writer.run(f"INSERT INTO turn(conversation_id, {COLUMNS}) VALUES(?,?,?,?,?,?,?,?)", (conversation, number, sentence, *kept))
    writer.run("UPDATE conversation SET changed_at=? WHERE id=?", (now, conversation))
    return number


def turns(reader: Reader, viewer: Family, conversation: int) -> list[Turn]:
    """Return every turn, oldest first; raises NotFound when the conversation isn't `viewer`'s."""
    _owned(reader, viewer, conversation)
    sql = f"SELECT {COLUMNS} FROM turn WHERE conversation_id=? ORDER BY number"
    return [_turn(*row) for row in reader.all(sql, (conversation,))]


def trail(reader: Reader, viewer: Family, conversation: int, number: int | None = None) -> tuple[Turn, ...]:
    """Return a turn (None: the newest) and before it those that it follows up on, oldest first; empty before the first turn.

    Raises NotFound when the conversation isn't `viewer`'s, or has no such turn."""
    known = {turn.number: turn for turn in turns(reader, viewer, conversation)}
    if number is None:
        number = max(known, default=None)
        if number is None:
            return ()
        number = known[number].standing
    if number not in known:
        raise NotFound
    found = [known[number]]
    while (before := found[0].before) is not None and before in known and len(found) < LONGEST_TRAIL:
        found.insert(0, known[before])
    return tuple(found)


def note_shown(writer: Writer, viewer: Family, conversation: int, number: int, shown: Sequence[int]) -> None:
    """Remember what a turn shows now: new photos may match what was asked long ago."""
    _owned(writer, viewer, conversation)
    writer.run("UPDATE turn SET shown=? WHERE conversation_id=? AND number=?", (_ids(shown), conversation, number))


def pinned(reader: Reader, viewer: Family, conversation: int) -> Query | None:
    """Return the filters that hold for every new question of the conversation; None when nothing is pinned."""
    _owned(reader, viewer, conversation)
    text = reader.value("SELECT pinned FROM conversation WHERE id=?", (conversation,))
    return None if text is None else msgspec.json.decode(text, type=Query)


def pin(writer: Writer, viewer: Family, conversation: int, filters: Query) -> None:
    """Have `filters` hold for every new question; a Query without any pins nothing."""
    _owned(writer, viewer, conversation)
    kept = msgspec.json.encode(filters).decode() if replace(filters, chips=()) != Query() else None
    writer.run("UPDATE conversation SET pinned=? WHERE id=?", (kept, conversation))


def listed(reader: Reader, viewer: Family, *, limit: int, offset: int = 0) -> list[Line]:
    """Return the conversations of `viewer`, the one that was changed last first."""
    sql = """
      SELECT conversation.id, coalesce(title, (SELECT sentence FROM turn WHERE conversation_id = conversation.id ORDER BY number)),
        count(*), max(turn.number), changed_at
      FROM conversation JOIN turn ON turn.conversation_id = conversation.id
      WHERE user_id=? AND deleted_at IS NULL GROUP BY conversation.id
      ORDER BY changed_at DESC, conversation.id DESC LIMIT ? OFFSET ?"""
    return reader.rows(Line, sql, (viewer.user_id, limit, offset))


def rename(writer: Writer, viewer: Family, conversation: int, title: str) -> None:
    """Give a conversation a person's title; an empty one brings its first question back. Raises NotFound, or WrongUsage."""
    _owned(writer, viewer, conversation)
    kept = " ".join(title.split())
    if len(kept) > LONGEST_TITLE:
        raise WrongUsage(what=f"A title may have up to {LONGEST_TITLE} characters; this one has {len(kept)}.")
    writer.run("UPDATE conversation SET title=? WHERE id=?", (kept or None, conversation))


def delete(writer: Writer, viewer: Family, conversation: int, *, now: int) -> None:
    """Delete a conversation; `restore` brings it back for an hour. Raises NotFound when it isn't `viewer`'s."""
    _forget(writer, now)
    _owned(writer, viewer, conversation)
    writer.run("UPDATE conversation SET deleted_at=? WHERE id=?", (now, conversation))


def restore(writer: Writer, viewer: Family, conversation: int, *, now: int) -> None:
    """Bring a deleted conversation back; raises NotFound when it is gone, or isn't `viewer`'s."""
    _forget(writer, now)
    if not writer.run("UPDATE conversation SET deleted_at=NULL WHERE id=? AND user_id=?", (conversation, viewer.user_id)):
        raise NotFound


def _forget(writer: Writer, now: int) -> None:
    writer.run("DELETE FROM conversation WHERE deleted_at < ?", (now - UNDO_MS,))


def _turn(number: int, sentence: str, query: str, at: int, before: int | None, plan: str | None, shown: str) -> Turn:
    asked = msgspec.json.decode(query, type=Query)
    kept = plans.from_json(plan, asked, follows=before is not None)
    return Turn(number, sentence, asked, at, before, kept, tuple(json.loads(shown)))


def _ids(shown: Sequence[int]) -> str:
    return json.dumps([int(asset_id) for asset_id in shown[:MOST_SHOWN]])


def _owned(reader: Reader, viewer: Family, conversation: int) -> None:
    reader.one("SELECT 1 FROM conversation WHERE id=? AND user_id=? AND deleted_at IS NULL", (conversation, viewer.user_id))
