"""Which words of a text a question found: the same folding as search, to be marked where they are shown."""

from collections.abc import Iterable
from dataclasses import dataclass

from appliance.search.filters import Query
from appliance.search.same_words import in_other_languages
from appliance.search.shapes import LEAST, shape
from appliance.search.words import content_words, words_of
from appliance.store.folding import tokens


@dataclass(frozen=True, slots=True)
class Run:
    """A part of a text; `found` when the question holds that word."""

    words: str
    found: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """The words of a question, folded as search folds them, and the shapes of those that may have been misread."""

    folded: frozenset[str]
    shapes: frozenset[str]

    def __bool__(self) -> bool:
        return bool(self.folded)


def wanted(query: Query) -> Wanted:
    """Return what to mark for `query`: its content words, and every word of its phrases."""
    words = [*content_words(query.text), *(word for phrase in query.phrases for word in words_of(phrase))]
    folded = frozenset(token.folded for word in words for other in in_other_languages(word) for token in tokens(other))
    return Wanted(folded, frozenset(seen for word in words if len(seen := shape(word)) >= LEAST))


def runs(text: str, words: Wanted) -> tuple[Run, ...]:
    """Cut `text` into runs, found and not found in turn; together they are the text."""
    return tuple(_runs(text, words))


def _runs(text: str, words: Wanted) -> Iterable[Run]:
    at = 0
    for token in tokens(text) if words else ():
        if token.folded in words.folded or shape(text[token.start : token.end]) in words.shapes:
            if token.start > at:
                yield Run(text[at : token.start], False)
            yield Run(text[token.start : token.end], True)
            at = token.end
    if at < len(text):
        yield Run(text[at:], False)
