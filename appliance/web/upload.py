"""Adding photos: one streamed PUT per file with a script, one multipart form without; and what became of each."""

from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import anyio
from litestar import Response, get, post, put
from litestar.datastructures import UploadFile
from litestar.params import FromQuery
from litestar.response import Redirect
from litestar.status_codes import HTTP_201_CREATED

from appliance.accounts.viewer import Family
from appliance.library import received
from appliance.library.names import human_name
from appliance.library.received import Received
from appliance.web import wording
from appliance.web.contexts import UploadLine, UploadPage
from appliance.web.parameters import TheWeb, Viewing
from appliance.web.receiving import announced_length, check_size, chunks_of, free_bytes, receive
from appliance.web.rendering import fragment, page
from appliance.web.security import CSRF_IN_HEADER
from appliance.web.sessions_middleware import Asked
from appliance.web.state import Web

GB = 10**9
LARGEST_FORM = 8 * GB
UNFINISHED = ("waiting", "running")


@get("/upload", sync_to_thread=True)
def upload_page(request: Asked, web: TheWeb, viewer: Viewing) -> Response[Any]:
    return page(request, "upload/page.html", _context(web, viewer))


@get("/upload/list", sync_to_thread=True)
def upload_list(request: Asked, web: TheWeb, viewer: Viewing) -> Response[Any]:
    return fragment(request, "upload/_list.html", _context(web, viewer))


@put("/upload/files", opt=CSRF_IN_HEADER, status_code=HTTP_201_CREATED, request_max_body_size=None)
async def receive_file(
    request: Asked, web: TheWeb, viewer: Viewing, name: FromQuery[str], modified: FromQuery[int] = 0
) -> dict[str, int]:
    """The raw bytes of one file. `modified`: milliseconds since 1970 UTC, as the browser knows it."""
    size = await _receive(web, viewer, name, modified, request.stream(), announced=announced_length(request))
    return {"bytes": size}


@post("/upload", request_max_body_size=LARGEST_FORM)
async def receive_form(request: Asked, web: TheWeb, viewer: Viewing) -> Redirect:
    """What a browser without scripts sends: several files in one form."""
    for part in (await request.form()).getall("files", []):
        if isinstance(part, UploadFile) and part.filename:
            await _receive(web, viewer, part.filename, 0, chunks_of(part))
    return Redirect("/upload", status_code=303)


@post("/upload/tidy", sync_to_thread=True)
def tidy_list(request: Asked, web: TheWeb, viewer: Viewing) -> Response[Any]:
    """Takes what is finished off the list; nothing else changes."""
    with web.store.write() as writer:
        received.tidy_away(writer, viewer.user_id)
    if request.headers.get("hx-request"):
        return fragment(request, "upload/_list.html", _context(web, viewer))
    return Redirect("/upload", status_code=303)


async def _receive(
    web: Web, viewer: Family, name: str, modified: int, chunks: AsyncIterator[bytes], announced: int | None = None
) -> int:
    tidy = human_name(name, "bin")
    largest = web.settings.largest_upload_gb * GB
    check_size(web.layout, tidy, announced, largest)
    async with receive(web.layout, chunks, name=tidy, largest=largest) as file:
        await anyio.to_thread.run_sync(_announce, web, viewer, tidy, file.path.name, file.bytes, modified)
        return file.bytes


def _announce(web: Web, viewer: Family, name: str, token: str, size: int, modified: int) -> None:
    now = web.clock()
    believable = modified if 0 < modified <= now + wording.DAY_MS else now
    with web.store.write(durable=True) as writer:
        received.announce(writer, token=token, user_id=viewer.user_id, file_name=name, bytes=size, modified_at=believable, now=now)


def _context(web: Web, viewer: Family) -> UploadPage:
    with web.store.read() as reader:
        outcomes = received.outcomes(reader, viewer.user_id)
    return UploadPage(
        largest=web.settings.largest_upload_gb * GB,
        largest_words=f"{web.settings.largest_upload_gb} GB",
        free=wording.size(free_bytes(web.layout)),
        busy=any(outcome.state in UNFINISHED for outcome in outcomes),
        tidy=any(outcome.state not in UNFINISHED for outcome in outcomes),
        summary=_summary(outcomes),
        lines=tuple(UploadLine(outcome.file_name, outcome.state, outcome.asset_id, outcome.reason or "") for outcome in outcomes),
    )


def _summary(outcomes: list[Received]) -> str:
    """“3 added, 1 already here, 2 being taken in”."""
    states = Counter("coming" if outcome.state in UNFINISHED else outcome.state for outcome in outcomes)
    words = {"added": "added", "already_here": "already here", "refused": "not added", "coming": "being taken in"}
    return ", ".join(f"{wording.number(states[state])} {word}" for state, word in words.items() if states[state])
