"""The home page: one box, questions to start with, and what was taken lately."""

from typing import Any
from urllib.parse import urlencode

from litestar import Response, get

from appliance.accounts.viewer import Family
from appliance.library import assets
from appliance.search.suggestions import Suggestion, suggest
from appliance.store.db import Reader
from appliance.web.contexts import AskPage, SuggestionView
from appliance.web.parameters import TheWeb, Viewing
from appliance.web.rendering import page
from appliance.web.sessions_middleware import Asked
from appliance.web.state import Web
from appliance.web.tiles import tile_view

LATEST = 18
EXAMPLE = "Dogs on a beach, last summer"
PICTURES = {"date": "when", "place": "where", "kind": "kind"}


@get("/", sync_to_thread=True)
def home(request: Asked, web: TheWeb, viewer: Viewing) -> Response[Any]:
    with web.store.read() as reader:
        return page(request, "ask/page.html", _start(web, reader, viewer))


def _start(web: Web, reader: Reader, viewer: Family) -> AskPage:
    latest = assets.timeline(reader, viewer, None, LATEST)
    return AskPage(
        sentence="",
        example=EXAMPLE,
        empty=not latest,
        suggestions=tuple(_suggestion(suggestion) for suggestion in suggest(reader, viewer)),
        latest=tuple(tile_view(web.layout, tile) for tile in latest),
        found=None,
    )


def _suggestion(suggestion: Suggestion) -> SuggestionView:
    picture = PICTURES.get(suggestion.about, "ask")
    return SuggestionView(suggestion.sentence, "/ask?" + urlencode({"q": suggestion.sentence}), picture)
