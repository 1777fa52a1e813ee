"""Months and places of this library that are typed with one letter wrong: “septmber 2021”, “photos from Barcelna”.

Only long names with the right first letter, and only where nothing else is called so."""

from collections.abc import Iterable
from dataclasses import replace

from appliance.search import date_words
from appliance.search.glue import GLUE, PHOTOS
from appliance.search.place_words import OF, STRONG_CUES
from appliance.search.sentence import Word
from appliance.search.vocabulary import Vocabulary

LEAST = 6  # letters of the right name
MONTHS = frozenset(name for name in date_words.MONTHS.first_words if len(name) >= LEAST)
BEFORE_A_MONTH = frozenset({"in", "from", "of", "im", "vom", "en", "de", "since", "until", "before", "after", "seit", "bis"})
OF_PHOTOS = OF | {"of"}


def mended(words: tuple[Word, ...], vocabulary: Vocabulary) -> tuple[Word, ...]:
    """Return `words` with such a word as what was meant."""
    return tuple(_mended(words, index, vocabulary) for index in range(len(words)))


def _mended(words: tuple[Word, ...], index: int, vocabulary: Vocabulary) -> Word:
    word = words[index]
    if len(word.folded) < LEAST - 1 or not word.folded.isalpha() or word.folded in GLUE or word.folded in MONTHS:
        return word
    meant = _month(words, index) or _place(words, index, vocabulary)
    if meant is None or vocabulary.gazetteer.find(word.folded):
        return word
    return replace(word, folded=meant)


def _month(words: tuple[Word, ...], index: int) -> str | None:
    beside = [words[other].folded for other in (index - 1, index + 1) if 0 <= other < len(words)]
    dated = any(other.isdigit() for other in beside) or (index > 0 and beside[0] in BEFORE_A_MONTH)
    return _nearest(words[index].folded, MONTHS) if dated else None


def _place(words: tuple[Word, ...], index: int, vocabulary: Vocabulary) -> str | None:
    """Names of one word alone: of a longer one the rest would have to be found as well."""
    before = words[index - 1].folded if index else ""
    of_photos = before in OF_PHOTOS and index > 1 and words[index - 2].folded in PHOTOS
    if before not in STRONG_CUES and not of_photos:
        return None
    return _nearest(words[index].folded, vocabulary.place_names)


def _nearest(word: str, names: Iterable[str]) -> str | None:
    return next((name for name in sorted(names) if name[0] == word[0] and len(name) >= LEAST and one_letter_off(word, name)), None)


def one_letter_off(word: str, name: str) -> bool:
    """Say whether one letter is missing, too many or another, or two neighbours are swapped."""
    if word == name or abs(len(word) - len(name)) > 1:
        return False
    first = next(
        (place for place, (one, other) in enumerate(zip(word, name, strict=False)) if one != other), min(len(word), len(name))
    )
    rest, right = word[first:], name[first:]
    swapped = len(rest) > 1 and rest[1::-1] + rest[2:] == right
    return swapped or rest[1:] == right[1:] or rest[1:] == right or rest == right[1:]
