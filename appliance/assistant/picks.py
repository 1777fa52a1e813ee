"""Photos that a person points at by where they stand: “the third”, “the first two”, “the other one”, “the first and the last”."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from appliance.assistant import intent_words as table
from appliance.assistant.conversation import Turn

ORDINAL = {word: number for words, number in table.ORDINALS.items() for word in words.split("|")}
NUMBER = {word: number for words, number in table.NUMBERS.items() for word in words.split("|")}


def _any(words: Mapping[str, int]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


POSITION = rf"{table.THE}(?:{_any(ORDINAL)}){table.PICTURE}"
SOME = (
    rf"{table.THE}(?:(?:{table.FIRST}|{table.LAST}) (?:{_any(NUMBER)})|(?:{_any(NUMBER)}) (?:{table.FIRST}|{table.LAST}))"
    rf"(?: (?:ones|of these|of them|of those|von diesen|davon|de estas))?"
)
ONE_OR_MORE = rf"{POSITION}(?:(?: and| und| et| y) {POSITION})*(?:{table.ONE})|{SOME}"
# A sentence of its own: “the first photo” is the oldest of the library, as it always was; “the third photo” can only be the third.
_ALONE = re.compile(
    rf"{table.POLITE}{table.SHOW}{table.THE}(?P<one>{_any(ORDINAL)})(?P<picture>{table.PICTURE})(?P<of>{table.ONE}){table.PLEASE}"
)
_SEVERAL = re.compile(rf"{table.POLITE}{table.SHOW}(?P<several>{POSITION}(?:(?: and| und| et| y) {POSITION})+){table.PLEASE}")
_SOME = re.compile(rf"{table.POLITE}{table.SHOW}(?P<some>{SOME}){table.PLEASE}")
_OTHER = re.compile(rf"{table.POLITE}{table.SHOW}{table.THE}(?:{table.OTHER}){table.PICTURE}(?: one)?{table.PLEASE}")
_OTHERS = re.compile(rf"{table.POLITE}{table.SHOW}{table.THE}(?:{table.OTHERS})(?: of them)?{table.PLEASE}")
_THIS = re.compile(rf"{table.POLITE}{table.SHOW}(?:{table.THIS_ONE}){table.PLEASE}")
_LIKE = re.compile(
    rf"{table.POLITE}(?:{table.LIKE}) (?:(?P<this>{table.THIS_ONE}|these|diese|estas|celles ci)|{table.THE}(?P<one>{_any(ORDINAL)})"
    rf"{table.PICTURE}){table.PLEASE}"
)
_ASKED = re.compile(
    r"(?:what|which|who|is|are|does|how|read|was|wer|qui|quien|welche|wie|steht|que|qu|quel|quelle|cuanto) .+ "
    r"(?:on|in|of|auf|im|sur|dans|en|de) "
    rf"{table.THE}(?P<one>{_any(ORDINAL)})(?: (?:one|photo|picture|foto|bild|imagen|image))?"
)
BARE = frozenset({"one", "un", "una", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"})
NAMES = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


@dataclass(frozen=True, slots=True)
class Picked:
    """The ids that were pointed at; when there are none, `lacks` says why in a sentence."""

    assets: tuple[int, ...]
    lacks: str = ""


def picked(folded: str, trail: Sequence[Turn]) -> Picked | None:
    """Return what `folded` (a whole sentence, or its object) points at in what the last turn of `trail` showed; None: nothing."""
    shown = trail[-1].shown
    if match := _ALONE.fullmatch(folded):
        return _alone(match, shown)
    if match := _SEVERAL.fullmatch(folded):
        return _at(shown, [ORDINAL[word] for word in re.findall(rf"\b(?:{_any(ORDINAL)})\b", match["several"]) if word != "one"])
    if match := _SOME.fullmatch(folded):
        return _some(match["some"], shown)
    if _OTHER.fullmatch(folded):
        return _other(trail)
    if _OTHERS.fullmatch(folded):
        rest = tuple(asset for asset in _list_before(trail) if asset not in trail[-1].query.only)
        return Picked(rest, "There are no others.")
    return Picked(shown, "Nothing is shown.") if _THIS.fullmatch(folded) and len(shown) == 1 else None


def alike(folded: str, trail: Sequence[Turn]) -> Picked | None:
    """“More like the third”, “like this one”: return what others are to be like; None when the sentence says no such thing."""
    match = _LIKE.fullmatch(folded)
    if match is None:
        return None
    shown = trail[-1].shown
    return _at(shown, [ORDINAL[match["one"]]]) if match["one"] else Picked(shown[:4], "Nothing is shown that others could be like.")


def pointed_at(folded: str, trail: Sequence[Turn]) -> int | None:
    """Return the picture that a question is about: “what is the total on the second?”."""
    match = _ASKED.fullmatch(folded)
    found = _at(trail[-1].shown, [ORDINAL[match["one"]]]).assets if match and match["one"] not in ("one",) else ()
    return found[0] if found else None


def _alone(match: re.Match[str], shown: Sequence[int]) -> Picked | None:
    """“3” alone may be anything; “the first photo” is a search."""
    number, word = ORDINAL[match["one"]], match["one"]
    says_photo = match["picture"].strip() not in ("", "one")
    if word in BARE and not match["of"] and match[0] == word:
        return None
    if says_photo and number in (1, -1) and not match["of"]:
        return None
    return _at(shown, [number])


def _some(text: str, shown: Sequence[int]) -> Picked:
    words = text.split()
    count = next(NUMBER[word] for word in words if word in NUMBER)
    last = any(word in table.LAST.split("|") for word in words)
    if count > len(shown):
        return Picked((), _too_few(shown))
    return Picked(tuple(shown[-count:] if last else shown[:count]))


def _other(trail: Sequence[Turn]) -> Picked:
    """Of two the one that was not looked at; of more the one after it."""
    before = _list_before(trail)
    now = [at for at, asset in enumerate(before) if asset in trail[-1].query.only]
    following = now[-1] + 1 if now else 1
    if len(before) < 2:
        return Picked((), "There is no other one.")
    return Picked((before[following % len(before)],))


def _list_before(trail: Sequence[Turn]) -> tuple[int, ...]:
    """The list that the last turns pointed into."""
    return next((turn.shown for turn in reversed(trail) if not turn.query.only), trail[0].shown)


def _at(shown: Sequence[int], numbers: Sequence[int]) -> Picked:
    """`numbers` count from 1; −1 is the last."""
    missing = [number for number in numbers if number > len(shown) or not shown]
    if missing:
        return Picked((), _too_few(shown))
    return Picked(tuple(dict.fromkeys(shown[number - 1 if number > 0 else -1] for number in numbers)))


def _too_few(shown: Sequence[int]) -> str:
    return {0: "Nothing is shown.", 1: "Only one is shown."}.get(len(shown), f"Only {len(shown)} are shown.")
