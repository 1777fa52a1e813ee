"""What stands before every handler: known hosts, a login, no forged requests, and headers that keep a page on a short leash.

How a screen is written:

    @get("/timeline", sync_to_thread=True)
    def timeline(request: Asked, web: NamedDependency[Web], viewer: NamedDependency[Family]) -> Response[Any]:
        with web.store.read() as reader:
            context = ...                                   # a frozen dataclass of contexts.py
        return page(request, "timeline/page.html", context)  # rendering.py; `fragment` for a part of a page

- Every handler needs a login unless it says `opt=PUBLIC`. `viewer` is the logged-in Owner, Member or Child; `guards=[only_owner]`
  and `[only_adults]` keep the others out.
- `web.store.read()` belongs inside the handler's own thread: a reader is one thread's connection and never a dependency.
- A `@get` answers HEAD as well. Files are sent by returning a SendFile (filesend.py), event streams by `event_stream` (streams.py).
- Every request but GET and HEAD must carry the session's CSRF token: htmx sends the header X-CSRF-Token (`hx-headers` on body),
  a form the hidden field `csrf`. A handler with `opt=CSRF_IN_HEADER` takes the header only, and nothing of the body is read
  before the check. Templates see the token as `csrf`.
- Errors are raised (errors.py), never rendered by a handler: problems.py shows them.
"""

from urllib.parse import urlsplit

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import MutableScopeHeaders
from litestar.enums import HttpMethod, ScopeType
from litestar.handlers.base import BaseRouteHandler
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from appliance.accounts.sessions import Session
from appliance.accounts.viewer import Child, Owner
from appliance.errors import AdultNeeded, LoginNeeded, OwnerNeeded, RequestForged

PUBLIC = {"public": True}
CSRF_IN_HEADER = {"csrf": "header"}
CSRF_HEADER = "x-csrf-token"
CSRF_FIELD = "csrf"
NO_BODY = "mantel_no_body"

SAFE_METHODS = {HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS}
OWN_SITE = {"same-origin", "none"}

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; "
        "connect-src 'self'; font-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # Not `no-referrer`: under that a browser sends `Origin: null` with our own forms, and there would be nothing to check.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), browsing-topics=()",
    "cache-control": "no-store",
}


async def add_headers(message: Message, scope: Scope) -> None:
    """A `before_send` hook, so that errors have these too. What a handler has set stays."""
    if message["type"] == "http.response.start":
        headers = MutableScopeHeaders.from_message(message)
        for name, value in HEADERS.items():
            headers.setdefault(name, value)


class HostGate:
    """Outermost: answers only to the names in `allowed`, so that no foreign name can be pointed at this box (DNS rebinding)."""

    def __init__(self, app: ASGIApp, allowed: tuple[str, ...]) -> None:
        self.app = app
        self.allowed = {name.lower() for name in allowed}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        if len(hosts) == 1 and without_port(hosts[0]) in self.allowed:
            await self.app(scope, receive, send)
            return
        body = b"This Mantel does not go by the name in your address bar. Add it to allowed_hosts in mantel.toml, or use another.\n"
        headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 400, "headers": headers})
        await send({"type": "http.response.body", "body": body, "more_body": False})


class HeadAsGet:
    """Answers HEAD as GET without the body, so that no handler and no guard can ever treat the two differently."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return
        scope["method"] = HttpMethod.GET.value
        scope["state"][NO_BODY] = True

        async def send_head(message: Message) -> None:
            if message["type"] == "http.response.start":
                await send(message)
                await send({"type": "http.response.body", "body": b"", "more_body": False})

        await self.app(scope, receive, send_head)


def without_port(host: str) -> str:
    """The name in a Host header: lower case, no port, brackets around an IPv6 address kept."""
    host = host.strip().lower()
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdigit() and not name.endswith(":") else host


def require_login(connection: ASGIConnection, handler: BaseRouteHandler) -> None:  # type: ignore[type-arg]
    """The guard of every handler that does not say PUBLIC; raises LoginNeeded. Runs before any of the body is read."""
    if not handler.opt.get("public") and connection.scope.get("auth") is None:
        raise LoginNeeded


async def refuse_forgery(connection: ASGIConnection, handler: BaseRouteHandler) -> None:  # type: ignore[type-arg]
    """The guard of every handler against requests that another site makes a browser send; raises RequestForged."""
    if not isinstance(connection, Request) or connection.method in SAFE_METHODS:
        return
    _check_origin(connection)
    session: Session | None = connection.scope.get("auth")
    if session is None:
        return
    token = connection.headers.get(CSRF_HEADER)
    if token is None and handler.opt.get("csrf") != "header":
        token = await _token_in_form(connection)
    if not token or not session.bears(token):
        raise RequestForged


def only_owner(connection: ASGIConnection, handler: BaseRouteHandler) -> None:  # type: ignore[type-arg]
    """For what the owner alone may do; raises OwnerNeeded."""
    if not isinstance(connection.scope.get("user"), Owner):
        raise OwnerNeeded


def only_adults(connection: ASGIConnection, handler: BaseRouteHandler) -> None:  # type: ignore[type-arg]
    """For what no child's account does; raises AdultNeeded."""
    if isinstance(connection.scope.get("user"), Child):
        raise AdultNeeded


def _check_origin(request: Request) -> None:  # type: ignore[type-arg]
    """Browsers say where a request comes from; what is no browser says nothing, and has no cookie to be abused."""
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site is not None and site not in OWN_SITE:
        raise RequestForged
    if origin is not None and urlsplit(origin).netloc.lower() != request.headers.get("host", "").lower():
        raise RequestForged


async def _token_in_form(request: Request) -> str | None:  # type: ignore[type-arg]
    value = (await request.form()).get(CSRF_FIELD)
    return value if isinstance(value, str) else None
