"""An answer for the page: its pieces with links to the rows that they cite, the plot of how often, what is offered to be done."""

from collections.abc import Iterator
from html import escape
from urllib.parse import urlencode

from appliance.accounts.viewer import Family
from appliance.assistant import actions
from appliance.assistant.actions import Action
from appliance.assistant.answer import Said, period
from appliance.assistant.facts import Group
from appliance.assistant.plan import Plan
from appliance.library import albums, fix_time
from appliance.store.db import Reader
from appliance.web import wording
from appliance.web.asking import Answer, Kept, Place, Reply
from appliance.web.contexts_asking import ActionView, BarView, CheckView, LookView, PieceView, PlotView
from appliance.web.installed import vision_model
from appliance.web.rendering import environment
from appliance.web.state import Web
from appliance.web.tiles import photo_href

PLOT_WIDTH, PLOT_HEIGHT, BAR, GAP = 560, 96, 64, 0.25
ASK_IN_BOX = "Ask this in the box above, and Mantel offers to do it."
CHOOSE_THEM = "Choose “all of these” below for that: no record may tie what is done to whom you asked for."
DOES = {
    "album": "Make an album of {these}", "tag": "Tag {these}", "favourite": "Make {these} favourites",
    "unfavourite": "Take {these} out of the favourites", "hide": "Hide {these} from everybody but the owner",
    "unhide": "Show {these} to everybody again", "map": "Show {these} on the map", "time": "Fix the time of {these}",
    "share": "Share {these}",
}  # fmt: skip
DOES_NAMED = {
    "album": "Make an album “{name}” of {these}",
    "tag": "Tag {these} as “{name}”",
    "share": "Share {these} with {name}",
    "time": "Fix the time of {these}: {name}",
}
FILL = "Put {these} into the album “{name}”"
DONE = {
    "album": "{photos} put into the album “{name}”.", "tag": "{photos} tagged “{name}”.", "favourite": "{photos} made favourites.",
    "unfavourite": "{photos} taken out of the favourites.",
    "hide": "{photos} hidden. Only the owner sees them now. Snapshots in the backups keep them.",
    "unhide": "{photos} shown to everybody again.", "time": "{photos} changed: {name}. The originals are as they were.",
}  # fmt: skip
LONGEST_SUGGESTION = 60
NO_EYES = "To answer that, a vision model has to look at the picture, and none is installed."
FIELD = {"album": "Title of the album", "tag": "Tag"}


def pieces(place: Place, said: Answer) -> tuple[PieceView, ...]:
    return tuple(PieceView(piece.words, _href(place, piece)) for piece in said.pieces)


def _href(place: Place, piece: Said) -> str:
    if piece.within or piece.without:
        return place.changed(without=piece.without, within=(piece.within,) if piece.within else ()).href()
    return photo_href(piece.assets[0], place.encoded()) if piece.assets else ""


def events(place: Place, said: Answer) -> Iterator[tuple[str, str]]:
    """The answer as it is sent while the results are already there."""
    for piece in pieces(place, said):
        words = escape(" ".join(piece.words.split("\n")))
        yield "words", f'<a href="{escape(piece.href)}">{words}</a>' if piece.href else words
    if drawn := plot(place, said):
        html = environment().get_template("ask/_plot.html").render(plot=drawn)
        yield "plot", " ".join(html.split())
    yield "done", "done"


def plot(place: Place, said: Answer) -> PlotView | None:
    """A bar for each year or month, as high as the days on which there is a picture; none for a single one."""
    if len(said.groups) < 2:
        return None
    most = max(group.days for group in said.groups)
    step = min(BAR, PLOT_WIDTH / len(said.groups))
    width = max(1, round(step * len(said.groups)))
    bars = tuple(_bar(place, group, index * step, step, most) for index, group in enumerate(said.groups))
    by = "month" if "-" in said.groups[0].name else "year"
    summary = f"Days with a photo in each {by}: " + ", ".join(f"{bar.name} {bar.days}" for bar in bars)
    return PlotView(summary, width, PLOT_HEIGHT, bars, (bars[0].name, bars[-1].name))


def _bar(place: Place, group: Group, x: float, step: float, most: int) -> BarView:
    height = round(PLOT_HEIGHT * group.days / most, 1)
    href = place.changed(within=(group.within,)).href() if group.within else ""
    days, found = wording.number(group.days), wording.number(group.assets)
    shape = (round(x + step * GAP / 2, 2), PLOT_HEIGHT - height, round(step * (1 - GAP), 2), height)
    return BarView(period(group.name), days, found, href, *shape)


def model_asked(web: Web, reply: Reply) -> LookView | None:
    """For a question about one picture: where the vision model answers it. None when it is none, or there is no model."""
    plan, model = reply.plan, vision_model(web)
    if plan.kind != "look" or plan.asset is None or model is None or not reply.found.total:
        return None
    at = f"/photos/{plan.asset}/look"
    said = model.description
    return LookView(plan.question, f"{at}?{urlencode({'q': plan.question})}", f"{at}#look", said.name, said.sample)


def no_eyes(web: Web, reply: Reply) -> str:
    """What to say when a picture should be looked at and nobody can."""
    return NO_EYES if reply.plan.kind == "look" and vision_model(web) is None else ""


def check_offered(web: Web, reply: Reply) -> CheckView | None:
    """For “find every receipt”: the offer to look at the candidates one by one."""
    return CheckView(reply.plan.thing, vision_model(web) is None) if reply.plan.kind == "check" else None


def action_view(reader: Reader, viewer: Family, reply: Reply) -> tuple[ActionView, ...]:
    """What is offered at the turn of `reply`; of what cannot be done the reason."""
    act = reply.plan.act
    if act is None or not reply.found.total:
        return ()
    if reply.query.asks_for_persons:
        return (ActionView(0, "", "", "", CHOOSE_THEM, False, ""),)
    if not isinstance(reply.place, Kept):
        return (ActionView(0, "", "", "", ASK_IN_BOX, False, ""),)
    if reason := actions.refused(viewer, act, reply.found.total):
        return (ActionView(0, "", "", "", reason, False, ""),)
    offered = actions.of_turn(reader, viewer, reply.place.conversation, reply.place.number)
    return tuple(one_action(reader, viewer, action, suggested_name(reply.plan)) for action in offered)


def suggested_name(plan: Plan) -> str:
    """What was searched for, as a title to begin with."""
    parts = [plan.query.text] if plan.query.text else []
    parts += [chip.label for chip in plan.query.chips if chip.kind in ("place", "date", "album", "tag")]
    return " ".join(parts)[:LONGEST_SUGGESTION].strip()


def one_action(reader: Reader, viewer: Family, action: Action, suggested: str = "") -> ActionView:
    """A proposal as a button, or what was done with another to undo it."""
    done = action.changed is not None and not action.undone
    field = FIELD.get(action.kind, "") if not action.name else ""
    return ActionView(
        id=action.id,
        does="" if done else _does(reader, viewer, action),
        field=field,
        name=suggested if field and action.kind == "album" else "",
        said=_said(action),
        may_undo=bool(done and action.changed),
        album=f"/albums/{action.album}" if done and action.album else "",
    )


def _does(reader: Reader, viewer: Family, action: Action) -> str:
    these = "this one" if action.assets == 1 else f"these {wording.number(action.assets)}"
    if not action.name:
        return DOES[action.kind].format(these=these).replace("this one favourites", "this one a favourite")
    known = action.kind == "album" and albums.titled(reader, viewer, action.name) is not None
    return (FILL if known else DOES_NAMED[action.kind]).format(these=these, name=_named(action))


def _named(action: Action) -> str:
    """What an action's name says to people: of a change of times its words."""
    return fix_time.described(fix_time.change_of(action.name)) if action.kind == "time" else action.name


def _said(action: Action) -> str:
    if action.undone:
        return "Undone."
    if action.changed is None:
        return ""
    if not action.changed:
        return "Nothing to change: that was so already."
    photos = wording.counted(action.changed, "photo")
    return (
        DONE[action.kind].format(photos=photos, name=_named(action)).replace("1 photo made favourites", "1 photo made a favourite")
    )
