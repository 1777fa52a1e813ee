"""The words behind a picture: a person's question, and what is known of the picture, fenced in as data; and the words of a form
that a text model fills in, fenced in alike. Pure functions.

All of it is hostile: a sign in a photo, a file name or a tag may say anything. Each fact is one line in double quotes, and
holds no line break, no double quote and nothing that control tokens are written with, so it cannot leave its place. The
tokenizer is told besides that no control token may come out of it (`special=False`).
"""

import re
import unicodedata
from collections.abc import Sequence

from appliance.adapters import text_models
from appliance.adapters.vision_models import Prompts

# what control tokens and templates are written with: <|endoftext|>, <end_of_utterance>, [INST], {question}
_MARKS = str.maketrans({"<": "(", ">": ")", "[": "(", "]": ")", "{": "(", "}": ")", "|": "/", "`": "'", '"': "'"})
_TURN = re.compile(
    r"(question|answer|caption|notes|form|left|names|sentence|unread|user|human|assistant|system|instructions?)\s*[:\uff1a]",
    re.IGNORECASE,
)
_PLACE = re.compile(r"\{(?:left|sentence|names)\}")


def inert(words: str) -> str:
    """`words` on one line, without what could look like structure: control characters, marks, “Answer:”."""
    seen = unicodedata.normalize("NFKC", words)  # full-width letters and brackets are letters and brackets too
    printable = "".join(letter if letter.isprintable() else " " for letter in seen)
    return _TURN.sub(r"\1,", " ".join(printable.translate(_MARKS).split()))


def prompt(prompts: Prompts, question: str, facts: Sequence[str]) -> str:
    """What follows the picture; a model whose `prompts.facts` is empty is told none."""
    asked = prompts.question.replace("{question}", inert(question))
    lines = "\n".join(f'"{line}"' for line in map(inert, facts) if line)
    return prompts.facts.replace("{facts}", lines) + asked if lines else asked


def form(prompts: text_models.Prompts, left: str, sentence: str, names: Sequence[str]) -> str:
    """The words behind the instruction of a text model: what was left unread of `sentence`, and the names that it may give."""
    lines = ", ".join(f'"{name}"' for name in map(inert, names) if name)
    asked = {"{left}": inert(left), "{sentence}": inert(sentence), "{names}": lines or "none"}
    return _PLACE.sub(lambda place: asked[place[0]], prompts.question)  # in one go: what is put in is not looked through again
