"""The page that a share link leads to, a page for each photo, and the door where a password is asked for."""

from datetime import datetime
from typing import Any

import anyio
from litestar import Response, get, post
from litestar.datastructures import Cookie
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from appliance.accounts import attempts
from appliance.accounts.attempts import Subject
from appliance.accounts.passwords import password_matches
from appliance.errors import LinkPasswordWrong, NotFound
from appliance.sharing import guests
from appliance.sharing.guest_key import guest_key
from appliance.sharing.guests import Door, Item, Opened
from appliance.web import wording
from appliance.web.contexts_guest import GatePage, GuestForm, GuestPage, GuestPhoto, GuestTile
from appliance.web.guest_answers import guest_page
from appliance.web.guest_state import COOKIE, Guesting, GuestSide, TheSide, let_in
from appliance.web.parameters import Form
from appliance.web.security import NO_BODY
from appliance.web.sessions_middleware import address_of
from appliance.web.tiles import nearest_ratio

LARGEST_FORM = 16 * 1024
PER_LINK = 20
"""Wrong passwords that one link bears in a quarter of an hour, from whatever addresses they come."""


@get("/s/{token:str}", sync_to_thread=True)
def guest_link(
    request: Guesting, side: TheSide, token: FromPath[str], came_from: FromQuery[int] = 0, sent: FromQuery[int] = 0
) -> Response[Any]:
    """All photos of a link, or its door. `came_from`: the photo whose page led back here, which is no new opening."""
    with side.store.read() as reader:
        door, inside = let_in(side, reader, request, token)
        link = guests.opened(reader, door) if inside else None
    if link is None:
        if not door.may_be_opened:
            raise NotFound
        return guest_page("guest/gate.html", _gate(token, door))
    if not came_from and not sent and NO_BODY not in request.scope["state"]:
        _count(side, request, door)
    return guest_page("guest/page.html", _page(side, token, link, sent))


@post("/s/{token:str}/unlock", request_max_body_size=LARGEST_FORM)
async def guest_unlock(
    request: Guesting,
    side: TheSide,
    token: FromPath[str],
    data: Form[GuestForm],
) -> Response[Any]:
    """Takes the same steps for every address: count the attempt, hash, look again. A password is never in an address."""
    subjects = (_subject(token), attempts.address(address_of(request)))
    counted, door, inside = await anyio.to_thread.run_sync(_begin, side, request, token, subjects)
    right = await anyio.to_thread.run_sync(password_matches, door.password_hash, data.password, limiter=side.hashing)
    try:
        await anyio.to_thread.run_sync(
            _finish, side, request, door, (right or door.password_hash is None), inside, counted, subjects[0]
        )
    except LinkPasswordWrong as refusal:
        return guest_page("guest/gate.html", _gate(token, door, str(refusal)), status=refusal.status)
    cookies = [_cookie(side, token, door)] if door.is_gated else []
    return Redirect(f"/s/{token}", status_code=303, cookies=cookies)


@get("/s/{token:str}/{number:int}", sync_to_thread=True)
def guest_photo(request: Guesting, side: TheSide, token: FromPath[str], number: FromPath[int]) -> Response[Any]:
    """One photo on a page of its own: what the grid leads to without scripts."""
    with side.store.read() as reader:
        door, inside = let_in(side, reader, request, token)
        if not inside:
            raise NotFound
        link = guests.opened(reader, door)
    places = [item.position for item in link.items]
    if number not in places:
        raise NotFound
    at = places.index(number)
    return guest_page("guest/photo.html", _photo(side, token, link, at))


def _begin(side: GuestSide, request: Guesting, token: str, subjects: tuple[Subject, ...]) -> tuple[list[int], Door, bool]:
    with side.store.write() as writer:
        counted = attempts.begin(writer, "share", subjects, side.clock())
        return counted, *let_in(side, writer, request, token)


def _finish(
    side: GuestSide, request: Guesting, door: Door, right: bool, inside: bool, counted: list[int], subject: Subject
) -> None:
    """Count the view, once for each browser. Raises NotFound, and LinkPasswordWrong once that is noted."""
    if not (door.may_be_opened or inside):
        raise NotFound
    now = side.clock()
    with side.store.write() as writer:
        if right:
            if not inside and not guests.count_view(writer, door, now=now):
                raise NotFound
            attempts.succeeded(writer, "share", counted, subject)
            return
        guests.record(writer, door, "wrong password", address_of(request), now=now)
    raise LinkPasswordWrong


def _count(side: GuestSide, request: Guesting, door: Door) -> None:
    """Note that the page was opened; who had to open the door was counted there."""
    now = side.clock()
    with side.store.write() as writer:
        if not door.is_gated:
            guests.count_view(writer, door, now=now)
        guests.record(writer, door, "page", address_of(request), now=now)


def _subject(token: str) -> Subject:
    """Links are counted alike whether or not they are there, by what their token hashes to."""
    return Subject(f"link:{attempts.name(token).key}", PER_LINK)


def _cookie(side: GuestSide, token: str, door: Door) -> Cookie:
    """The only cookie of the guest's side: for this link, until the link is over."""
    return Cookie(
        COOKIE,
        value=guests.unlock_value(door, guest_key(side.layout.keys)),
        path=f"/s/{token}",
        max_age=max(0, (door.expires_at - side.clock()) // 1000),
        httponly=True,
        samesite="lax",
        secure=side.https,
    )


def _gate(token: str, door: Door, problem: str = "") -> GatePage:
    """The title stands behind the door with everything else."""
    return GatePage("Photos for you", f"/s/{token}/unlock", door.password_hash is not None, door.left is not None, problem)


def _page(side: GuestSide, token: str, link: Opened, sent: int) -> GuestPage:
    here = f"/s/{token}"
    return GuestPage(
        title=_title(link),
        lead=_lead(side, link),
        tiles=tuple(_tile(here, item) for item in link.items),
        all=f"{here}/all.zip" if link.downloads and link.items else "",
        all_size=wording.size(sum(item.bytes for item in link.items)),
        send=f"{here}/send" if link.sends else "",
        sent=wording.counted(sent, "file") if sent > 0 else "",
    )


def _title(link: Opened) -> str:
    return link.title or "Photos for you"


def _lead(side: GuestSide, link: Opened) -> str:
    """“24 photos and 2 videos, until 10 December”."""
    videos = sum(item.is_video for item in link.items)
    photos = len(link.items) - videos
    parts = [wording.counted(photos, "photo")] if photos or not videos else []
    parts += [wording.counted(videos, "video")] if videos else []
    return f"{' and '.join(parts)}, until {until(link.expires_at, side.clock())}"


def until(expires_at: int, now: int) -> str:
    """Given two moments in milliseconds since 1970 UTC: “10 December”, with the year when it is another; by the box's clock."""
    day, today = (datetime.fromtimestamp(moment / 1000).astimezone() for moment in (expires_at, now))
    words = wording.day(day.isoformat())
    return words if day.year != today.year else words.rpartition(" ")[0]


def _words(item: Item) -> str:
    return f"{'Video' if item.is_video else 'Photo'} {item.position}"


def _tile(here: str, item: Item) -> GuestTile:
    at = f"{here}/{item.position}"
    return GuestTile(
        number=item.position,
        href=at,
        thumb=f"{at}/thumb",
        view=f"{at}/view",
        poster=f"{at}/poster" if item.is_video else "",
        ratio=nearest_ratio(item.width, item.height),
        width=item.width,
        height=item.height,
        words=_words(item),
        length=wording.length(round(1000 * (item.seconds or 0))) if item.is_video else "",
    )


def _photo(side: GuestSide, token: str, link: Opened, at: int) -> GuestPhoto:
    here = f"/s/{token}"
    items = link.items
    return GuestPhoto(
        title=_title(link),
        tile=_tile(here, items[at]),
        media_type=items[at].media_type,
        count=f"{at + 1} of {len(items)}",
        back=f"{here}?came_from={items[at].position}#photo-{items[at].position}",
        before=f"{here}/{items[at - 1].position}" if at else "",
        after=f"{here}/{items[at + 1].position}" if at + 1 < len(items) else "",
        file=f"{here}/{items[at].position}/file" if link.downloads else "",
    )
