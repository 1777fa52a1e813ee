"""Albums: the list, and what is in one."""

from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from appliance.accounts.viewer import Child, Family
from appliance.library import albums, browsing
from appliance.library.albums import Album
from appliance.store import audit
from appliance.store.db import Reader
from appliance.web import wording
from appliance.web.contexts_asking import AlbumPage, AlbumsPage, AlbumView
from appliance.web.parameters import Form, TheWeb, Viewing
from appliance.web.rendering import fragment, page
from appliance.web.sessions_middleware import Asked
from appliance.web.state import Web
from appliance.web.tiles import mend, tile_view

PAGE = 60


@dataclass(frozen=True, slots=True)
class AlbumTitle:
    """`back`: the title that the album had before."""

    title: str = ""
    back: bool = False


@get("/albums", sync_to_thread=True)
def albums_page(request: Asked, web: TheWeb, viewer: Viewing, deleted: FromQuery[int] = 0) -> Response[Any]:
    with web.store.read() as reader:
        views = tuple(_view(web, reader, viewer, album) for album in albums.listed(reader, viewer))
        gone = tuple(albums.deleted(reader, viewer, now=web.clock()))
    return page(request, "albums/page.html", AlbumsPage(views, gone, deleted))


@get("/albums/{album_id:int}", sync_to_thread=True)
def album_page(
    request: Asked,
    web: TheWeb,
    viewer: Viewing,
    album_id: FromPath[int],
    offset: FromQuery[int] = 0,
    renamed: FromQuery[bool] = False,
) -> Response[Any]:
    """The photos of an album, oldest first; for htmx the next ones from `offset` on."""
    first = max(0, min(offset, 10**9))
    with web.store.read() as reader:
        album = albums.get(reader, viewer, album_id)
        tiles = albums.tiles(reader, viewer, album_id, limit=PAGE, offset=first)
        may_change = albums.may_change(reader, viewer, album_id)
        former = albums.former_title(reader, album_id) if renamed else None
    mend(web, tiles)
    seen = first + len(tiles)
    context = AlbumPage(
        id=album_id,
        may_change=may_change,
        may_delete=may_change and not isinstance(viewer, Child),
        former=former or "",
        title=album.title,
        count=wording.counted(album.assets, "photo or video", "photos and videos"),
        tiles=tuple(tile_view(web.layout, tile) for tile in tiles),
        more=f"/albums/{album_id}?offset={seen}" if tiles and seen < album.assets else "",
    )
    if first and request.headers.get("hx-request"):
        return fragment(request, "albums/_tiles.html", context)
    return page(request, "albums/album.html", context)


@post("/albums/{album_id:int}/title", sync_to_thread=True)
def rename_album(web: TheWeb, viewer: Viewing, album_id: FromPath[int], data: Form[AlbumTitle]) -> Redirect:
    """Another title, or the one before."""
    with web.store.write(durable=True) as writer:
        if data.back:
            albums.rename_back(writer, viewer, album_id)
        else:
            albums.rename(writer, viewer, album_id, data.title)
    return Redirect(f"/albums/{album_id}" + ("" if data.back else "?renamed=true"), status_code=303)


@post("/albums/{album_id:int}/delete", sync_to_thread=True)
def delete_album(web: TheWeb, viewer: Viewing, album_id: FromPath[int]) -> Redirect:
    with web.store.write(durable=True) as writer:
        albums.delete(writer, viewer, album_id, now=web.clock())
        audit.record(writer, now=web.clock(), user_id=viewer.user_id, action="album.deleted", subjects=[album_id])
    return Redirect(f"/albums?deleted={album_id}", status_code=303)


@post("/albums/{album_id:int}/restore", sync_to_thread=True)
def restore_album(web: TheWeb, viewer: Viewing, album_id: FromPath[int]) -> Redirect:
    with web.store.write(durable=True) as writer:
        albums.restore(writer, viewer, album_id, now=web.clock())
        audit.record(writer, now=web.clock(), user_id=viewer.user_id, action="album.restored", subjects=[album_id])
    return Redirect(f"/albums/{album_id}", status_code=303)


def _view(web: Web, reader: Reader, viewer: Family, album: Album) -> AlbumView:
    covers = browsing.tiles(reader, viewer, [album.cover] if album.cover else [])
    mend(web, covers)
    cover = tile_view(web.layout, covers[0]) if covers else None
    return AlbumView(album.id, album.title, wording.counted(album.assets, "photo"), cover)
