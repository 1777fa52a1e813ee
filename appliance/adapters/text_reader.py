"""Reads the words in a picture, in a sandboxed child that runs `ocr.py`."""

import os
from typing import Any

import msgspec

from appliance.adapters.rgb import Rgb
from appliance.adapters.sandbox import Child
from appliance.adapters.text_lines import Corners, Piece, Text, text_of
from appliance.errors import DecoderFailed

MEMORY_MB = 2500
RECYCLE_AFTER = 200  # its memory grows with the variety of sizes it has seen
SECONDS = 120.0


class TextReader:
    """One child with the models loaded; started when it is first needed. One caller at a time."""

    MODEL = "rapidocr-3.10/ppocrv6-small/960/0.7/lines-2"

    def __init__(self, memory_mb: int = MEMORY_MB) -> None:
        self._child = Child("appliance.adapters.ocr", memory_mb=memory_mb, recycle_after=RECYCLE_AFTER)

    def read(self, rgb: Rgb) -> Text:
        """Return the words with their places, none when there are none; raises DecoderFailed, DecoderCrashed."""
        memory = os.memfd_create("picture", os.MFD_CLOEXEC)
        with os.fdopen(memory, "w+b") as stream:
            stream.write(rgb.pixels)
            stream.flush()
            stream.seek(0)
            reply = self._child.call("read", {"width": rgb.width, "height": rgb.height}, files=[memory], timeout=SECONDS)
        return text_of(_pieces(reply.facts), rgb.width, rgb.height)

    def close(self) -> None:
        self._child.close()


def _pieces(facts: dict[str, Any]) -> list[Piece]:
    """The child has seen a stranger's picture: what it answers is checked, not believed."""
    try:
        finds = msgspec.convert(facts.get("finds"), list[tuple[str, Corners, float]])
    except msgspec.ValidationError as error:
        raise DecoderFailed(reason="its text was read as nonsense") from error
    return [Piece(words, corners, min(max(sure, 0.0), 1.0)) for words, corners, sure in finds]
