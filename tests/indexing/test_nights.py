"""When the rest of the captions is written: windows, budgets, clocks that change, and an honest estimate."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.errors import CaptionUnusable, WrongUsage
from appliance.indexing import nights, pipeline
from appliance.indexing.nights import Estimate, Rest
from appliance.store import queue
from appliance.store.db import Store
from appliance.store.queue import Job
from tests.indexing.test_pipeline import add

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = Rest("night", begins=22, ends=6)
MINUTE = 60_000
MODEL = "model@1"
FROM, UNTIL = datetime.fromisoformat("2025-01-01"), datetime.fromisoformat("2028-01-01")


def at(text: str, fold: int = 0) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=BERLIN, fold=fold).timestamp() * 1000)


def choose(store: Store, rest: Rest) -> None:
    with store.write() as writer:
        nights.choose(writer, rest)


def held(store: Store, now: int) -> bool:
    with store.read() as reader:
        return bool(nights.held(reader, now, BERLIN))


def worked(store: Store, minutes: float, now: int, *, priority: int = 0) -> None:
    """Keep a caption that took so long, as the worker does, but without waiting for it."""
    nights._keep_work(store, Job(1, "caption", 1, 1, "worker", priority), MODEL, minutes * 60, now)


def test_without_a_choice_and_with_one_that_makes_no_sense_nothing_is_held(store: Store) -> None:
    assert not held(store, at("2026-11-26T12:00"))
    with store.write() as writer:
        writer.run("INSERT INTO choice VALUES('captions','{\"when\": \"on sundays\"}')")
    assert not held(store, at("2026-11-26T12:00"))


@pytest.mark.parametrize(
    ("now", "waits"),
    [
        ("21:59:59", True),
        ("22:00", False),
        ("23:59", False),
        ("00:00", False),
        ("05:59:59", False),
        ("06:00", True),
        ("12:00", True),
    ],
)
def test_a_window_over_midnight(store: Store, now: str, waits: bool) -> None:
    choose(store, NIGHT)
    assert held(store, at(f"2026-11-26T{now}")) is waits


def test_a_window_within_one_day(store: Store) -> None:
    choose(store, Rest("night", begins=1, ends=5))
    assert [held(store, at(f"2026-11-26T0{hour}:30")) for hour in (0, 1, 4, 5)] == [True, False, False, True]


def test_paused_means_paused(store: Store) -> None:
    choose(store, Rest("paused"))
    assert held(store, at("2026-11-26T03:00"))


def test_the_clocks_of_spring_make_a_short_night_and_those_of_autumn_a_long_one() -> None:
    hours = {}
    for day in ("2026-03-28", "2026-10-24", "2026-11-26"):
        night = nights.night(NIGHT, at(f"{day}T23:00"), BERLIN)
        hours[day] = (night.closes - night.opens) / (60 * MINUTE)
    assert hours == {"2026-03-28": 7, "2026-10-24": 9, "2026-11-26": 8}


def test_a_window_in_an_hour_that_is_skipped_waits_for_the_next_night() -> None:
    night = nights.night(Rest("night", begins=2, ends=3), at("2026-03-29T00:30"), BERLIN)
    assert (night.opens, night.closes) == (at("2026-03-30T02:00"), at("2026-03-30T03:00"))


def test_an_hour_that_comes_twice_is_in_the_window_twice(store: Store) -> None:
    choose(store, Rest("night", begins=2, ends=3))
    assert [held(store, at("2026-10-25T02:30", fold)) for fold in (0, 1)] == [False, False]


@given(
    begins=st.integers(0, 23), ends=st.integers(0, 23), moment=st.datetimes(FROM, UNTIL),
    zone=st.sampled_from(["Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]),
)  # fmt: skip
def test_there_is_always_a_window_that_is_open_or_to_come(begins: int, ends: int, moment: datetime, zone: str) -> None:
    now = round(moment.timestamp() * 1000)
    night = nights.night(Rest("night", begins, ends), now, ZoneInfo(zone))
    assert now < night.closes and night.opens < night.closes
    assert night.opens - now < timedelta(hours=50) / timedelta(milliseconds=1)


def test_the_budget_of_a_night_is_used_up_by_the_rest_alone(store: Store) -> None:
    choose(store, Rest("night", begins=22, ends=6, minutes=30))
    worked(store, 60, at("2026-11-26T04:00"))  # the night before
    worked(store, 20, at("2026-11-26T22:30"))
    worked(store, 40, at("2026-11-26T22:40"), priority=1)  # somebody waited for it
    assert not held(store, at("2026-11-26T23:00"))
    worked(store, 10, at("2026-11-26T23:10"))
    assert held(store, at("2026-11-26T23:11"))
    assert held(store, at("2026-11-27T05:00"))
    assert not held(store, at("2026-11-27T22:00"))


def test_at_any_time_the_budget_counts_from_midnight(store: Store) -> None:
    choose(store, Rest("any", minutes=10))
    worked(store, 11, at("2026-11-26T15:00"))
    assert held(store, at("2026-11-26T23:59"))
    assert not held(store, at("2026-11-27T00:00"))


@pytest.mark.parametrize("rest", [Rest("night", 6, 6), Rest("night", 24, 6), Rest("night", -1, 6), Rest("any", minutes=1441)])
def test_a_choice_that_makes_no_sense_is_refused(store: Store, rest: Rest) -> None:
    with pytest.raises(WrongUsage), store.write() as writer:
        nights.choose(writer, rest)


def test_outside_the_window_only_what_somebody_waits_for_is_claimed(store: Store) -> None:
    with store.write() as writer:
        first, second = (add(writer, number=number) for number in (1, 2))
        writer.run("UPDATE job SET state='waiting' WHERE stage='caption'")
        queue.hurry(writer, [second], "caption", priority=5)

        def claimed(held: tuple[str, ...]) -> int | None:
            job = queue.claim(writer, ["caption", "text"], by="worker", now=1, lease_ms=1, held=held)
            return job.asset_id if job else None

        assert queue.urgent(writer, ["caption"]) == 1
        assert pipeline.open_jobs(writer, ["caption"], held=["caption"]) == 1
        assert pipeline.open_jobs(writer, ["caption"], [first, second], held=["caption"]) == 1
        assert pipeline.open_jobs(writer, ["caption"]) == 2
        assert [claimed(("caption",)), claimed(("caption",)), claimed(())] == [second, None, first]


def test_what_a_caption_took_is_kept_also_when_it_was_nonsense(store: Store) -> None:
    with nights.measured(store, Job(1, "caption", 1, 1, "worker", 0), MODEL, lambda: 5):
        pass
    with pytest.raises(CaptionUnusable), nights.measured(store, Job(1, "caption", 1, 1, "worker", 7), MODEL, lambda: 6):
        raise CaptionUnusable(reason="nothing")
    with nights.measured(store, Job(1, "text", 1, 1, "worker", 0), "", lambda: 7):
        pass
    with store.read() as reader:
        assert reader.all("SELECT model, rest, ended_at FROM caption_work") == [(MODEL, 1, 5), (MODEL, 0, 6)]


def test_old_work_is_forgotten_but_the_latest_is_always_there(store: Store) -> None:
    for number in range(nights.MEASURED + 5):
        worked(store, 1, number)
    worked(store, 1, nights.KEPT_MS + 1000)
    with store.read() as reader:
        assert reader.value("SELECT count(*) FROM caption_work") == nights.MEASURED


def estimated(store: Store) -> Estimate:
    with store.read() as reader:
        return nights.estimate(reader, MODEL)


def test_the_estimate_says_when_nobody_knows_and_what_was_measured(store: Store) -> None:
    assert nights.sentence(estimated(store)) == ""
    with store.write() as writer:
        for number in range(1, 101):
            add(writer, number=number)
    assert "Nobody knows yet" in nights.sentence(estimated(store))
    worked(store, 41 / 60, 1)
    assert nights.sentence(estimated(store)) == "About 68 minutes at 41 s a caption."
    choose(store, Rest("night", begins=2, ends=3, minutes=10))
    assert nights.sentence(estimated(store)) == "About 7 nights at 41 s a caption."
    assert nights.spell(estimated(store)) == "7 nights"
    choose(store, Rest("night", begins=22, ends=6))
    assert nights.sentence(estimated(store)) == "About 1 night at 41 s a caption."
    choose(store, Rest("paused"))
    assert estimated(store).days is None
    assert nights.sentence(estimated(store)) == "The rest is paused; it is about 68 minutes of work at 41 s a caption."


def test_what_another_model_took_says_nothing_about_this_one(store: Store) -> None:
    with store.write() as writer:
        add(writer)
    worked(store, 5, 1)
    with store.read() as reader:
        assert nights.estimate(reader, "another@2").seconds is None
