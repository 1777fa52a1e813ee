"""Words in pictures as their letters look: what a reader of pictures takes for each other is made equal.

`shapes` holds every text so, beside `words` which holds it as it was read. Asked for a word that was misread (“Ste1ner”), read in
two (“hard ware”) or in one (“hardwarestore”), parted at the end of a line, or typed without its umlaut (“Baeckerei”), it still
answers; asked for a word that is in no picture it does not, since only letters that look alike are equal, never any letters.
"""

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from appliance.search.ids import Ids, ids_of
from appliance.search.words import quoted, words_of
from appliance.store.db import Reader

_ALIKE = str.maketrans(
    {"0": "o", "1": "l", "i": "l", "5": "s", "8": "b", "ı": "l", "ß": "ss", "æ": "a", "œ": "o", "ø": "o", "ł": "l"},
)
_TOGETHER = (("rn", "m"), ("vv", "w"), ("ae", "a"), ("oe", "o"), ("ue", "u"))
_STREET = re.compile("stra(?:f|b|s|z|fz|sz|ls|ss|ssz)e$")  # what readers make of the “ß” on German street signs
_WORD = re.compile(r"[^\W_]+")
_PARTED = re.compile(r"(?<=[^\W\d_])-\s*\n\s*(?=[^\W\d_])")
_IDEOGRAPH = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af]")
LEAST = 4  # letters: a shorter word looks like too many others
MOST_WORDS = 12
MISREAD_FROM = 4


def shape(word: str) -> str:
    """Return what `word` looks like: “STE1NER” → “stelner”. Ideographs stand apart, so that a part of a run is found."""
    plain = unicodedata.normalize("NFKD", word.lower().translate(_ALIKE))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter)).translate(_ALIKE)
    for pair, one in _TOGETHER:
        letters = letters.replace(pair, one)
    letters = _STREET.sub("strasse", letters)
    return " ".join(_IDEOGRAPH.sub(r" \g<0> ", unicodedata.normalize("NFC", letters)).split())


def is_long_enough(seen: str) -> bool:
    """Say whether a shape has so many letters that little else looks like it."""
    return len(seen) >= LEAST or bool(_IDEOGRAPH.search(seen))


def shapes_of(text: str) -> str:
    """Return what `shapes` holds of a text: its words, then every two neighbours of a line as one, and what a line's end parted."""
    rows = [[shape(word) for word in _WORD.findall(row)] for row in text.split("\n")]
    joined = [one + other for row in rows for one, other in pairwise(row) if len(one) + len(other) >= LEAST]
    whole = [shape(word) for match in _PARTED.finditer(text) for word in _around(text, match)]
    return "\n".join((*(" ".join(row) for row in rows), " ".join(joined), " ".join(whole)))


def _around(text: str, parted: re.Match[str]) -> list[str]:
    before, after = _WORD.findall(text[: parted.start()][-40:]), _WORD.findall(text[parted.end() :][:40])
    return [before[-1] + after[0]] if before and after else []


def looks_like(phrase: str) -> str | None:
    """Return the FTS5 expression on `shapes` for words that stand in a picture in any order; None when they are too short for it.

    Each must be there, alone or run together with its neighbour; of four words and more one may be missing."""
    words = [shape(word) for word in words_of(phrase)][:MOST_WORDS]
    if not any(map(is_long_enough, words)):
        return None
    each = [or_joined(words, index) for index in range(len(words))]
    if len(each) < MISREAD_FROM:
        return " AND ".join(each)
    return " OR ".join("(" + " AND ".join(each[:index] + each[index + 1 :]) + ")" for index in range(len(each)))


def or_joined(words: Sequence[str], index: int) -> str:
    ways = [words[index], *(one + other for one, other in pairwise(words) if words[index] in (one, other))]
    return "(" + " OR ".join(quoted(way) for way in dict.fromkeys(ways)) + ")"


def similar(reader: Reader, expression: str) -> Ids:
    """Return the assets whose `shapes` fit an expression of `looks_like`."""
    return ids_of(reader, "SELECT group_concat(rowid) FROM shapes WHERE shapes MATCH ?", (expression,))
