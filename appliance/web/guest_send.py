"""Guests send pictures, where a link asks for them: into incoming/, where they wait for somebody of the house to say yes."""

import anyio
from litestar import post
from litestar.datastructures import UploadFile
from litestar.params import FromPath
from litestar.response import Redirect

from appliance.errors import NotFound, RequestForged
from appliance.library.names import human_name
from appliance.sharing import sent
from appliance.sharing.guests import Door
from appliance.web.guest_state import Guesting, GuestSide, TheSide, let_in
from appliance.web.receiving import announced_length, check_size, chunks_of, receive
from appliance.web.security import OWN_SITE


@post("/s/{token:str}/send", request_max_body_size=sent.MOST_BYTES)
async def guest_send(request: Guesting, side: TheSide, token: FromPath[str]) -> Redirect:
    """Several files in one form. Nothing of the body is read before the link says that it takes pictures."""
    door = await anyio.to_thread.run_sync(_door, side, request, token)
    announced, largest = announced_length(request), side.settings.largest_upload_gb * 10**9
    await anyio.to_thread.run_sync(_check_room, side, door, announced or 0)
    check_size(side.layout, "What you sent", announced, largest)
    parts = [part for part in (await request.form()).getall("files", []) if isinstance(part, UploadFile) and part.filename]
    for part in parts:
        name = human_name(part.filename, "bin")
        async with receive(side.layout, chunks_of(part), name=name, largest=largest) as file:
            await anyio.to_thread.run_sync(_keep, side, door, file.path.name, name, file.bytes)
    return Redirect(f"/s/{token}?sent={len(parts)}" if parts else f"/s/{token}", status_code=303)


def _door(side: GuestSide, request: Guesting, token: str) -> Door:
    """Raises NotFound where nothing is taken, RequestForged when another site makes a browser send: our own page's forms carry no
    origin, because it tells nobody its address."""
    with side.store.read() as reader:
        door, inside = let_in(side, reader, request, token)
    if not (inside and door.sends):
        raise NotFound
    if request.headers.get("sec-fetch-site", "none") not in OWN_SITE:
        raise RequestForged
    return door


def _check_room(side: GuestSide, door: Door, size: int) -> None:
    with side.store.read() as reader:
        sent.check_room(reader, door, size)


def _keep(side: GuestSide, door: Door, token: str, name: str, size: int) -> None:
    with side.store.write(durable=True) as writer:
        sent.keep(writer, door, token=token, file_name=name, bytes=size, now=side.clock())
