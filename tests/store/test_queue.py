"""Jobs as rows: claimed once, retried, paused, recovered."""

import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appliance.store import queue
from appliance.store.db import Store, Writer
from appliance.store.queue import Job

STAGES = ("derivatives", "text", "caption")
LEASE = 60_000


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "mantel.db", tmp_path / "copies")


def new_asset(writer: Writer, number: int) -> int:
    return writer.insert(
        """INSERT INTO asset(sha256, original, file_name, bytes, modified_at, format, kind, capture_time, time_source, added_at)
           VALUES(?,?,?,1,1,'jpeg','photo','2024-05-01T12:00:00','exif',1)""",
        (f"{number:064x}", f"2024/{number}.jpg", f"{number}.jpg"),
    )


def add_assets(store: Store, count: int, *, priority: int = 0) -> list[int]:
    with store.write() as writer:
        ids = [new_asset(writer, writer.value("SELECT count(*) FROM asset") + 1) for _ in range(count)]
        for asset_id in ids:
            queue.add(writer, asset_id, [("derivatives", True), ("text", False), ("caption", False)], priority=priority)
    return ids


def claim(store: Store, *, now: int = 1000, by: str = "worker", stages: tuple[str, ...] = STAGES) -> Job | None:
    with store.write() as writer:
        return queue.claim(writer, stages, by=by, now=now, lease_ms=LEASE)


def must_claim(store: Store, *, now: int = 1000) -> Job:
    job = claim(store, now=now)
    assert job
    return job


def states(store: Store) -> dict[str, int]:
    with store.read() as reader:
        return dict(reader.all("SELECT state, count(*) FROM job GROUP BY state"))


def test_many_workers_claim_every_job_once(store: Store) -> None:
    add_assets(store, 60)
    claimed: list[int] = []

    def work(name: str) -> None:
        while job := claim(store, by=name):
            claimed.append(job.id)

    threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(claimed) == len(set(claimed)) == 60


def test_what_a_person_waits_for_goes_first(store: Store) -> None:
    add_assets(store, 3)
    (urgent,) = add_assets(store, 1, priority=50)
    assert must_claim(store).asset_id == urgent
    with store.write() as writer:
        queue.raise_priority(writer, 2, priority=90)
    assert must_claim(store).asset_id == 2


def test_a_finished_stage_makes_the_next_one_ready(store: Store) -> None:
    add_assets(store, 1)
    job = must_claim(store)
    assert claim(store) is None
    with store.write() as writer:
        assert queue.finish(writer, job, version="v1", now=2000, unblocks=["text"])
    assert must_claim(store).stage == "text"


def test_a_lost_claim_cannot_finish(store: Store) -> None:
    add_assets(store, 1)
    slow = must_claim(store, now=0)
    with store.write() as writer:
        queue.recover(writer, now=LEASE + 1)
    fast = claim(store, now=LEASE + 2, by="another")
    assert fast and fast.id == slow.id
    with store.write() as writer:
        assert not queue.finish(writer, slow, version="v1", now=LEASE + 3)
        assert queue.finish(writer, fast, version="v1", now=LEASE + 3)


def test_three_failures_end_it_with_a_reason_and_a_retry_begins_anew(store: Store) -> None:
    add_assets(store, 1)
    now = 0
    for _ in range(queue.MAX_ATTEMPTS):
        job = must_claim(store, now=now)
        with store.write() as writer:
            queue.fail(writer, job, reason="the lens cap was on", now=now, final=False)
        assert claim(store, now=now) is None
        now += 60_000
    assert states(store) == {"failed": 1, "blocked": 2}
    with store.write() as writer:
        assert queue.retry_failed(writer, "derivatives") == 1
    assert must_claim(store, now=now).attempts == 1


def test_bad_input_is_not_tried_again(store: Store) -> None:
    add_assets(store, 1)
    job = must_claim(store)
    with store.write() as writer:
        queue.fail(writer, job, reason="not a picture", now=1, final=True)
    assert states(store)["failed"] == 1


def test_a_job_that_kills_its_process_three_times_is_set_aside(store: Store) -> None:
    add_assets(store, 1)
    for k in range(queue.MAX_ATTEMPTS):
        must_claim(store, now=k * 2 * LEASE)
        with store.write() as writer:
            queue.recover(writer, now=(k * 2 + 1) * LEASE + 1)
    assert states(store)["failed"] == 1


def test_a_paused_stage_is_not_claimed(store: Store) -> None:
    add_assets(store, 1)
    with store.write() as writer:
        queue.pause(writer, "derivatives", now=1)
    assert claim(store) is None
    with store.write() as writer:
        queue.resume(writer, "derivatives")
    assert claim(store)


def test_a_clean_stop_costs_no_attempt(store: Store) -> None:
    add_assets(store, 1)
    job = must_claim(store)
    with store.write() as writer:
        queue.release(writer, job)
    assert must_claim(store).attempts == 1


def test_counts_say_how_far_each_stage_is(store: Store) -> None:
    add_assets(store, 3)
    job = must_claim(store)
    with store.write() as writer:
        queue.finish(writer, job, version="v1", now=5000, unblocks=["text"])
        queue.pause(writer, "caption", now=1)
    with store.read() as reader:
        derivatives, text, caption = queue.counts(reader, STAGES, now=6000)
    assert (derivatives.done, derivatives.waiting, derivatives.per_minute) == (1, 2, 1)
    assert (text.waiting, text.blocked) == (1, 2)
    assert caption.paused and caption.blocked == 3


STEPS = st.lists(st.sampled_from(["claim", "finish", "fail", "release", "recover", "pause", "resume", "retry"]), max_size=40)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_no_order_of_events_loses_a_job(store: Store, steps: list[str]) -> None:
    with store.write() as writer:
        writer.run("DELETE FROM asset")
        writer.run("DELETE FROM paused_stage")
    add_assets(store, 3)
    now, held = 0, list[Job]()
    for step in steps:
        now += 40_000
        with store.write() as writer:
            if step == "claim":
                held += [job] if (job := queue.claim(writer, STAGES, by=f"c{now}", now=now, lease_ms=LEASE)) else []
            elif step == "recover":
                queue.recover(writer, now=now)
            elif step == "pause":
                queue.pause(writer, "derivatives", now=now)
            elif step == "resume":
                queue.resume(writer, "derivatives")
            elif step == "retry":
                queue.retry_failed(writer)
            elif held and step == "finish":
                queue.finish(writer, held.pop(), version="1", now=now)
            elif held and step == "fail":
                queue.fail(writer, held.pop(), reason="no", now=now, final=False)
            elif held and step == "release":
                queue.release(writer, held.pop())
    counted = states(store)
    assert sum(counted.values()) == 9
    with store.read() as reader:
        assert reader.value("SELECT count(*) FROM job WHERE (state='running') != (lease_until IS NOT NULL)") == 0
        assert reader.value("SELECT count(*) FROM job WHERE attempts < 0 OR attempts > 3") == 0


def test_the_most_urgent_of_all_stages_is_claimed_and_paused_ones_are_left(store: Store) -> None:
    add_assets(store, 2)
    with store.write() as writer:
        writer.run("UPDATE job SET state='waiting'")
        writer.run("UPDATE job SET priority=7 WHERE stage='text' AND asset_id=2")
        writer.run("UPDATE job SET priority=9, not_before=5000 WHERE stage='caption' AND asset_id=2")
    assert [(job.stage, job.asset_id) for job in (must_claim(store), must_claim(store))] == [("text", 2), ("derivatives", 1)]
    with store.write() as writer:
        queue.pause(writer, "derivatives", now=1)
    assert (must_claim(store).stage, must_claim(store, now=6000).stage) == ("text", "caption")


def test_looking_for_the_next_of_many_jobs_reads_one_of_each_stage(store: Store) -> None:
    with store.read() as reader:
        parameters = {"stages": '["text","caption"]', "held": '["caption"]', "now": 1}
        plan = " ".join(str(row[3]) for row in reader.all(f"EXPLAIN QUERY PLAN {queue.NEXT}", parameters))
    assert "SEARCH first USING INDEX job_next (stage=?)" in plan, plan
