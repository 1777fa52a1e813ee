"""The outlines of the world are where the world is."""

import re
from itertools import accumulate, pairwise

import pytest

from appliance.adapters.world import SIZE, Detail, outlines, project

Ring = list[tuple[int, int]]


def rings(detail: Detail) -> list[Ring]:
    (path,) = re.findall(r' d="([^"]*)"', outlines(detail))
    found = []
    for start, steps in re.findall(r"M([^l]*)l([^z]*)z", path):
        numbers = [int(number) for number in (start + " " + steps).split()]
        found.append(list(zip(accumulate(numbers[::2]), accumulate(numbers[1::2]), strict=True)))
    return found


def inside(ring: Ring, x: float, y: float) -> bool:
    crossed = 0
    for (ax, ay), (bx, by) in zip(ring, [*ring[1:], ring[0]], strict=True):
        crossed += (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax
    return crossed % 2 == 1


def test_the_corners_and_the_middle_of_the_square() -> None:
    assert project(0, 0) == pytest.approx((SIZE / 2, SIZE / 2))
    assert project(90, -180) == pytest.approx((0, 0), abs=1)
    assert project(-90, 180) == pytest.approx((SIZE, SIZE), abs=1)


@pytest.mark.parametrize("detail", ["110m", "50m"])
def test_towns_are_on_land_and_oceans_are_not(detail: Detail) -> None:
    drawn = rings(detail)
    for town, position in {
        "Rome": (41.9, 12.7),
        "Nairobi": (-1.29, 36.82),
        "Quito": (-0.2, -78.4),
        "Alice": (-23.7, 133.9),
    }.items():
        assert any(inside(ring, *project(*position)) for ring in drawn), town
    for sea, position in {"Atlantic": (30.0, -40.0), "Pacific": (0.0, -140.0), "Indian": (-30.0, 80.0)}.items():
        assert not any(inside(ring, *project(*position)) for ring in drawn), sea


@pytest.mark.parametrize("detail", ["110m", "50m"])
def test_no_coast_crosses_the_whole_map(detail: Detail) -> None:
    """Fiji, Chukotka and Antarctica lie on both sides of the 180th meridian; only a pole is as wide as the map."""
    for ring in rings(detail):
        for (ax, ay), (bx, by) in pairwise([*ring, ring[0]]):
            assert abs(bx - ax) < SIZE / 2 or ay == by == SIZE, ring[:3]


def test_what_lies_on_both_edges_is_drawn_on_both() -> None:
    drawn = rings("50m")
    for place, position in {"Vanua Levu": (-16.6, 179.2), "Chukotka": (66.5, -175.0), "Antarctica": (-75.0, 140.0)}.items():
        assert any(inside(ring, *project(*position)) for ring in drawn), place
    assert not any(inside(ring, *project(-16.6, 90.0)) for ring in drawn), "the Indian Ocean, on Fiji's latitude"
