"""Who comes first at the one vision model."""

import threading
import time

from appliance.adapters.rgb import Rgb
from appliance.adapters.vision_protocol import Answer, Operation, Request
from appliance.adapters.vision_queue import Job, Queue


class Line:
    """Jobs that note who was hung up on."""

    def __init__(self) -> None:
        self.queue = Queue()
        self.finished: list[str] = []

    def put(self, name: str, operation: Operation) -> Job:
        def send(answer: Answer) -> None:
            raise AssertionError("nothing is sent while a job waits")

        request = Request(operation, 1, 1, name if operation is Operation.ASK else "")
        job = Job(request, Rgb(1, 1, b"rgb"), send, lambda: self.finished.append(name))
        self.queue.put(job)
        return job


def test_a_person_comes_before_captions_and_each_kind_keeps_its_order() -> None:
    line = Line()
    first, second = line.put("caption 1", Operation.CAPTION), line.put("caption 2", Operation.CAPTION)
    max_asks, olive_asks = line.put("Max", Operation.ASK), line.put("Olive", Operation.ASK)
    assert line.queue.waiting() == 4
    assert [line.queue.take(1) for _ in range(4)] == [max_asks, olive_asks, first, second]


def test_a_caption_that_made_way_is_the_next_caption() -> None:
    line = Line()
    first, second = line.put("caption 1", Operation.CAPTION), line.put("caption 2", Operation.CAPTION)
    assert line.queue.take(1) is first
    olive_asks = line.put("Olive", Operation.ASK)
    assert line.queue.a_person_waits()
    line.queue.put_back(first)
    assert [line.queue.take(1) for _ in range(3)] == [olive_asks, first, second]


def test_whoever_left_while_waiting_is_skipped() -> None:
    line = Line()
    max_asks, olive_asks = line.put("Max", Operation.ASK), line.put("Olive", Operation.ASK)
    max_asks.gone.set()
    assert line.queue.take(1) is olive_asks
    assert line.finished == ["Max"]


def test_taking_from_an_empty_queue_waits_for_the_first_job() -> None:
    line = Line()
    assert line.queue.take(0.01) is None
    threading.Timer(0.05, lambda: line.put("Olive", Operation.ASK)).start()
    started = time.monotonic()
    assert line.queue.take(10) is not None
    assert time.monotonic() - started < 5
