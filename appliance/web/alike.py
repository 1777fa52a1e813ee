"""“More like this”: the strip on a photo's page, and where its link leads."""

from typing import Any

from litestar import Response, get
from litestar.params import FromPath
from litestar.response import Redirect

from appliance.library import assets, browsing
from appliance.web.asking import ask, question_of
from appliance.web.contexts import AlikePart
from appliance.web.parameters import TheWeb, Viewing
from appliance.web.rendering import fragment
from appliance.web.sessions_middleware import Asked
from appliance.web.tiles import mend, tile_view

SHOWN = 12


@get("/photos/{asset_id:int}/like", sync_to_thread=True)
def photos_like(request: Asked, web: TheWeb, viewer: Viewing, asset_id: FromPath[int]) -> Response[Any]:
    """The strip for htmx; anybody else is led to the whole list."""
    with web.store.read() as reader:
        assets.get(reader, viewer, asset_id)
        question = question_of("", like=[asset_id])
        if "hx-request" not in request.headers:
            return Redirect(f"/ask?{question.encoded()}", status_code=303)
        found = ask(web, reader, viewer, question, limit=SHOWN).found
        tiles = browsing.tiles(reader, viewer, [hit.asset_id for hit in found.hits])
        mend(web, tiles)
        return fragment(
            request, "photo/_alike.html", AlikePart(tuple(tile_view(web.layout, tile, question.encoded()) for tile in tiles))
        )
