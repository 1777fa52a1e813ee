"""Attempts: counted per name and per address, over a restart too, and forgotten with time."""

import pytest

from appliance.accounts import attempts
from appliance.accounts.attempts import PER_ADDRESS, PER_NAME, WINDOW_MS, Subject
from appliance.errors import TooManyAttempts
from appliance.store.db import Store


def fail(store: Store, *subjects: Subject, times: int = 1, now: int = 0) -> None:
    for _ in range(times):
        with store.write() as writer:
            attempts.begin(writer, "login", subjects, now)


def test_a_name_bears_ten_attempts_whether_or_not_somebody_has_it(store: Store) -> None:
    fail(store, attempts.name("Nobody"), times=PER_NAME)
    with pytest.raises(TooManyAttempts, match="wait 15 minutes"):
        fail(store, attempts.name(" NOBODY "))
    fail(store, attempts.name("Olive"))


def test_an_address_bears_thirty_attempts_on_different_names(store: Store) -> None:
    for number in range(PER_ADDRESS):
        fail(store, attempts.name(f"user{number}"), attempts.address("10.0.0.9"))
    with pytest.raises(TooManyAttempts):
        fail(store, attempts.name("Olive"), attempts.address("10.0.0.9"))
    fail(store, attempts.name("Olive"), attempts.address("10.0.0.10"))


def test_attempts_are_forgotten_after_a_quarter_of_an_hour(store: Store) -> None:
    fail(store, attempts.name("Olive"), times=PER_NAME)
    with pytest.raises(TooManyAttempts, match="wait a minute"):
        fail(store, attempts.name("Olive"), now=WINDOW_MS - 1)
    fail(store, attempts.name("Olive"), now=WINDOW_MS + 1)


def test_being_refused_does_not_make_the_wait_longer(store: Store) -> None:
    fail(store, attempts.name("Olive"), times=PER_NAME)
    for _ in range(50):
        with pytest.raises(TooManyAttempts):
            fail(store, attempts.name("Olive"), now=WINDOW_MS - 1)
    fail(store, attempts.name("Olive"), now=WINDOW_MS + 1)


def test_success_clears_the_name_but_does_not_wash_the_address(store: Store) -> None:
    name, address = attempts.name("Max"), attempts.address("10.0.0.9")
    fail(store, name, address, times=5)
    with store.write() as writer:
        counted = attempts.begin(writer, "login", (name, address), 0)
        attempts.succeeded(writer, "login", counted, name)
        rows = dict(writer.all("SELECT subject, count(*) FROM attempt GROUP BY subject"))
    assert rows == {address.key: 5}


def test_names_are_not_kept_as_they_were_typed(store: Store) -> None:
    fail(store, attempts.name("my secret password"))
    with store.read() as reader:
        assert "secret" not in str(reader.all("SELECT * FROM attempt"))


def test_purposes_are_counted_apart(store: Store) -> None:
    fail(store, attempts.address("10.0.0.9"), times=PER_ADDRESS)
    with store.write() as writer:
        attempts.begin(writer, "share", (attempts.address("10.0.0.9"),), 0)
