"""What was left unread of a sentence, and what a text model proposes that it means, checked: nothing here asks a model.

A proposal fills fields of the Query that are empty and takes words out of what is left; what the grammar was sure of it cannot
touch. Each value goes through the recognisers that read sentences, or must be a name that this library has, so that whatever a
model says comes to a filter that a person could have typed, or to nothing.
"""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date
from typing import Any

from appliance.search.filters import Query
from appliance.search.glue import GLUE
from appliance.search.query import labelled, parse
from appliance.search.sentence import fold, split, word_set
from appliance.search.vocabulary import Vocabulary, words_of

TIMES = ("dates", "months", "month_days", "weekdays", "hours")
LONGEST_NAME = 60  # characters: of names that are longer none is told to the model
MOST_NAMES = 12  # of cameras, and of albums

# Words by which a time, a place or an owner is led in. Where one is left among the words for what a picture shows, those behind
# it may mean a time or a place.
LEADING = word_set(
    "in at from near when since before after during until while ago back where"
    " im am aus bei als seit vor nach während bis wo damals"
    " dans chez pendant depuis avant après quand lorsque où lors"
    " en desde antes después durante cuando hasta donde"
)
# Nouns that the reading drops as saying nothing by themselves; while no time, or no place, was read, what is left may say it.
STRETCHES = word_set(
    "year years month week day days summer trip time jahr jahre monat woche tag reise zeit année mois semaine jour voyage"
    " año mes semana día viaje tiempo"
)
SPOTS = word_set("city town country stadt ort land ville pays ciudad país")


def unread(sentence: str, query: Query) -> str:
    """Return the words of `query` that may mean more than what a picture shows; “” when the reading was sure of all."""
    left = [word.folded for word in split(query.text)]
    said = {word.folded for word in split(sentence)}
    if query.only or not any(word.isalnum() for word in left) or not open_fields(query):
        return ""
    leads = any(word in LEADING or any(letter.isdigit() for letter in word) for word in left)
    lacks_time, lacks_place = not _timed(query) and said & STRETCHES, not query.places and said & SPOTS
    return query.text if leads or lacks_time or lacks_place else ""


def open_fields(query: Query) -> tuple[str, ...]:
    """Return the fields of the form for what `query` says nothing of; without any, nothing can be filled in."""
    empty = {"when": not _timed(query), "where": not query.places, "camera": not query.cameras, "album": not query.albums}
    wanted = tuple(name for name, is_open in empty.items() if is_open)
    return (*wanted, "see") if wanted else ()


def names(vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the names that the model may give: of cameras and of albums of this library."""
    titles = [one.title for one in vocabulary.albums[-MOST_NAMES:]]
    return tuple(name for name in (*(one.label for one in vocabulary.cameras[:MOST_NAMES]), *titles) if len(name) <= LONGEST_NAME)


def taken(query: Query, values: Mapping[str, str], *, today: date, vocabulary: Vocabulary) -> Query | None:
    """Return `query` with what `values` fill in, by the names of the form's fields; None when that comes to nothing.

    A value that is none of its field counts as empty. “see” must be what is left when words are taken out of the query's text, so a
    filter stands for words that somebody typed."""
    allowed = open_fields(query)
    changes: dict[str, Any] = {}
    for name, check in (("when", _when), ("where", _where), ("camera", _camera), ("album", _album)):
        if name in allowed and (value := values.get(name, "").strip()):
            changes |= check(value, today, vocabulary)
    rest = _rest(query.text, values.get("see", ""))
    if not changes or rest is None:
        return None
    return labelled(replace(query, text=rest, **changes), vocabulary)


def _timed(query: Query) -> bool:
    return any(getattr(query, name) for name in TIMES)


def _when(value: str, today: date, vocabulary: Vocabulary) -> dict[str, Any]:
    return _read_as(TIMES, value, today, vocabulary)


def _where(value: str, today: date, vocabulary: Vocabulary) -> dict[str, Any]:
    return _read_as(("places",), value, today, vocabulary)


def _read_as(wanted: tuple[str, ...], value: str, today: date, vocabulary: Vocabulary) -> dict[str, Any]:
    """Return the filters that the grammar reads in `value` when these are all that it reads, and it reads all of it."""
    for sentence in (f"in {value}", value):
        said = parse(sentence, today=today, vocabulary=vocabulary)
        found = {field.name: getattr(said, field.name) for field in fields(Query) if getattr(said, field.name) != field.default}
        found.pop("chips", None)
        if found and set(found) <= set(wanted):
            return found
    return {}


def _camera(value: str, today: date, vocabulary: Vocabulary) -> dict[str, Any]:
    words = words_of(value)
    called = [one.model for one in vocabulary.cameras if fold(one.label) == fold(value) or fold(one.model) == fold(value)]
    found = called or [one.model for one in vocabulary.cameras if words in one.spellings]
    return {"cameras": tuple(found)} if len(found) == 1 else {}


def _album(value: str, today: date, vocabulary: Vocabulary) -> dict[str, Any]:
    words = words_of(value)
    found = [one.id for one in vocabulary.albums if words and one.words == words]
    return {"albums": tuple(found)} if len(found) == 1 else {}


def _rest(text: str, see: str) -> str | None:
    """Return `see`, in the words of `text`, when it holds some of them, in their order, and at least one less; else None."""
    typed = [word for word in split(text) if word.folded.isalnum() and word.folded not in GLUE]
    wanted = [word.folded for word in split(see) if word.folded.isalnum() and word.folded not in GLUE]
    kept, at = [], 0
    for word in wanted:
        while at < len(typed) and typed[at].folded != word:
            at += 1
        if at == len(typed):
            return None
        kept.append(typed[at])
        at += 1
    return " ".join(text[word.start : word.end] for word in kept) if len(kept) < len(typed) else None
