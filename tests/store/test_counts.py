"""What triggers count is what counting anew would give, whatever happened before."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import apsw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.store import migrations, queue
from appliance.store.db import Reader, Writer
from appliance.store.queue import Job
from tests.databases import new_store

STAGES = ("derivatives", "text", "caption")
DAYS = ("2023-12-31T23:59:59", "2024-01-01T00:00:00", "2024-01-15T12:00:00")
ASSET = """INSERT INTO asset(sha256, original, file_name, bytes, modified_at, format, kind, capture_time, time_source, added_at)
           VALUES(?,?,'x.jpg',1,1,'jpeg','photo',?,?,1)"""
JOBS_COUNTED_ANEW = "SELECT stage, state, count(*) FROM job GROUP BY stage, state ORDER BY stage, state"
MONTHS_COUNTED_ANEW = """SELECT substr(capture_time, 1, 7) AS month, count(*), sum(time_source <> 'upload') FROM asset
                         WHERE deleted_at IS NULL AND hidden = 0 GROUP BY month ORDER BY month"""


def kept_jobs(reader: Reader) -> list[tuple[Any, ...]]:
    return reader.all("SELECT stage, state, jobs FROM job_count WHERE jobs <> 0 ORDER BY stage, state")


def kept_months(reader: Reader) -> list[tuple[Any, ...]]:
    return reader.all("SELECT month, assets, dated FROM month WHERE assets <> 0 OR dated <> 0 ORDER BY month")


def add_asset(writer: Writer, day: int, source: str) -> int:
    number = 1 + int(writer.value("SELECT coalesce(max(id), 0) FROM asset"))
    return writer.insert(ASSET, (f"{number:064}", f"{number}.jpg", DAYS[day % len(DAYS)], source))


def step(writer: Writer, act: str, number: int) -> None:
    """One thing that Mantel does; `number` says to which asset, stage or day."""
    assets = [asset for (asset,) in writer.all("SELECT id FROM asset ORDER BY id")]
    asset = assets[number % len(assets)] if assets else 0
    if act == "add":
        asset = add_asset(writer, number, "exif" if number % 2 else "upload")
        queue.add(writer, asset, [(stage, stage != "text") for stage in STAGES], priority=0)
    elif act == "add again" and asset:
        queue.add(writer, asset, [("text", True)], priority=0)
    elif act in WITH_ASSETS:
        writer.run(WITH_ASSETS[act], {"asset": asset, "day": DAYS[number % len(DAYS)]})
    else:
        work(writer, act, asset, number)


def work(writer: Writer, act: str, asset: int, number: int) -> None:
    claimed = writer.first(f"SELECT {queue.COLUMNS} FROM job WHERE state='running' ORDER BY id")
    job = Job(*claimed) if claimed else Job(0, "text", 0, 1, "nobody", 0)
    match act:
        case "claim":
            queue.claim(writer, STAGES, by="worker", now=10**6, lease_ms=number)
        case "finish":
            queue.finish(writer, job, version="1", now=10**6, unblocks=["text"])
        case "fail":
            queue.fail(writer, job, reason="broken", now=0, final=bool(number % 2))
        case "release":
            queue.release(writer, job)
        case "recover":
            queue.recover(writer, now=10**7)
        case "again":
            queue.again(writer, asset, STAGES[number % len(STAGES)], priority=1)
        case "retry":
            queue.retry_failed(writer)


WITH_ASSETS = {
    "delete": "DELETE FROM asset WHERE id=:asset",
    "hide": "UPDATE asset SET hidden = 1 - hidden WHERE id=:asset",
    "trash": "UPDATE asset SET deleted_at = iif(deleted_at IS NULL, 1, NULL) WHERE id=:asset",
    "date": "UPDATE asset SET capture_time=:day, time_source=iif(time_source='upload', 'person', 'upload') WHERE id=:asset",
}
ACTS = ("add", "add again", "claim", "finish", "fail", "release", "recover", "again", "retry", *WITH_ASSETS)


@given(st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 6)), max_size=40))
@settings(max_examples=60, deadline=None)
def test_the_counters_always_agree_with_the_rows(acts: list[tuple[str, int]]) -> None:
    with TemporaryDirectory() as folder:
        store = new_store(Path(folder) / "mantel.db", Path(folder) / "copies")
        with store.write() as writer:
            for act in [("add", 0), ("add", 1), ("claim", 0), *acts]:
                step(writer, *act)
                assert kept_jobs(writer) == writer.all(JOBS_COUNTED_ANEW)
                assert kept_months(writer) == writer.all(MONTHS_COUNTED_ANEW)
        store.close()


def test_a_library_from_before_the_counters_is_counted_when_it_is_opened(tmp_path: Path) -> None:
    old = apsw.Connection(str(tmp_path / "mantel.db"))
    migrations.migrate(old, tmp_path / "copies", migrations.MIGRATIONS[:1])
    for number in range(6):
        old.execute(ASSET, (f"{number:064}", f"{number}.jpg", DAYS[number % 3], "upload" if number == 4 else "exif"))
        old.execute("INSERT INTO job(stage, asset_id, state) VALUES('text',?,?)", (number + 1, "done" if number else "waiting"))
    old.close()
    store = new_store(tmp_path / "mantel.db", tmp_path / "copies")
    with store.read() as reader:
        assert kept_jobs(reader) == [("text", "done", 5), ("text", "waiting", 1)]
        assert kept_months(reader) == [("2023-12", 2, 2), ("2024-01", 4, 3)] == reader.all(MONTHS_COUNTED_ANEW)
    store.close()


def test_what_is_counted_on_a_page_is_read_from_counters_and_indexes(tmp_path: Path) -> None:
    store = new_store(tmp_path / "mantel.db", tmp_path / "copies")
    with store.read() as reader:
        for sql in (
            "SELECT count(*) FROM job WHERE stage='text' AND state='done' AND finished_at > 5",
            "SELECT id FROM job WHERE state='failed' ORDER BY finished_at DESC, id LIMIT 20",
            "SELECT id FROM job WHERE state='running' AND lease_until < 5",
            "SELECT id FROM asset WHERE deleted_at IS NULL ORDER BY capture_time DESC, id DESC LIMIT 18",
            "SELECT id FROM asset WHERE deleted_at IS NULL AND hidden=0 ORDER BY capture_time DESC, id DESC LIMIT 18",
        ):
            plan = " ".join(str(row[3]) for row in reader.all(f"EXPLAIN QUERY PLAN {sql}"))
            assert "INDEX" in plan and "TEMP B-TREE" not in plan, (sql, plan)
    store.close()


@pytest.mark.parametrize("seen", ["deleted_at IS NULL", "deleted_at IS NULL AND hidden = 0"])
@pytest.mark.parametrize(
    "wanted", ["1", "kind='video'", "screenshot=1", "country='DE'", "country='DE' AND town='Munich'", "favourite=1"]
)
def test_which_assets_pass_a_plain_filter_is_read_from_an_index_alone(tmp_path: Path, seen: str, wanted: str) -> None:
    store = new_store(tmp_path / "mantel.db", tmp_path / "copies")
    ids = "group_concat(id, ',' ORDER BY capture_time DESC, id DESC)"
    sql = f"EXPLAIN QUERY PLAN SELECT {ids} FROM asset WHERE ({seen}) AND {wanted}"
    with store.read() as reader:
        plan = " ".join(str(row[3]) for row in reader.all(sql))
    assert "COVERING INDEX" in plan, plan
    store.close()
