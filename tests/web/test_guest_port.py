"""The real server with a port for guests: two doors, one house, and only /s/ behind the second."""

import os
import signal
import socket
from pathlib import Path

import httpx
import pytest

from appliance.accounts.viewer import Viewer
from appliance.library import albums
from appliance.store.db import Store
from appliance.store.layout import Layout
from tests.conftest import add_photo
from tests.processes import gone, wait_for
from tests.sharing.given import PHOTO_FILES, copy_of, share
from tests.test_cli_serve import command_of
from tests.web.test_serving import free_port, serving, stop

YEAR_MS = 365 * 24 * 3_600_000


def children(parent: int) -> dict[str, int]:
    """Command → process id."""
    pids = [int(pid) for task in Path(f"/proc/{parent}/task").iterdir() for pid in (task / "children").read_text().split()]
    return {command_of(pid): pid for pid in pids}


def answers(url: str) -> bool:
    try:
        return httpx.get(url).status_code == 404
    except httpx.TransportError:
        return False


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def test_guests_have_a_port_of_their_own_that_serves_links_and_nothing_else(
    home: Path, layout: Layout, store: Store, cast: dict[str, Viewer], monkeypatch: pytest.MonkeyPatch
) -> None:
    content = os.urandom(700_000)
    copy = copy_of(store, layout, add_photo(store, layout), {**PHOTO_FILES, "view.jpg": content})
    with store.write() as writer:
        album = albums.make(writer, cast["Olive"], "From our guests", now=0)  # type: ignore[arg-type]
    link = share(store, [copy, copy], expires_at=10 * YEAR_MS + 1_750_000_000_000, title="At the sea", uploads_into=album)
    port = free_port()
    monkeypatch.setenv("MANTEL_GUEST_PORT", str(port))
    outside = f"http://127.0.0.1:{port}"
    with serving(home, "appliance", "web") as (process, inside):
        wait_for(lambda: answers(outside + "/s/x"))
        assert "At the sea" in httpx.get(outside + link.path).text
        assert httpx.get(outside + link.path).text == httpx.get(inside + link.path).text
        whole = httpx.get(outside + link.path + "/1/view")
        assert whole.content == content
        part = httpx.get(outside + link.path + "/1/view", headers={"range": "bytes=100-199"})
        assert (part.status_code, part.content) == (206, content[100:200])
        zipped = httpx.get(outside + link.path + "/all.zip")
        assert zipped.headers["content-length"] == str(len(zipped.content))
        nothing = httpx.get(outside + "/s/x").content
        for path in ("/", "/health", "/login", "/setup", "/static/css/tokens.css", "/timeline", "/photos/1/original", "/s", "/s/"):
            answer = httpx.get(outside + path)
            assert (answer.status_code, answer.content) == (404, nothing), path

        sent = httpx.post(outside + link.path + "/send", files={"files": ("a.jpg", os.urandom(3_000_000))})
        assert (sent.status_code, sent.headers["location"]) == (303, f"{link.path}?sent=1")

        guests = children(process.pid)["guests"]
        os.kill(guests, signal.SIGKILL)
        wait_for(lambda: gone(guests))
        wait_for(lambda: answers(outside + "/s/x"), "it was not started again")
        parts = list(children(process.pid).values())
        assert stop(process) < 15
        assert all(gone(part) for part in parts)
        assert is_free(port)


def test_without_a_port_for_guests_there_is_no_second_process(home: Path) -> None:
    with serving(home, "appliance", "web") as (process, inside):
        assert "guests" not in children(process.pid)
        assert answers(inside + "/s/x")
