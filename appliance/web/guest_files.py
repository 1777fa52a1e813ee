"""What guests fetch: small pictures for the grid, pictures for the screen, and, where the link allows it, files and all of them."""

from hashlib import sha256
from pathlib import Path
from typing import Literal

from litestar import get
from litestar.params import FromPath

from appliance.errors import NotFound
from appliance.sharing import guests
from appliance.sharing.guests import Door, Item, What
from appliance.store.db import Reader
from appliance.web.filesend import SendFile
from appliance.web.guest_state import Guesting, GuestSide, TheSide, let_in
from appliance.web.security import NO_BODY
from appliance.web.sessions_middleware import address_of
from appliance.web.static_files import media_type_of
from appliance.web.zips import Entry, SendZip

Part = Literal["thumb", "view", "poster"]


@get("/s/{token:str}/{number:int}/thumb", sync_to_thread=True)
def guest_thumb(request: Guesting, side: TheSide, token: FromPath[str], number: FromPath[int]) -> SendFile:
    return _shown(side, request, token, number, "thumb")


@get("/s/{token:str}/{number:int}/view", sync_to_thread=True)
def guest_view(request: Guesting, side: TheSide, token: FromPath[str], number: FromPath[int]) -> SendFile:
    return _shown(side, request, token, number, "view")


@get("/s/{token:str}/{number:int}/poster", sync_to_thread=True)
def guest_poster(request: Guesting, side: TheSide, token: FromPath[str], number: FromPath[int]) -> SendFile:
    return _shown(side, request, token, number, "poster")


@get("/s/{token:str}/{number:int}/file", sync_to_thread=True)
def guest_file(request: Guesting, side: TheSide, token: FromPath[str], number: FromPath[int]) -> SendFile:
    """One copy to keep, under a name that says its place in the link and nothing else."""
    with side.store.read() as reader:
        door = _downloads(side, reader, request, token)
        item = guests.item(reader, door, number)
    path = guests.file_of(side.layout, item, "file")
    answer = SendFile(path, item.media_type, _tag(door, item, path), download_as=item.name)
    _note(side, request, door, "file")
    return answer


@get("/s/{token:str}/all.zip", sync_to_thread=True)
def guest_zip(request: Guesting, side: TheSide, token: FromPath[str]) -> SendZip:
    """Every copy of the link, packed while it is sent: nothing is written to the disk, and equal links give equal bytes."""
    with side.store.read() as reader:
        door = _downloads(side, reader, request, token)
        items = guests.opened(reader, door).items
    if not items:
        raise NotFound
    answer = SendZip([Entry(item.name, guests.file_of(side.layout, item, "file")) for item in items], "photos.zip")
    _note(side, request, door, "zip")
    return answer


def _shown(side: GuestSide, request: Guesting, token: str, number: int, part: Part) -> SendFile:
    with side.store.read() as reader:
        door, inside = let_in(side, reader, request, token)
        if not inside:
            raise NotFound
        item = guests.item(reader, door, number)
    path = guests.file_of(side.layout, item, part)
    return SendFile(path, media_type_of(path.name), _tag(door, item, path))


def _downloads(side: GuestSide, reader: Reader, request: Guesting, token: str) -> Door:
    door, inside = let_in(side, reader, request, token)
    if not (inside and door.downloads):
        raise NotFound
    return door


def _tag(door: Door, item: Item, path: Path) -> str:
    """Names these bytes within this link: two links that show the same picture cannot be told to do so."""
    return sha256(b"\0".join((door.token_hash, item.folder.encode(), path.name.encode()))).hexdigest()[:32]


def _note(side: GuestSide, request: Guesting, door: Door, what: What) -> None:
    """One line for each file that was fetched from its beginning, not for each of its ranges."""
    beginning = request.headers.get("range", "bytes=0-").replace(" ", "").startswith("bytes=0-")
    if beginning and NO_BODY not in request.scope["state"]:
        with side.store.write() as writer:
            guests.record(writer, door, what, address_of(request), now=side.clock())
