"""What the web process does beside answering: load what is slow, fold new words into the index, notice that its parent is gone."""

import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial

import anyio

from appliance.adapters.embedder import TextEmbedder
from appliance.adapters.models_catalogue import text_embedder_folder
from appliance.adapters.places import Gazetteer
from appliance.web.problems import try_in_background
from appliance.web.state import Web

EVERY_SECONDS = 1.0
REST_AFTER_FAILURE_SECONDS = 30.0


@asynccontextmanager
async def background(web: Web) -> AsyncIterator[None]:
    """Runs until the block ends. A step that is under way in a thread is waited for: it holds the database."""
    async with anyio.create_task_group() as tasks:
        for name, step in (("places", _load_gazetteer), ("search model", _load_embedder)):
            tasks.start_soon(_in_thread, partial(step, web), name)
        tasks.start_soon(_watch_parent, web, os.getppid())
        try:
            yield
        finally:
            web.closing = True
            tasks.cancel_scope.cancel()


async def _in_thread(step: Callable[[], None], name: str) -> bool:
    return await anyio.to_thread.run_sync(try_in_background, step, name)


async def _watch_parent(web: Web, parent: int) -> None:
    """A server whose parent was killed would hold the port for ever."""
    while not web.closing:
        await anyio.sleep(EVERY_SECONDS)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGTERM)
            return


def _load_gazetteer(web: Web) -> None:
    web.gazetteer = Gazetteer()


def _load_embedder(web: Web) -> None:
    web.embedder = TextEmbedder(text_embedder_folder(web.layout.models))
