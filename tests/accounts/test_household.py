"""Accounts of the family: invited, joined, closed, opened again; birthdays."""

from datetime import date

import pytest

from appliance.accounts import household, users
from appliance.accounts.passwords import password_matches
from appliance.accounts.viewer import Viewer
from appliance.errors import InvitationClosed, NameTaken, NotFound, WrongUsage
from appliance.store.db import Store
from tests.conftest import START

DAY = 24 * 3_600_000
TODAY = date(2025, 6, 15)


def invite(store: Store, name: str = "Ida", kind: str = "member", token: bytes = b"i" * 32) -> tuple[int, str]:
    with store.write() as writer:
        return household.invite(writer, by=None, name=name, kind=kind, token=token, now=START)


def test_an_invitation_gives_an_account_its_password_once(store: Store) -> None:
    user_id, text = invite(store)
    with store.write() as writer:
        assert household.invited(writer, text, START) == "Ida"
        assert household.join(writer, text, password_hash="a hash", now=START) == user_id
        with pytest.raises(InvitationClosed):
            household.join(writer, text, password_hash="another", now=START)
        assert users.credentials(writer, "ida") == users.Credentials(user_id, "a hash")


def test_an_invitation_ends_after_seven_days(store: Store) -> None:
    _, text = invite(store)
    with store.read() as reader:
        assert household.invited(reader, text, START + 7 * DAY - 1) == "Ida"
        with pytest.raises(InvitationClosed):
            household.invited(reader, text, START + 7 * DAY)


def test_nothing_in_the_database_opens_an_invitation(store: Store) -> None:
    _, text = invite(store)
    with store.read() as reader:
        (kept,) = reader.one("SELECT hex(token_hash) FROM invitation")
    assert text.encode().hex().upper() not in kept
    assert (b"i" * 32).hex().upper() != kept


def test_who_has_not_joined_has_no_password_that_could_match(store: Store) -> None:
    invite(store)
    with store.read() as reader:
        known = users.credentials(reader, "Ida")
    assert known is not None
    assert not any(password_matches(known.password_hash, typed) for typed in ("", "nobody's password", "Ida"))


def test_a_new_link_makes_the_one_before_useless(store: Store) -> None:
    user_id, first = invite(store)
    with store.write() as writer:
        second = household.renew(writer, user_id, by=None, token=b"j" * 32, now=START)
        assert household.invited(writer, second, START) == "Ida"
        with pytest.raises(InvitationClosed):
            household.invited(writer, first, START)


def test_a_closed_account_is_found_by_no_login_and_no_link_until_it_is_opened_again(store: Store) -> None:
    user_id, text = invite(store)
    with store.write() as writer:
        household.join(writer, text, password_hash="a hash", now=START)
        link = household.renew(writer, user_id, by=None, token=b"k" * 32, now=START)
        household.close(writer, user_id, by=None, now=START)
        assert users.credentials(writer, "Ida") is None
        with pytest.raises(InvitationClosed):
            household.invited(writer, link, START)
        with pytest.raises(NotFound):
            household.close(writer, user_id, by=None, now=START)
        household.reopen(writer, user_id, by=None, now=START)
        assert users.credentials(writer, "Ida") == users.Credentials(user_id, "a hash")


def test_the_owner_is_neither_invited_nor_closed(store: Store, cast: dict[str, Viewer]) -> None:
    with store.write() as writer:
        owner = next(one for one in household.people(writer, START) if one.kind == "owner")
        for refused in (household.close, household.reopen):
            with pytest.raises(NotFound):
                refused(writer, owner.user_id, by=None, now=START)
        with pytest.raises(NotFound):
            household.renew(writer, owner.user_id, by=None, token=b"o" * 32, now=START)
        with pytest.raises(WrongUsage):
            household.invite(writer, by=None, name="Other", kind="owner", token=b"p" * 32, now=START)


def test_a_name_that_is_taken_is_taken_whatever_its_case(store: Store) -> None:
    invite(store)
    with pytest.raises(NameTaken):
        invite(store, name="IDA", token=b"q" * 32)


def test_a_birthday_is_kept_and_forgotten(store: Store) -> None:
    user_id, _ = invite(store)
    with store.write() as writer:
        assert household.set_birthday(writer, user_id, "2014-05-31", today=TODAY) == date(2014, 5, 31)
        assert household.birthdays(writer) == {"Ida": date(2014, 5, 31)}
        household.set_birthday(writer, user_id, " ", today=TODAY)
        assert household.birthdays(writer) == {}


@pytest.mark.parametrize("text", ["31.5.2014", "2014-02-30", "2025-06-16", "1700-01-01", "x" * 500])
def test_what_is_no_birthday_is_refused_in_a_sentence(store: Store, text: str) -> None:
    user_id, _ = invite(store)
    with store.write() as writer, pytest.raises(WrongUsage, match="birthday"):
        household.set_birthday(writer, user_id, text, today=TODAY)


def test_the_audit_names_nobody(store: Store) -> None:
    invite(store, name="Zenobia")
    with store.read() as reader:
        rows = reader.all("SELECT * FROM audit")
    assert rows
    assert "Zenobia" not in repr(rows)
