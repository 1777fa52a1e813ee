"""The setup page: whoever holds the one-time link from the console becomes the owner."""

from dataclasses import dataclass
from typing import Annotated, Any

import anyio
from litestar import Response, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath
from litestar.response import Redirect

from appliance.accounts import setup
from appliance.accounts.passwords import LEAST_CHARACTERS, hash_password
from appliance.accounts.users import has_owner, tidy_name
from appliance.errors import MantelError, PasswordsDiffer, SetupClosed
from appliance.web.login import LARGEST_FORM
from appliance.web.rendering import page
from appliance.web.security import PUBLIC
from appliance.web.sessions_middleware import Asked, log_in
from appliance.web.state import Web


@dataclass(frozen=True, slots=True)
class SetupPage:
    """`token` is empty on the page that only says where the link is; `name` as typed before a `problem`."""

    token: str
    name: str
    problem: str
    least_characters: int = LEAST_CHARACTERS


@dataclass(frozen=True, slots=True)
class SetupForm:
    name: str = ""
    password: str = ""
    again: str = ""


@get("/setup", opt=PUBLIC, sync_to_thread=True)
def explain_setup(request: Asked, web: NamedDependency[Web]) -> Response[str]:
    """Says where to find the link; once there is an owner it is as closed as the link itself."""
    with web.store.read() as reader:
        if has_owner(reader):
            raise SetupClosed
    return page(request, "setup/page.html", SetupPage("", "", ""))


@get("/setup/{token:str}", opt=PUBLIC, sync_to_thread=True)
def show_setup(request: Asked, web: NamedDependency[Web], token: FromPath[str]) -> Response[str]:
    with web.store.read() as reader:
        setup.check_link(reader, token, web.clock())
    return page(request, "setup/page.html", SetupPage(token, "", ""))


@post("/setup/{token:str}", opt=PUBLIC, request_max_body_size=LARGEST_FORM)
async def submit_setup(
    request: Asked,
    web: NamedDependency[Web],
    token: FromPath[str],
    data: Annotated[SetupForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Response[Any]:
    try:
        await anyio.to_thread.run_sync(_check, web, token, data)
        hashed = await anyio.to_thread.run_sync(hash_password, data.password, limiter=web.hashing)
        cookie = await anyio.to_thread.run_sync(_make_owner, request, web, token, data.name, hashed)
    except SetupClosed:
        raise
    except MantelError as refusal:
        return page(request, "setup/page.html", SetupPage(token, data.name, str(refusal)), status=refusal.status)
    return Redirect("/", status_code=303, cookies=[cookie])


def _check(web: Web, token: str, form: SetupForm) -> None:
    """Refuse what can be refused before a hash is paid for."""
    with web.store.read() as reader:
        setup.check_link(reader, token, web.clock())
    tidy_name(form.name)
    if form.password != form.again:
        raise PasswordsDiffer


def _make_owner(request: Asked, web: Web, token: str, name: str, hashed: str) -> Cookie:
    with web.store.write(durable=True) as writer:
        user_id = setup.use_link(writer, token, name=name, password_hash=hashed, now=web.clock())
        return log_in(writer, web, request, user_id)
