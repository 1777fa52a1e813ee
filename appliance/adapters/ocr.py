"""The owner of RapidOCR: runs inside a sandboxed child, which has loaded its models before it loses the right to open files.

The parent's side is `text_reader.py`: importing this file costs a second and 200 MB.
"""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt
import rapidocr

from appliance.adapters.sandbox import Reply

Pixels: TypeAlias = npt.NDArray[np.uint8]
Find: TypeAlias = tuple[str, list[float], float]  # words; x and y of four corners, clockwise from their top left; how sure

MODELS = Path(rapidocr.__file__).parent / "models"
DETECTOR_SIDE = 960
LARGEST_ENLARGEMENT = 2.0
LEAST_CONFIDENCE = 0.7
MOST_FINDS = 400
LONGEST_FIND = 500
DOUBTFUL = 0.9  # a page that lies on its head is read too, at 0.75 to 0.89 on average; one that stands upright at 0.97
DOUBTFUL_FROM = 8  # letters: fewer that are unsure are leaves and bricks rather than words
# Both models are named by path: with a language instead, RapidOCR would try to download what it lacks.
PARAMETERS = {
    "Global.log_level": "critical",
    "Global.use_cls": False,
    "Global.text_score": 0.0,  # what is unsure is told apart here: it may lie upside down
    "Det.model_path": str(MODELS / "PP-OCRv6_det_small.onnx"),
    "Det.limit_type": "max",
    "Det.limit_side_len": DETECTOR_SIDE,
    "Rec.model_path": str(MODELS / "PP-OCRv6_rec_small.onnx"),
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
}


class _Engine:
    """The one engine of this process; made by `prepare`."""

    reader: rapidocr.RapidOCR


def prepare(options: Mapping[str, Any]) -> None:
    """Load both models and use them once, so that nothing is left to open afterwards."""
    cv2.setNumThreads(1)
    _Engine.reader = rapidocr.RapidOCR(params=PARAMETERS)
    page = np.full((96, 320, 3), 255, np.uint8)
    cv2.putText(page, "Mantel", (20, 64), cv2.FONT_HERSHEY_SIMPLEX, 1.6, (0, 0, 0), 3)
    _finds(page)


def read(arguments: Mapping[str, Any], files: list[int]) -> Reply:
    """Given width and height, and RGB pixels in the first file, return the finds as [words, corners in pixels, how sure]."""
    width, height = int(arguments["width"]), int(arguments["height"])
    with os.fdopen(os.dup(files[0]), "rb") as stream:
        pixels = np.frombuffer(stream.read(width * height * 3), np.uint8).reshape(height, width, 3)
    return Reply(facts={"finds": _sure(_either_way_up(np.ascontiguousarray(pixels[:, :, ::-1])))[:MOST_FINDS]})


def _either_way_up(bgr: Pixels) -> list[Find]:
    """Read; and when that leaves doubts, read it upside down too and take what was read better.

    A page that lies on its side needs no more: the reader turns tall finds a quarter, one of the two ways is right.
    """
    finds = _finds(bgr)
    letters = sum(len(words) for words, _, _ in finds)
    if letters < DOUBTFUL_FROM or sum(len(words) * sure for words, _, sure in finds) >= DOUBTFUL * letters:
        return finds
    height, width = bgr.shape[:2]
    turned = _finds(np.ascontiguousarray(bgr[::-1, ::-1]))
    if _gain(turned) <= _gain(finds):
        return finds
    ends = (width, height) * 4
    return [(words, [end - at for at, end in zip(corners, ends, strict=True)], sure) for words, corners, sure in turned]


def _finds(bgr: Pixels) -> list[Find]:
    """Read; a picture smaller than the detector's is enlarged before, or its smallest words would be overlooked."""
    larger = min(max(DETECTOR_SIDE / max(bgr.shape[:2]), 1.0), LARGEST_ENLARGEMENT)
    if larger > 1:
        bgr = cv2.resize(bgr, None, fx=larger, fy=larger, interpolation=cv2.INTER_CUBIC).astype(np.uint8)
    found = _Engine.reader(bgr)
    if found.txts is None or found.boxes is None or found.scores is None:
        return []
    return [
        (words.strip()[:LONGEST_FIND], _corners(box / larger), float(sure))
        for words, box, sure in zip(found.txts, found.boxes, found.scores, strict=True)
        if words.strip()
    ]


def _corners(box: npt.NDArray[np.float32]) -> list[float]:
    """The corners of a find from the top left of its words on; RapidOCR reads tall ones (1.5 times their width) down."""
    sides = np.linalg.norm(box - np.roll(box, -1, axis=0), axis=1)
    across, down = int(max(sides[0], sides[2])), int(max(sides[1], sides[3]))
    upright = np.roll(box, -1, axis=0) if across and down / across >= 1.5 else box
    return [float(value) for value in upright.reshape(-1)]


def _sure(finds: list[Find]) -> list[Find]:
    return [find for find in finds if find[2] >= LEAST_CONFIDENCE]


def _gain(finds: list[Find]) -> float:
    """How much was read: letters, by how far above chance they are."""
    return sum(len(words) * max(sure - 0.5, 0.0) for words, _, sure in finds)


OPERATIONS: dict[str, Callable[[Mapping[str, Any], list[int]], Reply]] = {"read": read}
