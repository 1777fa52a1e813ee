"""Sentences that change the question before them: “only 2019”, “without screenshots”, “and in winter?”, “what about Rome?”."""

from dataclasses import dataclass, fields, replace
from typing import Literal

from appliance.search import kind_words as table
from appliance.search.filters import DateRange, Query
from appliance.search.reading import Joins, Reading
from appliance.search.sentence import Phrases
from appliance.search.spans import LONG

Change = Literal["new", "narrow", "replace", "add"]
A_YEAR = 365
TIMES = ("dates", "months", "month_days")
ORDERS = ("sort", "limit")
PERSONS = ("persons", "not_persons", "unsettled")


@dataclass(frozen=True, slots=True)
class Opening:
    """How a sentence begins: what it does to the question before it, and where the rest starts."""

    change: Change
    end: int


def opening(reading: Reading) -> Opening:
    """Return how the sentence follows up; it is a new question when nothing says that it does."""
    adds = _ends_with(reading, table.ADD_ENDS)
    for change, words in (
        ("narrow", table.ONLY_FOLLOWS),
        ("add", table.ADD_FOLLOWS),
        ("replace", table.REPLACE_FOLLOWS),
    ):
        end = words.end_at(reading.folded, 0)
        if end is not None:
            more = next(
                (stop for more in (table.ADD_FOLLOWS, table.ONLY_FOLLOWS) if (stop := more.end_at(reading.folded, end))), None
            )
            kind: Change = "add" if adds or (more and table.ADD_FOLLOWS.end_at(reading.folded, end)) else change  # type: ignore[assignment]
            return Opening(kind, more or end)
    if table.NOT.end_at(reading.folded, 0) is not None:
        return Opening("narrow", 0)
    if adds:
        return Opening("add", 0)
    return Opening("replace" if _ends_with(reading, table.INSTEAD) else "new", 0)


def settles(prior: Query, new: Query) -> bool:
    """“Anna Kurz”, when it was asked which Anna is meant, changes that alone."""
    named = {person for group in new.persons for person in group}
    return len(named) == 1 and named <= set(prior.unsettled) and replace(new, persons=(), chips=()) == Query()


def merged(prior: Query, new: Query, change: Change, joins: Joins = "") -> Query:
    """Return `prior` changed by what `new` says. Filters of the same kind take each other's place, unless they are added; persons
    also when they come “with” those before. Who is in is no longer left out, and the other way round."""
    changes: dict[str, object] = _times(prior, new, change)
    for field in fields(Query):
        name, value = field.name, getattr(new, field.name)
        if name in (*TIMES, "chips", "text", "aside", *ORDERS, *PERSONS) or name.startswith("not_") or value == field.default:
            continue
        before = getattr(prior, name)
        changes[name] = tuple(dict.fromkeys((*before, *value))) if change == "add" and isinstance(value, tuple) else value
    for name in (field.name for field in fields(Query) if field.name.startswith("not_")):
        changes[name] = tuple(dict.fromkeys((*getattr(prior, name), *getattr(new, name))))
    changes |= _persons(prior, new, change, joins)
    changes |= {"text": _text(prior, new, change), "aside": new.aside}
    if new.sort != "relevance" or new.limit is not None:
        changes |= {"sort": new.sort, "limit": new.limit}
    return replace(prior, **changes)  # type: ignore[arg-type]


def _persons(prior: Query, new: Query, change: Change, joins: Joins) -> dict[str, object]:
    groups, left_out = prior.persons, tuple(dict.fromkeys((*prior.not_persons, *new.not_persons)))
    if set(new.persons) and {*prior.unsettled} & {person for group in new.persons for person in group}:
        groups = tuple(group for group in groups if not set(group) & set(prior.unsettled))
        joins = "with"
    if joins == "or" and groups and new.persons:
        groups = (*groups[:-1], tuple(dict.fromkeys((*groups[-1], *new.persons[0]))), *new.persons[1:])
    elif new.persons:
        groups = tuple(dict.fromkeys((*groups, *new.persons))) if joins == "with" or change == "add" else new.persons
    named = {person for group in new.persons for person in group}
    kept = (tuple(person for person in group if person not in new.not_persons) for group in groups)
    return {
        "persons": tuple(filter(None, kept)),
        "not_persons": tuple(person for person in left_out if person not in named),
        "unsettled": tuple(dict.fromkeys((*(new.unsettled or prior.unsettled),))) if not named or new.unsettled else (),
    }


def _text(prior: Query, new: Query, change: Change) -> str:
    """“Only with a dog” adds words, “what about dogs?” puts others in their place, filters alone leave them."""
    if not new.text:
        return prior.text
    return f"{prior.text} {new.text}".strip() if change in ("narrow", "add") else new.text


def _times(prior: Query, new: Query, change: Change) -> dict[str, object]:
    """Seasons narrow a year that was asked for, and a year narrows seasons; otherwise the new time takes the place of the old."""
    if not any(getattr(new, name) for name in TIMES):
        return {}
    if change == "add":
        return {name: tuple(dict.fromkeys((*getattr(prior, name), *getattr(new, name)))) for name in TIMES}
    if (new.months or new.month_days) and not new.dates and _whole_years(prior.dates):
        return {"months": new.months, "month_days": new.month_days}
    if new.dates and not (new.months or new.month_days) and _whole_years(new.dates):
        return {"dates": new.dates}
    return {name: getattr(new, name) for name in TIMES}


def _whole_years(dates: tuple[DateRange, ...]) -> bool:
    return bool(dates) and all((span.last - span.first).days + 1 >= A_YEAR for span in dates)


def year_before(prior: Query) -> DateRange | None:
    """Return the one year that `prior` asks for: “and in October?” then means October of that year."""
    if len(prior.dates) == 1 and _whole_years(prior.dates) and (prior.dates[0].last - prior.dates[0].first).days < LONG:
        return prior.dates[0]
    return None


def _ends_with(reading: Reading, words: Phrases[bool]) -> bool:
    """Say whether the sentence ends with one of `words`, and take it."""
    last = len(reading.words)
    while last > 0 and reading.at(last - 1) in {"?", ".", "!"}:
        last -= 1
    for start in range(max(last - 3, 1), last):
        if words.end_at(reading.folded, start) == last:
            reading.take(start, last)
            return True
    return False
