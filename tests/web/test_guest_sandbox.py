"""The process that strangers talk to: what it can still reach once its sandbox is closed, tried from inside."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from appliance.accounts.viewer import Viewer
from appliance.adapters.sandbox_rules import landlock_version
from appliance.store.db import Store
from appliance.store.layout import Layout
from tests.conftest import add_photo
from tests.sharing.given import PHOTO_FILES, copy_of, share

ROOT = Path(__file__).parents[2]
PROGRAM = """
import json, os, socket, sys
from pathlib import Path
from appliance import app
from appliance.settings import Settings
home = Path(sys.argv[1])
guests = app.confined_guests(Settings(home=home))
store = guests.state.guest_side.store

def tried(what):
    try:
        what()
    except PermissionError:
        return "refused"
    return "done"

def write_row():
    with store.write() as writer:
        writer.run("UPDATE share_link SET views = views + 1")

def listening():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()

def fork():
    if os.fork() == 0:
        os._exit(0)

copy = next((home / "clean-copies").glob("*/view.jpg"))
print(json.dumps({
    "a clean copy": tried(copy.read_bytes),
    "the database": tried(write_row),
    "incoming": tried(lambda: (home / "incoming" / "upload-x").write_bytes(b"x")),
    "listening": tried(listening),
    "an original": tried(lambda: (home / "originals/2024/2024-07-14/beach.jpg").read_bytes()),
    "the list of originals": tried(lambda: os.listdir(home / "originals")),
    "a preview": tried(lambda: next(Path(sys.argv[2]).parent.iterdir()).read_bytes()),
    "another key": tried(lambda: (home / "keys" / "other").read_bytes()),
    "the settings": tried(lambda: (home / "mantel.toml").read_bytes()),
    "changing a copy": tried(lambda: copy.write_bytes(b"x")),
    "a file of the system": tried(lambda: Path("/etc/passwd").read_bytes()),
    "a connection": tried(lambda: socket.create_connection(("127.0.0.1", 9))),
    "a datagram": tried(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM)),
    "another process": tried(fork),
    "a program": tried(lambda: os.execv("/bin/true", ["true"])),
}))
"""


@pytest.mark.skipif(not landlock_version(), reason="the kernel has no Landlock")
def test_it_keeps_the_copies_the_database_and_incoming_and_nothing_else(
    layout: Layout, store: Store, cast: dict[str, Viewer], tmp_path: Path
) -> None:
    assert cast
    share(store, [copy_of(store, layout, add_photo(store, layout), PHOTO_FILES)])
    layout.keys.mkdir(exist_ok=True)
    (layout.keys / "other").write_bytes(b"secret")
    (layout.home / "mantel.toml").write_text("port = 9000")
    preview = next(layout.derivatives.rglob("*-preview.webp"))
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    done = subprocess.run(
        [sys.executable, str(program), str(layout.home), str(preview)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    got = json.loads(done.stdout)
    kept = {"a clean copy", "the database", "incoming", "listening"}
    assert got == {what: "done" if what in kept else "refused" for what in got}
    with store.read() as reader:
        assert reader.value("SELECT views FROM share_link") == 1
