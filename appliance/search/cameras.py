"""Cameras in a sentence: “with my Nikon”, “iPhone 6 photos”, “taken with the Canon EOS 40D”."""

from functools import lru_cache

from appliance.search import date_words
from appliance.search.camera_words import (
    AFTER_A_NUMBER,
    ARTICLES,
    BEFORE_A_CAMERA,
    BEFORE_A_NUMBER,
    BRANDS,
    FAMILIES,
    MAKER_OR_WORD,
    NOUNS,
    OF,
    ONLY_WITH_OTHERS,
    PLAIN,
    SORTS,
    TAKEN_AFTER,
    TAKEN_WITH,
    WRITTEN,
)
from appliance.search.kinds import negation_before
from appliance.search.reading import Reading
from appliance.search.sentence import TAKEN, fold
from appliance.search.vocabulary import Camera

LONGEST_NAME = 14  # words and marks
SHORT_NAME = 4  # letters and digits; “a7” and “r6” must be written in one


def recognise(reading: Reading) -> None:
    """Take the cameras that are named; one that this library doesn't know is kept too, so that nothing matches."""
    index, names = 0, _names(reading)
    while index < len(reading.words):
        hit = _whole(reading, index, names) or _known(reading, index) or _unknown(reading, index)
        if hit is None:
            index += 1
            continue
        end, models = hit
        start = index
        while reading.at(start - 1) in BEFORE_A_CAMERA | ARTICLES and reading.at(start - 1):
            start -= 1
        excluded = negation_before(reading, index, BEFORE_A_CAMERA | ARTICLES | NOUNS)
        reading.add("cameras" if excluded is None else "not_cameras", *models)
        reading.take(start if excluded is None else excluded, end + (reading.at(end) in {"camera", "kamera", "phone"}))
        index = end


def _names(reading: Reading) -> dict[str, list[str]]:
    """Return the models that each name stands for, the names squeezed."""
    names: dict[str, list[str]] = {}
    for one in reading.vocabulary.cameras:
        for name in dict.fromkeys(squeezed(f"{make}{name}") for name in (one.model, *one.others) for make in ("", one.make)):
            names.setdefault(name, []).append(one.model)
    return names


def _whole(reading: Reading, first: int, names: dict[str, list[str]]) -> tuple[int, tuple[str, ...]] | None:
    """Return (end, models) of the cameras whose whole name stands at `first`, however its marks and spaces are written.

    “EX-Z750”, “ex z750” and “iPhone SE (2nd generation)” are names; a lone number or a short word is none, and neither is the
    beginning of another model's name: “iPhone 6s” is no iPhone 6.
    """
    best, written = None, ""
    for end in range(first + 1, min(first + LONGEST_NAME, len(reading.words)) + 1):
        if not reading.at(end - 1):
            break
        written += squeezed(reading.at(end - 1))
        if written in names and _is_a_name(reading, first, end, written):
            best = end, tuple(names[written])
    return best if best is None or _model_end(reading, best[0]) == best[0] else None


def _is_a_name(reading: Reading, first: int, end: int, written: str) -> bool:
    cue = first - 2 if reading.at(first - 1) in ARTICLES else first - 1
    after_cue = bool(reading.at(cue)) and reading.at(cue) in BEFORE_A_CAMERA
    digits = sum(letter.isdigit() for letter in written)
    if len(written) <= SHORT_NAME and not all(reading.glued(index) for index in range(first + 1, end)):
        return False  # “a 7 year old” is no A7
    return digits < len(written) and (len(written) > 2 or digits > 0) and (after_cue or digits > 0 or end - first > 1)


@lru_cache(maxsize=4096)
def squeezed(name: str) -> str:
    """Return the letters and digits of `name`, folded: “EX-Z750” is “exz750”."""
    return "".join(letter for letter in fold(name) if letter.isalnum())


def _known(reading: Reading, first: int) -> tuple[int, tuple[str, ...]] | None:
    """Return (end, models) of the cameras that share the most words with the sentence from `first` on.

    When a model goes on after what they share (“iPhone 15” where there is only an iPhone 6), it is one that nobody here has."""
    longest = 0
    models: list[tuple[bool, str]] = []
    for one in reading.vocabulary.cameras:
        shared, whole = _shared(reading, first, one)
        if not shared or not _is_meant(reading, first, shared):
            continue
        if shared > longest:
            longest, models = shared, []
        if shared == longest:
            models.append((not whole, one.model))
    end = first + longest
    if models and (further := _model_end(reading, end)) > end:
        return further, (_written(reading, first, further),)
    exact = [model for inexact, model in models if not inexact]
    return (end, tuple(exact or [model for _, model in models])) if models else None


def _shared(reading: Reading, first: int, camera: Camera) -> tuple[int, bool]:
    """Return how many words from `first` on stand in one of the camera's names in this order, whatever stands between them there
    (“Canon 40D” is the Canon EOS 40D), and whether they end it."""
    return max(_shared_with(reading, first, words) for words in camera.spellings)


def _shared_with(reading: Reading, first: int, name: tuple[str, ...]) -> tuple[int, bool]:
    place = next((start for start, word in enumerate(name) if word in _singular(reading.at(first))), None)
    if place is None or not reading.at(first):
        return 0, False
    length = 1
    while (word := reading.at(first + length)) and word in name[place + 1 :]:
        place = name.index(word, place + 1)
        length += 1
    if length > 1 and len(reading.at(first)) == 1 and not reading.glued(first + 1):
        return 1, False  # the “s 21” of “chapter s 21”
    return length, place + 1 == len(name)


def _model_end(reading: Reading, first: int) -> int:
    """Return where the name of a model that goes on at `first` ends; `first` when none does.

    A number that counts photos, begins a date or is a year names no model."""
    end = first
    while word := reading.at(end):
        number = reading.number_at(end) is not None
        if number and not reading.glued(end) and not _numbers_a_model(reading, end):
            break
        letters = len(word) <= 2 and word.isalpha()
        hangs = letters and reading.glued(end) and reading.number_at(end - 1) is not None  # the D of 40D
        leads = letters and reading.number_at(end + 1) is not None and reading.glued(end + 1)  # the S of S21
        if not (number or hangs or leads or word in FAMILIES or _is_of_a_name(reading, end)):
            break
        end += 1
    return end


def _hangs(reading: Reading, index: int) -> bool:
    """The “s” of “6s”, which is written small."""
    return reading.at(index) in {"s", "c"} and reading.glued(index) and reading.number_at(index - 1) is not None


def _is_of_a_name(reading: Reading, index: int) -> bool:
    """“Pro” after “iPhone 15”, “Mark” before “II” or “3”; not “air show”."""
    word, before, following = reading.at(index), reading.words[index - 1].folded if index else "", reading.at(index + 1)
    ends = word in AFTER_A_NUMBER and (before.isdigit() or before == "iphone" or before in AFTER_A_NUMBER or len(before) == 1)
    begins = word in BEFORE_A_NUMBER and (following.isdigit() or following in {"ii", "iii", "iv"})
    return ends or begins


def _numbers_a_model(reading: Reading, index: int) -> bool:
    if len(reading.at(index)) == 4 and 1900 <= int(reading.at(index)) <= 2100:
        return False
    following = index + 1
    if reading.glued(following) and reading.at(following) in {".", "/", "-", ":"} and reading.number_at(following + 1) is not None:
        return False
    tables = (date_words.MONTHS, date_words.UNITS)
    return not any(one.at(reading.folded, following) for one in tables)


def _written(reading: Reading, first: int, end: int) -> str:
    """Return a model as its maker writes it: “iphone 15” is “iPhone 15”, “galaxy s21” “Galaxy S21”."""
    text = ""
    for index in range(first, end):
        typed = reading.sentence[reading.words[index].start : reading.words[index].end]
        word = WRITTEN.get(reading.at(index)) or (typed.upper() if len(typed) <= 2 and not _hangs(reading, index) else typed)
        text += word if index == first or reading.glued(index) else f" {word}"
    return text


def _is_meant(reading: Reading, first: int, length: int) -> bool:
    """Say whether the words name a camera: a brand, a model of letters and digits, or any word of it after “with my”."""
    words = reading.folded[first : first + length]
    if words[0].isdigit():
        return False
    if all(word in PLAIN or len(word) < 2 for word in words):
        return length > 1 and words[1].isdigit() and reading.glued(first + 1)  # “R6”
    after_cue = reading.at(first - 1) in BEFORE_A_CAMERA and bool(reading.at(first - 1))
    if any(_singular(word) & (BRANDS - MAKER_OR_WORD) for word in words):
        return True
    if length > 1 and any(word.isdigit() or word in BRANDS for word in words):
        return True
    if words[0] in SORTS:
        return reading.at(first - 1) not in ARTICLES | OF or not reading.at(first - 1)
    if words[0] in MAKER_OR_WORD and not reading.at(first - 1).isalpha() and not reading.at(first + length).isalpha() and first:
        return True  # “Nice, July 2024, pixel”
    capital = reading.words[first].capital and words[0] in MAKER_OR_WORD
    return words[0] not in PLAIN | ONLY_WITH_OTHERS and len(words[0]) > 2 and (after_cue or capital)


def _singular(word: str) -> frozenset[str]:
    """“iphones” is also “iphone”; “pixels” are no Pixel."""
    maker = word.removesuffix("s")
    return frozenset({word, maker}) if maker in BRANDS - MAKER_OR_WORD else frozenset({word})


def _unknown(reading: Reading, first: int) -> tuple[int, tuple[str, ...]] | None:
    """A maker that no camera of this library has: “taken with a Leica”, “my Hasselblad”, “GoPro videos”, “Galaxy S21”."""
    if reading.at(first) not in BRANDS or not reading.at(first):
        return None
    end = first + 1
    while reading.at(end) in BRANDS and reading.at(end):
        end += 1
    end = _model_end(reading, end)
    said = _is_said_to_take(reading, first, end)
    before_photos = reading.at(end) in NOUNS
    alone = all(word in BEFORE_A_CAMERA for word in reading.folded[:first]) and reading.at(end) in (TAKEN, "?", "!", ".")
    after_cue = reading.at(first - 1) in BEFORE_A_CAMERA and bool(reading.at(first - 1))
    named = reading.at(first) not in MAKER_OR_WORD or any(reading.number_at(index) is not None for index in range(first, end))
    if not said and not (named and (before_photos or after_cue or alone)):
        return None
    return end, (_written(reading, first, end),)


def _is_said_to_take(reading: Reading, first: int, end: int) -> bool:
    """“Taken with a …”, “shot on my old …”, “mit der … aufgenommen”."""
    start = first
    while reading.at(start - 1) in BEFORE_A_CAMERA | ARTICLES and reading.at(start - 1):
        start -= 1
    for back in range(max(start - 1, 0), first):
        if (stop := TAKEN_WITH.end_at(reading.folded, back)) is not None and stop <= first:
            return True
    return any(reading.at(index) in TAKEN_AFTER and bool(reading.at(index)) for index in (end, end + 1))
