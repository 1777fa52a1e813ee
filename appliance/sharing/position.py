"""The one thing that may stay with a copy, when whoever shares says so: where it was, written anew and with nothing beside it."""

import struct

Place = tuple[float, float]

_EXIF = b"Exif\0\0"
_POINTER, _ASCII, _LONG, _FRACTION = 0x8825, 2, 4, 5
_PRECISION = 1_000_000  # of a second of arc's denominators


def segment(place: Place) -> bytes:
    """Return a JPEG's APP1 content for (latitude, longitude) in degrees: a GPS directory of four entries, nothing else."""
    latitude, longitude = place
    start = 8 + 2 + 12 + 4  # the GPS directory lies behind the first
    values = start + 2 + 4 * 12 + 4
    entries = (
        struct.pack("<HHI4s", 1, _ASCII, 2, b"N" if latitude >= 0 else b"S"),
        struct.pack("<HHII", 2, _FRACTION, 3, values),
        struct.pack("<HHI4s", 3, _ASCII, 2, b"E" if longitude >= 0 else b"W"),
        struct.pack("<HHII", 4, _FRACTION, 3, values + 24),
    )
    first = struct.pack("<HHHIII", 1, _POINTER, _LONG, 1, start, 0)
    second = struct.pack("<H", 4) + b"".join(entries) + struct.pack("<I", 0)
    return _EXIF + b"II*\0" + struct.pack("<I", 8) + first + second + _angle(latitude) + _angle(longitude)


def placed(jpeg: bytes, place: Place) -> bytes:
    """Return the JPEG with its position behind the first segment, which is JFIF's."""
    content = segment(place)
    at = 4 + int.from_bytes(jpeg[4:6], "big")
    return jpeg[:at] + b"\xff\xe1" + (len(content) + 2).to_bytes(2, "big") + content + jpeg[at:]


def _angle(degrees: float) -> bytes:
    """Degrees, minutes and seconds as fractions."""
    seconds = round(abs(degrees) * 3600 * _PRECISION)
    whole, seconds = divmod(seconds, 3600 * _PRECISION)
    minutes, seconds = divmod(seconds, 60 * _PRECISION)
    return struct.pack("<6I", whole, 1, minutes, 1, seconds, _PRECISION)
