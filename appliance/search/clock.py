"""Hours by the clock: “at 3 pm”, “um 15 Uhr”, “à 18h30”, “a las 9 de la noche”, “between 2 and 4 pm”, “after 10 pm”."""

from dataclasses import dataclass

from appliance.search import date_words
from appliance.search.reading import Reading
from appliance.search.sentence import Phrases, phrase_set, word_set

AT = phrase_set(
    "at|at about|at around|from|um|gegen|so um|ab|à|vers|a las|a la|sobre las|hacia las|around|about|circa|ca|since|after"
    "|nach|après|después de las|desde las|before|until|till|vor|bis|avant|antes de las|hasta las|between|zwischen"
    "|entre|entre las"
    "|later than|earlier than|de"
)
ROUGHLY = word_set("around about gegen vers sobre hacia circa ca so")
FROM_THEN = word_set("since after nach ab apres despues desde later")
UNTIL_THEN = word_set("before until till vor bis avant antes hasta earlier")
SPANISH = word_set("las la")
JOINTS = phrase_set("and|to|until|till|bis|und|et|à|a|y|y las|a las|hasta las|-|–")
# What follows the number and says that it is an hour: whether twelve hours are added.
HALVES = Phrases(
    {
        "am|a.m.|in the morning|du matin|de la mañana|uhr morgens|uhr früh|uhr vormittags|h du matin|heures du matin": "am",
        "pm|p.m.|in the afternoon|in the evening|at night|de l'après-midi|du soir|de la tarde|de la noche|uhr nachmittags"
        "|uhr abends|uhr nachts|heures du soir|h du soir|heures de l'après-midi": "pm",
        "uhr|h|heures|heure|o'clock|o clock|hrs|hours|horas": "as said",
    }
)
NAMED = Phrases(
    {
        "midnight|mitternacht|minuit|medianoche|la medianoche": 0,
        "noon|midday|mittag|midi|mediodía|el mediodía": 12,
    }
)
NAME = "a name"  # what an hour of NAMED has for a half: it needs none
NOON = 12
MORNING = 5  # what is after midnight is before that
DAY = 24


@dataclass(frozen=True, slots=True)
class Time:
    """An hour as it is said, with the minute; `half` is what follows it, “” for nothing."""

    end: int
    hour: int
    minute: int
    half: str
    alone: bool  # “15 Uhr”, “18h”: an hour without “at” before it

    def hours(self, half: str = "") -> int:
        """Return the hour of 24."""
        half = self.half or half
        if half == "pm" and self.hour < NOON:
            return self.hour + NOON
        return 0 if half == "am" and self.hour == NOON else self.hour


def recognise(reading: Reading) -> None:
    """Take the first time of the clock into `hours`."""
    for index in range(len(reading.words)):
        if reading.at(index) and (hit := _between(reading, index) or _one(reading, index)) is not None:
            end, start, stop = hit
            reading.found["hours"] = (start % DAY, stop % DAY or DAY)
            reading.take(index, end)
            return


def _between(reading: Reading, index: int) -> tuple[int, int, int] | None:
    """Return (end, from, to) of two times, of which one at least says that it is one: “from 2 to 4 pm”."""
    after = AT.end_at(reading.folded, index)
    left = _time(reading, index if after is None else after)
    joint = JOINTS.end_at(reading.folded, left.end) if left else None
    right = _time(reading, joint) if joint is not None else None
    if left is None or right is None or not right.half or right.half == left.half == "bare":
        return None
    start, stop = left.hours(right.half if right.half != "bare" else ""), right.hours() + (right.minute > 0)
    return (right.end, start, stop) if start != stop else None


def _one(reading: Reading, index: int) -> tuple[int, int, int] | None:
    """Return (end, from, to) of one time: that hour, the hours around, from or until then."""
    after = AT.end_at(reading.folded, index)
    time = _time(reading, index if after is None else after)
    if time is None:
        return None
    said = set(reading.folded[index:after]) if after is not None else set()
    if not time.half and not (said & SPANISH and after is not None and after - index > 1):
        return None
    if time.half == NAME and not said & (FROM_THEN | UNTIL_THEN):
        return None  # “at noon” is a part of the day, not an hour
    if after is None and time.half in ("bare", "as said") and not time.alone:
        return None
    hour = time.hours()
    if said & FROM_THEN:
        return time.end, hour, DAY if hour else MORNING
    if said & UNTIL_THEN:
        return (time.end, 0, hour + (time.minute > 0)) if hour or time.minute else None
    return time.end, (hour - 1 if said & ROUGHLY else hour), hour + 1


def _time(reading: Reading, index: int) -> Time | None:
    """“3 pm”, “15:30”, “15 Uhr 30”, “18h”, “18h30”; with a colon alone it is a “bare” one."""
    if (named_hour := NAMED.at(reading.folded, index)) is not None:
        return Time(named_hour[0], named_hour[1], 0, NAME, alone=False)
    hour = reading.number_at(index, 2)
    if hour is None or hour > DAY or (reading.at(index - 1) in {".", "/", "-", "–"} and reading.glued(index)):
        return None
    end, minute, half = index + 1, 0, ""
    if reading.at(end) == ":" and reading.glued(end) and reading.glued(end + 1) and len(reading.at(end + 1)) == 2:
        minute, end, half = reading.number_at(end + 1, 2) or 0, end + 2, "bare"
    if (named := HALVES.at(reading.folded, end)) is not None:
        half = named[1]
        if half == "am" and reading.at(end) == "am" and _is_german_am(reading, end):
            return None
        said_in_full, end = reading.at(end), named[0]
        if said_in_full in {"h", "uhr"} and len(reading.at(end)) == 2 and reading.number_at(end, 2) is not None:
            minute, end = reading.number_at(end, 2) or 0, end + 1
    if half in ("am", "pm") and not 1 <= hour <= NOON:
        return None
    alone = reading.at(index + 1) in {"uhr", "o"} or (reading.at(index + 1) == "h" and reading.glued(index + 1))
    return Time(end, hour, minute, half, alone)


def _is_german_am(reading: Reading, index: int) -> bool:
    """“3 am Strand”, “12 am Abend”: German for “at the”."""
    words = ("strand", "see", "meer", "abend", "morgen", "mittag", "nachmittag", "fluss", "berg", "samstag", "sonntag")
    return reading.at(index + 1) in words or date_words.WEEKDAYS.at(reading.folded, index + 1) is not None
