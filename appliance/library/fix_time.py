"""Times that a person corrects: a clock that was wrong, a time zone that was not set, the date of one photo that has none.

A change is written as a few words (`shift 60`, `zone Europe/Rome`, `move +02:00`, `set 2019-07-14T10:30:00`): that is what an
action keeps as its name, an address carries and `change_of` reads. Only rows change here; sidecars follow as jobs (sidecars.py),
originals never."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from appliance.accounts.viewer import Family
from appliance.errors import WrongUsage
from appliance.library.access import visible_assets
from appliance.library.assets import PERSON_LOOKS
from appliance.library.capture_time import FIRST_YEAR, LARGEST_OFFSET, LAST_YEAR, CaptureTime
from appliance.store import queue
from appliance.store.db import Reader, Writer

STAGE = "sidecar"
PERSON = "person"
FURTHEST = 200 * 366 * 24 * 60  # minutes; no clock is off by more
ZONE = re.compile(
    r"(?P<sign>[+-])(?P<hours>\d{1,2}):(?P<minutes>[0-5]\d)|[A-Za-z][A-Za-z0-9_+-]{0,30}(/[A-Za-z0-9_+-]{1,30}){0,2}", re.ASCII
)
PART = re.compile(r"(\d{1,6})\s*(d|h|m)[a-z]*", re.ASCII)
UNITS = {"d": 24 * 60, "h": 60, "m": 1}
NO_TIME = "Nothing says when this was taken; set its date instead."
NO_OFFSET = "Its time zone is not known, so that its clock cannot be moved to another."


@dataclass(frozen=True, slots=True)
class Change:
    """`how`: `shift` the clock by `minutes`; `zone`: the clock was right, and this is where it stood; `move` the clock from the
    zone that is known to another; `set` the time of one photo. `value` is the zone or the time."""

    how: str
    minutes: int = 0
    value: str = ""

    def __str__(self) -> str:
        return f"{self.how} {self.minutes if self.how == 'shift' else self.value}"


@dataclass(frozen=True, slots=True)
class Fix:
    """What a change does to one asset; `after` is None when it does nothing, and `why` says why not."""

    asset_id: int
    before: CaptureTime
    after: CaptureTime | None
    why: str = ""


def change_of(text: str) -> Change:
    """Read what `str` of a Change wrote, whoever wrote it; raises WrongUsage with a sentence."""
    how, _, value = text.strip().partition(" ")
    if how == "shift" and re.fullmatch(r"[+-]?\d{1,9}", value, re.ASCII):
        minutes = int(value)
        if minutes and abs(minutes) <= FURTHEST:
            return Change(how, minutes)
    if how in ("zone", "move") and _zone(value) is not None:
        return Change(how, value=value)
    if how == "set" and (moment := _moment(value)) is not None:
        return Change(how, value=moment.isoformat(timespec="seconds"))
    raise WrongUsage(what=f"“{text[:80]}” is no change of a time that Mantel knows.")


def shift_of(text: str) -> Change:
    """Read “+1h”, “-2d 30m”, “1h later”; raises WrongUsage."""
    stripped = text.strip().lower()
    parts = PART.findall(stripped)
    rest = PART.sub("", stripped).strip(" +-,")
    if not parts or rest not in ("", "later", "earlier"):
        raise WrongUsage(what=f"“{text[:80]}” is no shift: write it as +1h, -30m or +2d 3h.")
    minutes = sum(int(count) * UNITS[unit] for count, unit in parts)
    return change_of(f"shift {-minutes if stripped.startswith('-') or rest == 'earlier' else minutes}")


def described(change: Change) -> str:
    """The change in words: “1 hour and 30 minutes later”."""
    match change.how:
        case "shift":
            return f"{_span(abs(change.minutes))} {'later' if change.minutes > 0 else 'earlier'}"
        case "zone":
            return f"time zone {change.value}, with the clock as it is"
        case "move":
            return f"clock and time zone of {change.value}"
        case _:
            return change.value.replace("T", ", ")


def fixes(reader: Reader, viewer: Family, assets: Sequence[int], change: Change, *, limit: int | None = None) -> list[Fix]:
    """Return what `change` would do to those of `assets` that `viewer` sees, in their order; nothing is changed.

    Raises WrongUsage when it would lead to a year that no photo is of, or sets the time of more than one."""
    if change.how == "set" and len(assets) > 1:
        raise WrongUsage(what="A date can be set for one photo at a time: these would all be of the same moment.")
    sql = f"""SELECT asset.id, capture_time, utc_offset, time_source FROM json_each(?) AS chosen
      CROSS JOIN asset ON asset.id = chosen.value WHERE {visible_assets(viewer)} ORDER BY chosen.key LIMIT ?"""
    rows = reader.all(sql, (json.dumps(list(assets)), -1 if limit is None else limit))
    return [_fix(asset_id, CaptureTime(*time), change) for asset_id, *time in rows]


def apply(writer: Writer, viewer: Family, assets: Sequence[int], change: Change) -> list[list[Any]]:
    """Change the rows, and have their sidecars written; return of each that changed [id, before…, after…] for `put_back`."""
    done: list[list[Any]] = []
    for fix in fixes(writer, viewer, assets, change):
        if fix.after is not None:
            _set(writer, fix.asset_id, fix.after)
            done.append([fix.asset_id, *_listed(fix.before), *_listed(fix.after)])
    return done


def put_back(writer: Writer, done: Sequence[Sequence[Any]]) -> int:
    """Undo `apply`: each row that still has the time that it was given gets the one before; return how many."""
    count = 0
    for asset_id, *times in done:
        before, after = times[:3], times[3:]
        sql = "SELECT 1 FROM asset WHERE id=? AND capture_time=? AND utc_offset IS ? AND time_source=?"
        if writer.first(sql, (asset_id, *after)):
            _set(writer, asset_id, CaptureTime(*before))
            count += 1
    return count


def _set(writer: Writer, asset_id: int, time: CaptureTime) -> None:
    sql = "UPDATE asset SET capture_time=?, utc_offset=?, time_source=? WHERE id=?"
    writer.run(sql, (time.local, time.offset, time.source, asset_id))
    queue.add(writer, asset_id, [(STAGE, True)], priority=PERSON_LOOKS)
    queue.again(writer, asset_id, STAGE, priority=PERSON_LOOKS)


def _listed(time: CaptureTime) -> tuple[str, int | None, str]:
    return time.local, time.offset, time.source


def _fix(asset_id: int, before: CaptureTime, change: Change) -> Fix:
    if before.source == "upload" and change.how != "set":
        return Fix(asset_id, before, None, NO_TIME)
    if change.how == "move" and before.offset is None:
        return Fix(asset_id, before, None, NO_OFFSET)
    wall, offset = _changed(datetime.fromisoformat(before.local), before.offset, change)
    if not FIRST_YEAR <= wall.year <= LAST_YEAR:
        raise WrongUsage(what=f"A photo would be of the year {wall.year} then.")
    after = CaptureTime(wall.isoformat(timespec="seconds"), offset, PERSON)
    if (after.local, after.offset) == (before.local, before.offset):
        return Fix(asset_id, before, None, "It is so already.")
    return Fix(asset_id, before, after)


def _changed(wall: datetime, offset: int | None, change: Change) -> tuple[datetime, int | None]:
    try:
        match change.how:
            case "shift":
                return wall + timedelta(minutes=change.minutes), offset
            case "zone":
                return wall, _offset_there(change.value, wall, None)
            case "move":
                there = _offset_there(change.value, wall, offset)
                return wall + timedelta(minutes=there - (offset or 0)), there
            case _:
                moment = datetime.fromisoformat(change.value)
                return moment.replace(tzinfo=None), _minutes(moment) if moment.tzinfo else offset
    except OverflowError:
        raise WrongUsage(what="A photo would be of a year that no calendar has then.") from None


def _offset_there(zone: str, wall: datetime, offset: int | None) -> int:
    """Minutes east of UTC in `zone` when the clock shows `wall` there, or, with an `offset`, at that moment."""
    there = _zone(zone)
    if isinstance(there, ZoneInfo):
        moment = wall.replace(tzinfo=UTC) - timedelta(minutes=offset) if offset is not None else None
        return _minutes(moment.astimezone(there) if moment else wall.replace(tzinfo=there))
    return there or 0


def _minutes(moment: datetime) -> int:
    return round((moment.utcoffset() or timedelta()) / timedelta(minutes=1))


def _zone(text: str) -> ZoneInfo | int | None:
    """The IANA zone of that name, or minutes east of UTC of “+02:00”; None for neither."""
    if not (written := ZONE.fullmatch(text)):
        return None
    if written["sign"]:
        minutes = int(written["hours"]) * 60 + int(written["minutes"])
        return (-minutes if written["sign"] == "-" else minutes) if minutes <= LARGEST_OFFSET else None
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    small = abs(moment.utcoffset() or timedelta()) <= timedelta(minutes=LARGEST_OFFSET)
    return moment if FIRST_YEAR <= moment.year <= LAST_YEAR and small else None


def _span(minutes: int) -> str:
    days, rest = divmod(minutes, UNITS["d"])
    hours, left = divmod(rest, UNITS["h"])
    parts = [(days, "day"), (hours, "hour"), (left, "minute")]
    return " and ".join(f"{count:,} {unit}{'' if count == 1 else 's'}" for count, unit in parts if count)
