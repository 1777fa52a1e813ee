"""Photos that were chosen, in a grid or by a question, are sent here with what shall be done with them."""

from dataclasses import dataclass
from typing import Any

from litestar import Response, post
from litestar.response import Redirect

from appliance.accounts.viewer import Family
from appliance.assistant import actions
from appliance.assistant.plan import Act
from appliance.errors import AdultNeeded, WrongUsage
from appliance.library import albums, selections
from appliance.search.ids import LARGEST_ID
from appliance.store.db import Reader
from appliance.web.answering import one_action
from appliance.web.asking import Kept, all_matches, place_of, resolved
from appliance.web.offers import BY_KIND, lead
from appliance.web.parameters import Form, TheWeb, Viewing
from appliance.web.rendering import fragment
from appliance.web.sessions_middleware import Asked
from appliance.web.state import Web

LARGEST_FORM = 2 << 20
DONE_AT_ONCE = {"favourite"}


@dataclass(frozen=True, slots=True)
class SelectionForm:
    """`then` names an offer. What was chosen: ids (`asset` of checkboxes, `assets` joined by commas), everything that a question
    found (`conversation` and `turn`, or `here` as `encoded()` of a place), or an album."""

    then: str = ""
    asset: list[str] | str = ""
    assets: str = ""
    conversation: int = 0
    turn: int = 0
    here: str = ""
    album: int = 0


@post("/selections", sync_to_thread=True, request_max_body_size=LARGEST_FORM)
def choose(request: Asked, web: TheWeb, viewer: Viewing, data: Form[SelectionForm]) -> Response[Any]:
    """Lead to the page where it is done, or show the action as a proposal."""
    offer = next((offer for kind, offer in BY_KIND.items() if kind == data.then), None)
    if offer is None:
        raise WrongUsage(what="Mantel does not know what to do with these.")
    if not actions.may(viewer, Act(offer.then)):
        raise AdultNeeded
    with web.store.read() as reader:
        ids = _chosen(web, reader, viewer, data)
    with web.store.write(durable=True) as writer:
        number = selections.keep(writer, viewer, ids, now=web.clock())
        if offer.page:
            return lead(request, f"{offer.page}?selection={number}")
        ids = selections.assets_of(writer, viewer, number)
        if reason := actions.refused(viewer, Act(offer.then), len(ids)):
            raise WrongUsage(what=reason)
        action = actions.propose(writer, viewer, Act(offer.then), ids, conversation=None, turn=None, now=web.clock())
        if action is None:
            raise WrongUsage(what="None of these photos is there any more.")
        if offer.then in DONE_AT_ONCE:
            actions.do(writer, viewer, action, name="", now=web.clock())
    if not request.headers.get("hx-request"):
        return Redirect(f"/actions/{action}", status_code=303)
    with web.store.read() as reader:
        return fragment(request, "ask/_action.html", one_action(reader, viewer, actions.get(reader, viewer, action)))


def _chosen(web: Web, reader: Reader, viewer: Family, data: SelectionForm) -> tuple[int, ...]:
    """The ids that the form names; of what a question found all, not only the page that was shown. Raises NotFound."""
    if data.album:
        albums.get(reader, viewer, min(data.album, LARGEST_ID))
        return tuple(albums.assets_in(reader, viewer, data.album))
    place = Kept(data.conversation, data.turn) if data.conversation and data.turn else place_of(data.here)
    if place is not None:
        _, _, plan = resolved(web, reader, viewer, place)
        return tuple(all_matches(web, reader, viewer, plan.query).tolist()) if plan.kind != "box" else ()
    typed = [data.asset] if isinstance(data.asset, str) else data.asset
    return tuple(_ids([*typed, *data.assets.split(",")]))


def _ids(texts: list[str]) -> list[int]:
    """What can be an id; anything else was not written by a page of ours and is passed over."""
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < len(str(LARGEST_ID))]
