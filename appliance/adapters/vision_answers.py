"""What a model said, made safe to keep, and whether it is a sentence at all. Pure functions.

Nothing here knows what is true: it tells words about a picture from what models say instead (docs/guide/vision.md lists it).
"""

import re
import unicodedata

from appliance.adapters.vision_protocol import ANSWER_CHARACTERS, Verdict

# "[0.12, 0.3, 0.55, 0.9]", "<0.41,0.2>", "(120, 45)", "x_min: 3": Moondream sometimes answers with boxes or points instead of words
FRACTIONS = re.compile(r"(?:\b[01]?\.\d+\b[\s,;\])>]*){2,}")
BRACKETED = re.compile(r"[\[({<]\s*-?\d+(?:\.\d+)?(?:\s*[,;]\s*-?\d+(?:\.\d+)?)+\s*[\])}>]")
NAMED = re.compile(r"\b[xy]_?(?:min|max|1|2|center)\b|<\s*(?:loc|point|box)\w*|[\"']?\b[xy]\b[\"']?\s*[:=]\s*-?\d", re.IGNORECASE)
MARKUP = re.compile(r"</?[a-z][^<>]*>|<[|!]|```|[{}\\]|&#?\w+;|\]\(|^\s*[\[#*|]|\*\*", re.IGNORECASE)
TURN = re.compile(r"(?:^|\s)(?:question|answer|user|assistant|human|system)\s*:", re.IGNORECASE)
REFUSED = re.compile(r"i[’']?m sorry|i am sorry|sorry,|i can(?:no|[’'])t|i am unable|as an ai|unanswerable", re.IGNORECASE)
SENTENCE_END = re.compile(r"[.!?][\"”’')]*(?=\s|$)")
# a sentence that ends in one of these was cut off
UNFINISHED = frozenset((
    "a", "an", "and", "are", "as", "at", "beside", "between", "by", "for", "from", "has", "have", "his", "her", "in", "into", "is",
    "its", "near", "of", "on", "or", "that", "the", "their", "this", "to", "was", "were", "which", "while", "who", "with",
    "without",
))  # fmt: skip
LONGEST_LOOP = 8
REPEATS = 3
FEWEST_FOR_SAMENESS = 16  # so many runs of three words, of which less than half are different, go round and round
LONGEST_WORD = 40
STUTTER = re.compile(r"(.{1,6}?)\1{5,}")
SURE = 0.65  # of what is said to be yes or no; below it the model is unsure
LEAST_SAID = 0.05  # when yes and no together are less probable than this, the model was about to say something else


def clean(text: str) -> str:
    """One line without control characters, at most ANSWER_CHARACTERS long, cut at a word."""
    printable = "".join(" " if unicodedata.category(letter)[0] in "CZ" else letter for letter in text)
    line = " ".join(printable.split())
    if len(line) <= ANSWER_CHARACTERS:
        return line
    return line[: ANSWER_CHARACTERS - 1].rsplit(" ", 1)[0] + "…"


def sentence(text: str) -> str:
    """Return what of `text` can be a caption: up to where the model goes on with a turn of its own, without a cut-off end.

    A text that has no whole sentence before its cut-off end is returned as it is; `fault` says what is wrong with it.
    """
    line = clean(text)
    parts = [part.strip() for part in TURN.split(line)]
    said = next((part for part in parts if part), "") if len(parts) > 1 else line
    if not _cut_off(said):
        return said
    ends = [found.end() for found in SENTENCE_END.finditer(said)]
    return said[: ends[-1]] if ends else said


def fault(caption: str, prompt: str = "") -> str | None:
    """Return why `caption` is no use as one (a clause for people), or None when it reads like a sentence.

    `prompt` is what the model was asked.
    """
    words = re.findall(r"\w+", caption.casefold())
    letters = [letter for letter in caption if letter.isalpha()]
    if any(pattern.search(caption) for pattern in (FRACTIONS, BRACKETED, NAMED)):
        return "the model answered with coordinates"
    if not letters:
        return "the model said nothing"
    if MARKUP.search(caption) or TURN.search(caption):
        return "the model answered with markup"
    if "\N{REPLACEMENT CHARACTER}" in caption or 2 * len(letters) < len(caption.replace(" ", "")):
        return "the model answered with signs instead of words"
    if 2 * sum(_is_latin(letter) for letter in letters) < len(letters):
        return "the model wrote in a script that it was not asked for"
    return _fault_of_words(caption, words, re.findall(r"\w+", prompt.casefold()))


def _fault_of_words(caption: str, words: list[str], prompt: list[str]) -> str | None:
    if sum(not word.isdigit() for word in words) < 2:
        return "the model said a single word"
    if _loops(words) or _goes_round(words) or STUTTER.search(caption) or max(map(len, words)) > LONGEST_WORD:
        return "the model repeated itself"
    if _repeats_prompt(words, prompt):
        return "the model repeated the question"
    if REFUSED.match(caption):
        return "the model said that it cannot tell"
    if _cut_off(caption):
        return "the model broke off in the middle of a sentence"
    return None


def verdict(yes: float, no: float) -> Verdict:
    """What the probabilities of a yes and of a no come to."""
    said = yes + no
    if said < LEAST_SAID or max(yes, no) < SURE * said:
        return Verdict("unsure", yes, no)
    return Verdict("yes" if yes > no else "no", yes, no)


def _loops(words: list[str]) -> bool:
    """True when some one to eight words stand at least four (a single word) or three times in a row."""
    for length in range(1, LONGEST_LOOP + 1):
        same = 0
        for left, right in zip(words, words[length:], strict=False):
            same = same + 1 if left == right else 0
            if same >= length * (REPEATS if length == 1 else REPEATS - 1):
                return True
    return False


def _goes_round(words: list[str]) -> bool:
    """True when a long text is made of the same few runs of three words, in whatever order."""
    runs = list(zip(words, words[1:], words[2:], strict=False))
    return len(runs) >= FEWEST_FOR_SAMENESS and 2 * len(set(runs)) < len(runs)


def _repeats_prompt(words: list[str], prompt: list[str]) -> bool:
    """True when at least two words of the prompt stand together, and all of what it asks."""
    asked = [word for word in prompt if word not in ("question", "answer")]
    length = len(asked)
    return length >= 2 and any(words[start : start + length] == asked for start in range(len(words) - length + 1))


def _cut_off(said: str) -> bool:
    """True when the last word, or the sign after it, announces something that does not come."""
    if said.endswith((",", ";", ":", "(", "[", "“", "-", "–", "…")):
        return True
    words = re.findall(r"\w+", said.casefold())
    return bool(words) and not SENTENCE_END.search(said[-3:]) and words[-1] in UNFINISHED


def _is_latin(letter: str) -> bool:
    return letter.isascii() or unicodedata.name(letter, "").startswith("LATIN")
