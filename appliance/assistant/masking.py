"""Sentences without names: before a sentence is kept, “Mia at the beach” becomes “⟨id⟩ at the beach”, and it is shown again with
the name while People is unlocked, with “someone” while it is not.

Pure text: who is called what comes from the people process and goes nowhere else.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from appliance.people.marks import MARK, SOMEONE
from appliance.search.persons import PLAIN, written
from appliance.search.sentence import Word, split
from appliance.search.vocabulary import Person

LEFT_OUT = "…"  # stands for words that nobody knew
MOST_PARTS = 10
SHORTEST = 3  # letters of a later word of a name that is taken for the name: “Berger”, not “de”

Known = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a sentence from character `start` to `end` (not included), and what is kept of it."""

    start: int
    end: int
    kept: str


def masked(text: str, persons: Sequence[Person], is_known: Known) -> str:
    """Return `text` with ids for names, and without the words that nothing on this box knows: they may be names that nobody has
    told it yet. Numbers, signs and marks stay."""
    words = [word for word in split(text) if word.folded.isalnum()]
    marks = (Piece(*mark.span(), mark[0]) for mark in MARK.finditer(text))
    pieces = [*marks, *_names(words, persons), *_unknown(words, is_known)]
    kept, at = [], 0
    for piece in sorted(pieces, key=lambda one: (one.start, -one.end)):
        if piece.start >= at:
            kept += [text[at : piece.start], piece.kept]
            at = piece.end
    return _once("".join((*kept, text[at:])))


def without_names(text: str, persons: Sequence[Person], is_known: Known) -> str:
    """Like `masked`, but nobody can tell afterwards who was meant."""
    return MARK.sub(SOMEONE, masked(text, persons, is_known))


def shown(text: str, names: Mapping[str, str]) -> str:
    """Return a kept sentence with the `names` by id, and “someone” for whose name is not there."""

    def name(mark: re.Match[str]) -> str:
        whole = names.get(mark[1])
        if whole is None:
            return SOMEONE
        parts = whole.split()
        called = parts[min(int(mark[2]), len(parts) - 1)] if mark[2] else whole
        return called.casefold() if mark[3] else called

    return MARK.sub(name, text)


def holds_names(text: str, persons: Sequence[Person]) -> bool:
    """Does `text` hold somebody's name?"""
    return MARK.search(masked(text, persons, lambda _: True)) is not None


def words_of(persons: Sequence[Person]) -> frozenset[str]:
    """Every word of their names, folded, with what makes it an owner's."""
    ways = [way for person in persons for way, _ in _ways(person.name)]
    words = {word for way in ways for word in way if len(word) >= SHORTEST or word == way[0]}
    return frozenset((*words, *(f"{word}s" for word in words)))


def lacks_words(kept: str) -> bool:
    """Was something left out of a kept sentence?"""
    return LEFT_OUT in kept


def _names(words: Sequence[Word], persons: Sequence[Person]) -> Iterator[Piece]:
    """Whole names, and each word of one by itself; what makes it an owner's (“Mias”) is left standing."""
    ways = [(person.id, way, number) for person in persons for way, number in _ways(person.name)]
    for first, word in enumerate(words):
        for person, way, number in ways:
            run = [one.folded.translate(PLAIN) for one in words[first : first + len(way)]]
            owned = run[:-1] == list(way[:-1]) and run[-1] == f"{way[-1]}s"
            if run == list(way) or (len(run) == len(way) and owned):
                end = words[first + len(way) - 1].end - owned
                yield Piece(word.start, end, f"⟨{person}{number}{'' if word.capital else '~'}⟩")


def _ways(name: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the words of each way to write the name, and which part of it that is."""
    for way in written(name):
        yield way, ""
    for number, part in enumerate(name.split()[:MOST_PARTS]):
        for way in written(part) if not number or len(part) >= SHORTEST else ():
            yield way, f".{number}"


def _unknown(words: Sequence[Word], is_known: Known) -> Iterator[Piece]:
    for word in words:
        if word.folded[0].isalpha() and not is_known(word.folded):
            yield Piece(word.start, word.end, LEFT_OUT)


def _once(text: str) -> str:
    """One sign for several words in a row."""
    return re.sub(rf"{LEFT_OUT}(?:[\s'’-]*{LEFT_OUT})+", LEFT_OUT, text)
