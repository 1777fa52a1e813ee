"""Accounts: names are unique, tidy and visible; the owner stays."""

import pytest

from appliance.accounts import users
from appliance.accounts.viewer import Child, Owner, Viewer
from appliance.errors import NameTaken, NotFound, WrongUsage
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


def test_the_list_has_the_owner_first(store: Store, cast: dict[str, Viewer]) -> None:
    with store.read() as reader:
        assert [user.name for user in users.list_users(reader)] == ["Olive", "Kit", "Max"]


def test_a_viewer_is_of_the_kind_that_the_account_says(store: Store, cast: dict[str, Viewer]) -> None:
    with store.read() as reader:
        assert [users.viewer_of(reader, user_id) for user_id in (1, 3)] == [Owner(1, "Olive"), Child(3, "Kit")]


def test_a_disabled_user_is_nobody_to_log_in_as(store: Store, cast: dict[str, Viewer]) -> None:
    with store.write() as writer:
        users.disable_user(writer, 2, now=5)
    with store.read() as reader:
        assert users.credentials(reader, "Max") is None
        with pytest.raises(NotFound):
            users.viewer_of(reader, 2)


def test_the_owner_cannot_be_disabled(store: Store, cast: dict[str, Viewer]) -> None:
    with store.write() as writer, pytest.raises(NotFound):
        users.disable_user(writer, 1, now=5)
