"""Whether People is on, and who may see it: one row of `mantel.db`. Off until the owner turns it on."""

from dataclasses import dataclass
from typing import Literal

from appliance.accounts.viewer import Member, Owner, Viewer
from appliance.store import audit
from appliance.store.db import Reader, Writer

Viewers = Literal["owner", "adults"]


@dataclass(frozen=True, slots=True)
class Consent:
    """Since when (milliseconds since 1970 UTC), by whose account (None: the command line, or it is gone), for whom to see."""

    since: int
    by_user: int | None
    viewers: Viewers
    revision: int


def consent(reader: Reader) -> Consent | None:
    """Return None while People is off."""
    row = reader.first("SELECT since, by_user, viewers, revision FROM people_consent")
    return Consent(*row) if row else None


def is_on(reader: Reader) -> bool:
    return consent(reader) is not None


def may_see(reader: Reader, viewer: Viewer) -> bool:
    """May `viewer` see persons, once it is unlocked? Children and guests never; off, nobody."""
    given = consent(reader)
    if given is None:
        return False
    return isinstance(viewer, Owner) or (isinstance(viewer, Member) and given.viewers == "adults")


def enable(writer: Writer, *, user_id: int | None, viewers: Viewers, now: int) -> None:
    """Turn People on; the vault has been made before. `turning.turn_on` does both."""
    writer.run("INSERT INTO people_consent(one, since, by_user, viewers, revision) VALUES(1,?,?,?,1)", (now, user_id, viewers))
    audit.record(writer, now=now, user_id=user_id, action="people.enabled")


def set_viewers(writer: Writer, viewers: Viewers, *, user_id: int | None, now: int) -> None:
    """Change who may see; nothing while People is off."""
    if writer.run("UPDATE people_consent SET viewers=?1, revision=revision+1 WHERE viewers<>?1", (viewers,)):
        audit.record(writer, now=now, user_id=user_id, action="people.viewers")
