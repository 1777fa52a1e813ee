"""What is sealed of people: faces, persons, the journal of decisions, and who withdrew. Nothing of it is written in clear."""

from enum import StrEnum
from typing import NamedTuple

import msgspec

PRINT_FLOATS = 128
LONGEST_NAME = 80
MOST_REFUSALS = 12
"""Persons that a face is remembered not to be; the oldest is forgotten, so that a face's row has a size of its own."""


class State(StrEnum):
    """`found` by the machine and nobody's yet; `confirmed` and `manual` (its box was drawn by a person) are somebody's; the
    other two were put away by a person."""

    FOUND = "found"
    CONFIRMED = "confirmed"
    MANUAL = "manual"
    NOT_A_FACE = "not_a_face"
    HIDDEN = "hidden"


OWNED = (State.CONFIRMED, State.MANUAL)
AWAY = (State.HIDDEN, State.NOT_A_FACE)


class Box(NamedTuple):
    """Fractions (0 to 1) of the upright preview's width and height."""

    left: float
    top: float
    width: float
    height: float


class Mark(msgspec.Struct, frozen=True):
    """All of a face that decisions change: a decision is a list of marks before and after."""

    state: State
    group: str | None
    person: str | None
    refused: tuple[str, ...]


class Face(msgspec.Struct, frozen=True):
    """`id` is 8 random bytes in hex. `print` holds PRINT_FLOATS little-endian float32 of length 1, or nothing when a person drew
    the box. `quality` is 0 to 1. `group` is for ever: the machine gives it once. `refused` are persons that somebody said it is
    not."""

    id: str
    asset: int
    box: Box
    quality: float
    print: bytes
    model: str
    group: str | None = None
    person: str | None = None
    state: State = State.FOUND
    refused: tuple[str, ...] = ()

    @property
    def mark(self) -> Mark:
        return Mark(self.state, self.group, self.person, self.refused)

    @property
    def is_owned(self) -> bool:
        return self.state in OWNED


class Person(msgspec.Struct, frozen=True):
    """`id` is 8 random bytes in hex. `birthday` is YYYY-MM-DD or empty. `never`: neither suggested nor named nor searched for;
    the confirmed faces stay only to keep others like them out of sight. `user_id`: the household account that is this person.
    `created`: milliseconds since 1970 UTC."""

    id: str
    name: str
    birthday: str = ""
    child: bool = False
    never: bool = False
    user_id: int | None = None
    created: int = 0


class FaceChange(msgspec.Struct, frozen=True):
    """`before` is None for a face that the decision made (a box drawn by a person); `asset` is where it is."""

    id: str
    before: Mark | None
    after: Mark


class PersonChange(msgspec.Struct, frozen=True):
    """None: there was no such person, or there is none any more."""

    id: str
    before: Person | None
    after: Person | None


class Decision(msgspec.Struct, frozen=True):
    """One thing a person decided, with what it changed, so that it can be taken back exactly. `number` counts from 1. `said` is a
    sentence for the journal. `made` holds the faces that the decision made. `by` is a user id, `at` and `undone` are
    milliseconds since 1970 UTC (`undone` 0: it holds)."""

    number: int
    at: int
    by: int
    verb: str
    said: str
    faces: tuple[FaceChange, ...] = ()
    persons: tuple[PersonChange, ...] = ()
    made: tuple[Face, ...] = ()
    undone: int = 0

    def touches(self, person: str) -> bool:
        """Does anything in it tell of `person`?"""
        marks = [mark for change in self.faces for mark in (change.before, change.after) if mark]
        return any(change.id == person for change in self.persons) or any(
            person == mark.person or person in mark.refused for mark in marks
        )


class Withdrawal(msgspec.Struct, frozen=True):
    """An account that took its own face back: no person may be linked to it until it says otherwise. `open`: nobody was linked
    to it when it asked, so the owner has yet to say who that is."""

    user_id: int
    at: int
    open: bool
