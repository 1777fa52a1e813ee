"""Inspections: the vision model looks at many pictures for one thing; a live count, a stop, and the result as a table."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from appliance.accounts.viewer import Family
from appliance.assistant import inspect
from appliance.assistant.inspect import Finding, Inspection
from appliance.library import browsing
from appliance.store.db import Reader
from appliance.web import wording
from appliance.web.asking import knowing, people_for, place_named, question_of, resolved
from appliance.web.contexts import TileView
from appliance.web.contexts_inspections import InspectionLine, InspectionPage, InspectionsPage
from appliance.web.installed import vision_model
from appliance.web.parameters import Form, TheWeb, Viewing
from appliance.web.rendering import fragment, page
from appliance.web.sessions_middleware import Asked
from appliance.web.state import Web
from appliance.web.tiles import mend, tile_view

LARGEST_FORM = 64 * 1024
LISTED = 50
STATES = {"running": ("Looking", "indexing"), "stopped": ("Stopped", "pause"), "done": ("Done", "done")}


@dataclass(frozen=True, slots=True)
class InspectionForm:
    """`q`, `after` and `without` are a question as in the address of /ask, or `here` is the place where it was asked; `thing` is
    what its pictures are looked at for."""

    q: str = ""
    here: str = ""
    thing: str = ""
    after: str | list[str] = ""
    without: str | list[str] = ""


@get("/inspections", sync_to_thread=True)
def inspections_page(request: Asked, web: TheWeb, viewer: Viewing) -> Response[Any]:
    with web.store.read() as reader:
        latest = inspect.latest(reader, viewer, LISTED, now=web.clock())
    lines = tuple(_line(one, web.clock()) for one in latest)
    return page(request, "inspections/list.html", InspectionsPage(lines, vision_model(web) is None))


@post("/inspections", sync_to_thread=True, request_max_body_size=LARGEST_FORM)
def start_inspection(web: TheWeb, viewer: Viewing, data: Form[InspectionForm]) -> Redirect:
    nearest = web.vectors.nearest if web.vectors else None
    with web.store.read() as reader:
        place = place_named(reader, viewer, data.here) or question_of(data.q, _several(data.after), _several(data.without))
        _, question, plan = resolved(web, reader, viewer, place)
        query = plan.query
        wanted = resolved(web, reader, viewer, question_of(data.thing))[2].query
        thing = inspect.thing_of(wanted.text or data.thing or query.text)
        found = inspect.candidates(
            reader, viewer, query, embedder=web.embedder, matrix=web.matrix, nearest=nearest, pictures=web.pictures,
            people=people_for(web, reader, viewer, query),
        )  # fmt: skip
        keeping = knowing(web, reader, viewer).keeping
    with web.store.write() as writer:
        number = inspect.start(writer, viewer, question or thing, thing, found, now=web.clock(), keeping=keeping)
    return Redirect(f"/inspections/{number}", status_code=303)


@get("/inspections/{number:int}", sync_to_thread=True)
def inspection_page(
    request: Asked, web: TheWeb, viewer: Viewing, number: FromPath[int], after: FromQuery[int] = 0
) -> Response[Any]:
    """The whole page; for htmx the count, and what was found behind position `after`."""
    part = "hx-request" in request.headers and "hx-history-restore-request" not in request.headers
    with web.store.read() as reader:
        context = _context(web, reader, viewer, number, after if part else 0)
    return fragment(request, "inspections/_news.html", context) if part else page(request, "inspections/page.html", context)


@post("/inspections/{number:int}/stop", sync_to_thread=True)
def stop_inspection(web: TheWeb, viewer: Viewing, number: FromPath[int]) -> Redirect:
    with web.store.write() as writer:
        inspect.stop(writer, viewer, number)
    return Redirect(f"/inspections/{number}", status_code=303)


@post("/inspections/{number:int}/continue", sync_to_thread=True)
def continue_inspection(web: TheWeb, viewer: Viewing, number: FromPath[int]) -> Redirect:
    with web.store.write() as writer:
        inspect.go_on(writer, viewer, number)
    return Redirect(f"/inspections/{number}", status_code=303)


@post("/inspections/{number:int}/album", sync_to_thread=True)
def gather_in_album(web: TheWeb, viewer: Viewing, number: FromPath[int]) -> Redirect:
    """What the model says yes to, in an album; shown by asking for it."""
    with web.store.write(durable=True) as writer:
        title = inspect.gather(writer, viewer, number, now=web.clock())
    return Redirect(f"/ask?{urlencode({'q': f'photos in the album “{title}”'})}", status_code=303)


@get("/inspections/{number:int}/list.csv", sync_to_thread=True)
def inspection_csv(web: TheWeb, viewer: Viewing, number: FromPath[int]) -> Response[str]:
    with web.store.read() as reader:
        found = inspect.findings(reader, viewer, number)
    headers = {"content-disposition": f'attachment; filename="inspection-{number}.csv"'}
    return Response("".join(inspect.as_csv(found)), media_type="text/csv; charset=utf-8", headers=headers)


def _several(value: str | list[str]) -> list[str]:
    """A field that stands once in a form comes as text."""
    return value if isinstance(value, list) else [value] if value else []


def _context(web: Web, reader: Reader, viewer: Family, number: int, after: int) -> InspectionPage:
    one = inspect.get(reader, viewer, number, now=web.clock())
    found = inspect.findings(reader, viewer, number, after=after)
    may_look = vision_model(web) is not None
    state, picture = STATES[one.state]
    unseen = () if may_look else _tiles(web, reader, viewer, [each for each in found if each.state == "waiting"])
    return InspectionPage(
        id=one.id,
        question=one.question,
        thing=one.thing,
        state=state if may_look or one.state != "running" else "Waiting for a model",
        picture=picture if may_look or one.state != "running" else "waiting",
        running=one.state == "running",
        stopped=one.state == "stopped",
        may_look=may_look,
        all=one.all,
        looked=one.looked,
        summary=_summary(one, may_look=may_look),
        left=_left(one) if may_look and one.state == "running" else "",
        last=max((each.position for each in found if each.state != "waiting"), default=after),
        yes=_tiles(web, reader, viewer, [each for each in found if each.state == "yes"]),
        unsure=_tiles(web, reader, viewer, [each for each in found if each.state == "unsure"]),
        unseen=unseen,
        results=one.yes + one.unsure,
        certain=one.yes,
    )


def _line(one: Inspection, now: int) -> InspectionLine:
    return InspectionLine(one.id, one.thing, _summary(one, may_look=True), *STATES[one.state], wording.ago(one.created_at, now))


def _tiles(web: Web, reader: Reader, viewer: Family, found: list[Finding]) -> tuple[TileView, ...]:
    tiles = browsing.tiles(reader, viewer, [each.asset_id for each in found])
    mend(web, tiles)
    return tuple(tile_view(web.layout, tile) for tile in tiles)


def _summary(one: Inspection, *, may_look: bool) -> str:
    """“12 of 43 looked at, 9 are, 1 may be.”"""
    if not one.all:
        return "There are no pictures to look at."
    if not may_look and not one.looked:
        return f"Nobody has looked at these {wording.counted(one.all, 'picture')}: there is no vision model."
    parts = [f"{wording.number(one.looked)} of {wording.number(one.all)} looked at"]
    parts.append(f"{wording.number(one.yes)} {'is' if one.yes == 1 else 'are'}" if one.yes else "none is")
    if one.unsure:
        parts.append(f"{wording.number(one.unsure)} may be")
    if one.failed:
        parts.append(f"{wording.number(one.failed)} could not be looked at")
    return ", ".join(parts) + "."


def _left(one: Inspection) -> str:
    """At the rate of the last five minutes."""
    minutes = inspect.RECENT_MS // wording.MINUTE_MS
    left = wording.time_left(one.waiting * minutes, one.recent)
    return f"About {left} left." if one.recent else "The model has not begun yet; people's questions come first."
