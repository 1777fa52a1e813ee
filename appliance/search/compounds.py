"""German words that are two: “Weihnachtsfotos”, “Sommerurlaub”, “Nikonbilder”, “Drohnenvideos”, “Julibilder”, “Italienurlaub”."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

from appliance.search.camera_words import BRANDS, MAKER_OR_WORD
from appliance.search.sentence import Word, fold

HEADS = (
    "fotos", "foto", "bilder", "bildern", "bild", "aufnahmen", "aufnahme", "videos", "video", "photos", "urlaub", "ferien", "reise",
    "ausflug", "abend", "morgen", "nachmittag", "wochenende",
)  # fmt: skip
SHORTEST_COUNTRY = 4
SHORTEST = 7
# What does not stand alone as it stands in front of another word.
FRONTS = {
    "weihnachts": "weihnachten", "oster": "ostern", "pfingst": "pfingsten", "silvester": "silvester", "karnevals": "karneval",
    "faschings": "fasching", "advents": "advent", "drohnen": "drohne", "muttertags": "muttertag", "fruhlings": "fruhling",
    "fruhjahrs": "fruhjahr", "halloween": "halloween", "neujahrs": "neujahr", "heiligabend": "heiligabend",
}  # fmt: skip
GERMAN = "januar februar märz april mai juni juli august september oktober november dezember sommer winter herbst frühling"


@cache
def _fronts() -> dict[str, str]:
    """Folded beginnings, and the word that each stands for."""
    every = {**FRONTS, **{maker: maker for maker in BRANDS - MAKER_OR_WORD}}
    return every | {fold(word): fold(word) for word in GERMAN.split()}


def parted(words: tuple[Word, ...], is_country: Callable[[str], bool]) -> tuple[Word, ...]:
    """Return `words` with such words as two, each with its place in the sentence."""
    found: list[Word] = []
    for word in words:
        cut = _cut(word, is_country)
        if cut is None:
            found.append(word)
            continue
        front = word.folded[:cut]
        found.append(replace(word, folded=_fronts().get(front, front), end=word.start + cut))
        found.append(Word(word.folded[cut:], word.start + cut, word.end, glued=True, capital=False))
    return tuple(found)


def _cut(word: Word, is_country: Callable[[str], bool]) -> int | None:
    """Return how many letters the first of two words has; None for one word, and where folding changed their number."""
    if len(word.folded) < SHORTEST or len(word.folded) != word.end - word.start:
        return None
    head = next((head for head in HEADS if word.folded.endswith(head)), "")
    front = word.folded.removesuffix(head) if head else ""
    return len(front) if front in _fronts() or (len(front) >= SHORTEST_COUNTRY and is_country(front)) else None
