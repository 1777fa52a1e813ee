"""The family: who has an account, how they get one, and when they were born.

An account is made by the owner, without a password. A link that works once lets its person choose one; the same kind of link
gives a new password to somebody who forgot theirs. Only the SHA-256 of a link's token is kept.
"""

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from appliance.accounts import users
from appliance.errors import InvitationClosed, NotFound, WrongUsage
from appliance.store import audit
from appliance.store.db import Reader, Writer

TOKEN_BYTES = 32
LIFETIME_MS = 7 * 24 * 3_600_000
OLDEST = date(1875, 1, 1)  # nobody who was ever photographed by this family's grandchildren is older
NO_PASSWORD = ""  # of an account whose person has not chosen one: no password matches it


@dataclass(frozen=True, slots=True)
class Person:
    """One account. `invited_until`: milliseconds since 1970 UTC while a link of theirs works; `last_seen` None: never here."""

    user_id: int
    name: str
    kind: str
    birthday: date | None
    joined: bool
    closed: bool
    last_seen: int | None
    invited_until: int | None


def people(reader: Reader, now: int) -> list[Person]:
    """Everybody who has an account, the owner first, then in the order they were invited."""
    sql = """SELECT user.id, name, kind, birthday, password_hash <> '', disabled_at IS NOT NULL,
        (SELECT max(last_seen) FROM session WHERE user_id = user.id), (SELECT expires_at FROM invitation
         WHERE user_id = user.id AND expires_at > ?) FROM user ORDER BY kind <> 'owner', user.id"""
    return [_person(*row) for row in reader.all(sql, (now,))]


def person(reader: Reader, user_id: int, now: int) -> Person:
    """Raises NotFound."""
    for found in people(reader, now):
        if found.user_id == user_id:
            return found
    raise NotFound


def named(reader: Reader, name: str, now: int) -> Person:
    """The account that goes by `name`, whatever its case; raises WrongUsage when there is none."""
    wanted = users.tidy_name(name)
    user_id = reader.value("SELECT id FROM user WHERE name=?", (wanted,))
    if user_id is None:
        raise WrongUsage(what=f"There is nobody called {wanted} here; “mantel users list” shows who is.")
    return person(reader, user_id, now)


def invite(writer: Writer, *, by: int | None, name: str, kind: str, token: bytes, now: int) -> tuple[int, str]:
    """Make an account without a password; return its id and the text of the link's token. Raises NameTaken, WrongUsage."""
    if kind == "owner":
        raise WrongUsage(what="There is one owner; invite a member or a child.")
    user_id = users.add_user(writer, name=name, kind=kind, password_hash=NO_PASSWORD, now=now)
    audit.record(writer, now=now, user_id=by, action="user.invited", subjects=[user_id])
    return user_id, _issue(writer, user_id, token, now)


def renew(writer: Writer, user_id: int, *, by: int | None, token: bytes, now: int) -> str:
    """A new link for somebody who lost the first one, or the password: the old password works until a new one is chosen.

    Raises NotFound for the owner and for a closed account.
    """
    _changeable(writer, user_id, closed=False)
    audit.record(writer, now=now, user_id=by, action="user.invited", subjects=[user_id])
    return _issue(writer, user_id, token, now)


def invited(reader: Reader, text: str, now: int) -> str:
    """Return the name of the person whose link has the token `text`; raises InvitationClosed."""
    return _holder(reader, text, now)[1]


def join(writer: Writer, text: str, *, password_hash: str, now: int) -> int:
    """Use the link up: the password is chosen, and sessions begun with another end. Return the user's id."""
    user_id, _ = _holder(writer, text, now)
    users.set_password(writer, user_id, password_hash)
    writer.run("DELETE FROM invitation WHERE user_id=?", (user_id,))
    writer.run("DELETE FROM session WHERE user_id=?", (user_id,))
    audit.record(writer, now=now, user_id=user_id, action="user.joined", subjects=[user_id])
    return user_id


def close(writer: Writer, user_id: int, *, by: int | None, now: int) -> None:
    """Nobody comes in by this account any more, from this moment; what it added and made stays. Raises NotFound."""
    _changeable(writer, user_id, closed=False)
    writer.run("UPDATE user SET disabled_at=? WHERE id=?", (now, user_id))
    writer.run("DELETE FROM session WHERE user_id=?", (user_id,))
    writer.run("DELETE FROM invitation WHERE user_id=?", (user_id,))
    audit.record(writer, now=now, user_id=by, action="user.closed", subjects=[user_id])


def reopen(writer: Writer, user_id: int, *, by: int | None, now: int) -> None:
    """The same account with the same password as before; raises NotFound when it is not closed."""
    _changeable(writer, user_id, closed=True)
    writer.run("UPDATE user SET disabled_at=NULL WHERE id=?", (user_id,))
    audit.record(writer, now=now, user_id=by, action="user.reopened", subjects=[user_id])


def set_birthday(writer: Writer, user_id: int, text: str, *, today: date) -> date | None:
    """Keep `text` (YYYY-MM-DD, or empty to forget it) as this person's birthday; raises WrongUsage."""
    born = _birthday(text.strip(), today)
    if not writer.run("UPDATE user SET birthday=? WHERE id=?", (born.isoformat() if born else None, user_id)):
        raise NotFound
    return born


def birthdays(reader: Reader) -> dict[str, date]:
    """The name and the birthday of everybody whose is known."""
    rows = reader.all("SELECT name, birthday FROM user WHERE birthday IS NOT NULL AND disabled_at IS NULL")
    return {name: date.fromisoformat(born) for name, born in rows}


def _birthday(text: str, today: date) -> date | None:
    if not text:
        return None
    try:
        born = date.fromisoformat(text)
    except ValueError:
        raise WrongUsage(what="A birthday is a day such as 2014-05-31.") from None
    if not OLDEST <= born <= today:
        raise WrongUsage(what=f"A birthday lies between {OLDEST.year} and today.")
    return born


def _changeable(reader: Reader, user_id: int, *, closed: bool) -> None:
    sql = "SELECT 1 FROM user WHERE id=? AND kind <> 'owner' AND (disabled_at IS NOT NULL) = ?"
    reader.one(sql, (user_id, int(closed)))


def _issue(writer: Writer, user_id: int, token: bytes, now: int) -> str:
    text = urlsafe_b64encode(token).decode().rstrip("=")
    writer.run("INSERT OR REPLACE INTO invitation VALUES(?,?,?)", (user_id, _hash(text), now + LIFETIME_MS))
    return text


def _holder(reader: Reader, text: str, now: int) -> tuple[int, str]:
    sql = """SELECT user.id, name FROM invitation JOIN user ON user.id = user_id
        WHERE token_hash=? AND expires_at > ? AND disabled_at IS NULL"""
    row = reader.first(sql, (_hash(text), now))
    if row is None:
        raise InvitationClosed
    return row[0], row[1]


def _hash(text: str) -> bytes:
    return sha256(text.encode()).digest()


def _person(
    user_id: int, name: str, kind: str, born: str | None, joined: int, closed: int, seen: int | None, until: int | None
) -> Person:
    return Person(user_id, name, kind, date.fromisoformat(born) if born else None, bool(joined), bool(closed), seen, until)
