"""Real faces, where the shared photos are: who is alike, who is not, and that nobody is taken for somebody else."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from appliance.adapters.facefinder import LOOKED_AT, Face, FaceFinder
from appliance.adapters.facefinder_models import face_models_folder
from appliance.adapters.pixels import Decoder
from appliance.adapters.rgb import Rgb
from appliance.people.grouping import Groups
from appliance.people.recognition import MAYBE, PROPOSE, Anchors, Asked, Confirmed

FOLDER = (Path(__file__).parents[2] / "../shared/photos/library").resolve()
pytestmark = pytest.mark.skipif(not (FOLDER / "faces").is_dir(), reason="the shared photos are not here")
# From left to right; None is somebody in the background.
WHO: dict[str, tuple[str | None, ...]] = {
    "alex-lacamoire.png": ("alex",),
    "biden.jpg": ("joe",),
    "biden2.jpg": ("joe",),
    "lin-manuel-miranda.png": ("lin",),
    "obama.jpg": ("barack",),
    "obama1.jpg": ("barack",),
    "obama2.jpg": ("barack",),
    "obama_and_biden.jpg": ("joe", "barack", None),
    "two_people.jpg": ("barack", "joe"),
}


@dataclass(frozen=True)
class Known:
    id: str
    asset: int
    quality: float
    print: bytes
    who: str


@pytest.fixture(scope="module")
def faces() -> Iterator[list[Known]]:
    finder, decoder = FaceFinder(face_models_folder(Path("/nowhere"))), Decoder(1)
    known: list[Known] = []
    for asset, (name, persons) in enumerate(WHO.items()):
        found = sorted(finder.find(decoder.rgb(FOLDER / "faces" / name, LOOKED_AT)).found, key=lambda face: face.box.left)
        assert len(found) == len(persons), name
        for face, who in zip(found, persons, strict=True):
            known.append(Known(f"{len(known):02}", asset, face.quality, face.print, who or f"background {len(known)}"))
    finder.close()
    decoder.close()
    yield known


def distances(faces: list[Known]) -> tuple[list[float], list[float]]:
    """Between two pictures of one person, and between two persons."""
    same: list[float] = []
    others: list[float] = []
    for one, other in itertools.combinations(faces, 2):
        apart = float(np.linalg.norm(np.frombuffer(one.print, "<f4") - np.frombuffer(other.print, "<f4")))
        (same if one.who == other.who else others).append(apart)
    return same, others


def test_nobody_is_nearer_to_somebody_else_than_may_be_asked_about(faces: list[Known]) -> None:
    same, others = distances(faces)
    print(f"same {np.round(sorted(same), 3)}, others from {min(others):.3f}")
    assert min(others) > MAYBE
    assert np.mean(np.array(same) <= PROPOSE) >= 0.8


def test_no_group_holds_two_persons(faces: list[Known]) -> None:
    found = Groups().add(faces)
    assert all(len({face.who for face in faces if found[face.id] == group}) == 1 for group in set(found.values()))
    assert len(set(found.values())) <= len({face.who for face in faces}) + 1


def test_a_confirmed_picture_finds_the_other_ones_and_nobody_else(faces: list[Known]) -> None:
    anchors = Anchors()
    shown = {who: next(face for face in faces if face.who == who) for who in ("joe", "barack")}
    for who, face in shown.items():
        anchors.keep(who, [Confirmed(face, None)])
    asked = [face for face in faces if face not in shown.values()]
    found = anchors.suggest([Asked(face, None) for face in asked])
    right = {face.id: face.who for face in asked}
    assert all(right[one.face] == one.person for one in found.values())
    assert len(found) >= sum(face.who in shown for face in asked) - 1


def found_in(finder: FaceFinder, decoder: Decoder, file: Path) -> tuple[Face, ...]:
    rgb: Rgb = decoder.rgb(file, LOOKED_AT)
    return finder.find(rgb).found


def test_scenes_give_no_face_where_nobody_looks_this_way() -> None:
    finder, decoder = FaceFinder(face_models_folder(Path("/nowhere"))), Decoder(1)
    scenes = sorted((FOLDER / "scenes").glob("*.jpg"))
    seen = {file.name: len(found_in(finder, decoder, file)) for file in scenes}
    finder.close()
    decoder.close()
    assert {name: count for name, count in seen.items() if count} == {"000000551757.jpg": 1}
