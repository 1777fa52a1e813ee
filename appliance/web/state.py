"""What every handler shares: the settings, the store, and the slow things that load while the first pages are already served."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

import anyio

from appliance.adapters.embedder import MODEL, TextEmbedder
from appliance.adapters.pixels import Decoder
from appliance.adapters.places import Gazetteer
from appliance.adapters.vectors import Vectors
from appliance.adapters.vision import VisionClient
from appliance.assistant.keeping import Memory
from appliance.people.client import People
from appliance.search.matrix import Matrix
from appliance.search.pictures import Pictures
from appliance.settings import Settings
from appliance.store.db import Store
from appliance.store.layout import Layout

HASHES_AT_ONCE = 2
MOST_SHOWN = 600


def wall_clock() -> int:
    """Milliseconds since 1970 UTC."""
    return time.time_ns() // 1_000_000


@dataclass(frozen=True, slots=True)
class FreshLink:
    """The address of a link that was just made, for its maker's eyes until `until` (milliseconds since 1970 UTC)."""

    address: str
    until: int


@dataclass(slots=True)
class Web:
    """One per process, in `app.state.web`; handlers ask for it with a parameter `web: Web`.

    What is None is still loading, or not installed: a page does without. `lifeline` is a file descriptor that becomes readable
    when the server is about to stop; `closing` is true from then on. `begin_again` has the server put a fresh process in this
    one's place. `shown` holds ids of hits whose captions the background lets hurry. `said` holds what was asked while People is
    on and is not written down. `fresh_links` holds, by the links' ids, addresses that nothing on the disk holds. `decoder` has
    one sandboxed child, started when somebody first asks about a picture, or looks at what guests sent.
    """

    settings: Settings
    store: Store
    layout: Layout
    decoder: Decoder
    vision: VisionClient
    people: People
    clock: Callable[[], int] = wall_clock
    closing: bool = False
    lifeline: int | None = None
    begin_again: Callable[[], None] | None = None
    gazetteer: Gazetteer | None = None
    embedder: TextEmbedder | None = None
    vectors: Vectors | None = None
    pictures: Pictures | None = None
    shown: deque[int] = field(default_factory=lambda: deque(maxlen=MOST_SHOWN))
    said: Memory = field(default_factory=Memory)
    fresh_links: dict[int, FreshLink] = field(default_factory=dict)
    matrix: Matrix = field(default_factory=lambda: Matrix(MODEL))
    hashing: anyio.CapacityLimiter = field(default_factory=lambda: anyio.CapacityLimiter(HASHES_AT_ONCE))
