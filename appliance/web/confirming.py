"""The password again, before what cannot be taken back: a browser that was left open is not the person who logged in with it.

A handler says `guards=[recently_confirmed]`. Its form may hold the password in the field `own_password`
(`{% include "confirm/_field.html" %}` where `page.confirm` is true); without it the person is taken to `/confirm` and back.
"""

from dataclasses import dataclass
from typing import Any

import anyio
from litestar import Request, Response, get, post
from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler
from litestar.params import FromQuery
from litestar.response import Redirect

from appliance.accounts import attempts, sessions, users
from appliance.accounts.attempts import Subject
from appliance.accounts.passwords import password_matches
from appliance.accounts.sessions import Session
from appliance.errors import ConfirmationNeeded, LoginNeeded, PasswordRefused, TooManyAttempts
from appliance.web.login import LARGEST_FORM, own_path
from appliance.web.parameters import Form, TheWeb
from appliance.web.rendering import page
from appliance.web.sessions_middleware import Asked, address_of
from appliance.web.state import Web

FRESH_MS = 10 * 60_000
FIELD = "own_password"


@dataclass(frozen=True, slots=True)
class ConfirmPage:
    """`then` is where to go afterwards, `problem` a sentence or empty."""

    then: str
    problem: str


@dataclass(frozen=True, slots=True)
class ConfirmForm:
    own_password: str = ""
    then: str = "/"


async def recently_confirmed(connection: ASGIConnection, handler: BaseRouteHandler) -> None:  # type: ignore[type-arg]
    """The guard of what wants the password typed within FRESH_MS; raises ConfirmationNeeded, PasswordRefused, TooManyAttempts."""
    web: Web = connection.app.state.web
    session: Session | None = connection.scope.get("auth")
    if session is None:
        raise LoginNeeded
    if is_fresh(session, web.clock()):
        return
    if not isinstance(connection, Request) or connection.method != "POST":
        raise ConfirmationNeeded
    typed = (await connection.form()).get(FIELD)
    if not isinstance(typed, str) or not typed:
        raise ConfirmationNeeded
    await confirm(connection, web, session, typed)


def is_fresh(session: Session | None, now: int) -> bool:
    """Was the password of this session typed within FRESH_MS?"""
    return session is not None and now - session.confirmed_at < FRESH_MS


@get("/confirm", sync_to_thread=False)
def show_confirm(request: Asked, web: TheWeb, then: FromQuery[str] = "/") -> Response[Any]:
    if is_fresh(request.auth, web.clock()):
        return Redirect(own_path(then), status_code=303)
    return page(request, "confirm/page.html", ConfirmPage(own_path(then), ""))


@post("/confirm", request_max_body_size=LARGEST_FORM)
async def submit_confirm(request: Asked, web: TheWeb, data: Form[ConfirmForm]) -> Response[Any]:
    if request.auth is None:
        raise LoginNeeded
    try:
        await confirm(request, web, request.auth, data.own_password)
    except (PasswordRefused, TooManyAttempts) as refusal:
        return page(request, "confirm/page.html", ConfirmPage(own_path(data.then), str(refusal)), status=refusal.status)
    return Redirect(own_path(data.then), status_code=303)


async def confirm(request: Asked, web: Web, session: Session, password: str) -> None:
    """Note that the password was typed just now; raises PasswordRefused, or TooManyAttempts as the login does."""
    subjects = (Subject(f"user:{session.viewer.user_id}", attempts.PER_NAME), attempts.address(address_of(request)))
    counted, stored = await anyio.to_thread.run_sync(_begin, web, session, subjects)
    if not await anyio.to_thread.run_sync(password_matches, stored, password, limiter=web.hashing):
        raise PasswordRefused
    await anyio.to_thread.run_sync(_finish, web, session, counted, subjects[0])


def _begin(web: Web, session: Session, subjects: tuple[Subject, ...]) -> tuple[list[int], str | None]:
    with web.store.write() as writer:
        return attempts.begin(writer, "confirm", subjects, web.clock()), users.password_hash(writer, session.viewer.user_id)


def _finish(web: Web, session: Session, counted: list[int], proven: Subject) -> None:
    with web.store.write() as writer:
        attempts.succeeded(writer, "confirm", counted, proven)
        sessions.confirm(writer, session, web.clock())
