"""Fixing times: what was wrong, what that would do to each photo, and the button that does it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from litestar import Response, get, post
from litestar.params import FromQuery
from litestar.response import Redirect

from appliance.accounts.viewer import Family
from appliance.assistant import actions
from appliance.assistant.plan import Act
from appliance.errors import AdultNeeded, WrongUsage
from appliance.library import browsing, fix_time, selections
from appliance.library.capture_time import CaptureTime
from appliance.library.fix_time import Change, Fix
from appliance.store.db import Reader
from appliance.web import wording
from appliance.web.contexts_times import FixFields, FixLine, FixPage
from appliance.web.parameters import Form, TheWeb, Viewing
from appliance.web.rendering import page
from appliance.web.sessions_middleware import Asked
from appliance.web.state import Web
from appliance.web.tiles import mend, tile_view

SHOWN = 48
LARGEST_FORM = 64 * 1024
LARGEST_FIELD = 100_000
HOUR, DAY = 60, 24 * 60


@dataclass(frozen=True, slots=True)
class FixForm:
    """`change` as library/fix_time.py writes it."""

    selection: int = 0
    change: str = ""


@get("/fix-time", sync_to_thread=True)
def fix_time_page(
    request: Asked, web: TheWeb, viewer: Viewing, selection: FromQuery[int] = 0, change: FromQuery[str] = "",
    how: FromQuery[str] = "", direction: FromQuery[str] = "later", days: FromQuery[str] = "", hours: FromQuery[str] = "",
    minutes: FromQuery[str] = "", zone: FromQuery[str] = "", moves: FromQuery[str] = "", moment: FromQuery[str] = "",
) -> Response[Any]:  # fmt: skip
    """The form, and below it what the form says would do; nothing is changed. Raises NotFound for a selection of somebody else."""
    if not actions.may(viewer, Act("time")):
        raise AdultNeeded
    problem, wanted = "", None
    fields = FixFields(
        how or "shift", direction != "earlier", _count(days), _count(hours), _count(minutes), zone.strip(), bool(moves), moment
    )
    with web.store.read() as reader:
        assets = selections.assets_of(reader, viewer, selection)
        try:
            wanted = _typed(fields) if how else fix_time.change_of(change) if change else None
            found = fix_time.fixes(reader, viewer, assets[: actions.MOST], wanted) if wanted else []
        except WrongUsage as error:
            problem, wanted, found = str(error.facts["what"]), None, []
        fields = _fields(wanted) if wanted and not how else fields
        context = _context(web, reader, viewer, selection, assets, fields, wanted, found, problem)
    return page(request, "fix_time/page.html", context, status=400 if problem else 200)


@post("/fix-time", sync_to_thread=True, request_max_body_size=LARGEST_FORM)
def fix_times(web: TheWeb, viewer: Viewing, data: Form[FixForm]) -> Response[Any]:
    """Do it; the page that says so has the button that undoes it."""
    if not actions.may(viewer, Act("time")):
        raise AdultNeeded
    change = fix_time.change_of(data.change)
    with web.store.write(durable=True) as writer:
        assets = selections.assets_of(writer, viewer, data.selection)
        if reason := actions.refused(viewer, Act("time"), len(assets)):
            raise WrongUsage(what=reason)
        act = Act("time", str(change))
        action = actions.propose(writer, viewer, act, assets, conversation=None, turn=None, now=web.clock())
        if action is None:
            raise WrongUsage(what="None of these photos is there any more.")
        actions.do(writer, viewer, action, name="", now=web.clock())
    return Redirect(f"/actions/{action}", status_code=303)


def _typed(fields: FixFields) -> Change:
    """What the form says; raises WrongUsage with what is missing."""
    match fields.how:
        case "zone":
            return fix_time.change_of(f"{'move' if fields.moves else 'zone'} {fields.zone}")
        case "set":
            return fix_time.change_of(f"set {fields.moment}")
    minutes = fields.days * DAY + fields.hours * HOUR + fields.minutes
    if not minutes:
        raise WrongUsage(what="Say by how much the clock was wrong.")
    return fix_time.change_of(f"shift {minutes if fields.later else -minutes}")


def _fields(change: Change) -> FixFields:
    """The form that says `change`."""
    minutes = abs(change.minutes)
    how = {"shift": "shift", "set": "set"}.get(change.how, "zone")
    return FixFields(
        how, change.minutes >= 0, minutes // DAY, minutes % DAY // HOUR, minutes % HOUR, change.value if how == "zone" else "",
        change.how == "move", change.value[:16] if how == "set" else "",
    )  # fmt: skip


def _count(text: str) -> int:
    return min(int(text), LARGEST_FIELD) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _context(
    web: Web, reader: Reader, viewer: Family, selection: int, assets: tuple[int, ...], fields: FixFields, change: Change | None,
    found: list[Fix], problem: str,
) -> FixPage:  # fmt: skip
    tiles = {tile.id: tile for tile in browsing.tiles(reader, viewer, assets[:SHOWN])}
    mend(web, tiles.values())
    fixes = {fix.asset_id: fix for fix in found}
    times = {fix.asset_id: fix.before for fix in fixes.values()} or _times(reader, list(tiles))
    change_count = sum(fix.after is not None for fix in found)
    passed = len(found) - change_count
    shown = [asset_id for asset_id in assets[:SHOWN] if asset_id in tiles and asset_id in times]
    return FixPage(
        selection=selection,
        count=wording.counted(len(assets), "photo or video", "photos and videos"),
        one=len(assets) == 1,
        fields=fields,
        change=str(change) if change and change_count else "",
        does=f"Change {wording.counted(change_count, 'photo')}: {fix_time.described(change)}" if change else "",
        passed_over=f"{wording.counted(passed, 'photo')} will stay as {'it is' if passed == 1 else 'they are'}." if passed else "",
        problem=problem,
        lines=tuple(
            FixLine(
                tile_view(web.layout, tiles[asset_id]),
                _when(times[asset_id]),
                _when(after) if (fix := fixes.get(asset_id)) and (after := fix.after) else "",
                fixes[asset_id].why if asset_id in fixes else "",
            )
            for asset_id in shown
        ),
        rest=f"and {wording.number(len(assets) - SHOWN)} more" if len(assets) > SHOWN else "",
    )


def _times(reader: Reader, assets: list[int]) -> dict[int, CaptureTime]:
    places = ",".join("?" * len(assets))
    rows = reader.all(f"SELECT id, capture_time, utc_offset, time_source FROM asset WHERE id IN ({places})", assets)
    return {asset_id: CaptureTime(*time) for asset_id, *time in rows}


def _when(time: CaptureTime) -> str:
    zone = f", {wording.offset(time.offset)}" if time.offset is not None else ""
    unknown = " (when it was added)" if time.source == "upload" else ""
    return f"{wording.day(time.local)}, {datetime.fromisoformat(time.local):%H:%M:%S}{zone}{unknown}"
