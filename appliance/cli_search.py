"""mantel find, mantel ask: a sentence in, hits that say why out; `ask` also says it in words."""

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import msgspec

from appliance.accounts.viewer import Owner
from appliance.adapters import picture_model
from appliance.adapters.embedder import MODEL, TextEmbedder
from appliance.adapters.models_catalogue import text_embedder_folder
from appliance.adapters.picture_embedder import WordsEmbedder
from appliance.adapters.places import Gazetteer
from appliance.assistant import answer, conversation, facts
from appliance.cli_library import clock, opened, owner
from appliance.cli_output import DONE, Output, plain
from appliance.errors import ModelMissing, WrongUsage
from appliance.search.chips import resembling
from appliance.search.filters import Query
from appliance.search.find import FEW_MATCHES, Found, Hit, find, matches
from appliance.search.matrix import PICTURES, Matrix
from appliance.search.pictures import Pictures
from appliance.search.query import parse
from appliance.search.vocabulary import Vocabulary, vocabulary
from appliance.settings import Settings
from appliance.store.db import Reader, Store
from appliance.store.layout import Layout


@dataclass(frozen=True, slots=True)
class Search:
    """What asking needs, loaded once for as many sentences as there are."""

    reader: Reader
    viewer: Owner
    gazetteer: Gazetteer
    known: Vocabulary
    embedder: TextEmbedder | None
    matrix: Matrix
    pictures: Pictures | None
    today: date

    def understand(self, sentence: str, prior: Query | None = None) -> Query:
        return parse(sentence, today=self.today, vocabulary=self.known, prior=prior)

    def find(self, query: Query, words: argparse.Namespace) -> Found:
        limit, offset = getattr(words, "limit", 50), getattr(words, "offset", 0)
        return find(
            self.reader, self.viewer, query, embedder=self.embedder, matrix=self.matrix, pictures=self.pictures, limit=limit,
            offset=offset,
        )  # fmt: skip

    def total(self, query: Query) -> int:
        found = matches(self.reader, self.viewer, query, embedder=self.embedder, matrix=self.matrix, pictures=self.pictures)
        return len(found.assets)


def run(words: argparse.Namespace, settings: Settings, output: Output) -> int:
    if words.command == "find" and not _asks_once(words):
        raise WrongUsage(what="Give “mantel find” one sentence, or a file of them with --from, or a photo with --like.")
    with opened(settings) as (store, layout):
        if words.command == "ask":
            _ask(words, store, layout, output)
        elif words.file is not None:
            _find_each(words, store, layout)
        else:
            _find(words, store, layout, output)
    return DONE


def _search(reader: Reader, layout: Layout, today: date | None) -> Search:
    try:
        embedder = TextEmbedder(text_embedder_folder(layout.models))
    except ModelMissing:
        embedder = None  # words and filters still find
    gazetteer = Gazetteer()
    known = vocabulary(reader, gazetteer)
    day = today or date.today()  # noqa: DTZ011 - the day of the person at the terminal
    return Search(reader, owner(reader), gazetteer, known, embedder, Matrix(MODEL), _pictures(layout), day)


def _pictures(layout: Layout) -> Pictures | None:
    try:
        words = WordsEmbedder(picture_model.folder_of(layout.models))
    except ModelMissing:
        return None  # captions and words still find
    return Pictures(words, Matrix(words.model, PICTURES))


def _asks_once(words: argparse.Namespace) -> bool:
    given = (words.sentence is not None) + (words.file is not None)
    return given == 1 or (not given and bool(_likes(words)))


def _likes(words: argparse.Namespace) -> tuple[int, ...]:
    return tuple(getattr(words, "like", None) or ())


def _find(words: argparse.Namespace, store: Store, layout: Layout, output: Output) -> None:
    with store.read() as reader:
        search = _search(reader, layout, words.today)
        prior = conversation.last_query(reader, search.viewer, words.conversation) if words.conversation else None
        sentence = words.sentence or ""
        query = resembling(search.understand(sentence, prior), _likes(words))
        found = search.find(query, words)
    if words.conversation:
        _remember(store, search.viewer, words.conversation, sentence, query)
    output.show(_document(query, found), _lines(query, found))


def _find_each(words: argparse.Namespace, store: Store, layout: Layout) -> None:
    try:
        sentences = words.file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise WrongUsage(what=f"{words.file} could not be read as text ({error}).") from error
    with store.read() as reader:
        search = _search(reader, layout, words.today)
        for sentence in sentences:
            query = resembling(search.understand(sentence), _likes(words))
            print(json.dumps(_document(query, search.find(query, words)), ensure_ascii=False), flush=True)


def _ask(words: argparse.Namespace, store: Store, layout: Layout, output: Output) -> None:
    with store.read() as reader:
        search = _search(reader, layout, words.today)
        prior = conversation.last_query(reader, search.viewer, words.conversation) if words.conversation else None
        query = search.understand(words.sentence, prior)
        found = search.find(query, words)
        known = facts.facts(reader, found.assets, lambda code: search.gazetteer.country_names(code)[0])
        looser = None if found.total else facts.looser(query, search.total)
        said = "".join(answer.answer(query, found, known, looser))
    number = _remember(store, search.viewer, words.conversation, words.sentence, query)
    document = {
        "conversation": number,
        "answer": said,
        "intent": query.intent,
        "hits": _hits(found.hits),
        "evidence": [hit.asset_id for hit in found.hits],
        "action": None,
    }
    output.show(document, [plain(said), *_hit_lines(found.hits)])


def _remember(store: Store, viewer: Owner, number: int | None, sentence: str, query: Query) -> int | None:
    """Add the turn to its conversation, or to a new one; there is none while there is no owner to have it."""
    if not viewer.user_id:
        return None
    with store.write() as writer:
        number = number or conversation.begin(writer, viewer, now=clock())
        conversation.add(writer, viewer, number, sentence, query, now=clock())
    return number


def _document(query: Query, found: Found) -> dict[str, Any]:
    plan = msgspec.to_builtins(query)
    nothing = msgspec.to_builtins(Query())
    apart = ("text", "sort", "intent", "chips")
    filters = {name: value for name, value in plan.items() if name not in apart and value != nothing[name]}
    return {
        "query": {"text": query.text, "filters": filters, "sort": query.sort, "intent": query.intent},
        "chips": [asdict(chip) for chip in query.chips],
        "total": found.total,
        "hits": _hits(found.hits),
        "maybe": _hits(found.maybe),
    }


def _hits(hits: Sequence[Hit]) -> list[dict[str, Any]]:
    return [
        {"id": hit.asset_id, "original": hit.original, "score": hit.score, "why": [asdict(why) for why in hit.why]} for hit in hits
    ]


def _lines(query: Query, found: Found) -> Iterator[str]:
    chips = " ".join(f"[{chip.label}]" for chip in query.chips)
    yield plain(f"{found.total} found {chips} {query.text}".strip())
    yield from _hit_lines(found.hits)
    if found.maybe and found.total <= FEW_MATCHES:
        yield "maybe:"
        yield from _hit_lines(found.maybe)


def _hit_lines(hits: Sequence[Hit]) -> Iterator[str]:
    for hit in hits:
        yield plain(f"  {hit.asset_id}  {hit.original}  {'; '.join(why.text for why in hit.why)}")
