"""Albums: a title and the assets that were put under it. An album is seen by whoever sees one of its assets, and by its maker."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from appliance.accounts.viewer import Child, Family, Owner
from appliance.errors import AdultNeeded, AlbumNotYours, NotFound, WrongUsage
from appliance.library.access import visible_assets
from appliance.library.assets import Tile
from appliance.library.browsing import TILE
from appliance.store.db import Reader, Writer

LONGEST_TITLE = 120
KEPT_MS = 30 * 24 * 60 * 60 * 1000  # a deleted album can come back so long


@dataclass(frozen=True, slots=True)
class Album:
    """`assets` are those that the viewer sees; `cover` is the newest of them, None when there is none."""

    id: int
    title: str
    assets: int
    cover: int | None


def listed(reader: Reader, viewer: Family) -> list[Album]:
    """Return the albums that `viewer` sees, the newest first."""
    return reader.rows(Album, f"{_ALBUMS.format(seen=visible_assets(viewer))} ORDER BY album.id DESC", (viewer.user_id,))


def get(reader: Reader, viewer: Family, album: int) -> Album:
    """Return one album; raises NotFound when there is none that `viewer` sees."""
    sql = f"SELECT * FROM ({_ALBUMS.format(seen=visible_assets(viewer))}) AS one WHERE one.id=?"
    return Album(*reader.one(sql, (viewer.user_id, album)))


_ALBUMS = """
SELECT album.id, album.title, count(asset.id) AS assets, (
  SELECT asset.id FROM album_asset JOIN asset ON asset.id = asset_id WHERE album_id = album.id AND {seen}
  ORDER BY capture_time DESC, asset.id DESC LIMIT 1)
FROM album LEFT JOIN album_asset ON album_asset.album_id = album.id LEFT JOIN asset ON asset.id = album_asset.asset_id AND {seen}
WHERE album.deleted_at IS NULL GROUP BY album.id HAVING count(asset.id) OR album.made_by = ?"""


def tiles(reader: Reader, viewer: Family, album: int, *, limit: int, offset: int = 0) -> list[Tile]:
    """Return what `viewer` sees of an album, oldest first: a story is told from its beginning."""
    sql = f"""SELECT {TILE} FROM album_asset JOIN asset ON asset.id = album_asset.asset_id
      WHERE album_asset.album_id=? AND {visible_assets(viewer)} ORDER BY asset.capture_time, asset.id LIMIT ? OFFSET ?"""
    return reader.rows(Tile, sql, (album, limit, offset))


def assets_in(reader: Reader, viewer: Family, album: int) -> list[int]:
    """Return the ids of all that `viewer` sees of an album, oldest first."""
    sql = f"""SELECT asset.id FROM album_asset JOIN asset ON asset.id = album_asset.asset_id
      WHERE album_asset.album_id=? AND {visible_assets(viewer)} ORDER BY asset.capture_time, asset.id"""
    return [asset_id for (asset_id,) in reader.all(sql, (album,))]


def tidy_title(title: str) -> str:
    """Return `title` on one line; raises WrongUsage when nothing is left, or too much."""
    kept = " ".join("".join(letter if letter.isprintable() else " " for letter in title).split())
    if not kept or len(kept) > LONGEST_TITLE:
        raise WrongUsage(what=f"The title of an album has 1 to {LONGEST_TITLE} characters; this one has {len(kept)}.")
    return kept


def titled(reader: Reader, viewer: Family, title: str) -> int | None:
    """Return the id of the album of that title that `viewer` sees, or None."""
    wanted = title.casefold()
    return next((album.id for album in listed(reader, viewer) if album.title.casefold() == wanted), None)


def make(writer: Writer, viewer: Family, title: str, *, now: int) -> int:
    """Make an empty album; return its id. Raises WrongUsage for a title that is none."""
    return writer.insert("INSERT INTO album(title, made_by, made_at) VALUES(?,?,?)", (tidy_title(title), viewer.user_id, now))


def put(writer: Writer, viewer: Family, album: int, assets: Sequence[int], *, now: int) -> list[int]:
    """Put those of `assets` that `viewer` sees into an album; return the ids of those that were not in it already."""
    get(writer, viewer, album)
    sql = f"""INSERT OR IGNORE INTO album_asset SELECT ?, asset.id, ? FROM asset
      WHERE asset.id IN (SELECT value FROM json_each(?)) AND {visible_assets(viewer)} RETURNING asset_id"""
    return [asset_id for (asset_id,) in writer.all(sql, (album, now, json.dumps(list(assets))))]


def take_out(writer: Writer, album: int, assets: Sequence[int]) -> None:
    """Take `assets` out of an album; those are in the library as before."""
    sql = "DELETE FROM album_asset WHERE album_id=? AND asset_id IN (SELECT value FROM json_each(?))"
    writer.run(sql, (album, json.dumps(list(assets))))


def may_change(reader: Reader, viewer: Family, album: int) -> bool:
    """Its maker and the owner give an album another title, or delete it; a child deletes nothing."""
    made_by = reader.value("SELECT made_by FROM album WHERE id=?", (album,))
    return isinstance(viewer, Owner) or made_by == viewer.user_id


def rename(writer: Writer, viewer: Family, album: int, title: str) -> None:
    """Give an album another title; the one before is kept for `rename_back`. Raises NotFound, WrongUsage, AlbumNotYours."""
    former = _changeable(writer, viewer, album).title
    kept = tidy_title(title)
    if titled(writer, viewer, kept) not in (None, album):
        raise WrongUsage(what=f"There is an album “{kept}” already.")
    if kept != former:
        writer.run("UPDATE album SET title=?, former_title=? WHERE id=?", (kept, former, album))


def rename_back(writer: Writer, viewer: Family, album: int) -> None:
    """Give an album the title that it had before; doing it again undoes that. Raises NotFound when it never had another."""
    _changeable(writer, viewer, album)
    sql = "UPDATE album SET title=former_title, former_title=title WHERE id=? AND former_title IS NOT NULL"
    if not writer.run(sql, (album,)):
        raise NotFound


def delete(writer: Writer, viewer: Family, album: int, *, now: int) -> None:
    """Delete an album, and no photo; `restore` brings it back for 30 days. Raises NotFound, AlbumNotYours, AdultNeeded."""
    if isinstance(viewer, Child):
        raise AdultNeeded
    _changeable(writer, viewer, album)
    writer.run("DELETE FROM album WHERE deleted_at < ?", (now - KEPT_MS,))
    writer.run("UPDATE album SET deleted_at=? WHERE id=?", (now, album))


def restore(writer: Writer, viewer: Family, album: int, *, now: int) -> None:
    """Bring a deleted album back with all that was in it; raises NotFound when it is gone, or not `viewer`'s to bring back."""
    writer.one("SELECT 1 FROM album WHERE id=? AND deleted_at >= ?", (album, now - KEPT_MS))
    if not may_change(writer, viewer, album):
        raise NotFound
    writer.run("UPDATE album SET deleted_at=NULL WHERE id=?", (album,))


def deleted(reader: Reader, viewer: Family, *, now: int) -> list[tuple[int, str]]:
    """Return (id, title) of the albums that `viewer` can still bring back, the last deleted first."""
    sql = "SELECT id, title FROM album WHERE deleted_at >= ? AND (? OR made_by=?) ORDER BY deleted_at DESC, id DESC"
    return [(number, title) for number, title in reader.all(sql, (now - KEPT_MS, isinstance(viewer, Owner), viewer.user_id))]


def former_title(reader: Reader, album: int) -> str | None:
    """The title that an album had before it was renamed last."""
    title: str | None = reader.value("SELECT former_title FROM album WHERE id=?", (album,))
    return title


def _changeable(reader: Reader, viewer: Family, album: int) -> Album:
    found = get(reader, viewer, album)
    if not may_change(reader, viewer, album):
        raise AlbumNotYours
    return found


def remove_empty(writer: Writer, album: int) -> None:
    """Remove an album that holds nothing any more."""
    writer.run("DELETE FROM album WHERE id=?1 AND NOT EXISTS (SELECT 1 FROM album_asset WHERE album_id=?1)", (album,))
