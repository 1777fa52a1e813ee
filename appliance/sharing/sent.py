"""What guests sent through a link: it lies in incoming/, known here alone, until the owner or the link's maker has said yes or no.

Said yes, it becomes an upload of whoever said so, and takes the way of every other (uploads.py puts it into the link's album);
said no, its bytes go.
"""

from dataclasses import dataclass

from appliance.accounts.viewer import Child, Family, Owner
from appliance.errors import AdultNeeded, GuestSentEnough
from appliance.library import received
from appliance.sharing.guests import Door
from appliance.store import audit
from appliance.store.db import Reader, Writer

MOST_FILES = 200
MOST_BYTES = 4 * 10**9
"""What one link takes in all; what was refused counts no longer."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One file that a guest sent; `state` is waiting, accepted or refused, `sent_at` in milliseconds since 1970 UTC."""

    id: int
    file_name: str
    bytes: int
    sent_at: int
    state: str


def check_room(reader: Reader, door: Door, size: int) -> None:
    """Raises GuestSentEnough when the link does not take another file of `size` bytes."""
    sql = "SELECT count(*), coalesce(sum(bytes), 0) FROM share_sent WHERE link_id=? AND state <> 'refused'"
    files, kept = reader.one(sql, (door.link,))
    if files >= MOST_FILES or kept + size > MOST_BYTES:
        raise GuestSentEnough(files=MOST_FILES, gigabytes=MOST_BYTES // 10**9)


def keep(writer: Writer, door: Door, *, token: str, file_name: str, bytes: int, now: int) -> None:
    """Note a whole file in incoming/ called `token`; raises GuestSentEnough, also when others filled the link meanwhile."""
    check_room(writer, door, bytes)
    writer.run(
        "INSERT INTO share_sent(link_id, token, file_name, bytes, sent_at) VALUES(?,?,?,?,?)",
        (door.link, token, file_name, bytes, now),
    )


def waiting(reader: Reader, viewer: Family, link: int) -> list[Sent]:
    """Return what was sent through a link and waits for `viewer`'s word, the oldest first."""
    return reader.rows(
        Sent,
        f"""SELECT share_sent.id, file_name, bytes, sent_at, share_sent.state
            FROM share_sent JOIN share_link ON share_link.id = link_id
            WHERE link_id=? AND share_sent.state='waiting' AND {_may_judge(viewer)} ORDER BY share_sent.id""",
        (link,),
    )


def file_of(reader: Reader, viewer: Family, sent: int) -> str:
    """Return the name in incoming/ of one file that waits for `viewer`'s word; raises NotFound, AdultNeeded."""
    sql = f"""SELECT token FROM share_sent JOIN share_link ON share_link.id = link_id
      WHERE share_sent.id=? AND share_sent.state='waiting' AND {_may_judge(viewer)}"""
    return str(reader.one(sql, (sent,))[0])


def accept(writer: Writer, viewer: Family, sent: int, *, now: int) -> int:
    """Hand one file to the worker, as an upload of `viewer`'s; return its link. Raises NotFound, AdultNeeded."""
    link, token, file_name, size = _judge(writer, viewer, sent, "accepted", now=now)
    received.announce(writer, token=token, user_id=viewer.user_id, file_name=file_name, bytes=size, modified_at=now, now=now)
    return link


def refuse(writer: Writer, viewer: Family, sent: int, *, now: int) -> tuple[int, str]:
    """Say no to one file; return its link and its name in incoming/, which the caller unlinks after the commit."""
    link, token, _, _ = _judge(writer, viewer, sent, "refused", now=now)
    return link, token


def _judge(writer: Writer, viewer: Family, sent: int, state: str, *, now: int) -> tuple[int, str, str, int]:
    sql = f"""UPDATE share_sent SET state=? WHERE id=? AND state='waiting'
      AND link_id IN (SELECT id FROM share_link WHERE {_may_judge(viewer)}) RETURNING link_id, token, file_name, bytes"""
    link, token, file_name, size = writer.one(sql, (state, sent))
    audit.record(writer, now=now, user_id=viewer.user_id, action=f"sent.{state}", subjects=[link, sent])
    return link, token, file_name, size


def _may_judge(viewer: Family) -> str:
    """SQL: the owner judges what came through every link, a member what came through his own; raises AdultNeeded."""
    match viewer:
        case Owner():
            return "1"
        case Child():
            raise AdultNeeded
        case _:
            return f"share_link.made_by = {viewer.user_id:d}"
