"""From a sentence to a reply, for every page that asks: understand, find, answer.

What is asked stands in one of two places: in a bookmark (`/ask?q=…`: the address holds all of it, nothing is kept), or in a turn of
a conversation (`/conversations/5/3`: the box keeps what it was understood as)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import partial
from urllib.parse import parse_qsl, urlencode

from appliance.accounts.viewer import Family
from appliance.assistant import box, conversation
from appliance.assistant.answer import Said, answer
from appliance.assistant.asked_people import Asked, Unlocked, asked, with_people
from appliance.assistant.conversation import MOST_SHOWN, Turn
from appliance.assistant.facts import Group, Known, Lookup, look_up
from appliance.assistant.intents import understand as understand_sentence
from appliance.assistant.keeping import AS_ASKED, Keeping
from appliance.assistant.plan import Plan
from appliance.assistant.unknowns import LOCKED, NOBODY_KNOWS
from appliance.errors import NotFound
from appliance.indexing.pipeline import STAGES
from appliance.search import chips, narrowing
from appliance.search import find as finding
from appliance.search.chips import labels_of, resembling
from appliance.search.filters import Query
from appliance.search.find import Found
from appliance.search.ids import LARGEST_ID, Ids
from appliance.search.query import labelled
from appliance.search.visible import visible_by
from appliance.search.vocabulary import NamedPlace, Vocabulary, vocabulary
from appliance.store.db import Reader
from appliance.web.installed import vision_model
from appliance.web.state import Web

LONGEST_SENTENCE = 500
MOST_BEFORE = 6
MOST_LIKE = 12
MOST_HURRIED = 60
"""So many hits of one question get their captions before what nobody asked for."""
MOST_TOKENS = 40
LONGEST_ID = 20  # digits
LONGEST_ENCODED = 64 * 1024
WORDS = "words"  # the token of the words that are searched for
ASIDE = "aside"  # and of those that were left aside: without it they are searched for


@dataclass(frozen=True, slots=True)
class Question:
    """A bookmark: a sentence, the sentences that it follows up on (oldest first), tokens of chips that were taken away, of parts
    that it is narrowed to, and the assets that shall be resembled."""

    sentence: str
    after: tuple[str, ...] = ()
    without: frozenset[str] = frozenset()
    within: tuple[str, ...] = ()
    like: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.sentence or self.like)

    def encoded(self, offset: int = 0) -> str:
        """As a query string: of /ask, /ask/answer, a photo's page, and the field `here` of the box to ask in."""
        pairs = [("q", self.sentence), *(("after", sentence) for sentence in self.after), *_changes(self.without, self.within)]
        pairs += [("like", str(asset)) for asset in self.like]
        return urlencode([*pairs, ("offset", str(offset))] if offset else pairs)

    def href(self, offset: int = 0) -> str:
        return f"/ask?{self.encoded(offset)}"

    def answer_href(self) -> str:
        return f"/ask/answer?{self.encoded()}"

    def changed(self, *, without: Sequence[str] = (), within: Sequence[str] = ()) -> "Question":
        return replace(self, without=self.without | set(without), within=(*self.within, *within))


@dataclass(frozen=True, slots=True)
class Kept:
    """A turn of a conversation, seen without some of its chips or narrowed to a part."""

    conversation: int
    number: int
    without: frozenset[str] = frozenset()
    within: tuple[str, ...] = ()

    def encoded(self, offset: int = 0) -> str:
        turn = [("conversation", str(self.conversation)), ("turn", str(self.number))]
        return urlencode([*turn, *self._rest(offset)])

    def _rest(self, offset: int) -> list[tuple[str, str]]:
        changes = _changes(self.without, self.within)
        return [*changes, ("offset", str(offset))] if offset else changes

    def href(self, offset: int = 0) -> str:
        rest = urlencode(self._rest(offset))
        return f"/conversations/{self.conversation}/{self.number}" + (f"?{rest}" if rest else "")

    def answer_href(self) -> str:
        rest = urlencode(self._rest(0))
        return f"/conversations/{self.conversation}/{self.number}/answer" + (f"?{rest}" if rest else "")

    def changed(self, *, without: Sequence[str] = (), within: Sequence[str] = ()) -> "Kept":
        return replace(self, without=self.without | set(without), within=(*self.within, *within))

    @property
    def is_changed(self) -> bool:
        return bool(self.without or self.within)


Place = Question | Kept


@dataclass(frozen=True, slots=True)
class Reply:
    """What was understood at `place`, and one page of what was found. `turns` are all of the conversation, `pinned` the tokens of
    its pinned chips. `place.after` is empty when a bookmark's sentence turned out to be a new question."""

    place: Place
    sentence: str
    plan: Plan
    found: Found
    turns: tuple[Turn, ...] = ()
    pinned: frozenset[str] = frozenset()

    @property
    def query(self) -> Query:
        return self.plan.query


class NoPlaces:
    """Stands in while the gazetteer is loading: no name is a place."""

    def find(self, name: str) -> Sequence[NamedPlace]:
        return ()

    def country_names(self, code: str, languages: Iterable[str] = ()) -> list[str]:
        return []


def question_of(
    q: str,
    after: Sequence[str] | None = None,
    without: Sequence[str] | None = None,
    within: Sequence[str] | None = None,
    like: Sequence[int] | None = None,
) -> Question:
    """What a bookmark asks, tidied and bounded."""
    before = tuple(tidy(sentence) for sentence in (after or [])[-MOST_BEFORE:])
    alike = tuple(dict.fromkeys(asset for asset in (like or [])[:MOST_LIKE] if 0 < asset < LARGEST_ID))
    return Question(tidy(q), before, frozenset((without or [])[:MOST_TOKENS]), tuple((within or [])[:MOST_TOKENS]), alike)


def place_of(encoded: str) -> Place | None:
    """What `encoded()` of a place says, whoever wrote it; None when that is nothing."""
    pairs = parse_qsl(encoded) if len(encoded) < LONGEST_ENCODED else []
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    without, within = fields.get("without", [])[:MOST_TOKENS], fields.get("within", [])[:MOST_TOKENS]
    numbers = [_number(fields.get(name, [""])[0]) for name in ("conversation", "turn")]
    if all(numbers):
        return Kept(numbers[0], numbers[1], frozenset(without), tuple(within))
    like = [_number(text) for text in fields.get("like", [])]
    question = question_of(fields.get("q", [""])[0], fields.get("after"), without, within, like)
    return question or None


def _number(text: str) -> int:
    """An id, or 0 for what can be none."""
    return min(int(text), LARGEST_ID - 1) if text.isascii() and text.isdigit() and len(text) < LONGEST_ID else 0


def place_named(reader: Reader, viewer: Family, encoded: str) -> Place | None:
    """Like `place_of`; None for a turn that was deleted meanwhile, or is somebody else's."""
    place = place_of(encoded)
    try:
        if isinstance(place, Kept):
            conversation.trail(reader, viewer, place.conversation, place.number, keeping=AS_ASKED)
    except NotFound:
        return None
    return place


def resolved(web: Web, reader: Reader, viewer: Family, place: Place) -> tuple[Place, str, Plan]:
    """Return what is asked at `place`: the place itself (a bookmark without what went before when it does not follow up on that),
    its sentence, its plan. Raises NotFound for a turn that isn't `viewer`'s."""
    known = knowing(web, reader, viewer)
    if isinstance(place, Question):
        settled, plan = _read_bookmark(web, reader, known, place)
        return settled, place.sentence, plan
    trail = conversation.trail(reader, viewer, place.conversation, place.number, keeping=known.keeping)
    turn = trail[-1]
    plan = turn.plan
    if plan.nameless and known.keeping.is_open:
        plan = understand_sentence(turn.sentence, today=today_of(web), vocabulary=known.words, trail=trail[:-1])
    return place, turn.sentence, answerable(known, replace(plan, query=shaped(web, known, plan.query, place)))


@dataclass(frozen=True, slots=True)
class Knowing:
    """What is known while a question of one viewer is understood, and how it is kept; `asked` says what may be known of People."""

    words: Vocabulary
    asked: Asked
    keeping: Keeping


def knowing(web: Web, reader: Reader, viewer: Family) -> Knowing:
    """Ask for what may be known of People now, once for each question."""
    of_people = asked(reader, viewer, web.layout)
    own = vocabulary(reader, web.gazetteer or NoPlaces(), visible_by(web.embedder) if web.embedder else None)
    words = replace(with_people(own, of_people), holds=partial(finding.passes, reader, viewer))
    if of_people.is_locked:
        web.said.forget_named()
    return Knowing(words, of_people, Keeping(words if of_people.is_on else None, web.said))


def answerable(known: Knowing, plan: Plan) -> Plan:
    """Return `plan`; of a question about persons, while it cannot be answered, why not."""
    if not plan.query.asks_for_persons or known.asked.unlocked is not None:
        return plan
    return replace(plan, kind="box", topic=None, note=LOCKED if known.asked.is_locked else NOBODY_KNOWS)


def shaped(web: Web, known: Knowing, query: Query, place: Place) -> Query:
    """Return `query` without the chips that were taken away at `place`, within the parts that it names."""
    if not place.without and not place.within:
        return query
    less = chips.removed(query, place.without)
    less = replace(less, text="") if WORDS in place.without else less
    less = replace(less, text=f"{less.text} {less.aside}".strip(), aside="") if ASIDE in place.without else less
    less = narrowing.narrowed(less, place.within, partial(country_name, web))
    return labelled(less, known.words)


def _read_bookmark(web: Web, reader: Reader, known: Knowing, question: Question) -> tuple[Question, Plan]:
    """A bookmark keeps no row: what would need one (“the third”, something to be done) is not known there."""
    today = today_of(web)
    trail: tuple[Turn, ...] = ()
    for number, sentence in enumerate(question.after, 1):
        plan = understand_sentence(sentence, today=today, vocabulary=known.words, trail=trail, plain=True)
        trail = (*(trail if plan.follows else ()), Turn(number, sentence, plan.query, 0, plan=plan))
    plan = understand_sentence(question.sentence, today=today, vocabulary=known.words, trail=trail)
    settled = question if plan.follows else replace(question, after=())
    query = resembling(shaped(web, known, plan.query, question), question.like, question.without)
    return settled, in_doubt(reader, known, replace(plan, query=query))


def in_doubt(reader: Reader, known: Knowing, plan: Plan) -> Plan:
    """Return `plan`, noting that somebody's name may be among its words while People is locked."""
    return replace(plan, nameless=True) if known.keeping.doubtful(reader, f"{plan.query.text} {plan.query.aside}") else plan


def ask(web: Web, reader: Reader, viewer: Family, place: Place, *, limit: int, offset: int = 0) -> Reply:
    """Understand what is asked at `place` and find one page of what matches."""
    settled, sentence, plan = resolved(web, reader, viewer, place)
    found = find(web, reader, viewer, plan, limit=limit, offset=offset)
    if not isinstance(settled, Kept):
        return Reply(settled, sentence, plan, found)
    return with_conversation(web, reader, viewer, Reply(settled, sentence, plan, found), settled)


def with_conversation(web: Web, reader: Reader, viewer: Family, reply: Reply, kept: Kept) -> Reply:
    """Return `reply` as it stands in its conversation."""
    keeping = knowing(web, reader, viewer).keeping
    pins = conversation.pinned(reader, viewer, kept.conversation, keeping)
    tokens = frozenset(chip.token for chip in pins.chips) if pins else frozenset()
    turns = tuple(conversation.turns(reader, viewer, kept.conversation, keeping))
    return replace(reply, place=kept, turns=turns, pinned=tokens)


def find(web: Web, reader: Reader, viewer: Family, plan: Plan, *, limit: int, offset: int = 0) -> Found:
    """One page of what `plan` searches for; a question about the box finds no photos."""
    if plan.kind == "box":
        return finding.NOTHING_FOUND
    nearest = web.vectors.nearest if web.vectors else None
    found = finding.find(
        reader, viewer, plan.query, embedder=web.embedder, matrix=web.matrix, nearest=nearest, pictures=web.pictures,
        people=people_for(web, reader, viewer, plan.query), limit=limit, offset=offset,
    )  # fmt: skip
    if not plan.query.asks_for_persons:  # whose captions hurry stands in a table
        web.shown.extend(hit.asset_id for hit in found.hits[:MOST_HURRIED])
    return found


def people_for(web: Web, reader: Reader, viewer: Family, query: Query) -> Unlocked | None:
    """What finds the persons of `query`; None when it names none, and while nobody may know."""
    return asked(reader, viewer, web.layout).unlocked if query.asks_for_persons else None


def all_matches(web: Web, reader: Reader, viewer: Family, query: Query) -> Ids:
    """The ids of everything that matches, in the order of the hits."""
    nearest = web.vectors.nearest if web.vectors else None
    return finding.matches(
        reader, viewer, query, embedder=web.embedder, matrix=web.matrix, nearest=nearest, pictures=web.pictures,
        people=people_for(web, reader, viewer, query),
    ).assets  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """The pieces of an answer, and what is drawn as a plot when the question was how often."""

    pieces: tuple[Said, ...]
    groups: tuple[Group, ...] = field(default=())


def answer_to(web: Web, reader: Reader, viewer: Family, reply: Reply) -> Answer:
    """The whole answer, all of it drawn from rows of this snapshot."""
    if reply.plan.kind == "box" and reply.plan.topic:
        state = box.Box(reader, viewer, web.layout, STAGES, vision_model(web) is not None, web.clock(), web.settings.vision_address)
        return Answer(tuple(box.answer(reply.plan.topic, state)))
    known = _known(web, reader, viewer, reply)
    return Answer(tuple(answer(reply.plan, reply.found.total, known)), known.groups if known.period else ())


def _known(web: Web, reader: Reader, viewer: Family, reply: Reply) -> Known:
    matches = partial(all_matches, web, reader, viewer)
    people = people_for(web, reader, viewer, reply.query)
    names = labels_of(people.persons) if people is not None else {}
    lookup = Lookup(reader, viewer, matches, partial(country_name, web), people, names)
    return Known() if reply.plan.note else look_up(lookup, reply.plan, reply.found.assets)


def today_of(web: Web) -> date:
    """The day it is where the box stands."""
    return datetime.fromtimestamp(web.clock() / 1000, UTC).astimezone().date()


def country_name(web: Web, code: str) -> str:
    """The English name of a country; its code while the gazetteer is loading."""
    return next(iter(web.gazetteer.country_names(code)), code) if web.gazetteer else code


def shown(found: Found) -> list[int]:
    """The ids that a turn remembers as shown."""
    return [int(asset_id) for asset_id in found.assets[:MOST_SHOWN]]


def tidy(sentence: str) -> str:
    return " ".join(sentence.split())[:LONGEST_SENTENCE]


def _changes(without: frozenset[str], within: Sequence[str]) -> list[tuple[str, str]]:
    return [*(("without", token) for token in sorted(without)), *(("within", token) for token in within)]
