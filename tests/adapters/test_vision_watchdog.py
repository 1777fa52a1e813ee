"""A hang is noticed; work, however slow, and idleness are not taken for one."""

import threading
import time

from appliance.adapters.vision_watchdog import Watchdog
from tests.processes import wait_for


def started(patience: float) -> tuple[Watchdog, list[str]]:
    ended: list[str] = []
    watchdog = Watchdog(patience, lambda: ended.append("ended"))
    threading.Thread(target=watchdog.watch, daemon=True).start()
    return watchdog, ended


def test_what_does_not_move_is_ended_once() -> None:
    watchdog, ended = started(0.05)
    with watchdog.watching():
        wait_for(lambda: bool(ended), "the hang was not noticed")
    assert ended == ["ended"]


def test_what_moves_goes_on_and_so_does_waiting_for_work() -> None:
    watchdog, ended = started(0.5)
    for _ in range(3):
        with watchdog.watching():
            moving = threading.Event()
            mover = threading.Thread(target=move, args=(watchdog, moving))
            mover.start()
            time.sleep(0.3)
            moving.set()
            mover.join()
    time.sleep(0.3)
    assert ended == []


def move(watchdog: Watchdog, done: threading.Event) -> None:
    while not done.is_set():
        watchdog.moved()
