"""Does this box know a word? One that stands in Mantel's own tables, or in the words of this library, which lie in `mantel.db` in
clear already; any other may be a name that People holds, or will hold."""

import re
from collections.abc import Iterator
from functools import cache
from types import ModuleType
from typing import Any

from appliance.assistant import intent_words, look_words, time_words
from appliance.search import (
    ages,
    camera_words,
    colours,
    date_words,
    document_words,
    glue,
    hour_words,
    idle_words,
    kind_words,
    person_words,
    place_words,
    saying_words,
)
from appliance.search.sentence import Phrases, fold, word_set
from appliance.search.vocabulary import Vocabulary
from appliance.search.words import quoted
from appliance.store.db import Reader

TABLES = (
    ages, camera_words, colours, date_words, document_words, glue, hour_words, idle_words, intent_words, kind_words, look_words,
    person_words, place_words, saying_words, time_words,
)  # fmt: skip
# Of Mantel's words those that are somebody's name before they are anything else. “May”, “Rose” and “Will” are words first.
NAMES_FIRST = word_set(
    "mia ella ida eva eve don juan francisco luca lucas leon petra bill guy nina nino isla jordan emma paul marie mary tom carmen"
    " angel elena lucia oscar charlotte clara florence sofia victoria laura anna mark max chase dean earl jim joe kit"
)
WORD = re.compile(r"[^\W\d_]+")


def knows(reader: Reader, vocabulary: Vocabulary, word: str) -> bool:
    """`word` is folded. What a person wrote about a photo counts, and where photos were taken."""
    return word in of_tables() or word in _of_library(vocabulary) or _stands_in(reader, word)


def is_depicted(reader: Reader, vocabulary: Vocabulary, word: str) -> bool:
    """Like `knows`, without what persons wrote: a model that describes photos knows no names."""
    return word in of_tables() or word in _of_library(vocabulary) or _stands_in(reader, word, "caption")


@cache
def of_tables() -> frozenset[str]:
    """Every word of Mantel's tables of phrases and patterns, folded."""
    return frozenset(word for table in TABLES for value in _of_module(table) for word in _words(value)) - NAMES_FIRST


def _of_module(table: ModuleType) -> Iterator[Any]:
    """Without the towns that are called like somebody, “Anna”, “Florence”."""
    return (value for name, value in vars(table).items() if not name.startswith("__") and value is not place_words.WORDS_TOO)


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from WORD.findall(fold(value))
    elif isinstance(value, Phrases):
        yield from value.every_word
    elif isinstance(value, dict):
        for pair in value.items():
            yield from _words(pair)
    elif isinstance(value, (set, frozenset, tuple, list)):
        for one in value:
            yield from _words(one)


def _of_library(vocabulary: Vocabulary) -> frozenset[str]:
    cameras = (word for camera in vocabulary.cameras for spelling in camera.spellings for word in spelling)
    albums = (word for album in vocabulary.albums for word in album.words)
    tags = (word for tag in vocabulary.tags for word in tag)
    regions = (word for _, region in vocabulary.regions for word in _words(region))
    towns = (word for _, town in vocabulary.towns for word in _words(town))
    return frozenset((*cameras, *albums, *tags, *regions, *towns, *vocabulary.place_names))


def _stands_in(reader: Reader, word: str, column: str | None = None) -> bool:
    return reader.first("SELECT 1 FROM words WHERE words MATCH ? LIMIT 1", (quoted(word, column),)) is not None
