"""The home page and what is asked there: results at once, the answer beside them."""

from collections.abc import Iterator, Sequence
from html import escape
from typing import Any
from urllib.parse import urlencode

from litestar import Response, get
from litestar.params import FromQuery
from litestar.response import ServerSentEvent

from appliance.accounts.viewer import Family
from appliance.library import assets, browsing, document
from appliance.search.filters import Chip
from appliance.search.find import FEW_MATCHES, Hit
from appliance.search.reasons import LOOKS_LIKE_IT, Why
from appliance.search.suggestions import Suggestion, suggest
from appliance.store.db import Reader
from appliance.web import wording
from appliance.web.asking import Question, Reply, answer_to, ask, country_name, question_of
from appliance.web.contexts import AskPage, ChipView, FoundView, HitView, SuggestionView
from appliance.web.parameters import TheWeb, Viewing
from appliance.web.rendering import fragment, page
from appliance.web.sessions_middleware import Asked
from appliance.web.state import Web
from appliance.web.streams import event_stream
from appliance.web.tiles import mend, tile_view

LATEST = 18
PAGE = 60
LONGEST_WHY = 140
EXAMPLE = "Dogs on a beach, last summer"
PICTURES = {
    "date": "when", "place": "where", "camera": "camera", "kind": "kind", "order": "order", "words": "words", "like": "kind",
}  # fmt: skip
WHERE = {
    "caption": "“{}” in the caption",
    "text": "“{}” in the picture",
    "description": "“{}” in the description",
    "tag": "tagged “{}”",
    "name": "“{}” in the file name",
    "looks": "looks like it: {}",
    "similar": "“{}”, or what looks like it, in the picture",
    "document": "is {}",
}
NO_MODEL = "The search model is not ready, so only exact words were looked for."


@get("/", sync_to_thread=True)
def home(request: Asked, web: TheWeb, viewer: Viewing) -> Response[Any]:
    with web.store.read() as reader:
        return page(request, "ask/page.html", _start(web, reader, viewer))


@get("/ask", sync_to_thread=True)
def ask_page(
    request: Asked,
    web: TheWeb,
    viewer: Viewing,
    q: FromQuery[str] = "",
    after: FromQuery[list[str] | None] = None,
    without: FromQuery[list[str] | None] = None,
    like: FromQuery[list[int] | None] = None,
    offset: FromQuery[int] = 0,
) -> Response[Any]:
    """A whole page, or for htmx the results alone (from `offset` on: the next hits)."""
    question, first = question_of(q, after, without, like), max(0, offset)
    part = "hx-request" in request.headers and "hx-history-restore-request" not in request.headers
    with web.store.read() as reader:
        if not question:
            return page(request, "ask/_start.html" if part else "ask/page.html", _start(web, reader, viewer))
        reply = ask(web, reader, viewer, question, limit=PAGE, offset=first)
        whole = not part or not reply.found.total
        said = answer_to(web, reader, viewer, reply) if whole and not first else ()
        context = AskPage(question.sentence, EXAMPLE, False, (), (), _found(web, reader, viewer, reply, said, first))
    if part:
        return fragment(request, "ask/_hits.html" if first else "ask/_found.html", context)
    return page(request, "ask/page.html", context)


@get("/ask/answer", sync_to_thread=True)
def stream_answer(
    web: TheWeb,
    viewer: Viewing,
    q: FromQuery[str] = "",
    after: FromQuery[list[str] | None] = None,
    without: FromQuery[list[str] | None] = None,
    like: FromQuery[list[int] | None] = None,
) -> ServerSentEvent:
    """The answer as events `words`, escaped for the page, and one `done`."""
    question = question_of(q, after, without, like)
    with web.store.read() as reader:
        said = answer_to(web, reader, viewer, ask(web, reader, viewer, question, limit=1))
    return event_stream(web, _events(said))


def _events(said: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for piece in said:
        yield "words", escape(" ".join(piece.split("\n")))
    yield "done", "done"


def _start(web: Web, reader: Reader, viewer: Family) -> AskPage:
    latest = assets.timeline(reader, viewer, None, LATEST)
    mend(web, latest)
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


def _found(web: Web, reader: Reader, viewer: Family, reply: Reply, said: tuple[str, ...], offset: int) -> FoundView:
    found, question = reply.found, reply.question
    seen = offset + len(found.hits)
    few = found.total <= FEW_MATCHES and not offset
    return FoundView(
        total=found.total,
        count=wording.counted(found.total, "match", "matches"),
        after=question.after,
        following=question.followed_up(),
        chips=tuple(_chip(question, chip) for chip in reply.query.chips),
        hits=_hits(web, reader, viewer, question, found.hits),
        maybe=_hits(web, reader, viewer, question, found.maybe) if few else (),
        like=reply.query.like,
        notes=(NO_MODEL,) if reply.query.text and web.embedder is None else (),
        answer="".join(said),
        answer_from="" if said else f"/ask/answer?{question.encoded()}",
        more=f"/ask?{question.encoded(seen)}" if seen < found.total else "",
    )


def _hits(web: Web, reader: Reader, viewer: Family, question: Question, hits: Sequence[Hit]) -> tuple[HitView, ...]:
    why = {hit.asset_id: _why(web, hit.why) for hit in hits}
    tiles = browsing.tiles(reader, viewer, list(why))
    mend(web, tiles)
    return tuple(HitView(tile_view(web.layout, tile, question.encoded()), why[tile.id]) for tile in tiles)


def _chip(question: Question, chip: Chip) -> ChipView:
    return ChipView(chip.label, f"/ask?{question.but_for(chip.token).encoded()}", PICTURES.get(chip.kind, "words"))


def _why(web: Web, reasons: Sequence[Why]) -> str:
    """Where the words stood, or what else fits: “dog” in the caption · 14 July 2024."""
    words = " · ".join(_reason(web, why) for why in reasons)
    return words if len(words) <= LONGEST_WHY else words[: LONGEST_WHY - 1].rstrip() + "…"


def _reason(web: Web, why: Why) -> str:
    text = " ".join(why.text.split())
    if why.kind == "place":
        towns, comma, code = text.rpartition(", ")
        return f"{towns}{comma}{country_name(web, code)}"
    if why.kind == "date":
        return wording.day(text) + (f", {text[11:]}" if len(text) > 10 else "")
    if why.kind == "document":
        text = document.NAMES.get(text, text)
    if why.kind == "looks" and (text == LOOKS_LIKE_IT or text.startswith("like photo ")):
        return text
    return WHERE.get(why.kind, "{}").format(text)
