"""Restoring from real repositories: to a folder, into place, of what is rotten; never over a file that differs without a word."""

import hashlib
from pathlib import Path

import pytest

from appliance.backup import restore, rot
from appliance.backup.box import Box
from appliance.backup.repositories import Repository
from appliance.backup.restore import Restored, Target
from appliance.errors import NotFound, WrongUsage
from appliance.store.db import Store
from appliance.store.layout import Layout
from tests.backup import real


@pytest.fixture
def box(store: Store, layout: Layout) -> Box:
    real.library(store, layout)
    return real.box_of(store, layout)


@pytest.fixture
def shelf(box: Box, tmp_path: Path) -> Repository:
    repository = real.add(box, tmp_path / "shelf")
    real.backed_up(box, repository)
    return repository


def bring(box: Box, target: Target, **what: object) -> Restored:
    with box.store.read() as reader:
        files = restore.choose(reader, **what)  # type: ignore[arg-type]
    return restore.restore(box, files, target)


def hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.usefixtures("shelf")
def test_everything_comes_to_a_folder_as_it_lies_in_the_library_with_sidecars(box: Box, tmp_path: Path) -> None:
    done = bring(box, Target(tmp_path / "out"), everything=True)
    assert (done.back, done.is_complete) == (9, True)
    assert hashes(tmp_path / "out") == hashes(box.layout.originals)


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize(
    ("what", "count"), [({"assets": [2, 5]}, 2), ({"date": "2021"}, 3), ({"date": "2021-07-14"}, 3), ({"date": "2024-07"}, 3)]
)
def test_ids_and_dates_say_what_comes_back(box: Box, tmp_path: Path, what: dict[str, object], count: int) -> None:
    assert bring(box, Target(tmp_path / "out"), **what).back == count
    assert len([name for name in hashes(tmp_path / "out") if name.endswith(".jpg")]) == count


@pytest.mark.usefixtures("shelf")
def test_an_album_comes_back_by_its_title(box: Box, tmp_path: Path) -> None:
    with box.store.write() as writer:
        user = writer.insert("INSERT INTO user(name, kind, password_hash, created_at) VALUES('Olive','owner','',0)")
        album = writer.insert("INSERT INTO album(title, made_by, made_at) VALUES('Sea', ?, 0)", (user,))
        writer.run("INSERT INTO album_asset(album_id, asset_id, added_at) VALUES(?,4,0)", (album,))
    assert bring(box, Target(tmp_path / "out"), album="sea").back == 1
    assert list(hashes(tmp_path / "out")) == ["2019/2019-07-14/photo 3.jpg"]


@pytest.mark.usefixtures("shelf")
def test_what_fits_nothing_is_said(box: Box, tmp_path: Path) -> None:
    with pytest.raises(WrongUsage):
        bring(box, Target(tmp_path / "out"), date="1999")


@pytest.mark.usefixtures("shelf")
def test_a_file_that_differs_is_left_until_its_owner_says_replace(box: Box, tmp_path: Path) -> None:
    out = tmp_path / "out"
    mine = out / "2021/2021-07-14/photo 1.jpg"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")
    done = bring(box, Target(out), everything=True)
    assert done.differs == ["originals/2021/2021-07-14/photo 1.jpg"]
    assert mine.read_text() == "mine"
    again = bring(box, Target(out, replace=True), everything=True)
    assert (again.back, again.there) == (1, 8)
    assert hashes(out) == hashes(box.layout.originals)


@pytest.mark.usefixtures("shelf")
def test_missing_originals_come_back_into_place(box: Box) -> None:
    before = hashes(box.layout.originals)
    for name in ("2019/2019-07-14/photo 0.jpg", "2024/2024-07-14/photo 2.jpg"):
        box.layout.original(name).unlink()
    assert len(rot.gate(box).withheld) == 2
    done = bring(box, Target(None), everything=True)
    assert (done.back, done.there) == (2, 7)
    assert hashes(box.layout.originals) == before
    with box.store.read() as reader:
        assert reader.all("SELECT path FROM rot WHERE state<>'ok'") == [], "they are still complained about"


@pytest.mark.usefixtures("shelf")
def test_one_click_puts_the_good_version_of_a_rotten_original_back(box: Box) -> None:
    before = hashes(box.layout.originals)
    path = "originals/2019/2019-07-14/photo 0.jpg"
    real.flip(box.file(path))
    assert [withheld.path for withheld in rot.gate(box).withheld] == [path]
    assert restore.mend(box, path).is_complete
    assert hashes(box.layout.originals) == before
    with box.store.read() as reader:
        assert reader.all("SELECT 1 FROM rot WHERE state<>'ok'") == []
    assert rot.gate(box).withheld == ()


@pytest.mark.usefixtures("shelf")
def test_what_nobody_complains_about_is_not_mended(box: Box) -> None:
    with pytest.raises(NotFound):
        restore.mend(box, "originals/2019/2019-07-14/photo 0.jpg")


def test_the_next_copy_is_asked_when_the_first_cannot_be_read(box: Box, shelf: Repository, tmp_path: Path) -> None:
    second = real.add(box, tmp_path / "aunt", "aunt", offsite=True)
    real.backed_up(box, second)
    before = hashes(box.layout.originals)
    real.flip(real.pack_of(Path(shelf.address)))
    box.layout.original("2019/2019-07-14/photo 0.jpg").unlink()
    (box.layout.backup_keys / shelf.keys_folder / "passphrase").write_text("another")
    done = bring(box, Target(None), everything=True)
    assert done.is_complete
    assert "passphrase" in done.faults[0]
    assert hashes(box.layout.originals) == before


@pytest.mark.usefixtures("shelf")
def test_rotten_bytes_in_the_only_copy_are_not_put_anywhere(box: Box) -> None:
    path = "originals/2019/2019-07-14/photo 0.jpg"
    with box.store.write() as writer:  # our row knows better than the snapshot
        writer.run("UPDATE ledger SET sha256=? WHERE path=?", ("f" * 64, path))
        writer.run("UPDATE asset SET sha256=? WHERE 'originals/' || original=?", ("f" * 64, path))
    box.file(path).unlink()
    done = bring(box, Target(None), everything=True)
    assert done.missing == [(path, "no copy gave it back")]
    assert not box.file(path).exists()
