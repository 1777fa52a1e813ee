"""Accounts: names are unique, tidy and visible; the owner stays."""

import pytest

from appliance.accounts import users
from appliance.errors import NameTaken, WrongUsage
from appliance.store.db import Store


def add(store: Store, name: str, kind: str = "member") -> int:
    with store.write() as writer:
        return users.add_user(writer, name=name, kind=kind, password_hash="hash", now=1)


def test_a_name_is_unique_whatever_its_case_and_spaces(store: Store) -> None:
    add(store, "Anna Maria")
    with pytest.raises(NameTaken):
        add(store, "  anna   MARIA ")


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "Max\u202eevil", "Max\x07"])
def test_a_name_that_cannot_be_seen_or_read_is_refused(store: Store, name: str) -> None:
    with pytest.raises(WrongUsage, match="visible characters"):
        add(store, name)


def test_a_kind_of_user_that_does_not_exist_is_refused(store: Store) -> None:
    with pytest.raises(WrongUsage, match="owner, member, child"):
        add(store, "Max", "guest")


def test_credentials_are_found_by_any_spelling_of_the_name(store: Store) -> None:
    user_id = add(store, "Zo\u00eb")
    with store.read() as reader:
        found = users.credentials(reader, " Zoe\u0308 ")
        assert found is not None
        assert found.user_id == user_id
        assert users.credentials(reader, "Stan") is None
