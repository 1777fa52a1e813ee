"""What is asked about the matches: all, how many, when, where; in which order, and how many of them."""

from appliance.search import date_words
from appliance.search import kind_words as table
from appliance.search.glue import REQUESTS
from appliance.search.reading import Reading

MOST = 10_000  # matches that a sentence may ask for


def recognise(reading: Reading) -> None:
    """Take “how many …”, “when were we last …”, “show me”, “the last five pictures”, “newest first”."""
    _intent(reading)
    for index in range(len(reading.words)):
        if (end := table.NEWEST_FIRST.end_at(reading.folded, index)) is not None:
            reading.found["sort"] = "newest"
        elif (end := table.OLDEST_FIRST.end_at(reading.folded, index)) is not None:
            reading.found["sort"] = "oldest"
        else:
            end = _some_pictures(reading, index) or _pictures_some(reading, index)
        if end is not None:
            reading.take(index, end)


def _intent(reading: Reading) -> None:
    """A question word counts at the start of the sentence, or after “tell me” and the like."""
    start = 0
    while (end := REQUESTS.end_at(reading.folded, start)) is not None:
        reading.take(start, end)
        start = end
    while reading.at(start) in {"and", "und", "et", "y", ",", "¿", "¡", "tell", "me", "please", "so", "but"} and reading.at(start):
        start += 1
    if _how_often(reading, start) or _which(reading, start):
        return
    for intent, words in (("count", table.HOW_MANY), ("when", table.WHEN), ("where", table.WHERE)):
        end = words.end_at(reading.folded, start)
        if end is not None and (intent == "count" or _is_question(reading, end)):
            reading.found["intent"] = intent
            reading.take(start, end)
            _helpers(reading, end, asks_when=intent != "count")
            if intent == "count":
                _by_period(reading)
            return


def _how_often(reading: Reading, start: int) -> bool:
    """How often were we in Rome, wie oft, combien de fois, cuántas veces: counted by year."""
    end = table.HOW_OFTEN.end_at(reading.folded, start)
    if end is None:
        return False
    reading.found |= {"intent": "often", "often_by": "year"}
    reading.take(start, end)
    _helpers(reading, end, asks_when=False)
    _by_period(reading)
    return True


def _by_period(reading: Reading) -> None:
    """“How many photos per month” asks how often."""
    for index in range(len(reading.words)):
        if (hit := table.BY_PERIOD.at(reading.folded, index)) is not None:
            reading.found |= {"intent": "often", "often_by": hit[1]}
            reading.take(index, hit[0])


def _which(reading: Reading, start: int) -> bool:
    """Which cameras, which towns in Italy, in which years, welche Orte."""
    end = table.WHICH.end_at(reading.folded, start)
    hit = table.WHICH_OF.at(reading.folded, end) if end is not None else None
    if hit is None:
        return False
    reading.found |= {"intent": "which", "which_of": hit[1]}
    reading.take(start, hit[0])
    _helpers(reading, hit[0], asks_when=False)
    for index in range(hit[0], len(reading.words)):
        if (last := table.OF_MINE.end_at(reading.folded, index)) is not None:
            reading.take(index, last)
    return True


def _is_question(reading: Reading, end: int) -> bool:
    """“When were we …”, not “when Anna was 5”."""
    return table.HELPERS.end_at(reading.folded, end) is not None or _says_last_or_first(reading, end)


def _says_last_or_first(reading: Reading, index: int) -> bool:
    return table.LAST_TIME.end_at(reading.folded, index) is not None or table.FIRST_TIME.end_at(reading.folded, index) is not None


def _helpers(reading: Reading, start: int, *, asks_when: bool) -> None:
    """Take “did we”, “were we last”, “have we been to” after a question word; last and first give the order and one match."""
    index = start
    while index < len(reading.words):
        end = None
        if asks_when and "sort" not in reading.found:
            end = _last_or_first(reading, index)
        if end is None:
            end = table.HELPERS.end_at(reading.folded, index)
        if end is None:
            break
        reading.take(index, end)
        index = end
    while asks_when and "sort" not in reading.found and index < len(reading.words):
        if (end := _last_or_first(reading, index)) is not None:
            reading.take(index, end)
        index += 1


def _last_or_first(reading: Reading, index: int) -> int | None:
    for sort, words in (("newest", table.LAST_TIME), ("oldest", table.FIRST_TIME)):
        end = words.end_at(reading.folded, index)
        if end is not None and not _begins_a_date(reading, end):
            reading.found["sort"] = sort
            reading.found["limit"] = 1
            return end
    return None


def _begins_a_date(reading: Reading, index: int) -> bool:
    """“Last summer”, “first of March”, “last two years” are dates."""
    tables = (date_words.UNITS, date_words.SEASONS, date_words.MONTHS, date_words.WEEKDAYS, date_words.HOLIDAYS, date_words.NUMBERS)
    return any(phrases.at(reading.folded, index) for phrases in tables) or reading.at(index) in {"of", "night"}


def _some_pictures(reading: Reading, index: int) -> int | None:
    """Return the end of “the last five pictures”, “first 10 photos”, “oldest photo”, “les 5 dernières photos”, “10 newest”."""
    for sort, words in (("newest", table.NEWEST), ("oldest", table.OLDEST)):
        number, start = _number(reading, index)
        end = words.end_at(reading.folded, start)
        if end is None:
            continue
        if number is None:
            number, end = _number(reading, end)
        pictures = table.PICTURES.end_at(reading.folded, end)
        only_sorts = reading.at(index) in {"newest", "latest", "oldest", "earliest", "most", "recent"}
        if pictures is None and (not only_sorts or _begins_a_date(reading, end)):
            continue
        reading.found["sort"] = sort
        if (
            number is None
            and pictures is not None
            and reading.at(index) != "recent"
            and not reading.at(pictures - 1).endswith(("s", "r"))
        ):
            number = 1
        if number is not None:
            reading.found["limit"] = min(number, MOST)
        return end
    return None


def _pictures_some(reading: Reading, index: int) -> int | None:
    """Return the end of “la foto más antigua”, “les photos les plus récentes”: what stands after the noun says the order."""
    noun = table.PICTURES.end_at(reading.folded, index)
    for sort, words in (("newest", table.NEWEST_AFTER), ("oldest", table.OLDEST_AFTER)):
        if noun is not None and (end := words.end_at(reading.folded, noun)) is not None:
            reading.found["sort"] = sort
            if not reading.at(noun - 1).endswith("s") and not reading.at(noun - 1).endswith("genes"):
                reading.found["limit"] = 1
            return end
    return None


def _number(reading: Reading, index: int) -> tuple[int | None, int]:
    """Return (number, where it ends); (None, index) when there is none."""
    if (named := date_words.NUMBERS.at(reading.folded, index)) is not None and named[1] > 1:
        return named[1], named[0]
    number = reading.number_at(index, 4)
    return (number, index + 1) if number is not None and number > 0 else (None, index)
