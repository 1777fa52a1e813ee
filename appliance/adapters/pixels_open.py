"""Inside the sandbox: open a picture, whatever its format, and hand out its pixels strip by strip, so that big ones fit."""

import io
import math
import os
import warnings
from collections.abc import Callable
from dataclasses import dataclass

import pillow_heif
from PIL import Image, ImageChops, ImageFile, UnidentifiedImageError

from appliance.adapters import raw
from appliance.adapters.sniff import HEAD_SIZE, KIND, sniff, why_refused
from appliance.errors import DecoderFailed

_PLUGINS = {
    "jpeg": ("JPEG",), "mpo": ("JPEG",), "png": ("PNG",), "webp": ("WEBP",), "gif": ("GIF",), "tiff": ("TIFF",),
    "avif": ("AVIF",), "bmp": ("BMP",), "jp2": ("JPEG2000",),
}  # fmt: skip
_RAW = ("dng", "cr2", "cr3", "nef", "arw", "rw2", "raf")
_MENDABLE = ("jpeg", "mpo", "png")
_ORIENTATION = 0x0112
_LEAST_SHOWN = 0.5  # of a damaged picture's rows

# What Pillow and libheif raise over files that are wrong. Anything else ends the child, and the parent starts another.
FAULTS = (
    OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, AttributeError, EOFError, RuntimeError, ArithmeticError,
    Image.DecompressionBombError, Image.DecompressionBombWarning,
)  # fmt: skip


class Source(io.RawIOBase):
    """A descriptor read by position; Python's own file object asks the kernel what the sandbox doesn't answer."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._size = os.lseek(number, 0, os.SEEK_END)
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._at = max(offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence], 0)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self.part(self._at, len(buffer))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)

    def part(self, offset: int, length: int) -> bytes:
        """Return the bytes at `offset`, fewer at the end, none beyond."""
        return os.pread(self._number, min(length, self._size - offset), offset) if 0 <= offset < self._size else b""


@dataclass(frozen=True, slots=True)
class Pixels:
    """Decoded pixels, not yet turned: `crop(top, bottom)` returns whole rows as a picture of any of Pillow's modes."""

    width: int
    height: int
    crop: Callable[[int, int], Image.Image]
    profile: bytes | None
    damaged: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """An opened picture. `width`, `height`: before turning by `turn` (1 to 8), which `load`'s pixels still need.

    `orientation` is what the file says, also where its decoder turns by itself. `load(limit)` decodes; the pixels may be
    fewer than the picture's own, but never smaller than `limit` on the longer side.
    """

    format: str
    width: int
    height: int
    orientation: int
    turn: int
    frames: int
    load: Callable[[int], Pixels]


def prepare() -> None:
    """Load every plugin and set the libraries' own limits; `open_picture` then needs no file."""
    Image.preinit()
    Image.init()
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    pillow_heif.options.DECODE_THREADS = 1
    pillow_heif.options.THUMBNAILS = pillow_heif.options.DEPTH_IMAGES = pillow_heif.options.AUX_IMAGES = False


def open_picture(number: int, most_pixels: int) -> Picture:
    """Open the picture behind a descriptor; raises DecoderFailed for every format that is not on Mantel's list."""
    Image.MAX_IMAGE_PIXELS = most_pixels
    source = Source(number)
    format = sniff(source.part(0, HEAD_SIZE))
    if format == "tiff" and raw.is_dng(source.part):
        format = "dng"
    if format is None or KIND.get(format) != "photo":
        raise DecoderFailed(reason=why_refused(format))
    try:
        if format in ("heic", "heif"):
            picture = _open_heif(source, format)
        elif format in _RAW:
            picture = _open_raw(source, format)
        else:
            picture = _open_plain(io.BufferedReader(source), format)
    except FAULTS as fault:
        raise refusal(fault, most_pixels) from fault
    if picture.width * picture.height > most_pixels:
        raise _too_large(most_pixels)
    return picture


def refusal(fault: BaseException, most_pixels: int) -> DecoderFailed:
    """Return the error for people that stands for a library's."""
    if isinstance(fault, Image.DecompressionBombError | Image.DecompressionBombWarning):
        return _too_large(most_pixels)
    if isinstance(fault, UnidentifiedImageError):
        return DecoderFailed(reason="it is damaged at its beginning")
    return DecoderFailed(reason=f"it is damaged ({fault})" if str(fault) else "it is damaged")


def _too_large(most_pixels: int) -> DecoderFailed:
    return DecoderFailed(reason=f"it has more than {most_pixels // 1_000_000} megapixels, the most that is taken in")


def _open_plain(source: "io.BufferedReader | io.BytesIO", format: str) -> Picture:
    """Open one of the formats that Pillow reads itself."""
    image = Image.open(source, formats=_PLUGINS[format])
    orientation = _orientation(image.getexif)
    turned_already = format == "tiff"  # Pillow turns TIFF while it loads, and gives the size as shown
    width, height = image.size

    def load(limit: int) -> Pixels:
        return _load_plain(source, format, image, limit)

    return Picture(
        format,
        width,
        height,
        orientation,
        turn=1 if turned_already else orientation,
        frames=getattr(image, "n_frames", 1),
        load=load,
    )


def _load_plain(source: "io.BufferedReader | io.BytesIO", format: str, image: Image.Image, limit: int) -> Pixels:
    damaged = False
    try:
        _decode(image, limit)
    except FAULTS:
        if format not in _MENDABLE:
            raise
        source.seek(0)
        image, damaged = _mend(source, format, limit), True
    image = _eight_bit(image)

    def crop(top: int, bottom: int) -> Image.Image:
        return image if (top, bottom) == (0, image.height) else image.crop((0, top, image.width, bottom))

    return Pixels(*image.size, crop, image.info.get("icc_profile"), damaged)


def _eight_bit(image: Image.Image) -> Image.Image:
    """Measurements in 32-bit numbers have no white of their own: take one, eight or sixteen bits, whichever holds the largest."""
    if image.mode not in ("I", "F"):
        return image
    highest = float(image.getextrema()[1])  # type: ignore[arg-type]
    white = next((white for white in (1, 255, 65535) if highest <= white), highest)
    return image.point(lambda value: value * (255 / white)).convert("L")


def _decode(image: Image.Image, limit: int) -> None:
    """Decode `image`, a JPEG at the smallest of its scales that still holds `limit` pixels on the longer side."""
    shrink = min(limit / max(image.size), 1)
    image.draft(None, (math.ceil(image.width * shrink), math.ceil(image.height * shrink)))
    image.load()


def _mend(source: "io.BufferedReader | io.BytesIO", format: str, limit: int) -> Image.Image:
    """Decode as far as a damaged file goes; raises OSError when that isn't most of the picture."""
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        image = Image.open(source, formats=_PLUGINS[format])
        _decode(image, limit)
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = False
    last = image.getpixel((image.width - 1, image.height - 1))  # decoders fill what is missing with one colour
    missing = Image.new(image.mode, image.size, last)
    shown = ImageChops.difference(image.convert("RGB"), missing.convert("RGB")).getbbox()
    if not shown or shown[3] < image.height * _LEAST_SHOWN:
        raise OSError("most of it is missing")
    return image


def _orientation(exif: Callable[[], Image.Exif]) -> int:
    """Return EXIF's orientation (or XMP's); 1 where it is absent or nonsense: bad tags never stand in a picture's way."""
    try:
        value = exif().get(_ORIENTATION, 1)
    except FAULTS:
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _open_heif(source: Source, format: str) -> Picture:
    """Open HEIC and its kin: libheif turns the pixels by the container's own instructions; EXIF's orientation repeats them."""
    image = pillow_heif.open_heif(io.BufferedReader(source), convert_hdr_to_8bit=True, remove_stride=False)
    width, height = image.size

    def load(limit: int) -> Pixels:
        rows, stride, mode = memoryview(image.data), image.stride, image.mode
        wide, high = image.size

        def crop(top: int, bottom: int) -> Image.Image:
            part = rows[top * stride : bottom * stride]
            return Image.frombytes(mode, (wide, bottom - top), part, "raw", mode, stride)

        return Pixels(wide, high, crop, image.info.get("icc_profile"), damaged=False)

    def exif() -> Image.Exif:
        tags = Image.Exif()
        tags.load(image.info.get("exif") or b"")
        return tags

    return Picture(format, width, height, orientation=_orientation(exif), turn=1, frames=len(image), load=load)


def _open_raw(source: Source, format: str) -> Picture:
    preview = raw.find_preview(source.part, format)
    if not preview:
        raise DecoderFailed(reason="the camera put no preview into this RAW file, and Mantel develops none")
    inner = _open_plain(io.BytesIO(source.part(preview.offset, preview.length)), "jpeg")
    orientation = inner.orientation if preview.orientation is None else preview.orientation
    orientation = orientation if 1 <= orientation <= 8 else 1
    return Picture(format, preview.width, preview.height, orientation, turn=orientation, frames=1, load=inner.load)
