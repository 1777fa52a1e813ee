"""Faces and names are in clear nowhere but in the open people process, and after “off” nowhere at all.

A real `mantel serve`, a real backup, and a search of every file and of every process's memory for a person who was planted.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from appliance.store.layout import Layout
from tests.conftest import PASSWORD
from tests.library.test_ingest import photo
from tests.people import planted
from tests.people.people import PASSPHRASE
from tests.processes import gone, wait_for

CONTROL = "import sys, time; held = sys.stdin.readline(); print('held', flush=True); time.sleep(600)"
ROOT = Path(__file__).parents[2]

Finds = dict[str, set[str]]


@dataclass
class Story:
    """What the searches found at each moment: `files` by path, `memory` by the name of the process."""

    files: dict[str, Finds] = field(default_factory=dict)
    memory: dict[str, Finds] = field(default_factory=dict)
    snapshot_files: dict[str, list[str]] = field(default_factory=dict)
    replaced: list[str] = field(default_factory=list)
    receipt: dict[str, Any] = field(default_factory=dict)
    page: str = ""
    rules: str = ""
    status: dict[str, dict[str, Any]] = field(default_factory=dict)


class House:
    """One home, its running tree, and a repository."""

    def __init__(self, folder: Path, port: int, tree: "subprocess.Popen[bytes]") -> None:
        self.folder, self.port, self.tree = folder, port, tree
        self.home = folder / "house" / "home"
        self.passphrase = folder / "passphrase"
        self.passphrase.write_text(PASSPHRASE)

    def mantel(self, *words: str | Path) -> dict[str, Any]:
        command = [sys.executable, "-m", "appliance", *map(str, words), "--home", str(self.home), "--json"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=250, cwd=ROOT)
        assert done.returncode == 0, done.stderr
        return dict(json.loads(done.stdout)) if done.stdout.startswith("{") else {"said": json.loads(done.stdout)}

    def done(self, *words: str) -> bool:
        """Once more later when something else goes on."""
        try:
            self.mantel(*words)
        except AssertionError as error:
            assert "running already" in str(error), error
            return False
        return True

    def processes(self) -> dict[int, str]:
        """Process id → its command, of all that the tree has started."""
        found, waiting = {}, [self.tree.pid]
        while waiting:
            pid = waiting.pop()
            with suppress(OSError):
                found[pid] = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
                for task in Path(f"/proc/{pid}/task").iterdir():
                    waiting += map(int, (task / "children").read_text(encoding="ascii").split())
        return found

    def named(self, word: str) -> list[int]:
        return [pid for pid, command in self.processes().items() if f"appliance {word}" in command]

    def web_workers(self) -> list[int]:
        """The server's child that answers: it has the same words as the server, or multiprocessing's."""
        servers = self.named("web")
        children = [pid for pid in self.processes() if pid not in servers and _parent(pid) in servers]
        return children + [pid for pid in servers if _parent(pid) in servers]

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=2) as answer:
                return bool(answer.read() == b"ok")
        except OSError:
            return False

    def page(self, path: str) -> str:
        """What Olive's browser is sent."""
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        form = urllib.parse.urlencode({"name": "Olive", "password": PASSWORD}).encode()
        browser.open(f"http://127.0.0.1:{self.port}/login", form, timeout=60).close()
        with browser.open(f"http://127.0.0.1:{self.port}{path}", timeout=60) as answer:
            return str(answer.read().decode())

    def search(self, story: Story, moment: str) -> None:
        self.search_files(story, moment)
        story.memory[moment] = {}
        for pid, command in self.processes().items():
            with suppress(OSError):  # it ended meanwhile
                if found := planted.finds_in_memory(pid):
                    story.memory[moment][command] = found

    def search_files(self, story: Story, moment: str) -> None:
        story.files[moment] = planted.finds_in_files(self.folder / "house")
        story.status[moment] = dict(self.mantel("people", "status"))

    def back_up(self, story: Story, moment: str) -> None:
        """Real snapshots, restored whole and searched."""
        wait_for(lambda: self.done("backup", "run"), "the backup process was never idle")
        (sheet,) = self.mantel("backup", "sheet")["said"]
        target = self.folder / f"restored {moment}"
        environment = {"RESTIC_PASSWORD": sheet["passphrase"], "HOME": str(self.folder), "PATH": os.environ["PATH"]}
        restic = ["restic", "-r", str(self.folder / "shelf"), "--no-cache", "--no-lock"]  # the box may be checking it
        listing = subprocess.run([*restic, "snapshots", "--json"], env=environment, check=True, capture_output=True, timeout=200)
        for snapshot in json.loads(listing.stdout):
            command = [*restic, "restore", snapshot["id"], "--target", str(target / snapshot["short_id"])]
            subprocess.run(command, env=environment, check=True, capture_output=True, timeout=200)
        story.files[f"snapshot {moment}"] = planted.finds_in_files(target)
        story.snapshot_files[moment] = [str(path.relative_to(target)) for path in target.rglob("*") if path.is_file()]


def _parent(pid: int) -> int:
    with suppress(OSError):
        return int(Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[1])
    return 0


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    (folder / "house").mkdir()
    photo(folder / "pictures" / "a.jpg")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    home = str(folder / "house" / "home")
    (folder / "password").write_text(PASSWORD)
    make = [sys.executable, "-m", "appliance", "init", "--home", home, "--owner", "Olive", "--password-file"]
    subprocess.run([*make, str(folder / "password")], check=True, capture_output=True, cwd=ROOT)
    command = [sys.executable, "-m", "appliance", "serve", "--home", home]
    with (folder / "house" / "log").open("wb") as log:
        environment = {**os.environ, "MANTEL_PORT": str(port)}
        words = [*command, "--photos", str(folder / "pictures")]
        with subprocess.Popen(words, env=environment, stdout=log, stderr=log, cwd=ROOT) as tree:
            try:
                yield House(folder, port, tree)
            finally:
                tree.terminate()
                tree.wait(timeout=60)


@pytest.fixture(scope="module")
def story(house: House) -> Story:
    """On, planted, unlocked, backed up, locked, off; searched in between."""
    told = Story()
    wait_for(house.answers, "the pages were never served")
    house.mantel("people", "enable", "--passphrase-file", house.passphrase)
    house.mantel("people", "lock")
    planted.plant(Layout(house.home))
    house.search_files(told, "locked")
    house.mantel("people", "unlock", "--passphrase-file", house.passphrase)
    house.search(told, "unlocked")
    (pid,) = house.named("people")
    told.rules = Path(f"/proc/{pid}/status").read_text() + Path(f"/proc/{pid}/limits").read_text()
    told.page = house.page("/people")
    house.search(told, "shown")
    (house.folder / "shelf").mkdir()
    house.mantel("backup", "add-repository", house.folder / "shelf", "--name", "shelf")
    house.back_up(told, "on")
    before = {"worker": house.named("worker"), "web": house.web_workers(), "people": house.named("people")}
    assert all(before.values()), before
    told.receipt = house.mantel("people", "disable", "--confirm")
    for name, pids in before.items():
        wait_for(lambda pids=pids: all(map(gone, pids)), f"{name} did not end")  # type: ignore[misc]
        told.replaced.append(name)
    wait_for(house.answers, "the pages did not come back")
    house.search(told, "off")
    house.back_up(told, "off")
    return told


def test_the_search_finds_what_lies_in_clear(tmp_path: Path) -> None:
    (tmp_path / planted.NAME).write_text("x")
    (tmp_path / "prints").write_bytes(b"\1" + planted.PRINT.astype("<f2").tobytes())
    (tmp_path / "text").write_text(json.dumps({"box": planted.BOX, "print": planted.FACE.print.hex()}))
    found = planted.finds_in_files(tmp_path)
    assert found == {planted.NAME: {"name"}, "prints": {"print <f2"}, "text": {"box text", "print hex"}}
    with subprocess.Popen([sys.executable, "-c", CONTROL], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as control:
        assert control.stdin
        assert control.stdout
        control.stdin.write(planted.NAME + "\n")
        control.stdin.flush()
        control.stdout.readline()
        assert "name" in planted.finds_in_memory(control.pid)
        control.kill()


@pytest.mark.parametrize("moment", ["locked", "unlocked", "shown", "off"])
def test_no_file_holds_any_of_it_in_clear(story: Story, moment: str) -> None:
    assert story.files[moment] == {}


@pytest.mark.parametrize("moment", ["on", "off"])
def test_no_snapshot_holds_any_of_it_nor_a_key_nor_a_row(story: Story, moment: str) -> None:
    assert story.files[f"snapshot {moment}"] == {}
    files = story.snapshot_files[moment]
    assert [file for file in files if file.endswith("mantel.db")], files
    assert not [file for file in files if "keys/" in file or "people/" in file or "faces.vault" in file]


def test_off_no_process_holds_any_of_it(story: Story) -> None:
    assert story.memory["off"] == {}


@pytest.mark.skipif(os.geteuid() != 0, reason="the people process's memory is closed to its own user; root alone can look")
def test_unlocked_the_people_process_holds_it_and_no_other(story: Story) -> None:
    (command,) = story.memory["unlocked"]
    assert "appliance people" in command


def test_the_web_that_has_shown_a_name_holds_it_until_it_goes_off(story: Story) -> None:
    """So “nothing in memory” after “off” says something."""
    assert planted.NAME in story.page
    assert [command for command, found in story.memory["shown"].items() if "appliance web" in command and "name" in found]


def test_the_people_process_is_closed_and_leaves_no_core(story: Story) -> None:
    rules = [line.split() for line in story.rules.splitlines()]
    assert ["NoNewPrivs:", "1"] in rules
    assert ["Seccomp:", "2"] in rules
    assert ["Max", "core", "file", "size", "0", "0", "bytes"] in rules


def test_what_held_any_of_it_ended_when_it_went_off(story: Story) -> None:
    assert story.replaced == ["worker", "web", "people"]


def test_the_receipt_counts_what_was_erased(story: Story, house: House) -> None:
    assert story.status["unlocked"]["unlocked"]
    assert story.status["off"]["on"] is False
    assert story.receipt["files"] == 4
    assert story.receipt["rows"] >= 3  # the manifest, Zanzibarella and her face
    layout = Layout(house.home)
    assert [file for folder in (layout.vault_keys, layout.faces_vault.parent) for file in folder.rglob("*") if file.is_file()] == []


@pytest.mark.skipif(not shutil.which("restic"), reason="restic is not installed")
def test_the_log_of_the_tree_tells_of_no_death(story: Story, house: House) -> None:
    log = (house.folder / "house" / "log").read_text(encoding="utf-8")
    assert "ended with code" not in log, log
