"""One message when it is red and stays so, one when it is green again; tried again for a day, and nothing while it is off."""

from collections.abc import Iterator

import pytest

from appliance.adapters.telling import Target
from appliance.backup import keys, requests, telling
from appliance.backup.box import Box
from appliance.backup.health import Colour
from appliance.backup.serving import Serving
from appliance.backup.telling import LOOK_MS, TRIED_FOR_MS, Telling
from appliance.errors import WrongUsage
from appliance.store.db import Store
from appliance.store.layout import Layout
from tests.backup import rows
from tests.backup.conftest import value
from tests.conftest import START, Clock, add_photo
from tests.listeners import Hook, webhook

ATTENTION, COMPLETE = "Mantel: the backups need attention", "Mantel: the backups are complete again"


@pytest.fixture
def green(store: Store, layout: Layout, clock: Clock) -> Box:
    """A box that is safe."""
    add_photo(store, layout)
    rows.safe(store, clock())
    return Box(store, layout, clock)


@pytest.fixture
def hook() -> Iterator[Hook]:
    with webhook() as listening:
        yield listening


@pytest.fixture
def olive_id(store: Store, cast: object) -> int:
    with store.read() as reader:
        return int(reader.value("SELECT id FROM user WHERE name='Olive'"))


def target(hook: Hook, authorization: str = "") -> Target:
    return Target("webhook", "", f"http://127.0.0.1:{hook.port}/t0ken", authorization)


def become(box: Box, colour: Colour) -> None:
    """A failed drill is red; without it the box is green; a paused copy is amber."""
    with box.store.write() as writer:
        writer.run("DELETE FROM drill WHERE outcome='failed'")
        writer.run("UPDATE repository SET paused_at=? WHERE id=1", (box.clock() if colour == "attention" else None,))
        if colour == "not safe":
            rows.drill(writer, 1, at=box.clock(), outcome="failed")


def looks(serving: Serving, clock: Clock, count: int = 1) -> None:
    for _ in range(count):
        clock.now += LOOK_MS
        serving.tell()


def now_told(box: Box) -> Telling:
    with box.store.read() as reader:
        found = telling.read(reader)
    assert found is not None
    return found


def test_red_is_told_once_when_it_has_stayed_and_green_once(green: Box, hook: Hook, clock: Clock) -> None:
    telling.set_target(green, target(hook), user_id=None)
    serving = Serving(green, hour=3)
    looks(serving, clock, 2)
    become(green, "not safe")
    looks(serving, clock)
    assert hook.said == []
    looks(serving, clock, 5)
    assert hook.said == [ATTENTION]
    become(green, "attention")
    looks(serving, clock, 2)
    become(green, "not safe")
    looks(serving, clock, 3)
    assert hook.said == [ATTENTION]
    become(green, "safe")
    looks(serving, clock, 5)
    assert hook.said == [ATTENTION, COMPLETE]
    assert [document["colour"] for _, _, document in hook.heard] == ["red", "green"]
    become(green, "not safe")
    looks(serving, clock, 2)
    assert hook.said == [ATTENTION, COMPLETE, ATTENTION]


def test_red_that_passes_before_the_next_look_is_not_told(green: Box, hook: Hook, clock: Clock) -> None:
    telling.set_target(green, target(hook), user_id=None)
    serving = Serving(green, hour=3)
    for colour in ("not safe", "safe", "not safe", "attention"):
        become(green, colour)
        looks(serving, clock)
    assert hook.said == []


def test_what_is_red_when_it_is_set_is_known_and_green_is_told(green: Box, hook: Hook, clock: Clock) -> None:
    become(green, "not safe")
    telling.set_target(green, target(hook), user_id=None)
    serving = Serving(green, hour=3)
    looks(serving, clock, 3)
    assert hook.said == []
    become(green, "safe")
    looks(serving, clock)
    assert hook.said == [COMPLETE]


def test_a_failure_is_noted_and_tried_again_in_growing_pauses(green: Box, hook: Hook, clock: Clock) -> None:
    telling.set_target(green, target(hook), user_id=None)
    become(green, "not safe")
    serving, hook.status = Serving(green, hour=3), 503
    looks(serving, clock, 2)
    assert now_told(green).problem.startswith("The message could not be sent: it answered 503.")
    looks(serving, clock, 12)  # an hour
    assert len(hook.heard) == 4  # after 5, 10 and 20 minutes
    assert value(green, "SELECT count(*) FROM audit WHERE action='backup.telling_failed' AND subjects='[]'") == 4
    hook.status = 200
    looks(serving, clock, 50)
    assert hook.said == [ATTENTION] * 5
    assert (now_told(green).problem, now_told(green).told_red) == ("", True)


@pytest.mark.parametrize("what", ["not safe", "safe"])
def test_after_a_day_a_message_is_left_and_the_next_one_is_not(what: Colour) -> None:
    seen, now, tried = Telling("webhook", "host", START, told_red=what == "safe"), START, []
    while now < START + 2 * TRIED_FOR_MS:
        now += LOOK_MS
        seen, due = telling.judge(seen, what, now)
        if due and not telling.is_pausing(seen, now):
            seen = telling.failed(seen, due, "It failed.", now)
            tried.append(now)
    assert 8 < len(tried) < 14
    assert TRIED_FOR_MS <= tried[-1] - tried[0] < TRIED_FOR_MS + telling.LONGEST_PAUSE_MS + LOOK_MS
    assert (seen.told_red, seen.given_up, seen.problem) == (False, what == "not safe", "It failed.")
    seen, due = telling.judge(seen, "safe", now)
    assert due is None
    seen, due = telling.judge(seen, "not safe", now)
    assert telling.judge(seen, "not safe", now + LOOK_MS)[1] == "not safe"


def test_a_clock_that_jumps_back_loses_no_message(green: Box, hook: Hook, clock: Clock) -> None:
    telling.set_target(green, target(hook), user_id=None)
    seen, due = telling.judge(now_told(green), "not safe", START)
    seen, due = telling.judge(seen, "not safe", START - 10 * TRIED_FOR_MS)
    assert due is None
    seen, due = telling.judge(seen, "not safe", START - 10 * TRIED_FOR_MS + LOOK_MS)
    assert due == "not safe"
    later = telling.failed(seen, due, "It failed.", START)
    assert telling.is_pausing(later, START)
    assert not telling.is_pausing(later, START - TRIED_FOR_MS)


def test_off_sends_nothing_and_forgets_the_secret(green: Box, hook: Hook, clock: Clock) -> None:
    serving = Serving(green, hour=3)
    become(green, "not safe")
    looks(serving, clock, 3)
    telling.set_target(green, target(hook), user_id=None)
    with green.store.write() as writer:
        telling.turn_off(writer, user_id=None, now=clock())
    looks(serving, clock, 3)
    become(green, "safe")
    looks(serving, clock, 3)
    assert hook.heard == []
    assert keys.target(green.layout) is None
    assert not (green.layout.backup_keys / "telling").exists()


def test_setting_and_testing_are_asked_for_without_a_secret_in_the_database(
    green: Box, hook: Hook, clock: Clock, olive_id: int
) -> None:
    serving = Serving(green, hour=3)
    with green.store.write() as writer:
        wanted = target(hook, authorization="s3cret")
        set_ = telling.ask_to_set(writer, green.layout, wanted, user_id=olive_id, now=clock())
        tested = requests.ask(writer, "tell-test", now=clock())
    serving.tell()
    with green.store.read() as reader:
        assert requests.get(reader, set_).said.startswith("Messages go to 127.0.0.1:")
        assert requests.get(reader, tested).state == "done"
    assert hook.said == ["Mantel: this is a test"]
    assert hook.heard[0][1]["Authorization"] == "s3cret"
    assert (green.layout.backup_keys / "telling").stat().st_mode & 0o077 == 0
    assert list(green.layout.backup_given.iterdir()) == []
    content = b"".join(file.read_bytes() for file in green.layout.home.glob("mantel.db*"))
    assert b"t0ken" not in content
    assert b"s3cret" not in content
    assert b"127.0.0.1" in content


def test_a_test_that_fails_says_why_and_one_without_a_place_too(green: Box, hook: Hook, clock: Clock) -> None:
    with pytest.raises(WrongUsage, match="say first where"):
        telling.test(green, user_id=None)
    telling.set_target(green, target(hook), user_id=None)
    hook.status = 404
    with green.store.write() as writer:
        number = requests.ask(writer, "tell-test", now=clock())
    Serving(green, hour=3).tell()
    with green.store.read() as reader:
        asked = requests.get(reader, number)
    assert (asked.state, asked.said[:46]) == ("failed", "The message could not be sent: it answered 404")
    keys.forget_target(green.layout)
    with green.store.write() as writer:
        requests.ask(writer, "tell-test", now=clock())
    Serving(green, hour=3).tell()
    assert "is not there; set it again" in str(value(green, "SELECT said FROM backup_request ORDER BY id DESC LIMIT 1"))


def test_what_is_set_while_a_message_is_on_its_way_stays_set(green: Box, hook: Hook) -> None:
    old = telling.set_target(green, target(hook), user_id=None)
    with green.store.write() as writer:
        telling.turn_off(writer, user_id=None, now=START)
    assert not telling._swap(green, old, telling.sent(old, "not safe", START))
    assert value(green, "SELECT count(*) FROM choice WHERE name=?", telling.CHOICE) == 0
