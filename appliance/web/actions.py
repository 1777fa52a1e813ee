"""What was offered is done after a click here, and undone after another."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from appliance.accounts.viewer import Family
from appliance.assistant import actions
from appliance.assistant.actions import Action
from appliance.library import browsing, selections
from appliance.search.ids import LARGEST_ID
from appliance.web import wording
from appliance.web.answering import one_action
from appliance.web.asking import Kept
from appliance.web.contexts_asking import ActionPage
from appliance.web.offers import BY_KIND, lead
from appliance.web.parameters import Form, TheWeb, Viewing
from appliance.web.rendering import fragment, page
from appliance.web.sessions_middleware import Asked
from appliance.web.state import Web
from appliance.web.tiles import mend, tile_view

LARGEST_FORM = 64 * 1024
SHOWN = 12


@dataclass(frozen=True, slots=True)
class ActionForm:
    """`action` is the id of the proposal, `name` the title of the album or the tag, where one is asked for."""

    action: int = 0
    name: str = ""


@post("/actions", sync_to_thread=True, request_max_body_size=LARGEST_FORM)
def do_action(request: Asked, web: TheWeb, viewer: Viewing, data: Form[ActionForm]) -> Response[Any]:
    """Do it; of what is done on a page of its own lead there, with exactly the photos that the button names."""
    number = min(data.action, LARGEST_ID)
    with web.store.write(durable=True) as writer:
        proposed = actions.get(writer, viewer, number)
        offer = BY_KIND.get(proposed.kind)
        if offer and offer.page:
            selection = selections.keep(writer, viewer, actions.assets_of(writer, viewer, number), now=web.clock())
            fields = {"selection": selection, **({"change": proposed.name} if proposed.kind == "time" and proposed.name else {})}
            return lead(request, f"{offer.page}?{urlencode(fields)}")
        done = actions.do(writer, viewer, number, name=data.name, now=web.clock())
    return _answer(request, web, viewer, done)


@get("/actions/{action_id:int}", sync_to_thread=True)
def action_page(request: Asked, web: TheWeb, viewer: Viewing, action_id: FromPath[int]) -> Response[Any]:
    """What was proposed for photos that were chosen in a grid, and what became of it."""
    with web.store.read() as reader:
        action = actions.get(reader, viewer, action_id)
        assets = actions.assets_of(reader, viewer, action_id)
        tiles = browsing.tiles(reader, viewer, assets[:SHOWN])
        view = one_action(reader, viewer, action)
    mend(web, tiles)
    count = wording.counted(len(assets), "photo or video", "photos and videos")
    title = BY_KIND[action.kind].name if action.kind in BY_KIND else "Photos"
    return page(request, "actions/page.html", ActionPage(title, count, view, tuple(tile_view(web.layout, tile) for tile in tiles)))


@post("/actions/{action_id:int}/undo", sync_to_thread=True)
def undo_action(request: Asked, web: TheWeb, viewer: Viewing, action_id: FromPath[int]) -> Response[Any]:
    with web.store.write(durable=True) as writer:
        undone = actions.undo(writer, viewer, action_id, now=web.clock())
    return _answer(request, web, viewer, undone)


def _answer(request: Asked, web: Web, viewer: Family, action: Action) -> Response[Any]:
    """The action as it stands now; without htmx the turn that it was offered at."""
    with web.store.read() as reader:
        if request.headers.get("hx-request"):
            return fragment(request, "ask/_action.html", one_action(reader, viewer, action))
        conversation, turn = actions.place(reader, action.id)
    where = Kept(conversation, turn).href() if conversation and turn else f"/actions/{action.id}"
    return Redirect(where, status_code=303)
