"""Server-sent events drawn from a plain iterator, in a thread."""

from collections.abc import AsyncIterator, Generator, Iterator

import anyio
from litestar.response import ServerSentEvent, ServerSentEventMessage

from appliance.web.state import Web


def event_stream(web: Web, events: Iterator[tuple[str, str]]) -> ServerSentEvent:
    """Send each (event, data) as soon as it is drawn, until there are no more, the reader leaves, or Mantel stops.

    Each step may run in another thread, so `events` must not hold a database reader across a `yield`.
    """
    return ServerSentEvent(_draw(web, events))


async def _draw(web: Web, events: Iterator[tuple[str, str]]) -> AsyncIterator[ServerSentEventMessage]:
    try:
        while not web.closing:
            drawn = await anyio.to_thread.run_sync(next, events, None)
            if drawn is None:
                return
            yield ServerSentEventMessage(event=drawn[0], data=drawn[1])
    finally:
        if isinstance(events, Generator):
            with anyio.CancelScope(shield=True):
                await anyio.to_thread.run_sync(events.close)
