"""What somebody says beside the question: what the photos are for, what holds them, and sentences about something else.

“… from July 2021 for a photo book”, “… and show them in a grid”, “a collage of pictures from Bergen”, “We were just talking about
our trip. Find the photos …”, “… from Iceland? Feeling a bit nostalgic today.”"""

from collections.abc import Iterator
from itertools import pairwise

from appliance.search import clause_words as table
from appliance.search.glue import GLUE, PHOTOS
from appliance.search.reading import Reading
from appliance.search.saying_words import can_not_be_seen


def hush(reading: Reading) -> None:
    """Take a last sentence that only says how somebody feels or what they are at, before its “today” is taken for a date."""
    every = list(_sentences(reading))
    for before, sentence in pairwise(every):
        words = [reading.words[index].folded for index in sentence]
        if words and words[0].endswith("ing") and not any(word.isdigit() for word in words) and _is_about_photos(reading, before):
            reading.beside.append(reading.text(sentence.start, sentence.stop))
            reading.take(sentence.start, sentence.stop)


def is_purpose(reading: Reading, run: range) -> bool:
    """Say whether the run tells, after all filters, what the photos are for or what is to be done with them."""
    words = [reading.words[index].folded for index in run]
    if not run.start or reading.at(run.start - 1) or len(words) < 2 or reading.words[run.start - 1].folded in table.ENDS_A_SENTENCE:
        return False
    if words[0] in table.FOR:
        return True
    to_do = words[1] in GLUE or can_not_be_seen(words[1])
    return to_do and (words[0] in table.TO or (words[0] in table.AND and any(word in table.THEM for word in words[2:4])))


def holds_photos(reading: Reading, run: range) -> bool:
    """“A collage of pictures”: what photos are put into."""
    return reading.words[run.stop - 1].folded in table.OF and reading.at(run.stop) in PHOTOS and bool(reading.at(run.stop))


def is_remark(reading: Reading, run: range) -> bool:
    """Say whether the run stands in a sentence about the person, while another one asks for the photos."""
    every = list(_sentences(reading))
    own = next(sentence for sentence in every if run.start in sentence)
    first = reading.words[own.start].folded
    about_person = first in table.SUBJECTS or first.endswith("ing")
    return about_person and not _is_about_photos(reading, own) and any(_is_about_photos(reading, other) for other in every)


def _is_about_photos(reading: Reading, sentence: range) -> bool:
    return any(reading.words[index].folded in table.THINGS for index in sentence)


def _sentences(reading: Reading) -> Iterator[range]:
    """Parts of what was typed between full stops, question and exclamation marks."""
    first = 0
    for index, word in enumerate(reading.words):
        if word.folded in table.ENDS_A_SENTENCE and index + 1 < len(reading.words) and not reading.words[index + 1].glued:
            yield range(first, index)
            first = index + 1
    yield range(first, len(reading.words))
