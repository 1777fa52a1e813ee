"""How far Mantel is with looking at everything: numbers for each stage, what failed and why, pause and retry."""

from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.response import Redirect

from appliance.accounts.viewer import Family, Owner
from appliance.errors import NotFound
from appliance.indexing import nights
from appliance.indexing.failures import Failure, failures
from appliance.indexing.nights import Estimate
from appliance.indexing.pipeline import STAGES, shown
from appliance.library.captions import may_judge
from appliance.search.ids import LARGEST_ID
from appliance.store import queue
from appliance.store.db import Reader
from appliance.store.queue import StageCount
from appliance.web import wording
from appliance.web.contexts import FailureView, IndexingPage, StageView
from appliance.web.installed import INSTALL_ONE, picture_model, vision_model
from appliance.web.parameters import Form, TheWeb, Viewing
from appliance.web.rendering import fragment, page
from appliance.web.security import only_owner
from appliance.web.sessions_middleware import Asked
from appliance.web.state import Web

MOST_FAILURES = 20
NAMES = {
    "metadata": ("Dates, places and cameras", "Read from each file when it is added."),
    "derivatives": ("Previews", "Smaller pictures for these pages."),
    "picture": ("Looks", "Lets a question find a picture by what it shows, before it has a caption."),
    "text": ("Words in pictures", "Signs, receipts, screenshots: what can be read can be found."),
    "caption": ("Captions", "The vision model looks at each picture and says what it sees."),
    "faces": ("Faces", "Finds faces for People; what is found is sealed and kept nowhere else."),
    "sidecar": ("Sidecars", "Times that you corrected are written beside the original; the original itself is never changed."),
    "embedding": ("Meaning", "Lets a question find a picture by what is in it, not by its exact words."),
}


@dataclass(frozen=True, slots=True)
class StageForm:
    stage: str = ""


@dataclass(frozen=True, slots=True)
class RetryForm:
    """Empty means all."""

    stage: str = ""
    asset: int | None = None


Steering = Form[StageForm]
Retrying = Form[RetryForm]


@get("/indexing", sync_to_thread=True)
def indexing_page(request: Asked, web: TheWeb, viewer: Viewing) -> Response[Any]:
    return page(request, "indexing/page.html", _context(web, viewer))


@get("/indexing/stages", sync_to_thread=True)
def indexing_stages(request: Asked, web: TheWeb, viewer: Viewing) -> Response[Any]:
    return fragment(request, "indexing/_stages.html", _context(web, viewer))


@post("/indexing/pause", guards=[only_owner], sync_to_thread=True)
def pause_stage(request: Asked, web: TheWeb, viewer: Viewing, data: Steering) -> Response[Any]:
    with web.store.write() as writer:
        queue.pause(writer, _known(data.stage), now=web.clock())
    return _answer(request, web, viewer)


@post("/indexing/resume", guards=[only_owner], sync_to_thread=True)
def resume_stage(request: Asked, web: TheWeb, viewer: Viewing, data: Steering) -> Response[Any]:
    with web.store.write() as writer:
        queue.resume(writer, _known(data.stage))
    return _answer(request, web, viewer)


@post("/indexing/retry", guards=[only_owner], sync_to_thread=True)
def retry_failed(request: Asked, web: TheWeb, viewer: Viewing, data: Retrying) -> Response[Any]:
    if data.asset is not None and not 0 < data.asset < LARGEST_ID:
        raise NotFound
    with web.store.write() as writer:
        queue.retry_failed(writer, _known(data.stage) if data.stage else None, data.asset)
    return _answer(request, web, viewer)


def _known(stage: str) -> str:
    if stage not in STAGES:
        raise NotFound
    return stage


def _answer(request: Asked, web: Web, viewer: Family) -> Response[Any]:
    if request.headers.get("hx-request"):
        return fragment(request, "indexing/_stages.html", _context(web, viewer))
    return Redirect("/indexing", status_code=303)


def _context(web: Web, viewer: Family) -> IndexingPage:
    with web.store.read() as reader:
        counts = queue.counts(reader, shown(reader), now=web.clock())
        failed = failures(reader, viewer, MOST_FAILURES)
        rest = _rest(web, reader)
    total = sum(count.failed for count in counts)
    return IndexingPage(
        summary=_summary(counts),
        may_steer=isinstance(viewer, Owner),
        may_judge=may_judge(viewer),
        stages=tuple(_stage(web, count, rest) for count in counts),
        failures=tuple(_failure(failure) for failure in failed),
        failures_words=f"The latest {len(failed)} of {wording.number(total)}." if total > len(failed) else "",
    )


def _summary(counts: list[StageCount]) -> str:
    open_jobs = sum(_open(count) for count in counts)
    if not any(count.done or count.failed for count in counts) and not open_jobs:
        return "Nothing to do yet: there are no photos here."
    if not open_jobs:
        return "Everything is done."
    return f"{wording.counted(open_jobs, 'step')} to go."


def _open(count: StageCount) -> int:
    return count.waiting + count.running + count.blocked


@dataclass(frozen=True, slots=True)
class Rest:
    """About the captions that are left: how long they take, and why none of those that nobody waits for is written now."""

    estimate: Estimate | None
    waits: str


def _rest(web: Web, reader: Reader) -> Rest:
    model = vision_model(web)
    estimate = nights.estimate(reader, model.version) if model else None
    return Rest(estimate, nights.waits_for(reader, web.clock()))


def _stage(web: Web, count: StageCount, rest: Rest) -> StageView:
    name, does = NAMES[count.stage]
    open_jobs = _open(count)
    is_caption = count.stage == nights.STAGE
    missing = _missing(web, count.stage, rest) if open_jobs else ""
    lacks_model = bool(missing)
    state, picture = _state(count, lacks_model=lacks_model, waits=rest.waits if is_caption else "")
    left = wording.time_left(0 if count.paused or lacks_model else open_jobs, count.per_minute)
    estimate = rest.estimate if is_caption and not count.paused else None
    return StageView(
        stage=count.stage,
        name=name,
        does=does,
        state=state,
        picture=picture,
        all=open_jobs + count.done + count.failed,
        done=count.done,
        done_words=wording.number(count.done),
        waiting_words=wording.number(count.waiting + count.blocked),
        running=wording.number(count.running),
        failed=count.failed,
        per_minute=wording.number(count.per_minute),
        left=(nights.spell(estimate) or "–") if estimate else left,
        paused=count.paused,
        note=missing,
        estimate=nights.sentence(estimate) if estimate else "",
    )


def _missing(web: Web, stage: str, rest: Rest) -> str:
    """What a stage waits for that is not installed, and what to do; '' when it can go on."""
    if stage == nights.STAGE and rest.estimate is None:
        return f"Captions wait for a vision model; nothing else waits for them. {INSTALL_ONE}"
    if stage == "picture" and not picture_model(web):
        return f"This waits for a picture model; nothing else waits for it. {INSTALL_ONE}"
    return ""


def _state(count: StageCount, *, lacks_model: bool, waits: str) -> tuple[str, str]:
    """A word or two, and the icon beside it."""
    if count.paused:
        return "Paused", "pause"
    if lacks_model:
        return "Waiting for a model", "waiting"
    if count.running:
        return "Running", "indexing"
    if _open(count):
        return waits or "Waiting", "waiting"
    return ("Done", "done") if count.done else ("Nothing to do", "done")


def _failure(failure: Failure) -> FailureView:
    return FailureView(
        asset_id=failure.asset_id,
        file_name=failure.file_name,
        stage=failure.stage,
        name=NAMES[failure.stage][0] if failure.stage in NAMES else failure.stage,
        reason=failure.reason or "No reason was given.",
    )
