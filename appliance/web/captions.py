"""Captions under people's eyes: the part of a photo's page, the review of many, and when the rest of them is written."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import parse_qsl, urlencode
from zlib import crc32

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from appliance.accounts.viewer import Family, Owner
from appliance.errors import AdultNeeded, NotFound, WrongUsage
from appliance.indexing import nights
from appliance.indexing.nights import Rest
from appliance.library import assets, browsing, captions
from appliance.library.assets import Asset
from appliance.library.captions import Caption, Counts, Seen, Verdict
from appliance.store.db import Reader, Writer
from appliance.web import wording
from appliance.web.contexts import CaptionsChoice, CaptionsPage, CaptionView, ReviewItem, UndoView
from appliance.web.installed import is_sample, vision_model
from appliance.web.parameters import Form, TheWeb, Viewing
from appliance.web.rendering import fragment, page
from appliance.web.security import only_owner
from appliance.web.sessions_middleware import Asked
from appliance.web.state import Web
from appliance.web.tiles import mend, tile_view

PAGE = 24
LARGEST_FORM = 64 * 1024
LARGEST = 2**62  # of SQLite's numbers, and of no id or moment that there is
VERDICTS: dict[str, Verdict] = {"accept": "accepted", "hide": "hidden", "show": "new"}
PLACES = ("review", "hidden")
SAID = {"accepted": "accepted", "hidden": "hidden"}
CHANGED = "The caption has changed meanwhile: look at the new words first."
DESCRIBED = "Somebody has described it meanwhile, and a person's words win."
EMPTY = "Write a few words first; to take a caption away, hide it."
SAME = "The model looked again and says the same."


@dataclass(frozen=True, slots=True)
class CaptionForm:
    """`what`: accept, hide, show, again, leave or describe; `made` the caption that was seen. `place` is "review" on the page of
    many, "hidden" on the list of those that were hidden, whose `before` it was; `asked` the question whose results are looked
    through."""

    what: str = ""
    made: int = 0
    place: str = ""
    before: str = ""
    asked: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class AllForm:
    """`seen`: “id.made” of each caption on the page; the framework gives one that stands alone as itself."""

    seen: list[str] | str = ""


@dataclass(frozen=True, slots=True)
class UndoForm:
    at: int = 0


@dataclass(frozen=True, slots=True)
class ChoiceForm:
    when: Literal["any", "night", "paused"] = "any"
    begins: int = 23
    ends: int = 6
    minutes: str = ""


@get("/captions", sync_to_thread=True)
def captions_page(
    request: Asked, web: TheWeb, viewer: Viewing, before: FromQuery[str] = "", show: FromQuery[Literal["new", "hidden"]] = "new",
    undo: FromQuery[int] = 0, again: FromQuery[int] = 0, shown: FromQuery[int] = 0,
) -> Response[Any]:  # fmt: skip
    """`show` says which captions; `before` begins after the last one of another page. `undo`, `again` and `shown` name what
    was just done without htmx."""
    if not captions.may_judge(viewer):
        raise AdultNeeded
    place = "hidden" if show == "hidden" else "review"
    listed = captions.hidden if show == "hidden" else captions.unjudged
    with web.store.read() as reader:
        found = listed(reader, viewer, _seen(before) if before else None, PAGE + 1)
        counts = captions.counts(reader, viewer)
        here, rest = found[:PAGE], found[PAGE:]
        context = CaptionsPage(
            items=_items(web, reader, viewer, here, before, place),
            counts=_counted(counts),
            any=bool(counts.new or counts.accepted or counts.hidden),
            hidden=show == "hidden",
            to_hidden=_address("hidden") if counts.hidden else "",
            lead=_to_come(web, reader),
            before=before,
            newest=_address(place) if before else "",
            older=_address(place, ("before", _token(here[-1]))) if rest else "",
            undo=_undo(reader, viewer, undo, again) or _undo_shown(reader, viewer, shown),
        )
    return page(request, "captions/page.html", context)


@post("/captions/accept", sync_to_thread=True, request_max_body_size=LARGEST_FORM)
def accept_all(web: TheWeb, viewer: Viewing, data: Form[AllForm]) -> Redirect:
    """Accept what stood on the page, as far as it still says what it said; the next ones are shown."""
    now = web.clock()
    tokens = data.seen if isinstance(data.seen, list) else data.seen.split()
    with web.store.write(durable=True) as writer:
        captions.judge(writer, viewer, [_seen(token) for token in tokens[:PAGE]], "accepted", now)
    return Redirect(f"/captions?undo={now}", status_code=303)


@post("/captions/undo", sync_to_thread=True)
def take_back(web: TheWeb, viewer: Viewing, data: Form[UndoForm]) -> Redirect:
    """Take back what the viewer judged at one moment."""
    with web.store.write(durable=True) as writer:
        seen = [seen for seen, _ in captions.judged_at(writer, viewer, _known(data.at))]
        captions.judge(writer, viewer, seen, "new", web.clock())
    return Redirect("/captions", status_code=303)


@get("/photos/{asset_id:int}/caption", sync_to_thread=True)
def photo_caption(
    request: Asked, web: TheWeb, viewer: Viewing, asset_id: FromPath[int], seen: FromQuery[int] = 0, asked: FromQuery[str] = ""
) -> Response[Any]:
    """The part of a photo's page, for htmx while the model looks again; `seen` stands for the words before."""
    with web.store.read() as reader:
        view = caption_view(web, reader, viewer, assets.get(reader, viewer, asset_id), asked)
    same = view.seen == seen and view.words and not view.looks_again
    return fragment(request, "photo/_caption.html", _saying(view, SAME if same else ""))


@post("/photos/{asset_id:int}/caption", sync_to_thread=True, request_max_body_size=LARGEST_FORM)
def judge_caption(
    request: Asked, web: TheWeb, viewer: Viewing, asset_id: FromPath[int], data: Form[CaptionForm]
) -> Response[Any] | Redirect:
    now = web.clock()
    with web.store.write(durable=True) as writer:
        assets.get(writer, viewer, asset_id)
        said = _act(writer, viewer, asset_id, data, now)
    if not request.headers.get("hx-request"):
        return Redirect(_back(asset_id, data, now, said), status_code=303)
    with web.store.read() as reader:
        if data.place in PLACES:
            return fragment(request, "captions/_item.html", _item(web, reader, viewer, asset_id, data, said))
        view = caption_view(web, reader, viewer, assets.get(reader, viewer, asset_id), data.asked)
    return fragment(request, "photo/_caption.html", _saying(view, said))


@post("/settings/captions", guards=[only_owner], sync_to_thread=True)
def choose_captions(web: TheWeb, data: Form[ChoiceForm]) -> Redirect:
    minutes = data.minutes.strip() or "0"
    if not (minutes.isascii() and minutes.isdigit()):
        raise WrongUsage(what="Minutes are a whole number, or nothing for no limit.")
    with web.store.write() as writer:
        nights.choose(writer, Rest(data.when, data.begins, data.ends, int(minutes[:9])))
    return Redirect("/settings?said=captions", status_code=303)


def caption_view(web: Web, reader: Reader, viewer: Family, asset: Asset, asked: str) -> CaptionView:
    """What the page of `asset` shows of its caption; `asked` is the question that found it, as in the address of /ask."""
    caption = captions.of_asset(reader, viewer, asset.row.id)
    words = caption.words if caption and caption.verdict != "hidden" else ""
    model = caption.model if caption else ""
    return CaptionView(
        id=asset.row.id,
        kind=asset.row.kind,
        words=words,
        model=model.partition("@")[0],
        sample=bool(model) and is_sample(web, model),
        verdict=caption.verdict if caption else "",
        looks_again=bool(caption and caption.look_again),
        waits="" if caption else _why_none(web, asset),
        may_judge=captions.may_judge(viewer),
        may_take=bool(words) and not asset.row.description,
        made=caption.made_at if caption else 0,
        seen=crc32(words.encode()),
        asked=asked,
        said="",
    )


def captions_choice(web: Web, reader: Reader, viewer: Family) -> CaptionsChoice:
    """The form on Settings, with what is chosen now."""
    rest = nights.chosen(reader)
    return CaptionsChoice(
        when=rest.when,
        begins=rest.begins,
        ends=rest.ends,
        minutes=str(rest.minutes or ""),
        zone=datetime.fromtimestamp(web.clock() / 1000, UTC).astimezone().strftime("%H:%M, %Z"),
        may_choose=isinstance(viewer, Owner),
        may_judge=captions.may_judge(viewer),
        now=_to_come(web, reader),
    )


def _act(writer: Writer, viewer: Family, asset_id: int, form: CaptionForm, now: int) -> str:
    """Do what the form says; return what there is to say about it when it was not done."""
    if form.what in VERDICTS:
        done = captions.judge(writer, viewer, [(asset_id, _known(form.made))], VERDICTS[form.what], now)
        return "" if done else CHANGED
    match form.what:
        case "again":
            captions.look_again(writer, viewer, asset_id, now)
        case "leave":
            captions.leave_be(writer, viewer, asset_id)
        case "describe" if not assets.tidy(form.text):
            return EMPTY
        case "describe" if _described(writer, asset_id):
            return DESCRIBED
        case "describe":
            assets.describe(writer, viewer, asset_id, form.text, now)
        case _:
            raise NotFound
    return ""


def _described(reader: Reader, asset_id: int) -> bool:
    """By a person; what came inside the file may be written over."""
    return reader.value("SELECT described_by FROM asset WHERE id=?", (asset_id,)) is not None


def _back(asset_id: int, form: CaptionForm, now: int, said: str) -> str:
    """Where a browser without htmx goes after its form."""
    if form.place not in PLACES:
        asked = urlencode(parse_qsl(form.asked))
        return f"/photos/{asset_id}{'?' * bool(asked)}{asked}#caption"
    place = [("before", _token_of(_seen(form.before)))] if form.before else []
    if not said and form.what in ("accept", "hide"):
        place.append(("undo", str(now)))
    if form.what == "again":
        place.append(("again", str(asset_id)))
    if form.what == "show" and form.place == "hidden":
        place.append(("shown", str(asset_id)))
    return _address(form.place, *place)


def _address(place: str, *parameters: tuple[str, str]) -> str:
    """The address of the review, or of the list of hidden captions."""
    every = [("show", "hidden"), *parameters] if place == "hidden" else parameters
    return "/captions" + ("?" + urlencode(every) if every else "")


def _items(web: Web, reader: Reader, viewer: Family, shown: Sequence[Caption], before: str, place: str) -> tuple[ReviewItem, ...]:
    tiles = browsing.tiles(reader, viewer, [caption.asset_id for caption in shown])
    mend(web, tiles)
    return tuple(_view(web, tile, caption, caption.verdict, before, place, "") for tile, caption in zip(tiles, shown, strict=True))


def _item(web: Web, reader: Reader, viewer: Family, asset_id: int, form: CaptionForm, said: str) -> ReviewItem:
    """One item after something was done to it."""
    (tile,) = browsing.tiles(reader, viewer, [asset_id])
    caption = captions.of_asset(reader, viewer, asset_id)
    if caption is None:
        state = "gone"
    elif _described(reader, asset_id):
        state = "described"
    else:
        state = "again" if caption.look_again else caption.verdict
    return _view(web, tile, caption, state, form.before, form.place, said)


def _view(web: Web, tile: assets.Tile, caption: Caption | None, state: str, before: str, place: str, said: str) -> ReviewItem:
    return ReviewItem(
        tile=tile_view(web.layout, tile),
        words=caption.words if caption and (state != "hidden" or place == "hidden") else "",
        model=caption.model.partition("@")[0] if caption else "",
        sample=bool(caption) and is_sample(web, caption.model if caption else ""),
        when=wording.ago(caption.made_at, web.clock()) if caption else "",
        made=caption.made_at if caption else 0,
        state=state,
        before=before,
        place=place,
        said=said,
    )


def _undo_shown(reader: Reader, viewer: Family, asset_id: int) -> UndoView | None:
    """A hidden caption was shown again: with the button that hides it again."""
    caption = captions.of_asset(reader, viewer, _known(asset_id)) if asset_id else None
    if caption is None or caption.verdict != "new":
        return None
    fields = (("what", "hide"), ("made", str(caption.made_at)), ("place", "hidden"))
    return UndoView("The caption is shown again; it is among those to look at.", f"/photos/{asset_id}/caption", fields)


def _undo(reader: Reader, viewer: Family, at: int, again: int) -> UndoView | None:
    """What was just done, told above the page, with the way back."""
    if again and (caption := captions.of_asset(reader, viewer, _known(again))) and caption.look_again:
        fields = (("what", "leave"), ("place", "review"))
        return UndoView(
            "The model will look again; its new words come to the top of this page.", f"/photos/{again}/caption", fields
        )
    judged = captions.judged_at(reader, viewer, _known(at)) if at else []
    if not judged:
        return None
    said = f"{wording.counted(len(judged), 'caption')} {SAID[judged[0][1]]}."
    return UndoView(said, "/captions/undo", (("at", str(at)),))


def _counted(counts: Counts) -> str:
    new = f"{_many(counts.new)} caption{'s' * (counts.new != 1)} to look at" if counts.new else "Nothing to look at"
    return f"{new} · {_many(counts.accepted)} accepted · {_many(counts.hidden)} hidden"


def _many(count: int) -> str:
    most = captions.MOST_COUNTED
    return wording.number(count) if count <= most else f"over {wording.number(most)}"


def _to_come(web: Web, reader: Reader) -> str:
    """One sentence about the captions that are still to be written; empty when there are none."""
    model = vision_model(web)
    if model is None:
        return "New captions wait for a vision model."
    waits = nights.waits_for(reader, web.clock())
    estimate = nights.estimate(reader, model.version)
    if not estimate.left:
        return ""
    still = f"{wording.counted(estimate.left, 'caption')} still to be written. {nights.sentence(estimate)}"
    return f"{still} {waits}." if waits and estimate.rest.when != "paused" else still


def _why_none(web: Web, asset: Asset) -> str:
    if not any(stage.stage == nights.STAGE and stage.state in ("waiting", "blocked", "running") for stage in asset.stages):
        return ""
    if vision_model(web) is None:
        return "No caption yet: it waits for a vision model. Everything else works without one."
    return "No caption yet: the vision model will look at it soon."


def _saying(view: CaptionView, said: str) -> CaptionView:
    return replace(view, said=said)


def _token(caption: Caption) -> str:
    return _token_of((caption.asset_id, caption.made_at))


def _token_of(seen: Seen) -> str:
    return f"{seen[0]}.{seen[1]}"


def _seen(token: str) -> Seen:
    """Read “id.made”; raises NotFound for what no page of ours says."""
    asset_id, _, made = token.partition(".")
    if not (asset_id.isascii() and asset_id.isdigit() and made.isascii() and made.isdigit()) or len(token) > 40:
        raise NotFound
    return _known(int(asset_id)), _known(int(made))


def _known(number: int) -> int:
    """`number`, when SQLite can hold it."""
    if not 0 <= number < LARGEST:
        raise NotFound
    return number
