"""What a person decides about faces and persons. Each function returns a Decision that says what it changes; `memory.plan` turns
it into writes. The machine never makes one of these; forgetting alone cannot be taken back."""

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

import msgspec

from appliance.errors import NotFound, TwoInOnePhoto, WithdrawnByThemselves, WrongUsage
from appliance.people.faces import (
    LONGEST_NAME,
    MOST_REFUSALS,
    Box,
    Decision,
    Face,
    FaceChange,
    Mark,
    Person,
    PersonChange,
    State,
    Withdrawal,
)
from appliance.people.memory import Memory, Write, change_of, decision_id, write_face

EARLIEST = date(1850, 1, 1)


class Stamp(NamedTuple):
    """Of a new decision: its number, when (milliseconds since 1970 UTC), and whose it is (user id)."""

    number: int
    at: int
    by: int


def clean_name(text: str) -> str:
    """Return a name as it is kept: one line, no control characters, at most LONGEST_NAME characters. Raises WrongUsage."""
    blank = ("Zs", "Cc", "Cf", "Zl", "Zp", "Cs", "Co", "Cn")
    signs = unicodedata.normalize("NFC", text)
    name = " ".join("".join(" " if unicodedata.category(sign) in blank else sign for sign in signs).split())
    if not name:
        raise WrongUsage(what="A person needs a name.")
    if len(name) > LONGEST_NAME:
        raise WrongUsage(what=f"A name has at most {LONGEST_NAME} characters.")
    return name


def clean_birthday(text: str, today: date) -> str:
    """Return YYYY-MM-DD, or empty for empty. Raises WrongUsage."""
    if not text.strip():
        return ""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise WrongUsage(what=f"“{text.strip()[:40]}” is no date. Write it as 2016-05-31.") from None
    if not EARLIEST <= day <= today:
        raise WrongUsage(what="A birthday lies between 1850 and today.")
    return day.isoformat()


def name(memory: Memory, stamp: Stamp, faces: Sequence[str], person: Person) -> Decision:
    """Faces get a new person. Raises NotFound, and WrongUsage when there is none to take."""
    taken = fitting(memory, faces, person.id)
    if not taken:
        raise WrongUsage(what="None of these faces is still there to be named.")
    said = f"Named {_counted(len(taken))} {person.name}"
    changes = tuple(change_of(face, _owned(face, person.id)) for face in taken)
    return Decision(*stamp, "name", said, changes, (PersonChange(person.id, None, person),))


def confirm(memory: Memory, stamp: Stamp, faces: Sequence[str], person_id: str) -> Decision:
    """“Yes, this is Mia”, or “someone else: Mia”. A person is in a photo once, so of two faces in one photo the better is taken;
    raises TwoInOnePhoto when nothing is left to take for that reason."""
    person = memory.person(person_id)
    taken = fitting(memory, faces, person_id)
    if not taken:
        raise TwoInOnePhoto
    said = f"Confirmed {_counted(len(taken))} as {person.name}"
    return Decision(*stamp, "confirm", said, tuple(change_of(face, _owned(face, person_id)) for face in taken))


def reject(memory: Memory, stamp: Stamp, faces: Sequence[str], person_id: str) -> Decision:
    """“No, this is not Mia”: they are never suggested as Mia again, and are Mia's no more when they were."""
    person = memory.person(person_id)
    changes = tuple(change_of(face, _refusing(face, person_id)) for face in _known(memory, faces))
    return Decision(*stamp, "reject", f"Said that {_counted(len(changes))} {_are(changes)} not {person.name}", changes)


def put_away(memory: Memory, stamp: Stamp, faces: Sequence[str], state: State) -> Decision:
    """“Not a face”, or “hide this one”."""
    changes = tuple(change_of(face, Mark(state, face.group, None, face.refused)) for face in _known(memory, faces))
    words = "Hid" if state is State.HIDDEN else "Said that nobody is in"
    return Decision(*stamp, str(state), f"{words} {_counted(len(changes))}", changes)


def bring_back(memory: Memory, stamp: Stamp, faces: Sequence[str]) -> Decision:
    """What was put away is a face that was found again. Raises NotFound when none of them is put away."""
    away = [face for face in _known(memory, faces) if face.state in (State.HIDDEN, State.NOT_A_FACE)]
    if not away:
        raise NotFound
    changes = tuple(change_of(face, Mark(State.FOUND, face.group, None, face.refused)) for face in away)
    return Decision(*stamp, "bring_back", f"Brought {_counted(len(changes))} back", changes)


def split(memory: Memory, stamp: Stamp, faces: Sequence[str], group: str) -> Decision:
    """Faces leave their person or group and become the new group `group`; they are not suggested as that person again."""
    changes = tuple(change_of(face, _split_off(face, group)) for face in _known(memory, faces))
    owners = {face.person for face in _known(memory, faces) if face.person}
    whose = memory.person(owners.pop()).name if len(owners) == 1 else "a group"
    return Decision(*stamp, "split", f"Split {_counted(len(changes))} off {whose}", changes)


def merge(memory: Memory, stamp: Stamp, source_id: str, target_id: str) -> Decision:
    """Two persons are one, who keeps the target's name. Raises NotFound, and TwoInOnePhoto when they stand together in a photo."""
    source, target = memory.person(source_id), memory.person(target_id)
    if source_id == target_id:
        raise NotFound
    apart = {face.asset for face in memory.owned(source_id)} & {face.asset for face in memory.owned(target_id)}
    if apart:
        raise TwoInOnePhoto
    own = [change_of(face, _owned(face, target_id)) for face in memory.owned(source_id)]
    others = [
        change_of(face, _refusing(face, target_id, instead_of=source_id))
        for face in memory.faces.values()
        if source_id in face.refused and face.person not in (source_id, target_id)
    ]
    persons = (PersonChange(source_id, source, None),)
    return Decision(*stamp, "merge", f"Merged {source.name} into {target.name}", (*own, *others), persons)


def draw(memory: Memory, stamp: Stamp, face_id: str, asset: int, box: Box, person: Person) -> Decision:
    """A person draws a box around a face that was not found; `person` may be new. Raises WrongUsage."""
    inside = min(box.left, box.top) >= 0 and max(box.left + box.width, box.top + box.height) <= 1.001
    if not inside or min(box.width, box.height) < 0.005:
        raise WrongUsage(what="The box does not lie on the photo.")
    face = Face(face_id, asset, box, 0.0, b"", "")
    change = FaceChange(face_id, None, Mark(State.MANUAL, None, person.id, ()))
    persons = () if person.id in memory.persons else (PersonChange(person.id, None, person),)
    return Decision(*stamp, "draw", f"Drew a box for {person.name}", (change,), persons, (face,))


def describe(memory: Memory, stamp: Stamp, after: Person) -> Decision:
    """Name, birthday, child, account or “never” of a person change. Raises WithdrawnByThemselves, NotFound."""
    before = memory.person(after.id)
    if before.user_id != after.user_id and after.user_id in memory.withdrawn:
        raise WithdrawnByThemselves
    return Decision(*stamp, "describe", _described(before, after), (), (PersonChange(after.id, before, after),))


def forget(memory: Memory, stamp: Stamp, person_id: str) -> tuple[Write, ...]:
    """A person's faces, the person and every decision that tells of them go, for good. Raises NotFound."""
    memory.person(person_id)
    faces = [Write("face", face.id, None) for face in memory.owned(person_id)]
    told = [Write("decision", decision_id(entry.number), None) for entry in memory.journal.values() if entry.touches(person_id)]
    stripped = [
        write_face(msgspec.structs.replace(face, refused=tuple(one for one in face.refused if one != person_id)))
        for face in memory.faces.values()
        if person_id in face.refused and face.person != person_id
    ]
    note = Decision(*stamp, "forget", f"Forgot a person with {_counted(len(faces))}")
    return (*faces, *told, *stripped, Write("person", person_id, None), Write("decision", decision_id(stamp.number), note))


def withdraw(memory: Memory, stamp: Stamp, user_id: int) -> tuple[Write, ...]:
    """The account takes its own face back: its person is forgotten. Safe to run twice."""
    mine = [person for person in memory.persons.values() if person.user_id == user_id]
    note = Write("withdrawal", str(user_id), Withdrawal(user_id, stamp.at, open=not mine))
    writes: list[Write] = []
    for index, person in enumerate(mine):
        writes += forget(memory, stamp._replace(number=stamp.number + index), person.id)
    return (*writes, note)


def allow(memory: Memory, user_id: int) -> tuple[Write, ...]:
    """The account lets itself be linked to a person again."""
    return (Write("withdrawal", str(user_id), None),) if user_id in memory.withdrawn else ()


def fitting(memory: Memory, faces: Iterable[str], person_id: str) -> list[Face]:
    """Those of `faces` that can be the person's: the first in each photo where the person is not yet. Raises NotFound."""
    taken: dict[int, Face] = {}
    for face in map(memory.face, faces):
        there = [memory.faces[other] for other in memory.of_asset.get(face.asset, ())]
        if not any(other.is_owned and other.person == person_id for other in there):
            taken.setdefault(face.asset, face)
    return list(taken.values())


def next_stamp(memory: Memory, at: int, by: int) -> Stamp:
    return Stamp(max(memory.journal, default=0) + 1, at, by)


def _known(memory: Memory, faces: Iterable[str]) -> list[Face]:
    """Each face once; raises NotFound, also when there is none."""
    found = [memory.face(face) for face in dict.fromkeys(faces)]
    if not found:
        raise NotFound
    return found


def _owned(face: Face, person: str) -> Mark:
    state = State.CONFIRMED if face.print else State.MANUAL
    return Mark(state, face.group, person, tuple(one for one in face.refused if one != person))


def _refusing(face: Face, person: str, instead_of: str = "") -> Mark:
    kept = [one for one in face.refused if one not in (person, instead_of)]
    refused = tuple([*kept, person][-MOST_REFUSALS:])
    was_theirs = face.is_owned and face.person == person
    return Mark(State.FOUND if was_theirs else face.state, face.group, None if was_theirs else face.person, refused)


def _split_off(face: Face, group: str) -> Mark:
    refused = _refusing(face, face.person).refused if face.person else face.refused
    return Mark(State.FOUND, group, None, refused)


def _described(before: Person, after: Person) -> str:
    if before.name != after.name:
        return f"Renamed {before.name} to {after.name}"
    if before.never != after.never:
        return f"{after.name} is {'never recognised' if after.never else 'recognised'} from now on"
    if before.birthday != after.birthday:
        return f"Changed the birthday of {after.name}"
    if before.child != after.child:
        return f"{after.name} is {'a child' if after.child else 'grown up'}"
    return f"Changed the account of {after.name}"


def _counted(count: int) -> str:
    return "1 face" if count == 1 else f"{count:,} faces"


def _are(changes: Sequence[FaceChange]) -> str:
    return "is" if len(changes) == 1 else "are"
