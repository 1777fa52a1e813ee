"""Proof that a copy holds its pixels and nothing else: what isn't on these short lists keeps a link closed.

Three readers that know nothing of each other look at every file: ours, which walks the parts of the file; exiftool, asked for
everything that it finds; and the decoder, which reads it to its end.
"""

import re
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from appliance.adapters.exiftool import MetadataReader
from appliance.adapters.pixels import Decoder
from appliance.errors import NotClean
from appliance.sharing import parts, position
from appliance.sharing.parts import Part
from appliance.sharing.position import Place

_JFIF = b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"
_ORDER = {
    "jpeg": r"APP0 (APP1 )?(DQT ){1,2}SOF0 (DHT ){1,4}SOS the pixels",
    "png": r"IHDR( IDAT)+ IEND",
    "webp": r"VP8 |VP8L|VP8X ALPH VP8 |VP8X VP8L|VP8X ANIM( ANMF)+",
}
_FRAME = re.compile(r"(ALPH )?VP8 |VP8L")
_WEBP_FLAGS = 0b00010010  # alpha and animation; never a profile, EXIF or XMP
_BLOCK = 1 << 20
_NAMES_SHOWN = 5
_NAME = re.compile(r"[A-Za-z0-9_:-]{1,60}")
_PLAIN = {  # what exiftool says of a file that holds nothing: facts about the file, and about how its pixels are packed
    *(
        "ExifTool:ExifToolVersion",
        "File:FileType",
        "File:FileTypeExtension",
        "File:MIMEType",
        "File:ImageWidth",
        "File:ImageHeight",
    ),
    *("Composite:ImageSize", "Composite:Megapixels"),
    *("File:EncodingProcess", "File:BitsPerSample", "File:ColorComponents", "File:YCbCrSubSampling"),
    *("JFIF:JFIFVersion", "JFIF:ResolutionUnit", "JFIF:XResolution", "JFIF:YResolution"),
    *(f"PNG:{name}" for name in ("ImageWidth", "ImageHeight", "BitDepth", "ColorType", "Compression", "Filter", "Interlace")),
    *(f"RIFF:{name}" for name in ("VP8Version", "ImageWidth", "ImageHeight", "HorizontalScale", "VerticalScale", "WebP_Flags")),
    *(f"RIFF:{name}" for name in ("AlphaIsUsed", "AlphaPreprocessing", "AlphaFiltering", "AlphaCompression", "ImageFrame")),
    *(f"RIFF:{name}" for name in ("BackgroundColor", "AnimationLoopCount", "FrameCount", "Duration")),
}
_PLACED = {
    *("File:ExifByteOrder", "EXIF:GPS:GPSLatitudeRef", "EXIF:GPS:GPSLatitude", "EXIF:GPS:GPSLongitudeRef", "EXIF:GPS:GPSLongitude"),
    *("Composite:GPSLatitude", "Composite:GPSLongitude", "Composite:GPSPosition"),
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A finished picture: where it lies, its format (jpeg, png, webp), and the position that it may hold (JPEG only)."""

    path: Path
    format: str
    place: Place | None = None


def pictures(copies: Sequence[Picture], decoder: Decoder, metadata: MetadataReader) -> None:
    """Raise NotClean when one of the files holds anything but its pixels, or is not what it should be."""
    for copy in copies:
        structure(copy.path.read_bytes(), copy.format, copy.place)
    for copy, seen in zip(copies, decoder.look_again([copy.path for copy in copies]), strict=True):
        if seen.format != copy.format:
            raise NotClean(found=f"the {copy.format.upper()} file decodes as something else")
    for copy, found in zip(copies, metadata.everything([copy.path for copy in copies]), strict=True):
        tags(found, copy.format, _PLAIN | _PLACED if copy.place else _PLAIN)


def structure(data: bytes, format: str, place: Place | None = None) -> None:
    """Raise NotClean when a picture's file has a part, an order of parts or a content that its pixels don't need."""
    read = parts.reader(format)
    if read is None or format not in _ORDER:
        raise NotClean(found=f"{format.upper()} is no format that copies have")
    found = list(read(data))
    if not re.fullmatch(_ORDER[format], " ".join(part.name for part in found)):
        raise NotClean(found=f"the {format.upper()} file {_odd(found, format)}")
    _CONTENTS[format](found, place)


def tags(found: dict[str, Any], format: str, allowed: set[str]) -> None:
    """Raise NotClean when exiftool finds a tag that isn't allowed; values are never shown, for they may be anything."""
    odd = [name for name in found if name not in allowed and not name.startswith("File:System:")]
    if odd:
        shown = ", ".join(name if _NAME.fullmatch(name) else "one with a strange name" for name in odd[:_NAMES_SHOWN])
        raise NotClean(found=f"exiftool reads tags in the {format.upper()} file that should not be there ({shown})")


def _odd(found: list[Part], format: str) -> str:
    odd = next((part for part in found if part.name not in _ORDER[format]), None)
    return f"holds {odd.name} ({len(odd.content)} bytes)" if odd else "has its parts in an order that Mantel does not write"


def _jpeg(found: list[Part], place: Place | None) -> None:
    expected = {"APP0": _JFIF, "APP1": position.segment(place) if place else None}
    for part in found:
        if part.name in expected and part.content != expected[part.name]:
            raise NotClean(found=f"the JPEG file holds an {part.name} segment that Mantel does not write")
        if part.name in _SIZES and len(part.content) != _SIZES[part.name](part.content):
            raise NotClean(found=f"the JPEG file's {part.name} segment has bytes to spare")
    if place and not any(part.name == "APP1" for part in found):
        raise NotClean(found="the position that was to stay is missing from the JPEG file")


_SIZES: dict[str, Callable[[bytes], int]] = {
    "DQT": lambda content: 65 * max(len(content) // 65, 1),
    "DHT": lambda content: 17 + sum(content[1:17]),
    "SOF0": lambda content: 6 + 3 * content[5] if len(content) > 5 else 0,
    "SOS": lambda content: 4 + 2 * content[0] if content else 0,
}


def _png(found: list[Part], place: Place | None) -> None:
    """The header must be plain, and the packed pixels exactly as many as it says, with nothing behind them."""
    header, *packed, _ = (part.content for part in found)
    width, height = int.from_bytes(header[:4], "big"), int.from_bytes(header[4:8], "big")
    channels = {b"\x08\x02\0\0\0": 3, b"\x08\x06\0\0\0": 4}.get(header[8:])
    if not channels or found[-1].content:
        raise NotClean(found="the PNG file has a header that Mantel does not write")
    unpacked, left = zlib.decompressobj(), height * (1 + width * channels)
    try:
        for block in packed:
            while block and left >= 0:
                left -= len(unpacked.decompress(block, _BLOCK))
                block = unpacked.unconsumed_tail
    except zlib.error:
        left = -1
    if left or not unpacked.eof or unpacked.unused_data:
        raise NotClean(found="the PNG file holds bytes behind its pixels")


def _webp(found: list[Part], place: Place | None) -> None:
    for part in found:
        if part.name == "VP8X" and (len(part.content) != 10 or part.content[0] & ~_WEBP_FLAGS or any(part.content[1:4])):
            raise NotClean(found="the WebP file announces more than pixels")
        if part.name == "ANIM" and len(part.content) != 6:
            raise NotClean(found="the WebP file holds an ANIM chunk that is too long")
        if part.name == "ANMF":
            inside = " ".join(inner.name for inner in parts.riff_chunks(part.content[16:]))
            if not _FRAME.fullmatch(inside):
                raise NotClean(found="a frame of the WebP file holds more than pixels")


_CONTENTS: dict[str, Callable[[list[Part], Place | None], None]] = {"jpeg": _jpeg, "png": _png, "webp": _webp}
