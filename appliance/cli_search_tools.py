"""What asking at the terminal needs, loaded once for as many sentences as there are."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from appliance.accounts.viewer import Owner
from appliance.adapters import picture_model
from appliance.adapters.embedder import MODEL, TextEmbedder
from appliance.adapters.models_catalogue import text_embedder_folder
from appliance.adapters.picture_embedder import WordsEmbedder
from appliance.adapters.places import Gazetteer
from appliance.assistant.asked_people import Asked, asked, with_people
from appliance.assistant.conversation import Turn
from appliance.assistant.intents import understand
from appliance.assistant.keeping import Keeping
from appliance.assistant.plan import Plan
from appliance.cli_library import owner
from appliance.errors import ModelMissing
from appliance.search.filters import Query
from appliance.search.find import Found, find, matches, passes
from appliance.search.ids import Ids
from appliance.search.matrix import PICTURES, Matrix
from appliance.search.pictures import Pictures
from appliance.search.visible import visible_by
from appliance.search.vocabulary import Vocabulary, vocabulary
from appliance.store.db import Reader
from appliance.store.layout import Layout


@dataclass(frozen=True, slots=True)
class Search:
    """What asking needs, loaded once for as many sentences as there are."""

    reader: Reader
    viewer: Owner
    gazetteer: Gazetteer
    known: Vocabulary
    asked: Asked
    keeping: Keeping
    embedder: TextEmbedder | None
    matrix: Matrix
    pictures: Pictures | None
    today: date

    def understand(self, sentence: str, trail: Sequence[Turn] = (), pins: Query | None = None) -> Plan:
        return understand(sentence, today=self.today, vocabulary=self.known, trail=trail, pins=pins)

    def find(self, query: Query, words: argparse.Namespace) -> Found:
        limit, offset = getattr(words, "limit", 50), getattr(words, "offset", 0)
        return find(
            self.reader, self.viewer, query, embedder=self.embedder, matrix=self.matrix, pictures=self.pictures,
            people=self.asked.unlocked, limit=limit, offset=offset,
        )  # fmt: skip

    def matches(self, query: Query) -> Ids:
        return matches(
            self.reader, self.viewer, query, embedder=self.embedder, matrix=self.matrix, pictures=self.pictures,
            people=self.asked.unlocked,
        ).assets  # fmt: skip

    def country(self, code: str) -> str:
        return next(iter(self.gazetteer.country_names(code)), code)


def prepare(reader: Reader, layout: Layout, today: date | None) -> Search:
    try:
        embedder = TextEmbedder(text_embedder_folder(layout.models))
    except ModelMissing:
        embedder = None  # words and filters still find
    gazetteer = Gazetteer()
    viewer = owner(reader)
    people = asked(reader, viewer, layout)
    own = vocabulary(reader, gazetteer, visible_by(embedder) if embedder else None)
    known = replace(with_people(own, people), holds=partial(passes, reader, viewer))
    keeping = Keeping(known if people.is_on else None)
    day = today or date.today()  # noqa: DTZ011 - the day of the person at the terminal
    return Search(reader, viewer, gazetteer, known, people, keeping, embedder, Matrix(MODEL), _pictures(layout), day)


def _pictures(layout: Layout) -> Pictures | None:
    try:
        words = WordsEmbedder(picture_model.folder_of(layout.models))
    except ModelMissing:
        return None  # captions and words still find
    return Pictures(words, Matrix(words.model, PICTURES))
