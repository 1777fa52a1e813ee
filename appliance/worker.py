"""The worker: takes uploads in, claims jobs, runs them and commits each result together with its job's state.

This file holds the one broad `except` of indexing: whatever a stage raises becomes a failed job with a reason.
"""

import os
import threading
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from functools import partial

from appliance.adapters.embedder import InstalledEmbedder, TextEmbedder
from appliance.adapters.exiftool import MetadataReader
from appliance.adapters.picture_embedder import InstalledPictures
from appliance.adapters.pixels import Decoder
from appliance.adapters.places import Gazetteer
from appliance.adapters.text_reader import TextReader
from appliance.adapters.vision import VisionClient
from appliance.assistant import checks
from appliance.assistant.checks import Check, Looking
from appliance.errors import (
    DatabaseBusy,
    DatabaseDamaged,
    DecoderCrashed,
    ModelMissing,
    ModelWrong,
    NoRoom,
    NotFound,
    VisionUnavailable,
)
from appliance.indexing import claims, faces, lost, nights, pipeline
from appliance.indexing.executors import Executors
from appliance.indexing.stages import Tools
from appliance.indexing.verdicts import Verdict, judge
from appliance.library import leftovers, uploads
from appliance.library.ingest import Intake, Taken
from appliance.library.uploads import Upload
from appliance.people import erasing
from appliance.search import index
from appliance.settings import Settings
from appliance.sharing import clean_copies, copies, copying
from appliance.sharing.copies import Copy
from appliance.sharing.copying import Copying
from appliance.store import queue
from appliance.store.db import Store, Writer
from appliance.store.layout import Layout
from appliance.store.queue import Job
from appliance.worker_faces import FaceWork

LEASE_MS = 60_000
HOUSEKEEPING_SECONDS = 15.0
IDLE_SECONDS = 0.5
STATUS_SECONDS = 5.0
STOP_SECONDS = 8.0
AWAY_MS = 30_000
UPLOAD_PRIORITY = 50
UPLOADS = "uploads"
LOOKING = "looking"
COPYING = "copying"


def wall_clock() -> int:
    """Milliseconds since 1970 UTC."""
    return time.time_ns() // 1_000_000


Claimed = Job | Upload | Check | Copy


class Worker:
    """One process's share of the work. `clock` gives milliseconds since 1970 UTC."""

    def __init__(self, settings: Settings, store: Store, layout: Layout, clock: Callable[[], int] = wall_clock) -> None:
        self._store = store
        self._layout = layout
        self._clock = clock
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._claimer = claims.Claimer(layout.run)
        self._embedding = InstalledEmbedder(layout.models)
        self._pictures = InstalledPictures(layout.models)
        self._vision = VisionClient(layout.vision_socket)
        self._faces = FaceWork(store, layout)
        self._vision_version = ""
        self._vision_asked = 0.0
        self._pictures_version = ""
        self._tidied = 0.0
        self._uploads_rest_until = 0.0
        self._running: dict[tuple[str, int], Claimed] = {}
        self._lock = threading.Lock()
        decoder = Decoder(settings.decoders, settings.decoder_memory_mb, settings.largest_picture_megapixels)
        self._tools = Tools(
            layout,
            decoder,
            MetadataReader(home=layout.home),
            Gazetteer(),
            TextReader(),
            embedder=self._embedding.get,
            pictures=self._pictures.get,
            vision=self._vision,
            faces=self._faces.finder,
            post_faces=self._faces.post,
        )
        self._looking = Looking(store, self._tools, self._vision, clock, rest_ms=AWAY_MS)
        tools = clean_copies.Tools(decoder, self._tools.metadata)
        self.copying = Copying(store, layout, tools, clock, name=self._claimer.name, rest_ms=AWAY_MS)
        self.intake = Intake(store, layout, decoder, self._tools.metadata, self._tools.gazetteer, self._faces.first_jobs)
        self._place_words = index.place_words(self._tools.gazetteer, settings.languages)
        sizes = dict.fromkeys((UPLOADS, COPYING, "decoding"), settings.decoders)
        sizes = dict.fromkeys((LOOKING, *pipeline.RESOURCES), 1) | sizes
        self._executors = Executors(sizes, self._wake)
        self._people = erasing.Watch(layout)
        self.begins_again = False

    def stop(self) -> None:
        """Let `run` return soon; may be called from a signal handler."""
        self._stopping.set()
        self._wake.set()

    def run(self, finished: Callable[[], bool] = lambda: False, *, stages: Collection[str] = pipeline.STAGES) -> None:
        """Work until `stop`, or until nothing runs here and `finished()`. Only `stages` are worked on; uploads always.

        When People goes off it ends too, with `begins_again`: faces were in this process's memory.
        """
        erasing.finish(self._store, self._layout, now=self._clock())
        leftovers.sweep(self._store, self._layout, self.intake, self._clock())
        self._rerun_outdated()
        lost.make_all_again(self._store, self._layout)
        copying.mend(self._store, self._layout)
        while not self._stopping.is_set():
            if self._people.is_over():
                self.begins_again = True
                break
            self._keep_house()
            if not self._dispatch(stages):
                if self._executors.all_idle() and finished():
                    break
                self._wake.wait(IDLE_SECONDS)
                self._wake.clear()

    def fold(self, writer: Writer) -> None:
        """Let search know the words that this transaction has changed."""
        index.fold_pending(writer, self._place_words)

    def open_jobs(self, stages: Collection[str], asset_ids: Collection[int] | None = None) -> int:
        """Return how many jobs of `stages` are left that may be worked on now; of all assets, or of `asset_ids`."""
        with self._store.read() as reader:
            held = nights.held(reader, self._clock())
            return pipeline.open_jobs(reader, self.workable(stages), asset_ids, held=held)

    def workable(self, stages: Collection[str]) -> list[str]:
        """Return those of `stages` whose models are here; the others wait for them."""
        missing = {
            "caption": not self._vision_answers(),
            "embedding": not self._embedding.installed(),
            "picture": not self._pictures_are_here(),
            faces.STAGE: not self._faces.may_be_done(),
        }
        return [stage for stage in stages if not missing.get(stage)]

    def close(self) -> None:
        """Give back what is not finished in a few seconds, and end the children. What was given back is lost to nobody."""
        self._stopping.set()
        deadline = time.monotonic() + STOP_SECONDS
        while not self._executors.all_idle() and time.monotonic() < deadline:
            self._wake.wait(0.1)
            self._wake.clear()
        with self._store.write() as writer:
            for claimed in self._claimed():
                _release(writer, claimed)
        self._executors.close()
        self._claimer.close()
        if self._executors.all_idle():  # else the kernel ends the children together with this process
            self._tools.decoder.close()
            self._tools.metadata.close()
            self._tools.text_reader.close()
            self._faces.close()

    def _dispatch(self, stages: Collection[str]) -> bool:
        """Hand one piece of work to each idle thread, what people wait for first; return whether there was any."""
        found = False
        while self._executors.idle(UPLOADS) and (upload := self._claim_upload()) is not None:
            self._submit(UPLOADS, upload, partial(self._take, upload), partial(self._refuse, upload))
            found = True
        while self._executors.idle(COPYING) and self.copying.waits() and (copy := self.copying.claim()) is not None:
            self._submit(COPYING, copy, partial(self.copying.make, copy), partial(self._give_up_copying, copy))
            found = True
        may_look = "caption" in stages and self._executors.idle(LOOKING) and self._looking.waits() and self._vision_answers()
        if may_look and (check := self._looking.claim()) is not None:
            self._submit(LOOKING, check, partial(self._looking.look, check), partial(self._give_up_looking, check))
            found = True
        for resource, names in pipeline.RESOURCES.items():
            wanted = [name for name in names if name in stages]
            while self._executors.idle(resource) and (job := self._claim(wanted)) is not None:
                self._submit(resource, job, partial(self._do, job), partial(self._fail, job))
                found = True
        return found

    def _claim_upload(self) -> Upload | None:
        if time.monotonic() < self._uploads_rest_until:
            return None
        with self._store.read() as reader:
            if not uploads.waits(reader):
                return None
        with self._store.write() as writer:
            return uploads.claim(writer, now=self._clock(), lease_ms=LEASE_MS)

    def _claim(self, stages: Collection[str]) -> Job | None:
        with self._store.read() as reader:
            held = nights.held(reader, self._clock()) if nights.STAGE in stages else ()
            if not stages or not queue.waits(reader, stages, now=self._clock(), held=held):
                return None
        if not (ready := self.workable(stages)):
            return None
        with self._store.write() as writer:
            return queue.claim(writer, ready, by=self._claimer.name, now=self._clock(), lease_ms=LEASE_MS, held=held)

    def _submit(self, resource: str, claimed: Claimed, work: Callable[[], None], settle: Callable[[Exception], None]) -> None:
        """Let a thread do `work`; whatever it raises goes to `settle`, and nothing further."""
        key = (resource, claimed.asset_id if isinstance(claimed, Check) else claimed.id)
        with self._lock:
            self._running[key] = claimed

        def attempt() -> None:
            try:
                work()
            except Exception as error:  # noqa: BLE001 - the one broad except: a job may fail in any way, the worker goes on
                with suppress(DatabaseBusy, DatabaseDamaged, NoRoom):  # then the lease runs out, and the job comes back
                    settle(error)
            finally:
                with self._lock:
                    del self._running[key]

        self._executors.submit(resource, attempt)

    def _claimed(self) -> list[Claimed]:
        with self._lock:
            return list(self._running.values())

    def _do(self, job: Job) -> None:
        """Run one job and commit its result."""
        version = self._version(job.stage)
        with self._store.read() as reader:
            subject = pipeline.subject(reader, job.asset_id, version)
        if subject is None:
            return  # the asset is gone, and its jobs with it
        with nights.measured(self._store, job, version, self._clock):
            result = pipeline.run(job, subject, self._tools)
        with self._store.write() as writer:
            if pipeline.commit(writer, job, subject.kind, result, version=version, now=self._clock()):
                self.fold(writer)

    def _fail(self, job: Job, error: Exception) -> None:
        verdict, version, now = self._judge(error, job.stage, job.asset_id), self._version(job.stage), self._clock()
        with self._store.write() as writer:
            if verdict.away:
                queue.release(writer, job, not_before=now + AWAY_MS)
            else:
                pipeline.fail(writer, job, version=version, reason=verdict.reason, now=now, final=verdict.final)

    def _give_up_looking(self, check: Check, error: Exception) -> None:
        verdict = self._judge(error, LOOKING, check.asset_id)
        self._looking.give_up(check, away=verdict.away, final=verdict.final or isinstance(error, NotFound))

    def _give_up_copying(self, copy: Copy, error: Exception) -> None:
        verdict = self._judge(error, COPYING, copy.asset_id)
        self.copying.give_up(copy, error, reason=verdict.reason, away=verdict.away, final=verdict.final)

    def _take(self, upload: Upload) -> None:
        """Take one upload in."""

        def settle(writer: Writer, taken: Taken) -> None:
            uploads.finish(writer, upload, outcome=taken.outcome, asset_id=taken.asset_id)
            self.fold(writer)

        self.intake.take(
            self._layout.incoming / upload.token,
            file_name=upload.file_name,
            added_by=upload.user_id,
            now=self._clock(),
            consume=True,
            priority=UPLOAD_PRIORITY,
            also=settle,
        )

    def _refuse(self, upload: Upload, error: Exception) -> None:
        """Only bytes that will never be taken in are thrown away, and only after that is committed."""
        verdict = self._judge(error, UPLOADS, upload.id)
        ended = verdict.final or (upload.attempts >= uploads.MAX_ATTEMPTS and not verdict.away)
        with self._store.write() as writer:
            if verdict.away:
                self._uploads_rest_until = time.monotonic() + AWAY_MS / 1000  # what hinders this one hinders all
                uploads.release(writer, upload)
            elif ended:
                uploads.refuse(writer, upload, reason=verdict.reason)
            else:
                uploads.retry(writer, upload)
        if ended:
            (self._layout.incoming / upload.token).unlink(missing_ok=True)

    def _judge(self, error: Exception, what: str, number: int) -> Verdict:
        """While this process stops, whatever fails is not the job's fault."""
        return Verdict("", away=True) if self._stopping.is_set() else judge(error, what, number)

    def _version(self, stage: str) -> str:
        return pipeline.version_of(
            stage,
            vision_model=self._vision_version,
            embedder_model=TextEmbedder.MODEL,
            picture_model=self._pictures_version,
            face_model=self._faces.version,
        )

    def _vision_answers(self) -> bool:
        """Ask the vision process, at most every few seconds; a model that is new here has its captions made anew."""
        if time.monotonic() - self._vision_asked > STATUS_SECONDS:
            try:
                version = self._vision.model_version()
            except (VisionUnavailable, ModelMissing, ModelWrong, DecoderCrashed):
                version = ""
            if version and version != self._vision_version:
                with self._store.write() as writer:
                    pipeline.rerun_outdated(writer, "caption", version)
            self._vision_version = version
            self._vision_asked = time.monotonic()
        return bool(self._vision_version)

    def _pictures_are_here(self) -> bool:
        """Look for the picture model; one that is new here has what another one made, made anew."""
        version = self._pictures.version()
        if version and version != self._pictures_version:
            with self._store.write() as writer:
                pipeline.rerun_outdated(writer, "picture", version)
        self._pictures_version = version
        return bool(version)

    def _rerun_outdated(self) -> None:
        with self._store.write() as writer:
            for stage in pipeline.STAGES:
                if stage not in ("caption", "picture", faces.STAGE):  # theirs is known when their model is found
                    pipeline.rerun_outdated(writer, stage, self._version(stage))

    def _keep_house(self) -> None:
        """Keep the leases of what runs here; put back what killed processes had claimed."""
        if time.monotonic() - self._tidied < HOUSEKEEPING_SECONDS and self._tidied:
            return
        self._tidied = time.monotonic()
        now = self._clock()
        with self._store.write() as writer:
            for claimed in self._claimed():
                if isinstance(claimed, Job):
                    queue.renew(writer, claimed, now=now, lease_ms=LEASE_MS)
                elif isinstance(claimed, Upload):
                    uploads.renew(writer, claimed, now=now, lease_ms=LEASE_MS)
                elif isinstance(claimed, Copy):
                    copies.renew(writer, claimed, now=now, lease_ms=LEASE_MS)
            queue.recover(writer, now=now)
            uploads.recover(writer, now=now)
        claims.release_dead(self._store, self._layout.run, now=now, of=(queue, copies))
        copying.keep_house(self._store, self._layout, now)
        self._vision_answers()  # a model that is new here has work to do, even when no job waits
        self._pictures_are_here()
        self._faces.may_be_done()


def _release(writer: Writer, claimed: Claimed) -> None:
    if isinstance(claimed, Job):
        queue.release(writer, claimed)
    elif isinstance(claimed, Check):
        checks.give_back(writer, claimed)
    elif isinstance(claimed, Copy):
        copies.release(writer, claimed)
    else:
        uploads.release(writer, claimed)


def be_modest() -> None:
    """Leave the processor to people: this process and its children come after the web."""
    os.nice(10)
    os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
