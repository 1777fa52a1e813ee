"""The verdict: each fault of the table breaks one thing of a library that is safe, and the verdict says so."""

from collections.abc import Callable

import pytest

from appliance.backup import health, state, until
from appliance.backup.health import Verdict
from appliance.backup.state import DAY_MS, State
from appliance.store.db import Store, Writer
from appliance.store.layout import Layout
from tests.backup import rows
from tests.backup.rows import HOUR_MS
from tests.conftest import START, add_photo

NOW = START + 100 * DAY_MS


def look(store: Store, now: int = NOW, free: dict[int, int] | None = None) -> State:
    with store.read() as reader:
        return state.gather(reader, now=now, free=free or {})


def verdict(store: Store, now: int = NOW, free: dict[int, int] | None = None) -> Verdict:
    return health.judge(look(store, now, free))


@pytest.fixture
def copies(store: Store, layout: Layout) -> tuple[int, int]:
    """Three photos in two good copies."""
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        add_photo(store, layout, name)
    return rows.safe(store, NOW)


@pytest.mark.usefixtures("copies")
def test_what_is_whole_fresh_checked_and_drilled_in_two_places_is_safe(store: Store) -> None:
    said = verdict(store)
    assert (said.colour, said.todo) == ("safe", ())
    assert said.sentence == (
        "Safe: all 3 originals are in 2 copies besides this box, the oldest of them 8 hours old, and restoring was last tried "
        "5 days ago."
    )


def test_photos_without_any_backup_are_not_safe(store: Store, layout: Layout) -> None:
    assert verdict(store).colour == "attention"  # nothing to lose yet
    add_photo(store, layout)
    said = verdict(store)
    assert said.colour == "not safe"
    assert said.todo[0].verb == "add"


Break = Callable[[Writer, int, int], object]


def not_complete(outcome: str, fault: str = "", reason: str = "It broke.") -> Break:
    return lambda writer, home, away: rows.run(writer, home, outcome, at=NOW - HOUR_MS, fault=fault, reason=reason)


def without(table: str, where: str = "1") -> Break:
    return lambda writer, home, away: writer.run(f"DELETE FROM {table} WHERE repository_id={home} AND {where}")


def changed(what: str) -> Break:
    return lambda writer, home, away: writer.run(f"UPDATE repository SET {what} WHERE id={home}")


def rotten(found: str) -> Break:
    return lambda writer, home, away: writer.run(
        """INSERT INTO rot(path, asset_id, kind, sha256, bytes, modified_ns, changed_ns, inode, hashed_at, state, since)
           SELECT 'originals/' || original, id, 'original', sha256, bytes, 0, 0, 0, ?, ?, ? FROM asset LIMIT 1""",
        (NOW, found, NOW),
    )


FAULTS: dict[str, tuple[Break, str, str]] = {
    "disk full": (not_complete("failed", "no room", "There is no room left on it."), "attention", "no room left"),
    "unplugged in the middle": (not_complete("failed", "away", "It went away."), "attention", "went away"),
    "wrong passphrase": (not_complete("failed", "wrong passphrase", "Its passphrase is another."), "not safe", "cannot be used"),
    "another box's repository": (not_complete("failed", "foreign", "It is another's."), "not safe", "cannot be used"),
    "damage met by a run": (not_complete("failed", "damaged", "It is damaged."), "not safe", "cannot be used"),
    "stale lock": (not_complete("failed", "locked", "It is locked."), "attention", "locked"),
    "killed in the middle": (
        lambda writer, home, away: rows.run(writer, home, "running", at=NOW - HOUR_MS), "attention", "stopped in the middle"),
    "stopped by its owner": (not_complete("stopped", reason=""), "attention", "was stopped"),
    "part of the files": (not_complete("in part", "unreadable", "Two files cannot be read."), "attention", "was not complete"),
    "bytes flipped in a pack": (
        lambda writer, home, away: rows.check(
            writer, home, at=NOW - HOUR_MS, kind="data", part=3, parts=4, outcome="damaged", reason="A pack is not what it was."),
        "not safe", "is damaged: a pack is not"),
    "damaged structure": (
        lambda writer, home, away: rows.check(writer, home, at=NOW - HOUR_MS, outcome="damaged", reason="The index is broken."),
        "not safe", "is damaged"),
    "a file rotten": (rotten("rotten"), "not safe", "1 file of the library changed by itself"),
    "a file missing": (rotten("missing"), "not safe", "is missing"),
    "a file unreadable": (rotten("unreadable"), "not safe", "cannot be read"),
    "a failed drill": (
        lambda writer, home, away: rows.drill(writer, home, at=NOW - HOUR_MS, outcome="failed", reason="One file differs."),
        "not safe", "the last drill on “shelf” failed. One file differs."),
    "never drilled": (without("drill"), "attention", "was never tried"),
    "never checked": (without("backup_check", "kind = 'structure'"), "attention", "never checked"),
    "data not read": (without("backup_check", "kind = 'data' AND part = 2"), "attention", "75% of the data"),
    "no complete run ever": (without("backup_run"), "not safe", "never had a complete backup"),
    "its last snapshot vanished": (
        lambda writer, home, away: writer.run(
            "UPDATE snapshot SET state='lost', state_at=? WHERE repository_id=? AND holds='originals'", (NOW, home)),
        "not safe", "never had a complete backup"),
    "its database copy vanished": (
        lambda writer, home, away: writer.run(
            "UPDATE snapshot SET state='lost', state_at=? WHERE repository_id=? AND holds='database'", (NOW, home)),
        "not safe", "never had a complete backup"),
    "an old snapshot vanished": (
        lambda writer, home, away: writer.insert(
            """INSERT INTO snapshot(repository_id, restic_id, holds, taken_at, files, bytes, state, state_at)
               VALUES(?,'old','originals',0,3,1,'lost',?)""", (home, NOW - HOUR_MS)),
        "attention", "vanished from “shelf”"),
    "one copy lacks a file": (
        lambda writer, home, away: writer.run("INSERT INTO unprotected SELECT ?, min(id) FROM asset", (home,)),
        "attention", "lacks 1 original"),
    "no copy has a file": (
        lambda writer, home, away: writer.run("INSERT INTO unprotected SELECT repository.id, 1 FROM repository"),
        "not safe", "1 original is in no copy"),
    "paused": (changed(f"paused_at={NOW - HOUR_MS}"), "attention", "is paused"),
    "key not confirmed": (changed("key_confirmed_at=NULL"), "attention", "recovery passphrase"),
    "the library shrank": (changed("shrunk_from=900"), "attention", "the library shrank"),
    "nothing elsewhere": (
        lambda writer, home, away: writer.run("DELETE FROM repository WHERE id=?", (away,)), "attention", "away from home"),
    "one copy only": (
        lambda writer, home, away: writer.run("DELETE FROM repository WHERE id=?", (home,)), "attention", "one copy only"),
    "files not read again": (
        lambda writer, home, away: writer.run(
            """INSERT INTO rot(path, asset_id, kind, sha256, bytes, modified_ns, changed_ns, inode, hashed_at, state, since)
               SELECT original, id, 'original', sha256, bytes, 0, 0, 0, ?, 'ok', 0 FROM asset LIMIT 1""", (NOW - 50 * DAY_MS,)),
        "attention", "not read again"),
    "nobody takes requests": (
        lambda writer, home, away: writer.insert("INSERT INTO backup_request(verb, asked_at) VALUES('run', ?)", (NOW - HOUR_MS,)),
        "attention", "has not answered"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_with_any_fault_the_verdict_is_not_safe_and_says_why(store: Store, copies: tuple[int, int], fault: str) -> None:
    break_it, colour, words = FAULTS[fault]
    with store.write() as writer:
        break_it(writer, *copies)
    said = verdict(store)
    assert said.colour == colour
    assert any(words in finding.what for finding in said.todo), said.todo
    assert said.sentence.startswith("Not safe: " if colour == "not safe" else "Look at this: ")


@pytest.mark.usefixtures("copies")
def test_silence_is_red(store: Store) -> None:
    assert verdict(store, NOW + DAY_MS).colour == "safe"
    said = verdict(store, NOW + 2 * DAY_MS)
    assert said.colour == "not safe"
    assert "had no complete backup for 2 days" in said.sentence


@pytest.mark.usefixtures("copies")
def test_a_clock_that_jumped_back_makes_no_old_backup_young(store: Store) -> None:
    said = verdict(store, NOW - 30 * DAY_MS)
    assert said.colour == "not safe"
    assert "the clock of this box jumped" in said.sentence


@pytest.mark.usefixtures("copies")
def test_a_clock_that_jumped_ahead_makes_every_backup_old(store: Store) -> None:
    assert verdict(store, NOW + 4000 * DAY_MS).colour == "not safe"


def test_a_disk_that_is_often_away_has_two_weeks(store: Store, copies: tuple[int, int]) -> None:
    home, away = copies
    with store.write() as writer:
        writer.run("UPDATE repository SET removable=1 WHERE id=?", (home,))
    for day in (3, 15):
        with store.write() as writer:
            rows.complete_run(writer, away, at=NOW + day * DAY_MS - 2 * HOUR_MS)
            rows.run(writer, home, "waiting", at=NOW + day * DAY_MS - HOUR_MS, fault="away", reason="Waiting for the disk.")
        if day == 3:
            assert verdict(store, NOW + 3 * DAY_MS).colour == "safe"
    said = verdict(store, NOW + 15 * DAY_MS)
    assert said.colour == "not safe"
    assert "Waiting for the disk." in said.sentence


def test_what_was_added_today_waits_for_the_night_and_not_longer(store: Store, layout: Layout, copies: tuple[int, int]) -> None:
    new = add_photo(store, layout, "new.jpg")
    with store.write() as writer:
        writer.run("UPDATE asset SET added_at=? WHERE id=?", (NOW - HOUR_MS, new))
    said = verdict(store)
    assert said.colour == "attention"
    assert said.sentence == "Look at this: 1 new original is in no copy yet; the next run takes it."
    with store.write() as writer:
        for day in (1, 2):
            for one in copies:
                rows.complete_run(writer, one, at=NOW + day * DAY_MS)
                writer.run("INSERT INTO unprotected VALUES(?,?)", (one, new))
    said = verdict(store, NOW + 2 * DAY_MS + HOUR_MS)
    assert said.colour == "not safe"
    assert "for more than two days" in said.sentence


def test_damage_stands_until_the_same_part_passes(store: Store, copies: tuple[int, int]) -> None:
    with store.write() as writer:
        rows.check(writer, copies[0], at=NOW - 2, kind="data", part=3, parts=4, outcome="damaged", reason="Bad.")
        rows.check(writer, copies[0], at=NOW - 1, kind="data", part=2, parts=4)
        rows.check(writer, copies[0], at=NOW - 1)
    assert verdict(store).colour == "not safe"
    with store.write() as writer:
        rows.check(writer, copies[0], at=NOW, kind="data", part=3, parts=4)
    assert verdict(store).colour == "safe"


def test_a_failed_drill_stands_until_one_passes(store: Store, copies: tuple[int, int]) -> None:
    with store.write() as writer:
        rows.drill(writer, copies[1], at=NOW - 3, outcome="failed", reason="Bad.")
        rows.drill(writer, copies[1], at=NOW - 2, outcome="waiting")
    assert verdict(store).colour == "not safe"
    with store.write() as writer:
        rows.drill(writer, copies[1], at=NOW - 1)
    assert verdict(store).colour == "safe"


def test_growth_says_when_a_disk_is_full(store: Store, copies: tuple[int, int]) -> None:
    with store.write() as writer:
        rows.complete_run(writer, copies[0], at=NOW - HOUR_MS)
        writer.run("UPDATE backup_run SET bytes_added=7000000 WHERE id=(SELECT max(id) FROM backup_run)")
    assert verdict(store, free={copies[0]: 10**12}).colour == "safe"
    said = verdict(store, free={copies[0]: 20_000_000})
    assert said.colour == "attention"
    assert "full in about 20 days" in said.sentence


@pytest.mark.usefixtures("copies")
def test_everything_may_leave_the_phone_when_two_good_copies_have_it_one_of_them_elsewhere(store: Store) -> None:
    assert [source.until for source in sources(store)] == ["2024-07-14"]
    assert sources(store)[0].all


def sources(store: Store, now: int = NOW) -> tuple[until.Source, ...]:
    with store.read() as reader:
        return until.safe_until(reader, state.gather(reader, now=now, free={}))


@pytest.mark.parametrize("broken", [fault for fault in FAULTS if FAULTS[fault][1] == "not safe" or fault in (
    "never drilled", "never checked", "nothing elsewhere", "one copy only")])  # fmt: skip
def test_nothing_may_leave_the_phone_while_a_copy_is_in_doubt(store: Store, copies: tuple[int, int], broken: str) -> None:
    with store.write() as writer:
        FAULTS[broken][0](writer, *copies)
    assert [source.until for source in sources(store)] in ([None], ["2024-07-13"])


@pytest.mark.parametrize("where", [0, 1])
def test_the_day_before_the_first_photo_that_one_copy_lacks_is_the_limit(
    store: Store, layout: Layout, copies: tuple[int, int], where: int
) -> None:
    with store.write() as writer:
        writer.run("UPDATE asset SET capture_time='2024-08-02T10:00:00' WHERE id=3")
        writer.run("INSERT INTO unprotected VALUES(?, 3)", (copies[where],))
    (source,) = sources(store)
    assert (source.until, source.all, source.files) == ("2024-08-01", False, 3)


def test_a_third_copy_makes_up_for_one_at_home_that_lacks_a_photo(store: Store, copies: tuple[int, int]) -> None:
    with store.write() as writer:
        third = rows.repository(writer, "third", now=NOW)
        rows.complete_run(writer, third, at=NOW - HOUR_MS)
        rows.check(writer, third, at=NOW - HOUR_MS)
        rows.drill(writer, third, at=NOW - HOUR_MS)
        writer.run("INSERT INTO unprotected VALUES(?, 3)", (copies[0],))
    assert sources(store)[0].all
    with store.write() as writer:
        writer.run("DELETE FROM unprotected")
        writer.run("INSERT INTO unprotected VALUES(?, 3)", (copies[1],))
    assert sources(store)[0].until == "2024-07-13"


def test_what_no_copy_holds_is_listed_in_pages_with_the_reason(store: Store, copies: tuple[int, int]) -> None:
    with store.write() as writer:
        writer.run("INSERT INTO unprotected SELECT ?, id FROM asset", (copies[0],))
        writer.run("INSERT INTO unprotected VALUES(?, 2)", (copies[1],))
        rotten("rotten")(writer, *copies)
        writer.run("UPDATE rot SET reason='it changed by itself'")
    with store.read() as reader:
        first = until.unprotected(reader, limit=2)
        rest = until.unprotected(reader, after=first[-1].asset_id, limit=2)
    assert [(one.asset_id, one.lacking, one.why) for one in [*first, *rest]] == [
        (1, ("shelf",), "it changed by itself"),
        (2, ("shelf", "aunt"), ""),
        (3, ("shelf",), ""),
    ]
