"""Households of faces that nobody has: ids and prints from numbers, for what needs no real picture."""

import struct

import msgspec

from appliance.people.faces import PRINT_FLOATS, Box, Face, Person, State
from appliance.people.memory import Memory

MIA, JONAS = "a" * 16, "b" * 16


def face_print(axis: int, lean: float = 0.0) -> bytes:
    """A unit vector along `axis`, leaning a little to the next one: faces of one axis are alike, of two are not."""
    numbers = [0.0] * PRINT_FLOATS
    numbers[axis % PRINT_FLOATS] = (1 - lean * lean) ** 0.5
    numbers[(axis + 1) % PRINT_FLOATS] = lean
    return struct.pack(f"<{PRINT_FLOATS}f", *numbers)


def a_face(number: int, asset: int, group: str | None = "g1", *, axis: int = 0, lean: float = 0.0, quality: float = 0.5) -> Face:
    return Face(f"{number:016x}", asset, Box(0.1, 0.2, 0.3, 0.3), quality, face_print(axis, lean), "finder", group)


def a_person(person: str = MIA, name: str = "Mia", **more: object) -> Person:
    return Person(person, name, **more)  # type: ignore[arg-type]


def a_memory(*rows: Face | Person) -> Memory:
    memory = Memory()
    for row in rows:
        memory.put(row)
    return memory


def owned_by(face: Face, person: str) -> Face:
    return msgspec.structs.replace(face, state=State.CONFIRMED, person=person)
