"""mantel backup, as people and scripts use it."""

from pathlib import Path

import pytest

from tests.listeners import webhook
from tests.test_cli import Mantel, mantel, pictures

__all__ = ["mantel", "pictures"]


@pytest.fixture
def home(mantel: Mantel, pictures: Path, tmp_path: Path) -> Mantel:
    """A library with two photos, one with a sidecar."""
    (tmp_path / "password").write_text("correct horse battery\n")
    mantel.answer("init", "--owner", "Olive", "--password-file", tmp_path / "password")
    mantel.answer("add", pictures / "a.jpg", pictures / "b" / "b.jpg")
    return mantel


def test_the_whole_way_from_nothing_to_a_checked_backup(home: Mantel, tmp_path: Path) -> None:
    assert home.answer("backup", "status", code=1)["verdict"] == "not safe"
    added = home.answer("backup", "add-repository", tmp_path / "disk", "--name", "Disk")
    assert (added["outcome"], added["warning"][:21]) == ("made", "It lies on the librar")
    (run,) = home.answer("backup", "run")["runs"]
    assert (run["repository"], run["outcome"], run["files_held"]) == ("Disk", "complete", 3)
    assert home.answer("backup", "run", "--if-due")["runs"] == []
    checked = home.answer("backup", "check", "--data")["checks"]
    assert [(check["kind"], check["outcome"]) for check in checked] == [("structure", "passed"), ("data", "passed")]
    status = home.answer("backup", "status", code=1)
    assert (status["verdict"], status["copies"][1]["unprotected"]) == ("not safe", 0)
    assert [one["name"] for one in home.answer("backup", "list")] == ["Disk"]


def test_a_repository_is_paused_limited_resumed_and_removed(home: Mantel, tmp_path: Path) -> None:
    home.answer("backup", "add-repository", tmp_path / "disk", "--name", "Disk", "--append-only", "--removable")
    assert home.answer("backup", "pause", "disk")["paused_at"]
    assert "no repository to back up to" in home("backup", "run")[2]
    assert home.answer("backup", "limit", "Disk", "500")["upload_kib"] == 500
    assert home.answer("backup", "resume", "Disk")["paused_at"] is None
    assert home.answer("backup", "allow-forget", "Disk")["shrunk_from"] is None
    (tmp_path / "disk").rename(tmp_path / "unplugged")
    assert home.answer("backup", "run", code=3)["runs"][0]["outcome"] == "waiting"
    assert home.answer("backup", "remove-repository", "Disk") == {"removed": 1}
    assert home.answer("backup", "list") == []
    assert (tmp_path / "unplugged" / "config").is_file()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("run",), "add-repository"),
        (("pause", "Disk"), "no repository called “Disk”"),
        (("add-repository", "b2:x", "--name", "X"), "not the address of a repository"),
        (("add-repository", "s3:host/bucket", "--name", "X"), "--access-file"),
        (("add-repository", "rclone:x:y", "--name", "X"), "--rclone-config"),
        (("add-repository", "/x/y", "--name", "X", "--access-file", "/nowhere"), "cannot be read"),
        (("add-repository", "/x/y", "--name", "X", "--limit-upload", "-1"), "between 0 and"),
        (("dance",), "invalid choice"),
    ],
)
def test_what_cannot_be_meant_is_told_in_one_sentence(home: Mantel, words: tuple[str, ...], said: str) -> None:
    code, _, complaint = home("backup", *words)
    assert code == 2
    assert said in complaint
    assert complaint.count("\n") == 1


def test_an_hour_that_no_clock_shows_is_refused(home: Mantel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MANTEL_BACKUP_HOUR", "25")
    assert "hour of the day" in home("backup", "run", "--if-due")[2]


def test_messages_are_set_tested_shown_and_turned_off(home: Mantel, tmp_path: Path) -> None:
    assert home.answer("backup", "tell", "show") == {"kind": "none"}
    with webhook() as hook:
        (tmp_path / "hook").write_text(f"http://127.0.0.1:{hook.port}/t0ken\nBearer s3cret\n")
        told = home.answer("backup", "tell", "set", "webhook", "--address-file", tmp_path / "hook", "--box", "Attic")
        assert (told["kind"], told["where"]) == ("webhook", f"127.0.0.1:{hook.port}")
        assert "t0ken" not in str(told)
        home.answer("backup", "tell", "test")
    assert [document["box"] for _, _, document in hook.heard] == ["Attic"]
    assert hook.heard[0][1]["Authorization"] == "Bearer s3cret"
    assert "cannot be reached" in home("backup", "tell", "test")[2]
    assert home.answer("backup", "tell", "off") == {"kind": "none"}
    assert not (tmp_path / "home" / "keys" / "backup" / "telling").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("set", "webhook"), "--address-file"),
        (("set", "mail", "--server", "mail.example"), "Both mail addresses"),
        (("test",), "say first where"),
    ],
)
def test_a_place_for_messages_that_cannot_be_meant_is_one_sentence(home: Mantel, words: tuple[str, ...], said: str) -> None:
    code, _, told = home("backup", "tell", *words)
    assert code
    assert said in told
