"""A sentence asked in the box: understood from where the person stands, found, and kept as a turn of their conversation."""

from dataclasses import dataclass, replace

from appliance.accounts.viewer import Family
from appliance.assistant import actions, conversation
from appliance.assistant.conversation import Turn
from appliance.assistant.intents import understand
from appliance.assistant.keeping import Keeping
from appliance.assistant.plan import Plan
from appliance.search import chips, follow_up
from appliance.search.chips import resembling
from appliance.search.filters import Query
from appliance.search.find import Found
from appliance.search.query import labelled, parse
from appliance.store.db import Reader
from appliance.web import preferences
from appliance.web.asking import (
    WORDS,
    Kept,
    Knowing,
    Place,
    Question,
    Reply,
    all_matches,
    answerable,
    find,
    in_doubt,
    knowing,
    resolved,
    shaped,
    shown,
    tidy,
    today_of,
    with_conversation,
)
from appliance.web.proposing import checked, meaning
from appliance.web.state import Web

NOT_FOUND_OUT = "Mantel found no {kind} in “{words}”. Nothing was changed."
ASKED_AS = {"date": "in {}", "place": "in {}", "words": "{}"}
FIELDS = {
    "date": ("dates", "months", "month_days", "weekdays", "hours"),
    "place": ("places",),
    "words": ("text", "phrases", "not_words"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person stands while they ask: a turn and those before it, what is pinned; all empty at the beginning."""

    conversation: int | None = None
    trail: tuple[Turn, ...] = ()
    pins: Query | None = None

    @property
    def number(self) -> int | None:
        return self.trail[-1].number if self.trail else None

    def is_of_persons(self, plan: Plan) -> bool:
        """Does `plan` ask for persons, or follow on a question that does?"""
        return any(query.asks_for_persons for query in (plan.query, *(turn.query for turn in self.trail if plan.follows)))


def say(web: Web, viewer: Family, sentence: str, here: Place | None, *, limit: int) -> Reply | Kept:
    """Keep `sentence` as a turn after `here` and return the reply to it; for “back” the place that one goes back to.

    Raises NotFound when `here` is a turn that isn't `viewer`'s."""
    like = here.like if isinstance(here, Question) else ()  # words that are typed there are looked for among what is like it
    if isinstance(here, Question):
        here = _keep_bookmark(web, viewer, here)
    with web.store.read() as reader:
        known = knowing(web, reader, viewer)
        standing = _standing(web, reader, viewer, known, here)
        plan = understand(
            sentence, today=today_of(web), vocabulary=known.words, trail=standing.trail, pins=standing.pins,
            plain=not preferences.answers(reader, viewer),
        )  # fmt: skip
        plan = answerable(known, in_doubt(reader, known, plan))
        if plan.kind == "search" and not plan.follows:
            plan = replace(plan, query=resembling(plan.query, like))
        found = find(web, reader, viewer, plan, limit=limit)
    if plan.kind == "back" and here is not None:
        return Kept(here.conversation, max(here.number - 1, 1))
    return _keep(web, viewer, known.keeping, standing, sentence, plan, found)


def _keep(web: Web, viewer: Family, keeping: Keeping, standing: Standing, sentence: str, plan: Plan, found: Found) -> Reply:
    """Add the turn, with what is proposed at it; not for photos of persons, of which no row may tell that they are that."""
    with web.store.write() as writer:
        number = standing.conversation or conversation.begin(writer, viewer, now=web.clock())
        turn = conversation.add(
            writer, viewer, number, sentence, plan.query, now=web.clock(), keeping=keeping, plan=plan,
            before=standing.number if plan.follows else None, shown=shown(found),
        )  # fmt: skip
        if plan.act and found.total and not standing.is_of_persons(plan):
            actions.propose(writer, viewer, plan.act, found.assets.tolist(), conversation=number, turn=turn, now=web.clock())
    kept = Kept(number, turn)
    with web.store.read() as reader:
        return with_conversation(web, reader, viewer, Reply(kept, sentence, plan, found), kept)


def change(web: Web, viewer: Family, here: Kept, token: str, words: str, *, limit: int) -> Reply | str:
    """Have a chip say something else: a new turn whose chip of `token` is made of `words`. Return what is wrong with these in a
    sentence when they say nothing of the chip's kind."""
    words = tidy(words)
    with web.store.read() as reader:
        known = knowing(web, reader, viewer)
        standing = _standing(web, reader, viewer, known, here)
        query = standing.trail[-1].query
        chip = next((chip for chip in query.chips if chip.token == token), None)
        kind = "words" if token == WORDS else chip.kind if chip else ""
        changed = _changed(web, known, query, kind, token, words) if kind in FIELDS else None
        if changed is None:
            return NOT_FOUND_OUT.format(kind={"date": "time", "place": "place"}.get(kind, "words"), words=words)
        plan = answerable(known, in_doubt(reader, known, Plan(query=changed, follows=True)))
        found = find(web, reader, viewer, plan, limit=limit)
    return _keep(web, viewer, known.keeping, standing, f"{words} instead of {chip.label if chip else query.text}", plan, found)


def _changed(web: Web, known: Knowing, query: Query, kind: str, token: str, words: str) -> Query | None:
    if token == WORDS:
        return labelled(replace(query, text=words), known.words) if words else None
    said = parse(ASKED_AS[kind].format(words), today=today_of(web), vocabulary=known.words)
    parts = {name: getattr(said, name) for name in FIELDS[kind] if getattr(said, name) != getattr(Query(), name)}
    if kind == "words":
        field = "not_words" if token.startswith("not_word:") else "phrases"
        parts = {field: (words,)} if words else {}
    if not parts:
        return None
    less = chips.removed(query, frozenset({token}))
    return labelled(follow_up.merged(less, Query(**parts), "add"), known.words)


def accept(web: Web, viewer: Family, here: Place, values: dict[str, str], *, limit: int) -> Reply | None:
    """Keep what a text model proposed at `here` as a new turn; None when `values`, whoever sent them, come to nothing there."""
    with web.store.read() as reader:
        before = resolved(web, reader, viewer, here)[2].query
        query = checked(web, reader, viewer, before, values)
    if query is None:
        return None
    kept = _keep_bookmark(web, viewer, here) if isinstance(here, Question) else here
    with web.store.read() as reader:
        known = knowing(web, reader, viewer)
        plan = answerable(known, Plan(query=query, follows=True))
        standing = _standing(web, reader, viewer, known, kept)
        found = find(web, reader, viewer, plan, limit=limit)
    return _keep(web, viewer, known.keeping, standing, meaning(before, query), plan, found)


def pin(web: Web, viewer: Family, here: Kept, token: str, *, on: bool) -> None:
    """Have a chip of the turn at `here` hold for new questions of its conversation, or no longer."""
    with web.store.read() as reader:
        known = knowing(web, reader, viewer)
        query = _standing(web, reader, viewer, known, here).trail[-1].query
        pinned = conversation.pinned(reader, viewer, here.conversation, known.keeping) or Query()
    if on:
        others = frozenset(chip.token for chip in query.chips if chip.token != token)
        alone = replace(chips.removed(query, others), text="", intent="find", which_of=None, often_by=None)
        filters = follow_up.merged(pinned, alone, "add")
    else:
        filters = chips.removed(pinned, frozenset({token}))
    with web.store.write() as writer:
        conversation.pin(writer, viewer, here.conversation, labelled(filters, known.words), known.keeping)


def _standing(web: Web, reader: Reader, viewer: Family, known: Knowing, here: Kept | None) -> Standing:
    """With the last turn as it is seen at `here`: without some of its chips, or narrowed, and then with another list of photos."""
    if here is None:
        return Standing()
    trail = conversation.trail(reader, viewer, here.conversation, here.number, keeping=known.keeping)
    if here.is_changed:
        query = shaped(web, known, trail[-1].query, here)
        ids = all_matches(web, reader, viewer, query)
        trail = (*trail[:-1], replace(trail[-1], query=query, shown=tuple(ids[: conversation.MOST_SHOWN].tolist())))
    return Standing(here.conversation, trail, conversation.pinned(reader, viewer, here.conversation, known.keeping))


def _keep_bookmark(web: Web, viewer: Family, question: Question) -> Kept | None:
    """A conversation that begins at a bookmark begins with what the bookmark asks."""
    here: Kept | None = None
    for sentence in filter(None, (*question.after, question.sentence)):
        reply = say(web, viewer, sentence, here, limit=1)
        here = reply.place if isinstance(reply, Reply) and isinstance(reply.place, Kept) else here
    if question.like:
        here = _keep_likeness(web, viewer, question, here)
    return here.changed(without=tuple(question.without), within=question.within) if here else None


def _keep_likeness(web: Web, viewer: Family, question: Question, here: Kept | None) -> Kept | None:
    """The turn of a bookmark that asks for what resembles given photos."""
    with web.store.read() as reader:
        known = knowing(web, reader, viewer)
        standing = _standing(web, reader, viewer, known, here)
        asked = standing.trail[-1].query if question.sentence else Query()
        plan = Plan(query=resembling(asked, question.like, question.without), follows=bool(question.sentence))
        found = find(web, reader, viewer, plan, limit=1)
    sentence = "more like photo " + ", ".join(map(str, question.like))
    place = _keep(web, viewer, known.keeping, standing, sentence, plan, found).place
    return place if isinstance(place, Kept) else here
