"""What is shared: every link, how often it was opened and from where, and what its copies do not hold any more."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import anyio
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from appliance.accounts.passwords import hash_password
from appliance.accounts.viewer import Family, Owner
from appliance.library import browsing
from appliance.sharing import copying, links, receipt
from appliance.sharing.addresses import address_of, is_of_this_machine_alone
from appliance.sharing.links import TOKEN_BYTES, Item, Link, Open
from appliance.sharing.receipt import Removed
from appliance.store.db import Reader
from appliance.web import wording
from appliance.web.confirming import recently_confirmed
from appliance.web.contexts_sharing import (
    AddressView,
    ChoiceView,
    ItemView,
    LinkPage,
    LinkView,
    OpenView,
    RemovedView,
    SharesPage,
)
from appliance.web.parameters import Form, TheWeb, Viewing
from appliance.web.qr import qr
from appliance.web.rendering import fragment, page
from appliance.web.security import only_adults
from appliance.web.sessions_middleware import Asked
from appliance.web.shares_sent import sent_lines
from appliance.web.state import FreshLink, Web
from appliance.web.tiles import mend, tile_view

LARGEST_FORM = 64 * 1024
FRESH_MS = 15 * 60_000
ITEMS, OPENS = 200, 100
CHOICES_OF_DAYS = (1, 3, 7, links.DAYS, 30, 90, links.MOST_DAYS)
HOUSEHOLD_STATES = {
    "making": ("Making clean copies", "indexing"), "live": ("Live", "done"), "used up": ("Opened as often as it may be", "lock"),
    "stopped": ("Stopped", "warning"), "expired": ("Expired", "waiting"), "revoked": ("Revoked", "cross"),
}  # fmt: skip
OPENED = {"page": "looked at it", "zip": "saved all of it", "file": "saved a photo", "wrong password": "typed a wrong password"}
SIZES = {"screen": "screen size (2048 px)", "full": "full size"}
SAID = {
    "revoked": "Revoked. The address leads nowhere any more, and copies that no other link needs are deleted.",
    "extended": "Extended.",
    "password": "Saved. Whoever opens the link from now on is asked for the new password.",
    "open": "Saved. The link opens without a password.",
    "address": "The link has a new address. The old one leads nowhere any more.",
    "again": "The copies are being made again.",
    "left-out": "Left out. The link goes on without these photos.",
}
NOTHING_LEFT = "None of its photos is in the library any more."


@dataclass(frozen=True, slots=True)
class ExtendForm:
    days: int = links.DAYS


@dataclass(frozen=True, slots=True)
class PasswordForm:
    password: str = ""


def household(request: Asked, web: Web) -> str:
    """Where the person who asks reaches Mantel: 'http://mantel.local:8080'."""
    return f"{'https' if web.settings.https else 'http'}://{request.headers.get('host', 'localhost')}"


def remember(web: Web, link: int, address: str) -> None:
    """Keep the address of a link for the page that shows it next; what is too old goes."""
    now = web.clock()
    for old in [number for number, fresh in web.fresh_links.items() if fresh.until < now]:
        web.fresh_links.pop(old, None)
    web.fresh_links[link] = FreshLink(address, now + FRESH_MS)


@get("/shares", guards=[only_adults], sync_to_thread=True)
def shares_page(request: Asked, web: TheWeb, viewer: Viewing, said: FromQuery[str] = "") -> Response[Any]:
    with web.store.read() as reader:
        found = links.seen(reader, viewer, now=web.clock())
        views = [_view(reader, link, web.clock()) for link in found]
    context = SharesPage(
        links=tuple(view for view in views if not view.is_over),
        days=days_to_choose(str(links.DAYS)),
        over=tuple(view for view in views if view.is_over),
        said=SAID.get(said, ""),
        everybodys=isinstance(viewer, Owner) and any(link.made_by != viewer.user_id for link in found),
    )
    return page(request, "shares/page.html", context)


@get("/shares/{link_id:int}", guards=[only_adults], sync_to_thread=True)
def share_page(request: Asked, web: TheWeb, viewer: Viewing, link_id: FromPath[int], said: FromQuery[str] = "") -> Response[Any]:
    return page(request, "shares/link.html", _page(web, viewer, link_id, said))


@get("/shares/{link_id:int}/progress", guards=[only_adults], sync_to_thread=True)
def share_progress(request: Asked, web: TheWeb, viewer: Viewing, link_id: FromPath[int]) -> Response[Any]:
    """How far the copies are, for htmx; opened by itself it leads to the link's page."""
    if not request.headers.get("hx-request"):
        return Redirect(f"/shares/{link_id}", status_code=303)
    with web.store.read() as reader:
        link = links.get(reader, viewer, link_id, now=web.clock())
        view = _view(reader, link, web.clock())
    _keep_fresh(web, link)
    return fragment(request, "shares/_progress.html", view)


@post("/shares/{link_id:int}/revoke", guards=[only_adults], sync_to_thread=True)
def revoke_share(web: TheWeb, viewer: Viewing, link_id: FromPath[int]) -> Redirect:
    """Asks for no password: ending a link must be quick."""
    with web.store.write(durable=True) as writer:
        folders = links.revoke(writer, viewer, link_id, now=web.clock())
    web.fresh_links.pop(link_id, None)
    copying.delete(web.layout, folders)
    return Redirect("/shares?said=revoked", status_code=303)


@post("/shares/{link_id:int}/extend", guards=[only_adults, recently_confirmed], sync_to_thread=True)
def extend_share(web: TheWeb, viewer: Viewing, link_id: FromPath[int], data: Form[ExtendForm]) -> Redirect:
    with web.store.write(durable=True) as writer:
        links.extend(writer, viewer, link_id, days=data.days, now=web.clock())
    return _back(link_id, "extended")


@post("/shares/{link_id:int}/password", guards=[only_adults, recently_confirmed], request_max_body_size=LARGEST_FORM)
async def change_share_password(web: TheWeb, viewer: Viewing, link_id: FromPath[int], data: Form[PasswordForm]) -> Redirect:
    """An empty password takes the old one away."""
    hashed = None
    if data.password:
        hashed = await anyio.to_thread.run_sync(hash_password, data.password, limiter=web.hashing)
    await anyio.to_thread.run_sync(_set_password, web, viewer, link_id, hashed)
    return _back(link_id, "password" if hashed else "open")


def _set_password(web: Web, viewer: Family, link_id: int, hashed: str | None) -> None:
    with web.store.write(durable=True) as writer:
        links.set_password(writer, viewer, link_id, hashed, now=web.clock())


@post("/shares/{link_id:int}/address", guards=[only_adults, recently_confirmed], sync_to_thread=True)
def new_share_address(request: Asked, web: TheWeb, viewer: Viewing, link_id: FromPath[int]) -> Redirect:
    """For whoever lost the address: nothing here can show it again."""
    token = secrets.token_bytes(TOKEN_BYTES)
    address = address_of(web.settings, token, household=household(request, web))
    with web.store.write(durable=True) as writer:
        links.renew(writer, viewer, link_id, token=token, now=web.clock())
    remember(web, link_id, address)
    return _back(link_id, "address")


@post("/shares/{link_id:int}/again", guards=[only_adults], sync_to_thread=True)
def try_share_again(web: TheWeb, viewer: Viewing, link_id: FromPath[int]) -> Redirect:
    with web.store.write() as writer:
        links.try_again(writer, viewer, link_id, now=web.clock())
    return _back(link_id, "again")


@post("/shares/{link_id:int}/leave-out", guards=[only_adults], sync_to_thread=True)
def leave_out_of_share(web: TheWeb, viewer: Viewing, link_id: FromPath[int]) -> Redirect:
    """The photos whose copies could not be made."""
    with web.store.write(durable=True) as writer:
        links.leave_out_failed(writer, viewer, link_id, now=web.clock())
    return _back(link_id, "left-out")


def _back(link: int, said: str) -> Redirect:
    return Redirect(f"/shares/{link}?said={said}", status_code=303)


def _page(web: Web, viewer: Family, number: int, said: str) -> LinkPage:
    now = web.clock()
    with web.store.read() as reader:
        link = links.get(reader, viewer, number, now=now)
        items = links.items(reader, number)
        tiles = {tile.id: tile for tile in browsing.tiles(reader, viewer, [item.asset_id for item in items[:ITEMS]])}
        opens = links.opens(reader, number, limit=OPENS)
        sent = sent_lines(reader, viewer, number, now)
        view = _view(reader, link, now)
    mend(web, tiles.values())
    fresh = _keep_fresh(web, link) if link.made_by == viewer.user_id else None
    seen = [(tile_view(web.layout, tiles[item.asset_id]), item) for item in items if item.asset_id in tiles]
    return LinkPage(
        link=view,
        everybodys=link.made_by != viewer.user_id,
        address=_address(fresh) if fresh else None,
        receipt=_receipt(receipt.total(item.removed for item in items)) if link.made else "",
        items=tuple(ItemView(tile, *_item_state(item), _receipt(item.removed), _removed(item.removed)) for tile, item in seen),
        more=len(items) - len(seen),
        opens=tuple(OpenView(wording.ago(one.at, now), OPENED[one.what], one.address) for one in opens),
        sent=sent,
        said=SAID.get(said, ""),
        days=days_to_choose(str(links.DAYS)),
    )


def days_to_choose(chosen: str) -> tuple[ChoiceView, ...]:
    return tuple(ChoiceView(str(days), wording.counted(days, "day"), str(days) == chosen) for days in CHOICES_OF_DAYS)


def _keep_fresh(web: Web, link: Link) -> FreshLink | None:
    """The address of a link that was just made; while its copies are being made and somebody looks, it is not forgotten."""
    fresh = web.fresh_links.get(link.id)
    if fresh is None or fresh.until < web.clock() or link.is_over:
        return None
    if link.state == "making":
        remember(web, link.id, fresh.address)
    return fresh


def _address(fresh: FreshLink) -> AddressView:
    return AddressView(fresh.address, qr(fresh.address), is_of_this_machine_alone(fresh.address))


def _item_state(item: Item) -> tuple[str, str]:
    if item.state == "failed":
        return "failed", item.reason or ""
    return ("done", "") if item.state == "done" else ("", "")


def _receipt(removed: Sequence[Removed]) -> str:
    return f"Removed: {receipt.sentence(removed)}." if removed else "Nothing to remove: it held nothing but the picture."


def _removed(removed: Sequence[Removed]) -> tuple[RemovedView, ...]:
    return tuple(RemovedView(one.what, wording.counted(one.count, "tag"), ", ".join(one.names)) for one in removed)


def _view(reader: Reader, link: Link, now: int) -> LinkView:
    state_words, picture = HOUSEHOLD_STATES[link.state]
    latest = links.opens(reader, link.id, limit=1)
    photos = wording.counted(link.items, "photo")
    return LinkView(
        id=link.id,
        title=link.title or photos,
        maker=link.maker,
        state=link.state,
        picture=picture,
        state_words=state_words,
        reason=_reason(link),
        what=_what(link, photos),
        ends=_ends(link, now),
        opened=_opened(link, latest, now),
        is_over=link.is_over,
        has_password=link.has_password,
        made=link.made,
        items=link.items,
        failed=link.failed,
    )


def _reason(link: Link) -> str:
    if link.state != "stopped":
        return ""
    if not link.items:
        return NOTHING_LEFT
    return f"{wording.counted(link.failed, 'copy', 'copies')} could not be made. {link.reason or ''}".strip()


def _what(link: Link, photos: str) -> str:
    parts = [photos, SIZES[link.size]]
    if link.bytes:
        parts.append(wording.size(link.bytes))
    parts.append("can be saved" if link.downloads else "only to look at")
    if link.keep_location:
        parts.append("with their places")
    if link.has_password:
        parts.append("with a password")
    if link.uploads_into:
        parts.append("guests may send pictures")
    return ", ".join(parts)


def _ends(link: Link, now: int) -> str:
    if link.state == "revoked" and link.revoked_at is not None:
        return f"Revoked {wording.ago(link.revoked_at, now)}"
    on = wording.day(datetime.fromtimestamp(link.expires_at / 1000, UTC).isoformat())
    if link.state == "expired":
        return f"Expired on {on}"
    days = -(-(link.expires_at - now) // links.DAY_MS)
    return f"Until {on}, {'today' if days < 1 else 'one more day' if days == 1 else f'{days} more days'}"


def _opened(link: Link, latest: Sequence[Open], now: int) -> str:
    times = _times(link)
    return f"{times}, last seen {wording.ago(latest[0].at, now)} from {latest[0].address}" if latest else times


def _times(link: Link) -> str:
    if not link.views:
        return f"Not opened yet, at most {wording.counted(link.most_views, 'time')}" if link.most_views else "Not opened yet"
    if link.most_views:
        return f"Opened {wording.number(link.views)} of {wording.counted(link.most_views, 'time')}"
    return f"Opened {wording.counted(link.views, 'time')}"
