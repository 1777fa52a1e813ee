"""What this library knows: its cameras, places, albums and tags, on which half of the earth it is at home, and the gazetteer."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal, Protocol

from appliance.accounts import household
from appliance.search.camera_names import is_listed, other_names
from appliance.search.filters import Query
from appliance.search.sentence import fold, split
from appliance.store.db import Reader

People = Literal["off", "locked", "open"]


class NamedPlace(Protocol):
    """One answer of the gazetteer to a name; `kind` is 'country', 'region' or 'town'."""

    @property
    def kind(self) -> str: ...
    @property
    def country_code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def population(self) -> int: ...
    @property
    def region(self) -> str | None: ...
    @property
    def own_name(self) -> bool: ...
    @property
    def latitude(self) -> float | None: ...
    @property
    def longitude(self) -> float | None: ...


class Names(Protocol):
    """The part of adapters.places.Gazetteer that a sentence needs."""

    def find(self, name: str) -> Sequence[NamedPlace]: ...
    def country_names(self, code: str, languages: Iterable[str] = ()) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class Camera:
    """A camera of this library, and what else people call it; `spellings` are the words of each of its names with its maker, as a
    sentence would hold them."""

    make: str
    model: str
    others: tuple[str, ...]
    spellings: tuple[tuple[str, ...], ...]

    @property
    def label(self) -> str:
        """Maker and model, the maker once: “NIKON COOLPIX P6000”, “Apple iPhone 6”, “Galaxy S21 (SM-G991B)”."""
        if self.others and is_listed(self.model):
            return f"{self.others[0]} ({self.model})"
        known = self.model.casefold().startswith(self.make.casefold().split(" ")[0])
        return self.model if known else f"{self.make} {self.model}".strip()


@dataclass(frozen=True, slots=True)
class Album:
    """An album; `words` are those of its title, folded."""

    id: int
    title: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Born:
    """Somebody whose birthday is kept, with an account or sealed with a person, then `person` is its id; `words` are those of the
    name, folded."""

    name: str
    words: tuple[str, ...]
    day: date
    person: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """A person of People, known only while that is unlocked. `asks`: it is the one who asks, “me”."""

    id: str
    name: str
    born: date | None = None
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`countries` are codes, `regions` (code, name), `towns` (code, name): where the photos of this library were taken.

    `tags` gives each tag by its words, folded. `southern`: the town with most photos lies south of the equator, where summer is
    December to February. `persons` are there while People is unlocked, for those who may see them; "locked" is said to these alone.
    """

    gazetteer: Names
    cameras: tuple[Camera, ...] = ()
    countries: frozenset[str] = frozenset()
    regions: frozenset[tuple[str, str]] = frozenset()
    towns: frozenset[tuple[str, str]] = frozenset()
    albums: tuple[Album, ...] = ()
    tags: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    southern: bool = False
    birthdays: tuple[Born, ...] = ()
    visible: Callable[[str], float] | None = None  # visible.py; None: no search model
    place_names: frozenset[str] = frozenset()  # of those towns and countries, in four languages, folded; names of one word
    persons: tuple[Person, ...] = ()
    people: People = "off"
    holds: Callable[[Query], bool] | None = None  # does anything pass these filters? None: nobody can say


# From one model to the next in the index: a hundred steps for a hundred models, however many photos they took.
CAMERAS = """
WITH RECURSIVE model(name) AS (
  SELECT min(camera_model) FROM asset
  UNION ALL SELECT (SELECT min(camera_model) FROM asset WHERE camera_model > name) FROM model WHERE name IS NOT NULL
)
SELECT coalesce((SELECT camera_make FROM asset WHERE camera_model = name LIMIT 1), ''), name FROM model WHERE name IS NOT NULL"""

TAGS = """
WITH RECURSIVE every(name) AS (
  SELECT min(name) FROM tag
  UNION ALL SELECT (SELECT min(name) FROM tag WHERE tag.name > every.name) FROM every WHERE name IS NOT NULL
)
SELECT name FROM every WHERE name IS NOT NULL"""


def vocabulary(reader: Reader, gazetteer: Names, visible: Callable[[str], float] | None = None) -> Vocabulary:
    """Return what the library of `reader` knows, what lies in the trash too; read from two indexes alone."""
    cameras = reader.all(CAMERAS)
    places = reader.all(
        "SELECT country, region, town, count(*) FROM asset WHERE country IS NOT NULL GROUP BY country, region, town"
    )
    return Vocabulary(
        gazetteer,
        tuple(camera(make, model) for make, model in sorted(cameras)),
        frozenset(country for country, _, _, _ in places),
        frozenset((country, region) for country, region, _, _ in places if region),
        frozenset((country, town) for country, _, town, _ in places if town),
        tuple(
            album(number, title) for number, title in reader.all("SELECT id, title FROM album WHERE deleted_at IS NULL ORDER BY id")
        ),
        {words_of(name): name for (name,) in reader.all(TAGS)},
        _is_southern(gazetteer, places),
        tuple(born(name, day) for name, day in household.birthdays(reader).items() if words_of(name)),
        visible,
        _place_names(gazetteer, places),
    )


def with_persons(known: Vocabulary, persons: Sequence[Person]) -> Vocabulary:
    """Return `known` with the persons of People, which is unlocked: of who has an account too, the sealed birthday counts."""
    firsts = Counter(name.split()[0] for one in persons if (name := one.name.strip()))
    called = [(one, name) for one in persons for name in _called(one.name, firsts)]
    sealed = [replace(born(name, one.born), person=one.id) for one, name in called if one.born]
    names = {one.words for one in sealed}
    others = tuple(one for one in known.birthdays if one.words not in names)
    return replace(known, persons=tuple(persons), people="open", birthdays=(*sealed, *others))


def locked(known: Vocabulary) -> Vocabulary:
    """Return `known` for who may see persons, while People is locked."""
    return replace(known, people="locked")


def _called(name: str, firsts: Mapping[str, int]) -> tuple[str, ...]:
    """The whole name, and the first of its words when nobody else has it."""
    if not words_of(name):
        return ()
    first = name.split()[0]
    return tuple(dict.fromkeys((name, first))) if firsts[first] == 1 else (name,)


def _place_names(gazetteer: Names, places: Sequence[tuple[str, str | None, str | None, int]]) -> frozenset[str]:
    countries = {country for country, _, _, _ in places}
    called = [name for country in countries for name in gazetteer.country_names(country, ("de", "fr", "es"))]
    names = map(fold, [*called, *(town for _, _, town, _ in places if town)])
    return frozenset(name for name in names if name.isalpha())


def _is_southern(gazetteer: Names, places: Sequence[tuple[str, str | None, str | None, int]]) -> bool:
    """Say whether the town with most photos lies south of the equator; a library without towns is taken to be northern."""
    towns = [place for place in places if place[2]]
    if not towns:
        return False
    country, region, town, _ = max(towns, key=lambda place: place[3])
    found = gazetteer.find(town or "")
    here = next((one for one in found if (one.country_code, one.region, one.name) == (country, region, town)), None)
    return here is not None and here.latitude is not None and here.latitude < 0


def camera(make: str, model: str) -> Camera:
    """Return a camera with the words of all its names."""
    others = other_names(make, model)
    return Camera(make, model, others, tuple(dict.fromkeys(words_of(f"{make} {name}") for name in (model, *others))))


def born(name: str, day: date) -> Born:
    """Return a birthday with the words of its name."""
    return Born(name, words_of(name), day)


def album(number: int, title: str) -> Album:
    """Return an album with the words of its title."""
    return Album(number, title, words_of(title))


def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a name as a sentence would hold them, folded, without marks."""
    return tuple(word.folded for word in split(name) if word.folded.isalnum())
