"""The owner of Pillow: pictures are decoded in sandboxed children; this process only ever sees bounded, checked answers."""

from dataclasses import dataclass
from pathlib import Path

from appliance.adapters.rgb import Rgb


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
    """A picture's derivatives as WebP without metadata, upright, sRGB; `width` and `height` are the picture's own, as shown."""

    preview: bytes
    thumbnail: bytes
    width: int
    height: int
    damaged: bool


class Decoder:
    """Decodes pictures in `children` sandboxed processes; may be used from many threads. Every method raises DecoderFailed."""

    def __init__(self, children: int = 2, memory_mb: int = 1500, largest_megapixels: int = 250) -> None:
        raise NotImplementedError

    def probe(self, source: Path | bytes) -> Probe:
        """Read the header only: a picture whose pixels are damaged may still pass here and fail in `derive`."""
        raise NotImplementedError

    def derive(self, source: Path | bytes) -> Derived:
        """Decode the whole picture (a file, or the bytes of a video's poster)."""
        raise NotImplementedError

    def rgb(self, source: Path | bytes, limit: int) -> Rgb:
        """Decode to plain pixels whose longer side is at most `limit`."""
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError
