"""The rows of clean copies: which ones a link needs, which one is made next, and what became of it.

A row is a job: claimed by compare-and-set with a lease, finished together with the links that waited for it. A link lives from the
transaction on in which the last of its copies is proven; one whose copy cannot be made is stopped, and says why.
"""

import json
import secrets
from dataclasses import dataclass

import msgspec

from appliance.sharing.clean_copies import RECIPE, CleanCopy, Size
from appliance.sharing.receipt import Removed
from appliance.store.db import Reader, Writer

FOLDER_BYTES = 16
MOST_ATTEMPTS = 3
MOST_DEATHS = 10
# A link that was stopped keeps what it has until it ends: it may be tried again.
_NEEDED = """id IN (SELECT copy_id FROM share_item JOIN share_link ON share_link.id = link_id
  WHERE copy_id IS NOT NULL AND share_link.state <> 'revoked' AND expires_at > :now)"""


@dataclass(frozen=True, slots=True)
class Copy:
    """One clean copy to be made, and the asset that it is made of; `claimed_by` holds it until the lease is over."""

    id: int
    asset_id: int
    size: Size
    keep_location: bool
    folder: str
    attempts: int
    claimed_by: str


def want(writer: Writer, link: int) -> None:
    """Have every item of `link` made that is not there, failed ones anew; without anything to make it lives at once."""
    writer.run("UPDATE share_link SET state='making' WHERE id=? AND state <> 'revoked'", (link,))
    sql = """SELECT asset_id, size, keep_location FROM share_item JOIN share_link ON share_link.id = link_id
      WHERE link_id=? AND copy_id IS NULL"""
    writer.many(
        "INSERT OR IGNORE INTO clean_copy(asset_id, size, keep_location, recipe, folder) VALUES(?,?,?,?,?)",
        [(*row, RECIPE, secrets.token_hex(FOLDER_BYTES)) for row in writer.all(sql, (link,))],
    )
    writer.run(
        """UPDATE share_item SET copy_id = clean_copy.id FROM clean_copy, share_link
           WHERE link_id=?1 AND copy_id IS NULL AND share_link.id = ?1 AND clean_copy.asset_id = share_item.asset_id
             AND clean_copy.size = share_link.size AND clean_copy.keep_location = share_link.keep_location AND recipe = ?2""",
        (link, RECIPE),
    )
    writer.run(
        """UPDATE clean_copy SET state='waiting', attempts=0, reason=NULL WHERE state='failed'
           AND id IN (SELECT copy_id FROM share_item WHERE link_id=?)""",
        (link,),
    )
    _settle(writer, [link])


_NEXT = f"SELECT id FROM clean_copy WHERE state='waiting' AND {_NEEDED} ORDER BY id LIMIT 1"


def waits(reader: Reader, *, now: int) -> bool:
    """Is there a copy to be made? Asked first, because looking needs no write lock."""
    return reader.first(_NEXT, {"now": now}) is not None


def claim(writer: Writer, *, by: str, now: int, lease_ms: int) -> Copy | None:
    """Claim the copy that was asked for first, or return None."""
    row = writer.first(
        f"""UPDATE clean_copy SET state='running', attempts=attempts+1, claimed_by=:by, lease_until=:lease
            WHERE id = ({_NEXT}) AND state='waiting' RETURNING id, asset_id, size, keep_location, folder, attempts, claimed_by""",
        {"now": now, "by": by, "lease": now + lease_ms},
    )
    return Copy(*row) if row else None


_CLAIM = "id=? AND state='running' AND claimed_by=? AND attempts=?"


def finish(writer: Writer, copy: Copy, made: CleanCopy) -> bool:
    """Mark `copy` as proven, and let the links live that waited for no other. False when the claim was lost or nobody wants it any
    more: its files are the caller's to delete."""
    receipt = msgspec.json.encode(made.removed).decode()
    changed = writer.run(
        f"""UPDATE clean_copy SET state='done', claimed_by=NULL, lease_until=NULL, reason=NULL, media_type=?, extension=?, bytes=?,
              width=?, height=?, seconds=?, receipt=? WHERE {_CLAIM}""",
        (
            made.media_type,
            made.extension,
            made.bytes,
            made.width,
            made.height,
            made.seconds,
            receipt,
            *_key(copy),
        ),
    )
    if changed:
        _settle(writer, _waiting_for(writer, copy.id))
    return bool(changed)


def fail(writer: Writer, copy: Copy, *, reason: str, final: bool) -> None:
    """Record a failure. `final` (repeating won't help) or the third attempt ends it and stops its links; else it is tried again."""
    ended = final or copy.attempts >= MOST_ATTEMPTS
    changed = writer.run(
        f"UPDATE clean_copy SET state=?, reason=?, claimed_by=NULL, lease_until=NULL WHERE {_CLAIM}",
        ("failed" if ended else "waiting", reason[:500], *_key(copy)),
    )
    if changed and ended:
        _settle(writer, _waiting_for(writer, copy.id))


def release(writer: Writer, copy: Copy, *, reason: str = "") -> None:
    """Give a claimed copy back as if it had not been tried; `reason`: what it waits for."""
    writer.run(
        f"""UPDATE clean_copy SET state='waiting', attempts=attempts-1, reason=nullif(?, ''), claimed_by=NULL, lease_until=NULL
            WHERE {_CLAIM}""",
        (reason, *_key(copy)),
    )


def renew(writer: Writer, copy: Copy, *, now: int, lease_ms: int) -> None:
    """Keep a long one's lease."""
    writer.run(f"UPDATE clean_copy SET lease_until=? WHERE {_CLAIM}", (now + lease_ms, *_key(copy)))


def claimers(reader: Reader) -> list[str]:
    """Return who holds a running copy."""
    return [by for (by,) in reader.all("SELECT DISTINCT claimed_by FROM clean_copy WHERE state='running'")]


def release_all(writer: Writer, claimed_by: str, *, now: int) -> int:
    """Give back what a claimer held that is known to be dead; return how many. A power cut is nobody's fault, but a copy that was
    being made at MOST_DEATHS of them is given up, and its links are stopped."""
    return _put_back(writer, "claimed_by=?", claimed_by)


def recover(writer: Writer, *, now: int) -> int:
    """Put back what was claimed by a process that keeps no lease any more; return how many. What a link still waited for may also
    have left the library."""
    given = _put_back(writer, "lease_until < ?", now)
    _settle(writer, [link for (link,) in writer.all("SELECT id FROM share_link WHERE state='making'")])
    return given


def _put_back(writer: Writer, whose: str, value: str | int) -> int:
    dead = writer.all(
        f"""UPDATE clean_copy SET state='failed', claimed_by=NULL, lease_until=NULL,
              reason='The process that made this copy died again and again.'
            WHERE state='running' AND {whose} AND attempts >= {MOST_DEATHS} RETURNING id""",
        (value,),
    )
    for (copy_id,) in dead:
        _settle(writer, _waiting_for(writer, copy_id))
    given = writer.run(
        f"UPDATE clean_copy SET state='waiting', claimed_by=NULL, lease_until=NULL WHERE state='running' AND {whose}", (value,)
    )
    return given + len(dead)


def let_go(writer: Writer, *, now: int) -> list[str]:
    """Forget the copies that no link needs which lives, is being made or may be tried again; return their folders."""
    return [folder for (folder,) in writer.all(f"DELETE FROM clean_copy WHERE NOT {_NEEDED} RETURNING folder", {"now": now})]


def lost(writer: Writer, copy_ids: list[int]) -> None:
    """Have copies made again whose files are gone; the links that serve them wait for that."""
    ids = json.dumps(copy_ids)
    sql = "UPDATE clean_copy SET state='waiting', attempts=0 WHERE state='done' AND id IN (SELECT value FROM json_each(?))"
    writer.run(sql, (ids,))
    writer.run(
        """UPDATE share_link SET state='making' WHERE state='live' AND id IN
             (SELECT link_id FROM share_item WHERE copy_id IN (SELECT value FROM json_each(?)))""",
        (ids,),
    )


def _waiting_for(reader: Reader, copy_id: int) -> list[int]:
    sql = "SELECT link_id FROM share_item JOIN share_link ON share_link.id = link_id WHERE copy_id=? AND state='making'"
    return [link for (link,) in reader.all(sql, (copy_id,))]


def _settle(writer: Writer, links: list[int]) -> None:
    """A link that is being made lives when every copy is proven; it is stopped when the rest failed, or nothing is left."""
    for link in links:
        items, open_, failed = writer.one(
            """SELECT count(*), count(*) FILTER (WHERE state IN ('waiting','running') OR copy_id IS NULL),
                 count(*) FILTER (WHERE state = 'failed')
               FROM share_item LEFT JOIN clean_copy ON clean_copy.id = copy_id WHERE link_id=?""",
            (link,),
        )
        if not open_:
            state = "live" if items and not failed else "stopped"
            writer.run("UPDATE share_link SET state=? WHERE id=? AND state='making'", (state, link))


def _key(copy: Copy) -> tuple[int, str, int]:
    return copy.id, copy.claimed_by, copy.attempts


def receipt_of(text: str) -> tuple[Removed, ...]:
    """The receipt that a row keeps as JSON."""
    return msgspec.json.decode(text, type=tuple[Removed, ...])
