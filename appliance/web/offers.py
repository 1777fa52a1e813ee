"""What can be done with photos that were chosen: the one list behind the bar of every grid, the photo page, albums and answers.

A page or an action that comes to Mantel adds one line to OFFERS; when it is a page, `page` is its address, and it is opened with
`?selection=N` (library/selections.py)."""

from dataclasses import dataclass
from typing import Any

from litestar import Response
from litestar.response import Redirect

from appliance.accounts.viewer import Family
from appliance.assistant.actions import may
from appliance.assistant.plan import Act, ActKind
from appliance.web.sessions_middleware import Asked


@dataclass(frozen=True, slots=True)
class Offer:
    """`then` is the kind of the action and the value of the button, `name` its words."""

    then: ActKind
    name: str
    picture: str
    page: str = ""


OFFERS = (
    Offer("album", "Album", "album"),
    Offer("tag", "Tag", "tag"),
    Offer("favourite", "Favourite", "star"),
    Offer("hide", "Hide", "hide"),
    Offer("share", "Share", "share", "/shares/new"),
    Offer("time", "Fix time", "waiting", "/fix-time"),
    Offer("map", "Show on map", "map", "/map"),
    Offer("restore", "Restore", "backup", "/backup/restore"),
)
BY_KIND = {offer.then: offer for offer in OFFERS}


def offers(viewer: Family) -> tuple[Offer, ...]:
    """Those that `viewer` may do."""
    return tuple(offer for offer in OFFERS if may(viewer, Act(offer.then)))


def lead(request: Asked, where: str) -> Response[Any]:
    """Take the browser to another page, also when htmx asked."""
    if request.headers.get("hx-request"):
        return Response(None, status_code=204, headers={"hx-redirect": where})
    return Redirect(where, status_code=303)
