"""`mantel serve`: one process tree that mends itself and ends as a whole."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from appliance import cli_serve
from appliance.adapters.vision import VisionClient
from appliance.cli_serve import WEB_GIVES_UP_AFTER, Part, Tree
from appliance.errors import VisionUnavailable
from appliance.store.layout import Layout
from tests.adapters.running_vision import SAMPLE
from tests.library.test_ingest import files_in, photo
from tests.processes import gone, wait_for

SECONDS = 90


@dataclass(frozen=True, slots=True)
class Serving:
    """A running `mantel serve`, and where its output goes."""

    process: "subprocess.Popen[bytes]"
    port: int
    home: Path
    log: Path

    def children(self) -> dict[str, int]:
        """Command → process id of each child."""
        found = {}
        for task in Path(f"/proc/{self.process.pid}/task").iterdir():
            with suppress(OSError):  # threads and children may end between two looks
                for pid in (task / "children").read_text(encoding="ascii").split():
                    found[command_of(int(pid))] = int(pid)
        return found

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=2) as answer:
                return bool(answer.read() == b"ok")
        except OSError:
            return False


def command_of(pid: int) -> str:
    words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    return words[words.index(b"appliance") + 1].decode() if b"appliance" in words else ""


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Serving]:
    photo(tmp_path / "pictures" / "a.jpg")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    home, log = tmp_path / "home", tmp_path / "log"
    command = [sys.executable, "-m", "appliance", "serve", "--home", str(home), "--photos", str(tmp_path / "pictures")]
    with log.open("wb") as output:
        environment = {**os.environ, "MANTEL_PORT": str(port)}
        with subprocess.Popen(command, env=environment, stdout=output, stderr=output) as process:
            try:
                yield Serving(process, port, home, log)
            finally:
                process.terminate()
                process.wait(timeout=30)


def test_it_serves_adds_mends_itself_and_stops_as_a_whole(serving: Serving) -> None:
    wait_for(serving.answers, "the pages were not served")
    wait_for(lambda: files_in(serving.home / "originals") == ["2024/2024-07-14/a.jpg"], "the folder was not taken in")
    assert "/setup/" in serving.log.read_text(encoding="utf-8")
    worker = serving.children()["worker"]
    os.kill(worker, signal.SIGKILL)
    wait_for(lambda: serving.children().get("worker", worker) != worker, "the worker was not started again")
    children = serving.children()
    started = time.monotonic()
    serving.process.send_signal(signal.SIGINT)
    assert serving.process.wait(timeout=30) == 0
    assert time.monotonic() - started < 12
    assert [name for name, pid in children.items() if not gone(pid)] == []


def test_a_model_that_is_installed_while_it_runs_is_used(serving: Serving) -> None:
    wait_for(serving.answers, "the pages were not served")
    wait_for(lambda: "A vision model is not installed" in serving.log.read_text(encoding="utf-8"), "it did not say what is missing")
    shutil.copytree(SAMPLE, serving.home / "models" / "own")
    description = serving.home / "models" / "own" / "model.json"
    description.write_bytes(description.read_bytes().replace(b'"sample": true', b'"sample": false'))
    client = VisionClient(Layout(serving.home).vision_socket)

    def serves() -> bool:
        try:
            return client.status().model != ""
        except VisionUnavailable:
            return False

    wait_for(serves, "the new model is not used")


def test_killed_it_leaves_nobody_behind(serving: Serving) -> None:
    wait_for(serving.answers, "the pages were not served")
    children = serving.children()
    assert {"web", "worker", "vision"} <= children.keys()
    serving.process.kill()
    wait_for(lambda: all(gone(children[name]) for name in ("web", "worker", "vision")), "a child outlived its parent")
    wait_for(lambda: not serving.answers(), "the port is still held")


def test_a_web_that_is_killed_again_and_again_is_started_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli_serve, "LONGEST_WAIT_SECONDS", 0.1)
    marks = tmp_path / "marks"
    program = f"import os, time; open({str(marks)!r}, 'a').write('x'); time.sleep(0.3); os.kill(os.getpid(), 9)"
    tree = Tree([Part("web", [Path(sys.executable), "-S", "-c", program])], {})
    thread = threading.Thread(target=tree.run)
    thread.start()
    wait_for(lambda: marks.exists() and len(marks.read_text(encoding="ascii")) > WEB_GIVES_UP_AFTER, "it was not started again")
    tree.stopping.set()
    thread.join()


def test_the_folder_is_not_added_further_when_serve_is_killed(serving: Serving, tmp_path: Path) -> None:
    wait_for(lambda: "add" in serving.children(), "nothing was adding")
    adding, every = serving.children()["add"], serving.children().values()
    serving.process.kill()
    wait_for(lambda: gone(adding), "the adding child outlived serve")
    wait_for(lambda: all(map(gone, every)), "a child that was still starting outlived serve")


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        command = [sys.executable, "-m", "appliance", "serve", "--home", str(tmp_path / "home")]
        environment = {**os.environ, "MANTEL_PORT": str(taken.getsockname()[1])}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert done.returncode == 1
    assert "could not be served" in done.stderr
