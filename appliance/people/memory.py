"""Everything of the vault unsealed, in the memory of the people process alone, and what a change of it writes.

A change is planned first, as Writes; the caller commits them in one transaction and then has `keep` take them over. So a kill
between two of them finds the state before or the state after, and the memory never runs ahead of the disk.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

import msgspec

from appliance.errors import DecisionBuiltOn, NotFound, TwoInOnePhoto
from appliance.people.faces import AWAY, Decision, Face, FaceChange, Mark, Person, State, Withdrawal

K = TypeVar("K")
Row = Face | Person | Decision | Withdrawal
KINDS: dict[str, type[Row]] = {"face": Face, "person": Person, "decision": Decision, "withdrawal": Withdrawal}


class Write(NamedTuple):
    """Row `id` of `kind` becomes `row`, sealed under the key of `person` or the vault's own; None: it goes."""

    kind: str
    id: str
    row: Row | None
    person: str | None = None


def _sets() -> defaultdict[str, set[str]]:
    return defaultdict(set)


@dataclass(slots=True)
class Memory:
    """`of_*` hold ids of faces: by asset all, by person the owned, by group those that are nobody's, and those that were hidden.
    `sealed_under` says under whose key a decision lies. `touched`: faces that came, went or changed since somebody last looked,
    each with its asset. `away`: those that were put away, the latest last."""

    faces: dict[str, Face] = field(default_factory=dict)
    persons: dict[str, Person] = field(default_factory=dict)
    journal: dict[int, Decision] = field(default_factory=dict)
    withdrawn: dict[int, Withdrawal] = field(default_factory=dict)
    of_asset: defaultdict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    of_person: defaultdict[str, set[str]] = field(default_factory=_sets)
    of_group: defaultdict[str, set[str]] = field(default_factory=_sets)
    of_hidden: defaultdict[str, set[str]] = field(default_factory=_sets)
    sealed_under: dict[int, str | None] = field(default_factory=dict)
    touched: dict[str, int] = field(default_factory=dict)
    away: dict[str, None] = field(default_factory=dict)
    _ordered: dict[tuple[int, str], list[Face]] = field(default_factory=dict)

    def face(self, face: str) -> Face:
        """Return a face; raises NotFound."""
        if face not in self.faces:
            raise NotFound
        return self.faces[face]

    def person(self, person: str) -> Person:
        """Return a person; raises NotFound."""
        if person not in self.persons:
            raise NotFound
        return self.persons[person]

    def owned(self, person: str) -> list[Face]:
        """Return the faces of a person, the best first."""
        return self._best_first(self.of_person, person)

    def grouped(self, group: str) -> list[Face]:
        """Return the faces of a group that are nobody's yet, the best first."""
        return self._best_first(self.of_group, group)

    def hidden(self, group: str) -> list[Face]:
        """Return the hidden faces of a group, the best first."""
        return self._best_first(self.of_hidden, group)

    def in_asset(self, asset: int) -> list[Face]:
        """Return the faces of an asset from left to right, those that were put away too."""
        return sorted((self.faces[face] for face in self.of_asset.get(asset, ())), key=lambda face: (face.box.left, face.id))

    def put(self, row: Row, sealed_under: str | None = None) -> None:
        """Take a row as it lies in the vault."""
        if isinstance(row, Face):
            if row.id in self.faces:
                self._drop_face(row.id)
            self.faces[row.id] = row
            self.touched[row.id] = row.asset
            self.of_asset[row.asset].add(row.id)
            place = self._place(row)
            if place:
                place[0][place[1]].add(row.id)
                self._ordered.pop((id(place[0]), place[1]), None)
            if row.state in AWAY:
                self.away[row.id] = None
        elif isinstance(row, Person):
            self.persons[row.id] = row
        elif isinstance(row, Decision):
            self.journal[row.number] = row
            self.sealed_under[row.number] = sealed_under
        else:
            self.withdrawn[row.user_id] = row

    def remove(self, kind: str, row_id: str) -> None:
        """Forget a row that is gone from the vault."""
        if kind == "face":
            self._drop_face(row_id)
        elif kind == "person":
            self.persons.pop(row_id, None)
        elif kind == "decision":
            self.journal.pop(int(row_id, 16), None)
            self.sealed_under.pop(int(row_id, 16), None)
        else:
            self.withdrawn.pop(int(row_id), None)

    def keep(self, writes: Iterable[Write]) -> None:
        """Take over what was committed."""
        for write in writes:
            if write.row is None:
                self.remove(write.kind, write.id)
            else:
                self.put(write.row, write.person)

    def _drop_face(self, face_id: str) -> None:
        face = self.faces.pop(face_id, None)
        if face:
            self.touched[face_id] = face.asset
            _leave(self.of_asset, face.asset, face_id)
            self.away.pop(face_id, None)
            place = self._place(face)
            if place:
                _leave(*place, face_id)
                self._ordered.pop((id(place[0]), place[1]), None)

    def _best_first(self, index: defaultdict[str, set[str]], key: str) -> list[Face]:
        """Sorted once, until one of them changes."""
        ordered = self._ordered.get((id(index), key))
        if ordered is None:
            ordered = sorted((self.faces[face] for face in index.get(key, ())), key=_best_first)
            self._ordered[id(index), key] = ordered
        return list(ordered)

    def _place(self, face: Face) -> tuple[defaultdict[str, set[str]], str] | None:
        if face.is_owned:
            return (self.of_person, face.person) if face.person else None
        if not face.group or face.state is State.NOT_A_FACE:
            return None
        return (self.of_group if face.state is State.FOUND else self.of_hidden), face.group


def _leave(index: dict[K, set[str]], key: K, face: str) -> None:
    index[key].discard(face)
    if not index[key]:
        del index[key]


def _best_first(face: Face) -> tuple[float, str]:
    return -face.quality, face.id


def write_face(face: Face) -> Write:
    """A person's own faces lie under that person's key, all others under the vault's."""
    return Write("face", face.id, face, face.person if face.is_owned else None)


def write_person(person: Person) -> Write:
    return Write("person", person.id, person, person.id)


def decision_id(number: int) -> str:
    return f"{number:016x}"


def marked(face: Face, mark: Mark) -> Face:
    return msgspec.structs.replace(face, state=mark.state, group=mark.group, person=mark.person, refused=mark.refused)


def plan(memory: Memory, decision: Decision) -> tuple[Write, ...]:
    """What `decision` writes. Raises TwoInOnePhoto when afterwards somebody would be twice in one photo."""
    made = {face.id: face for face in decision.made}
    faces = [marked(made.get(change.id) or memory.face(change.id), change.after) for change in decision.faces]
    gone = [Write("person", change.id, None) for change in decision.persons if change.after is None]
    persons = [write_person(change.after) for change in decision.persons if change.after]
    _nobody_twice(memory, faces)
    return (*persons, *map(write_face, faces), *gone, *_journal(memory, decision, {write.id for write in gone}))


def plan_undo(memory: Memory, number: int, at: int) -> tuple[Write, ...]:
    """What taking decision `number` back writes: exactly the state before it. Raises NotFound, DecisionBuiltOn when what it
    changed was changed again since, TwoInOnePhoto."""
    decision = memory.journal.get(number)
    if decision is None or decision.undone or not (decision.faces or decision.persons):
        raise NotFound
    if not still_stands(memory, decision):
        later = builder_on(memory, decision)
        raise DecisionBuiltOn(later=later.said if later else "a person was forgotten")
    faces = [marked(memory.faces[change.id], change.before) for change in decision.faces if change.before]
    unmade = [Write("face", change.id, None) for change in decision.faces if change.before is None]
    gone = [Write("person", change.id, None) for change in decision.persons if change.before is None]
    persons = [write_person(change.before) for change in decision.persons if change.before]
    _nobody_twice(memory, faces)
    undone = msgspec.structs.replace(decision, undone=at)
    return (*persons, *map(write_face, faces), *unmade, *gone, *_journal(memory, undone, {write.id for write in gone}))


def still_stands(memory: Memory, decision: Decision) -> bool:
    """Is everything that it changed as it left it?"""
    return (
        all(_mark_of(memory, change.id) == change.after for change in decision.faces)
        and all(memory.persons.get(change.id) == change.after for change in decision.persons)
        and not _leaves_orphans(memory, decision)
    )


def _mark_of(memory: Memory, face: str) -> Mark | None:
    return memory.faces[face].mark if face in memory.faces else None


def _leaves_orphans(memory: Memory, decision: Decision) -> bool:
    """Would taking it back leave faces to somebody who is not there?"""
    changed = {change.id for change in decision.faces}
    taken = {change.id for change in decision.persons if change.before is None}
    there = (memory.persons.keys() | {change.id for change in decision.persons}) - taken
    given = {change.before.person for change in decision.faces if change.before and change.before.person}
    return not given <= there or any(not memory.of_person.get(person, set()) <= changed for person in taken)


def builder_on(memory: Memory, decision: Decision) -> Decision | None:
    """The latest decision that stands and changed what `decision` had changed."""
    faces = {change.id for change in decision.faces}
    persons = {change.id for change in decision.persons} | _told(decision)
    for number in sorted(memory.journal, reverse=True):
        later = memory.journal[number]
        if number <= decision.number:
            break
        if not later.undone and (any(change.id in faces for change in later.faces) or any(map(later.touches, persons))):
            return later
    return None


def _told(decision: Decision) -> set[str]:
    """The persons whose faces it changed."""
    return {mark.person for change in decision.faces for mark in (change.before, change.after) if mark and mark.person}


def _nobody_twice(memory: Memory, faces: Iterable[Face]) -> None:
    changed = {face.id: face for face in faces}
    for face in changed.values():
        if face.is_owned and face.person:
            for other_id in memory.of_asset.get(face.asset, set()) | {face.id}:
                other = changed.get(other_id) or memory.faces[other_id]
                if other.id != face.id and other.is_owned and other.person == face.person:
                    raise TwoInOnePhoto
    owners = [(face.asset, face.person) for face in changed.values() if face.is_owned]
    if len(set(owners)) != len(owners):
        raise TwoInOnePhoto


def _journal(memory: Memory, decision: Decision, gone: set[str]) -> Iterator[Write]:
    """The decision itself, and those whose key changes because a person came or went."""
    alive = (memory.persons.keys() | {change.id for change in decision.persons}) - gone
    journal = {**memory.journal, decision.number: decision}
    moved = {change.id for change in decision.persons}
    for number, entry in journal.items():
        if number == decision.number or any(entry.touches(person) for person in moved):
            key = _key_of(entry, alive)
            if number == decision.number or memory.sealed_under[number] != key:
                yield Write("decision", decision_id(number), entry, key)


def _key_of(decision: Decision, alive: set[str]) -> str | None:
    """A decision lies under the key of one of the persons it tells of: forgetting that one makes it unreadable."""
    return min((_told(decision) | {change.id for change in decision.persons}) & alive, default=None)


def change_of(face: Face, mark: Mark) -> FaceChange:
    return FaceChange(face.id, face.mark, mark)
