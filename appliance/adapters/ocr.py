"""The owner of RapidOCR: runs inside a sandboxed child, which has loaded its models before it loses the right to open files.

The parent's side is `text_reader.py`: importing this file costs a second and 200 MB.
"""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import rapidocr

from appliance.adapters.sandbox import Reply

MODELS = Path(rapidocr.__file__).parent / "models"
DETECTOR_SIDE = 960
LEAST_CONFIDENCE = 0.7
MOST_CHARACTERS = 20_000
# Both models are named by path: with a language instead, RapidOCR would try to download what it lacks.
PARAMETERS = {
    "Global.log_level": "critical",
    "Global.use_cls": False,
    "Global.text_score": LEAST_CONFIDENCE,
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
    _lines(page)


def read(arguments: Mapping[str, Any], files: list[int]) -> Reply:
    """Given width and height, and RGB pixels in the first file, return the words as lines of text."""
    width, height = int(arguments["width"]), int(arguments["height"])
    with os.fdopen(os.dup(files[0]), "rb") as stream:
        pixels = np.frombuffer(stream.read(width * height * 3), np.uint8).reshape(height, width, 3)
    return Reply(facts={"text": "\n".join(_lines(pixels[:, :, ::-1]))[:MOST_CHARACTERS]})


def _lines(bgr: np.ndarray[Any, np.dtype[np.uint8]]) -> list[str]:
    found = _Engine.reader(np.ascontiguousarray(bgr))
    return [line.strip() for line in found.txts or () if line.strip()]


OPERATIONS: dict[str, Callable[[Mapping[str, Any], list[int]], Reply]] = {"read": read}
