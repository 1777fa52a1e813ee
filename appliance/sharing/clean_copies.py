"""Clean copies: what a guest gets instead of an original. Made from fresh pixels, and kept only when proven clean.

A copy is a folder: `file.EXT` (to download), `view.EXT` (what the page shows, at most 2048 px; often the same file under a second
name), `thumb.webp` (for the grid) and, of a video, `poster.webp`. The folder appears under its name when all of it is proven
and on the disk, in one step: whatever a kill leaves behind is named otherwise.
"""

import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from appliance.adapters import video, video_copies
from appliance.adapters.exiftool import MetadataReader
from appliance.adapters.pixels import Decoder
from appliance.adapters.sniff import HEAD_SIZE, KIND, sniff
from appliance.adapters.video_copies import Output
from appliance.errors import DecoderFailed
from appliance.library import room
from appliance.sharing import film_samples, position, proof, receipt
from appliance.sharing.position import Place
from appliance.sharing.receipt import Removed

RECIPE = "1"  # how copies are made; copies of another recipe are made again
MAKING = ".making"  # ends the name of a folder whose copy is not finished; whoever finds an old one may delete it
MEDIA_TYPES = {"jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp", "mp4": "video/mp4"}
EXTENSIONS = {"jpeg": "jpg", "png": "png", "webp": "webp", "mp4": "mp4"}

MOST_READ = 256 << 20  # bytes of an original that are searched for hidden parts
Size = Literal["screen", "full"]
FILM_SIDES: dict[Size, int] = {"screen": 1920, "full": 3840}  # pixels on the longer side
MEGABITS: dict[Size, int] = {"screen": 10, "full": 40}  # a second, at most


@dataclass(frozen=True, slots=True)
class Source:
    """An asset as far as its copy needs it. `kind`: photo or video; `place`: (latitude, longitude) as the library knows it."""

    asset_id: int
    sha256: str
    original: Path
    kind: str
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Tools:
    """What copies are made and proven with; both may be used from many threads."""

    decoder: Decoder
    metadata: MetadataReader


@dataclass(frozen=True, slots=True)
class CleanCopy:
    """A finished copy; `width`, `height`, `bytes` and `media_type` are the file's, and `view` has the same type."""

    media_type: str
    extension: str
    width: int
    height: int
    bytes: int
    seconds: float | None
    removed: tuple[Removed, ...]


def make(source: Source, *, size: Size, keep_location: bool, tools: Tools, into: Path) -> CleanCopy:
    """Make the copy of one asset in the folder `into`; what lay there before is replaced.

    `keep_location` writes the position anew, in JPEG only. Raises NotClean when the proof finds anything (nothing is left then),
    DecoderFailed or DecoderCrashed when the original can't be decoded, NoRoom.
    """
    with _unfinished(into) as folder, ThreadPoolExecutor(1) as beside:
        held = beside.submit(_held, tools.metadata, source.original)
        with room.needed(into.parent):
            made = (
                _film(source, size, tools, folder) if source.kind == "video" else _photo(source, size, keep_location, tools, folder)
            )
        kept = keep_location and made.media_type == MEDIA_TYPES["jpeg"] and source.place is not None
        names, hidden = held.result()
        return replace(made, removed=receipt.total([receipt.from_tags(names, place_kept=kept), hidden]))


def _photo(source: Source, size: Size, keep_location: bool, tools: Tools, folder: Path) -> CleanCopy:
    made = tools.decoder.copies(source.original, screen=size == "screen")
    place = source.place if keep_location and made.format == "jpeg" else None
    ending = EXTENSIONS[made.format]
    file, view, thumbnail = folder / f"file.{ending}", folder / f"view.{ending}", folder / "thumb.webp"
    file.write_bytes(position.placed(made.file, place) if place else made.file)
    written = [proof.Picture(file, made.format, place)]
    if made.view is None:
        view.hardlink_to(file)
    else:
        view.write_bytes(position.placed(made.view, place) if place else made.view)
        written.append(proof.Picture(view, made.format, place))
    thumbnail.write_bytes(made.thumbnail)
    proof.pictures([*written, proof.Picture(thumbnail, "webp")], tools.decoder, tools.metadata)
    return CleanCopy(MEDIA_TYPES[made.format], ending, made.width, made.height, file.stat().st_size, None, ())


def _film(source: Source, size: Size, tools: Tools, folder: Path) -> CleanCopy:
    file, view = folder / "file.mp4", folder / "view.mp4"
    probed = video.probe(source.original)
    outputs = [Output(file, FILM_SIDES[size], MEGABITS[size])]
    if size == "full" and max(probed.width, probed.height) > FILM_SIDES["screen"]:
        outputs.append(Output(view, FILM_SIDES["screen"], MEGABITS["screen"]))
    video_copies.copy(source.original, outputs)
    for output in outputs:
        film_samples.drop_labels(output.path)
        proof.film(output.path, tools.metadata)
    if len(outputs) == 1:
        view.hardlink_to(file)
    shown = tools.decoder.derive(video.poster(view))
    stills = {folder / "poster.webp": shown.preview, folder / "thumb.webp": shown.thumbnail}
    for path, still in stills.items():
        path.write_bytes(still)
    proof.pictures([proof.Picture(path, "webp") for path in stills], tools.decoder, tools.metadata)
    played = video.probe(file)
    seconds = played.duration_ms / 1000
    return CleanCopy(MEDIA_TYPES["mp4"], "mp4", played.width, played.height, file.stat().st_size, seconds, ())


def _held(metadata: MetadataReader, original: Path) -> tuple[list[str], tuple[Removed, ...]]:
    """What the original holds beside its pixels: the names of its tags, and what lies where exiftool doesn't look."""
    with original.open("rb") as file:
        head = file.read(HEAD_SIZE)
        format = sniff(head) or ""
        hidden = receipt.from_parts(head + file.read(MOST_READ), format) if KIND.get(format) == "photo" else ()
    try:
        return metadata.names(original), hidden
    except DecoderFailed:
        return [receipt.UNREAD], hidden


@contextmanager
def _unfinished(into: Path) -> Iterator[Path]:
    """Give a new folder that becomes `into` when all went well, and is removed when not."""
    folder = into.with_name(into.name + MAKING)
    shutil.rmtree(folder, ignore_errors=True)
    with room.needed(into.parent):
        folder.mkdir(mode=0o700, parents=True)
    try:
        yield folder
        with room.needed(into.parent):
            for file in [*folder.iterdir(), folder]:
                _flush(file)
            shutil.rmtree(into, ignore_errors=True)
            folder.rename(into)
            _flush(into.parent)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _flush(path: Path) -> None:
    """Wait until the disk has it: a power cut may not leave a finished folder with empty files."""
    opened = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
