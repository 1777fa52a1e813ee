"""mantel index, mantel worker."""

import argparse
import signal
from contextlib import closing
from dataclasses import asdict

from appliance.adapters import picture_model, sandbox_rules, vision_models
from appliance.adapters.models_catalogue import text_embedder_folder
from appliance.cli_library import clock, opened
from appliance.cli_output import AGAIN, DONE, IN_PART, Output, table
from appliance.errors import ModelMissing, ModelWrong, WrongUsage
from appliance.indexing import nights, pipeline
from appliance.indexing.nights import Estimate
from appliance.settings import Settings
from appliance.store import queue
from appliance.store.db import Reader, Store
from appliance.store.layout import Layout
from appliance.store.queue import StageCount
from appliance.worker import Worker, be_modest


def run(words: argparse.Namespace, settings: Settings, output: Output) -> int:
    if words.command == "worker":
        return _work(words, settings)
    for stage in (words.stage, words.pause, words.resume):
        if stage is not None and stage not in pipeline.STAGES:
            raise WrongUsage(what=f"“{stage}” is not a stage; there are {', '.join(pipeline.STAGES)}.")
    stages = [words.stage] if words.stage else list(pipeline.STAGES)
    with opened(settings) as (store, layout):
        _steer(words, store)
        if words.wait:
            _wait(settings, store, layout, stages, output)
        with store.read() as reader:
            counts = queue.counts(reader, [stage for stage in stages if stage in pipeline.shown(reader)], now=clock())
            rest = _rest(reader, settings, layout)
    waits = {count.stage: _waits_for(count, settings, layout) for count in counts}
    document = [asdict(count) | {"waits_for": waits[count.stage]} for count in counts]
    for stage in document:
        if stage["stage"] == nights.STAGE:
            stage["days_left"] = rest.days if rest else None
    output.show({"stages": document}, _lines(counts, waits, nights.sentence(rest) if rest else ""))
    return IN_PART if words.wait and any(count.failed for count in counts) else DONE


def _steer(words: argparse.Namespace, store: Store) -> None:
    with store.write() as writer:
        if words.pause:
            queue.pause(writer, words.pause, now=clock())
        if words.resume:
            queue.resume(writer, words.resume)
        if words.retry_failed:
            queue.retry_failed(writer, words.stage)


def _wait(settings: Settings, store: Store, layout: Layout, stages: list[str], output: Output) -> None:
    with closing(Worker(settings, store, layout)) as worker:

        def finished() -> bool:
            left = worker.open_jobs(stages)
            output.note(f"{left} jobs left")
            return not left

        worker.run(finished, stages=stages)
        output.end_notes()


def _waits_for(count: StageCount, settings: Settings, layout: Layout) -> str | None:
    """Return "model" when what is left of this stage cannot be done before a model is installed."""
    if count.stage not in ("caption", "embedding", "picture") or not count.waiting + count.running + count.blocked:
        return None
    try:
        if count.stage == "caption":
            vision_models.find(layout.models, settings.vision_model)
        elif count.stage == "picture":
            picture_model.manifest_of(picture_model.folder_of(layout.models))
        else:
            text_embedder_folder(layout.models)
    except (ModelMissing, ModelWrong):
        return "model"
    return None


def _rest(reader: Reader, settings: Settings, layout: Layout) -> Estimate | None:
    """How long the captions that are left take; None without a model that writes them."""
    try:
        return nights.estimate(reader, vision_models.find(layout.models, settings.vision_model).version)
    except (ModelMissing, ModelWrong):
        return None


def _lines(counts: list[StageCount], waits: dict[str, str | None], rest: str) -> list[str]:
    head = ("stage", "done", "to do", "running", "failed", "a minute", "")
    said = {count.stage: _state(count, waits[count.stage], rest if count.stage == nights.STAGE else "") for count in counts}
    rows = [(c.stage, c.done, c.waiting + c.blocked, c.running, c.failed, c.per_minute, said[c.stage]) for c in counts]
    return table([head, *rows])


def _state(count: StageCount, waits_for: str | None, rest: str) -> str:
    """The words of the Indexing page."""
    if count.paused:
        return "Paused"
    return f"Waiting for a {waits_for}" if waits_for else rest


def _work(words: argparse.Namespace, settings: Settings) -> int:
    """Index until SIGTERM or Ctrl-C, or until there is something to forget."""
    if words.parent:
        sandbox_rules.die_with(words.parent)
    be_modest()
    with opened(settings, make=True) as (store, layout), closing(Worker(settings, store, layout)) as worker:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: worker.stop())
        worker.run()
        return AGAIN if worker.begins_again else DONE
