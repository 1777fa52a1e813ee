"""Videos, screenshots, formats, favourites, and things that must not be in the picture."""

from appliance.search import kind_words as table
from appliance.search.filters import Frame
from appliance.search.glue import ENGLISH_NOUNS, GLUE, PHOTOS
from appliance.search.reading import Reading

LONGEST_THING = 3  # words
BEFORE_A_THING = GLUE - ENGLISH_NOUNS - table.NO_EXCLUSION


def recognise(reading: Reading) -> None:
    """Take kinds, formats and favourites with what negates or limits them."""
    for index in range(len(reading.words)):
        if not reading.at(index):
            continue
        if (frame := table.FRAMES.at(reading.folded, index)) is not None:
            _frame(reading, index, *frame)
        elif (kind := table.KINDS.at(reading.folded, index)) is not None:
            _kind(reading, index, *kind)
        elif (formats := table.FORMATS.at(reading.folded, index) or _raw(reading, index)) is not None:
            _formats(reading, index, *formats)
        elif (end := table.FAVOURITES.end_at(reading.folded, index)) is not None:
            _favourite(reading, index, end)


def exclude(reading: Reading) -> None:
    """Take the things after “without”, once dates, places and kinds are taken."""
    for index in range(len(reading.words)):
        _without_a_thing(reading, index)


def _kind(reading: Reading, index: int, end: int, kind: str) -> None:
    """“Photos” alone is what people call everything here; it is a kind when counted, negated, or asked for alone."""
    if (both := _both_kinds(reading, index, end, kind)) is not None:
        reading.take(index, both)
        return
    if kind == "video" and reading.at(end) in table.AFTER_FILM:
        return
    before = excluded_from(reading, index, table.THE)
    wanted = before is None
    if kind == "photo" and not wanted and reading.at(end) in table.OF_PHOTOS:
        return  # “no photos from Italy” leaves out Italy
    if kind == "screenshot":
        reading.found["screenshot"] = wanted
    elif kind == "video" or not wanted or _is_limited(reading, index):
        reading.found["kind"] = kind if wanted else {"video": "photo", "photo": "video"}[kind]
    else:
        return
    _take(reading, index, end, before)


def _both_kinds(reading: Reading, index: int, end: int, kind: str) -> int | None:
    """Return where “photos and videos”, “videos or photos” ends, which leaves nothing out; else None."""
    start = end + 1 + (reading.at(end + 1) in table.THE and bool(reading.at(end + 1)))
    other = table.KINDS.at(reading.folded, start) if reading.at(end) in table.GOES_ON | {"+"} else None
    limited = excluded_from(reading, index, table.THE) is not None
    return other[0] if other and not limited and {other[1], kind} == {"photo", "video"} else None


def recognise_lone(reading: Reading) -> None:
    """“R6 Japan raw”: “raw” is a format when nothing else is left of the sentence."""
    free = [index for index, word in enumerate(reading.folded) if word.isalnum() and word not in GLUE | PHOTOS]
    if len(free) == 1 and reading.at(free[0]) == "raw":
        reading.add("formats", *table.RAW)
        reading.take(free[0], free[0] + 1)


def _take(reading: Reading, index: int, end: int, excluded: int | None) -> None:
    """Take a kind with what leaves it out, which the next one may go on with: “no videos or screenshots”."""
    reading.take(index if excluded is None else excluded, end)
    if excluded is not None:
        reading.excluded_to = end


def excluded_from(reading: Reading, index: int, between: frozenset[str] = frozenset()) -> int | None:
    """Return where a negation starts that ends right before `index`, or the “and” that goes on with what was just left out."""
    start = negation_before(reading, index, between)
    if start is None and reading.excluded_to >= 0 and reading.at(reading.excluded_to) in table.GOES_ON:
        rest = reading.folded[reading.excluded_to + 1 : index]
        return reading.excluded_to if reading.excluded_to < index and all(word in between for word in rest) else None
    return start


def _is_limited(reading: Reading, index: int) -> bool:
    """Say whether “only” stands before, or the sentence counts."""
    return reading.found.get("intent") in ("count", "often") or any(
        table.ONLY.end_at(reading.folded, start) == index for start in (index - 1, index - 2)
    )


def _formats(reading: Reading, index: int, end: int, formats: tuple[str, ...]) -> None:
    before = excluded_from(reading, index, table.THE)
    reading.add("formats" if before is None else "not_formats", *formats)
    while reading.at(end) in table.FORMAT_NOUNS:
        end += 1
    _take(reading, index, end, before)


def _raw(reading: Reading, index: int) -> tuple[int, tuple[str, ...]] | None:
    """“RAW”, “in raw”, “raw” alone; not “raw fish”."""
    if reading.at(index) != "raw" or (reading.at(index + 1).isalpha() and reading.at(index + 1) not in GLUE | PHOTOS):
        return None
    start = reading.sentence[reading.words[index].start : reading.words[index].end].isupper()
    alone = not reading.at(index + 1) or reading.at(index + 1) in GLUE or not reading.at(index + 1).isalpha()
    return (index + 1, table.RAW) if start or (alone and (index == 0 or reading.at(index - 1) in GLUE | PHOTOS | {""})) else None


def _frame(reading: Reading, index: int, end: int, frame: Frame) -> None:
    end += reading.at(end) in table.FRAME_NOUNS
    before = excluded_from(reading, index, table.THE)
    reading.add("frames" if before is None else "not_frames", frame)
    _take(reading, index, end, before)


def _favourite(reading: Reading, index: int, end: int) -> None:
    if reading.at(end) in table.FAVOURITE_OF:
        return
    before = negation_before(reading, index, table.THE)
    reading.found["favourite"] = before is None
    reading.take(index if before is None else before, end)


def negation_before(reading: Reading, index: int, between: frozenset[str] = frozenset()) -> int | None:
    """Return where a negation starts that ends right before `index`; words of `between` may stand in between."""
    end = index
    while reading.at(end - 1) in between and reading.at(end - 1):
        end -= 1
    for stop in range(end, index + 1):
        for start in range(max(stop - 3, 0), stop):
            if table.NOT.end_at(reading.folded, start) == stop and not _is_said_of_something(reading, start):
                return start
    return None


def _is_said_of_something(reading: Reading, index: int) -> bool:
    """“It is not …”, “do not enter” exclude nothing; “photos that are not from Italy” does."""
    return reading.at(index - 1) in table.NOT_AFTER and reading.at(index - 2) not in table.WHO


def _without_a_thing(reading: Reading, index: int) -> None:
    """“Without a red hat”, “cats, not dogs”: the noun and what stands right before it."""
    end = table.WITHOUT_A_THING.end_at(reading.folded, index)
    if end is None or reading.at(index - 1) in table.NOT_AFTER or (reading.at(index) == "not" and index == 0):
        return
    start = end
    while reading.at(start) in BEFORE_A_THING and reading.at(start):
        start += 1
    stop = start
    while stop < start + LONGEST_THING and _is_content(reading.at(stop)):
        stop += 1
    if stop > start and start <= end + 2:
        reading.add("not_words", reading.text(start, stop))
        reading.take(index, stop)


def _is_content(word: str) -> bool:
    noun = word not in GLUE or word in ENGLISH_NOUNS
    return bool(word) and word.isalpha() and noun and word not in PHOTOS and word not in table.NO_EXCLUSION
