"""The moment that phones, cameras and messengers put into a file's name."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

# IMG_20190503_120301, 2019-05-03 12.03.01, signal-2019-05-03-12-03-01, Screen Shot … at 3.03.01 PM, IMG-20190503-WA0001
WRITTEN = re.compile(
    r"(?<![0-9])(?P<year>(?:18|19|20)[0-9]{2})(?P<mark>[-_. ]?)(?P<month>[0-9]{2})(?P=mark)(?P<day>[0-9]{2})"
    r"(?:(?:[-_. T]{1,3}(?:(?:at|um|à|a las|klo)[ _-])?|(?<=[0-9]{8}))"
    r"(?P<hour>[0-9]{1,2})[-_.:h ]?(?P<minute>[0-9]{2})[-_.:m ]?(?P<second>[0-9]{2})(?:[0-9]{3}|[-_.][0-9]{1,3})?(?![0-9])"
    r"(?:[ _\u202f]?(?P<half>[AaPp])[Mm])?)?"
)
# FB_IMG_1556878981000, mmexport1556878981000: milliseconds since 1970 UTC
COUNTED = re.compile(r"(?:FB_IMG_|mmexport|received_|wx_camera_)(?P<milliseconds>1[0-9]{12})(?![0-9])")
DIGITS_AHEAD = re.compile(r"[0-9]")
UNIVERSAL_PREFIXES = ("PXL_",)  # Pixel phones write UTC into the name


@dataclass(frozen=True, slots=True)
class NamedTime:
    """`precise` is False when the name holds a day only; `universal` says that the time is UTC, else it is wall time."""

    wall: datetime
    precise: bool
    universal: bool


def time_in_name(file_name: str) -> NamedTime | None:
    """Return the moment in `file_name`, None when it holds none or one that no calendar has."""
    if counted := COUNTED.search(file_name):
        since_1970 = timedelta(milliseconds=int(counted["milliseconds"]))
        return NamedTime((datetime(1970, 1, 1, tzinfo=UTC) + since_1970).replace(tzinfo=None, microsecond=0), True, True)
    for written in WRITTEN.finditer(file_name):
        if (named := _read(written, file_name.startswith(UNIVERSAL_PREFIXES))) is not None:
            return named
    return None


def _read(written: re.Match[str], universal: bool) -> NamedTime | None:
    year, month, day = (int(written[part]) for part in ("year", "month", "day"))
    try:
        if written["hour"] is not None:
            hour = int(written["hour"])
            if written["half"] and hour <= 12:
                hour = hour % 12 + (12 if written["half"] in "Pp" else 0)
            return NamedTime(datetime(year, month, day, hour, int(written["minute"]), int(written["second"])), True, universal)  # noqa: DTZ001
    except ValueError:
        pass  # the day may still be one: 20190503_999999
    try:
        return NamedTime(datetime(year, month, day), False, False)  # noqa: DTZ001
    except ValueError:
        return None
