"""Faces for a library whose pictures show none: posted to the inbox as the worker posts them, sealed."""

import struct

from appliance.people import inbox
from appliance.people.inbox import Found, FoundFace
from appliance.store.layout import Layout
from tests.people.drawn import face_print

MODEL = "planted@1"
LEFT, RIGHT, MIDDLE = (0.08, 0.2, 0.2, 0.28), (0.62, 0.22, 0.2, 0.28), (0.4, 0.5, 0.18, 0.24)


def looks(axis: int, lean: float = 0.0) -> bytes:
    made = face_print(axis, lean)
    assert len(made) == struct.calcsize("<128f")
    return made


def plant(layout: Layout, photos: dict[int, list[tuple[tuple[float, float, float, float], bytes]]]) -> None:
    """`photos`: asset → boxes with prints."""
    for asset, faces in photos.items():
        found = tuple(FoundFace(box, 0.9, look) for box, look in faces)
        inbox.post(layout, Found(asset, MODEL, found))
