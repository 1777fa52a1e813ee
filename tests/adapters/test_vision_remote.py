"""Vision on another machine: the same socket and protocol towards us, and one pinned certificate towards the other side."""

import io
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from PIL import Image

from appliance.adapters import vision_models, vision_remote
from appliance.adapters.vision import VisionClient
from appliance.adapters.vision_engine import Engine
from appliance.adapters.vision_protocol import short_address
from appliance.errors import CaptionUnusable, VisionUnavailable, WrongUsage
from tests.adapters.running_vision import SAMPLE, umbrella
from tests.adapters.vision_machine import Machine, looking, make_certificate
from tests.processes import wait_for

START = """
import sys
from pathlib import Path
from appliance.adapters import vision_server
vision_server.serve_elsewhere(socket=Path(sys.argv[1]), address=sys.argv[2], certificate=sys.argv[3])
"""


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    engine = Engine(vision_models.read(SAMPLE), threads=1)
    yield engine
    engine.close()


@pytest.fixture
def machine(engine: Engine, tmp_path: Path) -> Iterator[Machine]:
    with looking(Machine(engine), tmp_path) as machine:
        yield machine


def _listens(path: Path) -> bool:
    """The file is there a moment before anybody is heard."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as knocking, short_address(path) as address:
        return knocking.connect_ex(address) == 0


class Vision:
    """Our vision process, which asks the other machine."""

    def __init__(self, folder: Path, address: str, certificate: Path) -> None:
        self.client = VisionClient(folder / "vision.sock")
        words: list[str | Path] = [sys.executable, "-c", START, folder / "vision.sock", address, certificate]
        self.process = subprocess.Popen(words, stderr=subprocess.PIPE)
        wait_for(partial(_listens, folder / "vision.sock"), "it does not listen")

    def stop(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def vision(machine: Machine, tmp_path: Path) -> Iterator[Vision]:
    vision = Vision(tmp_path, machine.address, machine.certificate)
    yield vision
    vision.stop()


def test_captions_answers_and_yes_or_no_come_from_the_other_machine(machine: Machine, vision: Vision) -> None:
    assert vision.client.caption(umbrella()) == "A red umbrella on a beach."
    assert "".join(vision.client.ask(umbrella(), "Where is this?")).strip() == "On a beach."
    assert vision.client.check(umbrella(), "Is there an umbrella?").says in ("yes", "no", "unsure")
    assert {request["temperature"] for request in machine.asked} == {0.0}


def test_the_status_names_the_model_there_and_no_path(machine: Machine, vision: Vision) -> None:
    status = vision.client.status()
    assert (status.model, status.sample) == ("sample.gguf", False)
    assert status.version.startswith("sample.gguf@")


def test_a_machine_with_another_certificate_is_sent_nothing(machine: Machine, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other, _ = make_certificate(tmp_path / "other", "other")
    vision = Vision(tmp_path, machine.address, other)
    try:
        for ask in (vision.client.status, lambda: vision.client.caption(umbrella())):
            with pytest.raises(VisionUnavailable, match="another certificate than the one in vision_certificate"):
                ask()
        assert machine.asked == []
    finally:
        vision.stop()


def test_a_machine_that_is_off_makes_captions_wait(tmp_path: Path) -> None:
    certificate, _ = make_certificate(tmp_path)
    vision = Vision(tmp_path, "https://127.0.0.1:9", certificate)
    try:
        with pytest.raises(VisionUnavailable, match="the vision machine cannot be reached"):
            vision.client.status()
    finally:
        vision.stop()


def test_going_away_hangs_up_while_the_other_side_thinks(machine: Machine, vision: Vision) -> None:
    machine.held.clear()
    with closing(vision.client.ask(umbrella(), "Where is this?", pulse=0.2)) as answer:
        wait_for(lambda: next(answer) == "" and bool(machine.asked), "it was not asked")
    machine.held.set()
    wait_for(lambda: vision.client.status().busy is False, "it is still at it")
    assert "".join(vision.client.ask(umbrella(), "Where is this?")).strip() == "On a beach."


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (500, b"oops", "the vision machine answered 500"),
        (302, b"", "the vision machine answered 302"),
        (200, b"data: {nonsense\n\n", "the vision machine answered what nobody understands"),
    ],
)
def test_what_goes_wrong_there_is_said_in_a_sentence(machine: Machine, vision: Vision, status: int, body: bytes, said: str) -> None:
    vision.client.status()
    machine.status, machine.body = status, body
    with pytest.raises(VisionUnavailable, match=said):
        vision.client.caption(umbrella())


def test_an_empty_answer_is_no_caption(machine: Machine, vision: Vision) -> None:
    machine.body = b"data: [DONE]\n\n"
    with pytest.raises(CaptionUnusable):
        vision.client.caption(umbrella())


def test_the_process_has_closed_its_sandbox(vision: Vision) -> None:
    vision.client.status()
    limits = Path(f"/proc/{vision.process.pid}/status").read_text(encoding="ascii")
    assert "Seccomp:\t2" in limits and "NoNewPrivs:\t1" in limits


@pytest.mark.parametrize("address", ["http://127.0.0.1:1", "https://", "https://a:b@127.0.0.1", "127.0.0.1:8443", ""])
def test_an_address_without_tls_is_refused(tmp_path: Path, address: str) -> None:
    certificate, _ = make_certificate(tmp_path)
    with pytest.raises(WrongUsage, match="vision_address"):
        vision_remote.checked(address, str(certificate))


def test_a_file_that_is_no_certificate_is_refused(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("not a certificate", encoding="ascii")
    for file in (str(tmp_path / "key"), str(tmp_path / "nowhere"), ""):
        with pytest.raises(WrongUsage, match="vision_certificate"):
            vision_remote.checked("https://127.0.0.1:1", file)


def test_the_picture_that_is_sent_is_the_picture() -> None:
    picture = umbrella()
    read = Image.open(io.BytesIO(vision_remote.png(picture)))
    assert (read.size, read.mode, read.tobytes()) == ((picture.width, picture.height), "RGB", picture.pixels)
