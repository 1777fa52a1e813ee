"""Who each face may be, kept up to date: after a change only what it touches is compared again, and the answers are those that
`Anchors.suggest` would give for all faces anew (a test holds the two together)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

import numpy as np

from appliance.people.prints import DIMENSIONS, Prints, stacked
from appliance.people.recognition import Anchors, Asked, Suggestion


class Comparing:
    """Faces that are nobody's, beside `anchors`. `found`: {id of a face: who it may be}."""

    def __init__(self, anchors: Anchors) -> None:
        self._anchors = anchors
        self.found: dict[str, Suggestion] = {}
        self._prints: Prints = np.zeros((1024, DIMENSIONS), np.float32)
        self._taken: Prints = np.full(1024, np.nan, np.float32)
        self._asked: list[Asked | None] = []  # by slot, as the rows of the two
        self._free: list[int] = []
        self._slots: dict[str, int] = {}
        self._photos: defaultdict[int, set[str]] = defaultdict(set)
        self._near: defaultdict[str, dict[str, float]] = defaultdict(dict)  # face → person → how far
        self._close: defaultdict[str, set[str]] = defaultdict(set)  # person → the faces that are near

    def update(self, asked: Sequence[Asked], gone: Iterable[str], persons: Collection[str], photos: Iterable[int]) -> None:
        """`asked` are new or changed, `gone` are asked about no more; `persons` were kept otherwise; in `photos` (assets) somebody
        was confirmed or is no more."""
        for face in [*gone, *(one.face.id for one in asked)]:
            self._leave(face)
        slots = self._enter(asked)
        unsettled = {*photos, *(one.face.asset for one in asked)}
        for person in persons:
            unsettled |= self._compare_all(person)
        for person in self._anchors.persons() - set(persons):
            self._compare(person, slots)
        for asset in unsettled:
            self._settle(asset)

    def _leave(self, face: str) -> None:
        slot = self._slots.pop(face, None)
        one = self._asked[slot] if slot is not None else None
        if slot is None or one is None:
            return
        self._asked[slot], self._prints[slot], self._taken[slot] = None, 0, np.nan  # a row of zeros is near nobody
        self._free.append(slot)
        self._photos[one.face.asset].discard(face)
        if not self._photos[one.face.asset]:
            del self._photos[one.face.asset]
        for person in self._near.pop(face, ()):
            self._close[person].discard(face)
        self.found.pop(face, None)

    def _enter(self, asked: Sequence[Asked]) -> list[int]:
        """Return where each lies from now on."""
        slots = [self._free.pop() for _ in range(min(len(self._free), len(asked)))]
        more = len(asked) - len(slots)
        slots += range(len(self._asked), len(self._asked) + more)
        self._asked += [None] * more
        while len(self._prints) < len(self._asked):
            self._prints = np.concatenate([self._prints, np.zeros_like(self._prints)])
            self._taken = np.concatenate([self._taken, np.full_like(self._taken, np.nan)])
        if asked:
            self._prints[slots] = stacked([one.face for one in asked])
            self._taken[slots] = [np.nan if one.taken is None else one.taken for one in asked]
        for slot, one in zip(slots, asked, strict=True):
            self._asked[slot], self._slots[one.face.id] = one, slot
            self._photos[one.face.asset].add(one.face.id)
        return slots

    def _compare(self, person: str, slots: Sequence[int]) -> None:
        """New faces with one person."""
        if slots:
            self._keep(person, slots, *self._anchors.near(person, self._prints[slots], self._taken[slots]))

    def _compare_all(self, person: str) -> set[int]:
        """All faces with one person; return the assets of those that are near, or were."""
        before = self._close.pop(person, set())
        for face in before:
            del self._near[face][person]
        count = len(self._asked)
        self._keep(person, range(count), *self._anchors.near(person, self._prints[:count], self._taken[:count]))
        faces = before | self._close[person]
        return {one.face.asset for one in (self._asked[self._slots[face]] for face in faces) if one}

    def _keep(self, person: str, slots: Sequence[int], places: Iterable[int], far: Iterable[float]) -> None:
        for place, distance in zip(places, far, strict=True):
            if one := self._asked[slots[place]]:
                self._near[one.face.id][person] = distance
                self._close[person].add(one.face.id)

    def _settle(self, asset: int) -> None:
        photo = [one for one in (self._asked[self._slots[face]] for face in self._photos.get(asset, ())) if one]
        for one in photo:
            self.found.pop(one.face.id, None)
        near = [self._near.get(one.face.id, {}) for one in photo]
        if any(near):
            self.found |= self._anchors.settled(photo, near)
