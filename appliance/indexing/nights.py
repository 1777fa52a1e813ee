"""When captions that nobody waits for are written, and how long the rest of them will take on this machine.

The owner chooses: any time, in a window of hours, or not at all for now; and at most so many minutes of work a night. What
somebody waits for (a job's priority is above 0) is done at any time. Hours are those of the box's own time zone.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Annotated, Literal

import msgspec

from appliance.errors import CaptionUnusable, WrongUsage
from appliance.store import queue
from appliance.store.db import Reader, Store, Writer
from appliance.store.queue import Job

STAGE = "caption"
CHOICE = "captions"
MINUTE_MS = 60_000
DAY_SECONDS = 24 * 3600
MEASURED = 100  # the mean is of so many of the latest captions
KEPT_MS = 2 * DAY_SECONDS * 1000  # longer than any night
Hour = Annotated[int, msgspec.Meta(ge=0, le=23)]
Minutes = Annotated[int, msgspec.Meta(ge=0, le=24 * 60)]


class Rest(msgspec.Struct, frozen=True):
    """What the owner chose for the rest of the captions. `begins` and `ends` are hours; `minutes` of work a night, 0: no limit."""

    when: Literal["any", "night", "paused"] = "any"
    begins: Hour = 23
    ends: Hour = 6
    minutes: Minutes = 0


@dataclass(frozen=True, slots=True)
class Night:
    """A window, in milliseconds since 1970 UTC: open from `opens` on, closed from `closes` on."""

    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """`left` captions at `seconds` each (None: none was measured yet), of which `work` seconds are done a night or a day.

    `days` is None when nobody can know: nothing was measured, or the rest is paused.
    """

    rest: Rest
    left: int
    seconds: float | None
    days: float | None


def chosen(reader: Reader) -> Rest:
    """Return the owner's choice; without one, and for one that this version does not understand: any time."""
    try:
        return msgspec.json.decode(reader.value("SELECT value FROM choice WHERE name=?", (CHOICE,), "{}"), type=Rest)
    except msgspec.MsgspecError:
        return Rest()


def choose(writer: Writer, rest: Rest) -> None:
    """Keep the owner's choice. Raises WrongUsage for hours and minutes that there are not."""
    try:
        msgspec.convert(msgspec.to_builtins(rest), Rest)
    except msgspec.ValidationError:
        raise WrongUsage(what="Hours are 0 to 23, and a night has at most 1,440 minutes.") from None
    if rest.when == "night" and rest.begins == rest.ends:
        raise WrongUsage(what="The hours must differ: for the whole day, choose any time.")
    writer.run("INSERT OR REPLACE INTO choice(name, value) VALUES(?,?)", (CHOICE, msgspec.json.encode(rest).decode()))


def night(rest: Rest, now: int, zone: tzinfo | None = None) -> Night:
    """Return the window that is open at `now`, else the next one; for `any` it is the day. `zone` None: that of the box.

    An hour that the clocks skip is not there, one that they repeat is there twice.
    """
    today = datetime.fromtimestamp(now / 1000, zone).replace(tzinfo=None, hour=0, minute=0, second=0, microsecond=0)
    nights = (_night_of(rest, today + timedelta(days=days), zone) for days in range(-1, 4))
    return next(night for night in nights if max(now, night.opens) < night.closes)


def waits_for(reader: Reader, now: int, zone: tzinfo | None = None) -> str:
    """Return why the rest must wait now, in a few words for people; empty when it need not."""
    rest = chosen(reader)
    if rest.when == "paused":
        return "The rest is paused"
    window = night(rest, now, zone)
    if now < window.opens:
        return f"The rest waits until {rest.begins:02}:00"
    if rest.minutes and _worked(reader, window.opens) >= rest.minutes * MINUTE_MS:
        return "The rest waits for the next night" if rest.when == "night" else "The rest waits until midnight"
    return ""


def held(reader: Reader, now: int, zone: tzinfo | None = None) -> tuple[str, ...]:
    """Return the stages whose rest must wait now, for store.queue: captions outside the window or when the budget is used up."""
    return (STAGE,) if waits_for(reader, now, zone) else ()


@contextmanager
def measured(store: Store, job: Job, model: str, clock: Callable[[], int]) -> Iterator[None]:
    """Keep how long the work inside took, when it is a caption; nonsense takes as long as a sentence, and counts too."""
    began = time.monotonic()
    try:
        yield
    except CaptionUnusable:
        _keep_work(store, job, model, time.monotonic() - began, clock())
        raise
    if job.stage == STAGE:
        _keep_work(store, job, model, time.monotonic() - began, clock())


def estimate(reader: Reader, model: str) -> Estimate:
    """Return how long the captions that are left take `model`, from what the latest ones took."""
    rest = chosen(reader)
    left = int(
        reader.value(
            "SELECT coalesce(sum(jobs), 0) FROM job_count WHERE stage=? AND state IN ('waiting','running','blocked')", (STAGE,)
        )
    )
    seconds = _seconds_a_caption(reader, model)
    urgent = min(left, queue.urgent(reader, [STAGE]))
    days = None
    if seconds is not None and rest.when != "paused":
        days = urgent * seconds / DAY_SECONDS + (left - urgent) * seconds / _nightly(rest)
    return Estimate(rest, left, seconds, days)


def sentence(estimate: Estimate) -> str:
    """“About 12 nights at 41 s a caption.” Empty when nothing is left."""
    if not estimate.left:
        return ""
    if estimate.seconds is None:
        return "Nobody knows yet how long the rest takes on this machine: it is measured from the first caption on."
    pace = f"at {_short(estimate.seconds)} a caption"
    if estimate.days is None:
        return f"The rest is paused; it is about {_span(estimate.left * estimate.seconds)} of work {pace}."
    return f"About {spell(estimate)} {pace}."


def spell(estimate: Estimate) -> str:
    """“12 nights”, “3 hours”; empty when nobody knows."""
    if estimate.days is None or not estimate.left:
        return ""
    if estimate.rest.when == "night":
        nights = max(1, round(estimate.days))
        return f"{nights:,} night{'s' if nights > 1 else ''}"
    return _span(estimate.days * DAY_SECONDS)


def _night_of(rest: Rest, day: datetime, zone: tzinfo | None) -> Night:
    """The night that begins on `day`, given as local midnight without a zone."""
    begins, ends = (0, 24) if rest.when == "any" else (rest.begins, rest.ends + (24 if rest.ends <= rest.begins else 0))
    opens, closes = ((day + timedelta(hours=hour)).replace(tzinfo=zone).timestamp() for hour in (begins, ends))
    return Night(round(opens * 1000), round(closes * 1000))


def _nightly(rest: Rest) -> float:
    """Seconds of work in one night, or one day."""
    hours = ((rest.ends - rest.begins) % 24 or 24) if rest.when == "night" else 24
    return float(min(hours * 3600, rest.minutes * 60 or DAY_SECONDS))


def _worked(reader: Reader, since: int) -> int:
    """Milliseconds of work on the rest that ended at `since` or later."""
    sql = "SELECT coalesce(sum(milliseconds), 0) FROM caption_work WHERE ended_at >= ? AND rest = 1"
    return int(reader.value(sql, (since,)))


def _seconds_a_caption(reader: Reader, model: str) -> float | None:
    sql = "SELECT avg(milliseconds) / 1000 FROM (SELECT milliseconds FROM caption_work WHERE model=? ORDER BY id DESC LIMIT ?)"
    seconds: float | None = reader.value(sql, (model, MEASURED))
    return seconds


def _keep_work(store: Store, job: Job, model: str, seconds: float, now: int) -> None:
    """One row more; what is older than any night goes, but for the latest."""
    with store.write() as writer:
        number = writer.insert(
            "INSERT INTO caption_work(model, rest, milliseconds, ended_at) VALUES(?,?,?,?)",
            (model, int(job.priority <= 0), round(seconds * 1000), now),
        )
        writer.run("DELETE FROM caption_work WHERE ended_at < ? AND id <= ?", (now - KEPT_MS, number - MEASURED))


def _short(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds >= 9.5 else f"{max(seconds, 0.1):.1f} s"


def _span(seconds: float) -> str:
    for unit, length, least in (("day", DAY_SECONDS, 2 * DAY_SECONDS), ("hour", 3600, 5400), ("minute", 60, 0)):
        if seconds >= least:
            count = max(1, round(seconds / length))
            return f"{count:,} {unit}{'s' if count > 1 else ''}"
    return ""
