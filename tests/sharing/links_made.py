"""Links as tests need them: with an owner, over photos of a library, their copies made by nobody, by hand or by a worker."""

import itertools

from appliance.accounts.viewer import Family, Guest, Viewer
from appliance.sharing import copies, links
from appliance.sharing.clean_copies import CleanCopy
from appliance.sharing.links import Link, Options
from appliance.sharing.receipt import Removed
from appliance.store.db import Store
from appliance.store.layout import Layout
from tests import drawn
from tests.conftest import START, add_photo

MADE = CleanCopy("image/jpeg", "jpg", 640, 480, 1234, None, (Removed("GPS position", 3, ("GPSLatitude",)),))
_numbers = itertools.count(1)


def family(cast: dict[str, Viewer], name: str) -> Family:
    viewer = cast[name]
    assert not isinstance(viewer, Guest)
    return viewer


def token(number: int = 0) -> bytes:
    """32 bytes, other ones each time unless a number is given."""
    return (number or next(_numbers)).to_bytes(32, "big")


def share(
    store: Store, viewer: Family, assets: list[int], options: Options | None = None, *, of: bytes | None = None, now: int = START
) -> int:
    with store.write() as writer:
        return links.create(writer, viewer, assets, options or Options(), token=of or token(), now=now)


def link_of(store: Store, viewer: Family, link: int, *, now: int = START) -> Link:
    with store.read() as reader:
        return links.get(reader, viewer, link, now=now)


def make_all(store: Store, layout: Layout | None = None, *, now: int = START) -> int:
    """Finish every copy that waits, as if a worker had made it; with `layout` there are files too. Return how many."""
    made = 0
    while True:
        with store.write() as writer:
            copy = copies.claim(writer, by="a worker", now=now, lease_ms=1000)
            if copy is None:
                return made
            if layout:
                folder = layout.clean_copies / copy.folder
                folder.mkdir(parents=True)
                for name in ("file.jpg", "view.jpg", "thumb.webp"):
                    (folder / name).write_bytes(b"c" * MADE.bytes)
            assert copies.finish(writer, copy, MADE)
        made += 1


def fail_next(store: Store, reason: str = "GPS was found in it", *, now: int = START) -> None:
    with store.write() as writer:
        copy = copies.claim(writer, by="a worker", now=now, lease_ms=1000)
        assert copy is not None
        copies.fail(writer, copy, reason=reason, final=True)


def add_picture(store: Store, layout: Layout, name: str, content: bytes | None = None) -> int:
    """A photo whose original is a real picture (with a position and a serial number's make), or `content`."""
    asset_id = add_photo(store, layout, name)
    tags = drawn.exif(taken="2024:07:14 10:12:00", place=(41.9, 12.5), make="Canon", model="Canon EOS 80D")
    layout.original(f"2024/2024-07-14/{name}").write_bytes(drawn.picture(tags=tags) if content is None else content)
    return asset_id
