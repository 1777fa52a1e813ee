"""The one-time setup link by which the first owner is made. It works only while there is no owner."""

from base64 import urlsafe_b64encode
from hashlib import sha256

from appliance.accounts import users
from appliance.errors import SetupClosed
from appliance.store import audit
from appliance.store.db import Reader, Writer

TOKEN_BYTES = 32
LIFETIME_MS = 24 * 3_600_000


def issue_link(writer: Writer, token: bytes, now: int) -> str | None:
    """Make TOKEN_BYTES fresh random bytes the only valid setup token and return them as they stand in the URL.

    Return None, and change nothing, when there is an owner already. Only the token's SHA-256 is kept.
    """
    if users.has_owner(writer):
        return None
    text = urlsafe_b64encode(token).decode().rstrip("=")
    writer.run("DELETE FROM setup_link")
    writer.run("INSERT INTO setup_link(token_hash, expires_at) VALUES(?,?)", (_hash(text), now + LIFETIME_MS))
    return text


def check_link(reader: Reader, text: str, now: int) -> None:
    """Raises SetupClosed unless `text` is the token of a link that still works."""
    known = reader.value("SELECT 1 FROM setup_link WHERE token_hash=? AND expires_at > ?", (_hash(text), now))
    if not known or users.has_owner(reader):
        raise SetupClosed


def use_link(writer: Writer, text: str, *, name: str, password_hash: str, now: int) -> int:
    """Use the link up: make the owner and return the id. Raises SetupClosed; a refused name leaves the link as it was."""
    check_link(writer, text, now)
    user_id = users.add_user(writer, name=name, kind="owner", password_hash=password_hash, now=now)
    writer.run("DELETE FROM setup_link")
    audit.record(writer, now=now, user_id=user_id, action="user.created", subjects=[user_id])
    return user_id


def _hash(text: str) -> bytes:
    return sha256(text.encode()).digest()
