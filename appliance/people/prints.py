"""What a face looks like, as numbers: unit vectors of 128 float32, whose distance says how little alike two faces are.

Two pictures of one person lie around 0.27 apart, two people around 0.6; sisters and small children come much closer.
"""

from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

Prints = npt.NDArray[np.float32]
Distances = npt.NDArray[np.floating]
Numbers = npt.NDArray[np.intp]

DIMENSIONS = 128
NEAREST = 3  # so many pictures of somebody have to agree, when there are so many


class Seen(Protocol):
    """What is compared of a face. `asset` is the photo that it is in, `quality` from 0 to 1, `print` a unit vector as DIMENSIONS
    little-endian float32."""

    @property
    def id(self) -> str: ...

    @property
    def asset(self) -> int: ...

    @property
    def quality(self) -> float: ...

    @property
    def print(self) -> bytes: ...


def stacked(faces: Sequence[Seen]) -> Prints:
    """Return the prints of `faces` as rows."""
    return np.frombuffer(b"".join(face.print for face in faces), "<f4").reshape(len(faces), DIMENSIONS)


def best_first(faces: Iterable[Seen]) -> list[Seen]:
    """Sort by quality; equal ones by their ids, so that the order is never that in which they came."""
    return sorted(faces, key=lambda face: (-face.quality, face.id))


def distances(alike: Distances) -> Distances:
    """Turn cosines of unit vectors into their distances."""
    far: Distances = np.sqrt(np.maximum(2 - 2 * alike, 0))
    return far


def alike_at(distance: float) -> float:
    """The cosine of two unit vectors that lie `distance` apart."""
    return 1 - distance * distance / 2


def apart(faces: Sequence[Seen]) -> list[float]:
    """Return for each face how far it lies from the NEAREST others of these, on average: an outlier lies far. Alone: 0."""
    if len(faces) < 2:
        return [0.0] * len(faces)
    rows = stacked(faces)
    nearest = min(NEAREST, len(faces) - 1)
    found: list[float] = []
    for start in range(0, len(rows), 512):
        far = distances(rows[start : start + 512] @ rows.T)
        far[np.arange(len(far)), np.arange(start, start + len(far))] = np.inf
        found += np.sort(np.partition(far, nearest - 1, axis=1)[:, :nearest], axis=1).mean(axis=1).tolist()
    return found
