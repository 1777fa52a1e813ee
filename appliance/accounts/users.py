"""The family's accounts: a name, a kind, a password hash. A name is unique whatever its case."""

import unicodedata
from dataclasses import dataclass

from appliance.accounts.viewer import KINDS, Family
from appliance.errors import NameTaken, NotFound, WrongUsage
from appliance.store.db import Reader, Writer

LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class User:
    """One account as the settings page lists it; times in milliseconds since 1970 UTC."""

    id: int
    name: str
    kind: str
    created_at: int
    disabled_at: int | None


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a login is checked against."""

    user_id: int
    password_hash: str


def tidy_name(name: str) -> str:
    """Return `name` in the one form that is stored and looked up; raises WrongUsage when it cannot be a name."""
    tidy = " ".join(unicodedata.normalize("NFC", name).split())
    if not 1 <= len(tidy) <= LONGEST_NAME or any(unicodedata.category(character)[0] == "C" for character in tidy):
        raise WrongUsage(what=f"A name has 1 to {LONGEST_NAME} visible characters.")
    return tidy


def add_user(writer: Writer, *, name: str, kind: str, password_hash: str, now: int) -> int:
    """Return the new user's id; raises NameTaken, and WrongUsage for a kind that is none of owner, member, child."""
    if kind not in KINDS:
        raise WrongUsage(what=f"“{kind}” is not a kind of user; there are {', '.join(KINDS)}.")
    name = tidy_name(name)
    if writer.value("SELECT 1 FROM user WHERE name=?", (name,)):
        raise NameTaken(name=name)
    return writer.insert(
        "INSERT INTO user(name, kind, password_hash, created_at) VALUES(?,?,?,?)", (name, kind, password_hash, now)
    )


def has_owner(reader: Reader) -> bool:
    return reader.value("SELECT 1 FROM user WHERE kind='owner'") is not None


def credentials(reader: Reader, name: str) -> Credentials | None:
    """What to check a login against, or None when nobody enabled has that name."""
    normal = " ".join(unicodedata.normalize("NFC", name).split())
    row = reader.first("SELECT id, password_hash FROM user WHERE name=? AND disabled_at IS NULL", (normal,))
    return Credentials(*row) if row else None


def set_password(writer: Writer, user_id: int, password_hash: str) -> None:
    writer.run("UPDATE user SET password_hash=? WHERE id=?", (password_hash, user_id))


def viewer_of(reader: Reader, user_id: int) -> Family:
    """The Owner, Member or Child behind an enabled user's id; raises NotFound."""
    kind, name = reader.one("SELECT kind, name FROM user WHERE id=? AND disabled_at IS NULL", (user_id,))
    return KINDS[kind](user_id=user_id, name=name)


def list_users(reader: Reader) -> list[User]:
    """Everybody, the owner first, then by name."""
    return reader.rows(User, "SELECT id, name, kind, created_at, disabled_at FROM user ORDER BY kind != 'owner', name")


def disable_user(writer: Writer, user_id: int, now: int) -> None:
    """Nobody can log in as this user any more; what they added stays. Raises NotFound for an owner or a stranger's id."""
    if not writer.run("UPDATE user SET disabled_at=? WHERE id=? AND kind != 'owner' AND disabled_at IS NULL", (now, user_id)):
        raise NotFound
    writer.run("DELETE FROM session WHERE user_id=?", (user_id,))
