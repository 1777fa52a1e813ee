"""XMP sidecars: copied beside the original that they came with, as NAME.EXT.xmp, and never an asset of their own; written there
when a person corrects a time. An original is never opened for writing.

Writing is settling: what the sidecar should hold follows from the asset's row alone, so that it may be done twice, or be cut off
and done again. What stood there before Mantel wrote is first remembered in the database, and comes back when it is undone."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

from appliance.errors import DecoderFailed, FileRefused, SidecarNotWritten
from appliance.library import incoming, names
from appliance.store.layout import Layout

LARGEST = 16 << 20
LARGEST_WRITTEN = 2 << 20
DATE = re.compile(r"[0-9][0-9:.TZ +-]{3,39}", re.ASCII)
TIME_TAGS = ("XMP-exif:DateTimeOriginal", "XMP-photoshop:DateCreated")
EMPTY = b"""<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/></x:xmpmeta>"""


class Editor(Protocol):
    """What writing needs of adapters.exiftool: both work on the bytes of a sidecar and touch no file of ours."""

    def edited_xmp(self, xmp: bytes, tags: Mapping[str, str]) -> bytes: ...

    def read_xmp(self, xmp: bytes) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the table `sidecar` holds of an asset: what stood there first, None for nothing, and the hash of what Mantel wrote."""

    before: bytes | None
    written: str


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a sidecar. `remember`: nothing was written yet, `before` has to be kept first, and then it is settled again;
    `written`, with its hash; `restored`: it is as it was before Mantel wrote; `nothing` was to be done."""

    what: str
    before: bytes | None = None
    written: str = ""


def beside(path: Path) -> Path | None:
    """Return the sidecar of the file at `path` (NAME.EXT.xmp before NAME.xmp), or None. Links and huge files are none."""
    for candidate in (f"{path.name}.xmp", f"{path.name}.XMP", f"{path.stem}.xmp", f"{path.stem}.XMP"):
        sidecar = path.with_name(candidate)
        if sidecar != path and sidecar.is_file() and not sidecar.is_symlink() and sidecar.stat().st_size <= LARGEST:
            return sidecar
    return None


def keep(layout: Layout, sidecar: Path, original: str) -> None:
    """Copy `sidecar` beside `original`, unless there is one; a sidecar that cannot be read is left out."""
    place = layout.original(names.sidecar_of(original))
    if place.exists():
        return
    try:
        with incoming.copied(sidecar, layout.incoming, name=sidecar.name) as arrival:
            place.hardlink_to(arrival.path)
            incoming.fsync_folder(place.parent)
    except (FileExistsError, FileRefused):
        return


def settle(layout: Layout, editor: Editor, original: str, time: str | None, remembered: Remembered | None) -> Settled:
    """Have the sidecar of `original` hold `time` ('2019:07:14 10:30:00+02:00', of a person), or with None what it held before.

    Raises SidecarNotWritten; then it is as it was."""
    place = layout.original(names.sidecar_of(original))
    found = content_of(place)
    if time is None:
        return _restored(layout, editor, place, found, remembered) if remembered else Settled("nothing")
    if remembered is None:
        return Settled("remember", before=found)
    try:
        content = editor.edited_xmp(found or EMPTY, dict.fromkeys(TIME_TAGS, time))
    except DecoderFailed as error:
        raise SidecarNotWritten(name=place.name, reason=str(error.facts["reason"])) from error
    replace(layout, place, content)
    return Settled("written", written=sha256(content).hexdigest())


def _restored(layout: Layout, editor: Editor, place: Path, found: bytes | None, remembered: Remembered) -> Settled:
    """Byte for byte, unless another program has written there since: then only the times are put back."""
    content = remembered.before
    if found is not None and found != content and not _is_ours(editor, found, remembered):
        content = editor.edited_xmp(found, _times(editor, content or EMPTY))
    if content != found:
        replace(layout, place, content)
    return Settled("restored")


def _is_ours(editor: Editor, found: bytes, remembered: Remembered) -> bool:
    """Nothing but times was written since: known by its hash, or, when a process was killed before that was kept, by doing it
    again."""
    if sha256(found).hexdigest() == remembered.written:
        return True
    return editor.edited_xmp(remembered.before or EMPTY, _times(editor, found)) == found


def _times(editor: Editor, xmp: bytes) -> dict[str, str]:
    known = editor.read_xmp(xmp)
    return {tag: value if DATE.fullmatch(value := str(known.get(tag, ""))) else "" for tag in TIME_TAGS}


def content_of(place: Path) -> bytes | None:
    """Return what stands in a sidecar, None for nothing. Raises SidecarNotWritten for what must not be written over."""
    if place.is_symlink() or (place.exists() and not place.is_file()):
        raise SidecarNotWritten(name=place.name, reason="it is a link or a folder")
    try:
        content = place.read_bytes() if place.stat().st_size <= LARGEST_WRITTEN else None
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SidecarNotWritten(name=place.name, reason=f"it could not be read ({error.strerror})") from error
    if content is None:
        raise SidecarNotWritten(name=place.name, reason=f"it is larger than {LARGEST_WRITTEN >> 20} MB")
    return content


def replace(layout: Layout, place: Path, content: bytes | None) -> None:
    """Whole or not at all: written beside under another name, on the disk, and then renamed. None: away with it."""
    half = layout.run / f"sidecar-{sha256(str(place).encode()).hexdigest()[:32]}"
    try:
        if content is None:
            place.unlink(missing_ok=True)
        else:
            with half.open("wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            half.replace(place)
        incoming.fsync_folder(place.parent)
    except OSError as error:
        half.unlink(missing_ok=True)
        raise SidecarNotWritten(name=place.name, reason=f"its folder cannot be written ({error.strerror})") from error
