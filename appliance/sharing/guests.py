"""All that the guest's side may know of a share link: its title, what it allows, and clean copies by their place in it.

Nothing here names an asset, a file, a time of capture or a person. Every function takes the same steps for a link that is not
there as for one that is closed, so that a guest can tell neither the one from the other nor how near he came.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal

from appliance.accounts.viewer import KINDS, Family
from appliance.errors import NotFound
from appliance.library.access import visible_assets
from appliance.store.db import Reader, Writer
from appliance.store.layout import Layout

TOKEN_CHARACTERS = 43
KEPT_MS = 30 * 24 * 3_600_000
MOST_KEPT = 2_000
"""Opens of one link that are kept at most, so that somebody who asks again and again fills no disk."""

What = Literal["page", "zip", "file", "wrong password"]


@dataclass(frozen=True, slots=True)
class Door:
    """What stands between an address and its pictures; `is_live` is false for a link that is not there, over, or not yet.

    `password_hash`: None when there is no password. `left`: how often it may still be opened, None for always.
    """

    link: int
    is_live: bool
    token_hash: bytes
    password_hash: str | None
    left: int | None
    title: str
    downloads: bool
    sends: bool
    expires_at: int
    maker: Family

    @property
    def is_gated(self) -> bool:
        """Must a guest do something before the pictures show: type a password, or say that he opens it now?"""
        return self.password_hash is not None or self.left is not None

    @property
    def may_be_opened(self) -> bool:
        return self.is_live and self.left != 0


@dataclass(frozen=True, slots=True)
class Item:
    """One clean copy: its place in the link (1 is the first), its file's bytes and pixels, the seconds of a video."""

    position: int
    media_type: str
    extension: str
    bytes: int
    width: int
    height: int
    seconds: float | None
    folder: str

    @property
    def is_video(self) -> bool:
        return self.media_type.startswith("video/")

    @property
    def name(self) -> str:
        """What it is called when it is saved: “photo-001.jpg”."""
        return f"{'video' if self.is_video else 'photo'}-{self.position:03}.{self.extension}"


@dataclass(frozen=True, slots=True)
class Opened:
    """A link as its page shows it; times in milliseconds since 1970 UTC."""

    title: str
    items: tuple[Item, ...]
    downloads: bool
    sends: bool
    expires_at: int


_NOBODY = (0, b"\0" * 32, None, None, 0, "", 0, None, 0, "making", "member", 0, None)
_DOOR = """SELECT share_link.id, token_hash, share_link.password_hash, most_views, views, title, downloads, uploads_into,
    expires_at, state, kind, user.id, disabled_at
  FROM share_link JOIN user ON user.id = made_by WHERE token_hash=?"""


def knock(reader: Reader, token: str, *, now: int) -> Door:
    """Return what `token` leads to; never raises, and asks the same of the database whatever it is."""
    asked = sha256(_bytes_of(token)).digest()
    row = reader.first(_DOOR, (asked,)) or _NOBODY
    link, token_hash, password_hash, most_views, views, title, downloads, album, expires_at, state, kind, user_id, disabled = row
    is_live = hmac.compare_digest(token_hash, asked) and state == "live" and expires_at > now and disabled is None
    return Door(
        link=link,
        is_live=is_live,
        token_hash=token_hash,
        password_hash=password_hash,
        left=None if most_views is None else max(0, most_views - views),
        title=title,
        downloads=bool(downloads),
        sends=album is not None,
        expires_at=expires_at,
        maker=KINDS[kind](user_id=user_id, name=""),
    )


def unlock_value(door: Door, key: bytes) -> str:
    """What the cookie of a guest who was let in holds: it fits this link alone, and no longer once its password is another.

    It is the same for all guests of a link, and so follows nobody. `key`: see guest_key.py.
    """
    bound = b"guest\0" + door.token_hash + (door.password_hash or "").encode()
    return urlsafe_b64encode(hmac.digest(key, bound, "sha256")).decode().rstrip("=")


def is_let_in(door: Door, cookie: str, key: bytes) -> bool:
    """May whoever bears `cookie` (“” for none) see the pictures? A used-up link still serves the guests that it counted."""
    fits = hmac.compare_digest(unlock_value(door, key).encode(), cookie.encode())
    return door.is_live and (fits or not door.is_gated)


def opened(reader: Reader, door: Door) -> Opened:
    """Return what the page shows; to be called once `is_let_in` has said yes."""
    items = reader.rows(Item, f"{_items(door)} ORDER BY position", (door.link,))
    return Opened(door.title, tuple(items), door.downloads, door.sends, door.expires_at)


def item(reader: Reader, door: Door, position: int) -> Item:
    """Return one of the link's copies; raises NotFound."""
    return Item(*reader.one(f"{_items(door)} AND position=?", (door.link, position)))


def _items(door: Door) -> str:
    """What the link's maker may no longer see, its guests may not either."""
    return f"""SELECT position, media_type, extension, clean_copy.bytes, clean_copy.width, clean_copy.height, seconds, folder
      FROM share_item JOIN clean_copy ON clean_copy.id = copy_id JOIN asset ON asset.id = share_item.asset_id
      WHERE link_id=? AND clean_copy.state='done' AND {visible_assets(door.maker)}"""


def file_of(layout: Layout, item: Item, part: Literal["file", "view", "thumb", "poster"]) -> Path:
    """Return the path of one file of a clean copy; raises NotFound when it has no such part."""
    found = sorted((layout.clean_copies / item.folder).glob(f"{part}.*"))
    if not found:
        raise NotFound
    return found[0]


def count_view(writer: Writer, door: Door, *, now: int) -> bool:
    """Count one opening; False, counting nothing, when there is none left or the link was closed meanwhile."""
    sql = """UPDATE share_link SET views = views + 1, last_opened_at = ?1
      WHERE id = ?2 AND state = 'live' AND expires_at > ?1 AND password_hash IS ?3 AND (most_views IS NULL OR views < most_views)"""
    return writer.run(sql, (now, door.link, door.password_hash)) == 1


def record(writer: Writer, door: Door, what: What, address: str, *, now: int) -> None:
    """Note for the link's maker what was opened, from which network address; kept for KEPT_MS."""
    insert = "INSERT INTO share_open(link_id, at, address, what) SELECT id, ?, ?, ? FROM share_link WHERE id=?"
    writer.run(insert, (now, address, what, door.link))
    writer.run("DELETE FROM share_open WHERE link_id=? AND at < ?", (door.link, now - KEPT_MS))
    writer.run(
        """DELETE FROM share_open WHERE link_id=?1 AND id <=
             (SELECT id FROM share_open WHERE link_id=?1 ORDER BY at DESC, id DESC LIMIT 1 OFFSET ?2)""",
        (door.link, MOST_KEPT),
    )


def _bytes_of(token: str) -> bytes:
    """The 32 bytes of a token; of what is none, bytes that lead nowhere."""
    try:
        found = urlsafe_b64decode(token + "=" if len(token) == TOKEN_CHARACTERS else "")
    except ValueError:  # also what is not ASCII
        found = b""
    return found if urlsafe_b64encode(found).rstrip(b"=") == token.encode(errors="replace") else b""
