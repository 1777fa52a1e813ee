"""What is being done to a model: one small file a model below `models/.jobs`, written anew at each step.

Whoever starts, carries out and shows the work meets here: the command line, the Models page and the process that installs.
A model's folder is whole without any database, so that an image can be built with models in it. One install runs at a time:
it holds a lock, which the kernel lets go when its process ends, however that ends.
"""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import msgspec

from appliance.errors import WrongUsage

JOBS = ".jobs"
PARTS = ".parts"
MOST_STARTS = 3  # an install that takes its process down with it is not tried for ever

State = Literal["waiting", "running", "needs", "confirm", "failed", "stopped", "done"]
Task = Literal["install", "verify"]


class Job(msgspec.Struct, frozen=True):
    """`source`: the absolute path, or the http(s) address, that the owner typed. `hosts`: other machines to which that address
    may send on. `confirmed`: of files whose SHA-256 nobody published, the owner has compared it or does without.

    `needs`: a file is still missing; `confirm`: the owner has to look at `hashes` first; `said` is the sentence for people.
    `done` of `total` bytes or steps; `at`: milliseconds since 1970 UTC.
    """

    model: str
    task: Task = "install"
    source: str = ""
    hosts: tuple[str, ...] = ()
    as_published: bool = False
    confirmed: bool = False
    state: State = "waiting"
    doing: str = ""
    done: int = 0
    total: int = 0
    said: str = ""
    hashes: dict[str, str] = {}
    starts: int = 0
    at: int = 0


class Stopped(Exception):
    """The owner said stop."""


def now() -> int:
    """Milliseconds since 1970 UTC."""
    return time.time_ns() // 1_000_000


def parts(models: Path, model: str) -> Path:
    """Where the files of `model` are gathered; nothing below it is ever loaded."""
    return models / PARTS / Path(model).name


def write(models: Path, job: Job) -> Job:
    """Keep `job`, whole or not at all; only our user may read it, since an address may hold a secret."""
    file = _file(models, job.model)
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_private(file, msgspec.json.encode(msgspec.structs.replace(job, at=now())))
    return job


def write_private(file: Path, content: bytes) -> None:
    """Write `file` whole or not at all, for our user's eyes only."""
    scratch = file.with_name(f"{file.name}.{os.getpid()}.new")
    scratch.touch(mode=0o600)
    scratch.write_bytes(content)
    scratch.replace(file)


def read(models: Path, model: str) -> Job | None:
    """Return what is known about `model`, or None; what cannot be read is nothing."""
    try:
        return msgspec.json.decode(_file(models, model).read_bytes(), type=Job)
    except (OSError, msgspec.MsgspecError):
        return None


def every(models: Path) -> list[Job]:
    """Return every job there is, by its model's name."""
    found = (read(models, file.stem) for file in sorted((models / JOBS).glob("*.json")))
    return [job for job in found if job is not None]


def forget(models: Path, model: str) -> None:
    _file(models, model).unlink(missing_ok=True)
    _stop_mark(models, model).unlink(missing_ok=True)


def ask_to_stop(models: Path, model: str) -> None:
    """Whoever carries the job out looks for this mark at every step."""
    _stop_mark(models, model).touch()


def should_stop(models: Path, model: str) -> bool:
    return _stop_mark(models, model).exists()


def clear_stop(models: Path, model: str) -> None:
    _stop_mark(models, model).unlink(missing_ok=True)


def is_running(models: Path) -> bool:
    """Does some process carry out a job now?"""
    try:
        with alone(models):
            return False
    except WrongUsage:
        return True


@contextlib.contextmanager
def alone(models: Path) -> Iterator[None]:
    """Hold the lock of all jobs. Raises WrongUsage when another process holds it."""
    (models / JOBS).mkdir(parents=True, exist_ok=True, mode=0o700)
    with (models / JOBS / "lock").open("w") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise WrongUsage(what="Another model is being installed or verified; one goes at a time.") from None
        yield


def _file(models: Path, model: str) -> Path:
    return models / JOBS / f"{Path(model).name}.json"


def _stop_mark(models: Path, model: str) -> Path:
    return models / JOBS / f"{Path(model).name}.stop"
