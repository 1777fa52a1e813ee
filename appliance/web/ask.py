"""The home page and what is asked there: results at once, the answer beside them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.params import FromQuery
from litestar.response import Redirect, ServerSentEvent

from appliance.accounts.viewer import Family
from appliance.assistant.unknowns import LOCKED
from appliance.library import assets, browsing, document
from appliance.search.find import FEW_MATCHES, Hit
from appliance.search.reasons import LOOKS_LIKE_IT, Why
from appliance.search.suggestions import Suggestion, suggest
from appliance.store.db import Reader
from appliance.web import preferences, turns, wording
from appliance.web.answering import action_view, check_offered, events, model_asked, no_eyes, pieces, plot
from appliance.web.asking import (
    ASIDE,
    WORDS,
    Answer,
    Kept,
    Place,
    Question,
    Reply,
    answer_to,
    ask,
    country_name,
    knowing,
    place_of,
    question_of,
    tidy,
)
from appliance.web.contexts_asking import AskPage, ChipView, FoundView, HitView, ProposalView, SuggestionView, TurnView, UnreadView
from appliance.web.parameters import Form, TheWeb, Viewing
from appliance.web.proposing import left_unread
from appliance.web.rendering import fragment, page
from appliance.web.sessions_middleware import Asked
from appliance.web.state import Web
from appliance.web.streams import event_stream
from appliance.web.tiles import mend, tile_view

LATEST = 18
PAGE = 60
TURNS = 8
LONGEST_WHY = 140
LARGEST_FORM = 64 * 1024
EXAMPLE = "Dogs on a beach, last summer"
PICTURES = {
    "date": "when", "place": "where", "camera": "camera", "kind": "kind", "order": "order", "words": "words", "like": "kind",
    "who": "person",
}  # fmt: skip
NAMES_ALBUM = re.compile(
    r"\b(?:in|from|im|aus|dans|en|de|del)\W+(?:(?:the|my|our|dem|l|el|la|meinem|unserem)\W+)?[aá]lbum\b", re.IGNORECASE
)
EDITABLE = {"date", "place", "words"}
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
MOST_NAMED = 3
MAY_BE_A_NAME = "{words} may be somebody's name. People is locked, so only words were looked for."
NO_MODEL = "The search model is not ready, so only exact words were looked for."


@dataclass(frozen=True, slots=True)
class AskForm:
    """`here` is where the person stood, as `encoded()` of that place."""

    q: str = ""
    here: str = ""


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
    within: FromQuery[list[str] | None] = None,
    offset: FromQuery[int] = 0,
) -> Response[Any]:
    """A bookmark: it keeps nothing. A whole page, or for htmx the results alone (from `offset` on: the next hits)."""
    question, first = question_of(q, after, without, within, like), max(0, offset)
    with web.store.read() as reader:
        if not question:
            return page(request, "ask/_start.html" if is_part(request) else "ask/page.html", _start(web, reader, viewer))
        reply = ask(web, reader, viewer, question, limit=PAGE, offset=first)
        return shown(request, web, reader, viewer, reply, offset=first)


@post("/ask", sync_to_thread=True, request_max_body_size=LARGEST_FORM)
def ask_kept(request: Asked, web: TheWeb, viewer: Viewing, data: Form[AskForm]) -> Response[Any]:
    """A sentence from the box: kept as a turn, whose page is the answer. htmx gets the results and the address of that page."""
    sentence = tidy(data.q)
    if not sentence:
        return Redirect("/", status_code=303)
    said = turns.say(web, viewer, sentence, place_of(data.here), limit=PAGE)
    if not is_part(request):
        place = said if isinstance(said, Kept) else said.place
        return Redirect(place.href(), status_code=303)
    with web.store.read() as reader:
        reply = ask(web, reader, viewer, said, limit=PAGE) if isinstance(said, Kept) else said
        return pushed(shown(request, web, reader, viewer, reply), reply)


@get("/ask/answer", sync_to_thread=True)
def stream_answer(
    web: TheWeb,
    viewer: Viewing,
    q: FromQuery[str] = "",
    after: FromQuery[list[str] | None] = None,
    without: FromQuery[list[str] | None] = None,
    like: FromQuery[list[int] | None] = None,
    within: FromQuery[list[str] | None] = None,
) -> ServerSentEvent:
    """The answer as events `words`, escaped for the page, perhaps one `plot`, and one `done`."""
    return streamed(web, viewer, question_of(q, after, without, within, like))


def streamed(web: Web, viewer: Family, place: Question | Kept) -> ServerSentEvent:
    """The answer to what is asked at `place`, as events."""
    with web.store.read() as reader:
        reply = ask(web, reader, viewer, place, limit=1)
        said = answer_to(web, reader, viewer, reply)
    return event_stream(web, events(reply.place, said))


def is_part(request: Asked) -> bool:
    """Does htmx ask for the part that it swaps in?"""
    return "hx-request" in request.headers and "hx-history-restore-request" not in request.headers


def pushed(response: Response[Any], reply: Reply) -> Response[Any]:
    """Have htmx put the address of the reply into the browser's."""
    response.headers["HX-Push-Url"] = reply.place.href()
    return response


def shown(
    request: Asked,
    web: Web,
    reader: Reader,
    viewer: Family,
    reply: Reply,
    *,
    offset: int = 0,
    note: str = "",
    status: int = 200,
    proposed: ProposalView | str | None = None,
) -> Response[Any]:
    """A reply as a page or as its part. In a part the answer streams; where there is nothing to see but the answer it is there.
    `proposed`: what the text model said, when that was waited for."""
    part = is_part(request)
    whole = (not part or not reply.found.total) and not offset
    wanted = preferences.answers(reader, viewer)
    look = model_asked(web, reply) if wanted and not offset else None
    wanted = wanted and look is None
    said = answer_to(web, reader, viewer, reply) if whole and (wanted or not reply.found.total) else Answer(())
    found = _found(web, reader, viewer, reply, said, offset, streams=wanted and not whole, note=note)
    unread = _unread(web, reader, viewer, reply, proposed) if not offset else None
    found = replace(found, look=look, check=check_offered(web, reply), unread=unread)
    context = AskPage(reply.sentence, EXAMPLE, False, (), (), found)
    if part:
        return fragment(request, "ask/_hits.html" if offset else "ask/_found.html", context, status=status)
    return page(request, "ask/page.html", context, status=status)


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


def _found(
    web: Web, reader: Reader, viewer: Family, reply: Reply, said: Answer, offset: int, *, streams: bool, note: str
) -> FoundView:
    found, place = reply.found, reply.place
    seen = offset + len(found.hits)
    few = found.total <= FEW_MATCHES and not offset
    kept = place if isinstance(place, Kept) else None
    no_model = NO_MODEL if reply.query.text and web.embedder is None else ""
    return FoundView(
        total=found.total,
        count=wording.counted(found.total, "match", "matches"),
        about_box=reply.plan.kind == "box",
        after=place.after if isinstance(place, Question) else (),
        turns=_turns(reply, kept) if kept else (),
        conversation=f"/conversations/{kept.conversation}" if kept else "",
        here=place.encoded(),
        chips=tuple(_chips(reply)),
        change_at=f"/conversations/{kept.conversation}/{kept.number}" if kept else "",
        hits=_hits(web, reader, viewer, place, found.hits),
        maybe=_hits(web, reader, viewer, place, found.maybe) if few else (),
        notes=tuple(filter(None, (note, no_model, no_eyes(web, reply), _may_be_a_name(web, reader, viewer, reply)))),
        unlock=_unlock(reply),
        lacks_album=_lacks_album(reply),
        answer=pieces(place, said),
        plot=plot(place, said),
        answer_from=place.answer_href() if streams else "",
        look=None,
        check=None,
        unread=None,
        actions=action_view(reader, viewer, reply),
        more=place.href(seen) if seen < found.total else "",
    )


def _unread(web: Web, reader: Reader, viewer: Family, reply: Reply, proposed: ProposalView | str | None) -> UnreadView | None:
    left = left_unread(web, reader, viewer, reply)
    if not left:
        return None
    query = urlencode({"here": reply.place.encoded()})
    offered, said = (None, proposed) if isinstance(proposed, str) else (proposed, "")
    return UnreadView(left, f"/ask/proposal/stream?{query}" if proposed is None else "", f"/ask/proposal?{query}", offered, said)


def _may_be_a_name(web: Web, reader: Reader, viewer: Family, reply: Reply) -> str:
    """Said beside what was found for the words alone, while People is locked."""
    if not reply.plan.nameless or reply.plan.kind == "box":
        return ""
    words = knowing(web, reader, viewer).keeping.doubtful(reader, f"{reply.query.text} {reply.query.aside}")
    named = " and ".join(f"“{word}”" for word in words[:MOST_NAMED])
    return MAY_BE_A_NAME.format(words=named) if words else ""


def _unlock(reply: Reply) -> str:
    """Where People is unlocked; back to the question only where its address holds no words of it."""
    if not reply.plan.nameless and reply.plan.note != LOCKED:
        return ""
    back = reply.place.href() if isinstance(reply.place, Kept) else "/"
    return "/people/unlock?" + urlencode({"then": back})


def _lacks_album(reply: Reply) -> bool:
    """“Photos in the album Sea”, and no album is called so: the words were looked for as any others."""
    known = reply.query.albums or reply.query.not_albums
    return reply.plan.kind not in ("act", "check", "look") and not known and NAMES_ALBUM.search(reply.sentence) is not None


def _hits(web: Web, reader: Reader, viewer: Family, place: Place, hits: Sequence[Hit]) -> tuple[HitView, ...]:
    why = {hit.asset_id: _why(web, hit.why) for hit in hits}
    tiles = browsing.tiles(reader, viewer, list(why))
    mend(web, tiles)
    return tuple(HitView(tile_view(web.layout, tile, place.encoded()), why[tile.id]) for tile in tiles)


def _turns(reply: Reply, here: Kept) -> tuple[TurnView, ...]:
    """The latest of the conversation; one question alone needs no list."""
    if len(reply.turns) < 2:
        return ()
    at = next((index for index, turn in enumerate(reply.turns) if turn.number == here.number), 0)
    latest = reply.turns[max(0, min(at, len(reply.turns) - TURNS)) :][:TURNS]
    return tuple(
        TurnView(turn.sentence, Kept(here.conversation, turn.number).href(), turn.number == here.number, turn.before is not None)
        for turn in latest
    )


def _chips(reply: Reply) -> Iterator[ChipView]:
    """The words that are searched for are a chip as well, where the sentence in the box does not say them alone; and those that
    were left aside, whose chip searches for them after all."""
    place, query = reply.place, reply.query
    may_change = isinstance(place, Kept)
    if query.text and (query.chips or reply.plan.follows):
        href = place.changed(without=(WORDS,)).href()
        yield ChipView(f"“{query.text}”", href, "words", WORDS, query.text if may_change else "", False)
    for chip in query.chips:
        href = place.changed(without=(chip.token,)).href()
        field = _field(chip.kind, chip.label, chip.token) if may_change else ""
        yield ChipView(chip.label, href, PICTURES.get(chip.kind, "words"), chip.token, field, chip.token in reply.pinned)
    if query.aside:
        href = place.changed(without=(ASIDE,)).href()
        yield ChipView(f"Left aside: “{query.aside}”", href, "words", ASIDE, "", False)


def _field(kind: str, label: str, token: str) -> str:
    """What stands in the field of a chip that can be changed: its label, without what only says its kind."""
    if kind not in EDITABLE or token.startswith("not_place"):
        return ""
    return token.partition(":")[2] if kind == "words" else label


def _why(web: Web, reasons: Sequence[Why]) -> str:
    """Where the words stood, or what else fits: “dog” in the caption · 14 July 2024."""
    words = " · ".join(_reason(web, why) for why in reasons)
    return words if len(words) <= LONGEST_WHY else words[: LONGEST_WHY - 1].rstrip() + "…"


def _reason(web: Web, why: Why) -> str:
    text = " ".join(why.text.split())
    if why.kind == "place":
        *names, code = text.split(", ")
        return ", ".join(dict.fromkeys([*names, country_name(web, code)]))  # a town may give its region the name
    if why.kind == "date":
        return wording.day(text) + (f", {text[11:]}" if len(text) > 10 else "")
    if why.kind == "document":
        text = document.NAMES.get(text, text)
    if why.kind == "looks" and (text == LOOKS_LIKE_IT or text.startswith("like photo ")):
        return text
    return WHERE.get(why.kind, "{}").format(text)
