"""One photo or video: its page, a person's description, and its files."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from appliance.accounts.viewer import Family
from appliance.errors import NotFound
from appliance.indexing import lost
from appliance.library import assets, browsing, derivatives
from appliance.library.assets import PERSON_LOOKS, Asset
from appliance.library.browsing import Neighbours
from appliance.search.filters import Query
from appliance.store import queue
from appliance.store.db import Reader
from appliance.web import wording
from appliance.web.asking import Place, all_matches, place_named, resolved
from appliance.web.captions import caption_view
from appliance.web.contexts import PhotoPage
from appliance.web.contexts_looking import LookedView
from appliance.web.facts import facts
from appliance.web.filesend import SendFile
from appliance.web.indexing import NAMES
from appliance.web.looking import look_view
from appliance.web.parameters import Form, TheWeb, Viewing
from appliance.web.photo_faces import NOT_OFFERED, faces_view
from appliance.web.photo_text import document_view, text_view
from appliance.web.rendering import fragment, page
from appliance.web.sessions_middleware import Asked
from appliance.web.state import Web
from appliance.web.tiles import LONGEST_ALT, UNKNOWN_SIZE, photo_href

LARGEST_FORM = 64 * 1024
SHOWN_TITLE = 80
MEDIA_TYPES = {
    "jpeg": "image/jpeg",
    "mpo": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "gif": "image/gif",
    "tiff": "image/tiff",
    "heic": "image/heic",
    "heif": "image/heif",
    "avif": "image/avif",
    "bmp": "image/bmp",
    "jp2": "image/jp2",
    "mp4": "video/mp4",
    "m4v": "video/mp4",
    "mov": "video/mp4",   # browsers refuse the name video/quicktime, and play what is in it
    "3gp": "video/3gpp",
    "webm": "video/webm",
    "mkv": "video/x-matroska",
    "avi": "video/x-msvideo",
}  # fmt: skip
UNKNOWN_TYPE = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class DescriptionForm:
    text: str = ""


@get("/photos/{asset_id:int}", sync_to_thread=True)
def photo(
    request: Asked,
    web: TheWeb,
    viewer: Viewing,
    asset_id: FromPath[int],
    draft: FromQuery[str] = "",
    faces: FromQuery[bool] = False,
    did: FromQuery[int] = 0,
) -> Response[Any]:
    """The address may say at which question or turn one is looking through the results; else the timeline's neighbours.

    `draft=caption` takes the caption into the description's form; `faces=1` shows who is in it, `did` what was just decided of
    that.
    """
    with web.store.read() as reader:
        asset = assets.get(reader, viewer, asset_id)
        place = place_named(reader, viewer, request.scope["query_string"].decode("latin-1"))
        query = None
        if place:
            query = resolved(web, reader, viewer, place)[2].query
            beside = browsing.beside(all_matches(web, reader, viewer, query).tolist(), asset_id)
        else:
            beside = browsing.neighbours(reader, viewer, asset.row.capture_time, asset_id)
        context = _context(web, reader, viewer, asset, beside, place, query)
        if draft == "caption" and context.caption.may_take:
            context = replace(context, editing=True, draft=context.caption.words)
        size, from_ = (context.width, context.height), place.encoded() if place else ""
        shown = faces_view(web, reader, viewer, asset_id, size, place=from_, wanted=faces, did=did)
        context = replace(context, faces=shown if asset.row.kind == "photo" else NOT_OFFERED)
    _hurry(web, asset)
    return page(request, "photo/page.html", context)


@post("/photos/{asset_id:int}/description", sync_to_thread=True, request_max_body_size=LARGEST_FORM)
def describe(
    request: Asked,
    web: TheWeb,
    viewer: Viewing,
    asset_id: FromPath[int],
    data: Form[DescriptionForm],
) -> Response[Any]:
    with web.store.write(durable=True) as writer:
        kept = assets.describe(writer, viewer, asset_id, data.text, web.clock())
    if not request.headers.get("hx-request"):
        return Redirect(f"/photos/{asset_id}", status_code=303)
    with web.store.read() as reader:
        context = _context(web, reader, viewer, assets.get(reader, viewer, asset_id), Neighbours(None, None), None)
    said = "Saved. It can be asked for now." if kept else "Taken away."
    return fragment(request, "photo/_description.html", replace(context, saved=said))


@get("/photos/{asset_id:int}/thumbnail", sync_to_thread=True)
def thumbnail(web: TheWeb, viewer: Viewing, asset_id: FromPath[int]) -> SendFile:
    sha256 = _asset(web, viewer, asset_id).row.sha256
    return _derivative(web, asset_id, web.layout.thumbnail(sha256), f"{sha256}-thumbnail")


@get("/photos/{asset_id:int}/preview", sync_to_thread=True)
def preview(web: TheWeb, viewer: Viewing, asset_id: FromPath[int]) -> SendFile:
    sha256 = _asset(web, viewer, asset_id).row.sha256
    return _derivative(web, asset_id, web.layout.preview(sha256), f"{sha256}-preview")


@get("/photos/{asset_id:int}/original", sync_to_thread=True)
def original(web: TheWeb, viewer: Viewing, asset_id: FromPath[int], download: FromQuery[bool] = False) -> SendFile:
    """The file as it was received, byte for byte; what a browser should not try to show is always a download."""
    row = _asset(web, viewer, asset_id).row
    media_type = MEDIA_TYPES.get(row.format, UNKNOWN_TYPE)
    name = row.file_name if download or media_type == UNKNOWN_TYPE else None
    return SendFile(web.layout.original(row.original), media_type, row.sha256, download_as=name)


def _asset(web: Web, viewer: Family, asset_id: int) -> Asset:
    with web.store.read() as reader:
        return assets.get(reader, viewer, asset_id)


def _derivative(web: Web, asset_id: int, file: Path, tag: str) -> SendFile:
    """Send a derivative, or have it made again when it was deleted; until then there is none."""
    if not derivatives.filled(file):
        lost.make_again(web.store, [asset_id], priority=PERSON_LOOKS)
        raise NotFound
    return SendFile(file, "image/webp", tag)


def _hurry(web: Web, asset: Asset) -> None:
    """What people look at comes first, and what is missing of it is made again; nothing is written when there is nothing to do."""
    if not web.layout.preview(asset.row.sha256).is_file():
        lost.make_again(web.store, [asset.row.id], priority=PERSON_LOOKS)
    if any(stage.state in ("waiting", "blocked") for stage in asset.stages):
        with web.store.write() as writer:
            queue.raise_priority(writer, asset.row.id, priority=PERSON_LOOKS)


def alone(web: Web, reader: Reader, viewer: Family, asset: Asset, looked: LookedView) -> PhotoPage:
    """The page of a photo between its neighbours in the timeline, with a question about it that has just been asked."""
    beside = browsing.neighbours(reader, viewer, asset.row.capture_time, asset.row.id)
    return _context(web, reader, viewer, asset, beside, None, looked=looked)


def _context(
    web: Web,
    reader: Reader,
    viewer: Family,
    asset: Asset,
    beside: Neighbours,
    place: Place | None,
    query: Query | None = None,
    looked: LookedView | None = None,
) -> PhotoPage:
    row, asked = asset.row, place.encoded() if place else ""
    words = " ".join((row.description or asset.caption or "").split())
    return PhotoPage(
        id=row.id,
        kind=row.kind,
        title=_short(words, SHOWN_TITLE) or f"{row.kind.capitalize()}, {wording.day(row.capture_time)}",
        alt=_short(words, LONGEST_ALT) or f"{row.kind.capitalize()} taken {wording.day(row.capture_time)}",
        ready=web.layout.preview(row.sha256).is_file(),
        width=row.width or UNKNOWN_SIZE[0],
        height=row.height or UNKNOWN_SIZE[1],
        media_type=MEDIA_TYPES.get(row.format, UNKNOWN_TYPE),
        back=place.href() if place else f"/timeline?month={row.capture_time[:7]}",
        back_words="Back to the results" if asked else wording.month(row.capture_time[:7]),
        newer=photo_href(beside.newer, asked) if beside.newer else "",
        newer_words="Previous" if asked else "Newer",
        older=photo_href(beside.older, asked) if beside.older else "",
        older_words="Next" if asked else "Older",
        description=row.description or "",
        editing=False,
        saved="",
        draft="",
        caption=caption_view(web, reader, viewer, asset, asked),
        facts=facts(asset, web.gazetteer),
        text=text_view(reader, row.id, (row.width or UNKNOWN_SIZE[0], row.height or UNKNOWN_SIZE[1]), query),
        document=document_view(reader, row.id),
        look=look_view(web, asset, looked),
        faces=NOT_OFFERED,
        failures=tuple(f"{NAMES[stage.stage][0]}: {stage.reason}" for stage in asset.stages if stage.state == "failed"),
    )


def _short(words: str, longest: int) -> str:
    return words if len(words) <= longest else words[: longest - 1].rstrip() + "…"
