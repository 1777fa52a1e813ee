"""What the web process does beside answering: load what is slow, fold new words into the index, notice that its parent is gone."""

import os
import signal
import threading
from collections.abc import AsyncIterator
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
    """Runs until the block ends. A step that changes the database is waited for; what is still loading then is not."""
    for name, step in (("places", _load_gazetteer), ("search model", _load_embedder)):
        threading.Thread(target=try_in_background, args=(partial(step, web), name), daemon=True).start()
    async with anyio.create_task_group() as tasks:
        if web.lifeline is not None:
            tasks.start_soon(_watch_lifeline, web, web.lifeline, os.getppid())
        try:
            yield
        finally:
            web.closing = True
            tasks.cancel_scope.cancel()


async def _watch_lifeline(web: Web, lifeline: int, parent: int) -> None:
    """End the streams when it is told to stop, and the server when its parent was killed: it would hold the port for ever."""
    await anyio.wait_readable(lifeline)
    web.closing = True
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGTERM)


def _load_gazetteer(web: Web) -> None:
    web.gazetteer = Gazetteer()


def _load_embedder(web: Web) -> None:
    web.embedder = TextEmbedder(text_embedder_folder(web.layout.models))
