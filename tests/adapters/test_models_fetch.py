"""Fetching a model from the address that the owner typed: resumed, never from anywhere else, refused when it is something else."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.adapters import models_jobs
from appliance.adapters.models_catalogue import file_sha256
from appliance.adapters.models_fetch import Note, write_note
from tests.adapters.file_server import Shelf, serving
from tests.adapters.small_models import PICTURES, SAMPLE, small_models
from tests.adapters.test_models_install import KILLED, install, loaded_from

__all__ = ["small_models"]

TEXT = (SAMPLE / "text.gguf").read_bytes()


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    files = {"/tiny/tiny-f16.gguf": TEXT, "/tiny/tiny-mmproj.gguf": (SAMPLE / "projector.gguf").read_bytes()}
    files |= {f"/pictures/{name}": content for name, content in PICTURES.items()}
    with serving(Shelf(files)) as shelf:
        yield shelf


def test_a_file_is_fetched_from_its_address(small_models: Path, shelf: Shelf) -> None:
    job = install(small_models, f"{shelf.address}/tiny/tiny-f16.gguf?token=secret")
    assert (job.state, job.said) == ("needs", "Tiny still needs tiny-mmproj.gguf. Install that file too.")
    job = install(small_models, f"{shelf.address}/tiny/tiny-mmproj.gguf?token=secret")
    assert job.state == "done", job.said
    assert "secret" not in (small_models / ".jobs" / "tiny.json").read_text(encoding="utf-8")
    assert loaded_from(small_models) != []


def test_an_address_that_ends_in_a_slash_is_a_folder_with_all_files(small_models: Path, shelf: Shelf) -> None:
    job = install(small_models, f"{shelf.address}/pictures/", model="pictures")
    assert job.state == "confirm", job.said
    gathered = models_jobs.parts(small_models, "pictures")
    assert {name: (gathered / name).read_bytes() for name in PICTURES} == PICTURES
    assert ("/pictures/spiece.model", "") in shelf.asked, "an optional file is asked for, and may be missing"


def test_what_breaks_off_is_gone_on_with(small_models: Path, shelf: Shelf) -> None:
    shelf.cut = len(TEXT) // 3
    assert install(small_models, f"{shelf.address}/tiny/tiny-f16.gguf").state == "needs"
    assert [wanted for _, wanted in shelf.asked[:3]] == ["", f"bytes={shelf.cut}-", f"bytes={2 * shelf.cut}-"]
    assert file_sha256(small_models / ".parts" / "tiny" / "tiny-f16.gguf") == file_sha256(SAMPLE / "text.gguf")


def test_a_kill_in_the_middle_goes_on_from_there(small_models: Path, tmp_path: Path, shelf: Shelf) -> None:
    shelf.cut = len(TEXT) // 8
    address = f"{shelf.address}/tiny/tiny-f16.gguf"
    words: list[str | Path] = [sys.executable, "-c", KILLED, tmp_path / "catalogue.toml", small_models, address, "Fetching"]
    killed = subprocess.run(words, check=False, capture_output=True)
    assert killed.returncode == -signal.SIGKILL
    part = small_models / ".parts" / "tiny" / "tiny-f16.gguf.part"
    have = part.stat().st_size if part.exists() else 0
    shelf.cut = 0
    shelf.asked.clear()
    assert install(small_models, address).state == "needs"
    assert shelf.asked == [("/tiny/tiny-f16.gguf", f"bytes={have}-" if have else "")]


def test_another_file_at_the_other_end_is_begun_anew(small_models: Path, shelf: Shelf) -> None:
    address = f"{shelf.address}/tiny/tiny-f16.gguf"
    part = models_jobs.parts(small_models, "tiny") / "tiny-f16.gguf.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(b"old" * 100)
    write_note(part, Note(address, len(TEXT), version='"old"', total=len(TEXT)))
    assert install(small_models, address).state == "needs"
    assert shelf.asked == [("/tiny/tiny-f16.gguf", "bytes=300-")]


def test_without_a_validator_nothing_is_gone_on_with(small_models: Path, shelf: Shelf) -> None:
    shelf.tag = ""
    shelf.cut = 1000
    job = install(small_models, f"{shelf.address}/tiny/tiny-f16.gguf")
    assert job.state == "failed"
    assert {wanted for _, wanted in shelf.asked} == {""}


def test_a_wrong_file_is_refused_and_thrown_away(small_models: Path, shelf: Shelf) -> None:
    shelf.files["/tiny/tiny-f16.gguf"] = TEXT[:-1] + b"?"
    job = install(small_models, f"{shelf.address}/tiny/tiny-f16.gguf")
    assert "is not the published file" in job.said
    assert list((small_models / ".parts" / "tiny").iterdir()) == []
    assert loaded_from(small_models) == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"kind": "text/html; charset=utf-8"}, "it answered with a web page; the address of the file itself is needed"),
        ({"files": {}}, "there is no such file at that address"),
        ({"files": {"/tiny/tiny-f16.gguf": b"short"}}, "the file there has 5 bytes, and 742,368 are right"),
        ({"sends_on": {"/tiny/tiny-f16.gguf": "/tiny/tiny-f16.gguf"}}, "it sends on and on"),
        ({"sends_on": {"/tiny/tiny-f16.gguf": "ftp://127.0.0.1/x"}}, "it sends on to an address that is neither http nor https"),
        (
            {"sends_on": {"/tiny/tiny-f16.gguf": "http://localhost:9/x"}},
            "it sends on to localhost, which you did not name; if you trust that machine, allow it too",
        ),
    ],
)
def test_what_cannot_be_the_file_is_refused_in_a_sentence(
    small_models: Path, shelf: Shelf, change: dict[str, object], reason: str
) -> None:
    for name, value in change.items():
        setattr(shelf, name, value)
    job = install(small_models, f"{shelf.address}/tiny/tiny-f16.gguf")
    assert job.said == f"Tiny could not be fetched from 127.0.0.1: {reason}. What arrived is kept; start again to go on."


def test_a_machine_that_the_owner_allows_is_followed_to(small_models: Path, shelf: Shelf) -> None:
    port = shelf.address.rpartition(":")[2]
    shelf.sends_on["/tiny/here/tiny-f16.gguf"] = f"http://localhost:{port}/tiny/tiny-f16.gguf"
    job = install(small_models, f"{shelf.address}/tiny/here/tiny-f16.gguf", hosts=("localhost",))
    assert job.state == "needs"


def test_a_machine_that_does_not_answer_is_told(small_models: Path, shelf: Shelf) -> None:
    job = install(small_models, "http://127.0.0.1:9/tiny-f16.gguf")
    assert "it cannot be reached (Connection refused)" in job.said


def test_an_https_address_with_an_unknown_certificate_is_not_trusted(small_models: Path, shelf: Shelf) -> None:
    job = install(small_models, shelf.address.replace("http:", "https:") + "/tiny-f16.gguf")
    assert job.state == "failed"
    assert job.said.startswith("Tiny could not be fetched from 127.0.0.1: ")
