"""Weekdays, weekends and times of day."""

from appliance.search import date_words as table
from appliance.search import hour_words
from appliance.search.date_points import describes
from appliance.search.glue import PHOTOS
from appliance.search.kinds import negation_before
from appliance.search.reading import Reading
from appliance.search.relative_dates import back, latest_weekday
from appliance.search.spans import DAY, Span

ON = frozenset({"on", "from", "am", "vom", "el", "del", "since", "last"})
EVERY_ARTICLE = frozenset({"le", "los", "les"})


def recognise(reading: Reading) -> None:
    """Take weekdays (“on Sundays”, “Friday evenings”, “le dimanche”) and hours (“at night”, “am Abend”)."""
    dated = bool(reading.spans or reading.yearly)
    for index in range(len(reading.words)):
        if not reading.at(index):
            _hours_after_a_day(reading, index + 1)
            continue
        if (end := hour_words.LAST_NIGHT.end_at(reading.folded, index)) is not None:
            reading.take(index, end)
            reading.spans.append(Span(reading.today - DAY, reading.today))
            reading.found["hours"] = (18, 5)
        elif (hours := hour_words.HOURS.at(reading.folded, index) or _hours_of_photos(reading, index)) is not None:
            before = negation_before(reading, index)
            reading.found["hours"] = hours[1] if before is None else (hours[1][1], hours[1][0])
            reading.take(index if before is None else before, index)
            if hour_words.OF_TODAY.at(reading.folded, index) is not None:
                reading.spans.append(Span(reading.today, reading.today))
            reading.take(index, hours[0])
        else:
            _weekday(reading, index, dated)


def _hours_of_photos(reading: Reading, index: int) -> tuple[int, tuple[int, int]] | None:
    """“Evening photos”, “night shots”, “the morning of 20 April”."""
    hours = hour_words.HOURS_AFTER_A_DAY.at(reading.folded, index)
    if hours is None:
        return None
    if reading.at(hours[0]) in PHOTOS | hour_words.SHOTS:
        return hours
    before_a_date = reading.at(hours[0]) in table.PART_OF and not reading.at(hours[0] + 1) and hours[0] + 1 < len(reading.words)
    return (hours[0] + 1, hours[1]) if before_a_date and reading.at(hours[0]) else None


def _weekday(reading: Reading, index: int, dated: bool) -> None:
    """One weekday: the latest when it is spoken of as a day (“on Tuesday”); every one when it
    describes, is in the plural, or the sentence has other dates (`dated`)."""
    weekday = table.WEEKDAYS.at(reading.folded, index)
    end = weekday[0] if weekday else table.WEEKENDS.end_at(reading.folded, index)
    if end is None:
        return
    word, before = reading.at(index), reading.at(index - 1)
    following = hour_words.HOURS_AFTER_A_DAY.at(reading.folded, end)
    plural = word in table.EVERY_WEEK or (following is not None and reading.at(end).endswith("s"))
    every = plural or before in EVERY_ARTICLE or table.EVERY.at(reading.folded, index - 1) is not None
    described = describes(reading, end) and before not in ON
    days = [weekday[1]] if weekday else [5, 6]
    if weekday and (to := _to_another(reading, end)) is not None:
        end, days = to[0], [day % 7 for day in range(weekday[1], to[1] + 7 * (to[1] < weekday[1]) + 1)]
        every = True
    excluded = negation_before(reading, index, table.NOT_THEN)
    if excluded is not None:
        reading.add("weekdays", *(day for day in range(7) if day not in days))
        reading.take(excluded, index)
    elif every or described or dated:
        reading.add("weekdays", *days)
    elif weekday:
        reading.spans.append(latest_weekday(reading.today, weekday[1]))
    else:
        reading.spans.append(back(reading.today, "weekend", int(reading.today.weekday() < 5)))
    reading.take(index - (table.EVERY.at(reading.folded, index - 1) is not None), end)
    _hours_after_a_day(reading, end)


def _to_another(reading: Reading, index: int) -> tuple[int, int] | None:
    """Return (end, weekday) of the “to Friday” of “Monday to Friday”."""
    joint = table.TO.end_at(reading.folded, index)
    return table.WEEKDAYS.at(reading.folded, joint) if joint is not None else None


def _hours_after_a_day(reading: Reading, index: int) -> None:
    """“Yesterday evening”, “Friday nights”, “gestern Abend”: the bare word, right after a day that was taken."""
    if (
        reading.at(index)
        and (hours := hour_words.HOURS_AFTER_A_DAY.at(reading.folded, index)) is not None
        and not describes(reading, hours[0])
    ):
        reading.take(index, hours[0])
        reading.found["hours"] = hours[1]
