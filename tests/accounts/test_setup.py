"""The setup link: one, for a day, once, and only while there is no owner."""

from hashlib import sha256

import pytest

from appliance.accounts import setup, users
from appliance.accounts.setup import LIFETIME_MS
from appliance.accounts.viewer import Viewer
from appliance.errors import SetupClosed, WrongUsage
from appliance.store.db import Store


def issue(store: Store, token: bytes = b"t" * 32, now: int = 0) -> str:
    with store.write() as writer:
        text = setup.issue_link(writer, token, now)
    assert text is not None
    return text


def use(store: Store, text: str, now: int = 1, name: str = "Olive") -> int:
    with store.write() as writer:
        return setup.use_link(writer, text, name=name, password_hash="hash", now=now)


def test_the_link_makes_an_owner_once(store: Store) -> None:
    text = issue(store)
    user_id = use(store, text)
    with store.read() as reader:
        assert reader.value("SELECT kind FROM user WHERE id=?", (user_id,)) == "owner"
        assert reader.all("SELECT action, user_id, subjects FROM audit") == [("user.created", user_id, f"[{user_id}]")]
    with pytest.raises(SetupClosed):
        use(store, text, name="Stan")


def test_only_a_hash_of_the_token_is_kept(store: Store) -> None:
    text = issue(store)
    with store.read() as reader:
        assert reader.all("SELECT token_hash FROM setup_link") == [(sha256(text.encode()).digest(),)]


def test_a_link_is_too_old_after_a_day(store: Store) -> None:
    text = issue(store)
    with pytest.raises(SetupClosed):
        use(store, text, now=LIFETIME_MS)


def test_a_new_link_makes_the_old_one_useless(store: Store) -> None:
    old, new = issue(store), issue(store, b"n" * 32)
    with pytest.raises(SetupClosed):
        use(store, old)
    use(store, new)


def test_a_guessed_link_is_refused(store: Store) -> None:
    issue(store)
    with pytest.raises(SetupClosed):
        use(store, "guess")


def test_a_refused_name_leaves_the_link_as_it_was(store: Store) -> None:
    text = issue(store)
    with pytest.raises(WrongUsage):
        use(store, text, name=" ")
    use(store, text)


def test_no_link_is_made_while_there_is_an_owner_and_an_old_one_is_dead(store: Store) -> None:
    text = issue(store)
    with store.write() as writer:
        users.add_user(writer, name="Olive", kind="owner", password_hash="hash", now=1)
        assert setup.issue_link(writer, b"n" * 32, 1) is None
    with pytest.raises(SetupClosed):
        use(store, text, name="Stan")


def test_members_alone_do_not_close_the_setup(store: Store, cast: dict[str, Viewer]) -> None:
    with store.write() as writer:
        writer.run("DELETE FROM user WHERE kind='owner'")
    use(store, issue(store))
