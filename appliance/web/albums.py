"""Albums: the list, and what is in one."""

from typing import Any

from litestar import Response, get
from litestar.params import FromPath, FromQuery

from appliance.accounts.viewer import Family
from appliance.library import albums, browsing
from appliance.library.albums import Album
from appliance.store.db import Reader
from appliance.web import wording
from appliance.web.contexts_asking import AlbumPage, AlbumsPage, AlbumView
from appliance.web.parameters import TheWeb, Viewing
from appliance.web.rendering import fragment, page
from appliance.web.sessions_middleware import Asked
from appliance.web.state import Web
from appliance.web.tiles import mend, tile_view

PAGE = 60


@get("/albums", sync_to_thread=True)
def albums_page(request: Asked, web: TheWeb, viewer: Viewing) -> Response[Any]:
    with web.store.read() as reader:
        views = tuple(_view(web, reader, viewer, album) for album in albums.listed(reader, viewer))
    return page(request, "albums/page.html", AlbumsPage(views))


@get("/albums/{album_id:int}", sync_to_thread=True)
def album_page(request: Asked, web: TheWeb, viewer: Viewing, album_id: FromPath[int], offset: FromQuery[int] = 0) -> Response[Any]:
    """The photos of an album, oldest first; for htmx the next ones from `offset` on."""
    first = max(0, min(offset, 10**9))
    with web.store.read() as reader:
        album = albums.get(reader, viewer, album_id)
        tiles = albums.tiles(reader, viewer, album_id, limit=PAGE, offset=first)
    mend(web, tiles)
    seen = first + len(tiles)
    context = AlbumPage(
        id=album_id,
        title=album.title,
        count=wording.counted(album.assets, "photo or video", "photos and videos"),
        tiles=tuple(tile_view(web.layout, tile) for tile in tiles),
        more=f"/albums/{album_id}?offset={seen}" if tiles and seen < album.assets else "",
    )
    if first and request.headers.get("hx-request"):
        return fragment(request, "albums/_tiles.html", context)
    return page(request, "albums/album.html", context)


def _view(web: Web, reader: Reader, viewer: Family, album: Album) -> AlbumView:
    covers = browsing.tiles(reader, viewer, [album.cover] if album.cover else [])
    mend(web, covers)
    cover = tile_view(web.layout, covers[0]) if covers else None
    return AlbumView(album.id, album.title, wording.counted(album.assets, "photo"), cover)
