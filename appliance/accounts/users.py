"""The family's accounts: a name, a kind, a password hash. A name is unique whatever its case."""

import unicodedata
from dataclasses import dataclass

from appliance.accounts.viewer import KINDS
from appliance.errors import NameTaken, WrongUsage
from appliance.store.db import Reader, Writer

LONGEST_NAME = 60


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


def password_hash(reader: Reader, user_id: int) -> str | None:
    """Return the hash of an enabled user's password, or None."""
    hashed: str | None = reader.value("SELECT password_hash FROM user WHERE id=? AND disabled_at IS NULL", (user_id,))
    return hashed


def set_password(writer: Writer, user_id: int, password_hash: str) -> None:
    writer.run("UPDATE user SET password_hash=? WHERE id=?", (password_hash, user_id))
