"""The only place where the web is put together, and where its server is started."""

import mimetypes
import os
import secrets
import signal
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from types import FrameType
from typing import Any

import anyio
from granian import Granian
from granian.constants import HTTPModes, Interfaces, Loops
from granian.log import LogLevels
from litestar import Litestar, Router
from litestar.di import Provide

from appliance.accounts import setup
from appliance.accounts.viewer import Family
from appliance.adapters import sandbox_rules
from appliance.adapters.pixels import Decoder
from appliance.adapters.vision import VisionClient
from appliance.errors import LoginNeeded
from appliance.people.client import People
from appliance.settings import Settings
from appliance.sharing.guest_key import guest_key
from appliance.store.db import Store
from appliance.store.layout import Layout
from appliance.web.background import background
from appliance.web.guest import guest_link, guest_photo, guest_unlock
from appliance.web.guest_answers import GUEST_HANDLERS, add_guest_headers, guest_static
from appliance.web.guest_files import guest_file, guest_poster, guest_thumb, guest_view, guest_zip
from appliance.web.guest_send import guest_send
from appliance.web.guest_state import GuestSide, ToGuests
from appliance.web.health import health
from appliance.web.login import show_login, submit_login, submit_logout
from appliance.web.problems import HANDLERS
from appliance.web.rendering import STATIC, TEMPLATES
from appliance.web.screens import SCREENS
from appliance.web.security import HeadAsGet, HostGate, add_headers, refuse_forgery, require_login
from appliance.web.sessions_middleware import Asked, Identify
from appliance.web.setup import explain_setup, show_setup, submit_setup
from appliance.web.state import HASHES_AT_ONCE, Web, wall_clock
from appliance.web.static_files import static_file

SECONDS_TO_STOP = 5

ROUTES = [explain_setup, health, show_login, show_setup, static_file, submit_login, submit_logout, submit_setup, *SCREENS]
GUEST_ROUTES = [
    guest_file, guest_link, guest_photo, guest_poster, guest_send, guest_static, guest_thumb, guest_unlock, guest_view, guest_zip,
]  # fmt: skip


def create_app(settings: Settings, clock: Callable[[], int] = wall_clock) -> Litestar:
    """Return the whole web over the library at `settings.home`, made when it is missing. `clock`: milliseconds since 1970 UTC."""
    app = routed(settings.allowed_hosts)
    app.state.web = open_web(settings, clock)
    return app


def open_web(settings: Settings, clock: Callable[[], int]) -> Web:
    """Return what the web holds of the library at `settings.home`."""
    layout = Layout(settings.home)
    layout.create()
    return Web(
        settings=settings,
        store=Store(layout.database, layout.database_copies),
        layout=layout,
        decoder=Decoder(1, settings.decoder_memory_mb, settings.largest_picture_megapixels),
        vision=VisionClient(layout.vision_socket),
        people=People(layout.people_socket),
        clock=clock,
    )


def routed(allowed_hosts: tuple[str, ...]) -> Litestar:
    """Return the web without a library: whoever asks for a page is answered from its `state.web`."""
    # One router, because Litestar 2 prepares a handler again for each further method that is registered on its path one by
    # one, and a handler prepared twice for a thread answers with a coroutine. Version 3 has the repair.
    app = Litestar(
        [Router("/", route_handlers=ROUTES)],
        dependencies={
            "web": Provide(lambda: app.state.web, sync_to_thread=False),
            "viewer": Provide(viewer, sync_to_thread=False),
        },
        guards=[require_login, refuse_forgery],
        middleware=[Identify],
        exception_handlers=HANDLERS,
        before_send=[add_headers],
        lifespan=[_run],
        openapi_config=None,
        logging_config=None,
    )
    guests = _guests(lambda: _guest_side(app.state.web))
    app.asgi_handler = HeadAsGet(HostGate(ToGuests(app.asgi_handler, guests), allowed_hosts))
    return app


def create_guest_app(settings: Settings, clock: Callable[[], int] = wall_clock) -> Litestar:
    """Return what listens on `guest_port`: share links over the library at `settings.home`, and nothing else of it.

    It answers to any name: it knows no session that a foreign name could be pointed at, and what it serves stands behind 32
    random bytes.
    """
    layout = Layout(settings.home)
    layout.create()
    store = Store(layout.database, layout.database_copies)
    https = settings.https or settings.share_address.startswith("https://")
    side = GuestSide(settings, store, layout, clock, anyio.CapacityLimiter(HASHES_AT_ONCE), https)
    app = _guests(lambda: side, on_shutdown=[store.close])
    app.state.guest_side = side
    app.asgi_handler = HeadAsGet(app.asgi_handler)
    return app


def _guest_side(web: Web) -> GuestSide:
    return GuestSide(web.settings, web.store, web.layout, web.clock, web.hashing, web.settings.https)


def _guests(side: Callable[[], GuestSide], on_shutdown: Sequence[Callable[[], None]] = ()) -> Litestar:
    """The same on both ports: nothing of the household's guards, sessions, handlers of errors or headers is near it."""
    return Litestar(
        [Router("/", route_handlers=GUEST_ROUTES)],
        dependencies={"side": Provide(side, sync_to_thread=False)},
        exception_handlers=GUEST_HANDLERS,
        before_send=[add_guest_headers],
        on_shutdown=on_shutdown,
        openapi_config=None,
        logging_config=None,
    )


def viewer(request: Asked) -> Family:
    """Who is logged in; for handlers that need a login."""
    if request.user is None:
        raise LoginNeeded
    return request.user


@asynccontextmanager
async def _run(app: Litestar) -> AsyncIterator[None]:
    web: Web = app.state.web
    try:
        async with background(web):
            yield
    finally:
        if web.vectors:
            web.vectors.close()
        web.decoder.close()
        web.store.close()


def open_setup(settings: Settings) -> str | None:
    """Return a fresh one-time setup link for the console, or None when there is an owner."""
    layout = Layout(settings.home)
    layout.create()
    store = Store(layout.database, layout.database_copies)
    try:
        with store.write(durable=True) as writer:
            token = setup.issue_link(writer, secrets.token_bytes(setup.TOKEN_BYTES), wall_clock())
    finally:
        store.close()
    return f"{address(settings)}/setup/{token}" if token else None


def address(settings: Settings) -> str:
    """The URL that a person on this machine types."""
    host = settings.listen if settings.listen in settings.allowed_hosts else settings.allowed_hosts[0]
    return f"{'https' if settings.https else 'http'}://{host}:{settings.port}"


def serve_web(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; prints the address, and the setup link while there is no owner."""
    link = open_setup(settings)
    sys.stdout.write(f"Mantel is at {address(settings)}\n")
    if link:
        sys.stdout.write(f"First login: {link}\nThe link works once, for 24 hours.\n")
    sys.stdout.flush()
    run_server(settings, partial(create_app, settings))


def serve_guests(settings: Settings) -> None:
    """Serve share links alone, on `guest_port`, until SIGTERM or SIGINT."""
    sys.stdout.write(f"Guests reach share links, and nothing else, on port {settings.guest_port}.\n")
    sys.stdout.flush()
    # uvloop would use io_uring, with which a process gets round its sandbox.
    run_server(replace(settings, port=settings.guest_port), partial(confined_guests, settings), loop=Loops.asyncio)


def confined_guests(settings: Settings) -> Litestar:
    """The process that strangers talk to keeps the clean copies, the database and incoming/, and no original and no connection."""
    app = create_guest_app(settings)
    layout = app.state.guest_side.layout
    guest_key(layout.keys)  # made while it can be
    mimetypes.init()  # reads what lies in /etc
    database = [layout.database.with_name(layout.database.name + ending) for ending in ("", "-wal", "-shm")]
    try:
        sandbox_rules.close_server(
            [layout.clean_copies, layout.keys / "guests", TEMPLATES, STATIC], changeable=database, writable=[layout.incoming]
        )
    except sandbox_rules.Unconfinable as error:
        sys.stderr.write(f"mantel: The process for guests runs without a sandbox: {error.strerror}.\n")
    return app


def run_server(settings: Settings, make: Callable[[], Litestar], *, loop: Loops = Loops.auto) -> None:
    """Serve what `make` returns, in one worker process, until SIGTERM or SIGINT; after SECONDS_TO_STOP the worker is killed.

    A worker that asks for it with SIGUSR1 is ended like that too, and a fresh one takes its place: it holds what is to be
    forgotten. This process knows nothing of what the worker knew.
    """
    told = Told()
    while not told.to_stop:
        told.to_begin_again = False
        _serve_until_told(settings, make, loop, told)
        if not told.to_begin_again:
            return


@dataclass(slots=True)
class Told:
    """What signals have said."""

    to_stop: bool = False
    to_begin_again: bool = False


def _serve_until_told(settings: Settings, make: Callable[[], Litestar], loop: Loops, told: Told) -> None:
    """The worker waits for open streams before it tells the application to stop, so these need to hear of it in another way: it
    holds the reading end of a pipe whose writing end is closed here, by the signal or by this process being killed.
    """
    lifeline, held = os.pipe()
    # Big forms spool to TMPDIR: keep them on the disk that has room, and out of a memory file system.
    os.environ["TMPDIR"] = str(Layout(settings.home).incoming)
    server = Granian(
        "appliance.app:create_app",
        address=settings.listen,
        port=settings.port,
        interface=Interfaces.ASGI,
        loop=loop,
        workers=1,
        http=HTTPModes.auto,
        websockets=False,
        log_level=LogLevels.warning,
        workers_kill_timeout=SECONDS_TO_STOP,
    )
    server.on_startup(partial(_let_go_when_told, held, told))
    server.serve(target_loader=partial(_in_worker, make, lifeline, held, os.getpid()), wrap_loader=False)
    os.close(lifeline)


def _in_worker(make: Callable[[], Litestar], lifeline: int, held: int, server: int) -> Litestar:
    """The worker ends with the `server` that started it, however that ends: it would hold the port for ever."""
    sandbox_rules.die_with(server)
    os.close(held)
    app = make()
    if "web" in app.state:  # guests' pages hold no streams open
        app.state.web.lifeline = lifeline
        app.state.web.begin_again = partial(os.kill, server, signal.SIGUSR1)
    return app


def _let_go_when_told(held: int, told: Told) -> None:
    """Close `held` at SIGTERM, SIGINT and SIGUSR1, before the server's own handlers run."""
    server_stops = signal.getsignal(signal.SIGTERM)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1):
        signal.signal(number, partial(_let_go, held, told, server_stops))


def _let_go(held: int, told: Told, server_stops: Any, number: int, frame: FrameType | None) -> None:
    told.to_stop |= number != signal.SIGUSR1
    told.to_begin_again |= number == signal.SIGUSR1
    with suppress(OSError):  # told twice
        os.close(held)
    server_stops(number, frame)
