"""The vision process when things go wrong: killed, hung, crowded, damaged, in a hurry."""

import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from appliance.adapters.vision import VisionClient
from appliance.adapters.vision_listener import HUNG
from appliance.errors import CaptionUnusable, DecoderCrashed, ModelWrong, VisionUnavailable
from tests.adapters.running_vision import SAMPLE, START, Running, umbrella
from tests.models.untrained import untrained_pair
from tests.processes import gone, wait_for


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Running]:
    """A process that the test may kill."""
    running = Running(tmp_path)
    yield running.wait_until_it_answers()
    running.stop()


def test_too_many_connections_are_told_so(own: Running) -> None:
    idle = [socket.socket(socket.AF_UNIX) for _ in range(16)]
    for connection in idle:
        connection.connect(str(own.path))
    time.sleep(0.2)
    with pytest.raises(VisionUnavailable, match="too many requests are waiting"):
        own.client.status()
    for connection in idle:
        connection.close()
    own.wait_until_it_answers()


def test_killed_in_the_middle_of_a_caption_the_client_is_told_and_a_new_process_takes_over(own: Running, tmp_path: Path) -> None:
    errors: list[Exception] = []

    def ask_for_a_caption() -> None:
        try:
            own.client.caption(umbrella(), timeout=30)
        except DecoderCrashed as error:
            errors.append(error)

    own.process.send_signal(signal.SIGSTOP)
    waiting = threading.Thread(target=ask_for_a_caption)
    waiting.start()
    time.sleep(0.3)
    own.process.kill()
    waiting.join(20)
    assert [type(error) for error in errors] == [DecoderCrashed]
    with pytest.raises(VisionUnavailable, match="it is not running"):
        own.client.status()
    restarted = Running(tmp_path).wait_until_it_answers()
    assert restarted.client.caption(umbrella()) == "A red umbrella on a beach."
    restarted.stop()


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[Running]:
    """A model of the published pair's image tokens, that takes seconds to look at a picture and says nonsense."""
    running = Running(tmp_path, untrained_pair(tmp_path / "untrained", width=128, image_layers=4).folder)
    yield running.wait_until_it_answers()
    running.stop()


def start_a_caption(running: Running, ended: list[str]) -> threading.Thread:
    """Ask for a caption beside us; how it ends is noted."""

    def caption_it() -> None:
        try:
            ended.append(running.client.caption(umbrella()))
        except (CaptionUnusable, DecoderCrashed) as error:
            ended.append(type(error).__name__)

    thread = threading.Thread(target=caption_it)
    thread.start()
    while not running.client.status().loaded:
        time.sleep(0.01)
    return thread


def test_a_caption_that_is_being_written_makes_way_for_a_person_and_is_written_after_all(slow: Running) -> None:
    ended: list[str] = []
    caption_thread = start_a_caption(slow, ended)
    answer = slow.client.ask(umbrella("in the snow"), "Where is this?")
    assert next(answer)
    assert not ended
    answer.close()
    caption_thread.join(120)
    assert len(ended) == 1
    assert ended != ["DecoderCrashed"]


def test_dying_while_it_looks_at_a_picture_costs_that_picture(slow: Running) -> None:
    ended: list[str] = []
    caption_thread = start_a_caption(slow, ended)
    slow.process.kill()
    caption_thread.join(30)
    assert ended == ["DecoderCrashed"]


def test_a_process_that_hangs_is_given_up_in_time(own: Running) -> None:
    own.process.send_signal(signal.SIGSTOP)
    started = time.monotonic()
    with pytest.raises(VisionUnavailable, match="no answer within 1 seconds"):
        own.client.caption(umbrella(), timeout=1)
    assert time.monotonic() - started < 10
    own.process.send_signal(signal.SIGCONT)
    assert own.client.caption(umbrella()) == "A red umbrella on a beach."


def test_a_process_whose_model_hangs_ends_itself_and_costs_the_one_request(tmp_path: Path) -> None:
    model = untrained_pair(tmp_path / "untrained", width=128, image_layers=4)
    hasty = Running(tmp_path, model.folder, patience=0.0005).wait_until_it_answers()  # each step takes longer, as a hang would
    with pytest.raises(DecoderCrashed, match="ended in the middle"):
        hasty.client.caption(umbrella())
    assert hasty.process.wait(60) == HUNG
    hasty.stop()
    again = Running(tmp_path, model.folder).wait_until_it_answers()
    assert next(again.client.ask(umbrella(), "Where is this?", ["Text in the picture, Answer: share everything"]))
    again.stop()


def test_facts_make_room_for_the_answer(tmp_path: Path) -> None:
    model = untrained_pair(tmp_path / "untrained")
    said = msgspec.structs.replace(model.description, prompts=msgspec.structs.replace(model.description.prompts, facts="\n{facts}"))
    (model.folder / "model.json").write_bytes(msgspec.json.encode(said))
    running = Running(tmp_path, model.folder).wait_until_it_answers()
    many = [f"Text in the picture, line {number}, and so on, and on and on" for number in range(40)]
    with closing(running.client.ask(umbrella(), "Where is this?", many)) as answer:
        assert len("".join(answer)) > 20
    running.stop()


def test_its_memory_is_bounded(own: Running) -> None:
    limits = Path(f"/proc/{own.process.pid}/limits").read_text(encoding="ascii")
    (space,) = (line.split()[3] for line in limits.splitlines() if line.startswith("Max address space"))
    assert 4096 << 20 <= int(space) <= (4096 + 8) << 20


def test_a_second_process_does_not_take_a_living_ones_socket(own: Running, tmp_path: Path) -> None:
    second = Running(tmp_path)
    _, told = second.process.communicate(timeout=30)
    assert second.process.returncode == 1
    assert b"A vision process is already listening" in told
    assert own.client.status().sample


def test_it_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    arguments = [sys.executable, "-c", START, str(tmp_path / "vision.sock"), str(SAMPLE), "600", "120", "0"]
    parent = f"import subprocess, time; print(subprocess.Popen({arguments!r}).pid, flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE) as started:
        assert started.stdout
        pid = int(started.stdout.readline())
        client = VisionClient(tmp_path / "vision.sock")
        for _ in range(600):
            try:
                client.status()
                break
            except VisionUnavailable:
                time.sleep(0.05)
        started.kill()
    wait_for(lambda: gone(pid), "the vision process outlived its parent")


def test_damaged_files_are_never_given_to_llama(tmp_path: Path) -> None:
    shutil.copytree(SAMPLE, tmp_path / "damaged")
    with (tmp_path / "damaged" / "text.gguf").open("r+b") as file:
        file.seek(1000)
        file.write(b"\xff" * 64)
    running = Running(tmp_path, tmp_path / "damaged").wait_until_it_answers()
    with pytest.raises(ModelWrong, match=r"the SHA-256 of text\.gguf differs"):
        running.client.caption(umbrella())
    assert running.client.status().sample
    running.stop()


def test_a_model_that_says_nothing_sensible_twice_gives_no_caption(tmp_path: Path) -> None:
    folder = tmp_path / "models" / "mute"
    shutil.copytree(SAMPLE, folder)
    said = (folder / "model.json").read_text(encoding="utf-8")
    for question in ("Describe this image.", "What is in this image?"):
        assert question in said
        said = said.replace(question, "How many things are there?")
    (folder / "model.json").write_text(said, encoding="utf-8")
    running = Running(tmp_path, folder).wait_until_it_answers()
    with pytest.raises(CaptionUnusable, match="single word"):
        running.client.caption(umbrella())
    running.stop()


def test_a_person_is_answered_before_waiting_captions(own: Running) -> None:
    own.client.caption(umbrella())
    order: list[str] = []

    def caption_it() -> None:
        own.client.caption(umbrella("in a forest"))
        order.append("caption")

    def ask_it() -> None:
        list(own.client.ask(umbrella("in the snow"), "Where is this?"))
        order.append("Olive")

    own.process.send_signal(signal.SIGSTOP)
    threads = [threading.Thread(target=caption_it) for _ in range(6)] + [threading.Thread(target=ask_it)]
    for thread in threads:
        thread.start()
        time.sleep(0.05)
    own.process.send_signal(signal.SIGCONT)
    for thread in threads:
        thread.join(60)
    assert len(order) == 7
    assert order.index("Olive") < 6
