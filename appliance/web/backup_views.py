"""What the rows say about backups, in the words of the pages. Pure functions."""

from collections.abc import Sequence
from datetime import UTC, datetime

from appliance.backup.health import Finding, is_fresh, is_good
from appliance.backup.history import Point
from appliance.backup.state import Copy, State
from appliance.backup.until import Source
from appliance.backup.wording import age
from appliance.web import wording
from appliance.web.contexts_backup import CopyView, PlotView, RunView, SourceView, TodoView

PICTURES = {"safe": "done", "attention": "warning", "not safe": "warning"}
KINDS = {"local": "a disk", "sftp": "SFTP", "s3": "S3", "rest": "a rest-server", "rclone": "an rclone remote"}
PAGES = {
    "add": "/backup/add", "sheet": "/backup/sheet", "files": "/backup/files", "alarms": "/backup/files#alarms",
}  # fmt: skip
OUTCOMES = {
    "complete": ("Complete", "done"),
    "passed": ("Passed", "done"),
    "in part": ("In part", "warning"),
    "failed": ("Failed", "warning"),
    "damaged": ("Damage found", "warning"),
    "waiting": ("Waited", "waiting"),
    "stopped": ("Stopped", "pause"),
    "running": ("Running", "backup"),
}
PLOT_WIDTH, PLOT_HEIGHT, PLOT_EDGE = 600, 140, 6


def day(moment: int) -> str:
    """Milliseconds since 1970 UTC → “14 July 2024”."""
    return wording.day(datetime.fromtimestamp(moment / 1000, UTC).isoformat())


def todo(finding: Finding) -> TodoView:
    href = PAGES.get(finding.verb, "")
    action = f"/backup/{finding.verb}" if finding.verb and not href else ""
    return TodoView(finding.sentence, finding.colour == "not safe", finding.button, href, action, finding.repository or 0)


def live(state: State) -> CopyView:
    """This box as the first of the copies."""
    bad = sum(state.alarms.values())
    seen = f"{wording.ago(state.rehashed_at, state.now)} or later" if state.rehashed_at is not None else "not yet"
    facts = (("Originals", wording.number(state.files)), ("Every file read again", seen))
    words = f"{wording.counted(bad, 'file')} not as it should be" if bad else "In use"
    return CopyView(
        0, "This box", "The library itself", "", "warning" if bad else "done", words, not bad, facts, "", 0, 0, "", False
    )


def copy(one: Copy, state: State) -> CopyView:
    running = one.last if one.last and one.is_running(state.now) else None
    words = _age(one, state.now)
    good = is_good(one, state)
    return CopyView(
        id=one.id,
        name=one.name,
        place=_place(one),
        where=one.address,
        picture="done" if good else "pause" if one.paused_at is not None else "warning",
        state=words,
        good=good,
        facts=tuple(_facts(one, state)),
        doing=(running.doing or "Backing up") if running else "",
        done=running.done_bytes if running else 0,
        total=running.total_bytes if running else 0,
        left=_left(running.done_bytes, running.total_bytes, running.seconds_left) if running else "",
        paused=one.paused_at is not None,
    )


def _place(one: Copy) -> str:
    if one.same_disk:
        return "On the library's own disk, so it does not count as a copy"
    return f"{'Elsewhere' if one.offsite else 'At home'}, on {KINDS[one.kind]}"


def _age(one: Copy, now: int) -> str:
    if one.complete_at is None:
        return "No complete backup yet"
    return f"Complete {age(now - one.complete_at)} ago" + ("" if is_fresh(one, now) else ", too old")


def _left(done: int, total: int, seconds: int | None) -> str:
    if not total:
        return ""
    words = f"{wording.size(done)} of {wording.size(total)}"
    return words if seconds is None else f"{words}, {wording.counted(max(1, seconds // 60), 'minute')} left"


def _facts(one: Copy, state: State) -> list[tuple[str, str]]:
    def when(moment: int | None) -> str:
        return "never" if moment is None else wording.ago(moment, state.now)

    held = state.files - one.unprotected if one.complete_at is not None else 0
    facts = [
        ("Originals in it", f"{wording.number(held)} of {wording.number(state.files)}"),
        ("Last passed check", when(one.checked_at)),
        ("Data read and compared in 30 days", f"{one.coverage:.0%}"),
        ("Last passed drill", when(one.drill_passed_at)),
        ("Recovery passphrase typed back", day(one.key_confirmed_at) if one.key_confirmed_at else "never"),
        ("Can be deleted from here", "no, it only takes new data" if one.append_only else "yes"),
    ]
    if one.per_week:
        facts.append(("Grows by", f"{wording.size(one.per_week)} a week"))
    if one.days_until_full is not None:
        facts.append(("Full", f"in about {wording.counted(one.days_until_full, 'day')}"))
    return facts


def source(one: Source) -> SourceView:
    who = one.name or "Added at the command line"
    if one.until is None:
        return SourceView(who, "nothing yet: two good copies are needed, one of them away from home", False)
    words = f"what was taken up to {wording.day(one.until)}"
    return SourceView(who, words if not one.all else f"everything that was added, {words}", True)


def plot(points: Sequence[Point]) -> PlotView | None:
    """None while there is nothing to draw."""
    if len(points) < 2:
        return None
    first, last = points[0], points[-1]
    most = max(point.expected for point in points) or 1

    def line(values: list[int]) -> str:
        return " ".join(
            f"{PLOT_EDGE + (point.at - first.at) / max(1, last.at - first.at) * (PLOT_WIDTH - 2 * PLOT_EDGE):.1f},"
            f"{PLOT_HEIGHT - PLOT_EDGE - value / most * (PLOT_HEIGHT - 2 * PLOT_EDGE):.1f}"
            for point, value in zip(points, values, strict=True)
        )

    summary = (
        f"Files in every copy, from {wording.number(first.held)} of {wording.number(first.expected)} on {day(first.at)} "
        f"to {wording.number(last.held)} of {wording.number(last.expected)} on {day(last.at)}"
    )
    rows = tuple((day(point.at), wording.number(point.held), wording.number(point.expected)) for point in reversed(points))
    return PlotView(
        line([point.expected for point in points]), line([point.held for point in points]), PLOT_WIDTH, PLOT_HEIGHT,
        day(first.at), day(last.at), summary, rows,
    )  # fmt: skip


def run(row: tuple, now: int) -> RunView:  # type: ignore[type-arg]
    """`row` as HISTORY gives it."""
    what, number, where, at, outcome, reason = row
    words, picture = OUTCOMES[outcome]
    return RunView(wording.ago(at, now), what, where, words, picture, reason, f"/backup/drills/{number}" if what == "Drill" else "")


HISTORY = """SELECT what, number, repository.name, at, outcome, reason FROM (
    SELECT 'Backup' AS what, id AS number, repository_id, started_at AS at, outcome,
      reason || CASE WHEN retention <> '' THEN ' ' || retention ELSE '' END AS reason FROM backup_run
    UNION ALL SELECT CASE WHEN kind = 'data' THEN 'Reading part ' || part || ' of ' || parts ELSE 'Check' END, id, repository_id,
      started_at, outcome, reason FROM backup_check
    UNION ALL SELECT 'Drill', id, repository_id, started_at, outcome, reason FROM drill)
  JOIN repository ON repository.id = repository_id WHERE at < :before ORDER BY at DESC LIMIT :limit"""
"""Runs, checks and drills of every repository, the newest first."""


def moment(milliseconds: int) -> str:
    """“14 July 2024, 03:12 UTC”."""
    told = datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat()
    return f"{wording.day(told)}, {wording.clock(told)} UTC"
