"""Cameras in a sentence: “with my Nikon”, “iPhone 6 photos”, “taken with the Canon EOS 40D”."""

from appliance.search.reading import Reading
from appliance.search.sentence import fold, word_set
from appliance.search.vocabulary import Camera

BEFORE_A_CAMERA = word_set(
    "with on by using from taken shot mit avec con par my our the mein meinem meiner mon ma mi via camera old new"
)
ARTICLES = word_set("a an ein einer einem une un una")
BRANDS = word_set(
    "nikon canon sony fujifilm fuji olympus panasonic leica pentax gopro iphone ipad pixel samsung huawei xiaomi dji kodak"
    " casio minolta ricoh hasselblad lumix coolpix powershot cybershot motorola nokia oneplus htc apple"
)
# Brands that are common words elsewhere: only with a capital or right after “with”, “on”, “my”.
BRAND_OR_WORD = word_set("pixel apple galaxy")
PLAIN = word_set("camera digital corporation corp company imaging co ltd optical electronics inc kamera the")


LONGEST_NAME = 14  # words and marks


def recognise(reading: Reading) -> None:
    """Take the cameras that are named; one that this library doesn't know is kept too, so that nothing matches."""
    index, names = 0, _names(reading)
    while index < len(reading.words):
        hit = _whole(reading, index, names) or _known(reading, index) or _brand(reading, index)
        if hit is None:
            index += 1
            continue
        end, models = hit
        start = index
        while reading.at(start - 1) in BEFORE_A_CAMERA | ARTICLES and reading.at(start - 1):
            start -= 1
        reading.add("cameras", *models)
        reading.take(start, end + (reading.at(end) in {"camera", "kamera", "phone"}))
        index = end


def _names(reading: Reading) -> dict[str, list[str]]:
    """Return the models that each name stands for, the names squeezed."""
    names: dict[str, list[str]] = {}
    for one in reading.vocabulary.cameras:
        for name in {squeezed(one.model), squeezed(one.label), squeezed(f"{one.make} {one.model}")}:
            names.setdefault(name, []).append(one.model)
    return names


def _whole(reading: Reading, first: int, names: dict[str, list[str]]) -> tuple[int, tuple[str, ...]] | None:
    """Return (end, models) of the cameras whose whole name stands at `first`, however its marks and spaces are written.

    “EX-Z750”, “ex z750” and “iPhone SE (2nd generation)” are names; a lone number or a short word is none.
    """
    best, written = None, ""
    for end in range(first + 1, min(first + LONGEST_NAME, len(reading.words)) + 1):
        if not reading.at(end - 1):
            break
        written += squeezed(reading.at(end - 1))
        if written in names and _is_a_name(reading, first, end, written):
            best = end, tuple(names[written])
    return best


def _is_a_name(reading: Reading, first: int, end: int, written: str) -> bool:
    cue = first - 2 if reading.at(first - 1) in ARTICLES else first - 1
    after_cue = bool(reading.at(cue)) and reading.at(cue) in BEFORE_A_CAMERA
    digits = sum(letter.isdigit() for letter in written)
    return len(written) > 2 and digits < len(written) and (after_cue or digits > 0 or end - first > 1)


def squeezed(name: str) -> str:
    """Return the letters and digits of `name`, folded: “EX-Z750” is “exz750”."""
    return "".join(letter for letter in fold(name) if letter.isalnum())


def _known(reading: Reading, first: int) -> tuple[int, tuple[str, ...]] | None:
    """Return (end, models) of the cameras that share the most words with the sentence from `first` on."""
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
    exact = [model for inexact, model in models if not inexact]
    return (first + longest, tuple(exact or [model for _, model in models])) if models else None


def _shared(reading: Reading, first: int, camera: Camera) -> tuple[int, bool]:
    """Return how many words from `first` on stand in the camera's name in this order, and whether they end it."""
    best, whole = 0, False
    for start, word in enumerate(camera.words):
        if word != reading.at(first):
            continue
        length = 1
        while start + length < len(camera.words) and reading.at(first + length) == camera.words[start + length]:
            length += 1
        if length > best:
            best, whole = length, start + length == len(camera.words)
    return best, whole


def _is_meant(reading: Reading, first: int, length: int) -> bool:
    """Say whether the words name a camera: a brand, a model of letters and digits, or any word of it after “with my”."""
    words = reading.folded[first : first + length]
    if all(word in PLAIN or len(word) < 2 for word in words) or words[0].isdigit():
        return False
    after_cue = reading.at(first - 1) in BEFORE_A_CAMERA and bool(reading.at(first - 1))
    if any(word in BRANDS - BRAND_OR_WORD for word in words) or (length > 1 and any(word.isdigit() for word in words)):
        return True
    return (
        words[0] not in PLAIN and len(words[0]) > 2 and (after_cue or (reading.words[first].capital and words[0] in BRAND_OR_WORD))
    )


def _brand(reading: Reading, first: int) -> tuple[int, tuple[str, ...]] | None:
    """A brand that no camera of this library has, after “with”, “on”, “my”."""
    named = reading.at(first) in BRANDS and bool(reading.at(first))
    after_cue = reading.at(first - 1) in BEFORE_A_CAMERA and bool(reading.at(first - 1))
    if not named or not after_cue or (reading.at(first) in BRAND_OR_WORD and not reading.words[first].capital):
        return None
    end = first + 1
    while reading.number_at(end) is not None and reading.number_at(end, 2) is not None:
        end += 1
    return end, (reading.text(first, end),)
