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

    def put(self, name: str, operation: Operation, picture: bytes = b"rgb") -> Job:
        def send(answer: Answer) -> None:
            raise AssertionError("nothing is sent while a job waits")

        asks = operation in (Operation.ASK, Operation.CHECK)
        job = Job(Request(operation, 1, 1, name if asks else ""), Rgb(1, 1, picture), send, lambda: self.finished.append(name))
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
    assert line.queue.must_make_way(first, opening=False)
    line.queue.put_back(first)
    assert [line.queue.take(1) for _ in range(3)] == [olive_asks, first, second]


def test_people_then_opening_then_checks_then_captions() -> None:
    line = Line()
    kinds = (Operation.CAPTION, Operation.CHECK, Operation.OPEN, Operation.ASK)
    jobs = [line.put(kind.value, kind) for kind in kinds]
    assert [line.queue.take(1) for _ in kinds] == jobs[::-1]


def test_only_the_latest_picture_is_opened_ahead() -> None:
    line = Line()
    line.put("the one before", Operation.OPEN, b"old")
    latest = line.put("this one", Operation.OPEN, b"new")
    assert (line.queue.take(1), line.queue.waiting()) == (latest, 0)
    line.put("the one after", Operation.OPEN, b"abc")
    assert line.queue.must_make_way(latest, opening=True)
    line.queue.put_back(latest)
    assert line.queue.waiting() == 1


def test_only_a_person_interrupts_checks_and_captions() -> None:
    line = Line()
    caption, check = line.put("caption", Operation.CAPTION), line.put("check", Operation.CHECK)
    line.put("ahead", Operation.OPEN)
    asked = line.put("Olive", Operation.ASK)
    for job in (caption, check):
        assert line.queue.must_make_way(job, opening=False)
    assert line.queue.take(1) is asked
    for job in (caption, check, asked):
        assert not line.queue.must_make_way(job, opening=False)


def test_reading_the_picture_that_a_person_asks_about_is_not_interrupted_but_what_is_said_of_it_is() -> None:
    line = Line()
    same, other = line.put("same", Operation.CAPTION), line.put("other", Operation.CAPTION, b"abc")
    line.put("Olive", Operation.ASK)
    assert not line.queue.must_make_way(same, opening=True)
    assert line.queue.must_make_way(same, opening=False)
    assert line.queue.must_make_way(other, opening=True)


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
