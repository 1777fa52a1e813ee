"""When a photo was taken: local wall time, the offset from UTC when it is known, and which evidence said so.

Evidence is tried from the strongest to the weakest: what the camera wrote, what an editor or an agency wrote, what a phone put
into the file name, and at last the moment at which the file was received.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from appliance.library.name_time import NamedTime, time_in_name

FIRST_YEAR = 1826  # the oldest photograph that survives
LAST_YEAR = 2100  # a camera's clock may be set wrong, and is still all that the file says
AHEAD = timedelta(days=2)  # a time zone away
LARGEST_OFFSET = 14 * 60
LONGEST_DATE = 64
QUARTER = 15  # minutes; every zone's offset is a multiple
CLOCK_TOLERANCE = 5  # minutes between a camera's clock and the satellites'

# A clock that was never set shows one of these, to the second.
UNSET_CLOCKS = (datetime(1904, 1, 1), datetime(1970, 1, 1), datetime(1980, 1, 1))  # noqa: DTZ001

DATE = re.compile(
    r"\s*(?P<year>\d{4})[:-](?P<month>\d{1,2})[:-](?P<day>\d{1,2})"
    r"(?:[ T]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d*)?)?)?"
    r"\s*(?P<zone>Z|(?:GMT|UTC)?(?P<sign>[+-])(?P<zone_hour>\d{1,2}):?(?P<zone_minute>\d{2})?)?(?=\D|$)",
    re.ASCII,
)
OFFSET = re.compile(r"\s*(?P<sign>[+-])(?P<hours>\d{1,2}):?(?P<minutes>\d{2})\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class CaptureTime:
    """`local` is 'YYYY-MM-DDTHH:MM:SS', `offset` minutes east of UTC or None, `source` as in the asset table."""

    local: str
    offset: int | None
    source: str


@dataclass(frozen=True, slots=True)
class Moment:
    """A wall time and its offset; offset 0 of a `universal` moment says nothing about where the photo was taken."""

    wall: datetime
    offset: int | None
    universal: bool = False


# Tag, its source, whether a time without offset is UTC. The strongest first.
STRONG = (
    ("ExifIFD:DateTimeOriginal", "exif", False),
    ("IFD0:DateTimeOriginal", "exif", False),
    ("XMP-exif:DateTimeOriginal", "xmp", False),
    ("Composite:DateTimeOriginal", "iptc", False),
    ("Keys:CreationDate", "video", False),
    ("QuickTime:ContentCreateDate", "video", False),
    ("ItemList:ContentCreateDate", "video", False),
    ("UserData:DateTimeOriginal", "video", False),
    ("RIFF:DateTimeOriginal", "video", False),
    ("Matroska:DateTimeOriginal", "video", True),
    ("ExifIFD:CreateDate", "exif", False),
    ("XMP-photoshop:DateCreated", "xmp", False),
    ("IPTC:DateCreated", "iptc", False),
    ("QuickTime:CreateDate", "video", True),
)
WEAK = (  # the satellites' clock, then what is the date of an edit as often as not
    ("Composite:GPSDateTime", "gps", True),
    ("XMP-exif:GPSDateTime", "gps", True),
    ("XMP-xmp:CreateDate", "xmp", False),
    ("PNG:CreateDate", "xmp", False),
)
OFFSET_TAGS = ("ExifIFD:OffsetTimeOriginal", "ExifIFD:OffsetTimeDigitized", "ExifIFD:OffsetTime")
GPS_TAGS = ("Composite:GPSDateTime", "XMP-exif:GPSDateTime")
NOT_A_CAMERA = re.compile(r"(?:Composite|IFD1|XMP-.*|JSON|File|ExifTool|IPTC.*|ICC.*):")


def capture_time(tags: Mapping[str, Any], file_name: str, received: int, place_timezone: str | None = None) -> CaptureTime:
    """Return when a file was captured. `tags` as MetadataReader gives them, `received` in ms since 1970 UTC, `place_timezone`
    the IANA name of the zone where it was taken. Never raises: what makes no sense is passed over."""
    arrived = datetime(1970, 1, 1) + timedelta(milliseconds=received)  # noqa: DTZ001
    zone = _zone(place_timezone)
    named = time_in_name(file_name)
    known_offset = _written_offset(tags)
    for source, moment in _believable(list(_evidence(tags, named)), arrived):
        if moment.universal:
            offset = _offset_to(named, moment.wall) if source == "video" else None
            wall, offset = _from_universal(moment.wall, zone, offset)
        else:
            offset = moment.offset
            if offset is None and source == "exif":
                offset = known_offset if known_offset is not None else _offset_by_satellite(tags, moment.wall)
            wall, offset = moment.wall, _offset_in(zone, moment.wall) if offset is None else offset
        return CaptureTime(wall.isoformat(timespec="seconds"), offset, source)
    return CaptureTime(arrived.isoformat(timespec="seconds"), 0, "upload")


def _evidence(tags: Mapping[str, Any], named: NamedTime | None) -> Iterator[tuple[str, Moment]]:
    """Yield (source, moment) of everything that tells a time, the strongest first."""
    yield from _tagged(tags, STRONG[:2])
    yield from _tagged(tags, _maker_notes(tags))
    yield from _tagged(tags, STRONG[2:])
    if named and named.precise:
        yield "name", Moment(named.wall, None, named.universal)
    yield from _tagged(tags, WEAK)
    if named:
        yield "name", Moment(named.wall, None, False)


def _tagged(tags: Mapping[str, Any], wanted: Iterable[tuple[str, str, bool]]) -> Iterator[tuple[str, Moment]]:
    for tag, source, is_universal in wanted:
        if (moment := _read(tags.get(tag), is_universal)) is not None:
            yield source, moment


def _maker_notes(tags: Mapping[str, Any]) -> list[tuple[str, str, bool]]:
    """Return the original dates of groups that only a camera writes: a trail camera keeps its date nowhere else."""
    known = {tag for tag, _, _ in STRONG}
    return [
        (tag, "exif", False)
        for tag in tags
        if tag.endswith(":DateTimeOriginal") and tag not in known and not NOT_A_CAMERA.match(tag)
    ]


def _read(value: Any, is_universal: bool) -> Moment | None:
    """Return the moment that a tag's text begins with; None for anything that is not a day of the calendar."""
    written = DATE.match(value) if isinstance(value, str) and len(value) <= LONGEST_DATE else None
    if written is None:
        return None
    numbers = [int(written[part] or 0) for part in ("year", "month", "day", "hour", "minute", "second")]
    try:
        wall = datetime(*numbers)  # type: ignore[arg-type]  # noqa: DTZ001
    except ValueError:
        return None
    if written["zone"] is None:
        return Moment(wall, None, is_universal)
    if written["zone"] == "Z":
        return Moment(wall, 0, True)
    return Moment(wall, _minutes(written["sign"], written["zone_hour"], written["zone_minute"]), False)


def _believable(evidence: list[tuple[str, Moment]], arrived: datetime) -> Iterator[tuple[str, Moment]]:
    """Yield what can be true, and then what only a camera with a wrong clock could have written."""
    real = [(source, moment) for source, moment in evidence if moment.wall.year >= FIRST_YEAR and moment.wall not in UNSET_CLOCKS]
    yield from ((source, moment) for source, moment in real if moment.wall <= arrived + AHEAD)
    yield from ((source, moment) for source, moment in real if source == "exif" and moment.wall.year <= LAST_YEAR)


def _minutes(sign: str, hours: str, minutes: str | None) -> int | None:
    offset = int(hours) * 60 + int(minutes or 0)
    return (-offset if sign == "-" else offset) if offset <= LARGEST_OFFSET else None


def _written_offset(tags: Mapping[str, Any]) -> int | None:
    for tag in OFFSET_TAGS:
        value = tags.get(tag)
        if isinstance(value, str) and len(value) <= LONGEST_DATE and (written := OFFSET.fullmatch(value)):
            return _minutes(written["sign"], written["hours"], written["minutes"])
    return None


def _offset_by_satellite(tags: Mapping[str, Any], wall: datetime) -> int | None:
    """Return the offset that makes the camera's clock agree with the satellites', None when no zone does."""
    for tag in GPS_TAGS:
        if (moment := _read(tags.get(tag), True)) is not None:
            return _offset_between(wall, moment.wall)
    return None


def _offset_to(named: NamedTime | None, universal: datetime) -> int | None:
    """Return the offset that makes the wall time in the file's name agree with the time in UTC inside the file."""
    return _offset_between(named.wall, universal) if named and named.precise and not named.universal else None


def _offset_between(wall: datetime, universal: datetime) -> int | None:
    minutes = (wall - universal) / timedelta(minutes=1)
    offset = round(minutes / QUARTER) * QUARTER
    return offset if abs(minutes - offset) <= CLOCK_TOLERANCE and abs(offset) <= LARGEST_OFFSET else None


def _from_universal(wall: datetime, zone: ZoneInfo | None, offset: int | None) -> tuple[datetime, int]:
    """Return wall time and offset of a time in UTC: by `offset` when something told it, else by the zone, else UTC itself."""
    if offset is None and zone is not None:
        there = wall.replace(tzinfo=UTC).astimezone(zone).utcoffset()
        offset = round(there / timedelta(minutes=1)) if there is not None else None
    return wall + timedelta(minutes=offset or 0), offset or 0


def _offset_in(zone: ZoneInfo | None, wall: datetime) -> int | None:
    there = wall.replace(tzinfo=zone).utcoffset() if zone is not None else None
    return round(there / timedelta(minutes=1)) if there is not None else None


def _zone(name: str | None) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
