"""Templates into responses. A template sees one typed `page` and what every page needs: viewer, csrf, here, appearance, and the
functions asset(), navigation() and offers()."""

from functools import cache, partial
from hashlib import sha256
from pathlib import Path

import jinja2
from litestar import Response
from litestar.enums import MediaType

from appliance.accounts.viewer import Owner
from appliance.backup import status
from appliance.people import consent
from appliance.web.navigation import navigation
from appliance.web.offers import offers
from appliance.web.sessions_middleware import Asked
from appliance.web.state import Web

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
STATIC = ROOT / "static"
VERSION_DIGITS = 16
APPEARANCE_COOKIE = "mantel-appearance"


def page(request: Asked, template: str, context: object, *, status: int = 200) -> Response[str]:
    """Render a whole page. `context` is the dataclass of that template; it is `page` inside."""
    return _rendered(request, template, context, status)


def fragment(request: Asked, template: str, context: object, *, status: int = 200) -> Response[str]:
    """Render a part that htmx swaps in: the same partial that its page includes, so it sees the same `page`."""
    return _rendered(request, template, context, status)


def _alarm(request: Asked) -> bool:
    """Whether the navigation says that the library is not safe; the owner alone hears of it."""
    if not isinstance(request.scope.get("user"), Owner):
        return False
    web: Web = request.app.state.web
    with web.store.read() as reader:
        return status.verdict(reader, now=web.clock()).colour == "not safe"


def _sees_people(request: Asked) -> bool:
    """Whether the navigation names People: while it is off, nobody is told of it there."""
    viewer = request.scope.get("user")
    web: Web = request.app.state.web
    with web.store.read() as reader:
        return viewer is not None and consent.may_see(reader, viewer)


def _rendered(request: Asked, template: str, context: object, status: int) -> Response[str]:
    session = request.scope.get("auth")
    html = (
        environment()
        .get_template(template)
        .render(
            page=context,
            viewer=request.scope.get("user"),
            csrf=session.csrf if session else "",
            here=request.scope["path"],
            alarm=partial(_alarm, request),
            sees_people=partial(_sees_people, request),
            appearance=request.cookies.get(APPEARANCE_COOKIE, "system"),
        )
    )
    return Response(html, status_code=status, media_type=MediaType.HTML, headers={"vary": "HX-Request"})


@cache
def environment() -> jinja2.Environment:
    """Everything is escaped; a name that the context lacks is an error, not an empty string."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(asset=asset, navigation=navigation, offers=offers)
    return made


@cache
def asset(name: str) -> str:
    """The URL of a file below static/, with its content's hash: a browser may keep it for ever."""
    return f"/static/{name}?v={asset_version(name)}"


@cache
def asset_version(name: str) -> str:
    return sha256((STATIC / name).read_bytes()).hexdigest()[:VERSION_DIGITS]
