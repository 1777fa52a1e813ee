"""Who a face may be: questions for people to answer, drawn from the faces that people have confirmed. Nothing is decided here.

A person is near by the mean distance of the three confirmed faces that are most like the one that is asked about. Of each time of
life a person keeps the best confirmed faces; when the birthday is known, only those of about the age at which the photo shows them
are compared. A child has to be more like; of two persons who are about as near neither is sure; nobody is twice in a photo.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

import numpy as np

from appliance.people.prints import NEAREST, Distances, Numbers, Prints, Seen, alike_at, best_first, distances, stacked

PROPOSE = 0.32
MAYBE = 0.36
CHILD_LESS = 0.04  # of both, for a child
MARGIN = 0.03
GROWN = 14.0  # years
EACH_TIME = 48  # confirmed faces that are compared of one time of life
AGES = (1.0, 2.0, 4.0, 7.0, 11.0, 15.0, 20.0, 30.0, 45.0, 60.0)  # where one time of life ends and the next begins
YEARS = 5.0  # the same for somebody whose birthday nobody knows, by the year of the photo
BLOCK = 1024
ROUNDING = 1e-4  # more than float32 can be wrong by in a cosine


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A face of which people said whose it is, and when it was taken: a year with its fraction, None when nobody knows."""

    face: Seen
    taken: float | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A face to ask about. `refused`: the persons that somebody said it is not."""

    face: Seen
    taken: float | None
    refused: Iterable[str] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """“Is this …?” Not `sure`: only perhaps. `rival` is somebody who is about as near, "" when nobody is."""

    face: str
    person: str
    distance: float
    sure: bool
    rival: str = ""


@dataclass(frozen=True, slots=True)
class _Anchor:
    """What is compared of one person; `quick` are `rows` in float32. `taken` and `born` are years, NaN and None when unknown."""

    rows: Distances
    quick: Prints
    taken: Prints
    assets: frozenset[int]
    born: float | None
    child: bool


class Anchors:
    """Every person who may be suggested. What is suggested depends on the confirmed faces alone, not on their order."""

    def __init__(self) -> None:
        self._persons: dict[str, _Anchor] = {}

    def keep(self, person: str, confirmed: Sequence[Confirmed], *, born: float | None = None, child: bool = False) -> bool:
        """From now on these are all the faces that are known to be `person`. Without any, the person is suggested no more.

        Return whether other faces may now be nearer or farther than before; if not, only the photos of `confirmed` are others.
        """
        assets = frozenset(one.face.asset for one in confirmed)
        chosen = _prototypes([one for one in confirmed if one.face.print], born)
        before = self._persons.pop(person, None)
        if not chosen:
            return before is not None
        taken = np.array([np.nan if one.taken is None else one.taken for one in chosen], np.float32)
        quick = stacked([one.face for one in chosen])
        rows = quick.astype(np.float64)  # so that no order of additions shows in a distance
        now = self._persons[person] = _Anchor(rows, quick, taken, assets, born, child)
        return before is None or not _compares_alike(before, now)

    def persons(self) -> Set[str]:
        """Return those who may be suggested."""
        return self._persons.keys()

    def suggest(self, asked: Sequence[Asked]) -> dict[str, Suggestion]:
        """Return {id of a face: who it may be} for those that may be somebody.

        Give all faces of a photo that are nobody's yet in one call: of two that are like the same person the nearer one is
        suggested, the other may be somebody else. Nobody is suggested who has a confirmed face in the photo.
        """
        found: dict[str, Suggestion] = {}
        photos: dict[int, list[Asked]] = {}
        for one in asked:
            photos.setdefault(one.face.asset, []).append(one)
        ordered = [one for photo in photos.values() for one in photo]
        near = self._all_near(ordered)
        place = 0
        for photo in photos.values():
            found |= self.settled(photo, near[place : place + len(photo)])
            place += len(photo)
        return found

    def _all_near(self, asked: Sequence[Asked]) -> list[dict[str, float]]:
        """How far each face is from each person who is near enough to be spoken of."""
        taken = np.array([np.nan if one.taken is None else one.taken for one in asked], np.float32)
        rows = stacked([one.face for one in asked])
        near: list[dict[str, float]] = [{} for _ in asked]
        for person in self._persons:
            for place, distance in zip(*self.near(person, rows, taken), strict=True):
                near[place][person] = distance
        return near

    def near(self, person: str, rows: Prints, taken: Prints) -> tuple[list[int], list[float]]:
        """Return which faces (`rows`, with the years of their photos) are near enough to `person` to be spoken of, as a rival at
        least, and how far they are."""
        anchor = self._persons.get(person)
        if anchor is None:
            return [], []
        places: list[int] = []
        found: list[float] = []
        for start in range(0, len(rows), BLOCK):
            block = rows[start : start + BLOCK]
            likely = np.flatnonzero((block @ anchor.quick.T).max(axis=1) >= alike_at(MAYBE + MARGIN) - ROUNDING)
            if len(likely):
                far = _far(anchor, block[likely], taken[start + likely])
                places += (start + likely[far <= MAYBE + MARGIN]).tolist()
                found += [round(distance, 6) for distance in far[far <= MAYBE + MARGIN].tolist()]
        return places, found

    def settled(self, photo: Sequence[Asked], near: Sequence[Mapping[str, float]]) -> dict[str, Suggestion]:
        """Who the faces of one photo may be; `near` as from the method `near`. Nobody twice: the nearest pair comes first."""
        near = [self._allowed(one, persons) for one, persons in zip(photo, near, strict=True)]
        pairs = [
            (distance, one.face.id, person, place)
            for place, one in enumerate(photo)
            for person, distance in near[place].items()
            if distance <= self._limits(person, one.taken)[1]
        ]
        found: dict[str, Suggestion] = {}
        persons: set[str] = set()
        for distance, face, person, place in sorted(pairs):
            if face not in found and person not in persons:
                persons.add(person)
                others = sorted((far, who) for who, far in near[place].items() if who != person)
                rival = others[0][1] if others and others[0][0] < distance + MARGIN else ""
                sure = not rival and distance <= self._limits(person, photo[place].taken)[0]
                found[face] = Suggestion(face, person, distance, sure, rival)
        return found

    def _allowed(self, one: Asked, near: Mapping[str, float]) -> dict[str, float]:
        """Without who is in the photo already, and who somebody said it is not."""
        asset, refused = one.face.asset, one.refused
        return {who: far for who, far in near.items() if asset not in self._persons[who].assets and who not in refused}

    def _limits(self, person: str, taken: float | None) -> tuple[float, float]:
        """Up to where a person is proposed, and where perhaps; less for one who is a child, or was one in this photo."""
        anchor = self._persons[person]
        was_child = anchor.born is not None and taken is not None and taken - anchor.born < GROWN
        less = CHILD_LESS if anchor.child or was_child else 0.0
        return PROPOSE - less, MAYBE - less


def _compares_alike(one: _Anchor, other: _Anchor) -> bool:
    same = (one.born, one.child) == (other.born, other.child) and np.array_equal(one.quick, other.quick)
    return same and np.array_equal(one.taken, other.taken, equal_nan=True)


def _far(anchor: _Anchor, rows: Prints, taken: Prints) -> Distances:
    """The mean distance of each row from the NEAREST of one person's faces of about its age; infinite before the birth."""
    far = distances(rows.astype(np.float64) @ anchor.rows.T)
    if anchor.born is not None:
        ages, own = taken[:, np.newaxis] - anchor.born, anchor.taken[np.newaxis, :] - anchor.born
        fitting = np.abs(ages - own) <= 1 + np.minimum(ages, own) / 4
        known = fitting.any(axis=1)
        far[known] = np.where(fitting, far, np.inf)[known]
    nearest = min(NEAREST, far.shape[1])
    best = np.partition(far, nearest - 1, axis=1)[:, :nearest]
    there = np.isfinite(best)
    mean: Distances = np.where(there, best, 0).sum(axis=1) / there.sum(axis=1)
    if anchor.born is not None:
        mean[taken < anchor.born] = np.inf
    return mean


def _prototypes(confirmed: Sequence[Confirmed], born: float | None) -> list[Confirmed]:
    """The best EACH_TIME of each time of life."""
    times: dict[int | None, dict[str, Confirmed]] = {}
    for one in confirmed:
        times.setdefault(_time(one.taken, born), {})[one.face.id] = one
    best = [(of_time, best_first(one.face for one in of_time.values())[:EACH_TIME]) for of_time in times.values()]
    return [of_time[face.id] for of_time, faces in best for face in faces]


def _time(taken: float | None, born: float | None) -> int | None:
    if taken is None:
        return None
    if born is None:
        return int(taken // YEARS)
    ages: Numbers = np.searchsorted(AGES, [taken - born], side="right")
    return int(ages[0])
