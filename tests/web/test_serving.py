"""The real server on a real port: what no test client shows."""

import os
import re
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from appliance.store.db import Store
from appliance.store.layout import Layout
from tests.conftest import PASSWORD, add_photo
from tests.processes import gone, wait_for

ROOT = Path(__file__).parents[2]
SECONDS_TO_START = 60


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def serving(home: Path, module: str, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run `python -m module arguments` with a free port until the block ends; give its process and address."""
    port = str(free_port())
    environment = os.environ | {"MANTEL_HOME": str(home), "MANTEL_PORT": port}
    command = [sys.executable, "-m", module, *[port if argument == "PORT" else argument for argument in arguments]]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for_health(url, process)
        yield process, url
    finally:
        process.kill()
        process.communicate()


def wait_for_health(url: str, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        try:
            assert httpx.get(url + "/health").text == "ok"
            return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(f"the server did not start: {process.poll()}")


def stop(process: subprocess.Popen[str]) -> float:
    """Ask it to stop; return the seconds that it took."""
    start = time.monotonic()
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=30)
    return time.monotonic() - start


def test_from_the_printed_link_to_a_photo_and_out_again(home: Path, layout: Layout, store: Store) -> None:
    photo = add_photo(store, layout)
    content = layout.original("2024/2024-07-14/beach.jpg").read_bytes()
    with serving(home, "appliance", "web") as (process, url), httpx.Client(base_url=url) as browser:
        assert process.stdout is not None
        printed = process.stdout.readline() + process.stdout.readline()
        link = re.search(r"First login: (\S+)", printed)
        assert link, printed
        made = browser.post(link[1], data={"name": "Olive", "password": PASSWORD, "again": PASSWORD}, headers={"origin": url})
        assert made.status_code == 303

        whole = browser.get(f"/photos/{photo}/original")
        assert (whole.status_code, whole.content) == (200, content)
        assert whole.headers["content-length"] == str(len(content))
        part = browser.get(f"/photos/{photo}/original", headers={"range": "bytes=3-7"})
        assert (part.status_code, part.content) == (206, content[3:8])
        known = browser.get(f"/photos/{photo}/original", headers={"if-none-match": whole.headers["etag"]})
        assert (known.status_code, known.content) == (304, b"")
        head = browser.head(f"/photos/{photo}/original")
        assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", str(len(content)))

        token = re.search(r"X-CSRF-Token&#34;: &#34;([^&]+)|X-CSRF-Token\": \"([^\"]+)", browser.get("/settings").text)
        assert token
        assert browser.post("/logout", headers={"X-CSRF-Token": token[1] or token[2]}).status_code == 303
        assert browser.get(f"/photos/{photo}/original").status_code == 401
        assert httpx.get(url + "/health", headers={"host": "evil.example"}).status_code == 400
        assert stop(process) < 10
        assert process.returncode == 0


def test_a_stop_ends_open_streams_and_lets_go_of_the_database(home: Path) -> None:
    with (
        serving(home, "tests.web.streaming_app", str(home), "PORT") as (process, url),
        httpx.stream("GET", url + "/try/stream", timeout=30) as stream,
    ):
        lines = stream.iter_lines()
        assert [next(lines) for _ in range(3)] == ["event: tick", "data: two", "data: lines"]
        assert stop(process) < 10
        assert process.returncode == 0
        assert list(lines)[-1] == ""
    assert (home / "stream-ended").exists()
    assert not Path(f"{Layout(home).database}-wal").exists()


def test_a_reader_that_leaves_ends_the_stream(home: Path) -> None:
    with serving(home, "tests.web.streaming_app", str(home), "PORT") as (_, url):
        with httpx.stream("GET", url + "/try/stream", timeout=30) as stream:
            next(stream.iter_lines())
        deadline = time.monotonic() + 20
        while not (home / "stream-ended").exists():
            assert time.monotonic() < deadline
            time.sleep(0.1)


def test_a_server_killed_while_it_starts_leaves_no_worker_behind(home: Path) -> None:
    """The worker is looked for from its first moment, long before it serves."""
    program = f"""
        import os, time
        from pathlib import Path
        from appliance import app
        from appliance.settings import Settings
        def make():
            Path({str(home / "worker")!r}).write_text(str(os.getpid()))
            time.sleep(60)
        app.run_server(Settings(home=Path({str(home)!r}), port={free_port()}), make)
    """
    with subprocess.Popen([sys.executable, "-c", textwrap.dedent(program)], cwd=ROOT) as process:
        wait_for(lambda: (home / "worker").is_file() and (home / "worker").read_text() != "")
        worker = int((home / "worker").read_text())
        assert not gone(worker)
        process.kill()
    wait_for(lambda: gone(worker))


def test_the_port_is_free_again_after_the_server_was_killed(home: Path) -> None:
    with serving(home, "tests.web.streaming_app", str(home), "PORT") as (process, url):
        process.kill()
        deadline = time.monotonic() + 20
        with pytest.raises(httpx.ConnectError):
            while time.monotonic() < deadline:
                httpx.get(url + "/health")
                time.sleep(0.1)
