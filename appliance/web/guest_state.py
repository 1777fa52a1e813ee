"""What the guest's side has in its hands: the store, the clean copies, a key. No decoder, no model, no session, no search."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import anyio
from litestar import Request
from litestar.di import NamedDependency
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from appliance.settings import Settings
from appliance.sharing import guests
from appliance.sharing.guest_key import guest_key
from appliance.sharing.guests import Door
from appliance.store.db import Reader, Store
from appliance.store.layout import Layout

Guesting = Request[None, None, Any]
COOKIE = "mantel-guest"


@dataclass(frozen=True, slots=True)
class GuestSide:
    """One per application that serves /s/; handlers ask for it with a parameter `side`. `https`: guests reach it so."""

    settings: Settings
    store: Store
    layout: Layout
    clock: Callable[[], int]
    hashing: anyio.CapacityLimiter
    https: bool


TheSide = NamedDependency[GuestSide]


def let_in(side: GuestSide, reader: Reader, request: Guesting, token: str) -> tuple[Door, bool]:
    """Return the door of `token`, and whether whoever asks may see what is behind it."""
    door = guests.knock(reader, token, now=side.clock())
    return door, guests.is_let_in(door, request.cookies.get(COOKIE, ""), guest_key(side.layout.keys))


class ToGuests:
    """Hands everything below /s/ to `guests` before anything of the household's has seen it, and the rest to `app`."""

    def __init__(self, app: ASGIApp, guests: ASGIApp) -> None:
        self.app = app
        self.guests = guests

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_guests = scope["type"] == ScopeType.HTTP and scope["path"].startswith("/s/")
        await (self.guests if is_guests else self.app)(scope, receive, send)
