"""Share links as the household makes, sees and ends them: a token that is shown once, an end, and which clean copies it needs.

The owner sees and ends every link, a member the own ones, a child none. What a guest may know stands in guests.py.
"""

import json
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal, get_args

from appliance.accounts.viewer import Child, Family, Owner
from appliance.errors import AdultNeeded, NotFound, WrongUsage
from appliance.library.access import visible_assets
from appliance.sharing import copies
from appliance.sharing.clean_copies import Size
from appliance.sharing.receipt import Removed
from appliance.store import audit
from appliance.store.db import Reader, Writer

TOKEN_BYTES = 32
DAY_MS = 24 * 3_600_000
DAYS, MOST_DAYS = 14, 365
MOST_ASSETS = 2_000
MOST_VIEWS = 100_000
LONGEST_TITLE = 120
KEPT_MS = 30 * DAY_MS

SIZES: tuple[Size, ...] = get_args(Size)
State = Literal["making", "live", "used up", "stopped", "expired", "revoked"]


@dataclass(frozen=True, slots=True)
class Options:
    """What a link allows. `days` until it ends; `password_hash` as passwords.hash_password makes it; `most_views` None: any number;
    `uploads_into`: the id of the album that guests may send pictures for, which the owner alone allows."""

    title: str = ""
    size: Size = "screen"
    keep_location: bool = False
    downloads: bool = True
    password_hash: str | None = None
    most_views: int | None = None
    days: int = DAYS
    uploads_into: int | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A link as the household sees it; times in milliseconds since 1970 UTC. `items` are how many assets it holds, `made` how many
    of their copies are proven, `bytes` what these take. `reason`: why the first copy that could not be made was not."""

    id: int
    made_by: int
    maker: str
    title: str
    size: Size
    keep_location: bool
    downloads: bool
    has_password: bool
    most_views: int | None
    views: int
    uploads_into: int | None
    made_at: int
    expires_at: int
    state: State
    revoked_at: int | None
    last_opened_at: int | None
    items: int
    made: int
    failed: int
    bytes: int
    reason: str | None

    @property
    def is_over(self) -> bool:
        return self.state in ("expired", "revoked")


@dataclass(frozen=True, slots=True)
class Open:
    """One time that guests came; `address` is that of the machine at the other end."""

    at: int
    address: str
    what: Literal["page", "zip", "file", "wrong password"]


@dataclass(frozen=True, slots=True)
class Item:
    """One asset of a link; `state` is that of its copy (waiting, running, done, failed), None when it was let go, and `removed`
    its receipt."""

    asset_id: int
    state: str | None
    reason: str | None
    removed: tuple[Removed, ...]


def token_text(token: bytes) -> str:
    """A token's 32 bytes as they stand in the address."""
    return urlsafe_b64encode(token).decode().rstrip("=")


def require_adult(viewer: Family) -> None:
    """Raises AdultNeeded: a child's account neither shares nor sees what is shared."""
    if isinstance(viewer, Child):
        raise AdultNeeded


def create(writer: Writer, viewer: Family, assets: Sequence[int], options: Options, *, token: bytes, now: int) -> int:
    """Make a link to `assets`, in their order, for TOKEN_BYTES fresh random bytes; return its id. Only the token's hash is kept.

    It lives at once when every copy is there already, else as soon as the last one is proven. Raises AdultNeeded, WrongUsage, and
    NotFound when `viewer` does not see one of the assets.
    """
    require_adult(viewer)
    wanted = list(dict.fromkeys(assets))
    title = _check(writer, viewer, wanted, options)
    link = writer.insert(
        """INSERT INTO share_link(token_hash, made_by, title, size, keep_location, downloads, password_hash, most_views,
             uploads_into, made_at, expires_at, state) VALUES(?,?,?,?,?,?,?,?,?,?,?,'making')""",
        (sha256(token).digest(), viewer.user_id, title, options.size, options.keep_location, options.downloads,
         options.password_hash, options.most_views, options.uploads_into, now, now + options.days * DAY_MS),
    )  # fmt: skip
    writer.many(
        "INSERT INTO share_item(link_id, position, asset_id) VALUES(?,?,?)",
        [(link, position, asset_id) for position, asset_id in enumerate(wanted, 1)],
    )
    audit.record(writer, now=now, user_id=viewer.user_id, action="share.made", subjects=[link])
    audit.record(writer, now=now, user_id=viewer.user_id, action="asset.shared", subjects=wanted)
    copies.want(writer, link)
    return link


def _check(reader: Reader, viewer: Family, assets: Sequence[int], options: Options) -> str:
    """Return the tidied title; raises WrongUsage for options that are none, NotFound."""
    if not 1 <= len(assets) <= MOST_ASSETS:
        raise WrongUsage(what=f"A link holds 1 to {MOST_ASSETS:,} photos; these are {len(assets):,}.")
    if options.size not in SIZES:
        raise WrongUsage(what=f"The size of a link is one of {', '.join(SIZES)}.")
    check_days(options.days)
    if options.most_views is not None and not 1 <= options.most_views <= MOST_VIEWS:
        raise WrongUsage(what=f"A link can be opened 1 to {MOST_VIEWS:,} times, or as often as people like.")
    if options.uploads_into is not None:
        _check_album(reader, viewer, options.uploads_into)
    seen = f"SELECT count(*) FROM asset WHERE id IN (SELECT value FROM json_each(?)) AND {visible_assets(viewer)}"
    if reader.value(seen, (json.dumps(list(assets)),)) != len(assets):
        raise NotFound
    return tidy_title(options.title)


def check_days(days: int) -> None:
    if not 1 <= days <= MOST_DAYS:
        raise WrongUsage(what=f"A link lives for 1 to {MOST_DAYS} days; there is none without an end.")


def _check_album(reader: Reader, viewer: Family, album: int) -> None:
    if not isinstance(viewer, Owner):
        raise WrongUsage(what="Only the owner can let guests send pictures.")
    reader.one("SELECT 1 FROM album WHERE id=?", (album,))


def tidy_title(title: str) -> str:
    """Return `title` on one line, without what does not print; raises WrongUsage when it is too long."""
    kept = " ".join("".join(letter if letter.isprintable() else " " for letter in title).split())
    if len(kept) > LONGEST_TITLE:
        raise WrongUsage(what=f"The title of a link has up to {LONGEST_TITLE} characters; this one has {len(kept)}.")
    return kept


_LINKS = """
SELECT share_link.id, made_by, user.name, title, size, keep_location, downloads, share_link.password_hash IS NOT NULL, most_views,
  views, uploads_into, made_at, expires_at,
  CASE WHEN state = 'revoked' THEN 'revoked' WHEN expires_at <= :now THEN 'expired'
    WHEN state = 'live' AND views >= most_views THEN 'used up' ELSE state END,
  revoked_at, last_opened_at, coalesce(total, 0), coalesce(made, 0), coalesce(failed, 0), coalesce(items.bytes, 0), items.reason
FROM share_link JOIN user ON user.id = made_by LEFT JOIN (
  SELECT link_id, count(*) AS total, count(*) FILTER (WHERE state = 'done') AS made,
    count(*) FILTER (WHERE state = 'failed') AS failed,
    sum(clean_copy.bytes) AS bytes, min(reason) FILTER (WHERE state = 'failed') AS reason
  FROM share_item LEFT JOIN clean_copy ON clean_copy.id = copy_id GROUP BY link_id
) AS items ON items.link_id = share_link.id
"""


def seen(reader: Reader, viewer: Family, *, now: int) -> list[Link]:
    """Return the links that `viewer` may see, the newest first; for a child there are none."""
    sql = f"{_LINKS} WHERE {_theirs(viewer)} ORDER BY share_link.id DESC"
    return reader.rows(Link, sql, {"now": now, "viewer": viewer.user_id})


def get(reader: Reader, viewer: Family, link: int, *, now: int) -> Link:
    """Return one link; raises NotFound when there is none that `viewer` may see."""
    sql = f"{_LINKS} WHERE share_link.id=:link AND {_theirs(viewer)}"
    return Link(*reader.one(sql, {"now": now, "viewer": viewer.user_id, "link": link}))


def _theirs(viewer: Family) -> str:
    """An SQL condition on `share_link`: which links are a viewer's to see and to end."""
    match viewer:
        case Owner():
            return "(:viewer IS NOT NULL)"
        case Child():
            return "(:viewer IS NULL)"
        case _:
            return "(made_by = :viewer)"


def opens(reader: Reader, link: int, *, limit: int) -> list[Open]:
    """Return when guests came lately, the latest first."""
    return reader.rows(
        Open, "SELECT at, address, what FROM share_open WHERE link_id=? ORDER BY at DESC, id DESC LIMIT ?", (link, limit)
    )


def items(reader: Reader, link: int) -> list[Item]:
    """Return what a link holds, in its order. Whoever asks must be allowed to see the link."""
    rows = reader.all(
        """SELECT share_item.asset_id, state, reason, coalesce(receipt, '[]') FROM share_item
           LEFT JOIN clean_copy ON clean_copy.id = copy_id WHERE link_id=? ORDER BY position""",
        (link,),
    )
    return [Item(asset_id, state, reason, copies.receipt_of(text)) for asset_id, state, reason, text in rows]


def revoke(writer: Writer, viewer: Family, link: int, *, now: int) -> list[str]:
    """End a link at once; return the folders of the copies that no other link needs, for the caller to delete after the commit.

    From the commit on nothing of it is served, whatever becomes of the files. Raises NotFound."""
    found = get(writer, viewer, link, now=now)
    if found.state == "revoked":
        return []
    writer.run("UPDATE share_link SET state='revoked', revoked_at=? WHERE id=?", (now, link))
    audit.record(writer, now=now, user_id=viewer.user_id, action="share.revoked", subjects=[link])
    return copies.let_go(writer, now=now)


def extend(writer: Writer, viewer: Family, link: int, *, days: int, now: int) -> None:
    """Let a link live for `days` from now on; one that had expired comes back under its address as soon as its copies are there.

    Raises WrongUsage, NotFound; a revoked link stays revoked."""
    check_days(days)
    found = _not_revoked(writer, viewer, link, now)
    writer.run("UPDATE share_link SET expires_at=? WHERE id=?", (now + days * DAY_MS, link))
    audit.record(writer, now=now, user_id=viewer.user_id, action="share.extended", subjects=[link])
    if found.state != "stopped":
        copies.want(writer, link)


def set_password(writer: Writer, viewer: Family, link: int, password_hash: str | None, *, now: int) -> None:
    """Give a link another password, or none; guests who know the old one have to ask again. Raises NotFound, WrongUsage."""
    _not_revoked(writer, viewer, link, now)
    writer.run("UPDATE share_link SET password_hash=? WHERE id=?", (password_hash, link))
    audit.record(writer, now=now, user_id=viewer.user_id, action="share.password", subjects=[link])


def renew(writer: Writer, viewer: Family, link: int, *, token: bytes, now: int) -> None:
    """Give a link another address, for TOKEN_BYTES fresh random bytes; the old one leads nowhere from now on. Raises NotFound,
    WrongUsage."""
    _not_revoked(writer, viewer, link, now)
    writer.run("UPDATE share_link SET token_hash=? WHERE id=?", (sha256(token).digest(), link))
    audit.record(writer, now=now, user_id=viewer.user_id, action="share.address", subjects=[link])


def try_again(writer: Writer, viewer: Family, link: int, *, now: int) -> None:
    """Give the copies of a stopped link that failed new attempts. Raises NotFound, WrongUsage."""
    _not_revoked(writer, viewer, link, now)
    copies.want(writer, link)


def leave_out_failed(writer: Writer, viewer: Family, link: int, *, now: int) -> int:
    """Take the photos out of a stopped link whose copies could not be made, so that it lives with the others; return how many.

    Raises NotFound, and WrongUsage when nothing would be left."""
    found = _not_revoked(writer, viewer, link, now)
    if found.failed == found.items:
        raise WrongUsage(what="No copy of this link could be made, so nothing would be left of it.")
    gone = writer.run(
        "DELETE FROM share_item WHERE link_id=? AND copy_id IN (SELECT id FROM clean_copy WHERE state='failed')", (link,)
    )
    copies.let_go(writer, now=now)
    copies.want(writer, link)
    return gone


def _not_revoked(reader: Reader, viewer: Family, link: int, now: int) -> Link:
    found = get(reader, viewer, link, now=now)
    if found.state == "revoked":
        raise WrongUsage(what="This link was revoked, and no revoked link comes back. Make a new one.")
    return found


def tidy(writer: Writer, *, now: int) -> list[str]:
    """Forget opens and ended links that are older than KEPT_MS; return the folders of copies that no live link needs any more, for
    the caller to delete after the commit."""
    writer.run("DELETE FROM share_open WHERE at < ?", (now - KEPT_MS,))
    writer.run(
        """DELETE FROM share_link WHERE (expires_at < ?1 OR (state = 'revoked' AND revoked_at < ?1))
           AND NOT EXISTS (SELECT 1 FROM share_sent LEFT JOIN upload USING (token) WHERE link_id = share_link.id
             AND (share_sent.state = 'waiting' OR upload.state IN ('waiting','running')))""",
        (now - KEPT_MS,),
    )
    return copies.let_go(writer, now=now)
