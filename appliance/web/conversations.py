"""Conversations: what was asked before, each person's own; a turn shown again, its chips changed and pinned."""

from dataclasses import dataclass, replace
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, ServerSentEvent

from appliance.accounts.viewer import Family
from appliance.assistant import conversation
from appliance.assistant.conversation import Line, Turn
from appliance.assistant.keeping import AS_ASKED, Keeping
from appliance.errors import NotFound
from appliance.web import turns, wording
from appliance.web.ask import PAGE, is_part, pushed, shown, streamed
from appliance.web.asking import MOST_TOKENS, Kept, ask, knowing, place_of
from appliance.web.asking import shown as ids_shown
from appliance.web.contexts_asking import ConversationLine, ConversationsPage
from appliance.web.parameters import Form, TheWeb, Viewing
from appliance.web.rendering import page
from appliance.web.sessions_middleware import Asked
from appliance.web.state import Web

LINES = 50
LARGEST_FORM = 64 * 1024
SAID = {"renamed": "Renamed.", "restored": "It is back."}


@dataclass(frozen=True, slots=True)
class ChipForm:
    """`token` names the chip, `words` is what it shall say, `here` where the person stood."""

    token: str = ""
    words: str = ""
    here: str = ""
    on: bool = False


@dataclass(frozen=True, slots=True)
class TitleForm:
    title: str = ""


@get("/conversations", sync_to_thread=True)
def conversations_page(
    request: Asked, web: TheWeb, viewer: Viewing, offset: FromQuery[int] = 0, deleted: FromQuery[int] = 0, said: FromQuery[str] = ""
) -> Response[Any]:
    first = max(0, min(offset, 1_000_000))
    with web.store.read() as reader:
        lines = conversation.listed(reader, viewer, knowing(web, reader, viewer).keeping, limit=LINES + 1, offset=first)
    context = ConversationsPage(
        lines=tuple(_line(line, web.clock()) for line in lines[:LINES]),
        deleted=deleted,
        said=SAID.get(said, ""),
        older=f"/conversations?offset={first + LINES}" if len(lines) > LINES else "",
        newer=f"/conversations?offset={max(0, first - LINES)}" if first else "",
    )
    return page(request, "conversations/page.html", context)


@get("/conversations/{conversation_id:int}", sync_to_thread=True)
def newest_turn(web: TheWeb, viewer: Viewing, conversation_id: FromPath[int]) -> Redirect:
    with web.store.read() as reader:
        trail = conversation.trail(reader, viewer, conversation_id, keeping=AS_ASKED)
    if not trail:
        raise NotFound
    return Redirect(Kept(conversation_id, trail[-1].number).href(), status_code=303)


@get("/conversations/{conversation_id:int}/{number:int}", sync_to_thread=True)
def turn_page(
    request: Asked,
    web: TheWeb,
    viewer: Viewing,
    conversation_id: FromPath[int],
    number: FromPath[int],
    without: FromQuery[list[str] | None] = None,
    within: FromQuery[list[str] | None] = None,
    offset: FromQuery[int] = 0,
) -> Response[Any]:
    """What was asked then, over the library of today. For htmx the results alone, or from `offset` on the next hits."""
    here, first = _kept(conversation_id, number, without, within), max(0, offset)
    with web.store.read() as reader:
        reply = ask(web, reader, viewer, here, limit=PAGE, offset=first)
        response = shown(request, web, reader, viewer, reply, offset=first)
        keeping = knowing(web, reader, viewer).keeping
        before = conversation.trail(reader, viewer, conversation_id, number, keeping=keeping)[-1]
    now = ids_shown(reply.found)
    if not here.is_changed:
        _note(web, viewer, conversation_id, before, replace(before, query=reply.query, plan=reply.plan, shown=tuple(now)), keeping)
    return response


def _note(web: Web, viewer: Family, conversation_id: int, before: Turn, now: Turn, keeping: Keeping) -> None:
    """Remember what a turn shows now, and as what it is understood once People is unlocked."""
    again = before.plan.nameless and keeping.is_open
    if again or (now.shown != before.shown and now.plan.kind == before.plan.kind):
        note = conversation.understood_again if again else conversation.note_shown
        with web.store.write() as writer:
            note(writer, viewer, conversation_id, now, keeping)


@get("/conversations/{conversation_id:int}/{number:int}/answer", sync_to_thread=True)
def stream_turn(
    web: TheWeb,
    viewer: Viewing,
    conversation_id: FromPath[int],
    number: FromPath[int],
    without: FromQuery[list[str] | None] = None,
    within: FromQuery[list[str] | None] = None,
) -> ServerSentEvent:
    return streamed(web, viewer, _kept(conversation_id, number, without, within))


@post("/conversations/{conversation_id:int}/{number:int}/chip", sync_to_thread=True, request_max_body_size=LARGEST_FORM)
def change_chip(
    request: Asked, web: TheWeb, viewer: Viewing, conversation_id: FromPath[int], number: FromPath[int], data: Form[ChipForm]
) -> Response[Any]:
    """Another time, place or word for a chip: a new turn; or the same page, saying why not."""
    here = _here(data, conversation_id, number)
    said = turns.change(web, viewer, here, data.token, data.words, limit=PAGE)
    if not isinstance(said, str) and not is_part(request):
        return Redirect(said.place.href(), status_code=303)
    with web.store.read() as reader:
        if isinstance(said, str):
            reply = ask(web, reader, viewer, here, limit=PAGE)
            return shown(request, web, reader, viewer, reply, note=said, status=422)
        return pushed(shown(request, web, reader, viewer, said), said)


@post("/conversations/{conversation_id:int}/{number:int}/pin", sync_to_thread=True, request_max_body_size=LARGEST_FORM)
def pin_chip(
    request: Asked, web: TheWeb, viewer: Viewing, conversation_id: FromPath[int], number: FromPath[int], data: Form[ChipForm]
) -> Response[Any]:
    here = _here(data, conversation_id, number)
    turns.pin(web, viewer, here, data.token, on=data.on)
    if not is_part(request):
        return Redirect(here.href(), status_code=303)
    with web.store.read() as reader:
        return shown(request, web, reader, viewer, ask(web, reader, viewer, here, limit=PAGE))


@post("/conversations/{conversation_id:int}/title", sync_to_thread=True, request_max_body_size=LARGEST_FORM)
def rename_conversation(web: TheWeb, viewer: Viewing, conversation_id: FromPath[int], data: Form[TitleForm]) -> Redirect:
    with web.store.write() as writer:
        conversation.rename(writer, viewer, conversation_id, data.title, knowing(web, writer, viewer).keeping)
    return Redirect("/conversations?said=renamed", status_code=303)


@post("/conversations/{conversation_id:int}/delete", sync_to_thread=True)
def delete_conversation(web: TheWeb, viewer: Viewing, conversation_id: FromPath[int]) -> Redirect:
    with web.store.write() as writer:
        conversation.delete(writer, viewer, conversation_id, now=web.clock())
    return Redirect(f"/conversations?deleted={conversation_id}", status_code=303)


@post("/conversations/{conversation_id:int}/restore", sync_to_thread=True)
def restore_conversation(web: TheWeb, viewer: Viewing, conversation_id: FromPath[int]) -> Redirect:
    with web.store.write() as writer:
        conversation.restore(writer, viewer, conversation_id, now=web.clock())
    return Redirect("/conversations?said=restored", status_code=303)


def _kept(number: int, turn: int, without: list[str] | None, within: list[str] | None) -> Kept:
    return Kept(number, turn, frozenset((without or [])[:MOST_TOKENS]), tuple((within or [])[:MOST_TOKENS]))


def _here(data: ChipForm, conversation_id: int, number: int) -> Kept:
    """Where the person stood, if that is the turn of the address."""
    place = place_of(data.here)
    same = isinstance(place, Kept) and (place.conversation, place.number) == (conversation_id, number)
    return place if same and isinstance(place, Kept) else Kept(conversation_id, number)


def _line(line: Line, now: int) -> ConversationLine:
    asked = wording.counted(line.turns, "question")
    return ConversationLine(line.id, line.title, Kept(line.id, line.last).href(), f"{asked} · {wording.ago(line.changed_at, now)}")
