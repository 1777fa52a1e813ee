"""A sentence, understood: `parse` turns what a person typed into a Query."""

from datetime import date

from appliance.search.filters import Chip, DateRange, PlaceFilter, Query
from appliance.search.vocabulary import Vocabulary

__all__ = ["Chip", "DateRange", "PlaceFilter", "Query", "parse"]


def parse(
    sentence: str,
    *,
    today: date,
    vocabulary: Vocabulary,
    prior: Query | None = None,
    without: frozenset[str] = frozenset(),
) -> Query:
    """Return what `sentence` asks for, seen from `today`; `prior` is what it follows up on, `without` holds removed chips' tokens."""
    return Query(text=sentence.strip())
