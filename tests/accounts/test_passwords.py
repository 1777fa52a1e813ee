"""Passwords: strong hashes, one answer for everything that is wrong."""

import pytest
from argon2 import PasswordHasher

from appliance.accounts.passwords import hash_password, needs_rehash, password_matches
from appliance.errors import PasswordTooWeak
from tests.conftest import PASSWORD, known_hash


def test_the_right_password_matches_and_another_does_not() -> None:
    assert password_matches(known_hash(), PASSWORD)
    assert not password_matches(known_hash(), PASSWORD + " ")


def test_a_hash_is_argon2id_with_its_own_salt() -> None:
    assert known_hash().startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert hash_password(PASSWORD) != known_hash()


def test_nobody_has_no_password_that_matches() -> None:
    assert not password_matches(None, "nobody's password")


def test_a_broken_hash_matches_nothing() -> None:
    assert not password_matches("not a hash", PASSWORD)


@pytest.mark.parametrize("password", ["", "short", "x" * 1001])
def test_a_password_that_is_too_short_or_absurdly_long_is_refused(password: str) -> None:
    with pytest.raises(PasswordTooWeak, match="at least 10 characters"):
        hash_password(password)


def test_an_accent_composed_by_a_phone_is_the_same_as_one_from_a_keyboard() -> None:
    assert password_matches(hash_password("Zoe\u0308 likes rain"), "Zo\u00eb likes rain")


def test_a_hash_with_weaker_parameters_wants_a_new_one() -> None:
    assert needs_rehash(PasswordHasher(time_cost=1, memory_cost=8192).hash(PASSWORD))
    assert not needs_rehash(known_hash())
