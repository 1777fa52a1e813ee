"""What a model said, made safe to keep, and whether it is a sentence at all. Pure functions."""

import re
import unicodedata

from appliance.adapters.vision_protocol import ANSWER_CHARACTERS

# "[0.12, 0.3, 0.55, 0.9]", "<0.41,0.2>": Moondream sometimes answers with boxes or points instead of words
COORDINATES = re.compile(r"(?:\b[01]?\.\d+\b[\s,;\])>]*){2,}")
LONGEST_LOOP = 8
REPEATS = 3


def clean(text: str) -> str:
    """One line without control characters, at most ANSWER_CHARACTERS long, cut at a word."""
    printable = "".join(" " if unicodedata.category(letter)[0] in "CZ" else letter for letter in text)
    line = " ".join(printable.split())
    if len(line) <= ANSWER_CHARACTERS:
        return line
    return line[: ANSWER_CHARACTERS - 1].rsplit(" ", 1)[0] + "…"


def fault(caption: str) -> str | None:
    """Return why `caption` is no use as one (a clause for people), or None when it reads like a sentence."""
    words = re.findall(r"\w+", caption.casefold())
    if COORDINATES.search(caption):
        return "the model answered with coordinates"
    if not any(letter.isalpha() for letter in caption):
        return "the model said nothing"
    if len(words) < 2:
        return "the model said a single word"
    if _loops(words):
        return "the model repeated itself"
    return None


def _loops(words: list[str]) -> bool:
    """True when some one to eight words stand at least four (a single word) or three times in a row."""
    for length in range(1, LONGEST_LOOP + 1):
        same = 0
        for left, right in zip(words, words[length:], strict=False):
            same = same + 1 if left == right else 0
            if same >= length * (REPEATS if length == 1 else REPEATS - 1):
                return True
    return False
