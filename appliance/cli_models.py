"""mantel models: list, install, verify, remove."""

import argparse
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from appliance.adapters import models_install, models_installed, models_jobs
from appliance.adapters.embedder import MODEL
from appliance.adapters.models_jobs import Job
from appliance.cli_output import DONE, FAILED, IN_PART, Output, plain, table
from appliance.errors import MantelError, WrongUsage
from appliance.settings import Settings
from appliance.store.layout import Layout

CODES = {"done": DONE, "needs": IN_PART}


def run(words: argparse.Namespace, settings: Settings, output: Output) -> int:
    models = Layout(settings.home).models
    if words.verb in ("install", "remove") and not words.what:
        raise WrongUsage(what=f"“mantel models {words.verb}” needs to be told what.")
    return {"list": _list, "install": _install, "verify": _verify, "remove": _remove}[words.verb](words, models, output)


def _list(words: argparse.Namespace, models: Path, output: Output) -> int:
    found = models_installed.every(models, MODEL)
    head = ("name", "state", "size", "licence", "purpose")
    rows = [(one.name, one.state, f"{one.size / 1e6:.0f} MB", one.licence, one.purpose) for one in found]
    output.show([asdict(one) for one in found], table([head, *rows]))
    return DONE


def _install(words: argparse.Namespace, models: Path, output: Output) -> int:
    models.mkdir(parents=True, exist_ok=True, mode=0o700)
    with models_jobs.alone(models):
        job = models_install.begin(
            models,
            words.what,
            model=words.model,
            hosts=tuple(words.also_from),
            as_published=words.as_published,
            confirmed=words.confirm,
        )
        entry = models_install.entry_of(job.source, job.model)
        if not output.as_json:
            print(plain(f"{entry.title}, by {entry.publisher}. Licence: {entry.licence}."), flush=True)
        job = models_install.carry_out(models, job.model, lambda job: output.note(f"{job.doing}{_share(job)}"))
    output.end_notes()
    document = {"name": job.model, "state": job.state, "said": job.said, "hashes": job.hashes, "licence": entry.licence}
    output.show(document, _lines(job))
    return CODES.get(job.state, FAILED)


def _share(job: Job) -> str:
    return f": {100 * job.done // job.total} %" if job.total else ""


def _lines(job: Job) -> Iterator[str]:
    yield plain(job.said)
    for name, sha256 in job.hashes.items():
        yield f"  {sha256}  {plain(name)}"
    if job.state == "confirm":
        yield "When they are right: the same command again with --confirm. What arrived is kept."


def _verify(words: argparse.Namespace, models: Path, output: Output) -> int:
    here = [one.name for one in models_installed.every(models, MODEL) if one.state != "missing"]
    names = [words.what] if words.what else here
    found = {name: _faults(models, name, output) for name in names}
    output.end_notes()
    document = [{"name": name, "state": "wrong" if faults else "installed", "faults": faults} for name, faults in found.items()]
    lines = [plain(f"{name}: {'; '.join(faults) or 'every file is as it was installed'}.") for name, faults in found.items()]
    output.show(document, lines or ["No model is installed."])
    return FAILED if any(found.values()) else DONE


def _faults(models: Path, name: str, output: Output) -> list[str]:
    """A model that cannot even be compared is at fault; one that was named and isn't here is an error of its own."""
    try:
        return models_installed.faults(models, name, lambda doing, done, total: output.note(f"{name}: {doing}"))
    except MantelError as error:
        if not models_installed.folder_of(models, name).exists():
            raise
        return [str(error).rstrip(".")]


def _remove(words: argparse.Namespace, models: Path, output: Output) -> int:
    models_install.remove(models, words.what)
    output.show({"name": words.what}, [plain(f"{words.what} is removed. What it wrote is kept: captions stay with their photos.")])
    return DONE
