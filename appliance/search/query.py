"""A sentence, understood: `parse` turns what a person typed into a Query.

The sentence is split into words once. Recognisers run in a fixed order; each looks at the words that are still free,
takes those that it understands and notes the filter. What nobody took, without the glue around it, is the text to search for.
"""

from dataclasses import replace
from datetime import date

from appliance.search import (
    ages,
    albums_and_tags,
    any_year,
    aside,
    cameras,
    chips,
    clock,
    dates,
    days_and_hours,
    follow_up,
    kinds,
    nations,
    orders,
    persons,
    places,
    quotes,
    remarks,
)
from appliance.search.filters import Chip, DateRange, PlaceFilter, Query
from appliance.search.glue import EDGES, ENGLISH_NOUNS, GERMAN_BEFORE, GLUE, PHOTOS
from appliance.search.idle_words import PRINTED, are_idle
from appliance.search.reading import Reading
from appliance.search.sentence import TAKEN, split
from appliance.search.spans import Span
from appliance.search.vocabulary import Vocabulary

__all__ = ["Chip", "DateRange", "PlaceFilter", "Query", "labelled", "parse"]

LONGEST = 2000  # characters; what comes after is not read

RECOGNISERS = (
    albums_and_tags.recognise,
    quotes.recognise,
    ages.recognise,
    persons.recognise_who,
    orders.recognise,
    places.recognise_areas,
    cameras.recognise,
    places.recognise_long,
    persons.recognise,
    dates.recognise,
    clock.recognise,
    days_and_hours.recognise,
    kinds.recognise,
    places.recognise,
    kinds.exclude,
    persons.recognise_nobody,
    kinds.recognise_lone,
    dates.recognise_lone,
    dates.settle,
    nations.recognise,
)


def parse(
    sentence: str,
    *,
    today: date,
    vocabulary: Vocabulary,
    prior: Query | None = None,
    without: frozenset[str] = frozenset(),
) -> Query:
    """Return what `sentence` asks for, seen from `today`.

    `prior` is the question before it in the conversation, which it may change; `without` holds the tokens of removed chips.
    Never raises: a sentence that says nothing known is all text."""
    reading = Reading(sentence[:LONGEST], today, vocabulary, without)
    opening = follow_up.opening(reading) if prior else follow_up.Opening("new", 0)
    reading.take(0, opening.end)
    if prior and opening.change in ("narrow", "replace") and (year := follow_up.year_before(prior)):
        reading.context = Span(year.first, year.last)
    remarks.hush(reading)
    for recognise in RECOGNISERS:
        recognise(reading)
    understood = reading.as_query()
    left = aside.leave(reading) if understood != Query() else ""
    query = _without_idle_words(replace(understood, text=_text(reading), aside=left))
    if prior and opening.change != "new":
        query = follow_up.merged(prior, query, opening.change, reading.joins)
    elif prior and follow_up.settles(prior, query):
        query = follow_up.merged(prior, query, "replace")
    return labelled(any_year.settled(reading, chips.removed(query, without)), vocabulary)


def labelled(query: Query, vocabulary: Vocabulary) -> Query:
    """Return `query` with the chips of its filters, by the names that this library has for them."""
    cameras = {one.model: one.label for one in vocabulary.cameras}
    albums = {one.id: one.title for one in vocabulary.albums}
    return chips.with_chips(query, cameras, albums, chips.labels_of(vocabulary.persons))


def _without_idle_words(query: Query) -> Query:
    """“Our trip to Norway”, “geotagged in Rome”, “a menu with “Tiramisu””: beside a filter some words say nothing more."""
    words = [word.folded for word in split(query.text) if word.folded.isalpha()]
    if query.phrases and are_idle(words, PRINTED | GLUE):
        return replace(query, text="", text_in_picture=query.text_in_picture or bool(words))
    return replace(query, text="") if words and query != Query(text=query.text) and are_idle(words, GLUE) else query


def _text(reading: Reading) -> str:
    """Return the words that nobody took, in runs as they were typed, each without the glue at its ends."""
    runs: list[str] = []
    first = 0
    for index in range(len(reading.words) + 1):
        if _parts_runs(reading, index):
            runs.append(_trimmed(reading, first, index))
            first = index + 1
    return " ".join(run for run in runs if run)


def _parts_runs(reading: Reading, index: int) -> bool:
    """Say whether the text is cut here: at what was taken, at a comma, at “photos”, though not in “photo album”."""
    word = reading.at(index)
    if word in PHOTOS:
        return aside.ends_at_photos(reading, index)
    if word == "," and reading.at(index - 1).isdigit() and reading.at(index + 1).isdigit() and reading.glued(index + 1):
        return False  # “12,90”
    return word == TAKEN or word in ",;|"


def _trimmed(reading: Reading, first: int, end: int) -> str:
    while first < end and _is_edge(reading, first):
        first += 1
    while end > first and _is_edge(reading, end - 1):
        end -= 1
    return reading.text(first, end) if end > first else ""


def _is_edge(reading: Reading, index: int) -> bool:
    word = reading.at(index)
    if word in ENGLISH_NOUNS and index and reading.words[index - 1].folded not in GERMAN_BEFORE:
        return False
    return word in EDGES or not any(letter.isalnum() for letter in word)
