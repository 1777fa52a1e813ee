"""Serves the whole web with two streams beside it that no screen has: run as a process by test_serving.py."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

from litestar import Litestar, get
from litestar.di import NamedDependency
from litestar.response import ServerSentEvent

from appliance.app import create_app, run_server
from appliance.settings import Settings
from appliance.web.security import PUBLIC
from appliance.web.state import Web
from appliance.web.streams import event_stream


@get("/try/stream", opt=PUBLIC, sync_to_thread=False)
def stream(web: NamedDependency[Web]) -> ServerSentEvent:
    return event_stream(web, _ticks(web))


def _ticks(web: Web) -> Iterator[tuple[str, str]]:
    """An answer that never ends; leaves a mark when it is told to."""
    try:
        while True:
            yield "tick", "two\nlines"
            time.sleep(0.1)
    finally:
        (web.layout.home / "stream-ended").touch()


def make(settings: Settings) -> Litestar:
    app = create_app(settings)
    app.register(stream)
    return app


if __name__ == "__main__":
    chosen = Settings(home=Path(sys.argv[1]), port=int(sys.argv[2]))
    run_server(chosen, lambda: make(chosen))
