"""What the web process does beside answering: load what is slow, keep the index in step, notice that it is told to stop."""

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import anyio

from appliance.adapters.embedder import MODEL, TextEmbedder
from appliance.adapters.models_catalogue import text_embedder_folder
from appliance.adapters.picture_embedder import WordsEmbedder
from appliance.adapters.picture_model import folder_of, installed_version
from appliance.adapters.places import Gazetteer
from appliance.adapters.vectors import Vectors
from appliance.errors import VectorsLost
from appliance.indexing import nights
from appliance.people import erasing
from appliance.search import index
from appliance.search.index import PlaceWords
from appliance.search.matrix import PICTURES, Matrix
from appliance.search.pictures import Pictures
from appliance.store import queue
from appliance.web.installing import Installing
from appliance.web.problems import try_in_background
from appliance.web.state import Web

EVERY_SECONDS = 1.0
REST_AFTER_FAILURE_SECONDS = 30.0
WAS_SHOWN = 5
"""Priority of captions whose assets a question has found: somebody may ask again, but nobody waits at the screen."""


@asynccontextmanager
async def background(web: Web) -> AsyncIterator[None]:
    """Runs until the block ends. A step that changes the database is waited for; what is still loading then is not."""
    places, installing = Places(), Installing()
    for name, load in (("places", places.load), ("search model", _load_embedder)):
        threading.Thread(target=try_in_background, args=(partial(load, web), name), daemon=True).start()
    await anyio.to_thread.run_sync(try_in_background, partial(_finish_erasing, web), "erasing of faces")
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_keep_index, web, places)
        tasks.start_soon(_keep_pictures, web)
        tasks.start_soon(_keep_installing, web, installing)
        tasks.start_soon(_watch_people, web)
        if web.lifeline is not None:
            tasks.start_soon(_watch_lifeline, web, web.lifeline)
        try:
            yield
        finally:
            web.closing = True
            tasks.cancel_scope.cancel()
            installing.stop()


class Places:
    """The names of places for the index: folding waits for them, so that no photo is folded in without its country."""

    def __init__(self) -> None:
        self.words: PlaceWords = index.plain_place
        self.tried = threading.Event()

    def load(self, web: Web) -> None:
        try:
            gazetteer = Gazetteer()
            gazetteer.load()
            self.words = index.place_words(gazetteer, web.settings.languages)
            web.gazetteer = gazetteer
        finally:
            self.tried.set()


def _load_embedder(web: Web) -> None:
    web.embedder = TextEmbedder(text_embedder_folder(web.layout.models))


async def _keep_index(web: Web, places: Places) -> None:
    """Each second, and after a failure not so soon: pages do without what is new meanwhile."""
    while True:
        done = [
            await anyio.to_thread.run_sync(try_in_background, step, name)
            for step, name in (
                (partial(fold_words, web, places), "words"),
                (partial(fold_vectors, web), "vectors"),
                (partial(hurry_shown, web), "captions of what was shown"),
            )
        ]
        await anyio.sleep(EVERY_SECONDS if all(done) else REST_AFTER_FAILURE_SECONDS)


async def _keep_pictures(web: Web) -> None:
    """Apart from the rest: a picture model that is damaged holds up nothing else."""
    while True:
        done = await anyio.to_thread.run_sync(try_in_background, partial(fold_pictures, web), "pictures")
        await anyio.sleep(EVERY_SECONDS if done else REST_AFTER_FAILURE_SECONDS)


def fold_pictures(web: Web) -> None:
    """Load the picture model when it is there and is another than before; then feed the vectors of pictures."""
    version = installed_version(web.layout.models)
    if not version:
        web.pictures = None
    elif web.pictures is None or web.pictures.matrix.model != version:
        words = WordsEmbedder(folder_of(web.layout.models))
        web.pictures = Pictures(words, Matrix(words.model, PICTURES))
    if web.pictures is not None:
        index.feed(web.store, None, web.pictures.matrix)


async def _keep_installing(web: Web, installing: Installing) -> None:
    while True:
        await anyio.to_thread.run_sync(try_in_background, partial(installing.step, web), "installing models")
        await anyio.sleep(EVERY_SECONDS)


def fold_words(web: Web, places: Places) -> None:
    """Fold in what changed, if anything did; a moment that the worker uses to write is no loss."""
    with web.store.read() as reader:
        waiting = reader.value("SELECT 1 FROM unfolded")
    if waiting and places.tried.is_set():
        with web.store.write() as writer:
            index.fold_pending(writer, places.words)


def hurry_shown(web: Web) -> None:
    """What questions have found gets its captions before what nobody asked for; written here, so that no answer waits for it."""
    ids = {web.shown.popleft() for _ in range(len(web.shown))}
    if not ids:
        return
    with web.store.read() as reader:
        behind = queue.behind(reader, ids, nights.STAGE, priority=WAS_SHOWN)
    if behind:
        with web.store.write() as writer:
            queue.hurry(writer, behind, nights.STAGE, priority=WAS_SHOWN)


def fold_vectors(web: Web) -> None:
    """Open Chroma and mend it the first time and after a failure, then feed it. Until then questions are answered exactly, from
    the vectors in SQLite."""
    try:
        if web.vectors is None:
            vectors = Vectors(web.layout.chroma)
            index.mend(web.store, vectors, web.matrix)
            web.vectors = vectors
        elif not web.vectors.is_there():
            web.vectors.clear()
            index.mend(web.store, web.vectors, web.matrix)
        index.feed(web.store, web.vectors, web.matrix)
    except VectorsLost:
        web.vectors, web.matrix = None, Matrix(MODEL)
        raise


def _finish_erasing(web: Web) -> None:
    erasing.finish(web.store, web.layout, now=web.clock())


async def _watch_people(web: Web) -> None:
    """Names that this process has shown are forgotten by ending it, when People goes off and the erasing is done."""
    watch = erasing.Watch(web.layout)
    while not (watch.is_over() and not erasing.is_busy(web.layout)):
        await anyio.sleep(EVERY_SECONDS)
    if web.begin_again is not None:
        web.begin_again()


async def _watch_lifeline(web: Web, lifeline: int) -> None:
    """End the streams when the server is told to stop."""
    await anyio.wait_readable(lifeline)
    web.closing = True
