"""Every process of ingest, indexing and asking is watched by strace: not one connection, not one name look-up, leaves the machine."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import drawn

MANTEL = [sys.executable, "-m", "appliance"]
NETWORK_CALL = re.compile(r"\b(connect|sendto|sendmsg|sendmmsg)\(\d+(?:<[^>]*>)?, .*?sa_family=(AF_INET6?)\b(.*)")
LOOPBACK = re.compile(r'inet_addr\("127\.\d+\.\d+\.\d+"\)|inet_pton\(AF_INET6, "::1"')

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
    folder.mkdir()
    drawn.sample_folder(folder)
    return folder


def test_ingest_indexing_and_asking_open_no_connection(tmp_path: Path, pictures: Path) -> None:
    home = tmp_path / "home"
    for number, arguments in enumerate(
        (["add", str(pictures), "--wait"], ["find", "a dog in Rome in 2019"], ["ask", "how many photos from 2019?"], ["verify"], ["doctor"])
    ):
        trace = tmp_path / f"trace-{number}"
        command = [*MANTEL, arguments[0], "--home", str(home), *arguments[1:]]
        done = subprocess.run(watched(trace, command), capture_output=True, text=True, check=False, timeout=200)
        assert done.returncode in (0, 1, 3), done.stderr
        assert outside_calls(trace) == []


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def serving(tmp_path: Path, pictures: Path) -> Iterator[tuple[int, Path]]:
    port, trace = free_port(), tmp_path / "trace-serve"
    environment = {**os.environ, "MANTEL_PORT": str(port)}
    command = [*MANTEL, "serve", "--home", str(tmp_path / "home"), "--photos", str(pictures)]
    with subprocess.Popen(watched(trace, command), env=environment, stdout=subprocess.DEVNULL, start_new_session=True) as process:
        try:
            yield port, trace
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=30)


def test_serving_the_pages_opens_no_connection(serving: tuple[int, Path]) -> None:
    port, trace = serving
    deadline = time.monotonic() + 60
    while True:
        try:
            assert urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5).read() == b"ok"
            break
        except OSError:
            assert time.monotonic() < deadline, "the web process did not come up"
            time.sleep(0.3)
    time.sleep(8)   # the worker takes the folder in, Chroma opens, the embedder loads
    assert outside_calls(trace) == []
