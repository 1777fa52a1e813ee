"""Backups to an S3 server on this machine (moto's): added, run, checked, drilled, restored; and what goes wrong there is seen.

moto wants an older dateutil than Chroma does, so it cannot be among the packages that the tests bring: install `moto[s3]`, `flask`
and `flask-cors` into an environment of their own and put its `bin` into PATH.
"""

import shutil
import socket
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import pytest

from appliance.adapters import process
from appliance.adapters.process import Running
from appliance.backup import checks, drill, looks, nightly, plan, restore, status
from appliance.backup.box import Box
from appliance.backup.plan import Wish
from appliance.backup.repositories import Repository
from appliance.backup.restore import Target
from appliance.store.db import Store
from appliance.store.layout import Layout
from tests.backup import real
from tests.backup.conftest import again, value
from tests.conftest import START, Clock
from tests.processes import wait_for

NAMESPACE = {"s3": "http://s3.amazonaws.com/doc/2006-03-01/"}


@dataclass(frozen=True)
class Bucket:
    """A server, and its address for people who go behind Mantel's back."""

    server: Running
    url: str

    def objects(self, below: str) -> dict[str, int]:
        """Names and sizes."""
        found = ElementTree.fromstring(self.asked("GET", f"mantel/?list-type=2&prefix=box/{below}"))
        entries = found.iterfind("s3:Contents", NAMESPACE)
        return {"mantel/" + one.findtext("s3:Key", "", NAMESPACE): int(one.findtext("s3:Size", "", NAMESPACE)) for one in entries}

    def asked(self, method: str, what: str, content: bytes | None = None) -> bytes:
        key = "AWS4-HMAC-SHA256 Credential=x/20250101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=x"
        headers = {"Authorization": key, "Content-Type": "application/octet-stream"}
        request = urllib.request.Request(f"{self.url}/{what}", content, headers, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return bytes(answer.read())


@pytest.fixture(scope="module")
def bucket() -> Iterator[Bucket]:
    program = shutil.which("moto_server")
    if program is None:
        pytest.skip("moto's S3 server is not on this machine")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    server = process.spawn([Path(program), "-H", "127.0.0.1", "-p", str(port)])

    def answers() -> bool:
        with socket.socket() as client:
            return client.connect_ex(("127.0.0.1", port)) == 0

    wait_for(answers, "moto does not serve")
    yield Bucket(server, f"http://127.0.0.1:{port}")
    server.stop()


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    layout = Layout(tmp_path_factory.mktemp("s3") / "home")
    layout.create()
    store = Store(layout.database, layout.database_copies)
    real.library(store, layout)
    yield Box(store, layout, Clock())
    store.close()


@pytest.fixture(scope="module")
def copy(box: Box, bucket: Bucket) -> Repository:
    address = f"s3:{bucket.url}/mantel/box"
    return plan.add(box, Wish("Bucket", address, offsite=True, user="key id", password="secret key")).repository


def said(box: Box, now: int = START) -> tuple[str, str]:
    with box.store.read() as reader:
        verdict = status.status(reader, now=now).verdict
    return verdict.colour, " ".join(finding.sentence for finding in verdict.todo)


def test_photos_go_there_and_come_back_and_each_fault_is_told(box: Box, copy: Repository, bucket: Bucket) -> None:
    assert nightly.run(box, [copy])[0].outcome == "complete"
    assert checks.carry_out(box, copy, "structure").outcome == "passed"
    assert drill.run(box, copy).outcome == "passed"
    lost = box.layout.original("2021/2021-07-14/photo 1.jpg")
    content = lost.read_bytes()
    lost.unlink()
    with box.store.read() as reader:
        files = restore.choose(reader, everything=True)
    assert restore.restore(box, files, Target(None)).back == 1
    assert lost.read_bytes() == content

    packs = bucket.objects("data/")
    pack = max(packs, key=lambda name: packs[name])
    good = bucket.asked("GET", pack)
    bucket.asked("PUT", pack, good[:100] + bytes(byte ^ 0xFF for byte in good[100:104]) + good[104:])
    part = int(Path(pack).name[:2], 16) % checks.PARTS + 1
    assert checks.carry_out(box, copy, "structure").outcome == "passed"
    assert checks.carry_out(box, copy, "data", part).outcome == "damaged"
    assert said(box)[0] == "not safe"
    bucket.asked("PUT", pack, good)
    assert checks.carry_out(box, copy, "data", part).outcome == "passed"

    for name in bucket.objects("snapshots/"):
        bucket.asked("DELETE", name)
    looks.look(box, copy)
    assert said(box)[0] != "safe"
    assert value(box, "SELECT count(*) FROM snapshot WHERE state='lost'") == 2
    assert nightly.run(box, [copy])[0].outcome == "complete"

    bucket.server.stop()
    looks.look(box, copy)  # what cannot be reached has told nothing
    done = nightly.run(box, [again(box, copy)])[0]
    assert (done.outcome, done.fault) == ("failed", "away")
    assert said(box)[0] != "safe"
    assert "secret key" not in done.reason
