"""Protected against total over time, for the plot: what the runs wrote down."""

from dataclasses import dataclass

from appliance.backup.state import DAY_MS
from appliance.store.db import Reader


@dataclass(frozen=True, slots=True)
class Point:
    """At the end of the day that `at` (milliseconds since 1970 UTC) begins: files that should be in every repository, and those in
    the repository that had the fewest."""

    at: int
    expected: int
    held: int


def protected_over_time(reader: Reader, *, now: int, days: int = 90) -> tuple[Point, ...]:
    """Return a point for each of the last `days` on which a run ended; a repository without a run that day keeps its count."""
    rows = reader.all(
        """SELECT repository_id, ended_at / :day AS day, files_expected, files_held FROM backup_run
          WHERE ended_at > :since AND ended_at <= :now AND files_expected > 0 AND outcome IN ('complete', 'in part', 'failed')
          ORDER BY ended_at, id""",
        {"day": DAY_MS, "since": now - days * DAY_MS, "now": now},
    )
    points: dict[int, Point] = {}
    latest: dict[int, int] = {}
    for repository, day, expected, held in rows:
        latest[repository] = held
        points[day] = Point(day * DAY_MS, expected, min(expected, *latest.values()))
    return tuple(points.values())
