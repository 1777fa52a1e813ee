"""Questions that were kept before somebody had a name: once the name is known, they are written anew without it.

Of those who may see persons nothing but names is masked; what others asked is kept as it would be if they asked it now, which tells
them of no name. Done again it changes nothing, so each naming and each unlocking does it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial

import msgspec

from appliance.accounts.viewer import KINDS
from appliance.assistant import known_words, masking
from appliance.assistant import plan as plans
from appliance.assistant.keeping import Keeping
from appliance.people import consent
from appliance.people.client import People
from appliance.people.marks import ASKED, MARK
from appliance.search.filters import Query
from appliance.search.persons import PLAIN
from appliance.search.sentence import fold
from appliance.search.vocabulary import Names, Person, vocabulary, with_persons
from appliance.store.db import Reader, Store, Writer

BATCH = 50  # conversations, or inspections, in one transaction


@dataclass(frozen=True, slots=True)
class Anew:
    """How the questions of one account are written anew; only those that hold one of `words`, folded, unless that is None."""

    keeping: Keeping
    words: frozenset[str] | None

    def concerns(self, *texts: str | None) -> bool:
        if self.words is None:
            return True
        text = fold(" ".join(filter(None, texts))).translate(PLAIN)
        return any(word in text for word in self.words)


Rewrite = Callable[[Writer, Anew, int], int]


def write_anew(store: Store, people: People, gazetteer: Names) -> int:
    """Mask the names that People holds in everything that was asked; return how many rows changed. Raises PeopleLocked, PeopleOff,
    PeopleAway."""
    known = people.names(never=True)
    named = tuple(Person(one.id, one.name) for one in known if not one.never)
    never = tuple(Person(one.id, one.name) for one in known if one.never)
    with store.read() as reader:
        accounts = _accounts(reader, gazetteer, named, never)
        changed = sum(_each(store, table, accounts, rewrite) for table, rewrite in TABLES.items())
    if changed:
        store.renew_pages(ASKED)
    return changed


def _accounts(reader: Reader, gazetteer: Names, named: Sequence[Person], never: Sequence[Person]) -> dict[int, Anew]:
    words = vocabulary(reader, gazetteer)
    left_out = masking.words_of(never)
    sees = Anew(
        Keeping(with_persons(words, named), trusted=lambda word: word.translate(PLAIN) not in left_out),
        masking.words_of((*named, *never)),
    )
    others = Anew(Keeping(words, trusted=cache(partial(known_words.knows, reader, words))), None)
    users = reader.all("SELECT id, name, kind FROM user")
    return {user: sees if consent.may_see(reader, KINDS[kind](user, name)) else others for user, name, kind in users}


def _each(store: Store, table: str, accounts: dict[int, Anew], rewrite: Rewrite) -> int:
    """Go through a table in batches, each its own transaction."""
    last, changed = 0, 0
    while True:
        with store.write(durable=True) as writer:
            rows = writer.all(f"SELECT id, user_id FROM {table} WHERE id > ? ORDER BY id LIMIT ?", (last, BATCH))
            changed += sum(rewrite(writer, accounts[user], number) for number, user in rows if user in accounts)
        if not rows:
            return changed
        last = rows[-1][0]


def _conversation(writer: Writer, anew: Anew, conversation: int) -> int:
    title, pinned = writer.one("SELECT title, pinned FROM conversation WHERE id=?", (conversation,))
    changed = 0
    if anew.concerns(title, pinned):
        masked = anew.keeping.masked(writer, title) if title else title
        filters = _query(writer, anew, pinned) if pinned else pinned
        if (masked, filters) != (title, pinned):
            changed = writer.run("UPDATE conversation SET title=?, pinned=? WHERE id=?", (masked, filters, conversation))
    sql = "SELECT number, sentence, query, before, plan, shown FROM turn WHERE conversation_id=? ORDER BY number"
    named: set[int] = set()
    for row in writer.all(sql, (conversation,)):
        changed += _turn(writer, anew, conversation, named, *row)
    return changed


def _turn(
    writer: Writer, anew: Anew, conversation: int, named: set[int], number: int, sentence: str, query: str, before: int | None,
    plan: str | None, shown: str,
) -> int:  # fmt: skip
    """`named` are the turns before it that hold a name: which photos one that follows on them showed is not kept either."""
    follows = before in named
    if not follows and not anew.concerns(sentence, query, plan):
        return 0
    said = plans.from_json(plan, msgspec.json.decode(query, type=Query), follows=before is not None)
    masked = anew.keeping.masked(writer, sentence)
    text = _query(writer, anew, query)
    if MARK.search(masked + text) or follows:
        named.add(number)
    of_persons = number in named
    written = anew.keeping.plan(writer, sentence, said, of_persons=of_persons)
    kept = plans.as_json(replace(written, nameless=written.nameless or of_persons))
    text = msgspec.json.encode(written.query).decode() if of_persons else text
    row = (masked, text, kept, "[]" if of_persons else shown)
    if row == (sentence, query, plan, shown):
        return 0
    sql = "UPDATE turn SET sentence=?, query=?, plan=?, shown=? WHERE conversation_id=? AND number=?"
    return writer.run(sql, (*row, conversation, number))


def _query(writer: Writer, anew: Anew, text: str) -> str:
    """The JSON of a Query without names, the same one when it has none."""
    query = msgspec.json.decode(text, type=Query)
    kept = anew.keeping.query(writer, query, of_persons=False)
    return text if kept == replace(query, chips=()) else msgspec.json.encode(kept).decode()


def _inspection(writer: Writer, anew: Anew, number: int) -> int:
    asked = writer.one("SELECT question, thing FROM inspection WHERE id=?", (number,))
    if not anew.concerns(*asked):
        return 0
    kept = tuple(anew.keeping.anonymous(writer, text) for text in asked)
    return writer.run("UPDATE inspection SET question=?, thing=? WHERE id=?", (*kept, number)) if kept != asked else 0


def _action(writer: Writer, anew: Anew, number: int) -> int:
    """What was proposed and not done is gone; an album that was made, or a tag that was given, is called as somebody wanted it."""
    sql = "SELECT name FROM action WHERE id=? AND kind IN ('album','tag') AND (at IS NULL OR undone_at IS NOT NULL)"
    name = writer.value(sql, (number,), "")
    if not anew.concerns(name) or anew.keeping.masked(writer, name) == name:
        return 0
    return writer.run("DELETE FROM action WHERE id=?", (number,))


TABLES: Mapping[str, Rewrite] = {"conversation": _conversation, "inspection": _inspection, "action": _action}
