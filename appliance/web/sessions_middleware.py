"""Who is asking: reads the session cookie, and is the only place that writes one."""

import secrets
from typing import Any

import anyio
from litestar import Request
from litestar.datastructures import Cookie, State
from litestar.types import ASGIApp, Receive, Scope, Send

from appliance.accounts import sessions
from appliance.accounts.sessions import Session
from appliance.accounts.viewer import Family
from appliance.store.db import Writer
from appliance.web.state import Web

CSRF_BYTES = 32

Asked = Request[Family | None, Session | None, State]


def cookie_name(web: Web) -> str:
    """`__Host-` makes browsers refuse the cookie from another host or over plain HTTP; without HTTPS they would refuse ours."""
    return "__Host-mantel" if web.settings.https else "mantel"


class Identify:
    """Puts the viewer into `scope["user"]` and the session into `scope["auth"]`, None for a stranger; sends no cookie."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        web: Web = scope["litestar_app"].state.web
        request: Asked = Request(scope)
        secret = sessions.from_cookie(request.cookies.get(cookie_name(web), ""))
        session = await anyio.to_thread.run_sync(_recognise, web, secret) if secret else None
        scope["auth"] = session
        scope["user"] = session.viewer if session else None
        await self.app(scope, receive, send)


def _recognise(web: Web, secret: bytes) -> Session | None:
    now = web.clock()
    with web.store.read() as reader:
        session = sessions.find_session(reader, secret, now)
    if session and sessions.is_due(session, now):
        with web.store.write() as writer:
            sessions.mark_seen(writer, session, now)
    return session


def log_in(writer: Writer, web: Web, request: Asked, user_id: int) -> Cookie:
    """Start a session with a fresh id, whatever the client sent, and end the one it came with; return the cookie to set."""
    if old := sessions.from_cookie(request.cookies.get(cookie_name(web), "")):
        sessions.end_session(writer, old)
    secret = secrets.token_bytes(sessions.SECRET_BYTES)
    sessions.start_session(
        writer,
        secret,
        csrf=secrets.token_urlsafe(CSRF_BYTES),
        user_id=user_id,
        now=web.clock(),
        agent=request.headers.get("user-agent", ""),
        address=address_of(request),
    )
    return _cookie(web, sessions.to_cookie(secret), max_age=sessions.LONGEST_MS // 1000)


def log_out(writer: Writer, web: Web, request: Asked) -> Cookie:
    """End the session that the request came with; return the cookie that makes the browser forget it."""
    if secret := sessions.from_cookie(request.cookies.get(cookie_name(web), "")):
        sessions.end_session(writer, secret)
    return _cookie(web, "", max_age=0)


def address_of(request: Request[Any, Any, Any]) -> str:
    """Of the machine at the other end of the connection; headers that claim another are not believed."""
    return request.client.host if request.client else "unknown"


def _cookie(web: Web, value: str, *, max_age: int) -> Cookie:
    secure = web.settings.https
    return Cookie(cookie_name(web), value=value, path="/", max_age=max_age, httponly=True, samesite="lax", secure=secure)
