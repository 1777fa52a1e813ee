"""Keys on the disk: who may read them, what changing and destroying leave."""

import os
import stat
from pathlib import Path

import pytest

from appliance.errors import PassphraseTooShort, PeopleOff, VaultDamaged, WrongPassphrase
from appliance.vault import destroying, keys
from appliance.vault.keys import STRONG, Strength
from tests.people.people import PASSPHRASE, WEAK


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "keys" / "persons").mkdir(parents=True)
    return tmp_path / "keys"


def test_the_product_makes_guessing_as_dear_as_the_specification_says(folder: Path) -> None:
    assert (STRONG.memory_kib, STRONG.passes, STRONG.lanes) == (256 * 1024, 3, 4)
    assert keys.create.__defaults__ == (STRONG,)
    assert keys.change_passphrase.__defaults__ == (STRONG,)


@pytest.mark.parametrize("passphrase", ["", "short", " " * 20, "x" * 1001])
def test_a_passphrase_has_a_decent_length(folder: Path, passphrase: str) -> None:
    with pytest.raises(PassphraseTooShort):
        keys.create(folder, passphrase, WEAK)
    assert not keys.exist(folder)


def test_files_of_keys_are_for_our_user_alone(folder: Path) -> None:
    keys.create(folder, PASSPHRASE, WEAK).new_person("p1")
    modes = {stat.S_IMODE(file.stat().st_mode) for file in folder.rglob("*") if file.is_file()}
    assert modes == {0o600}


def test_changing_keeps_the_data_key_and_only_the_new_passphrase(folder: Path) -> None:
    made = keys.create(folder, PASSPHRASE, WEAK)
    keys.change_passphrase(folder, PASSPHRASE, "five quite other words here", WEAK)
    assert keys.open_(folder, "five quite other words here").row_id(b"x") == made.row_id(b"x")
    with pytest.raises(WrongPassphrase):
        keys.open_(folder, PASSPHRASE)


def test_the_old_slots_are_overwritten_where_they_lay(folder: Path) -> None:
    keys.create(folder, PASSPHRASE, WEAK)
    old = os.open(folder / keys.SLOTS, os.O_RDONLY)
    try:
        before = os.pread(old, 4096, 0)
        keys.change_passphrase(folder, PASSPHRASE, "five quite other words here", WEAK)
        after = os.pread(old, 4096, 0)
    finally:
        os.close(old)
    assert len(after) == len(before)
    assert before[:8] not in after


def test_destroying_overwrites_before_it_unlinks(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_bytes(b"secret" * 300_000)
    held = os.open(file, os.O_RDONLY)
    try:
        assert destroying.destroy(file) == 1_800_000
        content = os.pread(held, 1_800_000, 0)
    finally:
        os.close(held)
    assert not file.exists()
    assert len(content) == 1_800_000
    assert b"secret" not in content
    assert destroying.destroy(file) == 0


def test_destroying_follows_no_link(tmp_path: Path) -> None:
    (tmp_path / "kept").write_bytes(b"kept")
    (tmp_path / "link").symlink_to(tmp_path / "kept")
    with pytest.raises(OSError, match="symbolic"):
        destroying.destroy(tmp_path / "link")
    assert (tmp_path / "kept").read_bytes() == b"kept"


def test_a_persons_key_opens_until_it_is_erased(folder: Path) -> None:
    made = keys.create(folder, PASSPHRASE, WEAK)
    assert made.open_person("p1") is None
    made.new_person("p1")
    again = keys.open_(folder, PASSPHRASE)
    assert again.open_person("p1") is not None
    again.erase_person("p1")
    assert again.open_person("p1") is None


def test_the_names_of_persons_key_files_say_nothing(folder: Path) -> None:
    keys.create(folder, PASSPHRASE, WEAK).new_person("Mia")
    (name,) = (file.name for file in (folder / "persons").iterdir())
    assert len(name) == 32
    assert "Mia" not in name


def test_without_the_public_half_of_the_header_nobody_seals(folder: Path) -> None:
    with pytest.raises(PeopleOff):
        keys.public_key(folder)
    keys.create(folder, PASSPHRASE, WEAK)
    (folder / keys.SLOTS).write_bytes(b"\xff not json")
    with pytest.raises(VaultDamaged):
        keys.public_key(folder)


@pytest.mark.parametrize("strength", [Strength(8, 1, 4), Strength(2 << 20, 1, 1), Strength(64, 17, 1), Strength(1024, 1, 17)])
def test_work_that_no_mantel_would_ask_for_is_refused(strength: Strength) -> None:
    assert not strength.is_bearable()


def test_erasing_marks_first_and_then_opens_nothing(folder: Path) -> None:
    keys.create(folder, PASSPHRASE, WEAK).new_person("p1")
    keys.mark_erasing(folder, b"{}")
    with pytest.raises(PeopleOff):
        keys.open_(folder, PASSPHRASE)
    assert [file.name for file in keys.erase(folder)][:2] == [keys.SECRET, keys.SLOTS]
    assert [file.name for file in folder.rglob("*") if file.is_file()] == [keys.ERASING]
