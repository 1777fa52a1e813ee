"""`mantel share`: links from the command line."""

from base64 import urlsafe_b64decode
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from appliance.accounts.viewer import Owner
from appliance.library import albums
from appliance.store.db import Store
from tests import drawn
from tests.conftest import PASSWORD
from tests.library.test_ingest import written
from tests.sharing.test_copying import running
from tests.test_cli import Mantel, mantel

__all__ = ["mantel"]
PLACE = (48.1374, 11.5755)


@pytest.fixture
def ids(mantel: Mantel, tmp_path: Path) -> list[int]:
    """A library of Olive's with three photos; the last one cannot be decoded any more."""
    tags = drawn.exif(taken="2024:07:14 10:00:00", place=PLACE, make="Canon", model="Canon EOS 80D")
    for name in "abc":
        written(tmp_path / "pictures" / f"{name}.jpg", drawn.picture(tags=tags, text=name))
    password = written(tmp_path / "password", PASSWORD.encode())
    mantel.answer("init", "--owner", "Olive", "--password-file", password)
    added = [asset["id"] for asset in mantel.answer("add", tmp_path / "pictures")["assets"]]
    broken = mantel.home / "originals" / mantel.answer("show", str(added[2]))["original"]
    broken.write_bytes(b"\xff\xd8\xff broken")
    return added


def create(mantel: Mantel, *words: Any, code: int = 0) -> dict[str, Any]:
    made: dict[str, Any] = mantel.answer("share", "create", *words, code=code)
    return made


def test_create_makes_its_copies_and_answers_address_and_receipt(mantel: Mantel, ids: list[int]) -> None:
    made = create(mantel, ids[0], "--title", "At the sea", ids[1])
    assert set(made) == {"id", "url", "expires", "state", "reason", "receipt", "warnings"}
    assert made["state"] == "live"
    assert made["url"].startswith("http://127.0.0.1:8080/s/")
    assert [one["asset"] for one in made["receipt"]] == ids[:2]
    assert all(any("GPSLatitude" in tag for tag in one["removed"]) for one in made["receipt"])
    assert "people" in {warning["kind"] for warning in made["warnings"]}
    folders = list((mantel.home / "clean-copies").iterdir())
    assert len(folders) == 2
    for folder in folders:
        (file,) = folder.glob("file.*")
        with Image.open(file) as picture:
            assert not picture.getexif()
    token = urlsafe_b64decode(made["url"].rpartition("/")[2] + "=")
    assert len(token) == 32
    assert sha256(token).digest() in (mantel.home / "mantel.db").read_bytes() + _log(mantel)
    assert token not in (mantel.home / "mantel.db").read_bytes() + _log(mantel)


def _log(mantel: Mantel) -> bytes:
    log = mantel.home / "mantel.db-wal"
    return log.read_bytes() if log.exists() else b""


def test_people_read_the_address_and_what_was_removed(mantel: Mantel, ids: list[int]) -> None:
    code, said, _ = mantel("share", "create", str(ids[0]))
    assert code == 0
    assert "Link 1: live. 1 photos and videos, screen size" in said
    assert "http://127.0.0.1:8080/s/" in said
    assert "Removed: GPS position" in said


def test_every_option_counts(mantel: Mantel, ids: list[int], tmp_path: Path) -> None:
    secret = written(tmp_path / "guests", b"a password for guests\nand more\n")
    words = ("--expires", 3, "--password-file", secret, "--keep-location", "--size", "full", "--no-download", "--views", 9)
    made = create(mantel, ids[0], *words)
    shown = mantel.answer("share", "show", made["id"])
    wanted = {"password": True, "keep_location": True, "size": "full", "downloads": False, "most_views": 9, "views": 0, "copies": 1}
    assert {name: shown[name] for name in wanted} == wanted
    assert shown["expires"] == made["expires"]
    assert shown["opens"] == []


def test_an_album_is_shared_by_its_title_or_number(mantel: Mantel, ids: list[int]) -> None:
    with closing(Store(mantel.home / "mantel.db", mantel.home / "copies")) as store, store.write() as writer:
        album = albums.make(writer, Owner(1, "Olive"), "Summer", now=0)
        albums.put(writer, Owner(1, "Olive"), album, ids[:2], now=0)
    for named in ("summer", album):
        assert {one["asset"] for one in create(mantel, "--album", named, "--no-wait")["receipt"]} == set(ids[:2])
    code, _, complaint = mantel("share", "create", "--album", "Winter")
    assert (code, "no album “Winter”" in complaint) == (2, True)


def test_a_link_that_stops_says_why_with_exit_code_1(mantel: Mantel, ids: list[int]) -> None:
    made = create(mantel, *ids, code=1)
    assert made["state"] == "stopped"
    assert "could not be decoded" in made["reason"]
    code, said, _ = mantel("share", "show", str(made["id"]))
    assert code == 0
    assert f"asset {ids[2]}: The picture could not be decoded" in said


def test_list_revoke_and_extend(mantel: Mantel, ids: list[int]) -> None:
    assert mantel("share", "list")[1] == "Nothing is shared.\n"
    first, second = create(mantel, ids[0], "--title", "Sea"), create(mantel, ids[1])
    assert [(link["id"], link["state"]) for link in mantel.answer("share", "list")] == [
        (second["id"], "live"),
        (first["id"], "live"),
    ]
    extended = mantel.answer("share", "extend", str(first["id"]), "--expires", "200")
    assert extended["expires"] > first["expires"]
    assert mantel.answer("share", "revoke", first["id"]) == {"id": first["id"], "state": "revoked", "copies_deleted": 1}
    assert len(list((mantel.home / "clean-copies").iterdir())) == 1
    code, _, complaint = mantel("share", "extend", first["id"])
    assert (code, "revoked" in complaint) == (2, True)


def test_what_makes_no_sense_is_one_sentence(mantel: Mantel, ids: list[int], tmp_path: Path) -> None:
    for words, code, says in (
        (("create",), 2, "A link holds 1 to 2,000 photos"),
        (("create", 999), 1, "There is nothing here"),
        (("create", ids[0], "--expires", 0), 2, "A link lives for 1 to 365 days"),
        (("create", ids[0], "--password-file", tmp_path / "none"), 2, "holds no password"),
        (("show",), 2, "needs the number of one link"),
        (("revoke", 7), 1, "There is nothing here"),
    ):
        ended, said, complaint = mantel("share", *map(str, words))
        assert (ended, said) == (code, "")
        assert says in complaint
        assert complaint.count("\n") == 1


def test_a_library_without_an_owner_shares_nothing(mantel: Mantel, tmp_path: Path) -> None:
    written(tmp_path / "a.jpg", drawn.picture())
    mantel.answer("add", tmp_path / "a.jpg")
    code, _, complaint = mantel("share", "create", "1")
    assert (code, "there is no owner yet" in complaint) == (2, True)


def test_a_worker_that_runs_helps(mantel: Mantel, ids: list[int]) -> None:
    """Two that make copies at once make each copy once."""
    code = mantel("share", "create", *map(str, ids[:2]), "--no-wait")[0]
    assert code == 0
    worker = running(mantel.home)
    try:
        assert create(mantel, *ids[:2])["state"] == "live"
    finally:
        worker.terminate()
        worker.wait()
    assert len(list((mantel.home / "clean-copies").iterdir())) == 2
