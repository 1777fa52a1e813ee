"""Every process of ingest, indexing and asking is watched by strace: no connection and no name look-up leaves the machine.

`CI` is taken out of the environment: some libraries report to their vendor only where they believe a person works.
"""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import onnxruntime
import pytest

from tests import drawn

MANTEL = [sys.executable, "-m", "appliance"]
NETWORK_CALL = re.compile(r"\b(connect|sendto|sendmsg|sendmmsg)\(\d+(?:<[^>]*>)?, .*?sa_family=(AF_INET6?)\b(.*)")
LOOPBACK = re.compile(r'inet_addr\("127\.\d+\.\d+\.\d+"\)|inet_pton\(AF_INET6, "::1"')

A_PERSONS = {name: value for name, value in os.environ.items() if name != "CI"}
TIME_TO_REPORT = 5  # seconds: the reports that we have met went out within two

pytestmark = pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed (image/packages-check.txt names it)")


def outside_calls(trace: Path) -> list[str]:
    """Lines of a strace log in which some process talked, or tried to talk, to another machine."""
    found = []
    for file in trace.parent.glob(trace.name + "*"):
        for line in file.read_text(errors="replace").splitlines():
            call = NETWORK_CALL.search(line)
            if call and not LOOPBACK.search(call[3]):
                found.append(line)
    return found


def watched(trace: Path, command: list[str]) -> list[str]:
    return ["strace", "-ff", "-qq", "-e", "trace=connect,sendto,sendmsg,sendmmsg", "-o", str(trace), *command]


def test_the_watch_sees_an_attempt(tmp_path: Path) -> None:
    attempt = "import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.connect(('192.0.2.1', 9))"
    trace = tmp_path / "trace"
    subprocess.run(watched(trace, [sys.executable, "-c", attempt]), check=False, stderr=subprocess.DEVNULL)
    assert outside_calls(trace)


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    drawn.family(folder)
    return folder


def test_ingest_indexing_and_asking_open_no_connection(tmp_path: Path, pictures: Path) -> None:
    home = tmp_path / "home"
    find, ask = ["find", "a dog in Rome in 2019"], ["ask", "how many photos from 2019?"]
    for number, arguments in enumerate((["add", str(pictures), "--wait"], find, ask, ["verify"], ["doctor"])):
        trace = tmp_path / f"trace-{number}"
        command = [*MANTEL, arguments[0], "--home", str(home), *arguments[1:]]
        done = subprocess.run(watched(trace, command), env=A_PERSONS, capture_output=True, text=True, check=False, timeout=200)
        assert done.returncode in (0, 1, 3), done.stderr
        assert outside_calls(trace) == []


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def serving(tmp_path: Path, pictures: Path) -> Iterator[tuple[int, Path]]:
    port, trace = free_port(), tmp_path / "trace-serve"
    environment = {**A_PERSONS, "MANTEL_PORT": str(port)}
    command = [*MANTEL, "serve", "--home", str(tmp_path / "home"), "--photos", str(pictures)]
    with subprocess.Popen(watched(trace, command), env=environment, stdout=subprocess.DEVNULL, start_new_session=True) as process:
        try:
            yield port, trace
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=30)


def test_serving_the_pages_opens_no_connection(tmp_path: Path, serving: tuple[int, Path]) -> None:
    port, trace = serving
    until(lambda: urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5).read() == b"ok")
    until(lambda: indexed(tmp_path / "home"))
    time.sleep(TIME_TO_REPORT)
    assert outside_calls(trace) == []


def until(done: Callable[[], bool], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            if done():
                return
        except OSError:
            pass  # the server is not up yet
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.5)


def indexed(home: Path) -> bool:
    """True when the folder is in and nothing is left to do but what waits for a model that is not here."""
    command = [*MANTEL, "index", "--home", str(home), "--json"]
    stages = json.loads(subprocess.run(command, capture_output=True, check=True, timeout=60).stdout)["stages"]
    done = {stage["stage"]: stage["done"] for stage in stages}
    left = sum(stage["waiting"] + stage["running"] for stage in stages if stage["stage"] not in ("caption", "picture"))
    return bool(done["derivatives"] > 0 and left == 0)


def test_the_model_runtime_holds_no_uploader() -> None:
    library = next(Path(onnxruntime.__file__).parent.glob("capi/onnxruntime_pybind11_state*.so"))
    assert b"events.data." not in library.read_bytes()
