"""Sessions: 32 random bytes in a cookie, their SHA-256 in the database. A session names one user on one device."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256

from appliance.accounts.viewer import KINDS, Family
from appliance.errors import NotFound
from appliance.store.db import Reader, Writer

SECRET_BYTES = 32
COOKIE_CHARACTERS = 43
DAY_MS = 24 * 3_600_000
IDLE_MS = 30 * DAY_MS
LONGEST_MS = 180 * DAY_MS
SEEN_EVERY_MS = 5 * 60_000
LONGEST_AGENT = 200


@dataclass(frozen=True, slots=True)
class Session:
    """Who is asking and since when; times in milliseconds since 1970 UTC."""

    id_hash: bytes
    viewer: Family
    csrf: str
    created_at: int
    last_seen: int
    confirmed_at: int

    def bears(self, token: str) -> bool:
        """Is `token` this session's CSRF token? Takes the same time whatever differs."""
        return hmac.compare_digest(self.csrf.encode(), token.encode())


@dataclass(frozen=True, slots=True)
class Device:
    """One session as its owner sees it in a list; `handle` says which one to end, and lets nobody in."""

    handle: str
    agent: str
    address: str
    created_at: int
    last_seen: int


def to_cookie(secret: bytes) -> str:
    return urlsafe_b64encode(secret).decode().rstrip("=")


def from_cookie(value: str) -> bytes | None:
    """The secret in a cookie's value, or None when it is not one of ours."""
    if len(value) != COOKIE_CHARACTERS:
        return None
    try:
        return urlsafe_b64decode(value + "=")
    except ValueError:
        return None


def start_session(writer: Writer, secret: bytes, *, csrf: str, user_id: int, now: int, agent: str, address: str) -> None:
    """Keep a session for SECRET_BYTES fresh random bytes that the server chose; `csrf` is random too. Old sessions are swept."""
    writer.run("DELETE FROM session WHERE last_seen < ? OR created_at < ?", (now - IDLE_MS, now - LONGEST_MS))
    writer.run(
        "INSERT INTO session(id_hash, user_id, csrf, created_at, last_seen, confirmed_at, agent, address) VALUES(?,?,?,?,?,?,?,?)",
        (_hash(secret), user_id, csrf, now, now, now, agent[:LONGEST_AGENT], address),
    )


def find_session(reader: Reader, secret: bytes, now: int) -> Session | None:
    """The live session of these bytes. None when unknown, ended, idle for 30 days, 180 days old, or its user is disabled."""
    row = reader.first(
        """SELECT id_hash, kind, user_id, name, csrf, session.created_at, last_seen, confirmed_at
           FROM session JOIN user ON user.id = user_id
           WHERE id_hash=? AND last_seen >= ? AND session.created_at >= ? AND disabled_at IS NULL""",
        (_hash(secret), now - IDLE_MS, now - LONGEST_MS),
    )
    if row is None:
        return None
    id_hash, kind, user_id, name, *rest = row
    return Session(id_hash, KINDS[kind](user_id=user_id, name=name), *rest)


def is_due(session: Session, now: int) -> bool:
    """Was `last_seen` written so long ago that it wants writing? A page of thumbnails must not write once for each."""
    return now - session.last_seen >= SEEN_EVERY_MS


def mark_seen(writer: Writer, session: Session, now: int) -> None:
    writer.run("UPDATE session SET last_seen=? WHERE id_hash=? AND last_seen < ?", (now, session.id_hash, now))


def confirm(writer: Writer, session: Session, now: int) -> None:
    """Note that the password was typed in this session just now."""
    writer.run("UPDATE session SET confirmed_at=? WHERE id_hash=?", (now, session.id_hash))


def end_session(writer: Writer, secret: bytes) -> None:
    """End the session of these bytes, if there is one."""
    writer.run("DELETE FROM session WHERE id_hash=?", (_hash(secret),))


def list_devices(reader: Reader, user_id: int) -> list[Device]:
    """A user's live sessions, the latest seen first."""
    return reader.rows(
        Device,
        "SELECT lower(hex(id_hash)), agent, address, created_at, last_seen FROM session WHERE user_id=? ORDER BY last_seen DESC",
        (user_id,),
    )


def end_device(writer: Writer, user_id: int, handle: str) -> None:
    """End one of this user's sessions; raises NotFound for anybody else's."""
    if not writer.run("DELETE FROM session WHERE user_id=? AND lower(hex(id_hash))=?", (user_id, handle)):
        raise NotFound


def _hash(secret: bytes) -> bytes:
    return sha256(secret).digest()
