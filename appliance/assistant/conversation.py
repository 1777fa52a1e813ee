"""A conversation: the turns of one person, each the sentence, what it was understood as and what was shown. Nobody reads
another's. One that was deleted comes back for an hour; then it is gone."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from appliance.accounts.viewer import Family
from appliance.assistant import plan as plans
from appliance.assistant.keeping import Keeping, Said
from appliance.assistant.masking import lacks_words
from appliance.assistant.plan import Plan
from appliance.errors import NotFound, WrongUsage
from appliance.search.filters import Query
from appliance.store.db import Reader, Writer

MOST_SHOWN = 60
LONGEST_TITLE = 120
LONGEST_TRAIL = 50
UNDO_MS = 60 * 60 * 1000
SEARCH = Plan()
MAY_BE_A_NAME = (
    "While People is on, a title may hold the names that are known to it, and words that stand in this library. This one holds"
    " another, which might be somebody's name. Nothing was changed."
)
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
    keeping: Keeping, plan: Plan = SEARCH, before: int | None = None, shown: Sequence[int] = (),
) -> int:  # fmt: skip
    """Append a turn, written as `keeping` allows, and return its number, from 1; raises NotFound when the conversation isn't
    `viewer`'s."""
    _owned(writer, viewer, conversation)
    number = 1 + int(writer.value("SELECT coalesce(max(number), 0) FROM turn WHERE conversation_id=?", (conversation,)))
    row = _row(writer, conversation, number, Turn(number, sentence, query, now, before, plan, tuple(shown)), keeping)
    writer.run(f"INSERT INTO turn(conversation_id, {COLUMNS}) VALUES(?,?,?,?,?,?,?,?)", (conversation, *row))
    writer.run("UPDATE conversation SET changed_at=? WHERE id=?", (now, conversation))
    return number


def _row(writer: Writer, conversation: int, number: int, turn: Turn, keeping: Keeping) -> tuple[Any, ...]:
    """What is written of a turn; all of it is remembered until the process ends."""
    of_persons = turn.query.asks_for_persons or _follows_persons(writer, conversation, turn.before)
    keeping.remember((conversation, number), Said(turn.sentence, turn.query, turn.plan, turn.shown, of_persons))
    plan = keeping.plan(writer, turn.sentence, replace(turn.plan, query=turn.query), of_persons=of_persons)
    query, shown = msgspec.json.encode(plan.query).decode(), () if keeping.known is not None and of_persons else turn.shown
    return number, keeping.masked(writer, turn.sentence), query, turn.at, turn.before, plans.as_json(plan), _ids(shown)


def _follows_persons(reader: Reader, conversation: int, before: int | None) -> bool:
    """Does the turn `before`, or one that it follows up on, ask for persons?"""
    sql = """
      WITH RECURSIVE earlier(number, before, query) AS (
        SELECT number, before, query FROM turn WHERE conversation_id=?1 AND number=?2
        UNION SELECT turn.number, turn.before, turn.query FROM turn JOIN earlier ON turn.number = earlier.before
        WHERE conversation_id=?1
      ) SELECT query FROM earlier"""
    kept = reader.all(sql, (conversation, before)) if before is not None else []
    return any(msgspec.json.decode(query, type=Query).asks_for_persons for (query,) in kept)


def turns(reader: Reader, viewer: Family, conversation: int, keeping: Keeping) -> list[Turn]:
    """Return every turn, oldest first, as `keeping` shows it; raises NotFound when the conversation isn't `viewer`'s."""
    _owned(reader, viewer, conversation)
    sql = f"SELECT {COLUMNS} FROM turn WHERE conversation_id=? ORDER BY number"
    return [_turn(keeping, conversation, *row) for row in reader.all(sql, (conversation,))]


def trail(reader: Reader, viewer: Family, conversation: int, number: int | None = None, *, keeping: Keeping) -> tuple[Turn, ...]:
    """Return a turn (None: the newest) and before it those that it follows up on, oldest first; empty before the first turn.

    Raises NotFound when the conversation isn't `viewer`'s, or has no such turn."""
    known = {turn.number: turn for turn in turns(reader, viewer, conversation, keeping)}
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


def note_shown(writer: Writer, viewer: Family, conversation: int, turn: Turn, keeping: Keeping) -> None:
    """Remember what a turn shows now: new photos may match what was asked long ago."""
    _owned(writer, viewer, conversation)
    of_persons = _follows_persons(writer, conversation, turn.number)
    keeping.remember((conversation, turn.number), Said(turn.sentence, turn.query, turn.plan, turn.shown, of_persons))
    kept = () if keeping.known is not None and of_persons else turn.shown
    writer.run("UPDATE turn SET shown=? WHERE conversation_id=? AND number=?", (_ids(kept), conversation, turn.number))


def understood_again(writer: Writer, viewer: Family, conversation: int, turn: Turn, keeping: Keeping) -> None:
    """Write a turn anew that was asked while People was locked, now that it is not."""
    _owned(writer, viewer, conversation)
    row = _row(writer, conversation, turn.number, turn, keeping)
    sql = "UPDATE turn SET sentence=?, query=?, at=?, before=?, plan=?, shown=? WHERE conversation_id=? AND number=?"
    writer.run(sql, (*row[1:], conversation, turn.number))


def pinned(reader: Reader, viewer: Family, conversation: int, keeping: Keeping) -> Query | None:
    """Return the filters that hold for every new question of the conversation; None when nothing is pinned."""
    _owned(reader, viewer, conversation)
    text = reader.value("SELECT pinned FROM conversation WHERE id=?", (conversation,))
    return None if text is None else keeping.query_shown(msgspec.json.decode(text, type=Query))


def pin(writer: Writer, viewer: Family, conversation: int, filters: Query, keeping: Keeping) -> None:
    """Have `filters` hold for every new question; a Query without any pins nothing."""
    _owned(writer, viewer, conversation)
    written = keeping.query(writer, filters, of_persons=filters.asks_for_persons)
    kept = msgspec.json.encode(written).decode() if replace(written, chips=()) != Query() else None
    writer.run("UPDATE conversation SET pinned=? WHERE id=?", (kept, conversation))


def listed(reader: Reader, viewer: Family, keeping: Keeping, *, limit: int, offset: int = 0) -> list[Line]:
    """Return the conversations of `viewer`, the one that was changed last first."""
    sql = """
      SELECT conversation.id, coalesce(title, (SELECT sentence FROM turn WHERE conversation_id = conversation.id ORDER BY number)),
        count(*), max(turn.number), changed_at
      FROM conversation JOIN turn ON turn.conversation_id = conversation.id
      WHERE user_id=? AND deleted_at IS NULL GROUP BY conversation.id
      ORDER BY changed_at DESC, conversation.id DESC LIMIT ? OFFSET ?"""
    lines = reader.rows(Line, sql, (viewer.user_id, limit, offset))
    return [replace(line, title=keeping.shown(line.title)) for line in lines]


def rename(writer: Writer, viewer: Family, conversation: int, title: str, keeping: Keeping) -> None:
    """Give a conversation a person's title; an empty one brings its first question back. Raises NotFound, or WrongUsage: too long,
    or a word that may be somebody's name while People is on."""
    _owned(writer, viewer, conversation)
    kept = " ".join(title.split())
    if len(kept) > LONGEST_TITLE:
        raise WrongUsage(what=f"A title may have up to {LONGEST_TITLE} characters; this one has {len(kept)}.")
    masked = keeping.masked(writer, kept)
    if lacks_words(masked) and not lacks_words(kept):
        raise WrongUsage(what=MAY_BE_A_NAME)
    writer.run("UPDATE conversation SET title=? WHERE id=?", (masked or None, conversation))


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


def _turn(
    keeping: Keeping, conversation: int, number: int, sentence: str, query: str, at: int, before: int | None, plan: str | None,
    shown: str,
) -> Turn:  # fmt: skip
    if (said := keeping.said((conversation, number))) is not None:
        return Turn(number, said.sentence, said.query, at, before, replace(said.plan, query=said.query), said.shown)
    kept = plans.from_json(plan, msgspec.json.decode(query, type=Query), follows=before is not None)
    found = keeping.plan_shown(kept)
    return Turn(number, keeping.shown(sentence), found.query, at, before, found, tuple(json.loads(shown)))


def _ids(shown: Sequence[int]) -> str:
    return json.dumps([int(asset_id) for asset_id in shown[:MOST_SHOWN]])


def _owned(reader: Reader, viewer: Family, conversation: int) -> None:
    reader.one("SELECT 1 FROM conversation WHERE id=? AND user_id=? AND deleted_at IS NULL", (conversation, viewer.user_id))
