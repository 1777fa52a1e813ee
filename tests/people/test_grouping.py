"""Groups: what is like each other comes together, nobody twice in a photo, and nothing is moved."""

import itertools
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.people import grouping
from appliance.people.grouping import Groups, new_id
from appliance.people.prints import apart
from tests.people.made_prints import Made, album, bcubed, people, pictures


def numbered() -> Groups:
    """Groups that are called 0, 1, 2… in the order in which they begin."""
    counted = itertools.count()
    return Groups(lambda: str(next(counted)))


def at(angle: float, *, number: int, asset: int | None = None, quality: float = 1.0) -> Made:
    """A face on a circle: two lie 2·sin(half their angle) apart."""
    row = np.zeros(128, "<f4")
    row[:2] = np.cos(angle), np.sin(angle)
    return Made(f"{number:04}", number if asset is None else asset, quality, row.tobytes(), 0)


@st.composite
def small_albums(draw: st.DrawFn) -> list[Made]:
    return album(draw(st.integers(5, 120)), seed=draw(st.integers(0, 10_000)))


def by_photo(faces: list[Made]) -> list[list[Made]]:
    return [list(photo) for _, photo in itertools.groupby(faces, key=lambda face: face.asset)]


def flat(photos: list[list[Made]]) -> list[Made]:
    return [face for photo in photos for face in photo]


@settings(max_examples=25, deadline=None)
@given(small_albums())
def test_two_faces_of_a_photo_are_never_in_one_group(faces: list[Made]) -> None:
    found = Groups().add(faces)
    assert max(Counter((face.asset, found[face.id]) for face in faces).values()) == 1


@settings(max_examples=25, deadline=None)
@given(small_albums())
def test_the_order_within_a_photo_does_not_matter(faces: list[Made]) -> None:
    photos = by_photo(faces)
    turned = [list(reversed(photo)) for photo in photos]
    assert numbered().add(flat(photos)) == numbered().add(flat(turned))


@settings(max_examples=15, deadline=None)
@given(small_albums())
def test_photo_by_photo_gives_what_all_at_once_gives(faces: list[Made]) -> None:
    groups = numbered()
    found: dict[str, str] = {}
    for photo in by_photo(faces):
        found |= groups.add(photo)
    assert found == numbered().add(faces)


@settings(max_examples=15, deadline=None)
@given(small_albums(), st.integers(1, 5))
def test_after_a_restart_new_faces_go_where_they_would_have_gone(faces: list[Made], later: int) -> None:
    photos = by_photo(faces)
    before, after = flat(photos[:-later]), flat(photos[-later:])
    running = numbered()
    found = running.add(before)
    started = Groups(iter([f"new {n}" for n in range(500)]).__next__)
    members: dict[str, list[Made]] = {}
    for face in before:
        members.setdefault(found[face.id], []).append(face)
    for group, kept in sorted(members.items(), key=lambda one: int(one[0])):
        started.keep(group, list(reversed(kept)))
    begun: dict[str, str] = {}
    expected = running.add(after)
    for added, group in started.add(after).items():
        assert begun.setdefault(group, expected[added]) == expected[added]
        assert group.startswith("new") or group == expected[added]


def test_more_than_one_block_gives_what_photo_by_photo_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    faces = album(700, seed=5)
    whole = numbered().add(faces)
    monkeypatch.setattr(grouping, "BLOCK", 16)
    monkeypatch.setattr(grouping, "COLUMNS", 64)
    assert numbered().add(faces) == whole


def test_the_nearer_of_two_faces_in_a_photo_joins_the_group() -> None:
    groups = numbered()
    groups.add([at(0.0, number=1)])
    assert groups.add([at(0.2, number=2, asset=7), at(0.1, number=3, asset=7)]) == {"0003": "0", "0002": "1"}


def test_a_group_that_has_a_face_of_the_photo_takes_no_second_one() -> None:
    groups = numbered()
    groups.add([at(0.0, number=1, asset=7)])
    assert groups.add([at(0.01, number=2, asset=7)]) == {"0002": "1"}


def test_a_child_s_group_wants_more_likeness() -> None:
    groups = numbered()
    groups.add([at(0.0, number=1)])
    groups.keep("0", [at(0.0, number=1)], strict=True)
    assert groups.add([at(0.30, number=2)]) == {"0002": "1"}
    groups.keep("0", [at(0.0, number=1)])
    groups.keep("1", [])
    assert groups.add([at(0.30, number=3)]) == {"0003": "0"}


def test_one_chance_likeness_among_many_pictures_is_not_enough() -> None:
    groups = numbered()
    groups.keep("kept", [at(-0.02 * number, number=number) for number in range(30)])
    assert groups.add([at(0.31, number=90)]) == {"0090": "0"}


def test_a_group_remembers_its_best_faces_whatever_came_first() -> None:
    near, far = [at(0.5, number=n, quality=0.9) for n in range(32)], [at(0.0, number=100 + n, quality=0.2) for n in range(32)]
    groups = numbered()
    groups.keep("kept", far + near)
    assert groups.add([at(-0.1, number=900)]) == {"0900": "0"}
    assert groups.add([at(0.6, number=901)]) == {"0901": "kept"}


def test_a_better_face_takes_the_place_of_a_worse_one() -> None:
    groups = numbered()
    groups.keep("kept", [at(0.0, number=n, quality=0.2) for n in range(32)])
    groups.add([replace(at(0.25, number=100 + n), quality=0.9) for n in range(32)])
    assert groups.add([at(0.5, number=900)]) == {"0900": "kept"}


def test_a_group_without_faces_takes_none() -> None:
    groups = numbered()
    groups.add([at(0.0, number=1)])
    groups.keep("0", [])
    assert groups.add([at(0.0, number=2)]) == {"0002": "1"}


def test_an_id_is_never_given_twice() -> None:
    assert len({new_id() for _ in range(1000)}) == 1000


def test_an_outlier_is_the_farthest_of_its_group() -> None:
    generator = np.random.default_rng(4)
    rows = pictures(generator, people(generator, 40), np.array([10] * 20 + [30]))
    faces = [Made(str(n), n, 1.0, row.tobytes(), 0) for n, row in enumerate(rows)]
    assert int(np.argmax(apart(faces))) == 20
    assert apart(faces[:1]) == [0.0]


@pytest.mark.parametrize("seed", [3, 4, 5])
def test_an_album_s_groups_are_pure_and_hardly_torn(seed: int) -> None:
    faces = album(6000, seed)
    found = Groups().add(faces)
    precision, recall = bcubed([face.who for face in faces], [found[face.id] for face in faces])
    assert precision >= 0.98
    assert recall >= 0.80
