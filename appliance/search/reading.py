"""A sentence while it is being understood: its words, which of them are taken, and what was made of them so far."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from appliance.search.compounds import parted
from appliance.search.filters import DateRange, PlaceFilter, Query
from appliance.search.misspelt import mended
from appliance.search.sentence import TAKEN, Word, split
from appliance.search.spans import Span, Yearly
from appliance.search.vocabulary import Vocabulary

Joins = Literal["", "with", "or"]
MOST_WORDS = 250  # what comes after is not read: a sentence has a tenth of that


@dataclass(slots=True)
class Reading:
    """`words[i].folded == folded[i]` until word i is taken; recognisers look at `folded` and take what they understood."""

    sentence: str
    today: date
    vocabulary: Vocabulary
    without: frozenset[str] = frozenset()  # tokens of chips that were taken away
    context: Span | None = None  # the year that the question before was about
    joins: Joins = ""  # how its first person goes with those of the question before
    lookups: int = 0  # names that the gazetteer was asked for
    words: tuple[Word, ...] = ()
    misspelt: dict[str, str] = field(default_factory=dict)  # as typed, and what is meant; both folded
    folded: list[str] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    yearly: list[Yearly] = field(default_factory=list)
    latest: list[tuple[DateRange, Yearly]] = field(default_factory=list)  # days without a year, taken for their latest
    not_then: list[Span | Yearly] = field(default_factory=list)
    places: list[PlaceFilter] = field(default_factory=list)
    not_places: list[PlaceFilter] = field(default_factory=list)
    excluded_to: int = -1  # where the last place that is left out ends
    beside: list[str] = field(default_factory=list)  # sentences that ask for nothing, as typed
    found: dict[str, Any] = field(default_factory=dict)  # fields of Query

    def __post_init__(self) -> None:
        typed = parted(split(self.sentence, MOST_WORDS), self._is_country)
        self.words = mended(typed, self.vocabulary)
        self.misspelt = {
            one.folded: other.folded for one, other in zip(typed, self.words, strict=True) if one.folded != other.folded
        }
        self.folded = [word.folded for word in self.words]

    def _is_country(self, name: str) -> bool:
        return any(match.kind == "country" for match in self.vocabulary.gazetteer.find(name))

    def take(self, first: int, end: int) -> None:
        """Words `first` to `end` (not included) are understood; nobody else looks at them."""
        for index in range(max(first, 0), end):
            self.folded[index] = TAKEN

    def at(self, index: int) -> str:
        """Return the folded word at `index`; “” when it is taken or there is none."""
        return self.folded[index] if 0 <= index < len(self.folded) else TAKEN

    def number_at(self, index: int, digits: int = 4) -> int | None:
        """Return the number at `index` when it is written in at most `digits` digits."""
        text = self.at(index)
        return int(text) if text and len(text) <= digits and text.isascii() and text.isdigit() else None

    def glued(self, index: int) -> bool:
        """Say whether word `index` follows the one before it without a space."""
        return 0 <= index < len(self.words) and self.words[index].glued

    def text(self, first: int, end: int) -> str:
        """Return words `first` to `end` (not included) as they were typed."""
        return self.sentence[self.words[first].start : self.words[end - 1].end]

    def add(self, name: str, *values: Any) -> None:
        """Append to the tuple that the Query's field `name` will be, each value once."""
        self.found[name] = tuple(dict.fromkeys((*self.found.get(name, ()), *values)))

    def as_query(self) -> Query:
        return Query(places=tuple(self.places), not_places=tuple(self.not_places), **self.found)
