"""Words that a reader of pictures misread by a letter or two: “HIGHLIFHT” is found when “highlight” is asked for.

Only for words of which no picture holds even the shape (shapes.py), and only long ones: of six to eight letters one may be wrong,
of nine and more two. The first three letters must be right, or one of them alone wrong; the last must be right, since another
ending is another word, except in a very long one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from string import ascii_lowercase

from appliance.search.filters import Query
from appliance.search.ids import Ids, ids_of, member
from appliance.search.same_words import in_other_languages
from appliance.search.shapes import MOST_WORDS, is_long_enough, or_joined, shape, similar
from appliance.search.words import any_of, quoted, words_of
from appliance.store.db import Reader

LEAST = 6  # letters
TWO_FROM = 9
LEAST_HELD = 5  # letters: of a shorter word it is not asked whether any picture holds it
ALL_BUT_ONE_OF = 3  # words
BEGINNING = 3
LARGE = 8  # letters: from here on the first may be the wrong one
LONG = 14  # letters: a word that even with another ending is hardly another one
MOST = 8  # terms for one word
MOST_ASKED = 3  # words of one question that are looked for so; each takes 6 ms at 600,000 different terms
AFTER_ALL = "\U0010ffff"


def holders(reader: Reader, words: Sequence[str], among: Ids) -> dict[str, Ids]:
    """Return, for each word, the assets whose words hold it (in any form of it: “runs” is “run”).

    A word that none of `among` holds may have been misread: then those whose picture holds what looks like it, or is near it."""
    sql = "SELECT group_concat(rowid) FROM words WHERE words MATCH ?"
    held = {word: ids_of(reader, sql, (any_of(in_other_languages(word)),)) for word in words}
    shapes = [shape(word) for word in words][:MOST_WORDS]
    asked = 0
    for index, (word, seen) in enumerate(zip(words, shapes, strict=False)):
        if is_long_enough(seen) and not member(held[word], among).any():
            held[word] = similar(reader, or_joined(shapes, index))
            if asked < MOST_ASKED and not member(held[word], among).any():
                asked += 1
                terms = near(reader, seen)
                held[word] = similar(reader, " OR ".join(map(quoted, terms))) if terms else held[word]
    return held


def near(reader: Reader, word: str) -> list[str]:
    """Return what `shapes` holds instead of the shape `word`, the nearest first; nothing for a short word or one with digits."""
    if len(word) < LEAST or not word.isalpha():
        return []
    reach = 2 if len(word) >= TWO_FROM else 1
    beginning = word[:BEGINNING]
    rows = reader.all(
        "SELECT term FROM temp.shape_term WHERE term >= ? AND term < ? AND length(term) BETWEEN ? AND ?",
        (beginning, beginning + AFTER_ALL, len(word) - reach, len(word) + reach),
    )
    found = {term: far for (term,) in rows if _ends_alike(word, term) and (far := distance(word, term, reach)) <= reach}
    for variant in _otherwise_begun(word):
        if reader.value("SELECT 1 FROM shapes WHERE shapes MATCH ? LIMIT 1", (quoted(variant),)):
            found[variant] = 1
    return sorted(found, key=lambda term: (found[term], term))[:MOST]


def corrected(reader: Reader, query: Query) -> Query:
    """Return `query` with the words that must stand in a picture as they stand there misread, where none holds them."""
    if not query.text_in_picture:
        return query
    return replace(query, phrases=tuple(as_read(reader, phrase) for phrase in query.phrases))


def as_read(reader: Reader, phrase: str) -> str:
    """Return `phrase` with each word that no picture holds as the nearest that one holds.

    Of three words, one that no picture holds even nearly is left out, as one of more words need not be there (words.py)."""
    words = phrase.split()
    found = [_nearest(reader, word) for word in words]
    known = [one for one in found if one]
    if len(words) == ALL_BUT_ONE_OF and len(known) == ALL_BUT_ONE_OF - 1 and any(len(one) >= LEAST_HELD for one in known):
        return " ".join(known)
    return " ".join(one or word for one, word in zip(found, words, strict=True))


def _nearest(reader: Reader, word: str) -> str | None:
    """Return `word` when a picture holds it or it is too short to tell, else the nearest that one holds, else None."""
    seen = shape(word) if len(words_of(word)) == 1 else ""
    if len(seen) < LEAST_HELD or reader.value("SELECT 1 FROM shapes WHERE shapes MATCH ? LIMIT 1", (quoted(seen),)):
        return word
    return next(iter(near(reader, seen)), None)


def _ends_alike(word: str, term: str) -> bool:
    """“Painted” is no misread “painter”; digits that were read together with the word are no ending."""
    return len(word) >= LONG or term.rstrip("0123456789")[-1:] == word[-1]


def _otherwise_begun(word: str) -> Iterator[str]:
    """Every word that differs by one letter of the beginning, the rest being the same."""
    first = 0 if len(word) >= LARGE else 1
    for index in range(first, BEGINNING):
        before, after = word[:index], word[index + 1 :]
        yield from (before + letter + after for letter in ascii_lowercase if letter != word[index])
        if index:
            yield before + after
            yield from (before + letter + word[index:] for letter in ascii_lowercase)


def distance(one: str, other: str, most: int) -> int:
    """Return how many letters must be changed, added or left out to make one word the other; at most `most` + 1."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    row = list(range(len(other) + 1))
    for index, letter in enumerate(one, 1):
        above, row[0] = row[0], index
        for column, mark in enumerate(other, 1):
            above, row[column] = row[column], min(row[column] + 1, row[column - 1] + 1, above + (letter != mark))
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)
