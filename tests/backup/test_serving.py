"""The backup process: what is due when, what it is asked for, and that it does nothing for nobody."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from appliance.adapters import process
from appliance.backup import asked, checks, keys, requests, runs
from appliance.backup.box import Box, alone
from appliance.backup.keys import Secrets
from appliance.backup.repositories import Repository
from appliance.backup.requests import Request
from appliance.backup.runs import Run
from appliance.backup.serving import Serving
from tests.backup.conftest import again, value
from tests.conftest import START, Clock

HOUR = 3_600_000
DAY = 24 * HOUR


def local(day: int, hour: int, minute: int = 0) -> int:
    """A moment of June 2025 by the clock on the wall, in milliseconds since 1970 UTC."""
    return int(datetime(2025, 6, day, hour, minute).astimezone().timestamp() * 1000)


def a_run(outcome: runs.Outcome, started_at: int) -> Run:
    return Run(1, 1, started_at, started_at, outcome, "", "", 0, 0, 0, 0, 0, None, None, "", "", 0, 0, None, started_at)


REPOSITORY = Repository(1, "Disk", "local", "/disk", "", 0, 1, 0, 0, None, 0, 0, None, None, None, "", 0)


@pytest.mark.parametrize(
    ("newest", "now", "due"),
    [
        (None, local(10, 12), True),  # its first backup at once
        (a_run("complete", local(10, 3)), local(10, 23), False),
        (a_run("complete", local(10, 3)), local(11, 2, 59), False),
        (a_run("complete", local(10, 3)), local(11, 3), True),
        (a_run("in part", local(10, 12)), local(11, 3), True),
        (a_run("complete", local(20, 3)), local(10, 12), True),  # begun in the future: the clock was wrong
        (a_run("failed", local(10, 3)), local(10, 3, 10), False),  # its pause is not over
        (a_run("failed", local(10, 3)), local(10, 3, 20), True),
        (a_run("stopped", local(10, 3)), local(10, 12), False),
    ],
)
def test_a_run_is_due(newest: Run | None, now: int, due: bool) -> None:
    waiting = replace(REPOSITORY, retry_at=local(10, 3, 15) if newest and newest.outcome == "failed" else 0)
    assert runs.is_due(waiting, newest, now=now, hour=3, there=True) == due
    assert not runs.is_due(replace(waiting, paused_at=1), newest, now=now, hour=3, there=True)


def test_a_disk_is_waited_for_and_backed_up_to_when_it_comes(box: Box) -> None:
    waiting = a_run("waiting", local(10, 3))
    assert not runs.is_due(REPOSITORY, waiting, now=local(10, 12), hour=3, there=False)
    assert runs.is_due(REPOSITORY, waiting, now=local(10, 12), hour=3, there=True)
    assert runs.is_due(REPOSITORY, waiting, now=local(11, 3), hour=3, there=False)


def test_without_a_repository_and_a_request_nothing_is_started(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    def started(*_: object, **__: object) -> None:
        raise AssertionError("something was started")

    monkeypatch.setattr(process, "_start", started)
    before = sorted(path.relative_to(box.layout.home) for path in box.layout.home.rglob("*") if path.is_file())
    serving = Serving(box, hour=3)
    assert [serving.step() for _ in range(3)] == [False, False, False]
    assert sorted(path.relative_to(box.layout.home) for path in box.layout.home.rglob("*") if path.is_file()) == before


def test_a_new_repository_has_its_first_backup_and_its_checks_and_then_it_is_quiet(
    box: Box, disk: Repository, clock: Clock
) -> None:
    serving = Serving(box, hour=3)
    assert [serving.step() for _ in range(5)] == [True, True, True, True, False]
    assert value(box, "SELECT group_concat(outcome) FROM drill") == "passed"
    assert value(box, "SELECT group_concat(outcome) FROM backup_run") == "complete"
    assert (
        value(box, "SELECT group_concat(kind || ' ' || outcome, ', ') FROM (SELECT * FROM backup_check ORDER BY id)")
        == "structure passed, data passed"
    )
    clock.advance(days=1)
    assert [serving.step() for _ in range(3)] == [True, True, False]
    assert value(box, "SELECT group_concat(ifnull(part, 0)) FROM (SELECT part FROM backup_check ORDER BY id)") == "0,1,2"
    with box.store.read() as reader:
        assert checks.coverage(reader, disk.id, now=clock()) == 2 / 30


def test_what_another_process_does_is_left_to_it(box: Box, disk: Repository) -> None:
    with alone(box):
        assert not Serving(box, hour=3).step()
    assert value(box, "SELECT count(*) FROM backup_run") == 0


def ask(box: Box, verb: str, details: Mapping[str, object] | None = None, *, repository: int | None = None) -> Request:
    """Ask, let the process answer, and return the request."""
    with box.store.write() as writer:
        number = requests.ask(writer, verb, now=box.clock(), repository_id=repository, details=details)
        assert requests.ask(writer, verb, now=box.clock(), repository_id=repository, details=details) == number
    assert Serving(box, hour=3).step()
    with box.store.read() as reader:
        return requests.get(reader, number)


def test_a_run_and_a_check_can_be_asked_for(box: Box, disk: Repository) -> None:
    run = ask(box, "run", repository=disk.id)
    assert (run.state, run.said) == ("done", "Disk: complete")
    check = ask(box, "check", {"data": True})
    assert (check.state, check.said) == ("done", "Everything that was checked is as it should be.")
    assert value(box, "SELECT group_concat(kind) FROM (SELECT kind FROM backup_check ORDER BY id)") == "structure,data"


def test_a_repository_can_be_added_and_its_sheet_asked_for_without_a_secret_in_the_database(box: Box, tmp_path: Path) -> None:
    name = keys.hand_over(box.layout, Secrets("olives own words"))
    added = ask(box, "add-repository", {"name": "Disk", "address": str(tmp_path / "disk"), "given": name})
    assert (added.state, added.result["outcome"]) == ("done", "made")
    shown = ask(box, "sheet")
    assert asked.read_sheet(box.layout, shown.id, box.clock()) == {added.result["repository"]: "olives own words"}
    assert value(box, "SELECT count(*) FROM backup_request WHERE details || result || said LIKE '%own words%'") == 0


@pytest.mark.parametrize("details", [{}, {"given": "x"}, {"name": 7, "address": [], "given": "y"}])
def test_a_request_that_cannot_be_meant_fails_with_a_sentence(box: Box, details: dict[str, object]) -> None:
    if details.get("given") == "y":
        details = details | {"given": keys.hand_over(box.layout, Secrets("x"))}
    assert ask(box, "add-repository", details).state == "failed"
    assert ask(box, "dance").said == "The backup process does not know how to dance. Nothing was changed."


def test_a_request_of_a_killed_process_has_failed_and_is_not_tried_again(box: Box) -> None:
    with box.store.write() as writer:
        number = requests.ask(writer, "run", now=START)
        requests.claim(writer, by="1")
    serving = Serving(box, hour=3)
    serving.stop()
    serving.run()
    with box.store.read() as reader:
        assert requests.get(reader, number).state == "failed"


def test_what_stops_the_process_stops_a_backup_and_leaves_it_for_later(box: Box, disk: Repository) -> None:
    serving = Serving(box, hour=3, note=lambda doing: serving.stop() if "backs up" in doing else None)
    serving.run()
    assert value(box, "SELECT outcome FROM backup_run") == "stopped"
    assert again(box, disk).failures == 0
