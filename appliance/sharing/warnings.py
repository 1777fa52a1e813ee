"""What may be sensitive in photos that somebody is about to share: documents, screens, places near the home, people.

Drawn from rows alone, and cautious: what is listed may be harmless, and what nobody has looked at yet is said to be that.
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from math import cos, hypot, radians
from typing import Literal

from appliance.library.access import SHOWN_CAPTION
from appliance.library.document import NAMES
from appliance.store.db import Reader

Kind = Literal["identity", "documents", "screens", "text", "home", "people", "unread"]

HOME_DAYS = 5  # with a photo from the same place, before that is taken for the home
HOME_KM = 1.0
MANY_LETTERS = 40
_CELLS = 200  # of a degree: half a kilometre from south to north
_KM = 111.2  # of a degree of latitude

_CARD = re.compile(r"\b\d(?:[ -]?\d){12,18}\b")
_ACCOUNT = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b")
_PEOPLE = re.compile(
    r"\b(?:man|men|woman|women|person|persons|people|child|children|boys?|girls?|bab(?:y|ies)|toddlers?|kids?|couple|family|crowd"
    r"|bride|groom|guests?|friends?|lad(?:y|ies)|faces?|selfie|teenagers?|players?|he|she|his|her|their)\b",
    re.IGNORECASE,
)
_CHILDREN = re.compile(r"\b(?:child|children|boys?|girls?|bab(?:y|ies)|toddlers?|kids?|infants?|teenagers?)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Warning:
    """One thing to look at before sharing: a sentence, and the assets that it is about, which could be left out; none when it is
    about all of them."""

    kind: Kind
    words: str
    assets: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Shared:
    """What the rows say of one asset."""

    id: int
    screenshot: int
    latitude: float | None
    longitude: float | None
    document: str | None
    text: str
    caption: str | None
    text_is_read: int


@dataclass(frozen=True, slots=True)
class Faces:
    """What People knows while it is unlocked, for those who may see it: the assets in which a face was found, and those in which a
    child was recognised."""

    found: frozenset[int]
    children: frozenset[int]


def warn(reader: Reader, assets: Sequence[int], faces: Faces | None = None) -> tuple[Warning, ...]:
    """Return what may be sensitive in `assets`, the gravest first. Whoever asks must be allowed to see these. Without `faces`
    people are known from captions alone."""
    shared = reader.rows(_Shared, _SHARED, (json.dumps(list(assets)),))
    people = partial(_people_by_faces, faces) if faces is not None else _people
    rules = (people if rule is _people else rule for rule in _RULES)
    return tuple(warning for rule in rules if (warning := rule(reader, shared)) is not None)


_SHARED = f"""
SELECT asset.id, screenshot, latitude, longitude, document.kind, coalesce(recognised_text.words, ''), {SHOWN_CAPTION},
  EXISTS (SELECT 1 FROM job WHERE job.asset_id = asset.id AND stage = 'text' AND job.state = 'done')
FROM json_each(?) AS chosen CROSS JOIN asset ON asset.id = chosen.value
LEFT JOIN document ON document.asset_id = asset.id LEFT JOIN recognised_text ON recognised_text.asset_id = asset.id
ORDER BY chosen.key
"""


def _identity(reader: Reader, shared: Sequence[_Shared]) -> Warning | None:
    found = [one.id for one in shared if _is_identity(one)]
    return _warning("identity", found, "{these} shows a passport, an identity card, or the number of a bank card or account.")


def _is_identity(one: _Shared) -> bool:
    return one.document == "identity" or _has_card_number(one.text) or bool(_ACCOUNT.search(one.text))


def _documents(reader: Reader, shared: Sequence[_Shared]) -> Warning | None:
    found = [one for one in shared if one.document not in (None, "identity", "screenshot")]
    names = sorted({NAMES[str(one.document)] for one in found})
    return _warning("documents", [one.id for one in found], f"{{these}} looks like {' or '.join(names)}.")


def _screens(reader: Reader, shared: Sequence[_Shared]) -> Warning | None:
    found = [one.id for one in shared if one.document == "screenshot" or one.screenshot]
    return _warning("screens", found, "{these} is a picture of a screen.")


def _text(reader: Reader, shared: Sequence[_Shared]) -> Warning | None:
    found = [
        one.id for one in shared
        if one.document is None and not one.screenshot and not _is_identity(one) and _letters(one.text) >= MANY_LETTERS
    ]  # fmt: skip
    return _warning("text", found, "{these} holds words that can be read: names, addresses, signs.")


def _home(reader: Reader, shared: Sequence[_Shared]) -> Warning | None:
    home = home_of(reader)
    if home is None:
        return None
    found = [one.id for one in shared if one.latitude is not None and one.longitude is not None
             and kilometres(home, (one.latitude, one.longitude)) <= HOME_KM]  # fmt: skip
    return _warning("home", found, "{these} was taken near the place where you take most photos: your home and its surroundings.")


def _people(reader: Reader, shared: Sequence[_Shared]) -> Warning | None:
    """Faces are not looked for, so what is known is what captions say, and nobody can be sure of the others."""
    found = [one for one in shared if one.caption and _PEOPLE.search(one.caption)]
    children = sum(1 for one in found if _CHILDREN.search(one.caption or ""))
    if not shared:
        return None
    words = "People may be visible, children too: Mantel does not look for faces."
    if len(found) == 1:
        words = f"{words} The caption of one speaks of {'children' if children else 'people'}."
    elif found:
        also = f", {'one' if children == 1 else f'{children:,}'} of them of children" if children else ""
        words = f"{words} The captions of {len(found):,} speak of people{also}."
    return Warning("people", words, tuple(one.id for one in found))


def _people_by_faces(faces: Faces, reader: Reader, shared: Sequence[_Shared]) -> Warning | None:
    """Real faces, and what captions speak of: turned away, small and covered faces are not found."""
    found = [one.id for one in shared if one.id in faces.found]
    children = sum(1 for one in found if one in faces.children)
    others = [one.id for one in shared if one.id not in faces.found and one.caption and _PEOPLE.search(one.caption)]
    if not shared:
        return None
    also = f", {'one' if children == 1 else f'{children:,}'} of them of a child that you named" if children else ""
    parts = [f"{'One shows a face' if len(found) == 1 else f'{len(found):,} show faces'}{also}." if found else "No face was found."]
    parts += [f"{'One more is' if len(others) == 1 else f'{len(others):,} more are'} said to show people."] if others else []
    parts += ["Faces that are small, turned away or covered are not found."]
    return Warning("people", " ".join(parts), (*found, *others))


def _unread(reader: Reader, shared: Sequence[_Shared]) -> Warning | None:
    found = [one.id for one in shared if not one.text_is_read]
    return _warning("unread", found, "{these} has not been looked at for text and documents yet.")


_RULES: tuple[Callable[[Reader, Sequence[_Shared]], Warning | None], ...] = (
    _identity, _documents, _screens, _home, _people, _text, _unread,
)  # fmt: skip
_PLURALS = (
    (" shows ", " show "), (" looks like ", " look like "), (" is a picture", " are pictures"), (" holds ", " hold "),
    (" was taken", " were taken"), (" has not", " have not"),
)  # fmt: skip


def _warning(kind: Kind, found: Sequence[int], words: str) -> Warning | None:
    if not found:
        return None
    if len(found) > 1:
        for one, many in _PLURALS:
            words = words.replace(f"{{these}}{one}", f"{{these}}{many}", 1)
    these = "One" if len(found) == 1 else f"{len(found):,}"
    return Warning(kind, words.format(these=these), tuple(found))


def home_of(reader: Reader) -> tuple[float, float] | None:
    """Return (latitude, longitude) of the place with photos of most days, None when no place has HOME_DAYS of them."""
    row = reader.first(
        f"""SELECT avg(latitude), avg(longitude), count(DISTINCT substr(capture_time, 1, 10)) AS days FROM asset
            WHERE latitude IS NOT NULL AND longitude IS NOT NULL AND deleted_at IS NULL
            GROUP BY round(latitude * {_CELLS}), round(longitude * {_CELLS}) ORDER BY days DESC, count(*) DESC LIMIT 1"""
    )
    return (row[0], row[1]) if row and row[2] >= HOME_DAYS else None


def kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Distance on the ground, good for places that are near each other."""
    east = (other[1] - one[1] + 180) % 360 - 180
    return _KM * hypot(other[0] - one[0], east * cos(radians(one[0])))


def _letters(text: str) -> int:
    return sum(letter.isalnum() for letter in text)


def _has_card_number(text: str) -> bool:
    return any(_adds_up([int(digit) for digit in match[0] if digit.isdigit()]) for match in _CARD.finditer(text))


def _adds_up(digits: Sequence[int]) -> bool:
    """The check digit of ISO/IEC 7812-1, annex B; a row of equal digits is no card."""
    doubled = [digit * 2 - 9 * (digit > 4) if number % 2 else digit for number, digit in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0 and len(set(digits)) > 1
