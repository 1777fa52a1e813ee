"""Long work is a row: claimed by compare-and-set, leased, finished with its result in one transaction, or failed with a reason.

States: blocked (waits for another stage of the same asset) → waiting → running → done | failed.
A lease that runs out (the process was killed) puts the job back to waiting; its attempt still counts.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from appliance.store.db import Reader, Writer

MAX_ATTEMPTS = 3
MAX_DEATHS = 20
BACK_OFF_MS = (2_000, 30_000)


@dataclass(frozen=True, slots=True)
class Job:
    """One claimed stage of one asset; `claimed_by` is the claim that may finish it, `priority` above 0 says that somebody waits."""

    id: int
    stage: str
    asset_id: int
    attempts: int
    claimed_by: str
    priority: int


@dataclass(frozen=True, slots=True)
class StageCount:
    """How far one stage is; `per_minute` counts what was finished in the last minute."""

    stage: str
    done: int
    waiting: int
    running: int
    failed: int
    blocked: int
    per_minute: int
    paused: bool


def add(writer: Writer, asset_id: int, stages: Sequence[tuple[str, bool]], *, priority: int) -> None:
    """Add one job per (stage, ready) of an asset; a job that exists already is left alone."""
    writer.many(
        "INSERT OR IGNORE INTO job(stage, asset_id, state, priority) VALUES(?,?,?,?)",
        [(stage, asset_id, "waiting" if ready else "blocked", priority) for stage, ready in stages],
    )


COLUMNS = "id, stage, asset_id, attempts, claimed_by, priority"  # of a Job

# The first of each stage from the index, then the most urgent of these: as quick for 400,000 waiting jobs as for four.
NEXT = """
  SELECT job.id FROM json_each(:stages) AS wanted CROSS JOIN job ON job.id = (
    SELECT first.id FROM job AS first WHERE first.state='waiting' AND first.stage = wanted.value AND first.not_before <= :now
    ORDER BY first.priority DESC, first.id LIMIT 1)
  WHERE wanted.value NOT IN (SELECT stage FROM paused_stage)
    AND (job.priority > 0 OR wanted.value NOT IN (SELECT value FROM json_each(:held))) ORDER BY job.priority DESC, job.id LIMIT 1"""


def claim(writer: Writer, stages: Collection[str], *, by: str, now: int, lease_ms: int, held: Collection[str] = ()) -> Job | None:
    """Claim the most urgent waiting job of `stages` that is not paused, or return None. Of a stage that is `held` only what
    somebody waits for (a priority above 0) is claimed."""
    row = writer.first(
        f"""UPDATE job SET state='running', attempts=attempts+1, claimed_by=:by, lease_until=:lease
            WHERE id = ({NEXT}) AND state='waiting' RETURNING {COLUMNS}""",
        {"by": by, "lease": now + lease_ms, **_wanted(stages, held, now)},
    )
    return Job(*row) if row else None


def waits(reader: Reader, stages: Collection[str], *, now: int, held: Collection[str] = ()) -> bool:
    """True when `claim` would find a job: asked first, because looking needs no write lock."""
    return reader.first(NEXT, _wanted(stages, held, now)) is not None


def urgent(reader: Reader, stages: Collection[str]) -> int:
    """Return how many jobs of `stages` wait and have somebody who waits for them."""
    sql = "SELECT count(*) FROM job WHERE state='waiting' AND stage IN (SELECT value FROM json_each(?)) AND priority > 0"
    return int(reader.value(sql, (json.dumps(sorted(stages)),)))


def _wanted(stages: Collection[str], held: Collection[str], now: int) -> dict[str, str | int]:
    return {"stages": json.dumps(sorted(stages)), "held": json.dumps(sorted(held)), "now": now}


def finish(writer: Writer, job: Job, *, version: str, now: int, unblocks: Sequence[str] = ()) -> bool:
    """Mark `job` done and make ready the blocked stages of the same asset in `unblocks`.

    Returns False when the claim was lost (lease over, asset gone): the caller must then write no result.
    """
    changed = writer.run(
        """UPDATE job SET state='done', version=?, finished_at=?, reason=NULL, lease_until=NULL, claimed_by=NULL
           WHERE id=? AND state='running' AND claimed_by=?""",
        (version, now, job.id, job.claimed_by),
    )
    if changed:
        for stage in unblocks:
            writer.run("UPDATE job SET state='waiting' WHERE asset_id=? AND stage=? AND state='blocked'", (job.asset_id, stage))
    return bool(changed)


def fail(writer: Writer, job: Job, *, reason: str, now: int, final: bool) -> None:
    """Record a failure. `final` (bad input, repeating won't help) or the third attempt ends it; else it waits and tries again."""
    ended = final or job.attempts >= MAX_ATTEMPTS
    delay = BACK_OFF_MS[min(job.attempts, len(BACK_OFF_MS)) - 1]
    writer.run(
        """UPDATE job SET state=?, reason=?, not_before=?, finished_at=?, lease_until=NULL, claimed_by=NULL
           WHERE id=? AND state='running' AND claimed_by=?""",
        ("failed" if ended else "waiting", reason[:500], now + delay, now, job.id, job.claimed_by),
    )


def release(writer: Writer, job: Job, *, not_before: int = 0) -> None:
    """Give a claimed job back as if it had not been tried (a clean stop, or its model is away)."""
    writer.run(
        """UPDATE job SET state='waiting', attempts=attempts-1, not_before=?, lease_until=NULL, claimed_by=NULL
           WHERE id=? AND state='running' AND claimed_by=?""",
        (not_before, job.id, job.claimed_by),
    )


def recover(writer: Writer, *, now: int) -> int:
    """Put back what a killed process had claimed. A job that took its process down three times is failed instead."""
    writer.run(
        """UPDATE job SET state='failed', reason='The process that worked on it was killed three times.', finished_at=?
           WHERE state='running' AND lease_until < ? AND attempts >= ?""",
        (now, now, MAX_ATTEMPTS),
    )
    return writer.run(
        "UPDATE job SET state='waiting', lease_until=NULL, claimed_by=NULL WHERE state='running' AND lease_until < ?", (now,)
    )


def claimers(reader: Reader) -> list[str]:
    """Return who holds a running job."""
    return [by for (by,) in reader.all("SELECT DISTINCT claimed_by FROM job WHERE state='running' AND claimed_by IS NOT NULL")]


def release_all(writer: Writer, claimed_by: str, *, now: int) -> int:
    """Give back every job of a claimer that is known to be dead, as if it had not been tried; return how many.

    A power cut is nobody's fault, so a death costs no attempt; but a job that was there at MAX_DEATHS of them is set aside.
    """
    writer.run(
        """UPDATE job SET state='failed', finished_at=?, lease_until=NULL, claimed_by=NULL,
             reason='The process that worked on it died again and again.'
           WHERE state='running' AND claimed_by=? AND deaths + 1 >= ?""",
        (now, claimed_by, MAX_DEATHS),
    )
    return writer.run(
        """UPDATE job SET state='waiting', attempts=max(attempts-1, 0), deaths=deaths+1, lease_until=NULL, claimed_by=NULL
           WHERE state='running' AND claimed_by=?""",
        (claimed_by,),
    )


def renew(writer: Writer, job: Job, *, now: int, lease_ms: int) -> None:
    """Keep a long job's lease."""
    writer.run("UPDATE job SET lease_until=? WHERE id=? AND claimed_by=?", (now + lease_ms, job.id, job.claimed_by))


def raise_priority(writer: Writer, asset_id: int, *, priority: int) -> None:
    """A person looks at this asset: what is left to do for it goes first."""
    writer.run("UPDATE job SET priority=max(priority, ?) WHERE asset_id=? AND state IN ('waiting','blocked')", (priority, asset_id))


# From the assets to their jobs: the other way round reads every job of the stage.
_STILL_TO_DO = """FROM json_each(?) AS asset CROSS JOIN job ON job.asset_id = asset.value AND job.stage = ?
  WHERE job.state IN ('waiting','blocked')"""


def behind(reader: Reader, asset_ids: Collection[int], stage: str, *, priority: int) -> list[int]:
    """Return those of `asset_ids` whose `stage` is still to be done, at a lower priority."""
    rows = reader.all(f"SELECT job.asset_id {_STILL_TO_DO} AND priority < ?", (json.dumps(sorted(asset_ids)), stage, priority))
    return [asset_id for (asset_id,) in rows]


def hurry(writer: Writer, asset_ids: Collection[int], stage: str, *, priority: int) -> None:
    """Let one stage of these assets come before what nobody waits for."""
    writer.run(
        f"UPDATE job SET priority=max(priority, ?) WHERE id IN (SELECT job.id {_STILL_TO_DO})",
        (priority, json.dumps(sorted(asset_ids)), stage),
    )


def settle(writer: Writer, asset_id: int, stage: str) -> None:
    """The opposite of `again`: what waits or runs counts as done, with the result that is there; a running job loses its claim."""
    writer.run(
        """UPDATE job SET state='done', attempts=0, reason=NULL, lease_until=NULL, claimed_by=NULL
           WHERE asset_id=? AND stage=? AND state IN ('waiting','running')""",
        (asset_id, stage),
    )


def again(writer: Writer, asset_id: int, stage: str, *, priority: int) -> None:
    """Let one stage of one asset run again from its first attempt; what is running right now loses its claim."""
    writer.run(
        """UPDATE job SET state='waiting', attempts=0, deaths=0, not_before=0, reason=NULL, lease_until=NULL, claimed_by=NULL,
           priority=max(priority, ?) WHERE asset_id=? AND stage=? AND state <> 'blocked'""",
        (priority, asset_id, stage),
    )


def pause(writer: Writer, stage: str, *, now: int) -> None:
    writer.run("INSERT OR IGNORE INTO paused_stage VALUES(?,?)", (stage, now))


def resume(writer: Writer, stage: str) -> None:
    writer.run("DELETE FROM paused_stage WHERE stage=?", (stage,))


def retry_failed(writer: Writer, stage: str | None = None, asset_id: int | None = None) -> int:
    """Give failed jobs (of one stage, of one asset, or all) three new attempts; return how many."""
    return writer.run(
        """UPDATE job SET state='waiting', attempts=0, deaths=0, not_before=0, reason=NULL
           WHERE state='failed' AND stage=coalesce(?, stage) AND asset_id=coalesce(?, asset_id)""",
        (stage, asset_id),
    )


def counts(reader: Reader, stages: Sequence[str], *, now: int) -> list[StageCount]:
    """One StageCount per stage, in the order given."""
    by_state: dict[tuple[str, str], int] = {
        (stage, state): jobs for stage, state, jobs in reader.all("SELECT stage, state, jobs FROM job_count")
    }
    recent = {
        stage: reader.value("SELECT count(*) FROM job WHERE stage=? AND state='done' AND finished_at > ?", (stage, now - 60_000))
        for stage in stages
    }
    paused = {stage for (stage,) in reader.all("SELECT stage FROM paused_stage")}
    return [
        StageCount(
            stage=stage,
            done=by_state.get((stage, "done"), 0),
            waiting=by_state.get((stage, "waiting"), 0),
            running=by_state.get((stage, "running"), 0),
            failed=by_state.get((stage, "failed"), 0),
            blocked=by_state.get((stage, "blocked"), 0),
            per_minute=recent[stage],
            paused=stage in paused,
        )
        for stage in stages
    ]
