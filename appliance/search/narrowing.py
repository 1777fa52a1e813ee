"""Rows back into filters: what an answer says of a part of the matches (“in Rome (12)”) is a link that shows just these.

A token names one such part; it travels in addresses, so that one that makes no sense narrows nothing."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from urllib.parse import quote, unquote

from appliance.search.filters import DateRange, PlaceFilter, Query
from appliance.search.spans import Span, label

CountryName = Callable[[str], str]


def in_place(country: str, region: str | None, town: str | None) -> str:
    """The token of a place as its row names it."""
    return "in:" + "/".join(quote(part or "", safe="") for part in (country, region, town))


def in_month(month: str) -> str:
    """The token of a month ('2019-07') or a year ('2019')."""
    return f"during:{month}"


def with_camera(model: str) -> str:
    return f"camera:{model}"


def with_person(person: str) -> str:
    """The token of a person, by id."""
    return f"person:{person}"


def narrowed(query: Query, tokens: Iterable[str], country_name: CountryName = str) -> Query:
    """Return `query` within the parts that `tokens` name; its chips are to be made anew."""
    for token in tokens:
        kind, _, value = token.partition(":")
        if kind == "in" and (place := _place(value, country_name)):
            query = replace(query, places=(place,))
        elif kind == "during" and (span := _span(value)):
            query = replace(query, dates=_within(query.dates, span))
        elif kind == "camera" and value:
            query = replace(query, cameras=(value,))
        elif kind == "person" and value and (value,) not in query.persons:
            query = replace(query, persons=(*query.persons, (value,)))
    return query


def _place(value: str, country_name: CountryName) -> PlaceFilter | None:
    country, region, town = ([unquote(part) or None for part in value.split("/")] + [None] * 3)[:3]
    if country is None:
        return None
    return PlaceFilter(town or region or country_name(country), country=country, region=region, town=town)


def _span(value: str) -> DateRange | None:
    year, _, month = value.partition("-")
    try:
        first = date(int(year), int(month or 1), 1)
        last = date(first.year + (not month or first.month == 12), 1 if not month else first.month % 12 + 1, 1)
    except ValueError:
        return None
    return _range(first, date.fromordinal(last.toordinal() - 1))


def _within(dates: tuple[DateRange, ...], span: DateRange) -> tuple[DateRange, ...]:
    """Of `dates` the parts within `span`, as they are called when they lie in it whole."""
    inside = []
    for one in dates:
        first, last = max(one.first, span.first), min(one.last, span.last)
        if first <= last:
            inside.append(one if (first, last) == (one.first, one.last) else _range(first, last))
    return tuple(dict.fromkeys(inside)) or (span,)


def _range(first: date, last: date) -> DateRange:
    return DateRange(first, last, label(Span(first, last)))
