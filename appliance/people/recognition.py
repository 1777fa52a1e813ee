"""Who a face may be: questions for people to answer, drawn from the faces that people have confirmed. Nothing is decided here.

A person is near by the mean distance of the three confirmed faces that are most like the one that is asked about. Of each time of
life a person keeps the best confirmed faces; when the birthday is known, only those of about the age at which the photo shows them
are compared. A child has to be more like; of two persons who are about as near neither is sure; nobody is twice in a photo.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from appliance.people.prints import NEAREST, Distances, Numbers, Prints, Seen, best_first, distances, stacked

PROPOSE = 0.32
MAYBE = 0.36
CHILD_LESS = 0.04  # of both, for a child
MARGIN = 0.03
GROWN = 14.0  # years
EACH_TIME = 48  # confirmed faces that are compared of one time of life
AGES = (1.0, 2.0, 4.0, 7.0, 11.0, 15.0, 20.0, 30.0, 45.0, 60.0)  # where one time of life ends and the next begins
YEARS = 5.0  # the same for somebody whose birthday nobody knows, by the year of the photo
BLOCK = 1024


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
    """What is compared of one person. `taken` and `born` are years, NaN and None when unknown."""

    rows: Distances
    taken: Prints
    assets: frozenset[int]
    born: float | None
    child: bool


class Anchors:
    """Every person who may be suggested. What is suggested depends on the confirmed faces alone, not on their order."""

    def __init__(self) -> None:
        self._persons: dict[str, _Anchor] = {}

    def keep(self, person: str, confirmed: Sequence[Confirmed], *, born: float | None = None, child: bool = False) -> None:
        """From now on these are all the faces that are known to be `person`. Without any, the person is suggested no more."""
        assets = frozenset(one.face.asset for one in confirmed)
        chosen = _prototypes([one for one in confirmed if one.face.print], born)
        if not chosen:
            self._persons.pop(person, None)
            return
        taken = np.array([np.nan if one.taken is None else one.taken for one in chosen], np.float32)
        rows = stacked([one.face for one in chosen]).astype(np.float64)  # so that no order of additions shows in a distance
        self._persons[person] = _Anchor(rows, taken, assets, born, child)

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
        near: list[dict[str, float]] = []
        for start in range(0, len(ordered), BLOCK):
            near += self._near(ordered[start : start + BLOCK])
        place = 0
        for photo in photos.values():
            found |= self._settled(photo, near[place : place + len(photo)])
            place += len(photo)
        return found

    def _near(self, asked: Sequence[Asked]) -> list[dict[str, float]]:
        """How far each face is from each person who is near enough to be spoken of, as a rival at least."""
        rows = stacked([one.face for one in asked])
        taken = np.array([np.nan if one.taken is None else one.taken for one in asked], np.float32)
        near: list[dict[str, float]] = [{} for _ in asked]
        for person, anchor in self._persons.items():
            far = _far(anchor, rows, taken)
            for place in np.flatnonzero(far <= MAYBE + MARGIN).tolist():
                one = asked[place]
                if one.face.asset not in anchor.assets and person not in one.refused:
                    near[place][person] = round(float(far[place]), 6)
        return near

    def _settled(self, photo: Sequence[Asked], near: Sequence[Mapping[str, float]]) -> dict[str, Suggestion]:
        """Nobody twice: the nearest pair of face and person comes first."""
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

    def _limits(self, person: str, taken: float | None) -> tuple[float, float]:
        """Up to where a person is proposed, and where perhaps; less for one who is a child, or was one in this photo."""
        anchor = self._persons[person]
        was_child = anchor.born is not None and taken is not None and taken - anchor.born < GROWN
        less = CHILD_LESS if anchor.child or was_child else 0.0
        return PROPOSE - less, MAYBE - less


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
