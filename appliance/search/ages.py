"""How old somebody was, in a sentence: “when Kit was five”, “Kit's 5th birthday”, “als Kit ein Baby war”.

Only for people whose birthday is kept with their account. The name says when, not who is in the picture: no face is asked.
"""

from collections.abc import Iterable
from datetime import date

from appliance.search import date_words as table
from appliance.search.reading import Reading
from appliance.search.relative_dates import count_at
from appliance.search.sentence import Phrases, phrase_set, word_set
from appliance.search.spans import DAY, Span, Yearly
from appliance.search.vocabulary import Born

WHEN = phrase_set("when|while|as|at the time|als|wo|wie|quand|lorsque|cuando")
WAS = word_set(
    "was were turned became is turns avait est était a eu eut tenía tenia tuvo era cumplió cumplio fue war wurde mit at aged age"
)
ABOUT = word_set(
    "only just about still already around nearly almost erst gerade noch schon etwa fast environ presque encore casi unos"
)
YEARS = phrase_set("years old|year old|years of age|years|year|yrs|jahre alt|jahr alt|jahre|jahr|ans|an|años de edad|años|año")
WAS_LAST = word_set("war wurde gewesen alt")
STAGES: Phrases[tuple[int, int]] = Phrases(
    {
        "a baby|baby|an infant|a newborn|newborn|little baby|a little baby|ein baby|noch ein baby|un bébé|bébé|un bebé|bebé": (
            0,
            1,
        ),
        "a toddler|toddler|ein kleinkind": (1, 3),
        "a teenager|a teen|teenager|ein teenager|ado|adolescent|adolescente": (13, 20),
    }
)
BORN = phrase_set("born|geboren|geboren wurde|née|né|nació|est né|est née")
BIRTHDAY = word_set("birthday bday geburtstag anniversaire cumpleaños")
ARTICLES = word_set("a an ein eine un une una")
AS = word_set("as als comme como de en")
BEFORE = word_set("on at from the an am zu pour le l el en my our of")
MOST_YEARS = 120

Hit = tuple[int, int, Span | Yearly]


def recognise(reading: Reading) -> None:
    """Take ages and birthdays of people whose birthday is known, into `reading.spans` and `reading.yearly`."""
    recognise_of(reading, reading.vocabulary.birthdays)


def recognise_of(reading: Reading, birthdays: Iterable[Born]) -> None:
    """The same with given birthdays."""
    for born in birthdays:
        first = 0
        while first < len(reading.words):
            end = first + len(born.words)
            if _is_named(reading, born, first, end):
                _about(reading, born, first, end)
            first += 1


def _is_named(reading: Reading, born: Born, first: int, end: int) -> bool:
    """“Kit”, and “Kits” before a German birthday."""
    *before, last = born.words
    return reading.folded[first : end - 1] == before and reading.at(end - 1) in (last, f"{last}s")


def _about(reading: Reading, born: Born, first: int, end: int) -> None:
    """What the sentence says of `born`, whose name stands from `first` to `end`."""
    for read in (_birthday_after, _birthday_before, _age):
        if (hit := read(reading, born, first, end)) is not None:
            start, stop, found = hit
            if isinstance(found, Span):
                reading.spans.append(found)
            else:
                reading.yearly.append(found)
            reading.take(start, stop)
            return


def _birthday_after(reading: Reading, born: Born, first: int, end: int) -> Hit | None:
    """“Kit's 5th birthday”, “Kits fünfter Geburtstag”, “Kit's birthday”."""
    index = end + (reading.at(end) == "s")
    number = _ordinal(reading, index)
    index = number[0] if number else index
    if reading.at(index) not in BIRTHDAY:
        return None
    return _start(reading, first), index + 1, _birthday(born, number[1] if number else None)


def _birthday_before(reading: Reading, born: Born, first: int, end: int) -> Hit | None:
    """“The 5th birthday of Kit”, “le cinquième anniversaire de Kit”, “el cumpleaños de Kit”."""
    if reading.at(first - 1) not in ("of", "von", "de", "d", "para", "for") or reading.at(first - 2) not in BIRTHDAY:
        return None
    start = first - 2
    for length in (3, 2, 1):
        number = _ordinal(reading, start - length)
        if number and number[0] == start:
            return _start(reading, start - length), end, _birthday(born, number[1])
    return _start(reading, start), end, _birthday(born, None)


def _age(reading: Reading, born: Born, first: int, end: int) -> Hit | None:
    """“When Kit was five years old”, “als Kit fünf war”, “Kit aged 5”, “when Kit was born”."""
    start = _start(reading, first)
    opened = start < first and WHEN.end_at(reading.folded, start) is not None
    index, was = end, False
    while reading.at(index) in WAS or reading.at(index) in ABOUT:
        was = was or reading.at(index) in WAS
        index += 1
    if born.person and not was and not opened and reading.at(index) in AS:
        index, was = index + 1, True
    if not was and not opened:
        return None
    hit = _what(reading, born, index, exact=reading.at(index - 1) in ("turned", "turns", "wurde", "cumplio"))
    if hit is None:
        return None
    stop, span = hit
    while reading.at(stop) in WAS_LAST:
        stop, was = stop + 1, True
    if was and born.person and not opened:  # “Mia aged 5”, “Mia as a baby” is her; “when Mia was five” a time
        reading.add("persons", (born.person,))
    return (start, stop, span) if was else None


def _what(reading: Reading, born: Born, index: int, *, exact: bool) -> tuple[int, Span] | None:
    """A number of years, a time of life, or the birth itself, from `index` on."""
    if (stage := STAGES.at(reading.folded, index)) is not None:
        return stage[0], _between(born, *stage[1], f"{born.name} as {_article(stage[1])}")
    if (end := BORN.end_at(reading.folded, index)) is not None:
        return end, Span(born.day, born.day, f"the day {born.name} was born")
    count = count_at(reading, index)
    if count is None or count[1] > MOST_YEARS:
        return None
    end, years = count
    said = YEARS.end_at(reading.folded, end)
    if said is None and reading.at(index) in ARTICLES:  # “when Kit was a student” is no age
        return None
    end = said or end
    if exact:
        return end, _birthday_of(born, years)
    return end, _between(born, years, years + 1, f"when {born.name} was {years}")


def _article(stage: tuple[int, int]) -> str:
    return {0: "a baby", 1: "a toddler", 13: "a teenager"}[stage[0]]


def _between(born: Born, first: int, end: int, name: str) -> Span:
    return Span(_anniversary(born.day, first), _anniversary(born.day, end) - DAY, name)


def _birthday(born: Born, years: int | None) -> Span | Yearly:
    if years is not None:
        return _birthday_of(born, years)
    day = f"{born.day.month:02d}-{born.day.day:02d}"

    def in_year(year: int) -> Span | None:
        on = _anniversary(born.day, year - born.day.year) if year >= born.day.year else None
        return Span(on, on, f"{born.name}'s birthday {year}") if on else None

    return Yearly(in_year, month_days=(day,), any_year=True)


def _birthday_of(born: Born, years: int) -> Span:
    on = _anniversary(born.day, years)
    return Span(on, on, f"{born.name}'s birthday {on.year}")


def _anniversary(day: date, years: int) -> date:
    """Who was born on 29 February has a birthday on 1 March in the years between."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def _ordinal(reading: Reading, index: int) -> tuple[int, int] | None:
    """Return (end, number) of “5th”, “fifth”, “5.”."""
    if (named := table.ORDINALS.at(reading.folded, index)) is not None:
        return named
    text = reading.at(index)
    digits = text.rstrip("abcdefghijklmnopqrstuvwxyzºª")
    if digits.isascii() and digits.isdigit() and len(digits) <= 3 and int(digits) <= MOST_YEARS:
        end = index + 1
        while reading.at(end) in table.ORDINAL_ENDINGS or reading.at(end) == ".":
            end += 1
        return end, int(digits)
    return None


def _start(reading: Reading, first: int) -> int:
    """Where the phrase begins: “on”, “from the time when” before the name belong to it."""
    start = first
    for length in (4, 3, 2, 1):
        if WHEN.end_at(reading.folded, first - length) == first:
            start = first - length
            break
    while reading.at(start - 1) in BEFORE:
        start -= 1
    return start
