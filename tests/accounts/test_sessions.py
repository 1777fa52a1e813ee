"""Sessions as rows: only a hash is kept, they age, and each user ends only their own."""

from hashlib import sha256

import pytest

from appliance.accounts import sessions
from appliance.accounts.sessions import DAY_MS, IDLE_MS, LONGEST_MS, SEEN_EVERY_MS, Session
from appliance.accounts.viewer import Member
from appliance.errors import NotFound
from appliance.store.db import Store

pytestmark = pytest.mark.usefixtures("cast")
PHONE, LAPTOP = b"p" * 32, b"l" * 32


def start(store: Store, secret: bytes, *, user_id: int = 2, now: int = 0) -> None:
    with store.write() as writer:
        sessions.start_session(writer, secret, csrf="token", user_id=user_id, now=now, agent="Phone", address="192.168.1.7")


def find(store: Store, secret: bytes, now: int) -> Session | None:
    with store.read() as reader:
        return sessions.find_session(reader, secret, now)


def test_a_session_names_its_user_and_only_a_hash_of_its_secret_is_kept(store: Store) -> None:
    start(store, PHONE)
    found = find(store, PHONE, 1)
    assert found is not None
    assert found.viewer == Member(2, "Max")
    with store.read() as reader:
        assert reader.value("SELECT id_hash FROM session") == sha256(PHONE).digest()
    assert find(store, LAPTOP, 1) is None


def test_a_session_ends_when_it_is_idle_for_a_month(store: Store) -> None:
    start(store, PHONE)
    assert find(store, PHONE, IDLE_MS)
    assert find(store, PHONE, IDLE_MS + 1) is None


def test_a_session_ends_after_half_a_year_however_busy(store: Store) -> None:
    start(store, PHONE)
    for day in range(0, 181, 20):
        session = find(store, PHONE, day * DAY_MS)
        if session is None:
            break
        with store.write() as writer:
            sessions.mark_seen(writer, session, day * DAY_MS)
    assert find(store, PHONE, LONGEST_MS)
    assert find(store, PHONE, LONGEST_MS + 1) is None


def test_seeing_a_session_is_written_at_most_every_five_minutes(store: Store) -> None:
    start(store, PHONE)
    session = find(store, PHONE, 1)
    assert session is not None
    assert not sessions.is_due(session, SEEN_EVERY_MS - 1)
    assert sessions.is_due(session, SEEN_EVERY_MS)


def test_somebody_who_is_disabled_has_no_session_left(store: Store) -> None:
    start(store, PHONE)
    with store.write() as writer:
        writer.run("UPDATE user SET disabled_at=5 WHERE id=2")
    assert find(store, PHONE, 6) is None


def test_devices_are_listed_with_the_latest_first_and_their_handle_lets_nobody_in(store: Store) -> None:
    start(store, PHONE)
    start(store, LAPTOP, now=7)
    with store.read() as reader:
        devices = sessions.list_devices(reader, 2)
    assert [device.last_seen for device in devices] == [7, 0]
    assert all(find(store, bytes.fromhex(device.handle), 8) is None for device in devices)


def test_a_user_ends_one_device_and_never_anybody_elses(store: Store) -> None:
    start(store, PHONE)
    handle = sha256(PHONE).hexdigest()
    with store.write() as writer, pytest.raises(NotFound):
        sessions.end_device(writer, 3, handle)
    assert find(store, PHONE, 1)
    with store.write() as writer:
        sessions.end_device(writer, 2, handle)
    assert find(store, PHONE, 1) is None


def test_a_new_session_sweeps_the_dead_ones_away(store: Store) -> None:
    start(store, PHONE)
    start(store, LAPTOP, now=IDLE_MS + 1)
    with store.read() as reader:
        assert reader.value("SELECT count(*) FROM session") == 1


@pytest.mark.parametrize("value", ["", "short", "é" * 43, "?" * 43, "a" * 44])
def test_a_cookie_that_is_none_of_ours_names_no_session(store: Store, value: str) -> None:
    secret = sessions.from_cookie(value)
    assert secret is None or find(store, secret, 1) is None


def test_a_cookie_carries_the_secret_there_and_back() -> None:
    assert sessions.from_cookie(sessions.to_cookie(bytes(range(32)))) == bytes(range(32))
