"""What opens connections sees no file of anybody's but the folder that it writes to, and starts nothing."""

import json
import socket
import subprocess
import sys
from pathlib import Path

PROBE = """
import json, os, socket, sys
from pathlib import Path
from appliance.adapters import sandbox_rules
home, port = Path(sys.argv[1]), int(sys.argv[2])
sandbox_rules.close_client(1024, [home / "mine"])
found = {}
def tried(name, act):
    try:
        act()
        found[name] = "done"
    except OSError as error:
        found[name] = type(error).__name__
tried("reads the home", lambda: (home / "secret").read_bytes())
tried("lists the home", lambda: list(home.iterdir()))
tried("writes the home", lambda: (home / "new").write_bytes(b""))
tried("reads accounts", lambda: Path("/etc/passwd").read_bytes())
tried("starts a program", lambda: os.posix_spawn("/bin/true", ["true"], {}))
tried("listens", lambda: socket.socket().bind(("127.0.0.1", 0)))
tried("writes its folder", lambda: (home / "mine" / "part").write_bytes(b"x"))
tried("renames there", lambda: (home / "mine" / "part").rename(home / "mine" / "whole"))
tried("looks up a name", lambda: socket.getaddrinfo("localhost", port))
tried("connects", lambda: socket.create_connection(("127.0.0.1", port)).close())
print(json.dumps(found))
"""


def test_a_client_connects_and_does_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "secret").write_bytes(b"secret")
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        words = [sys.executable, "-c", PROBE, str(tmp_path), str(listening.getsockname()[1])]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert {name for name, became in found.items() if became == "done"} == {
        "writes its folder",
        "renames there",
        "looks up a name",
        "connects",
    }, found
