"""Suggestions: near enough, by a margin, of about the right age, nobody twice in a photo; and never a decision."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.people.recognition import PROPOSE, Anchors, Asked, Confirmed
from tests.people.made_prints import FAMILY, Made, album
from tests.people.test_grouping import at


def confirmed(faces: Sequence[Made], taken: float | None = None) -> list[Confirmed]:
    return [Confirmed(face, taken) for face in faces]


def asked(face: Made, taken: float | None = None, refused: Sequence[str] = ()) -> Asked:
    return Asked(face, taken, refused)


def mia(angle: float = 0.0, *, born: float | None = None, child: bool = False, taken: float | None = None) -> Anchors:
    anchors = Anchors()
    anchors.keep("mia", confirmed([at(angle, number=n) for n in range(3)], taken), born=born, child=child)
    return anchors


@pytest.mark.parametrize(("angle", "sure"), [(0.1, True), (0.31, True), (0.34, False), (0.4, None)])
def test_who_is_near_is_proposed_who_is_less_near_is_asked_about_and_others_are_not(angle: float, sure: bool | None) -> None:
    found = mia().suggest([asked(at(angle, number=50))])
    assert [one.sure for one in found.values()] == ([] if sure is None else [sure])


def test_one_picture_that_happens_to_be_like_somebody_does_not_outvote_the_others() -> None:
    anchors = Anchors()
    anchors.keep("mia", confirmed([at(0.0, number=1), at(0.6, number=2), at(0.62, number=3)]))
    assert anchors.suggest([asked(at(0.0, number=50))]) == {}


@pytest.mark.parametrize(
    ("angle", "child", "sure"), [(0.27, True, True), (0.30, True, False), (0.34, True, None), (0.30, False, True)]
)
def test_a_child_has_to_be_more_like(angle: float, child: bool, sure: bool | None) -> None:
    found = mia(child=child).suggest([asked(at(angle, number=50))])
    assert [one.sure for one in found.values()] == ([] if sure is None else [sure])


def test_who_was_a_child_in_the_photo_has_to_be_more_like() -> None:
    anchors = mia(born=1990.0, taken=1998.0)
    assert not anchors.suggest([asked(at(0.30, number=50), taken=1998.5)])["0050"].sure
    assert anchors.suggest([asked(at(0.30, number=50), taken=2020.0)])["0050"].sure


def test_nobody_is_suggested_in_a_photo_from_before_their_birth() -> None:
    assert mia(born=2015.5, taken=2018.0).suggest([asked(at(0.0, number=50), taken=2014.0)]) == {}


def test_a_face_is_compared_with_those_of_about_its_age() -> None:
    anchors = Anchors()
    small = [Confirmed(at(0.0, number=n), 2001.0 + n / 10) for n in range(3)]
    grown = [Confirmed(at(0.6, number=10 + n), 2021.0 + n / 10) for n in range(3)]
    anchors.keep("mia", small + grown, born=2000.0)
    like_the_small_one = at(0.0, number=50)
    assert "0050" in anchors.suggest([asked(like_the_small_one, taken=2001.5)])
    assert "0050" not in anchors.suggest([asked(like_the_small_one, taken=2021.5)])
    assert "0050" in anchors.suggest([asked(like_the_small_one, taken=2010.0)])  # nothing is known of that age
    assert "0050" in anchors.suggest([asked(like_the_small_one)])


def test_of_many_pictures_each_time_of_life_keeps_its_own() -> None:
    anchors = Anchors()
    many = [Confirmed(at(0.9, number=n), 2020.0) for n in range(500)]
    few = [Confirmed(at(0.0, number=600 + n, quality=0.3), 1990.0) for n in range(3)]
    anchors.keep("olive", many + few)
    assert "9000" in anchors.suggest([asked(at(0.0, number=9000), taken=1991.0)])


def test_of_two_who_are_about_as_near_neither_is_sure() -> None:
    anchors = mia()
    anchors.keep("lena", confirmed([at(0.22, number=10 + n) for n in range(3)]))
    found = anchors.suggest([asked(at(0.1, number=50))])["0050"]
    assert (found.person, found.sure, found.rival) == ("mia", False, "lena")
    clear = anchors.suggest([asked(at(-0.1, number=50))])["0050"]
    assert (clear.person, clear.sure, clear.rival) == ("mia", True, "")


def test_two_faces_of_a_photo_are_never_suggested_as_one_person() -> None:
    found = mia().suggest([asked(at(0.2, number=50, asset=9)), asked(at(0.1, number=51, asset=9))])
    assert {face: one.person for face, one in found.items()} == {"0051": "mia"}


def test_who_is_in_the_photo_already_is_not_suggested_again() -> None:
    assert mia().suggest([asked(at(0.0, number=50, asset=2))]) == {}


def test_a_no_is_remembered() -> None:
    assert mia().suggest([asked(at(0.0, number=50), refused=("mia",))]) == {}


def test_without_a_confirmed_face_nobody_is_suggested() -> None:
    anchors = mia()
    anchors.keep("mia", [])
    assert anchors.suggest([asked(at(0.0, number=50))]) == {}


def test_a_box_that_a_person_drew_has_no_print_and_still_says_who_is_there() -> None:
    anchors = Anchors()
    anchors.keep("mia", confirmed([*(at(0.0, number=n) for n in range(3)), Made("drawn", 77, 1.0, b"", 0)]))
    assert anchors.suggest([asked(at(0.0, number=50, asset=77))]) == {}
    assert "0051" in anchors.suggest([asked(at(0.0, number=51, asset=78))])


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_suggestions_do_not_depend_on_any_order(seed: int) -> None:
    faces = album(300, seed)
    known, unknown = faces[:150], faces[150:]
    answers = []
    for turn in (1, -1):
        anchors = Anchors()
        for person in sorted({face.who for face in known})[::turn]:
            anchors.keep(str(person), confirmed([face for face in known if face.who == person][::turn], 2020.0))
        answers.append(anchors.suggest([asked(face, 2021.0) for face in unknown[::turn]]))
    assert answers[0] == answers[1]


@pytest.mark.parametrize("seed", [7, 8])
def test_what_is_proposed_is_right_for_a_family_with_sisters(seed: int) -> None:
    faces = album(6000, seed)
    known: dict[int, list[Made]] = {}
    for face in faces:
        known.setdefault(face.who, []).append(face)
    anchors = Anchors()
    for person in range(FAMILY):
        anchors.keep(str(person), confirmed(known[person][:8]))
    shown = {face.id for person in range(FAMILY) for face in known[person][:8]}
    found = anchors.suggest([asked(face) for face in faces if face.id not in shown])
    who = {face.id: str(face.who) for face in faces}
    sure = [one for one in found.values() if one.sure]
    right = np.mean([who[one.face] == one.person for one in sure])
    assert right >= 0.98
    assert len(sure) >= 0.5 * sum(len(known[person]) - 8 for person in range(FAMILY))
    assert all(one.distance <= PROPOSE for one in sure)
