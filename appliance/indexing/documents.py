"""Which assets are documents, by rules over what was read in them and how they look. Pure functions.

A rule that is not sure says nothing: most photos are no document. Machine-readable lines follow ICAO Doc 9303, parts 3 to 6."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median, pstdev

import numpy as np

from appliance.adapters.rgb import Rgb
from appliance.adapters.text_lines import Line, Text
from appliance.indexing.receipts import amounts_of, is_total
from appliance.library.document import Kind

VERSION = "documents-1"
BLOCK = 12  # pixels of the preview, each way
CALM = 9.0  # the greatest spread of brightness (0 to 255) inside a block where nothing is written
PALE = 0.6  # of the brightest parts of the picture: how bright paper and whiteboards are where light falls off
GREY = 48  # the greatest distance between the channels of what has no colour of its own
MOST_LETTERS_OF_BOARD = 700
DENSE_LETTERS = 350
DENSE_LINES = 8
EMPTY = 0.55
ALIGNED = 0.015  # of the picture's width
PRINTED = 0.955  # how surely printed text is read; what hands write is read less surely
DRAWN = 0.982  # capitals that somebody drew on a board are read nearly as surely as print
WRITTEN_LETTERS = 60


@dataclass(frozen=True, slots=True)
class Look:
    """How a picture looks: which share of it is `pale` (bright, without colour), and which is pale and `calm` as well."""

    pale: float
    calm: float


@dataclass(frozen=True, slots=True)
class Decision:
    """`reason` says what the rule went by, in a few words for people."""

    kind: Kind
    reason: str


def look_of(rgb: Rgb) -> Look:
    """Measure a picture in blocks of BLOCK pixels."""
    high, wide = rgb.height // BLOCK, rgb.width // BLOCK
    if not high or not wide:
        return Look(0.0, 0.0)
    pixels = np.frombuffer(rgb.pixels, np.uint8).reshape(rgb.height, rgb.width, 3)[: high * BLOCK, : wide * BLOCK]
    blocks = pixels.reshape(high, BLOCK, wide, BLOCK, 3).astype(np.float32)
    bright = blocks.mean(axis=4)
    level, spread = bright.mean(axis=(1, 3)), bright.std(axis=(1, 3))
    channels = blocks.mean(axis=(1, 3))
    grey = channels.max(axis=2) - channels.min(axis=2) <= GREY
    pale = grey & (level >= PALE * np.percentile(level, 95)) & (level >= 90)
    return Look(float(pale.mean()), float((pale & (spread <= CALM)).mean()))


def decide(text: Text, look: Look, *, screenshot: bool) -> Decision | None:
    """Return what kind of document this is, None when no rule is sure. `screenshot` is what the metadata says."""
    rows = text.words.splitlines()
    return (
        _by_machine_readable_lines(rows)
        or _receipt(rows)
        or _identity_by_words(rows)
        or (Decision("screenshot", "its name or its size says so") if screenshot else None)
        or _written(text, look)
    )


# receipts

_RECEIPT = {
    "currency": r"[€$£¥]|\b(?:eur|euro|usd|gbp|chf|sfr|fr\.)(?:\b|(?=\d))",
    "tax": r"\b(?:vat|tax|mwst|mehrwertsteuer|ust|tva|iva|gst|hst|btw|netto|brutto|ttc)\b",
    "payment": r"\b(?:cash|card|change|visa|mastercard|maestro|amex|girocard|contactless|tendered|paid|bar|gegeben|rückgeld|zurück"
    r"|ec-karte|kartenzahlung|bezahlt|carte|cb|espèces|especes|rendu|payé|efectivo|tarjeta|cambio|entregado|pagado)\b",
    "name": r"\b(?:receipt|invoice|bill|quittung|kassenbon|kassenzettel|beleg|bon|rechnung|bewirtung|facture|ticket|reçu|recu"
    r"|addition|factura|recibo|cuenta|kasse|caisse|caja|cashier|bedient)\b",
}


def _receipt(rows: Sequence[str]) -> Decision | None:
    """A total with an amount, or several amounts, and beside it what only receipts say."""
    amounts = sum(bool(amounts_of(row)) for row in rows)
    total = any(is_total(row) for row in rows)
    said = [name for name, pattern in _RECEIPT.items() if any(re.search(pattern, row, re.IGNORECASE) for row in rows)]
    if (total and amounts and len(said) >= 1 + (amounts < 2)) or (amounts >= 3 and len({*said} - {"currency"}) >= 2):
        return Decision("receipt", "amounts with a total" if total else "amounts with what receipts say")
    return None


# passports and cards

_FROM_DIGITS = str.maketrans({"O": "0", "Q": "0", "D": "0", "I": "1", "L": "1", "Z": "2", "S": "5", "G": "6", "B": "8"})
_WEIGHTS = (7, 3, 1)
_NUMBER, _STATE, _DATE, _SEX = "[A-Z0-9<]{9}[0-9OQDILZSGB<]", "[A-Z0-9<]{3}", "[0-9OQDILZSGB]{6}[0-9OQDILZSGB]", "[MFX<]"
# Number, state, birth, sex, expiry of a passport or a two-line card; birth, sex, expiry, state of a three-line card.
_TWO_LINES = re.compile(f"^(?P<number>{_NUMBER}){_STATE}(?P<birth>{_DATE}){_SEX}(?P<expiry>{_DATE})")
_THREE_LINES = re.compile(f"^(?P<birth>{_DATE}){_SEX}(?P<expiry>{_DATE}){_STATE}")
_LEAST_MACHINE_READABLE = 24  # characters: the ends, all “<”, may have been cut off


def check_digit(field: str) -> int:
    """The check digit of a machine-readable field (ICAO Doc 9303-3, 4.9)."""
    values = (0 if letter == "<" else int(letter, 36) for letter in field)
    return sum(value * _WEIGHTS[index % 3] for index, value in enumerate(values)) % 10


def _holds(field: str, *, digits: bool) -> bool:
    """Whether the last character of `field` checks the others; letters that should be digits are taken for those they look like."""
    body, check = (field[:-1].translate(_FROM_DIGITS) if digits else field[:-1]), field[-1].translate(_FROM_DIGITS)
    return check_digit(body) == (0 if check == "<" else int(check))


def _by_machine_readable_lines(rows: Sequence[str]) -> Decision | None:
    lines = [re.sub(r"\s", "", row).upper().replace("«", "<<") for row in rows]
    for line in lines:
        if len(line) < _LEAST_MACHINE_READABLE:
            continue
        match = _TWO_LINES.match(line) or _THREE_LINES.match(line)
        if match and all(_holds(match[name], digits=True) for name in ("birth", "expiry")):
            passport = any(other.startswith("P") and "<<" in other for other in lines)
            return Decision("identity", f"machine-readable lines of {'a passport' if passport else 'a card'}")
    return None


_IDENTITY = re.compile(
    r"passport|passeport|reisepass|pasaporte|passaporto|personalausweis|identity card|identitätskarte|carte nationale d.identit"
    r"|carte d.identit|documento nacional de identidad|führerschein|driving licence|driver.?s? licen[cs]e|permis de conduire"
    r"|permiso de conducción|aufenthaltstitel|residence permit|titre de séjour|permiso de residencia",
    re.IGNORECASE,
)
_FIELDS = (
    r"surname|nachname|familienname|\bnom\b|apellidos?|cognome",
    r"given names?|vornamen?|prénoms?|prenoms?|\bnombres?\b",
    r"nationality|staatsangehörigkeit|nationalité|nationalite|nacionalidad",
    r"date of birth|geburtsdatum|geburtstag|date de naissance|fecha de nacimiento|\bborn\b",
    r"place of birth|geburtsort|lieu de naissance|lugar de nacimiento",
    r"date of expiry|expiry|valid until|gültig bis|date d.expiration|válido hasta|valido hasta|fecha de caducidad",
    r"date of issue|ausstellungsdatum|date de délivrance|fecha de expedición|authority|behörde|autorité|autoridad",
)


def _identity_by_words(rows: Sequence[str]) -> Decision | None:
    said = next((match for row in rows if (match := _IDENTITY.search(row))), None)
    fields = sum(any(re.search(field, row, re.IGNORECASE) for row in rows) for field in _FIELDS)
    return Decision("identity", f"it says “{said[0]}” and names fields of a card") if said and fields >= 2 else None


# what is written on paper and boards


def _written(text: Text, look: Look) -> Decision | None:
    letters = sum(len(line.words) for line in text.lines)
    if letters < WRITTEN_LETTERS // 2 or look.pale < 0.5:
        return None
    sure = sum(len(line.words) * line.sure for line in text.lines) / letters
    if letters >= DENSE_LETTERS and len(text.lines) >= DENSE_LINES and sure >= PRINTED:
        return Decision("page", "much printed text on a pale ground")
    if letters >= WRITTEN_LETTERS and len(text.lines) >= DENSE_LINES and sure < PRINTED:
        return Decision("handwriting", "a pale ground, and text that is read as unsurely as handwriting")
    if (
        letters <= MOST_LETTERS_OF_BOARD
        and len(text.lines) >= 3
        and look.calm >= EMPTY
        and (sure < DRAWN or not _in_order(text.lines))
    ):
        return Decision("whiteboard", "a pale, empty ground with some writing here and there")
    return None


def _in_order(lines: Sequence[Line]) -> bool:
    """Whether lines are about as tall as each other and begin where others begin, as print does."""
    heights = [min(line.box[2], line.box[3]) for line in lines]
    starts = sorted(line.box[0] for line in lines)
    aligned = sum(after - before <= ALIGNED for before, after in pairwise(starts))
    return pstdev(heights) <= 0.35 * median(heights) and aligned >= 0.6 * (len(lines) - 1)
