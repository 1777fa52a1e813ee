"""By how much a clock was wrong, as a person says it in English, German, French or Spanish: “one hour and 30 minutes later”."""

import re

from appliance.assistant.intent_words import NUMBERS
from appliance.library.fix_time import FURTHEST

ONE = "one|a|an|eine|einen|einer|einem|ein|un|une|una|uno"
COUNTS = {word: count for words, count in {ONE: 1, **NUMBERS}.items() for word in words.split("|")}
MINUTES = {
    "minute|minutes|minuten|minuto|minutos|min": 1,
    "hour|hours|stunde|stunden|heure|heures|hora|horas|h": 60,
    "day|days|tag|tage|tagen|jour|jours|dia|dias": 24 * 60,
}
UNITS = {word: minutes for words, minutes in MINUTES.items() for word in words.split("|")}
LATER = "later|forward|forwards|ahead|too early|spater|vor|nach vorne|plus tard|en avant|mas tarde|despues|adelante"
EARLIER = "earlier|back|backward|backwards|too late|fruher|zuruck|plus tot|en arriere|mas temprano|antes|atras"
_COUNT = rf"(?:\d{{1,6}}|{'|'.join(COUNTS)})"
_UNIT = "|".join(UNITS)
_PART = rf"{_COUNT} (?:{_UNIT})"
SPAN = rf"(?:(?:by|um|de|d|en) )?{_PART}(?: (?:and |und |et |y )?{_PART})*(?: (?:{LATER}|{EARLIER}))?"
"""A pattern for the folded words; without a direction the clock was slow, and it is later."""

_PARTS = re.compile(rf"({_COUNT}) ({_UNIT})\b")
_EARLIER = re.compile(rf"\b(?:{EARLIER})$")


def change(span: str | None) -> str:
    """What `span` says, as library/fix_time.py writes it; empty when it says nothing, or more than any clock is off."""
    parts = _PARTS.findall(span or "")
    minutes = sum((int(count) if count.isdigit() else COUNTS[count]) * UNITS[unit] for count, unit in parts)
    if not span or not 0 < minutes <= FURTHEST:
        return ""
    return f"shift {-minutes if _EARLIER.search(span) else minutes}"
