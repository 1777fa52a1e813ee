"""The vision process and its client: what they promise, and what they take no notice of."""

import random
import shutil
import signal
import socket
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from appliance.adapters import vision_models
from appliance.adapters.vision_protocol import Cause, Done, Operation, Piece, Refusal, Request, Reuse, line_of
from appliance.errors import WrongUsage
from tests.adapters.running_vision import SAMPLE, Running, umbrella
from tests.models.drawing import render
from tests.models.evaluate import as_rgb, fresh
from tests.models.scenes import Scene, Thing, caption
from tests.processes import wait_for


@pytest.fixture(scope="module")
def vision(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = Running(tmp_path_factory.mktemp("vision"))
    yield running.wait_until_it_answers()
    running.stop()


def test_freshly_drawn_pictures_get_the_right_caption(vision: Running) -> None:
    right = sum(vision.client.caption(picture) == caption(scene) for scene, picture in fresh("seen", count=40, seed=77))
    assert right >= 34, f"{right} of 40"


def test_an_answer_arrives_piece_by_piece(vision: Running) -> None:
    pieces = list(vision.client.ask(umbrella(), "Describe this image."))
    assert len(pieces) > 3
    assert "".join(pieces).strip() == "A red umbrella on a beach."


def test_a_second_question_on_the_same_picture_reuses_it(vision: Running) -> None:
    picture = umbrella("in the snow")
    request = Request(Operation.ASK, picture.width, picture.height, "Where is this?")
    first = vision.says(line_of(request) + picture.pixels)
    second = vision.says(line_of(request) + picture.pixels)
    assert (first[-1], second[-1]) == (Done(Reuse.NOTHING), Done(Reuse.PREFIX))
    assert first[:-1] == second[:-1]


def test_a_picture_that_was_opened_ahead_is_there_when_it_is_asked_about(vision: Running) -> None:
    picture = umbrella("in a forest")
    vision.client.open_ahead(picture)
    wait_for(lambda: not vision.client.status().waiting and not vision.client.status().busy)
    request = Request(Operation.ASK, picture.width, picture.height, "Where is this?")
    assert vision.says(line_of(request) + picture.pixels)[-1] == Done(Reuse.PREFIX)


def test_a_check_says_yes_or_no_and_how_sure(vision: Running) -> None:
    there = vision.client.check(umbrella(), "Is there an umbrella in the image?")
    absent = vision.client.check(umbrella(), "Is there a dog in the image?", ["Place, Rome"])
    assert (there.says, absent.says) == ("yes", "no")
    assert there.yes > 0.9 > 0.1 > there.no
    assert vision.client.check(umbrella(), "Where is this?").says == "unsure"


def test_silence_is_told_while_the_model_is_busy(vision: Running) -> None:
    small = as_rgb(render(Scene((Thing("umbrella", "red"),), "in a kitchen"), 200, 150, random.Random(1)))  # fits a socket's buffer
    vision.process.send_signal(signal.SIGSTOP)
    with closing(vision.client.ask(small, "Where is this?", pulse=0.02)) as pieces:
        assert [next(pieces) for _ in range(3)] == ["", "", ""]
        vision.process.send_signal(signal.SIGCONT)
        assert "".join(pieces).strip().startswith("In a")


def test_the_status_says_that_this_is_the_sample_model(vision: Running) -> None:
    status = vision.client.status()
    assert status.sample
    assert status.model == "sample"
    assert status.version == vision.client.model_version() == vision_models.read(SAMPLE).version


def test_only_its_user_may_open_the_socket(vision: Running) -> None:
    assert stat.S_IMODE(vision.path.stat().st_mode) == 0o600


def test_leaving_in_the_middle_of_an_answer_frees_the_model(vision: Running) -> None:
    with closing(vision.client.ask(umbrella(), "Describe this image.")) as pieces:
        next(pieces)
    assert vision.client.caption(umbrella()) == "A red umbrella on a beach."
    assert vision.client.status().waiting == 0


def test_leaving_before_the_turn_comes_costs_nothing(vision: Running) -> None:
    picture = umbrella()
    request = line_of(Request(Operation.CAPTION, picture.width, picture.height)) + picture.pixels
    for _ in range(12):
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(vision.path))
            connection.sendall(request)
    assert vision.client.caption(picture) == "A red umbrella on a beach."


def test_many_at_once_are_all_answered(vision: Running) -> None:
    heard: dict[int, str] = {}
    places = ("on a beach", "in the snow", "in a forest", "in a kitchen")

    def listen(number: int) -> None:
        picture = umbrella(places[number % 4])
        heard[number] = vision.client.caption(picture) if number % 2 else "".join(vision.client.ask(picture, "Where is this?"))

    threads = [threading.Thread(target=listen, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for number in range(12):
        place = places[number % 4]
        assert place in heard[number].lower()


@pytest.mark.parametrize(
    "garbage",
    [
        b"\n", b"GET / HTTP/1.1\r\n\r\n", b"\x00\xff" * 500 + b"\n", b"[]\n", b"{}\n", b'{"operation": "exec"}\n',
        b'{"operation": "status", "more": 1}\n', b'{"operation": "caption"}\n',
        b'{"operation": "caption", "width": -1, "height": 5}\n',
        b'{"operation": "caption", "width": 1e9, "height": 1}\n', b'{"operation": "ask", "width": 1, "height": 1}\n',
        b'{"operation": "check", "width": 1, "height": 1}\n', b'{"operation": "open", "width": 0, "height": 1}\n',
        b'{"operation": "open", "width": 1, "height": 1, "question": "why"}\n',
        b'{"operation": "ask", "width": 1, "height": 1, "question": "why", "facts": [' + b'"a",' * 40 + b'"a"]}\n',
        b'{"operation": "ask", "width": 1, "height": 1, "question": "why", "facts": ["' + b"a" * 301 + b'"]}\n',
        b'{"operation": "caption", "width": 2049, "height": 2}\n', b"x" * 70_000, b"[" * 60_000 + b"\n",
        b'{"operation": "ask", "width": 1, "height": 1, "question": "' + b"x" * 1001 + b'"}\n',
    ],
)  # fmt: skip
def test_garbage_is_refused_and_the_next_request_answered(vision: Running, garbage: bytes) -> None:
    answers = vision.says(garbage)
    assert [answer.cause for answer in answers if isinstance(answer, Refusal)] == [Cause.NOT_UNDERSTOOD]
    assert vision.client.status().model == "sample"


def test_a_huge_claim_takes_no_memory(vision: Running) -> None:
    before = resident_kb(vision.process.pid)
    connections = [socket.socket(socket.AF_UNIX) for _ in range(8)]
    for connection in connections:
        connection.connect(str(vision.path))
        connection.sendall(line_of(Request(Operation.CAPTION, 2048, 2048)) + b"only this")
    time.sleep(0.3)
    after = resident_kb(vision.process.pid)
    for connection in connections:
        connection.close()
    assert after - before < 8 * 2048 * 2048 * 3 // 1024 // 2
    assert vision.client.caption(umbrella()) == "A red umbrella on a beach."


def resident_kb(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def test_a_question_too_long_for_the_model_is_refused_in_words(vision: Running) -> None:
    with pytest.raises(WrongUsage, match="too long for this model"):
        list(vision.client.ask(umbrella(), "?!" * 480))
    with pytest.raises(WrongUsage, match="1 to 1000 characters"):
        list(vision.client.ask(umbrella(), "x" * 1001))


def test_nothing_but_its_own_socket_is_open(vision: Running) -> None:
    vision.client.caption(umbrella())
    pid = vision.process.pid
    first = open_sockets(pid)
    unix = {line.split()[6] for line in Path(f"/proc/{pid}/net/unix").read_text(encoding="ascii").splitlines()[1:]}
    still = open_sockets(pid)  # a connection that ends between two looks stands in neither list, and was none of another kind
    assert first & still
    assert not (first & still) - unix
    facts = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    assert "Seccomp:\t2" in facts
    assert "NoNewPrivs:\t1" in facts


def open_sockets(pid: int) -> set[str]:
    """Return the inode numbers of the sockets a process has open; what closes while being listed is not open."""
    found: set[str] = set()
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):
            link = str(entry.readlink())
            if link.startswith("socket:["):
                found.add(link.removeprefix("socket:[").removesuffix("]"))
    return found


def test_it_is_the_first_to_go_when_memory_runs_out(vision: Running) -> None:
    assert Path(f"/proc/{vision.process.pid}/oom_score_adj").read_text(encoding="ascii").strip() == "800"


def test_an_idle_model_is_unloaded_and_comes_back(tmp_path: Path) -> None:
    running = Running(tmp_path, idle_seconds=0.3).wait_until_it_answers()
    assert not running.client.status().loaded
    assert running.client.caption(umbrella()) == "A red umbrella on a beach."
    for _ in range(100):
        if not running.client.status().loaded:
            break
        time.sleep(0.1)
    assert not running.client.status().loaded
    assert running.client.caption(umbrella()) == "A red umbrella on a beach."
    running.stop()


def test_the_second_caption_prompt_is_tried_when_the_first_gives_nothing_sensible(tmp_path: Path) -> None:
    folder = tmp_path / "models" / "shy"
    shutil.copytree(SAMPLE, folder)
    said = (folder / "model.json").read_text(encoding="utf-8")
    (folder / "model.json").write_text(said.replace("Describe this image.", "How many things are there?"), encoding="utf-8")
    running = Running(tmp_path, folder).wait_until_it_answers()
    assert running.client.caption(umbrella()) == "A red umbrella on a beach."
    running.stop()


def test_another_prompt_gives_other_words_and_the_numbers_go_round(tmp_path: Path) -> None:
    folder = tmp_path / "models" / "twofold"
    shutil.copytree(SAMPLE, folder)
    said = (folder / "model.json").read_text(encoding="utf-8")
    (folder / "model.json").write_text(said.replace("What is in this image?", "Where is this?"), encoding="utf-8")
    running = Running(tmp_path, folder).wait_until_it_answers()
    looks = [running.client.caption(umbrella(), prompt=number) for number in range(4)]
    running.stop()
    assert looks == ["A red umbrella on a beach.", "On a beach."] * 2


def test_only_a_caption_has_a_prompt(vision: Running) -> None:
    for request in (Request(Operation.CAPTION, 1, 1, prompt=-1), Request(Operation.ASK, 1, 1, "Where is this?", prompt=1)):
        (refusal,) = vision.says(line_of(request) + b"rgb")
        assert isinstance(refusal, Refusal) and refusal.cause is Cause.NOT_UNDERSTOOD


def test_a_home_deep_in_the_tree_still_has_its_socket(tmp_path: Path) -> None:
    deep = tmp_path / ("a" * 60) / ("b" * 60)
    deep.mkdir(parents=True)
    running = Running(deep).wait_until_it_answers()
    assert running.client.status().sample
    running.stop()


def test_pieces_and_refusals_read_back_as_they_were_written() -> None:
    for message in (Piece("a\nb — ü"), Done(Reuse.PREFIX), Refusal(Cause.FAILED, "because")):
        line = line_of(message)
        assert line.count(b"\n") == 1
