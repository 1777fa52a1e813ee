"""Errors into answers: a page for a person, a fragment for htmx, JSON for a program, a line for anything else."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from litestar import Response
from litestar.enums import MediaType
from litestar.exceptions import HTTPException

from appliance.errors import ConfirmationNeeded, LoginNeeded, MantelError, PeopleLocked
from appliance.web.rendering import fragment, page
from appliance.web.sessions_middleware import Asked

_LOG = logging.getLogger("mantel.web")

TITLES: Mapping[int, str] = {
    400: "That did not work",
    401: "Please log in",
    403: "Not allowed",
    404: "Nothing here",
    405: "Nothing here",
    409: "Already there",
    413: "Too large",
    422: "Not accepted",
    429: "Too many attempts",
    500: "Something went wrong",
    503: "Not available right now",
}
HTTP_TEXTS: Mapping[int, str] = {
    400: "Mantel did not understand this request. Nothing was changed; go back and try again.",
    404: "There is nothing here. It may have been removed, or it may not be yours to see.",
    405: "This address does not answer to that kind of request. Nothing was changed.",
    413: "This is larger than Mantel takes here. Nothing was kept; the original on your side is untouched.",
    500: "Mantel made a mistake and stopped. Your photos are safe. If it happens again, restart Mantel and look at its log.",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What templates/problem shows; `kind` names the error for programs."""

    status: int
    kind: str
    title: str
    text: str


def show_refusal(request: Asked, error: MantelError) -> Response[Any]:
    """What Mantel refuses or fails at. A person who is not logged in, or has to say again who it is, is taken to
    that page and back."""
    problem = Problem(error.status, type(error).__name__, TITLES.get(error.status, TITLES[400]), str(error))
    if isinstance(error, LoginNeeded):
        login = "/login?next=" + quote(_asked_for(request), safe="/")
        if request.headers.get("hx-request"):
            return Response(None, status_code=401, headers={"hx-redirect": "/login"}, media_type=MediaType.TEXT)
        if request.method == "GET" and _wants_page(request):
            return Response(None, status_code=303, headers={"location": login}, media_type=MediaType.TEXT)
    if isinstance(error, ConfirmationNeeded):
        confirm = "/confirm?then=" + quote(_came_from(request), safe="/")
        if request.headers.get("hx-request"):
            return Response(None, status_code=403, headers={"hx-redirect": confirm}, media_type=MediaType.TEXT)
        if _wants_page(request):
            return Response(None, status_code=303, headers={"location": confirm}, media_type=MediaType.TEXT)
    if isinstance(error, PeopleLocked):
        unlock = "/people/unlock?then=" + quote(_came_from(request), safe="/")
        if request.headers.get("hx-request"):
            return Response(None, status_code=403, headers={"hx-redirect": unlock}, media_type=MediaType.TEXT)
        if _wants_page(request):
            return Response(None, status_code=303, headers={"location": unlock}, media_type=MediaType.TEXT)
    return _answer(request, problem)


def _asked_for(request: Asked) -> str:
    asked = request.scope.get("query_string", b"").decode("latin-1")
    return request.scope["path"] + (f"?{asked}" if asked else "")


def _came_from(request: Asked) -> str:
    """Where to go back to: a form is sent again from the page that it stands on, which the browser names."""
    if request.method == "GET":
        return _asked_for(request)
    page = urlsplit(request.headers.get("referer", ""))
    return (page.path or "/") + (f"?{page.query}" if page.query else "")


def show_http_problem(request: Asked, error: HTTPException) -> Response[Any]:
    """What the framework refuses: no such route, wrong method, a body that is too large or makes no sense."""
    status = error.status_code
    text = HTTP_TEXTS.get(status, HTTP_TEXTS[400 if status < 500 else 500])
    return _answer(request, Problem(status, type(error).__name__, TITLES.get(status, TITLES[400]), text), error.headers)


def show_mistake(request: Asked, error: Exception) -> Response[Any]:
    """What nobody foresaw. The log gets the error's class and the places in our code: no message, no address, no values, since
    these may hold what people wrote."""
    _LOG.error("%s in %s at %s", type(error).__name__, request.scope.get("path_template", "?"), places_of(error))
    return _answer(request, Problem(500, "Mistake", TITLES[500], HTTP_TEXTS[500]))


def try_in_background(step: Callable[[], None], name: str) -> bool:
    """Run `step`, whatever it raises; False when it did. Nobody waits for it, so its failure may cost no page."""
    try:
        step()
    except MantelError as refusal:
        _LOG.warning("%s: %s", name, refusal)
        return False
    except Exception as error:  # noqa: BLE001  the loop that called goes on, and tries again
        _LOG.error("%s: %s at %s", name, type(error).__name__, places_of(error))
        return False
    return True


def places_of(error: Exception) -> str:
    """Where in our code it happened, the innermost first; no values, which may be what people wrote."""
    places = []
    trace = error.__traceback__
    while trace:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rpartition('/')[2]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return " < ".join(reversed(places[-8:]))


def _answer(request: Asked, problem: Problem, headers: Mapping[str, str] | None = None) -> Response[Any]:
    answer = _as_asked(request, problem)
    for name, value in (headers or {}).items():
        if name.lower() in ("allow", "retry-after"):
            answer.headers[name.lower()] = value
    return answer


def _as_asked(request: Asked, problem: Problem) -> Response[Any]:
    try:
        if request.headers.get("hx-request"):
            return fragment(request, "problem/_problem.html", problem, status=problem.status)
        if _wants_page(request):
            return page(request, "problem/page.html", problem, status=problem.status)
    except Exception as error:  # noqa: BLE001  the page about a problem has one itself: the person still gets the sentence
        _LOG.error("%s while showing a problem at %s", type(error).__name__, places_of(error))
    if "application/json" in request.headers.get("accept", ""):
        return Response({"error": problem.kind, "text": problem.text}, status_code=problem.status, media_type=MediaType.JSON)
    return Response(problem.text + "\n", status_code=problem.status, media_type=MediaType.TEXT)


def _wants_page(request: Asked) -> bool:
    return "text/html" in request.headers.get("accept", "")


HANDLERS: dict[int | type[Exception], Callable[[Asked, Any], Response[Any]]] = {
    MantelError: show_refusal,
    HTTPException: show_http_problem,
    Exception: show_mistake,
}
