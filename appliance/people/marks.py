"""How somebody stands in a question of `mantel.db`: as a mark with their id, never by name; once People is off, as “someone”."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from appliance.store.db import Store, Writer

SOMEONE = "someone"
MARK = re.compile(r"⟨([0-9a-f]{16})(?:\.(\d))?(~?)⟩")
"""A person's id, which of the name's words it was (none: all of it), and “~” when it was typed in small letters."""
BATCH = 200  # conversations in one transaction, so that others may write in between
# Of a kept Query: what holds ids of persons, and days that may be told by somebody's birthday, as their label says.
PERSONS = ("persons", "not_persons", "unsettled")
SPANS = ("dates", "not_dates")
NOBODY = "This asked for somebody. People was turned off since, so nobody knows any more who it was."


ASKED = ("conversation", "turn", "inspection", "action")
"""The tables of `mantel.db` in which sentences that somebody typed are kept."""


def forget(store: Store) -> None:
    """Turn every mark into “someone” and take every person's id away, for good. Begun again after a crash it goes on."""
    last: int | None = 0
    while last is not None:
        with store.write(durable=True) as writer:
            last = _forget_some(writer, last)
    store.renew_pages(ASKED)


def _forget_some(writer: Writer, last: int) -> int | None:
    """Do a batch of conversations after the one with id `last`; return the id of the newest done, None when it was the end."""
    sql = "SELECT id, title, pinned FROM conversation WHERE id > ? ORDER BY id LIMIT ?"
    conversations = writer.all(sql, (last, BATCH))
    for number, title, pinned in conversations:
        left = _pins_left(pinned)
        if (left, nameless := _said(title)) != (pinned, title):
            writer.run("UPDATE conversation SET title=?, pinned=? WHERE id=?", (nameless, left, number))
        _forget_turns(writer, number)
    return conversations[-1][0] if conversations else None


def _forget_turns(writer: Writer, conversation: int) -> None:
    for number, *kept in writer.all("SELECT number, sentence, query, plan FROM turn WHERE conversation_id=?", (conversation,)):
        sentence, query, plan = kept
        asked = msgspec.json.decode(query)
        if _asks_for_persons(asked):
            plan = msgspec.json.encode({"kind": "box", "note": NOBODY}).decode()
        left = (_said(sentence), _query_left(query, asked), _said(plan))
        if left != (sentence, query, kept[2]):
            sql = "UPDATE turn SET sentence=?, query=?, plan=? WHERE conversation_id=? AND number=?"
            writer.run(sql, (*left, conversation, number))


def _said(text: str | None) -> str | None:
    return MARK.sub(SOMEONE, text) if text else text


def _asks_for_persons(asked: Mapping[str, Any]) -> bool:
    return any(asked.get(name) for name in PERSONS)


def _query_left(query: str, asked: dict[str, Any]) -> str:
    """Return the JSON of a Query without persons and without the days that a birthday told."""
    told = any(MARK.search(span["label"]) for name in SPANS for span in asked.get(name, ()))
    if told or _asks_for_persons(asked):
        spans = {name: [span for span in asked.get(name, ()) if not MARK.search(span["label"])] for name in SPANS}
        query = msgspec.json.encode(asked | spans | {name: [] for name in PERSONS}).decode()
    return MARK.sub(SOMEONE, query)


def _pins_left(pinned: str | None) -> str | None:
    """Filters that were pinned together with a person are gone with them."""
    if pinned is None or _asks_for_persons(msgspec.json.decode(pinned)):
        return None
    return _query_left(pinned, msgspec.json.decode(pinned))
