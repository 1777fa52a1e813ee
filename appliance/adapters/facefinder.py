"""Finds faces in a picture and says what they look like, in a sandboxed child that runs `facefinder_child.py`."""

import os
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec
import numpy as np

from appliance.adapters import facefinder_models
from appliance.adapters.rgb import Rgb
from appliance.adapters.sandbox import Child
from appliance.errors import DecoderCrashed, DecoderFailed, ModelMissing, ModelWrong

MEMORY_MB = 600  # it uses 205
RECYCLE_AFTER = 500
SECONDS = 120.0
REST_SECONDS = 600.0  # a processor without AVX gets none until then
FLOATS = 128
LOOKED_AT = 1440  # pixels: the side of the preview, at which faces of a twentieth of it are found
MODEL = "dlib-20.0.1/resnet-v1/five-points/hog-0/1440/quality-1"
"""What made a face's box and print; another one's faces cannot be compared with these."""

Why = Literal["small", "blurred", "turned"]


class Box(NamedTuple):
    """Left, top, width and height as fractions of the picture."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Face:
    """`quality` from 0 to 1; `print` is a unit vector as FLOATS little-endian float32."""

    box: Box
    quality: float
    print: bytes


@dataclass(frozen=True, slots=True)
class Faces:
    """The faces of a picture, the largest first, and those that were left out because they cannot be told apart well."""

    found: tuple[Face, ...]
    left_out: tuple[tuple[Box, Why], ...]


class _Seen(msgspec.Struct, frozen=True, array_like=True):
    corners: tuple[int, int, int, int]
    quality: float
    left_out: Literal["", "small", "blurred", "turned"]


class FaceFinder:
    """One child with the models loaded; started when it is first needed. One caller at a time."""

    def __init__(self, folder: Path) -> None:
        """`folder` holds the two files of facefinder_models."""
        options = {"folder": str(folder)}
        module = "appliance.adapters.facefinder_child"
        self._child = Child(module, memory_mb=MEMORY_MB, recycle_after=RECYCLE_AFTER, options=options)

    @property
    def pid(self) -> int | None:
        """The child that would look at the next picture."""
        return self._child.pid

    def find(self, rgb: Rgb) -> Faces:
        """Return the faces, none when there are none; raises DecoderFailed, DecoderCrashed."""
        memory = os.memfd_create("picture", os.MFD_CLOEXEC)
        with os.fdopen(memory, "w+b") as stream:
            stream.write(rgb.pixels)
            stream.flush()
            stream.seek(0)
            reply = self._child.call("find", {"width": rgb.width, "height": rgb.height}, files=[memory], timeout=SECONDS)
        return checked_faces(reply.facts, reply.blobs, rgb)

    def close(self) -> None:
        self._child.close()


def checked_faces(facts: dict[str, object], blobs: list[bytes], rgb: Rgb) -> Faces:
    """The child has seen a stranger's picture: what it answers is checked, not believed."""
    try:
        seen = msgspec.convert(facts.get("faces"), list[_Seen])
        prints = np.frombuffer(blobs[0], "<f4").reshape(-1, FLOATS)
    except (msgspec.ValidationError, IndexError, ValueError) as error:
        raise DecoderFailed(reason="its faces were described as nonsense") from error
    told = [one for one in seen if not one.left_out]
    if len(told) != len(prints) or not np.allclose(np.linalg.norm(prints, axis=1), 1, atol=1e-3):
        raise DecoderFailed(reason="its faces were described as nonsense")
    found = (
        Face(_box(one.corners, rgb), min(max(one.quality, 0.0), 1.0), row.tobytes()) for one, row in zip(told, prints, strict=True)
    )
    left_out = ((_box(one.corners, rgb), one.left_out) for one in seen if one.left_out)
    return Faces(tuple(found), tuple(left_out))


def _box(corners: tuple[int, int, int, int], rgb: Rgb) -> Box:
    """A box inside the picture: the detector's may stick out."""
    left, right = (min(max(at, 0), rgb.width) / rgb.width for at in (corners[0], corners[2]))
    top, bottom = (min(max(at, 0), rgb.height) / rgb.height for at in (corners[1], corners[3]))
    return Box(left, top, max(right - left, 0.0), max(bottom - top, 0.0))


class InstalledFaces:
    """The finder of a home, made when it is first needed and gone again after `close`."""

    def __init__(self, models: Path) -> None:
        self._models = models
        self._lock = threading.Lock()
        self._finder: FaceFinder | None = None
        self._rests_until = 0.0

    def version(self) -> str:
        """Return MODEL when faces can be found here, '' when the files are missing or dlib has just failed to start. Cheap."""
        try:
            facefinder_models.face_models_folder(self._models)
        except ModelMissing:
            return ""
        return "" if time.monotonic() < self._rests_until else MODEL

    def get(self) -> FaceFinder:
        """Raises ModelMissing, ModelWrong; ModelWrong too when dlib does not start here: its program needs AVX."""
        with self._lock:
            if self._finder is None:
                self._finder = self._started()
            return self._finder

    def close(self) -> None:
        with self._lock:
            if self._finder is not None:
                self._finder.close()
            self._finder = None

    def _started(self) -> FaceFinder:
        """The import is tried in the child: where it fails, it takes a process down that is made for that."""
        finder = FaceFinder(facefinder_models.checked_folder(self._models))
        try:
            finder.find(Rgb(1, 1, bytes(3)))
        except DecoderCrashed as crash:
            self._rests_until = time.monotonic() + REST_SECONDS
            raise ModelWrong(model="The model of faces", reason=f"dlib does not run here ({crash.facts['reason']})") from crash
        return finder
