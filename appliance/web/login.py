"""The login page, and the way out."""

from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlsplit

import anyio
from litestar import Response, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromQuery
from litestar.response import Redirect

from appliance.accounts import attempts, users
from appliance.accounts.attempts import Subject
from appliance.accounts.passwords import hash_password, needs_rehash, password_matches
from appliance.accounts.users import Credentials
from appliance.errors import LoginRefused, TooManyAttempts
from appliance.web.rendering import page
from appliance.web.security import PUBLIC
from appliance.web.sessions_middleware import Asked, address_of, log_in, log_out
from appliance.web.state import Web

LARGEST_FORM = 64 * 1024


@dataclass(frozen=True, slots=True)
class LoginPage:
    """`next` is where to go afterwards, `problem` a sentence or empty; `setup_open` while there is nobody to log in as."""

    next: str
    problem: str
    setup_open: bool = False


@dataclass(frozen=True, slots=True)
class LoginForm:
    name: str = ""
    password: str = ""
    next: str = "/"


@get("/login", opt=PUBLIC, sync_to_thread=True)
def show_login(request: Asked, web: NamedDependency[Web], next: FromQuery[str] = "/") -> Response[Any]:
    if request.user:
        return Redirect(own_path(next), status_code=303)
    with web.store.read() as reader:
        setup_open = not users.has_owner(reader)
    return page(request, "login/page.html", LoginPage(own_path(next), "", setup_open))


@post("/login", opt=PUBLIC, request_max_body_size=LARGEST_FORM)
async def submit_login(
    request: Asked, web: NamedDependency[Web], data: Annotated[LoginForm, Body(media_type=RequestEncodingType.URL_ENCODED)]
) -> Response[Any]:
    try:
        cookie = await _check(request, web, data)
    except (LoginRefused, TooManyAttempts) as refusal:
        return page(request, "login/page.html", LoginPage(own_path(data.next), str(refusal)), status=refusal.status)
    return Redirect(own_path(data.next), status_code=303, cookies=[cookie])


@post("/logout", sync_to_thread=True)
def submit_logout(request: Asked, web: NamedDependency[Web]) -> Redirect:
    with web.store.write() as writer:
        cookie = log_out(writer, web, request)
    return Redirect("/login", status_code=303, cookies=[cookie])


def own_path(wanted: str) -> str:
    """`wanted` when it is a path on this site, else “/”: a login link must not lead anywhere else."""
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return "/"
    harmless = wanted.isprintable() and wanted.isascii() and "\\" not in wanted
    own = not parts.scheme and not parts.netloc and wanted.startswith("/") and not wanted.startswith("//")
    return wanted if own and harmless else "/"


async def _check(request: Asked, web: Web, form: LoginForm) -> Cookie:
    """The same steps, in the same time, whether the name, the password or both are wrong; raises LoginRefused, TooManyAttempts."""
    subjects = (attempts.name(form.name), attempts.address(address_of(request)))
    counted, known = await anyio.to_thread.run_sync(_begin, web, form.name, subjects)
    stored = known.password_hash if known else None
    right = await anyio.to_thread.run_sync(password_matches, stored, form.password, limiter=web.hashing)
    if not right or known is None:
        raise LoginRefused
    newer = None
    if needs_rehash(known.password_hash):
        newer = await anyio.to_thread.run_sync(hash_password, form.password, limiter=web.hashing)
    return await anyio.to_thread.run_sync(_finish, request, web, known.user_id, newer, counted, subjects[0])


def _begin(web: Web, name: str, subjects: tuple[Subject, ...]) -> tuple[list[int], Credentials | None]:
    with web.store.write() as writer:
        return attempts.begin(writer, "login", subjects, web.clock()), users.credentials(writer, name)


def _finish(request: Asked, web: Web, user_id: int, newer: str | None, counted: list[int], name: Subject) -> Cookie:
    with web.store.write() as writer:
        attempts.succeeded(writer, "login", counted, name)
        if newer:
            users.set_password(writer, user_id, newer)
        return log_in(writer, web, request, user_id)
