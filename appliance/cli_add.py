"""mantel add: files and folders are copied in; the files themselves stay as they are."""

import argparse
import os
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from appliance.adapters import sandbox_rules
from appliance.cli_library import clock, opened
from appliance.cli_output import DONE, FAILED, IN_PART, Output, plain
from appliance.errors import FileRefused, SidecarFile, WrongUsage
from appliance.indexing import pipeline
from appliance.library import leftovers
from appliance.library.ingest import Taken
from appliance.library.names import readable
from appliance.settings import Settings
from appliance.store.db import Writer
from appliance.worker import Worker

WAITED_FOR = 20
"""Priority of jobs that somebody waits for at a terminal; a person in the browser still goes first."""


@dataclass(slots=True)
class Summary:
    """What became of each file, in the order in which they were found."""

    taken: list[tuple[Path, Taken]] = field(default_factory=list)
    refused: list[tuple[Path, str]] = field(default_factory=list)
    sidecars: list[Path] = field(default_factory=list)

    def count(self, outcome: str) -> int:
        return sum(1 for _, taken in self.taken if taken.outcome == outcome)


def run(words: argparse.Namespace, settings: Settings, output: Output) -> int:
    if words.parent:
        sandbox_rules.die_with(words.parent)
    for path in words.paths:
        if not path.exists():
            raise WrongUsage(what=f"There is no {path}.")
    with opened(settings, make=True) as (store, layout), closing(Worker(settings, store, layout)) as worker:
        leftovers.sweep(store, layout, worker.intake, clock())
        files = [file for path in words.paths for file in found(path, leave_out=settings.home.resolve())]
        summary = _take_all(worker, files, settings.decoders + 1, WAITED_FOR if words.wait else 0, output)
        if words.wait:
            _wait(worker, {taken.asset_id for _, taken in summary.taken}, output)
    output.show(_document(summary), _lines(summary))
    if not summary.refused:
        return DONE
    return IN_PART if summary.taken else FAILED


def found(path: Path, *, leave_out: Path) -> Iterator[Path]:
    """Yield `path`, or the files below it in order of name; no hidden ones, through no link, and nothing below `leave_out`."""
    if not path.is_dir():
        yield path.resolve()
        return
    for folder, folders, names in os.walk(path.resolve()):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and Path(folder, name) != leave_out)
        for name in sorted(names):
            file = Path(folder, name)
            if not name.startswith(".") and not file.is_symlink():
                yield file


def _take_all(worker: Worker, files: list[Path], threads: int, priority: int, output: Output) -> Summary:
    """Take every file in, several at once. What stops one file is told; what stops all (no room) is raised at once."""
    summary = Summary()
    stopped = threading.Event()
    with ThreadPoolExecutor(threads, thread_name_prefix="add") as pool:
        futures = [pool.submit(partial(_take, worker, file, priority, stopped)) for file in files]
        try:
            for number, (file, future) in enumerate(zip(files, futures, strict=True), 1):
                _enter(summary, file, future)
                output.note(f"{number} of {len(files)}")
        except BaseException:
            stopped.set()
            raise
        finally:
            output.end_notes()
    return summary


def _take(worker: Worker, file: Path, priority: int, stopped: threading.Event) -> Taken:
    if stopped.is_set():
        raise FileRefused(name=file.name, reason="adding was stopped before its turn")

    def also(writer: Writer, _: Taken) -> None:
        worker.fold(writer)

    return worker.intake.take(file, file_name=readable(file.name), added_by=None, now=clock(), priority=priority, also=also)


def _enter(summary: Summary, file: Path, future: "Future[Taken]") -> None:
    try:
        summary.taken.append((file, future.result()))
    except SidecarFile:
        summary.sidecars.append(file)
    except FileRefused as error:
        summary.refused.append((file, str(error.facts["reason"])))
    except FileNotFoundError:
        summary.refused.append((file, "it was gone before its turn"))


def _wait(worker: Worker, asset_ids: set[int], output: Output) -> None:
    """Work here, beside any other worker, until the stages that can be worked on are done for these assets."""

    def finished() -> bool:
        left = worker.open_jobs(pipeline.STAGES, asset_ids)
        output.note(f"{left} jobs left")
        return not left

    worker.run(finished)
    output.end_notes()


def _document(summary: Summary) -> dict[str, Any]:
    return {
        "added": summary.count("added"),
        "already_here": summary.count("already_here"),
        "refused": [{"path": readable(str(path)), "reason": reason} for path, reason in summary.refused],
        "sidecars": [readable(str(path)) for path in summary.sidecars],
        "assets": [{"id": taken.asset_id, "path": readable(str(path)), "sha256": taken.sha256} for path, taken in summary.taken],
    }


def _lines(summary: Summary) -> Iterator[str]:
    yield f"{summary.count('added')} added, {summary.count('already_here')} already here, {len(summary.refused)} refused."
    for path, reason in summary.refused:
        yield plain(f"  {readable(str(path))}: {reason}")
