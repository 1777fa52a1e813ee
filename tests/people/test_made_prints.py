"""The made-up faces are spread as real ones are: what was measured on real ones is in their module's first lines."""

import numpy as np

from tests.people.made_prints import SISTERS, album, bcubed, people, pictures


def test_distances_lie_where_those_of_real_faces_lie() -> None:
    generator = np.random.default_rng(1)
    who = np.tile(np.arange(600), 6)
    rows = pictures(generator, people(generator, 600), who)
    one, other = np.triu_indices(len(rows), 1)
    far = np.sqrt(np.maximum(2 - 2 * (rows @ rows.T)[one, other], 0))
    same = who[one] == who[other]
    assert 0.25 < np.median(far[same]) < 0.29
    assert 0.36 < np.percentile(far[same], 95) < 0.42
    assert 0.56 < np.median(far[~same]) < 0.63
    assert 0.40 < np.percentile(far[~same], 0.6) < 0.45
    assert 0.31 < np.percentile(far[~same], 0.01) < 0.36


def test_sisters_are_as_close_as_real_ones() -> None:
    generator = np.random.default_rng(2)
    middles = people(generator, 8)
    for sisters in SISTERS:
        rows = pictures(generator, middles, np.repeat(sisters, 60))
        far = np.sqrt(np.maximum(2 - 2 * rows[:60] @ rows[60:].T, 0))
        assert 0.15 < (far < 0.34).mean() < 0.65


def test_nobody_is_twice_in_a_photo_of_the_album() -> None:
    made = album(2000)
    assert len({(face.asset, face.who) for face in made}) == len({face.id for face in made}) == 2000


def test_bcubed_is_one_for_the_truth_and_falls_for_mixing_and_for_tearing() -> None:
    assert bcubed([1, 1, 2, 2], ["a", "a", "b", "b"]) == (1.0, 1.0)
    assert bcubed([1, 1, 2, 2], ["a", "a", "a", "a"]) == (0.5, 1.0)
    assert bcubed([1, 1, 2, 2], ["a", "b", "c", "d"]) == (1.0, 0.5)
