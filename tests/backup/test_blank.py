"""From a repository and its passphrase alone to a whole library on a box that has nothing."""

import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from appliance.backup import blank
from appliance.backup.blank import Source
from appliance.backup.box import Box
from appliance.backup.repositories import Repository
from appliance.errors import HomeExists, PassphraseWrong, RepositoryForeign, WrongUsage
from appliance.store.db import Store
from appliance.store.layout import Layout
from tests.backup import real
from tests.backup.test_restore import hashes
from tests.conftest import START
from tests.processes import wait_for

# What a new box does not take over: who is logged in, what was going on, and what says where the copies are.
NOT_KEPT = {
    "session", "setup_link", "audit", "repository", "snapshot", "ledger", "unprotected", "backup_run", "backup_check", "drill",
    "rot", "backup_request", "clean_copy", "job", "job_count", "share_link", "share_item",
}  # fmt: skip


@pytest.fixture
def box(store: Store, layout: Layout) -> Box:
    real.library(store, layout)
    with store.write() as writer:
        user = writer.insert("INSERT INTO user(name, kind, password_hash, created_at) VALUES('Olive','owner','x',0)")
        writer.run("INSERT INTO session VALUES(x'00', ?, 'c', 0, 0, 0, '', '')", (user,))
        writer.run(
            """INSERT INTO share_link(token_hash, made_by, size, made_at, expires_at, state)
               VALUES(zeroblob(32), ?, 'screen', 0, 99, 'live')""",
            (user,),
        )
        writer.run("UPDATE asset SET description='At sea', described_by=? WHERE id=2", (user,))
        writer.run("INSERT INTO job(stage, asset_id, state) SELECT 'derivatives', id, 'done' FROM asset")
        writer.run("INSERT INTO job(stage, asset_id, state) SELECT 'caption', id, 'done' FROM asset")
    (layout.home / "mantel.toml").write_text("port = 8081\n")
    return real.box_of(store, layout)


@pytest.fixture
def shelf(box: Box, tmp_path: Path) -> Repository:
    repository = real.add(box, tmp_path / "shelf")
    real.backed_up(box, repository)
    return repository


def source(box: Box, repository: Repository) -> Source:
    return Source(repository.address, real.passphrase(box, repository))


def tables(home: Path) -> dict[str, list[tuple[object, ...]]]:
    layout = Layout(home)
    with closing(Store(layout.database, layout.database_copies)) as store, store.read() as reader:
        names = [
            name
            for (name,) in reader.all("SELECT name FROM sqlite_schema WHERE type='table' AND name NOT LIKE 'sqlite_%'")
            if not name.startswith("words_") and name not in NOT_KEPT
        ]
        return {name: sorted(reader.all(f'SELECT * FROM "{name}"'), key=repr) for name in names}


def test_a_library_on_a_blank_home_is_the_old_one_by_hash_and_by_rows(box: Box, shelf: Repository, tmp_path: Path) -> None:
    new = tmp_path / "new"
    done = blank.restore_home(new, source(box, shelf), clock=lambda: START)
    assert (done.originals, done.restored, done.missing) == (9, 9, ())
    assert hashes(new / "originals") == hashes(box.layout.originals)
    assert (new / "mantel.toml").read_text() == "port = 8081\n"
    assert not list((new / "backup").glob("restor*"))
    before, after = tables(box.layout.home), tables(new)
    assert before.pop("choice")
    assert after.pop("choice")
    assert before == after
    assert len(before["asset"]) == 9


def test_nobody_is_logged_in_no_link_lives_and_previews_are_made_anew(box: Box, shelf: Repository, tmp_path: Path) -> None:
    new = Layout(tmp_path / "new")
    done = blank.restore_home(new.home, source(box, shelf), clock=lambda: START)
    assert [difference.what for difference in done.differences] == []
    with closing(Store(new.database, new.database_copies)) as store, store.read() as reader:
        assert reader.all("SELECT 1 FROM session") == []
        assert reader.all("SELECT state FROM share_link") == [("revoked",)]
        assert reader.all("SELECT DISTINCT stage, state FROM job ORDER BY stage") == [
            ("caption", "done"),
            ("derivatives", "waiting"),
        ]
        assert reader.value("SELECT value FROM choice WHERE name='backup.host'").startswith('"mantel-')


def test_the_copy_that_it_came_from_is_the_new_box_s_copy_at_its_new_address(box: Box, shelf: Repository, tmp_path: Path) -> None:
    other = real.add(box, tmp_path / "aunt", "aunt", offsite=True)
    real.backed_up(box, shelf)
    passphrase = real.passphrase(box, shelf)
    moved = Path(shelf.address).rename(tmp_path / "moved")
    new = Layout(tmp_path / "new")
    blank.restore_home(new.home, Source(str(moved), passphrase), clock=lambda: START)
    with closing(Store(new.database, new.database_copies)) as store, store.read() as reader:
        assert reader.all("SELECT name, address FROM repository") == [("shelf", str(moved))]
        folder = reader.value("SELECT keys_folder FROM repository")
    assert (new.backup_keys / folder / "passphrase").read_text() == passphrase
    assert other.address


def test_a_home_that_holds_a_library_is_left_alone(box: Box, shelf: Repository) -> None:
    before = hashes(box.layout.originals)
    with pytest.raises(HomeExists):
        blank.restore_home(box.layout.home, source(box, shelf), clock=lambda: START)
    assert hashes(box.layout.originals) == before


def test_a_wrong_passphrase_brings_nothing(shelf: Repository, tmp_path: Path) -> None:
    with pytest.raises(PassphraseWrong):
        blank.restore_home(tmp_path / "new", Source(shelf.address, "guess"), clock=lambda: START)
    assert not (tmp_path / "new" / "mantel.db").exists()


def test_a_repository_that_holds_no_library_is_said(box: Box, tmp_path: Path) -> None:
    empty = real.add(box, tmp_path / "empty", "empty")
    with pytest.raises(RepositoryForeign):
        blank.restore_home(tmp_path / "new", source(box, empty), clock=lambda: START)


def test_a_second_restore_from_elsewhere_does_not_mix_two_libraries(box: Box, shelf: Repository, tmp_path: Path) -> None:
    with pytest.raises(PassphraseWrong):
        blank.restore_home(tmp_path / "new", Source(shelf.address, "guess"), clock=lambda: START)
    other = real.add(box, tmp_path / "other", "other")
    with pytest.raises(WrongUsage, match="was begun"):
        blank.restore_home(tmp_path / "new", source(box, other), clock=lambda: START)


def test_what_the_newest_snapshot_lacks_comes_from_an_older_one(box: Box, shelf: Repository, tmp_path: Path) -> None:
    before = hashes(box.layout.originals)
    gone = box.layout.original("2019/2019-07-14/photo 3.jpg")
    content = gone.read_bytes()
    gone.unlink()
    real.backed_up(real.box_of(box.store, box.layout, START + 60_000), shelf)
    gone.write_bytes(content)
    done = blank.restore_home(tmp_path / "new", source(box, shelf), clock=lambda: START)
    assert done.missing == ()
    assert hashes(tmp_path / "new" / "originals") == before


def test_killed_in_the_middle_it_is_no_library_and_the_same_command_goes_on(box: Box, shelf: Repository, tmp_path: Path) -> None:
    """kill -9 once some originals are in their place; nothing half-written is ever taken for whole."""
    new = tmp_path / "new"
    code = f"""
import os, signal
from pathlib import Path
from appliance.backup import blank
def note(what, done, total):
    if what == "originals" and done == 4:
        os.kill(os.getpid(), signal.SIGKILL)
blank.restore_home(Path({str(new)!r}), blank.Source({shelf.address!r}, {real.passphrase(box, shelf)!r}), clock=lambda: 1, note=note)
"""
    process = subprocess.Popen([sys.executable, "-c", code], cwd=Path(__file__).parents[2])
    wait_for(lambda: process.poll() is not None)
    assert process.returncode == -9
    assert not (new / "mantel.db").exists()
    there = hashes(new / "originals")
    assert len(there) == 4
    assert there.items() <= hashes(box.layout.originals).items()
    done = blank.restore_home(new, source(box, shelf), clock=lambda: START)
    assert done.missing == ()
    assert hashes(new / "originals") == hashes(box.layout.originals)
