"""Installs and verifies models; `python -m appliance.adapters.models_install MODELS MODEL PARENT` does it for the web.

Gather, compare, make smaller, describe, and only then rename the finished folder to where the loader looks. Each step finds out
from the disk what an earlier try has done, so a kill at any moment costs the step that was running.
"""

import os
import shutil
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import msgspec

from appliance.adapters import models_entries, models_gather, models_jobs, process, sandbox_rules, text_models, vision_models
from appliance.adapters.models_catalogue import MANIFEST, file_sha256
from appliance.adapters.models_entries import Entry
from appliance.adapters.models_gather import Tell
from appliance.adapters.models_installed import faults, folder_of, remove_folder
from appliance.adapters.models_jobs import Job, Stopped
from appliance.adapters.models_recorded import recorded
from appliance.adapters.vision_models import Description, Files, ModelFile
from appliance.errors import MantelError, ModelRefused, WrongUsage

WRITE_SECONDS = 0.5
Watch = Callable[[Job], None]


def begin(
    models: Path, source: str, *, model: str = "", hosts: tuple[str, ...] = (), as_published: bool = False, confirmed: bool = False
) -> Job:
    """Note that a model is to be installed from `source`, a path of this machine or an address; return the job that waits.

    Raises WrongUsage when `source` is neither, or does not say which model it is.
    """
    source = models_gather.checked_source(source)
    entry = entry_of(source, model)
    if entry.comes_with:
        raise WrongUsage(what=f"{entry.title} comes with {entry.comes_with}; nobody installs it.")
    models_jobs.clear_stop(models, entry.name)
    job = Job(entry.name, source=source, hosts=hosts, as_published=as_published, confirmed=confirmed)
    return models_jobs.write(models, job)


def entry_of(source: str, model: str) -> Entry:
    """Return the model that `source` holds: the one called `model`, else the one that its files' names tell.

    A folder with a model.json of its own describes itself. Raises WrongUsage, ModelMissing, ModelWrong.
    """
    if describes_itself(source):
        return models_entries.described(Path(source))
    names = models_gather.named_files(source)
    if model:
        entry = models_entries.entry(model)
        if names and not any(file.name in names for file in entry.files):
            wanted = ", ".join(sorted(entry.needed))
            raise WrongUsage(what=f"{source} holds no file of {entry.title}; its files are {wanted}.")
        return entry
    found = [one for one in models_entries.known() if one.needed and one.needed & names]
    if len(found) != 1:
        known = ", ".join(one.name for one in models_entries.known() if one.files)
        raise WrongUsage(what=f"{source} does not say which model it is; name it with --model: {known}.")
    return found[0]


def describes_itself(source: str) -> bool:
    """Is `source` a folder with a model.json of its own?"""
    return not models_gather.is_address(source) and (Path(source) / MANIFEST).is_file()


def carry_out(models: Path, model: str, watch: Watch = lambda job: None) -> Job:
    """Do what the job of `model` says, telling `watch` now and then; return how it ended. Its file tells the same.

    For who holds the lock (models_jobs.alone). Raises WrongUsage when there is no such job.
    """
    job = models_jobs.read(models, model)
    if job is None:
        raise WrongUsage(what=f"Nothing is to be done with {model}.")
    if job.starts >= models_jobs.MOST_STARTS:
        said = f"Its process was ended {job.starts} times; perhaps the memory is too small."
        return models_jobs.write(models, _ended(job, "failed", said))
    job = models_jobs.write(models, msgspec.structs.replace(job, state="running", said="", starts=job.starts + 1))
    steps = {"install": _install, "verify": _verify}
    try:
        ended = steps[job.task](models, job, _teller(models, job, watch))
    except (Stopped, KeyboardInterrupt):
        ended = _ended(job, "stopped", "Stopped. What arrived is kept; start again to go on.")
    except MantelError as error:
        ended = _ended(job, "failed", str(error))
    except OSError as error:
        ended = _ended(job, "failed", f"{error.filename or 'A file'} could not be used: {error.strerror}. What arrived is kept.")
    return models_jobs.write(models, ended)


def _ended(job: Job, state: models_jobs.State, said: str) -> Job:
    return msgspec.structs.replace(job, state=state, said=said, doing="", done=0, total=0, starts=0)


def _teller(models: Path, job: Job, watch: Watch) -> Tell:
    """Keep the job's file in step, not at every byte."""
    last = ("", 0.0)

    def tell(doing: str, done: int, total: int) -> None:
        nonlocal last
        if models_jobs.should_stop(models, job.model):
            models_jobs.clear_stop(models, job.model)
            raise Stopped
        if doing != last[0] or time.monotonic() - last[1] > WRITE_SECONDS:
            last = (doing, time.monotonic())
            watch(models_jobs.write(models, msgspec.structs.replace(job, doing=doing, done=done, total=total)))

    return tell


def _install(models: Path, job: Job, tell: Tell) -> Job:
    entry = entry_of(job.source, job.model)
    folder = models_jobs.parts(models, entry.name)
    if missing := models_gather.gather(folder, entry, job.source, job.hosts, tell):
        return _ended(job, "needs", f"{entry.title} still needs {' and '.join(missing)}. Install that file too.")
    tell("Checking", 0, 0)
    files = [file.name for file in entry.files if (folder / file.name).exists()]
    hashes = {name: file_sha256(folder / name) for name in files}
    unknown = {name: hashes[name] for name in files if not _file(entry, name).sha256}
    if unknown and not job.confirmed:
        said = f"Mantel knows no published SHA-256 of {', '.join(unknown)}. Compare with the publisher's, then confirm."
        return msgspec.structs.replace(_ended(job, "confirm", said), hashes=unknown)
    record: dict[str, str | int | float] = {"published as": entry.published_as} if entry.published_as else {}
    if unknown:
        record["SHA-256 recorded at installation, not published"] = ", ".join(unknown)
    if entry.kind == "picture-embedder" and not describes_itself(job.source):
        _export(folder / "new", entry, tell)
    else:
        _lay_out(folder / "new", *_describe(folder, entry, job, hashes, record, tell))
    _place(models, folder, entry)
    source = job.source.partition("?")[0]  # what stands behind it may be a secret, and has done its work
    return msgspec.structs.replace(_ended(job, "done", f"{entry.title} is installed."), source=source)


def _file(entry: Entry, name: str) -> models_entries.CatalogueFile:
    return next(file for file in entry.files if file.name == name)


def _describe(
    folder: Path, entry: Entry, job: Job, hashes: dict[str, str], record: dict[str, str | int | float], tell: Tell
) -> tuple[bytes, list[Path]]:
    """Return the model.json to write and the files that belong beside it."""
    if describes_itself(job.source):
        return (Path(job.source) / MANIFEST).read_bytes(), [folder / name for name in hashes]
    text = folder / next(file.name for file in entry.files if file.role == "text")
    if entry.text:
        return _described_text(entry, entry.text, ModelFile(text.name, hashes[text.name]), record), [text]
    recipe = entry.vision
    if recipe is None:
        raise WrongUsage(what=f"{entry.title} is no model that llama.cpp loads.")
    projector = folder / next(file.name for file in entry.files if file.role == "projector")
    text_sha256 = hashes[text.name]
    if recipe.quantise and not job.as_published:
        record |= {
            "made from": text.name,
            "SHA-256 of that": text_sha256,
            "made by": f"llama-cpp-python {version('llama-cpp-python')}",
        }
        text = _smaller(folder, entry, text, tell)
        text_sha256 = file_sha256(text)
    description = Description(
        name=entry.name,
        purpose=vision_models.PURPOSE,
        licence=entry.licence,
        handler=recipe.handler,
        files=Files(ModelFile(text.name, text_sha256), ModelFile(projector.name, hashes[projector.name])),
        prompts=recipe.prompts,
        n_ctx=recipe.n_ctx,
        kv_overrides=recipe.kv_overrides,
        sample=recipe.sample,
        record=record,
    )
    return msgspec.json.encode(description), [text, projector]


def _described_text(entry: Entry, form: models_entries.Form, file: ModelFile, record: dict[str, str | int | float]) -> bytes:
    """Return the model.json of a text model."""
    description = text_models.Description(
        name=entry.name,
        purpose=text_models.PURPOSE,
        licence=entry.licence,
        handler=form.handler,
        files=text_models.Files(file),
        prompts=form.prompts,
        n_ctx=form.n_ctx,
        kv_overrides=form.kv_overrides,
        record=record,
    )
    return msgspec.json.encode(description)


def _smaller(folder: Path, entry: Entry, text: Path, tell: Tell) -> Path:
    """Let llama.cpp quantise `text`, in a process that may touch nothing else; return the new file."""
    kind = entry.vision.quantise if entry.vision else ""
    made = folder / f"{entry.name}-{kind}.gguf"
    if made.exists():
        return made
    scratch = folder / "smaller"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir()
    words = process.python(
        "appliance.adapters.vision_quantise", text, scratch / made.name, kind, str(os.cpu_count() or 1), str(os.getpid())
    )

    def hear(line: str) -> None:
        said = line.split()
        done, total = (int(said[1]), int(said[2])) if len(said) == 3 and said[0] == "progress" else (0, 0)
        tell(f"Making the text model smaller ({kind})", done, total)

    code, said = models_gather.run_child(words, hear)
    if code:
        raise ModelRefused(model=entry.title, reason=f"{text.name} could not be made smaller: {said}")
    _sync(scratch / made.name)
    (scratch / made.name).rename(made)
    return made


def _lay_out(new: Path, description: bytes, files: list[Path]) -> None:
    """Put what belongs together into the folder `new`."""
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir()
    for file in files:
        (new / file.name).hardlink_to(file)
    (new / MANIFEST).write_bytes(msgspec.json.format(description, indent=2))


def _export(new: Path, entry: Entry, tell: Tell) -> None:
    """Let the program that prepares picture models make `new` of the files beside it."""
    shutil.rmtree(new, ignore_errors=True)
    words = process.python("appliance.adapters.picture_export", "export", new.parent, new)
    code, said = models_gather.run_child(words, lambda _: tell("Preparing it for this machine", 0, 0))
    if "No module named" in said:
        said = "that needs torch, transformers and sentencepiece, which “make run” installs; a folder prepared elsewhere needs none"
    if code:
        raise ModelRefused(model=entry.title, reason=f"it could not be prepared: {said}")


def _place(models: Path, folder: Path, entry: Entry) -> None:
    """Put the finished folder where the loader looks, in one rename; what was there before is gone after it."""
    new, old, home = folder / "new", folder / "old", models / entry.name
    for path in (*new.iterdir(), new):
        _sync(path)
    shutil.rmtree(old, ignore_errors=True)
    if home.exists():
        home.rename(old)
    new.rename(home)
    _sync(models)
    shutil.rmtree(folder, ignore_errors=True)


def _sync(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _verify(models: Path, job: Job, tell: Tell) -> Job:
    if found := faults(models, job.model, tell):
        return _ended(job, "failed", f"{found[0]}. Install {job.model} again.")
    return _ended(job, "done", "Every file is as it was installed.")


def verify(models: Path, model: str) -> Job:
    """Note that the files of `model` are to be compared with their SHA-256. Raises ModelMissing, ModelWrong, WrongUsage."""
    before = models_jobs.read(models, model)
    if before and before.state in ("waiting", "running"):
        raise WrongUsage(what=f"{model} is being worked on already.")
    recorded(folder_of(models, model))
    models_jobs.clear_stop(models, model)
    return models_jobs.write(models, Job(model, task="verify"))


def wait_again(models: Path, job: Job, *, confirmed: bool = False) -> None:
    """Note that `job` is to be gone on with; nothing to do when it is waiting or at work already."""
    if job.state not in ("waiting", "running", "done"):
        models_jobs.clear_stop(models, job.model)
        again = msgspec.structs.replace(job, state="waiting", said="", starts=0, hashes={}, confirmed=job.confirmed or confirmed)
        models_jobs.write(models, again)


def remove(models: Path, model: str) -> None:
    """Take `model` away, with what was gathered for it. Raises WrongUsage when it is not here or being installed now."""
    with models_jobs.alone(models):
        here = remove_folder(models, model)
        gathered = models_jobs.parts(models, model)
        if not here and not gathered.exists() and models_jobs.read(models, model) is None:
            raise WrongUsage(what=f"{model} is not installed.")
        shutil.rmtree(gathered, ignore_errors=True)
        models_jobs.forget(models, model)


def main(arguments: list[str]) -> int:
    """For the web's background: carry one job out and end with whoever started us; 0 when its file tells how it ended."""
    models, model, parent = arguments
    sandbox_rules.die_with(int(parent))
    os.nice(10)
    try:
        with models_jobs.alone(Path(models)):
            carry_out(Path(models), model)
    except MantelError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
