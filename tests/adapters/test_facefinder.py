"""Faces are found in a sandboxed child. Those of the tests are drawn; real photos are looked at where they are there."""

import io
import os
import re
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFile, ImageFilter

from appliance.adapters import facefinder_models
from appliance.adapters.facefinder import MODEL, FaceFinder, InstalledFaces, checked_faces
from appliance.adapters.facefinder_models import LANDMARKS, PRINTS, SHA256, face_models_folder, take_out
from appliance.adapters.facefinder_quality import judged
from appliance.adapters.models_catalogue import MANIFEST
from appliance.adapters.rgb import Rgb
from appliance.errors import DecoderFailed, ModelMissing, ModelWrong
from tests.drawn_faces import face

NOWHERE = Path("/nowhere")
AHEAD = np.array([(120, 60), (100, 60), (50, 60), (30, 60), (75, 100)], float)


@pytest.fixture(scope="module")
def finder() -> Iterator[FaceFinder]:
    made = FaceFinder(face_models_folder(NOWHERE))
    yield made
    made.close()


def rgb(image: Image.Image) -> Rgb:
    return Rgb(image.width, image.height, image.convert("RGB").tobytes())


def two_faces() -> Image.Image:
    picture = Image.new("RGB", (800, 400), "#7f93a8")
    picture.paste(face(0), (40, 50))
    picture.paste(face(2).resize((200, 200)), (500, 80))
    return picture


def test_a_face_is_found_where_it_is_and_told_as_a_unit_vector(finder: FaceFinder) -> None:
    (found,) = finder.find(rgb(face())).found
    left, top, width, height = found.box
    assert left < 0.4 and left + width > 0.6 and top < 0.45 and top + height > 0.7
    numbers = np.frombuffer(found.print, "<f4")
    assert numbers.shape == (128,) and abs(float(np.linalg.norm(numbers)) - 1) < 1e-5
    assert 0.5 < found.quality <= 1


def test_the_largest_face_comes_first(finder: FaceFinder) -> None:
    first, second = finder.find(rgb(two_faces())).found
    assert first.box.left < 0.4 < second.box.left
    assert first.box.width > second.box.width


def test_the_same_picture_gives_the_same_numbers_in_another_child_too(finder: FaceFinder) -> None:
    seen = finder.find(rgb(two_faces()))
    again = FaceFinder(face_models_folder(NOWHERE))
    try:
        assert seen == finder.find(rgb(two_faces())) == again.find(rgb(two_faces()))
    finally:
        again.close()


@pytest.mark.parametrize(
    ("picture", "why"),
    [(face().filter(ImageFilter.GaussianBlur(4)), "blurred"), (face(turned=0.6), "turned")],
    ids=["blurred", "turned"],
)
def test_a_face_that_cannot_be_told_apart_is_left_out_and_why_is_said(finder: FaceFinder, picture: Image.Image, why: str) -> None:
    seen = finder.find(rgb(picture))
    assert seen.found == () and [reason for _, reason in seen.left_out] == [why]


def test_a_small_face_is_left_out() -> None:
    noise = np.random.default_rng(1).uniform(0, 255, (150, 150))
    assert judged(side=43, score=2, points=AHEAD, grey=noise) == (0.0, "small")
    assert judged(side=44, score=2, points=AHEAD, grey=noise)[1] == ""


def test_quality_is_that_of_the_worst_side() -> None:
    noise = np.random.default_rng(1).uniform(0, 255, (150, 150))
    best, _ = judged(side=300, score=2, points=AHEAD, grey=noise)
    small, _ = judged(side=60, score=2, points=AHEAD, grey=noise)
    unsure, _ = judged(side=300, score=0.1, points=AHEAD, grey=noise)
    soft, _ = judged(side=300, score=2, points=AHEAD, grey=noise / 100)
    assert best == 1 and max(small, unsure, soft) < 0.5


@pytest.mark.parametrize("size", [(1, 1), (1, 600), (2000, 3), (1440, 1440)])
def test_any_size_without_a_face_gives_none(finder: FaceFinder, size: tuple[int, int]) -> None:
    seen = finder.find(rgb(Image.new("RGB", size, "white")))
    assert seen.found == () and seen.left_out == ()


def test_the_child_is_confined_and_nothing_of_it_is_in_this_process(finder: FaceFinder) -> None:
    finder.find(rgb(face()))
    status = Path(f"/proc/{finder.pid}/status").read_text(encoding="utf-8")
    assert re.search(r"^Seccomp:\s+2$", status, re.MULTILINE) and re.search(r"^NoNewPrivs:\s+1$", status, re.MULTILINE)
    assert not {"dlib", "face_recognition", "face_recognition_models", "facefinder_child"} & {
        name.rpartition(".")[2] for name in sys.modules
    }
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False


def test_the_child_loads_no_landmarks_but_the_five_points(tmp_path: Path) -> None:
    program = (
        "import sys; from appliance.adapters import facefinder_child as child;"
        "child.prepare({'folder': sys.argv[1]}); api = child._Library.faces.api;"
        "box = child.dlib.rectangle(50, 50, 150, 150); grey = child.np.full((200, 200, 3), 128, child.np.uint8);"
        "print(api.pose_predictor_68_point(grey, box).num_parts, api.cnn_face_detector)"
    )
    command = [sys.executable, "-c", program, str(face_models_folder(NOWHERE))]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path, env={**os.environ})
    assert done.stdout.split() == ["5", "None"]


@pytest.mark.parametrize(
    ("facts", "blobs"),
    [
        ({}, [b""]),
        ({"faces": [[[0, 0, 9], 1.0, ""]]}, [bytes(512)]),
        ({"faces": [[[0, 0, 9, 9], 1.0, "ugly"]]}, [b""]),
        ({"faces": [[[0, 0, 9, 9], 1.0, ""]]}, []),
        ({"faces": [[[0, 0, 9, 9], 1.0, ""]]}, [bytes(511)]),
        ({"faces": [[[0, 0, 9, 9], 1.0, ""]]}, [bytes(512)]),
        ({"faces": [[[0, 0, 9, 9], 1.0, ""]]}, [b"\xff" * 512]),
        ({"faces": []}, [np.eye(1, 128, dtype="<f4").tobytes()]),
    ],
)
def test_nonsense_from_the_child_is_refused(facts: dict[str, object], blobs: list[bytes]) -> None:
    with pytest.raises(DecoderFailed):
        checked_faces(facts, blobs, Rgb(10, 10, bytes(300)))


def test_a_box_that_sticks_out_is_cut_off() -> None:
    (found,) = checked_faces(
        {"faces": [[[-5, 2, 14, 8], 7.0, ""]]}, [np.eye(1, 128, dtype="<f4").tobytes()], Rgb(10, 10, bytes(300))
    ).found
    assert found.box == pytest.approx((0.0, 0.2, 1.0, 0.6)) and found.quality == 1.0


def test_a_processor_that_cannot_run_dlib_costs_a_child_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "dlib.py").write_text("import os, signal\nos.kill(os.getpid(), signal.SIGILL)\n", encoding="ascii")
    monkeypatch.syspath_prepend(tmp_path)
    installed = InstalledFaces(NOWHERE)
    assert installed.version() == MODEL
    with pytest.raises(ModelWrong, match=r"dlib does not run here .*signal 4"):
        installed.get()
    assert installed.version() == ""


def test_without_the_files_there_is_no_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    assert InstalledFaces(tmp_path).version() == ""
    with pytest.raises(ModelMissing):
        InstalledFaces(tmp_path).get()


def test_a_changed_file_is_not_loaded(tmp_path: Path) -> None:
    take_out(archive(tmp_path), tmp_path / "faces")
    with (tmp_path / "faces" / PRINTS).open("r+b") as stream:
        stream.write(b"?")
    with pytest.raises(ModelWrong, match="damaged"):
        InstalledFaces(tmp_path).get()


def archive(tmp_path: Path, **changed: bytes) -> Path:
    """An archive as the package's, with a stand-in for the landmark model that may not be used."""
    here = face_models_folder(NOWHERE)
    files = {name: (here / name).read_bytes() for name in SHA256}
    files |= {"shape_predictor_68_face_landmarks.dat": b"sixty-eight", "setup.py": b"raise SystemExit"} | changed
    with tarfile.open(tmp_path / "models.tar.gz", "w:gz", compresslevel=1) as packed:
        for name, content in files.items():
            member = tarfile.TarInfo(f"face_recognition_models-0.3.0/face_recognition_models/models/{name}")
            member.size = len(content)
            packed.addfile(member, io.BytesIO(content))
    return tmp_path / "models.tar.gz"


def test_of_the_archive_two_files_are_taken_and_no_other(tmp_path: Path) -> None:
    folder = tmp_path / "models" / "faces"
    take_out(archive(tmp_path), folder)
    take_out(archive(tmp_path), folder)
    assert sorted(file.name for file in folder.iterdir()) == sorted([PRINTS, LANDMARKS, MANIFEST])
    assert [file.name for file in folder.parent.iterdir()] == ["faces"]
    assert facefinder_models.checked_folder(folder.parent) == folder


def test_an_archive_with_another_file_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    with pytest.raises(ModelWrong, match="not the known one"):
        take_out(archive(tmp_path, **{LANDMARKS: b"other"}), tmp_path / "models" / "faces")
    assert list((tmp_path / "models").iterdir()) == []


def test_the_landmark_model_that_may_not_be_used_is_nowhere() -> None:
    names = [name for _, _, files in os.walk(sys.prefix) for name in files if "68" in name and name.endswith(".dat")]
    assert names == []
    assert not (face_models_folder(NOWHERE) / "shape_predictor_68_face_landmarks.dat").exists()
