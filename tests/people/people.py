"""A people process on a thread of the test, with passphrases that cost little; everything else is the real thing."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from appliance.people import serving
from appliance.people.client import People
from appliance.people.serving import Serving, Times
from appliance.store.layout import Layout
from appliance.vault.keys import Strength

WEAK = Strength(memory_kib=64, passes=1, lanes=1)
PASSPHRASE = "four unrelated words here"


@contextmanager
def serving_people(layout: Layout, clock: Callable[[], int], times: Times | None = None) -> Iterator[People]:
    """Lend the client of a process that is locked, or off; once an open vault is locked, nobody answers any more."""
    listening = serving.listen(layout.people_socket)
    one = Serving(layout, clock, times or Times(), WEAK)
    thread = threading.Thread(target=_run, args=(one, listening), daemon=True)
    thread.start()
    try:
        yield People(layout.people_socket, patience=0.0)
    finally:
        one.stop()
        thread.join()


def _run(one: Serving, listening: socket.socket) -> None:
    with listening:
        one.run(listening)
