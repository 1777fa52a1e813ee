"""The words of a question and of a file name, and the FTS5 expressions made of them.

Nothing that comes in is trusted: every word is quoted, so that none of it is an operator."""

import re
from collections.abc import Iterable

_WORD = re.compile(r"[^\W_]+")
_WORD_OR_AMOUNT = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")

# Words that say nothing about a picture. English in full; of German, French and Spanish those that aren't English words too.
STOP_WORDS = frozenset(
    """
    a about above after again all am an and any are around as at be because been before behind being below beside
    between both but by can could did do does doing done down during each every for from get gets getting had has have
    having he her here hers him his how i if in inside into is it its just like me mine more most my near next no nor
    not of off on one ones onto or other our ours out outside over own per s she show so some somebody someone something
    such t than that the their theirs them then there these they thing things this those through to together too two
    under until up us very was we were what when where which while who whom whose why will with within without would you
    your yours any anything anyone few full lot lots many several find give image images look looks looking see seen
    photo photograph photographs photos pic pics picture pictures shot shots snap snaps snapshot snapshots show shows
    showing taken took am auf aus bei beim das dem den der des ein eine einem einen einer eines für im ist mein meine
    mit oder sind und uns unser unsere vom von vor wir zu zum zur zeig zeige bild bilder foto fotos au aux avec ce ces
    cette dans de des du elle en est et il je la le les ma mes mon nos notre nous ou où par pour sur un une al como con
    del el ella en es esta este la las lo los mi mis nuestra nuestro para por que se su sus un una uno unos y
    """.split()  # noqa: SIM905
)


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of `text` in lower case, each once, in order; single letters are left out, digits are kept.

    An amount is one word, which as an FTS5 string finds “12,90” and “12.90” alike."""
    found = (word for word in _WORD_OR_AMOUNT.findall(text.lower()) if len(word) > 1 or not word.isascii() or word.isdigit())
    return tuple(dict.fromkeys(found))


def content_words(text: str) -> tuple[str, ...]:
    """Return those of `words_of(text)` that say something about a picture."""
    return tuple(word for word in words_of(text) if word not in STOP_WORDS)


def name_words(file_name: str) -> str:
    """Return the words of a file name without its ending, and their parts: “RomeTrip19_b.JPG” → “RomeTrip19 b Rome Trip 19”."""
    stem = file_name.rsplit(".", 1)[0]
    whole = _WORD.findall(stem)
    parts = [part for word in whole for part in _HUMP.split(word) if part != word]
    return " ".join([*whole, *parts])


def any_of(words: Iterable[str], column: str | None = None) -> str:
    """Return the FTS5 expression that is true where one of `words` stands, in `column` when given."""
    alternatives = " OR ".join(quoted(word) for word in words)
    return f"{{{column}}}: ({alternatives})" if column else alternatives


def quoted(phrase: str, column: str | None = None) -> str:
    """Return `phrase` as one FTS5 string: nothing in it is an operator. Its words must stand together, in this order."""
    string = '"' + phrase.replace('"', '""').replace("\0", " ") + '"'
    return f"{{{column}}}: {string}" if column else string


MISREAD_FROM = 4  # words: of so many the reader of pictures may have misread one
MISREAD_UP_TO = 12


def _as_initials(word: str) -> str:
    """“US” stands in pictures as “U.S.” too."""
    return f"({quoted(word)} OR {quoted(' '.join(word))})" if len(word) in (2, 3) and word.isalpha() else quoted(word)


def read_in_picture(phrase: str) -> str:
    """Return the FTS5 expression for words that stand in a picture, in whatever order its lines were read.

    All of them must be there; of four words and more one may be missing, since letters in pictures are misread."""
    words = [_as_initials(word) for word in words_of(phrase)]
    whole = " AND ".join(words)
    if not MISREAD_FROM <= len(words) <= MISREAD_UP_TO:
        return f"{{text}}: ({whole})"
    all_but_one = (" AND ".join(words[:index] + words[index + 1 :]) for index in range(len(words)))
    return "{text}: (" + " OR ".join(f"({some})" for some in all_but_one) + ")"
