"""What is asked of people next: “Is this Mia?” for a whole group at once, where the machine is sure of its faces."""

import heapq
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from appliance.people.comparing import Comparing
from appliance.people.faces import Face, Person, State
from appliance.people.grouping import Groups
from appliance.people.memory import Memory
from appliance.people.prints import apart
from appliance.people.recognition import CHILD_LESS, PROPOSE, Anchors, Asked, Confirmed, Suggestion
from appliance.people.sight import Sight, Years


@dataclass(frozen=True, slots=True)
class Question:
    """Are `faces`, the best first, `person`? Not `sure`: then it is about one face."""

    person: str
    faces: tuple[str, ...]
    sure: bool
    distance: float


@dataclass(slots=True)
class Suggesting:
    """Groups and anchors over a Memory. `stale`: persons to look at again."""

    memory: Memory
    years: Years = field(default_factory=Years)
    groups: Groups = field(default_factory=Groups)
    stale: set[str] = field(default_factory=set)
    anchors: Anchors = field(default_factory=Anchors)
    comparing: Comparing = field(init=False)

    def __post_init__(self) -> None:
        self.comparing = Comparing(self.anchors)

    def start(self) -> None:
        """Take over what the memory holds; the order of groups is that of their ids, so that it is the same every time."""
        self.refresh_groups(self.memory.of_group.keys() | self.memory.of_hidden.keys())
        self.stale |= self.memory.persons.keys()

    def refresh_groups(self, groups: Iterable[str]) -> None:
        """After faces came or went. A group that was hidden as a whole goes on, so that who was hidden once stays hidden; what
        joins a group of which faces are a child's has to be more like it."""
        children = [person.id for person in self.memory.persons.values() if person.child]
        strict = {self.memory.faces[face].group for child in children for face in self.memory.of_person.get(child, ())}
        for group in sorted(groups):
            faces = self.memory.grouped(group) or self.memory.hidden(group)
            self.groups.keep(group, [face for face in faces if face.print], strict=group in strict)

    def refresh_person(self, person_id: str) -> None:
        """After faces, birthday or “child” of a person changed, or the person went."""
        self.stale.add(person_id)

    def see(self, sight: Sight) -> None:
        """Learn when photos were taken; persons whose photos got a year are compared by age from now on."""
        for asset in self.years.learn(sight):
            for face_id in self.memory.of_asset.get(asset, ()):
                self.memory.touched[face_id] = asset
                if person := self.memory.faces[face_id].person:
                    self.stale.add(person)

    def refresh(self) -> dict[str, Suggestion]:
        """Return who each face that is nobody's may be: look again at whatever has changed since the last time."""
        changed = [person for person in sorted(self.stale) if self._keep(person)]
        self.stale.clear()
        touched, self.memory.touched = self.memory.touched, {}
        if changed or touched:
            faces = [face for face in map(self.memory.faces.get, touched) if face]
            loose = [face for face in faces if face.state is State.FOUND and face.print]
            asked = [Asked(face, self.years.get(face.asset), face.refused) for face in loose]
            self.comparing.update(asked, touched.keys() - {face.id for face in loose}, changed, set(touched.values()))
        return self.comparing.found

    def _keep(self, person_id: str) -> bool:
        """Return whether other faces may be nearer to the person now, or farther."""
        person = self.memory.persons.get(person_id)
        faces = self.memory.owned(person_id) if person else []
        confirmed = [Confirmed(face, self.years.get(face.asset)) for face in faces]
        return self.anchors.keep(person_id, confirmed, born=born(person), child=bool(person and person.child))

    def is_suppressed(self, face: Face) -> bool:
        """Is it probably somebody who is never to be recognised?"""
        suggestion = self.comparing.found.get(face.id)
        person = self.memory.persons.get(suggestion.person) if suggestion else None
        return bool(person and person.never)

    def questions(self, sight: Sight, most: int) -> tuple[list[Question], int]:
        """What to ask whoever sees `sight`, at most so many, and how many there are in all: whole groups first,
        then single faces, the nearest first."""
        sure, single = self._standing(sight)
        whole = []
        for (person, _), some in sure.items():
            some.sort(key=_nearest_first)
            whole.append(Question(person, tuple(one.face for one in some), True, some[0].distance))
        whole.sort(key=lambda one: (-len(one.faces), one.distance, one.faces))
        perhaps = heapq.nsmallest(most - len(whole), single, key=_nearest_first)
        asked = [*whole[:most], *(Question(one.person, (one.face,), False, one.distance) for one in perhaps)]
        return asked, len(sure) + len(single)

    def count(self, sight: Sight) -> int:
        """How many questions there are in all."""
        return sum(map(len, self._standing(sight)))

    def _standing(self, sight: Sight) -> tuple[dict[tuple[str, str], list[Suggestion]], list[Suggestion]]:
        """Suggestions of which `sight` shows the photo: those that are sure by person and group, and the others."""
        never = {person.id for person in self.memory.persons.values() if person.never}
        sure: defaultdict[tuple[str, str], list[Suggestion]] = defaultdict(list)
        single: list[Suggestion] = []
        for suggestion in self.refresh().values():
            face = self.memory.faces[suggestion.face]
            if suggestion.person not in never and sight.shows(face.asset):
                (sure[suggestion.person, face.group or face.id] if suggestion.sure else single).append(suggestion)
        return sure, single


def _nearest_first(one: Suggestion) -> tuple[float, str]:
    return one.distance, one.face


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
