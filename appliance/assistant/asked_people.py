"""What questions may know of People now: nothing, that it is locked, or the names and where somebody's confirmed faces are."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from appliance.accounts.viewer import Family
from appliance.errors import PeopleAway, PeopleLocked, PeopleOff
from appliance.people import consent
from appliance.people.client import People
from appliance.search import vocabulary
from appliance.search.vocabulary import Person, Vocabulary
from appliance.sharing.warnings import Faces
from appliance.store.db import Reader
from appliance.store.layout import Layout


class Unlocked:
    """The people process while one question is answered: each thing is asked for once. Methods raise PeopleLocked and PeopleAway
    when it was locked meanwhile."""

    def __init__(self, people: People, persons: Sequence[Person], children: frozenset[str] = frozenset()) -> None:
        self.persons, self._children = tuple(persons), children
        self._people = people
        self._with: dict[str, tuple[int, ...]] = {}
        self._faces: tuple[int, ...] | None = None

    def assets_with(self, person: str) -> Sequence[int]:
        if person not in self._with:
            self._with[person] = self._people.assets_with((person,))
        return self._with[person]

    def assets_with_faces(self) -> Sequence[int]:
        if self._faces is None:
            self._faces = self._people.assets_with(())
        return self._faces

    def assets_with_children(self) -> Sequence[int]:
        """Assets with somebody who is marked a child, and may be recognised."""
        return [asset for person in self._children for asset in self.assets_with(person)]

    def persons_in(self, assets: Sequence[int]) -> Mapping[int, tuple[str, ...]]:
        """Return who has a confirmed face in each of `assets`, for those in which somebody has one."""
        found = defaultdict[int, tuple[str, ...]](tuple)
        there = self._people.persons_in(assets)
        for person in self.persons:
            for asset in there.get(person.id, ()):
                found[asset] = (*found[asset], person.id)
        return found


@dataclass(frozen=True, slots=True)
class Asked:
    """`is_on`: People is on, whoever asks. `is_locked` is said to those alone who may see persons, `unlocked` is there for them."""

    is_on: bool = False
    is_locked: bool = False
    unlocked: Unlocked | None = None


def asked(reader: Reader, viewer: Family, layout: Layout) -> Asked:
    """Return what `viewer` may know. Nothing is asked of the people process for who may not, or while People is off."""
    if not consent.may_see(reader, viewer):
        return Asked(consent.is_on(reader))
    people = People(layout.people_socket, patience=0.0)
    try:
        names = people.names()
    except (PeopleAway, PeopleLocked, PeopleOff):
        return Asked(is_on=True, is_locked=True)
    persons = (Person(one.id, one.name, _day(one.birthday), one.user_id == viewer.user_id) for one in names)
    children = frozenset(one.id for one in names if one.child)
    return Asked(is_on=True, unlocked=Unlocked(people, tuple(persons), children))


def faces(found: Asked) -> Faces | None:
    """What is told of faces before sharing; None while nobody may know."""
    if found.unlocked is None:
        return None
    return Faces(frozenset(found.unlocked.assets_with_faces()), frozenset(found.unlocked.assets_with_children()))


def _day(birthday: str) -> date | None:
    return date.fromisoformat(birthday) if birthday else None


def with_people(known: Vocabulary, asked: Asked) -> Vocabulary:
    """Return `known` with the persons of People, or that it is locked."""
    if asked.unlocked is not None:
        return vocabulary.with_persons(known, asked.unlocked.persons)
    return vocabulary.locked(known) if asked.is_locked else known
