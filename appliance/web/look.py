"""Questions about one picture: asked in a form, answered in a stream, the picture opened ahead while somebody looks at it."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import ServerSentEvent
from litestar.status_codes import HTTP_200_OK, HTTP_204_NO_CONTENT

from appliance.assistant.look import refusal
from appliance.errors import DecoderFailed, ModelWrong, VisionUnavailable
from appliance.library import assets, derivatives
from appliance.web.contexts_looking import LookedView
from appliance.web.looking import events, pixels, whole_answer
from appliance.web.parameters import Form, TheWeb, Viewing
from appliance.web.photo import alone
from appliance.web.rendering import fragment, page
from appliance.web.sessions_middleware import Asked
from appliance.web.streams import event_stream

LARGEST_FORM = 64 * 1024


@dataclass(frozen=True, slots=True)
class QuestionForm:
    q: str = ""


@dataclass(frozen=True, slots=True)
class OpenForm:
    """`idle`: only when the model has nothing else to do, since nobody has touched the box yet."""

    idle: bool = False


@get("/photos/{asset_id:int}/look", sync_to_thread=True)
def stream_look(web: TheWeb, viewer: Viewing, asset_id: FromPath[int], q: FromQuery[str] = "") -> ServerSentEvent:
    """The answer as events; going away hangs up on the model."""
    with web.store.read() as reader:
        asset = assets.get(reader, viewer, asset_id)
    return event_stream(web, events(web, asset, _tidy(q)))


@post("/photos/{asset_id:int}/look", sync_to_thread=True, request_max_body_size=LARGEST_FORM, status_code=HTTP_200_OK)
def look(request: Asked, web: TheWeb, viewer: Viewing, asset_id: FromPath[int], data: Form[QuestionForm]) -> Response[Any]:
    """For htmx the question with the address that streams its answer; else the photo's page with both."""
    question = _tidy(data.q)
    part = "hx-request" in request.headers
    with web.store.read() as reader:
        asset = assets.get(reader, viewer, asset_id)
    said = refusal(question, web.layout.preview(asset.row.sha256)) if part else whole_answer(web, asset, question)
    streams = f"/photos/{asset_id}/look?{urlencode({'q': question})}" if part and not said else ""
    with web.store.read() as reader:
        context = alone(web, reader, viewer, asset, LookedView(question, said, streams))
    return fragment(request, "photo/_looked.html", context) if part else page(request, "photo/page.html", context)


@post("/photos/{asset_id:int}/look/open", sync_to_thread=True, request_max_body_size=LARGEST_FORM, status_code=HTTP_204_NO_CONTENT)
def open_picture(web: TheWeb, viewer: Viewing, asset_id: FromPath[int], data: Form[OpenForm]) -> None:
    """Let the model read the picture before it is asked. Whether it can is told to whoever asks, not here."""
    with web.store.read() as reader:
        asset = assets.get(reader, viewer, asset_id)
    with suppress(VisionUnavailable, ModelWrong, DecoderFailed):
        if derivatives.filled(web.layout.preview(asset.row.sha256)) and not (data.idle and web.vision.status().busy):
            web.vision.open_ahead(pixels(web, asset))


def _tidy(question: str) -> str:
    return " ".join(question.split())
