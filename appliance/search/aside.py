"""Words of a sentence that are left aside beside a filter, because they are the sentence's own machinery and nothing that a
camera sees.

“Could you dig out the pictures that are left from 2011”: no list holds every verb that people ask with, so where a word stands
decides: after a subject or an auxiliary, before “the photos” at the beginning, right after “photos” and before a preposition stand
verbs. What a word means can overrule that (“what we ate”), and leaves nouns aside that nobody can see (“our getaway to Rome”).
Names and makers always stay: a place or a camera that this library does not have must be answered with nothing. What was left
aside is told, and can be searched for after all.
"""

from collections.abc import Iterator

from appliance.search import clause_words as table
from appliance.search import remarks
from appliance.search.camera_words import BRANDS
from appliance.search.glue import EDGES, GLUE, PHOTOS
from appliance.search.idle_words import PRINTED, are_idle
from appliance.search.place_words import PARTS_OF_PLACE, SORTS_OF_PLACE
from appliance.search.reading import Reading

SEEN_DOING = 0.0  # how visible (visible.py) a word must be to stay where a verb stands,
PLAINLY_SEEN = 0.35  # to keep the words around it (“umbrella of the eternal city”),
SAID = -0.3  # and how invisible to be left aside where a thing stands


def leave(reading: Reading) -> str:
    """Take the words that are left aside and return them as they were typed, “” when there are none."""
    left = [
        run for run in _runs(reading) if _is_machinery(reading, run) or _says_it_again(reading, run) or _is_beside(reading, run)
    ]
    for run in left:
        reading.take(run.start, run.stop)
    return ", ".join([*(_told(reading, run) for run in left), *reading.beside])


def _runs(reading: Reading) -> Iterator[range]:
    """Words that stand together between what was taken, marks and “photos”; each with at least one that says something."""
    first = 0
    for index in range(len(reading.words) + 1):
        if not reading.at(index).isalpha() or ends_at_photos(reading, index):
            run = range(first, index)
            if any(_says_something(reading, one) for one in run):
                yield run
            first = index + 1


def ends_at_photos(reading: Reading, index: int) -> bool:
    """Say whether “photos” stands there, though not in “photo album”."""
    word, following = reading.at(index), reading.at(index + 1)
    return word in PHOTOS and (word not in ("photo", "picture") or not following.isalpha() or following in GLUE)


def _says_something(reading: Reading, index: int) -> bool:
    """Say whether no list knows the word as one that says nothing about a picture."""
    word = reading.words[index].folded
    return word not in EDGES and not are_idle([word], GLUE)


def _told(reading: Reading, run: range) -> str:
    saying = [index for index in run if _says_something(reading, index)]
    return reading.text(saying[0], saying[-1] + 1)


def _is_machinery(reading: Reading, run: range) -> bool:
    """Say whether every word of a run that says something is left aside."""
    saying = [index for index in run if _says_something(reading, index)]
    if any(_is_name(reading, index) and not _is_in_possession(reading, run, index) for index in saying):
        return False
    others = [index for index in saying if not _is_never_seen(reading, run, index)]
    if all(_stands_as_verb(reading, run, index) for index in others):
        return all(_shows(reading, index, index + 1) <= SEEN_DOING for index in others)
    if not _is_english(reading) or any(_shows(reading, index, index + 1) > PLAINLY_SEEN for index in saying):
        return False
    return _shows(reading, saying[0], saying[-1] + 1) < SAID


def _says_it_again(reading: Reading, run: range) -> bool:
    """Say whether a filter stands for the words already.

    “The bakery sign “Boulangerie””: the words say which sign; “Japan, any city”; “my wife's Samsung”: whose it is shows nowhere."""
    words, following = [reading.words[index].folded for index in run], reading.words[run.stop : run.stop + 1]
    if reading.found.get("phrases") and not are_idle(words, PRINTED | GLUE):
        return any(word in PRINTED for word in [*words, *(one.folded for one in following)])
    if reading.places and are_idle(words, SORTS_OF_PLACE | PARTS_OF_PLACE | GLUE):
        return True
    owned = words[-1] == "s" or (words[-1].endswith("s") and _is_german(reading))
    return owned and any(one.folded in BRANDS for one in following)


def _is_beside(reading: Reading, run: range) -> bool:
    if any(_is_name(reading, index) for index in run if _says_something(reading, index)):
        return False
    return remarks.is_purpose(reading, run) or remarks.holds_photos(reading, run) or remarks.is_remark(reading, run)


def _shows(reading: Reading, first: int, end: int) -> float:
    """How visible the words are that were typed there; 0 when nobody can tell."""
    visible = reading.vocabulary.visible
    return visible(reading.text(first, end).casefold()) if visible else 0.0


def _is_name(reading: Reading, index: int) -> bool:
    """A maker of cameras, or a capital inside a sentence that is not German and not written in capitals throughout."""
    word = reading.words[index]
    if word.folded in BRANDS or word.folded.removesuffix("s") in BRANDS:
        return True
    if not word.capital or not index or reading.words[index - 1].folded in table.ENDS_A_SENTENCE:
        return False
    return not _is_german(reading) and not all(one.capital for one in reading.words if one.folded.isalpha())


def _is_german(reading: Reading) -> bool:
    return any(word.folded in table.GERMAN_ONLY for word in reading.words)


def _is_english(reading: Reading) -> bool:
    """The search model knows English words alone well enough."""
    typed = [word.folded for word in reading.words]
    return sum(word in table.ENGLISH_ONLY for word in typed) > sum(word in table.OTHERS_ONLY for word in typed)


def _is_never_seen(reading: Reading, run: range, index: int) -> bool:
    """What asks, what tells of the hour (“while walking around Prague”), particles, and what is no noun in German."""
    word, before = reading.words[index].folded, _before(reading, index)
    return (
        (before in table.WHILE and word.endswith(table.GERUND))
        or (index > run.start and word in table.PARTICLES)
        or _is_small_in_german(reading, index)
        or _asks(reading, run, index)
        or _is_in_possession(reading, run, index)
    )


def _stands_as_verb(reading: Reading, run: range, index: int) -> bool:
    return _follows_a_subject(reading, index) or _follows_photos(reading, run, index) or _tells_of_the_day(reading, run, index)


def _tells_of_the_day(reading: Reading, run: range, index: int) -> bool:
    """“pendant notre passage”."""
    return any(reading.words[one].folded in table.DURING for one in range(run.start, index))


def _before(reading: Reading, index: int) -> str:
    """Return the word before `index`, adverbs passed over."""
    index -= 1
    while index >= 0 and reading.words[index].folded in table.ADVERBS:
        index -= 1
    return reading.words[index].folded if index >= 0 else ""


def _follows_a_subject(reading: Reading, index: int) -> bool:
    """“we snapped”, “were registered”, “to revisit”, “that remain”."""
    before, word = _before(reading, index), reading.words[index]
    if word.capital and index:
        return False
    if before in table.HAVE:
        return _is_participle(reading, index)  # not “which have stalactites in them”
    return before in table.SUBJECTS or before in table.AUXILIARIES


def _is_participle(reading: Reading, index: int) -> bool:
    endings = table.PARTICIPLE if _is_english(reading) else table.PARTICIPLE_ELSEWHERE
    return reading.words[index].folded.endswith(endings)


def _asks(reading: Reading, run: range, index: int) -> bool:
    """“Dig out the photos”, “kindly assemble everything”: the beginning of a sentence, up to “the photos”."""
    if any(word.folded not in GLUE and word.folded not in table.ADVERBS for word in reading.words[: run.start]):
        return False
    after = index + 1
    while after < len(reading.words) and reading.words[after].folded in table.ASKING_PARTICLES:
        after += 1
    after += after < len(reading.words) and reading.words[after].folded in table.PREPOSITIONS  # “encantada con las fotos”
    following = [word.folded for word in reading.words[after : after + 4]]
    if not following or following[0] not in table.BEFORE_A_THING:
        return False
    return following[0] in table.THINGS or any(word in table.THINGS for word in following[1:])


def _follows_photos(reading: Reading, run: range, index: int) -> bool:
    """“photos left from 2011”, “everything preserved of Rome”: between “photos” and a preposition, or the end."""
    if _before(reading, run.start) not in table.THINGS or any(
        reading.words[one].folded not in table.ADVERBS for one in range(run.start, index)
    ):
        return False
    following = reading.words[index + 1].folded if index + 1 < len(reading.words) else ""
    return following in table.PREPOSITIONS and _is_participle(reading, index)


def _is_small_in_german(reading: Reading, index: int) -> bool:
    """Where the other nouns of a German sentence have their capitals, a word without is no noun."""
    if reading.words[index].capital or not _is_german(reading):
        return False
    nouns = [word for one, word in enumerate(reading.words) if one and word.capital]
    return any(not reading.vocabulary.gazetteer.find(word.folded) for word in nouns) and not any(
        word.folded in PHOTOS and not word.capital for word in reading.words
    )


def _is_in_possession(reading: Reading, run: range, index: int) -> bool:
    """“whose date lies in 2011”."""
    before = [reading.words[one].folded for one in range(run.start, index)]
    return any(word in table.WHOSE for word in before) and not any(word in table.AUXILIARIES for word in before)
