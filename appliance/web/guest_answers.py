"""How the guest's side answers: its templates, its headers, one refusal for everything, and its style sheets and scripts."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from litestar import Response, get
from litestar.datastructures import Cookie, MutableScopeHeaders
from litestar.enums import MediaType
from litestar.exceptions import HTTPException
from litestar.params import FromPath
from litestar.types import Message, Scope

from appliance.errors import MantelError, NotFound
from appliance.web.filesend import SendFile
from appliance.web.problems import HTTP_TEXTS, places_of
from appliance.web.rendering import STATIC, asset_version, environment
from appliance.web.static_files import media_type_of

_LOG = logging.getLogger("mantel.web")

FILES = {
    name.rpartition("/")[2]: name
    for name in (
        "css/tokens.css", "css/layout.css", "css/components.css", "guest/guest.css", "guest/viewer.js", "icons/mantel.svg",
    )
}  # fmt: skip
"""Name in the address → file below static/."""

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # The address is the key: no other site may hear of it, nor any index of the web.
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex, nofollow, noarchive, noimageindex",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), browsing-topics=()",
    "cache-control": "no-store",
}


@dataclass(frozen=True, slots=True)
class GuestProblem:
    """What templates/guest/problem.html shows."""

    title: str
    text: str


CLOSED = GuestProblem(
    "Nothing here", "This link does not lead to any photos. It may be over, or it was taken back. Ask whoever gave it to you."
)
CLOSED_STATUS = 404
"""The one answer to an address that is unknown, over, taken back, not ready, used up, or locked without its password."""


async def add_guest_headers(message: Message, scope: Scope) -> None:
    """A `before_send` hook. What a handler has set stays."""
    if message["type"] == "http.response.start":
        headers = MutableScopeHeaders.from_message(message)
        for name, value in HEADERS.items():
            headers.setdefault(name, value)


def guest_page(template: str, context: object, *, status: int = 200, cookies: list[Cookie] | None = None) -> Response[Any]:
    """Render a page of templates/guest/. It sees its `page` and nothing else: no viewer, no token of a session."""
    html = environment().get_template(template).render(page=context, file=guest_file)
    return Response(html, status_code=status, media_type=MediaType.HTML, cookies=cookies)


def guest_file(name: str) -> str:
    """The URL of one of FILES, with its content's hash."""
    return f"/s/static/{name}?v={asset_version(FILES[name])}"


@get("/s/static/{name:str}", sync_to_thread=True)
def guest_static(name: FromPath[str]) -> SendFile:
    """Exactly the files in FILES; none of them says anything about this box but that it is a Mantel."""
    if name not in FILES:
        raise NotFound
    return SendFile(STATIC / FILES[name], media_type_of(name), asset_version(FILES[name]), immutable=True)


def _refuse(error: MantelError) -> Response[Any]:
    if error.status == CLOSED_STATUS:
        return guest_page("guest/problem.html", CLOSED, status=CLOSED_STATUS)
    return guest_page("guest/problem.html", GuestProblem("That did not work", str(error)), status=error.status)


def show_guest_refusal(request: object, error: MantelError) -> Response[Any]:
    """What Mantel refuses; errors that name folders or tools of this box are told to its owner, not to a guest."""
    if error.status < 500:
        return _refuse(error)
    _LOG.warning("guests: %s", type(error).__name__)
    return _mistake(error.status)


def show_guest_http_problem(request: object, error: HTTPException) -> Response[Any]:
    """What the framework refuses. A wrong method or address is answered as every closed link is."""
    if error.status_code in (404, 405):
        return guest_page("guest/problem.html", CLOSED, status=CLOSED_STATUS)
    text = HTTP_TEXTS[413] if error.status_code == 413 else HTTP_TEXTS[400]
    return guest_page("guest/problem.html", GuestProblem("That did not work", text), status=error.status_code)


def show_guest_mistake(request: object, error: Exception) -> Response[Any]:
    """What nobody foresaw: the log gets the error's class and the places in our code."""
    _LOG.error("guests: %s at %s", type(error).__name__, places_of(error))
    return _mistake(500)


def _mistake(status: int) -> Response[Any]:
    text = "Something went wrong on the box that holds these photos. Nothing is lost; try again later."
    return guest_page("guest/problem.html", GuestProblem("Not available right now", text), status=status)


GUEST_HANDLERS: dict[int | type[Exception], Callable[[Any, Any], Response[Any]]] = {
    MantelError: show_guest_refusal,
    HTTPException: show_guest_http_problem,
    Exception: show_guest_mistake,
}
