"""Threads in classes: a slow resource holds up no other."""

import threading

from appliance.indexing.executors import Executors


def test_a_slow_resource_does_not_hold_up_another() -> None:
    wake, slow, quick = threading.Event(), threading.Event(), threading.Event()
    executors = Executors({"vision": 1, "decoding": 2}, wake)

    def wait() -> None:
        slow.wait(10)

    executors.submit("vision", wait)
    executors.submit("decoding", quick.set)
    assert quick.wait(5)
    assert executors.idle("vision") == 0
    assert not executors.all_idle()
    slow.set()
    while not executors.all_idle():
        assert wake.wait(5)
        wake.clear()
    executors.close()
