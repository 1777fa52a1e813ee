"""The people process: what it answers while People is off, locked and unlocked, and when it ends."""

import contextlib
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from appliance.accounts.viewer import Child, Guest, Member, Owner, Viewer
from appliance.errors import (
    MantelError,
    PassphraseTooShort,
    PeopleAway,
    PeopleBusy,
    PeopleLocked,
    PeopleOff,
    TooManyAttempts,
    WrongPassphrase,
    WrongUsage,
)
from appliance.people import consent, erasing, turning
from appliance.people.client import People
from appliance.people.protocol import LONGEST_REQUEST, Count, Counted, State
from appliance.people.serving import MOST_ATTEMPTS, Times
from appliance.store.db import Store
from appliance.store.layout import Layout
from tests.conftest import Clock
from tests.people.people import PASSPHRASE, serving_people
from tests.processes import wait_for


@pytest.fixture
def people(layout: Layout, clock: Clock) -> Iterator[People]:
    with serving_people(layout, clock) as client:
        yield client


def turn_on(store: Store, layout: Layout, people: People, clock: Clock) -> None:
    turning.turn_on(store, layout, people, passphrase=PASSPHRASE, user_id=None, viewers="owner", now=clock())


def turned_on_and_locked(store: Store, layout: Layout, clock: Clock) -> None:
    with serving_people(layout, clock) as people:
        turn_on(store, layout, people, clock)


def test_off_there_is_nothing_to_unlock_and_nothing_to_ask(people: People) -> None:
    assert people.state() == State(exists=False, unlocked=False)
    with pytest.raises(PeopleOff):
        people.unlock(PASSPHRASE)
    with pytest.raises(PeopleOff):
        people.count()


def test_turned_on_it_is_open(store: Store, layout: Layout, people: People, clock: Clock) -> None:
    turn_on(store, layout, people, clock)
    assert people.state().unlocked
    assert people.count() == {}
    with store.read() as reader:
        assert consent.consent(reader) == consent.Consent(clock(), None, "owner", 1)


def test_a_short_passphrase_makes_no_vault(store: Store, layout: Layout, people: People, clock: Clock) -> None:
    with pytest.raises(PassphraseTooShort):
        turning.turn_on(store, layout, people, passphrase="short", user_id=None, viewers="owner", now=clock())
    assert not people.state().exists
    with store.read() as reader:
        assert not consent.is_on(reader)


def test_it_is_turned_on_once(store: Store, layout: Layout, people: People, clock: Clock) -> None:
    turn_on(store, layout, people, clock)
    with pytest.raises(WrongUsage):
        turn_on(store, layout, people, clock)
    with pytest.raises(WrongUsage):
        people.create(PASSPHRASE)


def test_while_somebody_turns_it_on_nobody_else_does(store: Store, layout: Layout, people: People, clock: Clock) -> None:
    with erasing.alone(layout), pytest.raises(PeopleBusy):
        turn_on(store, layout, people, clock)


def test_locked_it_answers_every_operation_alike(store: Store, layout: Layout, clock: Clock) -> None:
    turned_on_and_locked(store, layout, clock)
    with serving_people(layout, clock) as people:
        assert people.state() == State(exists=True, unlocked=False)
        with pytest.raises(PeopleLocked) as told:
            people.count()
        assert type(told.value) is PeopleLocked


def test_it_is_unlocked_by_its_passphrase_alone(store: Store, layout: Layout, clock: Clock) -> None:
    turned_on_and_locked(store, layout, clock)
    with serving_people(layout, clock) as people:
        with pytest.raises(WrongPassphrase):
            people.unlock(PASSPHRASE + "!")
        people.unlock(PASSPHRASE)
        assert people.count() == {}


def test_guessing_is_counted_and_a_new_process_forgives_nothing(store: Store, layout: Layout, clock: Clock) -> None:
    turned_on_and_locked(store, layout, clock)
    for _ in range(2):
        with serving_people(layout, clock) as people:
            for _ in range(MOST_ATTEMPTS // 2):
                with pytest.raises(WrongPassphrase):
                    people.unlock("not the right words")
    with serving_people(layout, clock) as people:
        with pytest.raises(TooManyAttempts, match="15 minutes"):
            people.unlock(PASSPHRASE)
        with pytest.raises(TooManyAttempts):
            people.change_passphrase(PASSPHRASE, PASSPHRASE + " anew")
        clock.advance(minutes=16)
        people.unlock(PASSPHRASE)


def test_success_forgives_what_failed_before(store: Store, layout: Layout, clock: Clock) -> None:
    turned_on_and_locked(store, layout, clock)
    for _ in range(2):
        with serving_people(layout, clock) as people:
            for _ in range(MOST_ATTEMPTS - 1):
                with pytest.raises(WrongPassphrase):
                    people.unlock("not the right words")
            people.unlock(PASSPHRASE)


def test_a_changed_passphrase_is_the_only_one(store: Store, layout: Layout, clock: Clock) -> None:
    turned_on_and_locked(store, layout, clock)
    with serving_people(layout, clock) as people:
        with pytest.raises(WrongPassphrase):
            people.change_passphrase("not the right words", "five quite other words here")
        people.change_passphrase(PASSPHRASE, "five quite other words here")
        with pytest.raises(WrongPassphrase):
            people.unlock(PASSPHRASE)
        people.unlock("five quite other words here")


def test_locking_ends_the_process(store: Store, layout: Layout, people: People, clock: Clock) -> None:
    turn_on(store, layout, people, clock)
    people.lock()
    wait_for(lambda: raises(people.state, PeopleAway))


def test_left_alone_it_locks_itself(store: Store, layout: Layout, clock: Clock) -> None:
    with serving_people(layout, clock, Times(idle=0.0)) as people:
        turn_on(store, layout, people, clock)
        wait_for(lambda: raises(people.state, PeopleAway))


def test_asking_for_its_state_keeps_it_open_no_longer(store: Store, layout: Layout, people: People, clock: Clock) -> None:
    turn_on(store, layout, people, clock)
    before = people.state().seconds
    assert people.state().seconds < before
    people.count()
    assert people.state().seconds > before - 1


def test_at_the_latest_it_locks_itself(store: Store, layout: Layout, clock: Clock) -> None:
    with serving_people(layout, clock, Times(longest=0.0)) as people:
        turn_on(store, layout, people, clock)
        wait_for(lambda: raises(people.state, PeopleAway))


def test_another_process_on_the_same_socket_is_refused(layout: Layout, clock: Clock, people: People) -> None:
    assert not people.state().exists
    with pytest.raises(WrongUsage, match="already listening"), serving_people(layout, clock):
        pass


@pytest.mark.parametrize(
    "line", [b"{}\n", b"\xff\xfe\n", b'{"type":"unlock"}\n', b'{"type":"state"}', b'{"type":"state","more":1}\n']
)
def test_nonsense_is_answered_and_does_no_harm(people: People, layout: Layout, line: bytes) -> None:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(layout.people_socket))
        connection.sendall(line)
        connection.shutdown(socket.SHUT_WR)
        assert b"WrongUsage" in connection.makefile("rb").readline()
    assert not people.state().exists


def test_a_line_without_end_is_cut(people: People, layout: Layout) -> None:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(layout.people_socket))
        with contextlib.suppress(OSError):
            connection.sendall(b"x" * (LONGEST_REQUEST + 2))
        with contextlib.suppress(OSError):
            assert b"too long" in connection.makefile("rb").readline()
    assert not people.state().exists


def test_an_error_that_nobody_expected_tells_no_name() -> None:
    """Else a traceback would put one into the log."""
    program = """
import threading
from appliance.people import serving
serving.tell_places_only()
thread = threading.Thread(target=lambda: int("Zanzibarella"))
thread.start()
thread.join()
raise KeyError("Zanzibarella")
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode == 1
    assert "Zanzibarella" not in done.stderr
    first, second = done.stderr.splitlines()
    assert first.startswith("mantel: The people process met ValueError at <string>:5")
    assert second == "mantel: The people process met KeyError at <string>:8."


def test_who_may_see_persons(store: Store, layout: Layout, people: People, clock: Clock) -> None:
    cast: list[Viewer] = [Owner(1, "Olive"), Member(2, "Max"), Child(3, "Kit"), Guest(1)]
    with store.write() as writer:
        assert [consent.may_see(writer, one) for one in cast] == [False] * 4
    turn_on(store, layout, people, clock)
    with store.write() as writer:
        assert [consent.may_see(writer, one) for one in cast] == [True, False, False, False]
        consent.set_viewers(writer, "adults", user_id=None, now=clock())
        assert [consent.may_see(writer, one) for one in cast] == [True, True, False, False]
        given = consent.consent(writer)
    assert given
    assert given.revision == 2


def test_every_answer_has_the_kind_that_was_expected(people: People) -> None:
    with pytest.raises(PeopleOff):
        people.ask(Count(), Counted)


def raises(act: "object", kind: type[MantelError]) -> bool:
    try:
        act()  # type: ignore[operator]
    except kind:
        return True
    return False
