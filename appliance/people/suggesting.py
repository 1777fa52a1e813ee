"""What is asked of people next: “Is this Mia?” for a whole group at once, where the machine is sure of its faces."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from appliance.people.faces import Face, Person, State
from appliance.people.grouping import Groups
from appliance.people.memory import Memory
from appliance.people.prints import apart
from appliance.people.recognition import CHILD_LESS, PROPOSE, Anchors, Asked, Confirmed, Suggestion
from appliance.people.sight import Sight


@dataclass(frozen=True, slots=True)
class Question:
    """Are `faces`, the best first, `person`? Not `sure`: then it is about one face."""

    person: str
    faces: tuple[str, ...]
    sure: bool
    distance: float


@dataclass(slots=True)
class Suggesting:
    """Groups and anchors over a Memory. `years`: when photos were taken, as far as anybody who asked could see them."""

    memory: Memory
    groups: Groups = field(default_factory=Groups)
    anchors: Anchors = field(default_factory=Anchors)
    years: dict[int, float] = field(default_factory=dict)
    found: dict[str, Suggestion] = field(default_factory=dict)
    revision: int = -1

    def start(self) -> None:
        """Take over what the memory holds; the order of groups is that of their ids, so that it is the same every time."""
        for group in sorted(self.memory.of_group.keys() | self.memory.of_hidden.keys()):
            self.refresh_group(group)
        for person in self.memory.persons:
            self.refresh_person(person)

    def refresh_group(self, group: str) -> None:
        """After faces came or went. A group that was hidden as a whole goes on, so that who was hidden once stays hidden."""
        faces = self.memory.grouped(group) or self.memory.hidden(group)
        self.groups.keep(group, [face for face in faces if face.print])

    def refresh_person(self, person_id: str) -> None:
        """After faces, birthday or “child” of a person changed, or the person went."""
        person = self.memory.persons.get(person_id)
        faces = self.memory.owned(person_id) if person else []
        confirmed = [Confirmed(face, self.years.get(face.asset)) for face in faces if face.print]
        self.anchors.keep(person_id, confirmed, born=born(person), child=bool(person and person.child))

    def see(self, sight: Sight) -> None:
        """Learn when photos were taken; persons whose photos got a year are compared by age from now on."""
        learnt = {asset for asset, year in sight.years(self.memory.of_asset) if self.years.get(asset) != year}
        self.years.update(sight.years(learnt))
        for person, faces in list(self.memory.of_person.items()):
            if any(self.memory.faces[face].asset in learnt for face in faces):
                self.refresh_person(person)
        if learnt:
            self.revision = -1

    def refresh(self) -> None:
        """Look at all faces that are nobody's, if anything has changed."""
        if self.revision != self.memory.revision:
            loose = [face for face in self.memory.faces.values() if face.state is State.FOUND and face.print]
            self.found = self.anchors.suggest([Asked(face, self.years.get(face.asset), face.refused) for face in loose])
            self.revision = self.memory.revision

    def is_suppressed(self, face: Face) -> bool:
        """Is it probably somebody who is never to be recognised?"""
        suggestion = self.found.get(face.id)
        person = self.memory.persons.get(suggestion.person) if suggestion else None
        return bool(person and person.never)

    def questions(self, sight: Sight) -> list[Question]:
        """What to ask whoever sees `sight`: whole groups first, then single faces, the nearest first."""
        sure: defaultdict[tuple[str, str], list[Suggestion]] = defaultdict(list)
        single: list[Question] = []
        for suggestion in self._standing(sight):
            face = self.memory.faces[suggestion.face]
            if suggestion.sure:
                sure[suggestion.person, face.group or face.id].append(suggestion)
            else:
                single.append(Question(suggestion.person, (face.id,), False, suggestion.distance))
        whole = [
            Question(
                person, tuple(one.face for one in sorted(some, key=lambda one: (one.distance, one.face))), True, some[0].distance
            )
            for (person, _), some in sure.items()
        ]
        whole.sort(key=lambda one: (-len(one.faces), one.distance, one.faces))
        return whole + sorted(single, key=lambda one: (one.distance, one.faces))

    def _standing(self, sight: Sight) -> Iterable[Suggestion]:
        """Suggestions that still make sense after what was decided since they were made."""
        for suggestion in self.found.values():
            face = self.memory.faces.get(suggestion.face)
            person = self.memory.persons.get(suggestion.person)
            if face is None or person is None or person.never or face.state is not State.FOUND:
                continue
            there = (self.memory.faces[other] for other in self.memory.of_asset[face.asset])
            taken = any(other.is_owned and other.person == person.id for other in there)
            if not taken and person.id not in face.refused and sight.shows(face.asset):
                yield suggestion


def born(person: Person | None) -> float | None:
    """The year of birth with its fraction."""
    if person is None or not person.birthday:
        return None
    day = date.fromisoformat(person.birthday)
    return day.year + (day.timetuple().tm_yday - 1) / 366


def sure_faces(faces: list[Face], *, child: bool) -> list[Face]:
    """Of faces that get one name together, those that are like the others; all others are asked about later."""
    limit = PROPOSE - (CHILD_LESS if child else 0.0)
    printed = [face for face in faces if face.print]
    sure = [face for face, far in zip(printed, apart(printed), strict=True) if far <= limit]
    return sure or printed[:1] or faces[:1]


def outliers_first(faces: list[Face]) -> list[tuple[Face, float]]:
    """Each face with how far it is from the others of its group, the farthest first."""
    printed = [face for face in faces if face.print]
    far = list(zip(printed, apart(printed), strict=True)) + [(face, 0.0) for face in faces if not face.print]
    return sorted(far, key=lambda one: (-one[1], one[0].id))
