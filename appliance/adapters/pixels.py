"""Pictures are decoded in sandboxed children (`pixels_child`); this process only ever sees bounded, checked answers."""

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import msgspec

from appliance.adapters import sandbox
from appliance.adapters.rgb import Rgb
from appliance.adapters.sniff import KIND
from appliance.errors import DecoderCrashed

PROBE_SECONDS = 30.0
DECODE_SECONDS = 120.0
COPY_SECONDS = 240.0
LARGEST_RGB = 2048
_LARGEST_DERIVATIVE = 8 << 20

_Side = Annotated[int, msgspec.Meta(ge=1, le=1 << 24)]


@dataclass(frozen=True, slots=True)
class Probe:
    """What a picture's header says; `width` and `height` as shown (upright), `orientation` is EXIF's 1 to 8."""

    format: str
    kind: str
    width: int
    height: int
    orientation: int
    frames: int


@dataclass(frozen=True, slots=True)
class Derived:
    """A picture's derivatives as WebP without metadata, upright, sRGB; `width` and `height` are the picture's own, as shown.

    `damaged`: the file is broken, and only what could be read of it (more than half) is shown.
    """

    preview: bytes
    thumbnail: bytes
    width: int
    height: int
    damaged: bool


@dataclass(frozen=True, slots=True)
class Copies:
    """A picture made anew for a guest: `file`, what a page shows of it (`view`, None where that is `file`), `thumbnail` (WebP).

    `format` of file and view: jpeg, png or webp. `width`, `height` are the file's.
    """

    format: str
    file: bytes
    view: bytes | None
    thumbnail: bytes
    width: int
    height: int


class Seen(msgspec.Struct, frozen=True):
    """What a copy turned out to be when it was decoded again."""

    format: str
    width: _Side
    height: _Side
    frames: int


class _Facts(msgspec.Struct):
    width: _Side
    height: _Side


class _ProbeFacts(_Facts):
    format: str
    orientation: Annotated[int, msgspec.Meta(ge=1, le=8)]
    frames: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]


class _CopyFacts(_Facts):
    format: Literal["jpeg", "png", "webp"]


class _Again(msgspec.Struct):
    seen: list[Seen]


class _DeriveFacts(_Facts):
    damaged: bool


_Struct = TypeVar("_Struct", bound=msgspec.Struct)


class Decoder:
    """Decodes pictures in `children` sandboxed processes; may be used from many threads.

    Every method takes a file or the bytes of one, and raises DecoderFailed, or DecoderCrashed, which is one too.
    """

    def __init__(self, children: int = 2, memory_mb: int = 1500, largest_megapixels: int = 250) -> None:
        self._pool = sandbox.Pool(
            "appliance.adapters.pixels_child", children, memory_mb=memory_mb, largest_megapixels=largest_megapixels
        )

    def probe(self, source: Path | bytes) -> Probe:
        """Read the header only: a picture whose pixels are damaged may still pass here and fail in `derive`."""
        facts = _checked(self._call("probe", {}, source, PROBE_SECONDS), _ProbeFacts)
        if KIND.get(facts.format) != "photo":
            raise DecoderCrashed(reason="it answered nonsense")
        return Probe(facts.format, "photo", facts.width, facts.height, facts.orientation, facts.frames)

    def derive(self, source: Path | bytes) -> Derived:
        """Decode the whole picture (a file, or the bytes of a video's poster)."""
        reply = self._call("derive", {}, source, DECODE_SECONDS)
        facts = _checked(reply, _DeriveFacts)
        if len(reply.blobs) != 2 or not all(map(is_plain_webp, reply.blobs)):
            raise DecoderCrashed(reason="it answered nonsense")
        preview, thumbnail = reply.blobs
        return Derived(preview, thumbnail, facts.width, facts.height, facts.damaged)

    def rgb(self, source: Path | bytes, limit: int) -> Rgb:
        """Decode to plain pixels whose longer side is at most `limit` (itself at most LARGEST_RGB)."""
        limit = max(1, min(limit, LARGEST_RGB))
        reply = self._call("rgb", {"limit": limit}, source, DECODE_SECONDS)
        facts = _checked(reply, _Facts)
        if max(facts.width, facts.height) > limit or [len(blob) for blob in reply.blobs] != [facts.width * facts.height * 3]:
            raise DecoderCrashed(reason="it answered nonsense")
        return Rgb(facts.width, facts.height, reply.blobs[0])

    def square(self, source: Path | bytes, side: int) -> Rgb:
        """Decode to plain pixels squeezed into `side` × `side` (at most LARGEST_RGB): proportions are lost, as SigLIP wants it."""
        side = max(1, min(side, LARGEST_RGB))
        reply = self._call("square", {"side": side}, source, DECODE_SECONDS)
        facts = _checked(reply, _Facts)
        if (facts.width, facts.height) != (side, side) or [len(blob) for blob in reply.blobs] != [side * side * 3]:
            raise DecoderCrashed(reason="it answered nonsense")
        return Rgb(side, side, reply.blobs[0])

    def crop(self, source: Path | bytes, box: tuple[float, float, float, float], limit: int) -> bytes:
        """Return a WebP without metadata, at most `limit` pixels a side, of what is around `box` (left, top, width, height in
        fractions of the picture)."""
        reply = self._call("crop", {"box": list(box), "limit": max(1, min(limit, LARGEST_RGB))}, source, DECODE_SECONDS)
        _checked(reply, _Facts)
        if len(reply.blobs) != 1 or not is_plain_webp(reply.blobs[0]):
            raise DecoderCrashed(reason="it answered nonsense")
        return reply.blobs[0]

    def copies(self, source: Path | bytes, *, screen: bool) -> Copies:
        """Make a picture anew for a guest, upright and sRGB: with `screen` at most 2048 pixels on its longer side, else whole."""
        reply = self._call("copies", {"screen": screen}, source, COPY_SECONDS)
        facts = _checked(reply, _CopyFacts)
        if len(reply.blobs) not in (2, 3) or not is_plain_webp(reply.blobs[1]):
            raise DecoderCrashed(reason="it answered nonsense")
        file, thumbnail, *view = reply.blobs
        return Copies(facts.format, file, view[0] if view else None, thumbnail, facts.width, facts.height)

    def look_again(self, files: Sequence[Path]) -> list[Seen]:
        """Decode finished copies as a guest's browser will; raises DecoderFailed when one does not decode to its end."""
        with ExitStack() as open_files:
            numbers = [open_files.enter_context(_opened(file)) for file in files]
            reply = self._pool.call("look_again", {}, files=numbers, timeout=COPY_SECONDS)
        seen = _checked(reply, _Again).seen
        if len(seen) != len(files):
            raise DecoderCrashed(reason="it answered nonsense")
        return seen

    @property
    def pids(self) -> list[int]:
        """The processes that decode now."""
        return self._pool.pids

    def close(self) -> None:
        """End the children."""
        self._pool.close()

    def _call(self, operation: str, arguments: dict[str, Any], source: Path | bytes, seconds: float) -> sandbox.Reply:
        with _opened(source) as file:
            return self._pool.call(operation, arguments, files=[file], timeout=seconds)


def is_plain_webp(data: bytes) -> bool:
    """Whether this is a WebP that holds one lossy picture and nothing else: no EXIF, no profile, no XMP, no trailer."""
    if len(data) > _LARGEST_DERIVATIVE or len(data) < 30 or data[:4] != b"RIFF" or data[8:16] != b"WEBPVP8 ":
        return False
    riff, chunk = (int.from_bytes(data[at : at + 4], "little") for at in (4, 16))
    return riff == len(data) - 8 and chunk + chunk % 2 == len(data) - 20


def _checked(reply: sandbox.Reply, kind: type[_Struct]) -> _Struct:
    try:
        return msgspec.convert(reply.facts, kind)
    except msgspec.ValidationError:
        raise DecoderCrashed(reason="it answered nonsense") from None


@contextmanager
def _opened(source: Path | bytes) -> Iterator[int]:
    """Give a descriptor that can only be read, of the file or of a copy of the bytes in memory."""
    if isinstance(source, Path):
        file = os.open(source, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    else:
        file = os.memfd_create("picture", os.MFD_CLOEXEC)
        with os.fdopen(os.dup(file), "wb") as written:
            written.write(source)
    try:
        yield file
    finally:
        os.close(file)
