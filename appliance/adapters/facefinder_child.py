"""The owner of dlib and face_recognition: runs inside a sandboxed child, which has loaded its models before it is closed.

The parent's side is `facefinder.py`. Importing this file costs a second and 70 MB, kills a processor without AVX, and loading
face_recognition changes Pillow for the whole process: nothing else may import it.
"""

import importlib
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias

import dlib
import numpy as np
import numpy.typing as npt

from appliance.adapters.facefinder_models import LANDMARKS, PRINTS
from appliance.adapters.facefinder_quality import judged
from appliance.adapters.sandbox import Reply

Pixels: TypeAlias = npt.NDArray[np.uint8]

CHIP = 150  # pixels: the side of a face as the network looks at it
PADDING = 0.25
MOST_FACES = 128
GREY = np.array([0.299, 0.587, 0.114])


class _Library:
    """The one face_recognition of this process; made by `prepare`."""

    faces: Any


def prepare(options: Mapping[str, Any]) -> None:
    """Load what is in `options["folder"]` and use it once, so that nothing is left to open afterwards."""
    _Library.faces = _face_recognition(Path(options["folder"]))
    grey = np.full((200, 200, 3), 128, np.uint8)
    _detected(grey)
    _measured(grey, dlib.rectangle(50, 50, 150, 150), 0.0)
    _print(grey, (50, 150, 150, 50))


def _face_recognition(folder: Path) -> Any:
    """Import face_recognition, which asks a package `face_recognition_models` for four files and loads them all.

    That package is not installed: without it face_recognition ends the process, and one of its files may not be used here
    (docs/licences.md). So a module made here says where the two files are that Mantel has. What is called a 68-point predictor
    is the five-point one once more, and of the second detector there is none.
    """
    places = ModuleType("face_recognition_models")
    landmarks, prints = str(folder / LANDMARKS), str(folder / PRINTS)
    found: dict[str, Callable[[], str]] = {
        "pose_predictor_model_location": lambda: landmarks,
        "pose_predictor_five_point_model_location": lambda: landmarks,
        "cnn_face_detector_model_location": lambda: "",
        "face_recognition_model_location": lambda: prints,
    }
    places.__dict__.update(found)
    sys.modules["face_recognition_models"] = places
    dlib.cnn_face_detection_model_v1 = lambda _: None
    return importlib.import_module("face_recognition")


def find(arguments: Mapping[str, Any], files: list[int]) -> Reply:
    """Given width and height, and RGB pixels in the first file, return {"faces": [[box in pixels, quality, left out as], …]} and
    in one blob the print of each face that was not left out, 128 float32 each."""
    width, height = int(arguments["width"]), int(arguments["height"])
    with os.fdopen(os.dup(files[0]), "rb") as stream:
        pixels = np.frombuffer(stream.read(width * height * 3), np.uint8).reshape(height, width, 3)
    faces, prints = [], []
    for rectangle, score in _detected(pixels):
        quality, left_out = _measured(pixels, rectangle, score)
        left, top, right, bottom = rectangle.left(), rectangle.top(), rectangle.right(), rectangle.bottom()
        if not left_out:
            prints.append(_print(pixels, (top, right, bottom, left)))
        faces.append(([left, top, right, bottom], quality, left_out))
    return Reply(facts={"faces": faces}, blobs=[b"".join(prints)])


def _detected(pixels: Pixels) -> list[tuple[Any, float]]:
    """Where the detector sees faces and how sure it is, the largest first. It enlarges nothing: that costs four times as much."""
    rectangles, scores, _ = _Library.faces.api.face_detector.run(pixels, 0, 0.0)
    found = sorted(zip(rectangles, scores, strict=True), key=lambda one: (-one[0].area(), one[0].left(), one[0].top()))
    return found[:MOST_FACES]


def _measured(pixels: Pixels, rectangle: Any, score: float) -> tuple[float, str]:
    landmarks = _Library.faces.api.pose_predictor_5_point(pixels, rectangle)
    points = np.array([(point.x, point.y) for point in landmarks.parts()], float)
    chip = dlib.get_face_chip(pixels, landmarks, size=CHIP, padding=PADDING)
    return judged(side=rectangle.width(), score=score, points=points, grey=chip @ GREY)


def _print(pixels: Pixels, box: tuple[int, int, int, int]) -> bytes:
    """The network's 128 numbers as a unit vector: distances between those tell people apart better than between raw ones."""
    (numbers,) = _Library.faces.face_encodings(pixels, [box], num_jitters=1, model="small")
    unit: bytes = (numbers / np.linalg.norm(numbers)).astype("<f4").tobytes()
    return unit


OPERATIONS: dict[str, Callable[[Mapping[str, Any], list[int]], Reply]] = {"find": find}
