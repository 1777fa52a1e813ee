"""What an original is called: its human name, made safe, in the folder of the day it was taken."""

import os
import unicodedata
from collections.abc import Iterator
from itertools import count
from pathlib import PurePosixPath

LONGEST_NAME_BYTES = 200
SIDECAR_ENDINGS = (".xmp", ".json")
SIDECAR_FORMATS = ("xmp", "json")


def human_name(received: str, format: str) -> str:
    """Return `received` as a file name that every system can keep: one component, printable, at most 200 bytes.

    It never starts with '.' or '-' and never ends like a sidecar. `format` gives an ending where one is needed.
    """
    text = unicodedata.normalize("NFC", received).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(letter for letter in text if letter.isprintable()).lstrip(".- ").rstrip(". ")
    if not name or name.lower().endswith(SIDECAR_ENDINGS):
        name = f"{name or 'unnamed'}.{format}"
    suffix = PurePosixPath(name).suffix
    if len(suffix.encode()) > 20:
        suffix = ""
    stem = name[: len(name) - len(suffix)] if suffix else name
    room = LONGEST_NAME_BYTES - len(suffix.encode())
    return stem.encode()[:room].decode(errors="ignore") + suffix


def readable(name: str) -> str:
    """Return a name on the disk, or a word of the command line, so that it can be stored and printed: what is no UTF-8 as “�”."""
    return os.fsencode(name).decode("utf-8", "replace")


def printable(name: str) -> str:
    """Return a file name without what can't be seen or turns the writing round: no name can pose as another."""
    return "".join(letter for letter in name if letter.isprintable()) or "unnamed"


def folder_of(capture_time: str) -> str:
    """Return 'YYYY/YYYY-MM-DD' of a capture time 'YYYY-MM-DDTHH:MM:SS'."""
    return f"{capture_time[:4]}/{capture_time[:10]}"


def candidates(name: str) -> Iterator[str]:
    """Yield NAME.JPG, NAME (2).JPG, NAME (3).JPG and so on."""
    path = PurePosixPath(name)
    yield name
    for number in count(2):
        yield f"{path.stem} ({number}){path.suffix}"


def sidecar_of(name: str) -> str:
    """Return what the XMP sidecar of an original is called in the library: NAME.EXT.xmp, which no other original shares."""
    return name + ".xmp"
