"""The owner of ffmpeg and ffprobe: both run confined, see one file, and use the demuxer that we name."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class VideoProbe:
    """`width` and `height` as shown; `rotation` is what the player turns it by, clockwise: 0, 90, 180 or 270."""

    width: int
    height: int
    duration_ms: int
    rotation: int
    codec: str


def probe(path: Path) -> VideoProbe:
    """Raises DecoderFailed when ffprobe finds no video in the file."""
    raise NotImplementedError


def poster(path: Path) -> bytes:
    """Return one frame, not a black one where possible, as PNG of at most 1440 px, upright: hand it to Decoder.derive."""
    raise NotImplementedError
