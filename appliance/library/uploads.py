"""Rows of `upload`: files that the web has received whole into incoming/ and that wait to be taken into the library."""

from dataclasses import dataclass

from appliance.store.db import Reader, Writer

MAX_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Upload:
    """One claimed upload; its bytes lie in incoming/ under `token`."""

    id: int
    token: str
    user_id: int
    file_name: str
    modified_at: int
    attempts: int


def waits(reader: Reader) -> bool:
    """True when `claim` would find one."""
    return reader.first("SELECT 1 FROM upload WHERE state='waiting' LIMIT 1") is not None


def claim(writer: Writer, *, now: int, lease_ms: int) -> Upload | None:
    """Claim the oldest waiting upload, or return None."""
    return next(
        iter(
            writer.rows(
                Upload,
                """UPDATE upload SET state='running', attempts=attempts+1, lease_until=?
                   WHERE id=(SELECT id FROM upload WHERE state='waiting' ORDER BY id LIMIT 1)
                   RETURNING id, token, user_id, file_name, modified_at, attempts""",
                (now + lease_ms,),
            )
        ),
        None,
    )


def finish(writer: Writer, upload: Upload, *, outcome: str, asset_id: int) -> None:
    """`outcome` is 'added' or 'already_here'; to be written in the transaction that makes the asset.

    What a guest sent goes into the album that its share link was made for."""
    writer.run("UPDATE upload SET state=?, asset_id=?, reason=NULL, lease_until=NULL WHERE id=?", (outcome, asset_id, upload.id))
    writer.run(
        """INSERT OR IGNORE INTO album_asset SELECT uploads_into, ?, sent_at
           FROM share_sent JOIN share_link ON share_link.id = link_id
           WHERE token=? AND share_sent.state='accepted' AND uploads_into IS NOT NULL""",
        (asset_id, upload.token),
    )


def refuse(writer: Writer, upload: Upload, *, reason: str) -> None:
    """Say why it will not be taken in; the caller unlinks its bytes after the commit. What another worker took in stays so."""
    writer.run(
        "UPDATE upload SET state='refused', reason=?, lease_until=NULL WHERE id=? AND state='running'", (reason[:500], upload.id)
    )


def release(writer: Writer, upload: Upload) -> None:
    """Give a claimed upload back as if it had not been tried (a clean stop)."""
    writer.run(
        "UPDATE upload SET state='waiting', attempts=attempts-1, lease_until=NULL WHERE id=? AND state='running'", (upload.id,)
    )


def retry(writer: Writer, upload: Upload) -> None:
    """Put a claimed upload back after a failure that may pass; the attempt counts."""
    writer.run("UPDATE upload SET state='waiting', lease_until=NULL WHERE id=? AND state='running'", (upload.id,))


def renew(writer: Writer, upload: Upload, *, now: int, lease_ms: int) -> None:
    """Keep the lease of an upload that takes long."""
    writer.run("UPDATE upload SET lease_until=? WHERE id=? AND state='running'", (now + lease_ms, upload.id))


def recover(writer: Writer, *, now: int) -> int:
    """Put back what a killed process had claimed, as if it had not been tried; return how many."""
    return writer.run(
        """UPDATE upload SET state='waiting', attempts=max(attempts-1, 0), lease_until=NULL
           WHERE state='running' AND lease_until < ?""",
        (now,),
    )
