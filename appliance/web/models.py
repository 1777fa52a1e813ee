"""Models: what each gives, under which licence, what is missing without it; installed, verified and removed by the owner."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from litestar import Response, get, post
from litestar.response import Redirect

from appliance.accounts.viewer import Family, Owner
from appliance.adapters import (
    models_entries,
    models_gather,
    models_install,
    models_installed,
    models_jobs,
    vision_gpu,
    vision_models,
)
from appliance.adapters.embedder import MODEL
from appliance.adapters.models_catalogue import InstalledModel
from appliance.adapters.models_entries import Entry
from appliance.adapters.models_jobs import Job
from appliance.adapters.vision_gpu import GpuState
from appliance.errors import ModelMissing, ModelWrong, NotFound, WrongUsage
from appliance.web import wording
from appliance.web.contexts_models import ModelCard, ModelsPage
from appliance.web.installed import text_model, vision_model
from appliance.web.parameters import Form, TheWeb, Viewing
from appliance.web.rendering import fragment, page
from appliance.web.security import only_owner
from appliance.web.sessions_middleware import Asked
from appliance.web.state import Web

STATES = {"installed": ("Installed", "done"), "missing": ("Not installed", "waiting"), "wrong": ("Damaged", "warning")}
LONGEST_SOURCE = 4000


@dataclass(frozen=True, slots=True)
class InstallForm:
    """`source`: a path on the box, or an address. `hosts`: machines to which the address may send on, with commas between."""

    source: str = ""
    model: str = ""
    hosts: str = ""
    as_published: bool = False


@dataclass(frozen=True, slots=True)
class ModelForm:
    model: str = ""


@get("/models", sync_to_thread=True)
def models_page(request: Asked, web: TheWeb, viewer: Viewing) -> Response[Any]:
    return page(request, "models/page.html", _context(web, viewer))


@get("/models/list", sync_to_thread=True)
def models_list(request: Asked, web: TheWeb, viewer: Viewing) -> Response[Any]:
    return fragment(request, "models/_list.html", _context(web, viewer))


@post("/models/install", guards=[only_owner], sync_to_thread=True)
def install_model(request: Asked, web: TheWeb, viewer: Viewing, data: Form[InstallForm]) -> Response[Any]:
    """What cannot begin is said beside what was typed."""
    hosts = tuple(host.strip() for host in data.hosts.split(",") if host.strip())
    source = data.source.strip()
    try:
        if not source or len(source) > LONGEST_SOURCE:
            raise WrongUsage(what="Type the path of a file or folder on this box, or an address.")
        name = models_install.entry_of(models_gather.checked_source(source), data.model).name
        _not_at_work(web, name)
        models_install.begin(web.layout.models, source, model=data.model, hosts=hosts, as_published=data.as_published)
    except (WrongUsage, ModelMissing, ModelWrong, OSError) as error:
        return page(request, "models/page.html", _context(web, viewer, data, str(error)), status=422)
    return Redirect("/models", status_code=303)


@post("/models/again", guards=[only_owner], sync_to_thread=True)
def install_again(request: Asked, web: TheWeb, viewer: Viewing, data: Form[ModelForm]) -> Response[Any]:
    """Go on with what was stopped or has failed."""
    job = _job(web, data.model)
    models_install.wait_again(web.layout.models, job)
    return _answer(request, web, viewer)


@post("/models/confirm", guards=[only_owner], sync_to_thread=True)
def confirm_model(request: Asked, web: TheWeb, viewer: Viewing, data: Form[ModelForm]) -> Response[Any]:
    """The owner has compared the hashes that are shown."""
    job = _job(web, data.model)
    models_install.wait_again(web.layout.models, job, confirmed=True)
    return _answer(request, web, viewer)


@post("/models/stop", guards=[only_owner], sync_to_thread=True)
def stop_model(request: Asked, web: TheWeb, viewer: Viewing, data: Form[ModelForm]) -> Response[Any]:
    models_jobs.ask_to_stop(web.layout.models, _job(web, data.model).model)
    return _answer(request, web, viewer)


@post("/models/verify", guards=[only_owner], sync_to_thread=True)
def verify_model(request: Asked, web: TheWeb, viewer: Viewing, data: Form[ModelForm]) -> Response[Any]:
    models_install.verify(web.layout.models, _known(web, data.model))
    return _answer(request, web, viewer)


@post("/models/remove", guards=[only_owner], sync_to_thread=True)
def remove_model(request: Asked, web: TheWeb, viewer: Viewing, data: Form[ModelForm]) -> Response[Any]:
    models_install.remove(web.layout.models, _known(web, data.model))
    return _answer(request, web, viewer)


def _job(web: Web, model: str) -> Job:
    job = models_jobs.read(web.layout.models, _known(web, model))
    if job is None:
        raise NotFound
    return job


def _known(web: Web, model: str) -> str:
    names = {one.name for one in models_installed.every(web.layout.models, MODEL)}
    if model not in names | {job.model for job in models_jobs.every(web.layout.models)}:
        raise NotFound
    return model


def _not_at_work(web: Web, name: str) -> None:
    job = models_jobs.read(web.layout.models, name)
    if job and job.state in ("waiting", "running"):
        raise WrongUsage(what=f"{name} is being worked on already.")


def _answer(request: Asked, web: Web, viewer: Family) -> Response[Any]:
    if request.headers.get("hx-request"):
        return fragment(request, "models/_list.html", _context(web, viewer))
    return Redirect("/models", status_code=303)


def _context(web: Web, viewer: Family, typed: InstallForm | None = None, fault: str = "") -> ModelsPage:
    jobs = {job.model: job for job in models_jobs.every(web.layout.models)}
    here = models_installed.every(web.layout.models, MODEL)
    used = {model.folder.name for model in (vision_model(web), text_model(web)) if model}
    known = {one.name: one for one in models_entries.known()}
    cards = [_card(web, one, known.get(one.name), jobs.get(one.name), used) for one in here]
    gpu = GpuState(True, "") if web.settings.vision_address else _gpu(web)
    typed = typed or InstallForm()
    return ModelsPage(
        cards=tuple(cards),
        busy=any(job.state in ("waiting", "running") for job in jobs.values()),
        may_steer=isinstance(viewer, Owner),
        choices=tuple((one.name, one.title) for one in known.values() if one.files),
        source=typed.source,
        model=typed.model,
        hosts=typed.hosts,
        as_published=typed.as_published,
        fault=fault,
        choose="" if web.settings.vision_address else _choose(web),
        elsewhere=urlsplit(web.settings.vision_address).hostname or "",
        gpu=gpu.detail,
        gpu_fix=gpu.fix,
    )


def _gpu(web: Web) -> GpuState:
    """The vision process alone sees the GPU, so it is asked when there is something to ask."""
    layers, built = web.settings.vision_gpu_layers, vision_gpu.built_for()
    return vision_gpu.state(layers, built, web.vision.gpu_missing() if layers > 0 and built else None)


def _choose(web: Web) -> str:
    """With several vision models the owner says which."""
    if all(model.description.sample for model in vision_models.installed(web.layout.models)):
        return ""
    try:
        vision_models.find(web.layout.models, web.settings.vision_model)
    except (ModelMissing, ModelWrong) as error:
        return str(error)
    return ""


def _card(web: Web, model: InstalledModel, entry: Entry | None, job: Job | None, used: set[str]) -> ModelCard:
    state, picture = STATES[model.state]
    at_work = job is not None and job.state in ("waiting", "running")
    ours = entry is None or not entry.comes_with
    return ModelCard(
        name=model.name,
        title=entry.title if entry else model.name,
        purpose=model.purpose[0].upper() + model.purpose[1:] + ".",
        state=state if not at_work else "Waiting" if job and job.state == "waiting" else "Working",
        picture=picture if not at_work else "indexing",
        in_use=model.name in used,
        licence=model.licence,
        size=wording.size(model.size) if model.size else "size not known",
        gives=entry.gives if entry else "",
        without=entry.without if entry and model.state != "installed" else "",
        facts=_facts(entry),
        doing=(job.doing or "Waiting for its turn") if job and at_work else "",
        done=job.done if job else 0,
        total=job.total if job else 0,
        progress=_progress(job) if job and at_work else "",
        said=job.said if job and not at_work else "",
        bad=job is not None and job.state == "failed",
        fine=job is not None and job.state == "done",
        hashes=tuple(job.hashes.items()) if job and job.state == "confirm" else (),
        can_go_on=job is not None and job.task == "install" and job.state in ("stopped", "failed"),
        can_stop=at_work,
        can_verify=model.state != "missing" and not at_work,
        can_remove=ours and model.state != "missing" and not at_work,
        can_discard=model.state == "missing" and job is not None and not at_work,
    )


def _progress(job: Job) -> str:
    if not job.total:
        return ""
    if job.total < 100_000:  # steps, not bytes
        return f"{wording.number(job.done)} of {wording.number(job.total)}"
    return f"{wording.size(job.done)} of {wording.size(job.total)}"


def _facts(entry: Entry | None) -> tuple[tuple[str, str], ...]:
    if entry is None:
        return ()
    comes = (("Comes with", entry.comes_with),) if entry.comes_with else ()
    who = (("Publisher", entry.publisher), ("Published as", entry.published_as))
    return (*who, *comes, ("Memory", entry.memory), ("Speed", entry.speed))
