"""How well a face can be told from others, and which faces are left out for it. Numbers only; measured in docs/quality.md."""

import numpy as np
import numpy.typing as npt

LEAST_SIDE = 44  # pixels: smaller faces are told apart badly
LEAST_SHARPNESS = 4.0  # below, a face is farther from its own sharp picture than two people may be
LARGEST_TURN = 0.35  # of the distance between the eyes; a profile

GOOD_SIDE = 150.0
GOOD_SHARPNESS = 60.0
GOOD_SCORE = 1.0


def judged(*, side: float, score: float, points: npt.NDArray[np.float64], grey: npt.NDArray[np.float64]) -> tuple[float, str]:
    """Return the quality of a face from 0 to 1, as good as its worst side, and "small", "blurred", "turned" when it is left out.

    `side` is the detector's box in pixels and `score` how sure it is; `points` are dlib's five landmarks (two of each eye, the
    nose); `grey` is the face upright, 150 × 150 pixels.
    """
    sharp, away = sharpness(grey), turn(points)
    if side < LEAST_SIDE:
        return 0.0, "small"
    if sharp < LEAST_SHARPNESS:
        return 0.0, "blurred"
    if away > LARGEST_TURN:
        return 0.0, "turned"
    sides = (
        side / GOOD_SIDE,
        np.log(sharp / LEAST_SHARPNESS) / np.log(GOOD_SHARPNESS / LEAST_SHARPNESS),
        1 - away / LARGEST_TURN,
        (0.1 + score) / GOOD_SCORE,
    )
    return round(float(np.clip(min(sides), 0.01, 1.0)), 3), ""


def sharpness(grey: npt.NDArray[np.float64]) -> float:
    """The variance of the Laplacian of the inner face: small when its edges are soft."""
    edge = len(grey) // 5
    inner = grey[edge:-edge, edge:-edge]
    laplacian = inner[:-2, 1:-1] + inner[2:, 1:-1] + inner[1:-1, :-2] + inner[1:-1, 2:] - 4 * inner[1:-1, 1:-1]
    return float(laplacian.var())


def turn(points: npt.NDArray[np.float64]) -> float:
    """How far the nose is from the middle between the eyes, along their line, as a share of their distance: 0 seen from ahead."""
    one, other = points[0:2].mean(axis=0), points[2:4].mean(axis=0)
    line = one - other
    apart = float(line @ line)
    return abs(float((points[4] - (one + other) / 2) @ line)) / apart if apart else 1.0
