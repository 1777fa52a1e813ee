"""Made-up faces whose distances are spread as those of real ones: no picture, no person behind them.

Real ones (design/findings.md; dlib's ResNet, unit vectors): two pictures of one person about 0.27 apart, two people about 0.6; of
pairs of two people 0.6 % are closer than 0.43 and 0.01 % closer than 0.33, where 79 % of the pairs of one person are. Sisters are
closer than 0.34 in a third of their pairs. `tests/people/test_made_prints.py` holds the made-up ones to that.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

DIMENSIONS = 128
FAMILY = 8
FRIENDS = 80
SISTERS = ((0, 1), (2, 3))
BETWEEN = 0.39  # how far people lie from the middle of all
SISTERS_APART = 0.22
WITHIN = 0.197  # how far pictures lie from their person


@dataclass(frozen=True, slots=True)
class Made:
    """A face as grouping and recognition see it, and who it is."""

    id: str
    asset: int
    quality: float
    print: bytes
    who: int


def _spread(generator: np.random.Generator, steepness: float) -> npt.NDArray[np.float64]:
    """A square root of a covariance of trace 1 whose axes matter less and less; `steepness`: how many matter, halved."""
    axes, _ = np.linalg.qr(generator.standard_normal((DIMENSIONS, DIMENSIONS)))
    weights = np.exp(-np.arange(DIMENSIONS) / steepness)
    root: npt.NDArray[np.float64] = axes * np.sqrt(weights / weights.sum())
    return root


def people(generator: np.random.Generator, count: int) -> npt.NDArray[np.float64]:
    """Return `count` middles of people; the first ones are a family with two pairs of sisters."""
    middle = generator.standard_normal(DIMENSIONS)
    middle *= np.sqrt(1 - BETWEEN**2) / np.linalg.norm(middle)
    middles = middle + BETWEEN * generator.standard_normal((count, DIMENSIONS)) @ _spread(generator, 8).T
    for one, other in SISTERS:
        if other < count:
            between, way = (middles[one] + middles[other]) / 2, middles[one] - middles[other]
            way *= SISTERS_APART / 2 / np.linalg.norm(way)
            middles[one], middles[other] = between + way, between - way
    return middles


def pictures(
    generator: np.random.Generator, middles: npt.NDArray[np.float64], who: npt.NDArray[np.intp]
) -> npt.NDArray[np.float32]:
    """Return one unit vector for each entry of `who`, a row of `middles`; some pictures are worse than others."""
    worse = np.exp(generator.normal(-0.05, 0.3, len(who)))[:, np.newaxis]
    away = WITHIN * generator.standard_normal((len(who), DIMENSIONS)) @ _spread(generator, 30).T
    rows = middles[who] + worse * away
    unit: npt.NDArray[np.float32] = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return unit


def album(count: int, seed: int = 0) -> list[Made]:
    """Return `count` faces as a family's photos hold them: half of them family, a quarter friends, the rest seen once or twice.

    Photos hold one to three faces, always of different people.
    """
    generator = np.random.default_rng(seed)
    family, friends = round(count * 0.55), round(count * 0.28)
    strangers = count - family - friends
    often = 1 / np.arange(1, FRIENDS + 1)
    who = np.concatenate(
        [
            generator.choice(FAMILY, family, p=generator.dirichlet(np.full(FAMILY, 3.0))),
            FAMILY + generator.choice(FRIENDS, friends, p=often / often.sum()),
            FAMILY + FRIENDS + np.sort(generator.integers(0, max(1, round(strangers / 1.3)), strangers)),
        ]
    )
    rows = pictures(generator, people(generator, int(who.max()) + 1), who)
    order = generator.permutation(count)
    return _in_photos(generator, rows[order], who[order])


def _in_photos(generator: np.random.Generator, rows: npt.NDArray[np.float32], who: npt.NDArray[np.intp]) -> list[Made]:
    made: list[Made] = []
    asset, here, room = 0, set[int](), 1
    for number, (row, person) in enumerate(zip(rows, who.tolist(), strict=True)):
        if len(here) == room or person in here:
            asset, here, room = asset + 1, set(), int(generator.integers(1, 4))
        here.add(person)
        made.append(Made(f"{number:08x}", asset, round(float(generator.uniform(0.3, 1.0)), 3), row.astype("<f4").tobytes(), person))
    return made


def bcubed(truth: Sequence[int], found: Sequence[str]) -> tuple[float, float]:
    """Return BCubed precision and recall: how pure a face's group is, and how much of its person is in it, on average."""
    _, one = np.unique(np.asarray(truth), return_inverse=True)
    _, other = np.unique(np.asarray(found), return_inverse=True)
    pairs, together = np.unique(np.stack([one, other]), axis=1, return_counts=True)
    squares = together.astype(float) ** 2
    precision = (squares / np.bincount(other)[pairs[1]]).sum() / len(one)
    recall = (squares / np.bincount(one)[pairs[0]]).sum() / len(one)
    return float(precision), float(recall)
