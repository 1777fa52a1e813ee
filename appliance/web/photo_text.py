"""The text of a photo: its lines where they stand in the picture, what a question found in them, and what document it is."""

from dataclasses import dataclass
from typing import Any

from litestar import Response, post
from litestar.params import FromPath
from litestar.response import Redirect

from appliance.adapters.text_lines import Line, decoded
from appliance.library import assets, document
from appliance.search.filters import Query
from appliance.search.marking import Wanted, runs, wanted
from appliance.store.db import Reader
from appliance.web.contexts import DocumentView, LineView, TextPage, TextView
from appliance.web.parameters import Form, TheWeb, Viewing
from appliance.web.rendering import fragment
from appliance.web.sessions_middleware import Asked

LONG_SIDE = 1000  # of the drawing that lies over the picture; one unit is a thousandth of the picture's longer side
SAID = {
    "person": "You said so.",
    "model": "The vision model says so. It can be wrong.",
    "rules": "Found by rules: {}. It can be wrong.",
}
CHOICES = ((document.NONE, "not a document"), *((kind, document.NAMES[kind]) for kind in document.KINDS))


@dataclass(frozen=True, slots=True)
class DocumentForm:
    kind: str = ""


@post("/photos/{asset_id:int}/document", sync_to_thread=True)
def say_document(request: Asked, web: TheWeb, viewer: Viewing, asset_id: FromPath[int], data: Form[DocumentForm]) -> Response[Any]:
    """Correct what kind of document it is; the answer holds the button that undoes it."""
    with web.store.write(durable=True) as writer:
        undo = document.choose(writer, viewer, asset_id, data.kind, web.clock())
    if not request.headers.get("hx-request"):
        return Redirect(f"/photos/{asset_id}", status_code=303)
    with web.store.read() as reader:
        row = assets.get(reader, viewer, asset_id).row
        view = document_view(reader, asset_id, said="Saved. It can be asked for now.", undo=undo)
    return fragment(request, "photo/_document.html", TextPage(row.id, row.kind, view))


def text_view(reader: Reader, asset_id: int, size: tuple[int, int], query: Query | None) -> TextView:
    """What was read in the picture, of `size` pixels as shown; with `query`, what it found is marked."""
    row = reader.first("SELECT words, lines FROM recognised_text WHERE asset_id=? AND words <> ''", (asset_id,))
    words, written = row or ("", "[]")
    asked = wanted(query) if query else Wanted(frozenset(), frozenset())
    width, height = _drawing(size)
    lines = [_line(line, width, height, asked) for line in decoded(written)]
    return TextView(
        words=words,
        width=width,
        height=height,
        lines=tuple(lines),
        rows=tuple(runs(one, asked) for one in words.splitlines()),
        found=sum(line.found for line in lines),
    )


def document_view(reader: Reader, asset_id: int, said: str = "", undo: str = "") -> DocumentView:
    """What kind of document it is, who says so, and what it could be instead."""
    known = document.of(reader, asset_id)
    kind = known.kind if known else None
    return DocumentView(
        name=document.NAMES[kind] if kind else "",
        decided=SAID[known.decided_by].format(known.reason) if known else "",
        kind=kind or document.NONE,
        choices=CHOICES,
        said=said,
        undo=undo,
    )


def _drawing(size: tuple[int, int]) -> tuple[int, int]:
    longest = max(*size, 1)
    return max(round(LONG_SIDE * size[0] / longest), 1), max(round(LONG_SIDE * size[1] / longest), 1)


def _line(line: Line, width: int, height: int, asked: Wanted) -> LineView:
    """A line in the units of the drawing: its box, and where its words start along which direction."""
    left, top = line.box[0] * width, line.box[1] * height
    wide, tall = max(line.box[2] * width, 1), max(line.box[3] * height, 1)
    along, across = (tall, wide) if line.turned in (90, 270) else (wide, tall)
    corner = {0: (left, top), 90: (left + wide, top), 180: (left + wide, top + tall), 270: (left, top + tall)}[line.turned]
    return LineView(
        words=line.words,
        left=round(left, 1),
        top=round(top, 1),
        width=round(wide, 1),
        height=round(tall, 1),
        start=f"translate({corner[0]:.1f} {corner[1]:.1f}) rotate({line.turned})",
        length=round(along, 1),
        size=round(across, 1),
        baseline=round(across * 0.8, 1),
        found=any(run.found for run in runs(line.words, asked)),
    )
