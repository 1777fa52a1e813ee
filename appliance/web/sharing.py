"""Before something is shared: what it is, what may be sensitive in it, and how it is shared. One click makes the link."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import urlencode

import anyio
from litestar import Response, get, post
from litestar.params import FromQuery
from litestar.response import Redirect

from appliance.accounts.passwords import hash_password
from appliance.accounts.viewer import Family, Owner
from appliance.assistant.asked_people import asked, faces
from appliance.errors import ConfirmationNeeded, LoginNeeded, PasswordRefused, PasswordTooWeak, TooManyAttempts, WrongUsage
from appliance.library import albums, browsing, selections
from appliance.search.ids import LARGEST_ID
from appliance.sharing import links, warnings
from appliance.sharing.addresses import address_of
from appliance.sharing.links import DAYS, TOKEN_BYTES, Options
from appliance.sharing.warnings import Warning
from appliance.store.db import Reader
from appliance.web import wording
from appliance.web.confirming import confirm, is_fresh
from appliance.web.contexts_sharing import ChoiceView, DroppedView, NewSharePage, ShareForm, WarningView
from appliance.web.parameters import Form, TheWeb, Viewing
from appliance.web.rendering import page
from appliance.web.security import only_adults
from appliance.web.sessions_middleware import Asked
from appliance.web.shares import days_to_choose, household, remember
from appliance.web.state import Web
from appliance.web.tiles import mend, tile_view

LARGEST_FORM = 64 * 1024
SHOWN = 60
WARNED_SHOWN = 6
LEFT_OUT = {
    "identity": "of passports and cards", "documents": "of documents", "screens": "of screens", "text": "with readable words",
    "home": "taken near your home", "people": "of people, as their captions say", "unread": "that nobody has looked at",
}  # fmt: skip
UNTOUCHED = ShareForm(downloads="yes", days=str(DAYS))
REFUSALS = (ConfirmationNeeded, PasswordRefused, TooManyAttempts, PasswordTooWeak, WrongUsage)


@get("/shares/new", guards=[only_adults], sync_to_thread=True)
def new_share(
    request: Asked, web: TheWeb, viewer: Viewing, selection: FromQuery[int] = 0, without: FromQuery[list[str] | None] = None
) -> Response[Any]:
    """`without`: kinds of warnings whose photos are left out."""
    form = replace(UNTOUCHED, selection=min(selection, LARGEST_ID), without=without or [])
    return page(request, "shares/new.html", _context(request, web, viewer, form))


@post("/shares", guards=[only_adults], request_max_body_size=LARGEST_FORM)
async def make_share(request: Asked, web: TheWeb, viewer: Viewing, data: Form[ShareForm]) -> Response[Any]:
    """Make the link and lead to its page, which shows the address; what is amiss is said above the form, filled in as it was."""
    try:
        await _confirm(request, web, data.own_password)
        hashed = None
        if data.password:
            hashed = await anyio.to_thread.run_sync(hash_password, data.password, limiter=web.hashing)
        link = await anyio.to_thread.run_sync(_make, web, viewer, data, hashed, household(request, web))
    except REFUSALS as refusal:
        context = await anyio.to_thread.run_sync(partial(_context, request, web, viewer, data, problem=str(refusal)))
        return page(request, "shares/new.html", context, status=refusal.status)
    return Redirect(f"/shares/{link}", status_code=303)


async def _confirm(request: Asked, web: Web, typed: str) -> None:
    if request.auth is None:
        raise LoginNeeded
    if is_fresh(request.auth, web.clock()):
        return
    if not typed:
        raise ConfirmationNeeded
    await confirm(request, web, request.auth, typed)


def _make(web: Web, viewer: Family, form: ShareForm, hashed: str | None, base: str) -> int:
    token = secrets.token_bytes(TOKEN_BYTES)
    address = address_of(web.settings, token, household=base)
    options = _options(form, hashed)
    with web.store.read() as reader:
        chosen, _, _ = _left(web, reader, viewer, form)
    with web.store.write(durable=True) as writer:
        link = links.create(writer, viewer, chosen, options, token=token, now=web.clock())
    remember(web, link, address)
    return link


def _options(form: ShareForm, hashed: str | None) -> Options:
    """Raises WrongUsage for what is no number."""
    return Options(
        title=form.title,
        size="full" if form.size == "full" else "screen",
        keep_location=bool(form.keep_location),
        downloads=bool(form.downloads),
        password_hash=hashed,
        most_views=_number(form.most_views, "How often a link may be opened") if form.most_views.strip() else None,
        days=_number(form.days, "How long a link lives"),
        uploads_into=_number(form.uploads_into, "An album") if form.uploads_into else None,
    )


def _number(text: str, what: str) -> int:
    text = text.strip()
    if not (text.isascii() and text.isdigit() and len(text) < len(str(LARGEST_ID))):
        raise WrongUsage(what=f"{what} is a whole number; “{text[:20]}” is none.")
    return int(text)


def _left(web: Web, reader: Reader, viewer: Family, form: ShareForm) -> tuple[tuple[int, ...], tuple[Warning, ...], dict[str, int]]:
    """What of a selection is left to share, what to look at in it, and how many photos of each kind were left out."""
    chosen = selections.assets_of(reader, viewer, form.selection)
    known = faces(asked(reader, viewer, web.layout))
    dropped = {}
    for kind in dict.fromkeys(_several(form.without)):
        found = next((warning for warning in warnings.warn(reader, chosen, known) if warning.kind == kind), None)
        if found is not None and found.assets:
            chosen = tuple(asset_id for asset_id in chosen if asset_id not in set(found.assets))
            dropped[kind] = len(found.assets)
    return chosen, warnings.warn(reader, chosen, known), dropped


def _several(value: str | Sequence[str]) -> list[str]:
    return [one for one in ([value] if isinstance(value, str) else value) if one]


def _context(request: Asked, web: Web, viewer: Family, form: ShareForm, *, problem: str = "") -> NewSharePage:
    with web.store.read() as reader:
        chosen, warned, dropped = _left(web, reader, viewer, form) if form.selection else ((), (), {})
        tiles = browsing.tiles(reader, viewer, chosen[:SHOWN])
        warned_tiles = [browsing.tiles(reader, viewer, warning.assets[:WARNED_SHOWN]) for warning in warned]
        into = albums.listed(reader, viewer) if isinstance(viewer, Owner) else []
    mend(web, tiles)
    return NewSharePage(
        selection=form.selection,
        without=tuple(dropped),
        count=wording.counted(len(chosen), "photo or video", "photos and videos"),
        tiles=tuple(tile_view(web.layout, tile) for tile in tiles),
        more=len(chosen) - len(tiles),
        warnings=tuple(
            WarningView(
                kind=warning.kind,
                words=warning.words,
                tiles=tuple(tile_view(web.layout, tile) for tile in shown),
                more=len(warning.assets) - len(shown),
                drop=_href(form, [*dropped, warning.kind]) if warning.assets else "",
                drop_words="Leave it out" if len(warning.assets) == 1 else f"Leave these {wording.number(len(warning.assets))} out",
            )
            for warning, shown in zip(warned, warned_tiles, strict=True)
        ),
        dropped=tuple(_dropped(form, dropped, kind) for kind in dropped),
        form=form,
        days=days_to_choose(form.days),
        albums=tuple(ChoiceView(str(album.id), album.title, str(album.id) == form.uploads_into) for album in into),
        problem=problem,
        confirm=not is_fresh(request.auth, web.clock()),
    )


def _dropped(form: ShareForm, dropped: dict[str, int], kind: str) -> DroppedView:
    words = f"{wording.counted(dropped[kind], 'photo')} {LEFT_OUT[kind]} left out."
    return DroppedView(words, _href(form, [other for other in dropped if other != kind]))


def _href(form: ShareForm, without: Sequence[str]) -> str:
    return "/shares/new?" + urlencode([("selection", form.selection), *(("without", kind) for kind in without)])
