"""Faces that look alike, gathered into groups one after another. Pure numbers: nothing is read, written or named here.

A face joins the nearest group within LIMIT, or begins one. A group is nearest by the mean distance of its three exemplars that
are most like the face; it has at most EXEMPLARS of them, its best faces, so a face costs the same however large the groups are.
What was once in a group stays there: nothing here moves a face, joins two groups or gives up an id. People do (`keep`).
"""

import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from appliance.people.prints import DIMENSIONS, NEAREST, Numbers, Prints, Seen, alike_at, best_first, distances, stacked

LIMIT = 0.32  # at 0.34 sisters who are often photographed run together (docs/quality.md)
STRICT_LIMIT = 0.28  # for a group that is a child's
BEYOND = 0.06  # an exemplar farther than LIMIT + BEYOND says no more than that it is far
EXEMPLARS = 32
BLOCK = 256  # faces that are compared with all exemplars in one product
COLUMNS = 16_384


def new_id() -> str:
    """An id that no group had before."""
    return secrets.token_hex(8)


@dataclass(slots=True)
class _Group:
    """`slots`: where its exemplars lie; `assets`: the photos that its faces are in."""

    id: str
    slots: list[int]
    assets: set[int]
    limit: float = LIMIT


@dataclass(slots=True)
class _Block:
    """Faces that are added together. For each of their rows: `before` the slots of exemplars that were there already, `within` the
    rows of the block that are near, each with its distance; `slots`: where rows lie that became exemplars, `filled` all these."""

    faces: Sequence[Seen]
    before: list[list[tuple[int, float]]]
    within: list[list[tuple[int, float]]]
    rows: dict[str, int] = field(init=False)
    slots: dict[int, int] = field(default_factory=dict)
    filled: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.rows = {face.id: row for row, face in enumerate(self.faces)}


class Groups:
    """All groups of one household. Which faces come together depends on the order in which they were added, on nothing else.

    What is remembered of a group depends on its faces alone: `keep` with all faces of each group restores every later answer.
    """

    def __init__(self, name: Callable[[], str] = new_id) -> None:
        """`name` gives a group that begins its id."""
        self._name = name
        self._numbers: dict[str, int] = {}
        self._groups: list[_Group] = []
        self._prints: Prints = np.zeros((1024, DIMENSIONS), np.float32)
        self._owner: Numbers = np.full(1024, -1, np.intp)
        self._faces: list[Seen | None] = []
        self._free: list[int] = []

    def add(self, faces: Sequence[Seen]) -> dict[str, str]:
        """Give every face its group; return {id of the face: id of its group}.

        Two faces of one photo never come into one group: the nearer one has it, the other goes elsewhere. So give all faces of
        a photo in one call. Raises nothing; a face that is given twice is counted twice.
        """
        given: dict[str, str] = {}
        for block in _blocks(faces):
            given |= self._add_block(block)
        return given

    def keep(self, group: str, faces: Iterable[Seen], *, strict: bool = False) -> None:
        """From now on `group` consists of `faces`: after a start, and after people moved, joined, split or threw away.

        `strict`: it is a child's, so another face has to be more like it. Without faces nothing joins the group any more.
        """
        number = self._numbers.get(group)
        if number is None:
            number = self._begin(group)
        kept = self._groups[number]
        for slot in kept.slots:
            self._owner[slot], self._faces[slot] = -1, None
            self._free.append(slot)
        members = list(faces)
        kept.slots, kept.assets, kept.limit = [], {face.asset for face in members}, STRICT_LIMIT if strict else LIMIT
        for face in best_first(members)[:EXEMPLARS]:
            self._remember(number, face)

    def _add_block(self, faces: Sequence[Seen]) -> dict[str, str]:
        rows = stacked(faces)
        block = _Block(faces, self._near(rows), _near_within(rows))
        given: dict[str, str] = {}
        for photo in _photos(faces):
            far = [self._distances(block, block.rows[face.id]) for face in photo]
            for face, number in self._settled(photo, far):
                self._groups[number].assets.add(face.asset)
                if (slot := self._offer(number, face)) is not None:
                    block.filled.add(slot)
                    block.slots[block.rows[face.id]] = slot
                given[face.id] = self._groups[number].id
        return given

    def _near(self, rows: Prints) -> list[list[tuple[int, float]]]:
        """For each row the slots of the exemplars that are not far, and how far they are."""
        found: list[list[tuple[int, float]]] = [[] for _ in rows]
        for start in range(0, len(self._faces), COLUMNS):
            alike = rows @ self._prints[start : min(start + COLUMNS, len(self._faces))].T
            which, where = np.nonzero(alike >= alike_at(LIMIT + BEYOND))
            far = distances(alike[which, where]).tolist()
            for row, slot, distance in zip(which.tolist(), (where + start).tolist(), far, strict=True):
                found[row].append((slot, distance))
        return found

    def _distances(self, block: "_Block", row: int) -> dict[int, float]:
        """How far each group is from a face of the block, as far as the group's limit lets it join."""
        near: dict[int, list[float]] = {}
        for slot, far in block.before[row]:
            if slot not in block.filled and (number := int(self._owner[slot])) >= 0:
                near.setdefault(number, []).append(far)
        for other, far in block.within[row]:
            there = block.slots.get(other)
            if there is not None and self._faces[there] is block.faces[other]:
                near.setdefault(int(self._owner[there]), []).append(far)
        found = {}
        for number, apart in near.items():
            group = self._groups[number]
            distance = _mean_of_nearest(apart, len(group.slots), LIMIT + BEYOND)
            if distance <= group.limit:
                found[number] = distance
        return found

    def _settled(self, photo: Sequence[Seen], far: Sequence[dict[int, float]]) -> Iterator[tuple[Seen, int]]:
        """Give each face of one photo a group of its own, the nearest pair first; what is left begins one."""
        asset = photo[0].asset
        pairs = [
            (round(distance, 6), number, face.id, place)
            for place, face in enumerate(photo)
            for number, distance in far[place].items()
            if asset not in self._groups[number].assets
        ]
        settled: dict[int, int] = {}
        for _, number, _, place in sorted(pairs):
            if place not in settled and number not in settled.values():
                settled[place] = number
        for place, face in enumerate(photo):
            yield face, settled[place] if place in settled else self._begin(self._name())

    def _begin(self, group: str) -> int:
        self._numbers[group] = len(self._groups)
        self._groups.append(_Group(group, [], set()))
        return self._numbers[group]

    def _offer(self, number: int, face: Seen) -> int | None:
        """Remember `face` if it is one of the best of its group; return where."""
        slots = self._groups[number].slots
        if len(slots) >= EXEMPLARS:
            worst = max(slots, key=self._rank)
            if self._rank(worst) <= (-face.quality, face.id):
                return None
            slots.remove(worst)
            self._free.append(worst)
        return self._remember(number, face)

    def _rank(self, slot: int) -> tuple[float, str]:
        face = self._faces[slot]
        return (-face.quality, face.id) if face else (1.0, "")

    def _remember(self, number: int, face: Seen) -> int:
        if self._free:
            slot = self._free.pop()
        else:
            slot = len(self._faces)
            self._faces.append(None)
            if slot == len(self._prints):
                self._prints = np.concatenate([self._prints, np.zeros_like(self._prints)])
                self._owner = np.concatenate([self._owner, np.full_like(self._owner, -1)])
        self._prints[slot], self._owner[slot], self._faces[slot] = np.frombuffer(face.print, "<f4"), number, face
        self._groups[number].slots.append(slot)
        return slot


def _near_within(rows: Prints) -> list[list[tuple[int, float]]]:
    """For each row the others that are not far, and how far they are."""
    alike = rows @ rows.T
    np.fill_diagonal(alike, -1)
    found: list[list[tuple[int, float]]] = [[] for _ in rows]
    which, where = np.nonzero(alike >= alike_at(LIMIT + BEYOND))
    for row, other, far in zip(which.tolist(), where.tolist(), distances(alike[which, where]).tolist(), strict=True):
        found[row].append((other, far))
    return found


def _photos(faces: Sequence[Seen]) -> Iterator[list[Seen]]:
    """The faces of each photo, the photos in the order in which their first faces came."""
    by_asset: dict[int, list[Seen]] = {}
    for face in faces:
        by_asset.setdefault(face.asset, []).append(face)
    yield from (sorted(photo, key=lambda face: face.id) for photo in by_asset.values())


def _blocks(faces: Sequence[Seen]) -> Iterator[list[Seen]]:
    """At most BLOCK faces at a time, more only when one photo holds more; a photo's faces stay together."""
    block: list[Seen] = []
    for photo in _photos(faces):
        if block and len(block) + len(photo) > BLOCK:
            yield block
            block = []
        block += photo
    if block:
        yield block


def _mean_of_nearest(apart: list[float], known: int, beyond: float) -> float:
    """The mean of the NEAREST smallest; what is missing among `known` exemplars counts as just beyond."""
    nearest = sorted(apart)[:NEAREST]
    needed = min(NEAREST, known)
    return (sum(nearest) + (needed - len(nearest)) * beyond) / needed
