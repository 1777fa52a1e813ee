"""The proposal of a text model beside the results of a question: streamed, on a page, chosen."""

from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.params import FromQuery
from litestar.response import Redirect, ServerSentEvent

from appliance.errors import NotFound
from appliance.web import turns
from appliance.web.ask import PAGE, is_part, pushed, shown
from appliance.web.asking import Place, ask, place_of
from appliance.web.parameters import Form, TheWeb, Viewing
from appliance.web.proposing import events, whole
from appliance.web.sessions_middleware import Asked
from appliance.web.streams import event_stream

LARGEST_FORM = 64 * 1024
NO_LONGER = "Nothing matches that proposal any more. Nothing was changed."


@dataclass(frozen=True, slots=True)
class ProposalForm:
    """What the model filled in, sent back when somebody chose it; `here` is where they stood. All of it is checked again."""

    here: str = ""
    when: str = ""
    where: str = ""
    camera: str = ""
    album: str = ""
    see: str = ""


@get("/ask/proposal", sync_to_thread=True)
def proposal_page(request: Asked, web: TheWeb, viewer: Viewing, here: FromQuery[str] = "") -> Response[Any]:
    """For a browser without scripts: the results with the proposal, which is waited for."""
    place = _place(here)
    proposed = whole(web, viewer, place)
    with web.store.read() as reader:
        return shown(request, web, reader, viewer, ask(web, reader, viewer, place, limit=PAGE), proposed=proposed)


@get("/ask/proposal/stream", sync_to_thread=True)
def stream_proposal(request: Asked, web: TheWeb, viewer: Viewing, here: FromQuery[str] = "") -> ServerSentEvent:
    """The proposal as an event; going away hangs up on the model."""
    place = _place(here)
    with web.store.read() as reader:
        ask(web, reader, viewer, place, limit=1)  # somebody else's turn is not found before anything is sent
    return event_stream(web, events(web, viewer, place, request.auth.csrf if request.auth else ""))


@post("/ask/proposal", sync_to_thread=True, request_max_body_size=LARGEST_FORM)
def choose_proposal(request: Asked, web: TheWeb, viewer: Viewing, data: Form[ProposalForm]) -> Response[Any]:
    """The proposal as a new turn of the conversation, from which “back” leads to what was read without it."""
    place = _place(data.here)
    values = {"when": data.when, "where": data.where, "camera": data.camera, "album": data.album, "see": data.see}
    reply = turns.accept(web, viewer, place, values, limit=PAGE)
    if reply and not is_part(request):
        return Redirect(reply.place.href(), status_code=303)
    with web.store.read() as reader:
        if reply is None:
            before = ask(web, reader, viewer, place, limit=PAGE)
            return shown(request, web, reader, viewer, before, note=NO_LONGER, status=422)
        return pushed(shown(request, web, reader, viewer, reply), reply)


def _place(here: str) -> Place:
    place = place_of(here)
    if place is None:
        raise NotFound
    return place
