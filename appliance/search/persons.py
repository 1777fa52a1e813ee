"""The family's own names in a sentence: “Mia at the beach”, “Mia and Jonas together”, “ohne Mia”, “photos of Mia and me”.

The names come with the vocabulary, which has them only while People is unlocked and for those who may see it. They win over towns,
months and things that are called so, unless the sentence says that these are meant: “in Florence”, “May 2019”, “a rose”.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Protocol

from appliance.search import ages, date_words
from appliance.search import person_words as table
from appliance.search.glue import GLUE
from appliance.search.kinds import excluded_from
from appliance.search.place_words import STRONG_CUES
from appliance.search.reading import Joins, Reading
from appliance.search.sentence import split
from appliance.search.vocabulary import Person, born

LONGEST_NAME = 6  # words
DIGRAPHS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
PLAIN = str.maketrans({"ø": "o", "æ": "ae", "ł": "l", "đ": "d", "ı": "i", "þ": "th", "ð": "d"})
DATES = date_words.MONTHS.first_words | date_words.WEEKDAYS.first_words | date_words.SEASONS.first_words
Forms = Mapping[tuple[str, ...], tuple[str, ...]]


class People(Protocol):
    """What the people process says while it is unlocked: assets by confirmed faces alone, of which the viewer may see only some."""

    def assets_with(self, person: str) -> Sequence[int]: ...

    def assets_with_faces(self) -> Sequence[int]: ...

    def persons_in(self, assets: Sequence[int]) -> Mapping[int, tuple[str, ...]]: ...


@dataclass(frozen=True, slots=True)
class _Mention:
    """A name from word `first` to `end`, of each of `ids`, or of all of them (“both Annas”); `taken_from` is where what leaves it
    out begins."""

    first: int
    end: int
    ids: tuple[str, ...]
    taken_from: int | None = None
    all: bool = False


def recognise(reading: Reading) -> None:
    """Take persons into `persons` and `not_persons`, and how old one of them was when only “she” says it."""
    if not reading.vocabulary.persons:
        return
    mentions = list(_mentions(reading, forms(reading.vocabulary.persons, reading.without)))
    if not mentions:
        return
    reading.joins = _joins(reading, mentions[0])
    reading.add("not_persons", *(one for mention in mentions if mention.taken_from is not None for one in mention.ids))
    _group(reading, [mention for mention in mentions if mention.taken_from is None])
    for mention in mentions:
        reading.take(mention.first if mention.taken_from is None else mention.taken_from, mention.end)
    for index in range(len(reading.words)):
        if (end := table.TOGETHER.end_at(reading.folded, index)) is not None:
            reading.take(index, end)
    _age_of_her(reading)


def asks_who(reading: Reading) -> tuple[int, int] | None:
    """Return where “who is in” stands at the beginning of a question; None for “who took this photo”, and where it does not."""
    start = 0
    while reading.at(start) in OPENERS and reading.at(start):
        start += 1
    end = table.WHO.end_at(reading.folded, start)
    return None if end is None or reading.at(end) in table.DOES_MORE else (start, end)


def recognise_who(reading: Reading) -> None:
    """“Who is in this photo?”, “with whom was Mia in Rome?”: counted by persons."""
    asked = asks_who(reading) if reading.vocabulary.people == "open" else None
    if asked is None:
        return
    start, end = asked
    reading.found |= {"intent": "which", "which_of": "persons"}
    reading.take(start, end)
    last = len(reading.words) - (bool(reading.words) and reading.at(len(reading.words) - 1) in "?.!")
    for first in range(max(last - 2, end), last):
        if table.WHO_ENDS.end_at(reading.folded, first) == last:
            reading.take(first, last)


OPENERS = frozenset({"and", "und", "et", "y", ",", "¿", "so", "but"})


def recognise_nobody(reading: Reading) -> None:
    """“Without people”: words are left to captions, and no face was found either."""
    if reading.vocabulary.people != "open" or FACELESS in reading.without:
        return
    left_out = reading.found.get("not_words", ())
    if any(word.folded in table.PEOPLE for words in left_out for word in split(words)):
        reading.found["faceless"] = True
    for index in range(len(reading.words)):
        if (end := table.NOBODY.end_at(reading.folded, index)) is not None:
            reading.found["faceless"] = True
            reading.take(index, end)


FACELESS = "faceless:yes"


def token(person: str) -> str:
    """The token of the chip of a person."""
    return f"person:{person}"


def asks_for_me(reading: Reading) -> bool:
    """Does the sentence name the one who asks?"""
    return any(_is_me(reading, index) for index in range(len(reading.words)))


def forms(persons: Sequence[Person], without: frozenset[str] = frozenset()) -> Forms:
    """Return, by its words as a sentence holds them, whom each name may mean: whole names, and the first of their words."""
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    for person in persons:
        if token(person.id) in without or f"not_{token(person.id)}" in without:
            continue
        for words in _spellings(person.name):
            found[words] = tuple(dict.fromkeys((*found.get(words, ()), person.id)))
    return found


def _spellings(name: str) -> Iterator[tuple[str, ...]]:
    """“Jürgen Groß” is written Jurgen, Juergen, Jürgen, and with or without Gross."""
    for called in dict.fromkeys((name, *name.split()[:1])):
        yield from written(called)


def written(called: str) -> Iterator[tuple[str, ...]]:
    """The words of one name, as they are written with and without the letters of its language; marks are left out."""
    small = called.casefold()
    for spelled in dict.fromkeys((called, small.translate(DIGRAPHS), small.translate(PLAIN))):
        if words := tuple(word.folded for word in split(spelled) if word.folded.isalnum()):
            yield words


def _mentions(reading: Reading, known: Forms) -> Iterator[_Mention]:
    me = tuple(person.id for person in reading.vocabulary.persons if person.asks)
    index = 0
    while index < len(reading.words):
        if (several := _both(reading, known, index)) is not None:
            yield several
            index = several.end
            continue
        hit = _named_at(reading, known, index)
        if hit is None and me and _is_me(reading, index):
            hit = index + 1, me
        if hit is None:
            index += 1
            continue
        excluded = excluded_from(reading, index, table.BETWEEN)
        if excluded is not None:
            reading.excluded_to = hit[0]
        yield _Mention(index, hit[0], hit[1], excluded)
        index = hit[0]


def _both(reading: Reading, known: Forms, index: int) -> _Mention | None:
    """“Both Annas”."""
    word = reading.at(index)
    ids = known.get((word[:-1],), ()) if word.endswith("s") and reading.at(index - 1) in table.BOTH else ()
    return _Mention(index - 1, index + 1, ids, all=True) if len(ids) > 1 else None


def _named_at(reading: Reading, known: Forms, index: int) -> tuple[int, tuple[str, ...]] | None:
    """Return (end, ids) of the longest name that is written from `index` on and means a person."""
    if not reading.at(index).isalnum():
        return None
    for end, words in reversed(list(_runs(reading, index))):
        for spelled, owned in _unowned(reading, end, words):
            ids = known.get(spelled)
            if ids and (len(spelled) > 1 or _is_meant(reading, index, end, owned=owned is not None)):
                return owned or end, ids
    return None


def _runs(reading: Reading, index: int) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield (end, words) of the words from `index` on, the shortest first; a hyphen and a dot inside are passed over."""
    words: tuple[str, ...] = ()
    end = index
    while len(words) < LONGEST_NAME and reading.at(end):
        if reading.at(end).isalnum():
            words = (*words, reading.at(end).translate(PLAIN))
            yield end + 1, words
        elif reading.at(end) not in "-.":
            return
        end += 1


def _unowned(reading: Reading, end: int, words: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], int | None]]:
    """Yield a name as it stands, and without what makes it an owner's (“Mia's”, “Mias Geburtstag”, “Jonas' Rad”) with where that
    ends."""
    if (reading.at(end) == "s" and reading.words[end].start == reading.words[end - 1].end + 1) or (
        reading.at(end) in "'’`´" and reading.at(end) and reading.glued(end) and words[-1].endswith(("s", "x", "z", "ß"))
    ):
        yield words, end + 1
    yield words, None
    owns = reading.at(end).isalpha() and reading.at(end) not in GLUE
    if words[-1].endswith("s") and reading.words[end - 1].capital and owns:
        yield (*words[:-1], words[-1][:-1]), end


def _is_meant(reading: Reading, first: int, end: int, *, owned: bool) -> bool:
    """Is it the person, and not a thing, a day or a town that is called so?"""
    word, before = reading.at(first), reading.at(first - 1)
    if (before in table.MAKES_A_THING and before) or _is_qualified_thing(reading, first):
        return False
    if owned:
        return True
    if word in GLUE and (not reading.words[first].capital or reading.at(end) in table.AFTER_A_VERB):
        return False
    if word in DATES and (before in table.BEFORE_A_DATE or reading.number_at(end) or reading.number_at(first - 1)):
        return False
    return before not in STRONG_CUES or not before or not reading.vocabulary.gazetteer.find(word)


def _is_qualified_thing(reading: Reading, first: int) -> bool:
    """“A red rose”: in small letters, behind an article and one more word."""
    between = reading.at(first - 1)
    small = not reading.words[first].capital
    return small and between.isalpha() and between not in GLUE and reading.at(first - 2) in table.MAKES_A_THING


def _is_me(reading: Reading, index: int) -> bool:
    """“Of me”, “with me”, “me and Mia”; not “show me”."""
    word, before, after = reading.at(index), reading.at(index - 1), reading.at(index + 1)
    if word in table.WITH_ME:
        return True
    is_mine = word == "mi" and after.isalpha() and after not in table.AND  # “con mi perro”
    if word not in table.ME or is_mine:
        return False
    if before in table.BEFORE_ME and before:
        return word not in SUBJECTS or before in table.AND
    return index == 0 and bool(after) and after in table.AND and word not in SUBJECTS


SUBJECTS = frozenset({"i", "ich", "yo"})


def _joins(reading: Reading, first: _Mention) -> Joins:
    """“Only with Jonas”, “or Jonas”: how the first name goes with those of the question before."""
    before = reading.sentence[: reading.words[first.first].start]
    word = next((one.folded for one in reversed(split(before)) if one.folded not in table.BETWEEN - table.WITH), "")
    return "with" if word in table.WITH else "or" if word in table.OR else ""


def _group(reading: Reading, mentions: Sequence[_Mention]) -> None:
    """Persons that “or” joins are one group; all others have to be there together."""
    groups: list[tuple[str, ...]] = []
    for before, mention in pairwise((None, *mentions)):
        assert mention is not None
        either = before is not None and reading.at(before.end) in table.OR and mention.first == before.end + 1
        if either and reading.at(before.end if before else 0):
            groups[-1] = tuple(dict.fromkeys((*groups[-1], *mention.ids)))
        elif mention.all:
            groups += [(one,) for one in mention.ids]
        else:
            groups.append(mention.ids)
        if not mention.all and len(mention.ids) > 1:
            reading.add("unsettled", *mention.ids)
    if groups:
        reading.add("persons", *groups)


def _age_of_her(reading: Reading) -> None:
    """“Mia when she was five”: “she” is the one person that the sentence names."""
    groups = reading.found.get("persons", ())
    who = [one for one in reading.vocabulary.persons if groups == ((one.id,),)]
    if len(who) == 1 and who[0].born is not None:
        known = born(who[0].name, who[0].born)
        ages.recognise_of(reading, [replace(known, words=(she,)) for she in sorted(table.SHE)])
