"""From a sentence to a reply, for every page that asks: understand, find, answer. Follow-ups travel in the address, so that a
question with all that went before it can be reloaded, kept and sent."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from urllib.parse import urlencode

from appliance.accounts.viewer import Viewer
from appliance.assistant.answer import answer
from appliance.assistant.facts import facts, looser
from appliance.search import find as finding
from appliance.search.chips import resembling
from appliance.search.find import Found
from appliance.search.ids import LARGEST_ID, Ids
from appliance.search.query import Query, parse
from appliance.search.vocabulary import NamedPlace, vocabulary
from appliance.store.db import Reader
from appliance.web.state import Web

LONGEST_SENTENCE = 500
MOST_BEFORE = 6
MOST_LIKE = 12
MOST_HURRIED = 60
"""So many hits of one question get their captions before what nobody asked for."""


@dataclass(frozen=True, slots=True)
class Question:
    """A sentence, the sentences that it follows up on (oldest first), the tokens of chips that were taken away, and the assets
    that shall be resembled."""

    sentence: str
    after: tuple[str, ...] = ()
    without: frozenset[str] = frozenset()
    like: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.sentence or self.like)

    def encoded(self, offset: int = 0) -> str:
        """As the query string of /ask, /ask/answer and a photo's page."""
        pairs = [("q", self.sentence), *(("after", sentence) for sentence in self.after)]
        pairs += [("without", token) for token in sorted(self.without)]
        pairs += [("like", str(asset)) for asset in self.like]
        return urlencode([*pairs, ("offset", str(offset))] if offset else pairs)

    def but_for(self, token: str) -> "Question":
        return replace(self, without=self.without | {token})

    def followed_up(self) -> tuple[str, ...]:
        """What the next question's `after` is. Chips that were taken away are not remembered: a follow-up starts anew."""
        return (*self.after, *filter(None, (self.sentence,)))[-MOST_BEFORE:]


@dataclass(frozen=True, slots=True)
class Reply:
    """`question.after` is empty when the sentence turned out to be a new question."""

    question: Question
    query: Query
    found: Found


class NoPlaces:
    """Stands in while the gazetteer is loading: no name is a place."""

    def find(self, name: str) -> Sequence[NamedPlace]:
        return ()


def question_of(q: str, after: list[str] | None, without: list[str] | None, like: list[int] | None = None) -> Question:
    """What an address asks, tidied and bounded."""
    before = tuple(_tidy(sentence) for sentence in (after or [])[-MOST_BEFORE:])
    alike = tuple(dict.fromkeys(asset for asset in (like or [])[:MOST_LIKE] if 0 < asset < LARGEST_ID))
    return Question(_tidy(q), before, frozenset(without or ()), alike)


def ask(web: Web, reader: Reader, viewer: Viewer, question: Question, *, limit: int, offset: int = 0) -> Reply:
    """Understand `question` and find one page of what matches."""
    settled, query = understand(web, reader, question)
    nearest = web.vectors.nearest if web.vectors else None
    found = finding.find(
        reader, viewer, query, embedder=web.embedder, matrix=web.matrix, nearest=nearest, pictures=web.pictures, limit=limit,
        offset=offset,
    )  # fmt: skip
    web.shown.extend(hit.asset_id for hit in found.hits[:MOST_HURRIED])
    return Reply(settled, query, found)


def all_matches(web: Web, reader: Reader, viewer: Viewer, query: Query) -> Ids:
    """The ids of everything that matches, in the order of the hits."""
    nearest = web.vectors.nearest if web.vectors else None
    return finding.matches(
        reader, viewer, query, embedder=web.embedder, matrix=web.matrix, nearest=nearest, pictures=web.pictures
    ).assets


def understand(web: Web, reader: Reader, question: Question) -> tuple[Question, Query]:
    """Return what `question` asks, and the question itself: without what went before when it does not follow up on that."""
    known = vocabulary(reader, web.gazetteer or NoPlaces())
    today = today_of(web)
    prior: Query | None = None
    for sentence in question.after:
        prior = parse(sentence, today=today, vocabulary=known, prior=prior)
    alone = parse(question.sentence, today=today, vocabulary=known, without=question.without)
    if prior is None:
        return question, resembling(alone, question.like, question.without)
    query = parse(question.sentence, today=today, vocabulary=known, prior=prior, without=question.without)
    settled = replace(question, after=()) if query == alone else question
    return settled, resembling(query, question.like, question.without)


def answer_to(web: Web, reader: Reader, viewer: Viewer, reply: Reply) -> tuple[str, ...]:
    """The answer piece by piece, all of it drawn from rows of this snapshot."""
    total = reply.found.total
    less = None if total else looser(reply.query, lambda query: len(all_matches(web, reader, viewer, query)))
    return tuple(answer(reply.query, reply.found, facts(reader, reply.found.assets, partial(country_name, web)), less))


def today_of(web: Web) -> date:
    """The day it is where the box stands."""
    return datetime.fromtimestamp(web.clock() / 1000, UTC).astimezone().date()


def country_name(web: Web, code: str) -> str:
    """The English name of a country; its code while the gazetteer is loading."""
    return next(iter(web.gazetteer.country_names(code)), code) if web.gazetteer else code


def _tidy(sentence: str) -> str:
    return " ".join(sentence.split())[:LONGEST_SENTENCE]
