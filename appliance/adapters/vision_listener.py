"""The vision process itself: `python -m appliance.adapters.vision_listener …`, started by vision_server.serve.

One thread accepts, one thread a connection reads, and the main thread alone touches the models, of which one is loaded at a time.
A crash of a model ends the process and costs the one request that was running; whoever started it starts it again. The sandbox
shows it the models that were installed when it started; when another is, it ends as soon as nobody waits, and starts with that.
"""

import argparse
import contextlib
import os
import select
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO

from appliance.adapters import (
    sandbox_rules,
    text_models,
    vision_answers,
    vision_forms,
    vision_gpu,
    vision_models,
    vision_prompt,
    vision_remote,
)
from appliance.adapters.rgb import Rgb
from appliance.adapters.text_models import TextModel
from appliance.adapters.vision_engine import Stopped, TooLong
from appliance.adapters.vision_models import VisionModel
from appliance.adapters.vision_protocol import (
    ANSWER_CHARACTERS,
    Answer,
    Cause,
    Done,
    Operation,
    Piece,
    Refusal,
    Request,
    Reuse,
    Status,
    line_of,
    read_request,
    short_address,
)
from appliance.adapters.vision_queue import Job, PeerGone, Queue
from appliance.adapters.vision_remote import Remote
from appliance.adapters.vision_source import Away, Blind, Local, Looker, Source, Words
from appliance.adapters.vision_text import TextEngine
from appliance.adapters.vision_watchdog import Watchdog
from appliance.errors import MantelError, ModelWrong, WrongUsage

MOST_CONNECTIONS = 16
ROOM_MB = 4096  # address space beside the model's files: the context, the libraries, pictures on their way
SECONDS_TO_SPEAK = 30.0  # for a peer to send its request, or to take a piece of an answer
LEAST_ANSWER = 48  # tokens: facts make room for so many
YES = (" Yes", "Yes", " yes", "yes")
NO = (" No", "No", " no", "no")
HUNG = 70  # the exit code
LOOK_SECONDS = 5.0  # at whether other models were installed
KEPT_FOR_A_PERSON = 60.0  # seconds: a picture that was asked about is not thrown out for a sentence
Connection = socket.socket


class Server:
    """Holds the queue and, while there is work, one of the models."""

    def __init__(
        self,
        source: Source,
        idle_seconds: float,
        watchdog: Watchdog,
        *,
        words: Words | None = None,
        is_stale: Callable[[], bool] = lambda: False,
    ) -> None:
        self._source, self._idle_seconds, self._watchdog = source, idle_seconds, watchdog
        self._words, self._is_stale = words, is_stale
        self._queue = Queue()
        self._room = threading.BoundedSemaphore(MOST_CONNECTIONS)
        self._engine: Looker | None = None
        self._reader: TextEngine | None = None
        self._asked_at = -KEPT_FOR_A_PERSON
        self._busy = False

    def accept(self, listening: socket.socket) -> None:
        """Take connections for ever; for a thread of its own."""
        while True:
            connection, _ = listening.accept()
            connection.settimeout(SECONDS_TO_SPEAK)
            if self._room.acquire(blocking=False):
                threading.Thread(target=self._converse, args=(connection,), daemon=True).start()
            else:
                with connection, contextlib.suppress(OSError):
                    connection.sendall(line_of(Refusal(Cause.BUSY, "too many requests are waiting")))

    def work(self) -> None:
        """Answer jobs one at a time, until other models were installed; unload the model after idle_seconds without one."""
        idle_since = time.monotonic()
        while not self._is_stale() or self._queue.waiting():
            job = self._queue.take(min(self._idle_seconds, LOOK_SECONDS))
            if job is None:
                if time.monotonic() - idle_since >= self._idle_seconds:
                    self._unload()
                continue
            self._busy = True
            if not self._answered(job):
                self._queue.put_back(job)
            self._busy = False
            idle_since = time.monotonic()

    def _unload(self) -> None:
        for model in (self._engine, self._reader):
            if model is not None:
                model.close()
        self._engine = self._reader = None

    def _answered(self, job: Job) -> bool:
        """Answer `job`; returns False when it made way for another."""
        try:
            job.send(self._said(job))
        except Stopped:
            if not job.gone.is_set():
                return False
        except PeerGone:
            pass
        job.finish()
        return True

    def _said(self, job: Job) -> Answer:
        """Send what the model says, return how it ended. Raises Stopped and PeerGone."""
        try:
            return self._looked(job, job.picture) if job.picture else self._filled(job)
        except ModelWrong as error:
            return Refusal(Cause.MODEL_WRONG, str(error.facts["reason"]))
        except Away as error:
            return Refusal(Cause.AWAY, str(error))
        except TooLong:
            return Refusal(Cause.TOO_LONG, "the question is too long for this model")
        except (RuntimeError, ValueError) as error:
            return Refusal(Cause.FAILED, f"the model failed: {error}")

    def _looked(self, job: Job, picture: Rgb) -> Answer:
        engine = self._loaded()
        with self._watchdog.watching():
            reused = engine.open(picture, lambda: self._should_stop(job, opening=True))
            if fault := self._about_the_picture(engine, job):
                return Refusal(Cause.UNUSABLE, fault)
        return Done(reused)

    def _filled(self, job: Job) -> Answer:
        """Whoever asks about a picture keeps it open: a sentence does not take the model's place from them."""
        if self._words is None:
            return Refusal(Cause.AWAY, "there is no text model here")
        if self._engine is not None and time.monotonic() - self._asked_at < KEPT_FOR_A_PERSON:
            return Refusal(Cause.BUSY, "somebody asks about a picture")
        if self._reader is None:
            self._unload()
            self._reader = self._words.load()
        with self._watchdog.watching():
            answer = vision_forms.filled(self._reader, self._words.prompts, job.request, lambda: self._should_stop(job))
        if isinstance(answer, Refusal):
            return answer
        job.send(answer)
        return Done(Reuse.NOTHING)

    def _about_the_picture(self, engine: Looker, job: Job) -> str | None:
        match job.request.operation:
            case Operation.ASK:
                self._ask(engine, job)
                self._asked_at = time.monotonic()
            case Operation.CHECK:
                self._check(engine, job)
            case Operation.CAPTION:
                return self._caption(engine, job)
            case _:
                pass  # it was to be opened, and is
        return None

    def _prompt(self, engine: Looker, request: Request) -> str:
        """The question with as many facts as leave room for an answer."""
        facts = request.facts
        while True:
            prompt = vision_prompt.prompt(self._source.model().description.prompts, request.question, facts)
            if not facts or engine.fits(prompt, LEAST_ANSWER):
                return prompt
            facts = facts[:-1]

    def _check(self, engine: Looker, job: Job) -> None:
        yes, no = engine.weigh(self._prompt(engine, job.request), (YES, NO), lambda: self._should_stop(job))
        job.send(vision_answers.verdict(yes, no))

    def _ask(self, engine: Looker, job: Job) -> None:
        sent = 0
        prompt = self._prompt(engine, job.request)
        for piece in engine.answer(prompt, lambda: self._should_stop(job)):
            job.send(Piece(piece[: ANSWER_CHARACTERS - sent]))
            sent += len(piece)
            if sent >= ANSWER_CHARACTERS:
                return

    def _caption(self, engine: Looker, job: Job) -> str | None:
        """Try the model's caption prompts in turn (asking the same again would give the same); returns why none was of use."""
        fault: str | None = None
        prompts = self._source.model().description.prompts.caption[:2]
        first = job.request.prompt % len(prompts)
        for prompt in (*prompts[first:], *prompts[:first]):
            text = vision_answers.sentence("".join(engine.answer(prompt, lambda: self._should_stop(job))))
            fault = vision_answers.fault(text, prompt)
            if fault is None:
                job.send(Piece(text))
                return None
        return fault

    def _should_stop(self, job: Job, *, opening: bool = False) -> bool:
        self._watchdog.moved()
        return job.gone.is_set() or self._queue.must_make_way(job, opening=opening)

    def _loaded(self) -> Looker:
        if self._engine is None:
            self._unload()
            self._engine = self._source.load()
        return self._engine

    def _converse(self, connection: Connection) -> None:
        """Read one request, see it answered, and notice when its peer goes away."""
        try:
            with connection, connection.makefile("rb") as stream:
                self._serve(connection, stream)
        except (PeerGone, OSError, EOFError):
            pass  # the peer is gone: there is nobody to tell
        finally:
            self._room.release()

    def _serve(self, connection: Connection, stream: BinaryIO) -> None:
        def send(answer: Answer) -> None:
            try:
                connection.sendall(line_of(answer))
            except OSError:
                raise PeerGone from None

        try:
            request = read_request(stream)
        except ValueError as error:
            send(Refusal(Cause.NOT_UNDERSTOOD, str(error)[:200]))
            return
        if fault := request.fault():
            send(Refusal(Cause.NOT_UNDERSTOOD, fault))
            return
        if request.operation is Operation.STATUS:
            send(self._status())
            return
        pixels = stream.read(request.width * request.height * 3)
        if len(pixels) < request.width * request.height * 3:
            return
        picture = Rgb(request.width, request.height, pixels) if pixels else None
        if request.operation is Operation.OPEN:
            self._queue.put(Job(request, picture, _to_nobody, _nothing))  # nobody waits: only the next one takes its place
            send(Done(Reuse.NOTHING))
            return
        job = Job(request, picture, send, lambda: _shut(connection))
        self._queue.put(job)
        leaving = select.poll()
        leaving.register(connection, select.POLLIN)
        leaving.poll()  # returns when the job is finished and when the peer closes; more bytes count as leaving
        job.gone.set()

    def _status(self) -> Answer:
        try:
            model = self._source.model()
        except Away as error:
            return Refusal(Cause.AWAY, str(error))
        said, loaded, missing = model.description, bool(self._engine or self._reader), self._source.gpu_missing
        return Status(said.name, model.version, loaded, said.sample, self._queue.waiting(), self._busy, missing)


def _to_nobody(answer: Answer) -> None:
    """Whoever had the picture opened has gone on."""


def _nothing() -> None:
    """There is no connection to hang up."""


def _shut(connection: Connection) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


def listen(path: Path) -> socket.socket:
    """Return a listening socket that only our user can open; takes over from a process that is gone.

    Raises WrongUsage when another vision process is answering there.
    """
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    with short_address(path) as address:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            if probe.connect_ex(address) == 0:
                raise WrongUsage(what=f"A vision process is already listening on {path}.")
        path.unlink(missing_ok=True)
        os.umask(0o177)  # at bind, so that there is no moment in which others may connect
        listening.bind(address)
    os.umask(0o077)
    listening.listen(MOST_CONNECTIONS)
    return listening


def confine(model: VisionModel | None, devices: Sequence[Path], text: TextModel | None = None) -> None:
    """From here on: no other socket than the one we listen on, no program, no file but the models' and the system's libraries,
    and no device but `devices`, with what their driver reads. A GPU's driver reserves more addresses than there is memory: with
    one, the bound on address space falls away and the unit's MemoryMax is left."""
    pair, alone = [model.text, model.projector] if model else [], [text.text] if text else []
    size = max(sum(path.stat().st_size for path in files if path.exists()) for files in (pair, alone))  # one is loaded at a time
    try:
        # /dev/null stands for "may write", so that messages reach a log file; Landlock still refuses every other file
        folders = [one.folder for one in (model, text) if one]
        readable = [*folders, *(vision_gpu.driver_files(devices) if devices else ())]
        memory_mb = None if devices else ROOM_MB + (size >> 20)
        sandbox_rules.close_tool(Path(sys.executable), readable, [Path("/dev/null")], memory_mb, devices)
    except sandbox_rules.Unconfinable as error:
        sys.stderr.write(f"The vision process runs without its sandbox: {error.strerror}.\n")


def confine_client() -> None:
    """From here on: no program, and no file but those that names of machines are looked up in. Connections can be opened."""
    try:
        sandbox_rules.close_client(ROOM_MB)
    except sandbox_rules.Unconfinable as error:
        sys.stderr.write(f"The vision process runs without its sandbox: {error.strerror}.\n")


def _give_up() -> None:
    """End at once: the thread that hangs inside llama.cpp cannot be asked to. What it was at is tried again by whoever asked."""
    sys.stderr.write("The vision model has not moved for too long; its process ends and is started again.\n")
    sys.stderr.flush()
    os._exit(HUNG)


def main() -> int:
    """Serve until killed, or until other models were installed. Arguments: the socket, threads, seconds until an idle model is
    unloaded, and seconds without a step after which the process ends itself. --model and --text: the folders of a vision model and
    of a text model; --models and --as-of: the folder of all, and when it was changed. --gpu-layers: so many go to a GPU. --address
    and --certificate: another machine instead."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("socket", type=Path)
    parser.add_argument("threads", type=int)
    parser.add_argument("idle_seconds", type=float)
    parser.add_argument("patience", type=float)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--text", type=Path)
    parser.add_argument("--models", type=Path)
    parser.add_argument("--as-of", type=int, default=0)
    parser.add_argument("--gpu-layers", type=int, default=0)
    parser.add_argument("--address", default="")
    parser.add_argument("--certificate", default="")
    chosen = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        listening = listen(chosen.socket)
        source, words = _sources(chosen)
    except MantelError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    watchdog = Watchdog(chosen.patience, _give_up)
    server = Server(source, chosen.idle_seconds, watchdog, words=words, is_stale=lambda: _is_stale(chosen))
    threading.Thread(target=watchdog.watch, daemon=True).start()
    threading.Thread(target=server.accept, args=(listening,), daemon=True).start()
    server.work()
    return 0


def _is_stale(chosen: argparse.Namespace) -> bool:
    """Whether a model was installed or taken away since this process was started with those that there were."""
    return chosen.models is not None and chosen.models.stat().st_mtime_ns != chosen.as_of


def _sources(chosen: argparse.Namespace) -> tuple[Source, Words | None]:
    """Return the source of looking, and of reading if there is a text model, with the sandbox closed that suits them."""
    if chosen.address:
        remote = Remote(*vision_remote.checked(chosen.address, chosen.certificate))
        confine_client()
        return remote, None
    model = vision_models.read(chosen.model) if chosen.model else None
    text = text_models.read(chosen.text) if chosen.text else None
    built = vision_gpu.built_for()
    confine(model, vision_gpu.devices() if chosen.gpu_layers > 0 and built else [], text)
    source = Local(model, chosen.threads, chosen.gpu_layers) if model else Blind()
    if not (gpu := vision_gpu.state(chosen.gpu_layers, built, source.gpu_missing)).ok:
        sys.stderr.write(f"{gpu.detail}. {gpu.fix}\n")
    return source, Words(text, chosen.threads, chosen.gpu_layers) if text else None


if __name__ == "__main__":
    sys.exit(main())
