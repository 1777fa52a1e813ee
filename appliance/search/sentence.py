"""A sentence as words with their places in it, and tables of phrases to look for among them."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Generic, TypeVar

WORD = re.compile(r"\d+|[^\W\d_]+|[^\w\s]|_")
APOSTROPHES = "'’ʼ`´"
TAKEN = ""  # stands for a word that something was made of already

Meaning = TypeVar("Meaning")


@dataclass(frozen=True, slots=True)
class Word:
    """One word, number or mark; `folded` is what is compared, `glued` says that no space stands before it."""

    folded: str
    start: int
    end: int
    glued: bool
    capital: bool


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Return `text` without case and accents: “Été” is “ete”, “März” is “marz”, “Straße” is “strasse”."""
    folded = text.casefold()
    if folded.isascii():
        return folded
    taken_apart = unicodedata.normalize("NFKD", folded)
    return "".join(letter for letter in taken_apart if not unicodedata.combining(letter)) or folded


def split(sentence: str, most: int = 10_000) -> tuple[Word, ...]:
    """Return the first `most` words of `sentence` in order.

    An apostrophe inside a word parts it and is no word: “l'été” is “l” and “ete”."""
    found: list[Word] = []
    for match in islice(WORD.finditer(sentence), most):
        text, start, end = match[0], match.start(), match.end()
        if text in APOSTROPHES and sentence[start - 1 : start].isalnum() and sentence[end : end + 1].isalnum():
            continue
        glued = start > 0 and not sentence[start - 1].isspace()
        found.append(Word(fold(text), start, end, glued, text[0].isupper()))
    return tuple(found)


class Phrases(Generic[Meaning]):
    """Phrases of one or more words, each with a meaning; the longest wins."""

    def __init__(self, meanings: Mapping[str, Meaning]) -> None:
        """Given {"phrase|other phrase": meaning}."""
        self._by_first: dict[str, list[tuple[tuple[str, ...], Meaning]]] = {}
        for phrases, meaning in meanings.items():
            for phrase in phrases.split("|"):
                words = tuple(word.folded for word in split(phrase))
                self._by_first.setdefault(words[0], []).append((words, meaning))
        for known in self._by_first.values():
            known.sort(key=lambda entry: -len(entry[0]))

    @property
    def first_words(self) -> Set[str]:
        """The words that a phrase may start with."""
        return self._by_first.keys()

    @property
    def every_word(self) -> Set[str]:
        """All the words of all the phrases."""
        return {word for known in self._by_first.values() for phrase, _ in known for word in phrase}

    def at(self, words: Sequence[str], first: int) -> tuple[int, Meaning] | None:
        """Return (end, meaning) of the longest phrase that starts at `words[first]`, or None."""
        if not 0 <= first < len(words):
            return None
        for phrase, meaning in self._by_first.get(words[first], ()):
            end = first + len(phrase)
            if tuple(words[first:end]) == phrase:
                return end, meaning
        return None

    def end_at(self, words: Sequence[str], first: int) -> int | None:
        """Return where the longest phrase that starts at `first` ends, or None."""
        hit = self.at(words, first)
        return hit[0] if hit else None


def phrase_set(*phrases: str) -> Phrases[bool]:
    """Return a table of phrases that only have to be there; each string may hold several, parted by “|”."""
    return Phrases(dict.fromkeys(phrases, True))


def word_set(words: Iterable[str] | str) -> frozenset[str]:
    """Return single words, folded."""
    return frozenset(fold(word) for word in (words.split() if isinstance(words, str) else words))
