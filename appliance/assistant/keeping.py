"""What of a question is kept in `mantel.db`: while People is off all of it, while it is on no name.

A kept turn never holds a person's name, nor which photos a person is in. A name that is known now is masked; a word that nothing
on this box knows may be a name that is locked, or one that is given tomorrow, and is left out. What was left out stays in memory
alone, so that the question is answered as it was asked until the process ends.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from appliance.assistant import known_words, masking
from appliance.assistant.plan import Plan
from appliance.errors import WrongUsage
from appliance.search.filters import DateRange, PlaceFilter, Query
from appliance.search.query import labelled
from appliance.search.sentence import split
from appliance.search.spans import Span, label
from appliance.search.vocabulary import Person, Vocabulary
from appliance.store.db import Reader

MOST_REMEMBERED = 2000
MAY_BE_A_NAME = (
    "While People is on, only words that stand in this library can be looked for, and those that are written small. This one"
    " might be somebody's name. Nothing was started."
)
LEFT_OUT = "Words of this question were not kept, because they may be somebody's name. Ask it again."
# Of a Query everything that is typed words, so that a field that is new is masked too; what is named here holds none.
NO_WORDS = (
    "cameras", "not_cameras", "tags", "not_tags", "formats", "not_formats", "frames", "not_frames", "month_days",
    "not_month_days", "persons", "not_persons", "unsettled",
)  # fmt: skip
TEXTS = tuple(one.name for one in fields(Query) if one.type in ("str", str, tuple[str, ...]) and one.name not in NO_WORDS)
SPANS = ("dates", "not_dates")


@dataclass(frozen=True, slots=True)
class Said:
    """A turn as it was asked. `named`: it holds a name, and is only for while People is unlocked."""

    sentence: str
    query: Query
    plan: Plan
    shown: tuple[int, ...]
    named: bool


@dataclass(slots=True)
class Memory:
    """Turns by conversation and number, in the memory of this process; the oldest goes when there are too many."""

    turns: OrderedDict[tuple[int, int], Said] = field(default_factory=OrderedDict)

    def put(self, turn: tuple[int, int], said: Said) -> None:
        self.turns[turn] = said
        self.turns.move_to_end(turn)
        while len(self.turns) > MOST_REMEMBERED:
            self.turns.popitem(last=False)

    def forget_named(self) -> None:
        """People was locked."""
        for turn in [turn for turn, said in self.turns.items() if said.named]:
            del self.turns[turn]


@dataclass(frozen=True, slots=True)
class Keeping:
    """How questions of one viewer are kept now. `known` is there while People is on, whoever asks; it holds persons while that is
    unlocked, for those who may see them. Without it everything is kept as it was asked. `trusted` says in another way which
    words, that are no name, may be kept: for questions that are written anew."""

    known: Vocabulary | None = None
    memory: Memory = field(default_factory=Memory)
    trusted: masking.Known | None = None

    @property
    def is_open(self) -> bool:
        return self.known is not None and self.known.people == "open"

    @property
    def persons(self) -> tuple[Person, ...]:
        return self.known.persons if self.known is not None else ()

    @property
    def names(self) -> Mapping[str, str]:
        return {person.id: person.name for person in self.persons}

    def masked(self, reader: Reader, text: str) -> str:
        """Return `text` with ids for names, as it may be kept."""
        return masking.masked(text, self.persons, self._knowing(reader, self.known)) if self.known is not None else text

    def anonymous(self, reader: Reader, text: str) -> str:
        """The same for what stands beside ids of photos: nobody can tell whose they are."""
        return masking.without_names(text, self.persons, self._knowing(reader, self.known)) if self.known is not None else text

    def thing(self, reader: Reader, text: str) -> str:
        """The same for what a model is to look for, which would be nothing without its words: of those that nobody knows it may
        have any but one with a capital letter. Raises WrongUsage."""
        if self.known is None:
            return text
        known = self._knowing(reader, self.known)
        if any(word.capital and word.folded[0].isalpha() and not known(word.folded) for word in split(self._nameless(text))):
            raise WrongUsage(what=MAY_BE_A_NAME)
        return self._nameless(text)

    def _nameless(self, text: str) -> str:
        return masking.without_names(text, self.persons, lambda _: True)

    def shown(self, text: str) -> str:
        """Return what was kept with the names that are known now."""
        return masking.shown(text, self.names)

    def remember(self, turn: tuple[int, int], said: Said) -> None:
        """Keep a turn in memory as it was asked, for as long as that may be shown."""
        if self.known is not None:
            named = said.query.asks_for_persons or masking.holds_names(said.sentence, self.persons)
            self.memory.put(turn, replace(said, named=named or said.named))

    def said(self, turn: tuple[int, int]) -> Said | None:
        """Return a turn as it was asked; None when only what was written of it is left, or may be shown."""
        said = self.memory.turns.get(turn) if self.known is not None else None
        return None if said is not None and said.named and not self.is_open else said

    def doubtful(self, reader: Reader, text: str) -> tuple[str, ...]:
        """The words of `text` that may be the name of somebody: while People is locked, for those who may see it."""
        if self.known is None or self.known.people != "locked":
            return ()
        words = [word for word in split(text) if word.folded[0].isalpha()]
        unknown = [word for word in words if not known_words.is_depicted(reader, self.known, word.folded)]
        return tuple(dict.fromkeys(text[word.start : word.end] for word in unknown))

    def plan(self, reader: Reader, sentence: str, plan: Plan, *, of_persons: bool) -> Plan:
        """Return what is written of `plan`, which `sentence` was understood as, its query too. `of_persons`: it asks for persons,
        or follows on a question that does, so that no photo may stand in it."""
        if self.known is None:
            return plan
        query = self.query(reader, plan.query, of_persons=of_persons)
        masked = self.masked(reader, sentence)
        points = of_persons and (plan.kind in ("look", "act", "check") or bool(plan.query.only or plan.query.like))
        if points or masking.lacks_words(masked):
            return Plan(query=query, follows=plan.follows, note=LEFT_OUT, nameless=plan.nameless)
        if plan.note and masked != sentence:
            return replace(plan, query=query, note=LEFT_OUT)
        act = replace(plan.act, name=self.masked(reader, plan.act.name)) if plan.act else None
        return replace(
            plan, query=query, act=act, question=self.masked(reader, plan.question), thing=self.masked(reader, plan.thing)
        )

    def query(self, reader: Reader, query: Query, *, of_persons: bool) -> Query:
        """Return what is written of `query`; chips are made anew when it is read."""
        if self.known is None:
            return query
        known = self._knowing(reader, self.known)
        texts: dict[str, Any] = {name: _each(getattr(query, name), lambda text: self.masked(reader, text)) for name in TEXTS}
        places = tuple(place for place in query.places if self._keeps(place, known))
        spans: dict[str, Any] = {name: tuple(self._span(one) for one in getattr(query, name)) for name in SPANS}
        apart: dict[str, Any] = {"only": (), "like": ()} if of_persons else {}
        return replace(query, places=places, chips=(), **texts, **spans, **apart)

    def query_shown(self, query: Query) -> Query:
        """Return a kept query with the names that are known now, and its chips."""
        if self.known is None:
            return query
        texts: dict[str, Any] = {name: _each(getattr(query, name), self.shown) for name in TEXTS}
        spans: dict[str, Any] = {
            name: tuple(replace(one, label=self.shown(one.label)) for one in getattr(query, name)) for name in SPANS
        }
        return labelled(replace(query, **texts, **spans), self.known)

    def plan_shown(self, plan: Plan) -> Plan:
        """Return a kept plan with the names that are known now."""
        act = replace(plan.act, name=self.shown(plan.act.name)) if plan.act else None
        texts: dict[str, Any] = {name: self.shown(getattr(plan, name)) for name in ("question", "thing")}
        return replace(plan, query=self.query_shown(plan.query), act=act, **texts)

    def _knowing(self, reader: Reader, known: Vocabulary) -> masking.Known:
        return self.trusted or (lambda word: known_words.knows(reader, known, word))

    def _keeps(self, place: PlaceFilter, known: masking.Known) -> bool:
        """A place where no photo of this library was taken may be somebody's name; one that was understood before a name was known
        may be that name."""
        if self.trusted is not None and masking.holds_names(place.label, self.persons):
            return False
        return all(known(word.folded) for word in split(place.label) if word.folded[0].isalpha())

    def _span(self, span: DateRange) -> DateRange:
        """“When Mia was 5” is a name of days; “May 2019” is nobody's."""
        is_plain = span.label == label(Span(span.first, span.last))
        return span if is_plain else replace(span, label=masking.masked(span.label, self.persons, lambda _: True))


def _each(value: Any, change: Callable[[str], str]) -> Any:
    return change(value) if isinstance(value, str) else tuple(map(change, value))


AS_ASKED = Keeping()
"""While People is off."""
