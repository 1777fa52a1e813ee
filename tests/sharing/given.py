"""Share links for tests, put straight into their tables, with clean copies whose bytes the test chose."""

import secrets
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

from appliance.accounts.passwords import hash_password
from appliance.store.db import Store
from appliance.store.layout import Layout
from tests.conftest import START

LINK_PASSWORD = "sand between toes"
WEEK_MS = 7 * 24 * 3_600_000
PHOTO_FILES = {"file.jpg": b"file of a photo", "view.jpg": b"view of a photo", "thumb.webp": b"thumb of a photo"}
VIDEO_FILES = {
    "file.mp4": b"file of a video", "view.mp4": b"view of a video", "thumb.webp": b"thumb of a video", "poster.webp": b"its poster",
}  # fmt: skip


@dataclass(frozen=True)
class Link:
    """A share link; `path` is what the guest was given."""

    id: int
    token: str

    @property
    def path(self) -> str:
        return f"/s/{self.token}"


@cache
def link_hash() -> str:
    """LINK_PASSWORD, hashed once for the whole run."""
    return hash_password(LINK_PASSWORD)


def copy_of(
    store: Store,
    layout: Layout,
    asset: int,
    files: dict[str, bytes],
    *,
    width: int = 1600,
    height: int = 1200,
    size: str = "screen",
) -> int:
    """Lay a clean copy as the worker leaves it; return its id."""
    folder = secrets.token_hex(16)
    (layout.clean_copies / folder).mkdir()
    for name, content in files.items():
        (layout.clean_copies / folder / name).write_bytes(content)
    kept = next(name for name in files if name.startswith("file."))
    is_video = kept.endswith("mp4")
    with store.write() as writer:
        return writer.insert(
            """INSERT INTO clean_copy(asset_id, size, keep_location, recipe, folder, state, media_type, extension, bytes, width,
                 height, seconds) VALUES(?,'screen',0,?,?,'done',?,?,?,?,?,?)""",
            (
                asset, secrets.token_hex(4), folder, "video/mp4" if is_video else "image/jpeg", kept.partition(".")[2],
                len(files[kept]), width, height, 2.5 if is_video else None,
            ),
        )  # fmt: skip


def share(
    store: Store,
    copies: Sequence[int],
    *,
    made_by: int = 1,
    title: str = "",
    password: bool = False,
    downloads: bool = True,
    most_views: int | None = None,
    views: int = 0,
    expires_at: int = START + WEEK_MS,
    state: str = "live",
    uploads_into: int | None = None,
) -> Link:
    token = secrets.token_bytes(32)
    with store.write() as writer:
        link = writer.insert(
            """INSERT INTO share_link(token_hash, made_by, title, size, downloads, password_hash, most_views, views, uploads_into,
                 made_at, expires_at, state) VALUES(?,?,?,'screen',?,?,?,?,?,?,?,?)""",
            (
                sha256(token).digest(), made_by, title, int(downloads), link_hash() if password else None, most_views, views,
                uploads_into, START, expires_at, state,
            ),
        )  # fmt: skip
        writer.many(
            "INSERT INTO share_item SELECT ?, ?, asset_id, id FROM clean_copy WHERE id=?",
            [(link, position, copy) for position, copy in enumerate(copies, 1)],
        )
    return Link(link, urlsafe_b64encode(token).decode().rstrip("="))
