"""Words that must stand in the picture or near it: “quoted phrases”, “that say Exit”, “mit dem Wort Ausgang”."""

import re
from bisect import bisect_left

from appliance.search import kind_words as table
from appliance.search.cameras import squeezed
from appliance.search.glue import GLUE, PHOTOS
from appliance.search.idle_words import PRINTED
from appliance.search.reading import Reading
from appliance.search.sentence import Word

QUOTED = re.compile(
    r'"([^"]{1,200})"|“([^“”]{1,200})”|„([^„“”]{1,200})[“”]|«([^«»]{1,200})»|‹([^‹›]{1,200})›|‘([^‘’]{2,200})’(?!\w)|(?<!\w)\'([^\']{2,200})\'(?!\w)'
)
LONGEST_UNQUOTED = 6  # words


def recognise(reading: Reading) -> None:
    """Take quoted phrases, and the words after “that say” up to the next preposition."""
    quoted = _take_quoted(reading)
    if not quoted:
        _take_framed(reading)
    for index in range(len(reading.words)):
        end = table.STRONG_TEXT.end_at(reading.folded, index)
        if end is None or table.NO_TEXT.end_at(reading.folded, end) is not None:
            continue
        start = index - (reading.at(index - 1) in PRINTED)
        if quoted:
            reading.take(start, end)
            reading.found["text_in_picture"] = True
        elif (stop := _end_of_unquoted(reading, end)) > end:
            reading.add("phrases", reading.text(end, stop))
            reading.found["text_in_picture"] = True
            reading.take(start, stop)


def _take_framed(reading: Reading) -> None:
    """“Ein Schild, auf dem Ausgang steht”: the words between, without quotes."""
    for index in range(len(reading.words)):
        first = table.BEFORE_QUOTED.end_at(reading.folded, index)
        if first is None or reading.at(index) in {"where", "on", "wo"}:
            continue
        for stop in range(first + 1, min(first + LONGEST_UNQUOTED, len(reading.words)) + 1):
            if (end := table.AFTER_QUOTED.end_at(reading.folded, stop)) is not None and all(reading.folded[first:stop]):
                reading.add("phrases", reading.text(first, stop))
                reading.found["text_in_picture"] = True
                reading.take(index - (reading.at(index - 1) in PRINTED), end)
                return


def _take_quoted(reading: Reading) -> bool:
    cameras = {squeezed(name) for one in reading.vocabulary.cameras for name in (one.model, *one.others)}
    for match in QUOTED.finditer(reading.sentence):
        phrase = next(filter(None, match.groups()), "").strip()
        inside = range(_word_at(reading, match.start()), _word_at(reading, match.end()))
        if squeezed(phrase) in cameras:
            continue  # the camera's name in quotes
        if phrase and inside and any(reading.at(index).isalnum() for index in inside):  # else a title or tag, taken already
            reading.add("phrases", phrase)
            reading.take(inside[0], inside[-1] + 1)
            _take_around(reading, inside[0], inside[-1] + 1)
            _take_carrier(reading, inside[0])
    return "phrases" in reading.found


def _take_around(reading: Reading, first: int, end: int) -> None:
    """“Schilder, auf denen „Ausgang“ steht”: the words around a quotation that say that it is to be read."""
    before = next((start for start in (first - 1, first - 2) if table.BEFORE_QUOTED.end_at(reading.folded, start) == first), None)
    after = table.AFTER_QUOTED.end_at(reading.folded, end)
    if before is not None and after is not None:
        reading.found["text_in_picture"] = True
        reading.take(before - (reading.at(before - 1) in PRINTED), after)


def _take_carrier(reading: Reading, first: int) -> None:
    """“The sign with “no entry””, “text “world health””: a sign before a quotation is what it is to be read on."""
    start = first - 1
    while reading.at(start) in GLUE and reading.at(start):
        start -= 1
    if reading.at(start) in PRINTED and reading.at(start):
        reading.found["text_in_picture"] = True
        reading.take(start, first)


def _word_at(reading: Reading, character: int) -> int:
    """Return the index of the first word that starts at `character` or later."""
    return bisect_left(reading.words, character, key=_start)


def _start(word: Word) -> int:
    return word.start


def _end_of_unquoted(reading: Reading, first: int) -> int:
    """Return where the words to read end: at a preposition, a mark, or after six words."""
    end = first
    while end < len(reading.words) and end < first + LONGEST_UNQUOTED:
        word = reading.at(end)
        if not word or word in PHOTOS or (word in table.ENDS_TEXT and end > first) or not word.isalnum():
            break
        end += 1
    return end
