"""Reads the words in a picture, in a sandboxed child that runs `ocr.py`."""

import os

from appliance.adapters.rgb import Rgb
from appliance.adapters.sandbox import Child

MEMORY_MB = 2500
RECYCLE_AFTER = 200  # its memory grows with the variety of sizes it has seen
SECONDS = 120.0


class TextReader:
    """One child with the models loaded; started when it is first needed. One caller at a time."""

    MODEL = "rapidocr-3.10/ppocrv6-small/960/0.7"

    def __init__(self, memory_mb: int = MEMORY_MB) -> None:
        self._child = Child("appliance.adapters.ocr", memory_mb=memory_mb, recycle_after=RECYCLE_AFTER)

    def read(self, rgb: Rgb) -> str:
        """Return the words as lines, '' when there are none; raises DecoderFailed, DecoderCrashed."""
        memory = os.memfd_create("picture", os.MFD_CLOEXEC)
        with os.fdopen(memory, "w+b") as stream:
            stream.write(rgb.pixels)
            stream.flush()
            stream.seek(0)
            reply = self._child.call("read", {"width": rgb.width, "height": rgb.height}, files=[memory], timeout=SECONDS)
        return str(reply.facts["text"])

    def close(self) -> None:
        self._child.close()
