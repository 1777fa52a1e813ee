"""Adding repositories: addresses, what is recognised and what is refused, and where their secrets lie."""

import getpass
import shutil
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from appliance.adapters import process
from appliance.backup import addresses, keys, plan, repositories
from appliance.backup.box import Box
from appliance.backup.keys import Secrets
from appliance.backup.plan import Wish
from appliance.backup.repositories import Repository
from appliance.errors import NotFound, PassphraseWrong, RepositoryAway, RepositoryForeign, WrongUsage
from tests.backup.conftest import run, value
from tests.processes import wait_for


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("/media/disk/mantel", "local"),
        ("sftp:olive@nas.home:/backups/mantel", "sftp"),
        ("sftp:nas:mantel", "sftp"),
        ("sftp://olive@nas.home:2222//backups/mantel", "sftp"),
        ("s3:https://s3.example/bucket/folder", "s3"),
        ("s3:s3.example/bucket", "s3"),
        ("rest:https://nas.home:8000/mantel/", "rest"),
        ("rest:http://[fe80::1]:8000/", "rest"),
        ("rclone:cloud:mantel", "rclone"),
    ],
)
def test_an_address_tells_its_kind(address: str, kind: str, tmp_path: Path) -> None:
    assert addresses.kind_of(address, tmp_path) == kind


@pytest.mark.parametrize(
    "address",
    [
        "",
        "disk",
        "b2:bucket",
        "-o",
        "sftp:-oProxyCommand=x:/a",
        "sftp:a@-oProxyCommand=x:/a",
        "sftp://-host//a",
        "rest:https://olive:secret@nas.home/",
        "rest:ftp://nas.home/",
        "rclone::local:/etc",
        "rclone:-x:/etc",
        "s3:https://olive:secret@host/bucket",
        "/media/disk\nmantel",
    ],
)
def test_what_is_no_address_or_holds_a_password_is_refused(address: str, tmp_path: Path) -> None:
    with pytest.raises(WrongUsage):
        addresses.kind_of(address, tmp_path)


def test_a_repository_inside_the_library_is_refused(box: Box) -> None:
    with pytest.raises(WrongUsage, match="lost together"):
        plan.add(box, Wish("Inside", str(box.layout.home / "originals" / "repository")))


def test_a_folder_that_is_missing_or_holds_other_things_is_refused(box: Box, tmp_path: Path) -> None:
    (tmp_path / "things").mkdir()
    (tmp_path / "things" / "letter.txt").write_text("dear all")
    with pytest.raises(WrongUsage, match="holds other things"):
        plan.add(box, Wish("Things", str(tmp_path / "things")))
    with pytest.raises(WrongUsage, match="There is no folder"):
        plan.add(box, Wish("Nowhere", str(tmp_path / "not mounted" / "repository")))
    assert not (tmp_path / "not mounted").exists()


def test_a_name_or_an_address_is_given_once(box: Box, disk: Repository, tmp_path: Path) -> None:
    for wish in (Wish("disk", str(tmp_path / "other")), Wish("Other", disk.address)):
        with pytest.raises(WrongUsage, match="already"):
            plan.add(box, wish)


def test_the_passphrase_is_strong_lies_in_a_file_of_ours_and_nowhere_in_the_database(box: Box, disk: Repository) -> None:
    folder = box.layout.backup_keys / disk.keys_folder
    assert {file.name: oct(file.stat().st_mode & 0o777) for file in folder.iterdir()} == {
        "address": "0o600",
        "location": "0o600",
        "passphrase": "0o600",
    }
    words = keys.passphrase(box.layout, disk.keys_folder)
    assert len(words.replace("-", "")) == 25
    assert set(words) <= {*keys.ALPHABET, "-"}
    assert words.encode() not in box.layout.database.read_bytes()
    assert words.encode() not in Path(str(box.layout.database) + "-wal").read_bytes()


def test_a_repository_that_was_removed_is_recognised_with_its_passphrase(box: Box, disk: Repository) -> None:
    run(box, disk)
    with box.store.write() as writer:
        plan.remove(writer, disk, now=2)
    assert value(box, "SELECT count(*) FROM ledger") == 0
    added = plan.add(box, Wish("Disk again", disk.address))
    assert (added.outcome, added.repository.restic_id) == ("recognised", disk.restic_id)
    assert run(box, added.repository).outcome == "complete"


def test_another_boxs_repository_is_refused_even_with_its_passphrase(box: Box, disk: Repository) -> None:
    run(box, disk)
    with box.store.write() as writer:
        plan.remove(writer, disk, now=2)
        writer.run("""UPDATE choice SET value='"mantel-11111111"' WHERE name='backup.host'""")  # as if we were another box
    with pytest.raises(RepositoryForeign, match="another Mantel box"):
        plan.add(box, Wish("Disk", disk.address))


def test_a_repository_with_another_passphrase_is_refused_and_nothing_of_it_is_kept(box: Box, disk: Repository) -> None:
    with box.store.write() as writer:
        plan.remove(writer, disk, now=2)
    shutil.rmtree(box.layout.backup_keys)
    with pytest.raises(PassphraseWrong):
        plan.add(box, Wish("Disk", disk.address))
    assert list(box.layout.backup_keys.iterdir()) == []


def test_a_server_that_does_not_answer_is_told(box: Box) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(RepositoryAway, match="refused"):
        plan.add(box, Wish("NAS", f"rest:http://127.0.0.1:{port}/", user="olive", password="hunter2"))
    assert value(box, "SELECT count(*) FROM repository") == 0


def test_a_rest_servers_password_stands_in_the_file_that_restic_reads_and_in_no_address(box: Box) -> None:
    keys.keep(box.layout, "folder", "rest", "rest:http://nas/", Secrets("x", "olive", "p@ss/word"))
    assert (box.layout.backup_keys / "folder" / "location").read_text() == "rest:http://olive:p%40ss%2Fword@nas/"
    access = keys.access(box.layout, name="NAS", folder="folder", kind="rest", address="rest:http://nas/", upload_kib=0)
    assert access.hidden == ("p%40ss%2Fword",)
    assert "p%40ss" not in repr(access)


def test_s3_keys_are_read_from_a_file(box: Box) -> None:
    keys.keep(box.layout, "folder", "s3", "s3:host/bucket", Secrets("x", "id", "secret"))
    access = keys.access(box.layout, name="Bucket", folder="folder", kind="s3", address="s3:host/bucket", upload_kib=0)
    file = Path(access.environment["AWS_SHARED_CREDENTIALS_FILE"])
    assert "aws_secret_access_key = secret" in file.read_text()
    assert "secret" not in str(access.environment).replace(str(file), "")


def test_secrets_are_handed_over_once(box: Box) -> None:
    name = keys.hand_over(box.layout, Secrets("x", "olive", "y", b"[cloud]\n"))
    assert keys.take(box.layout, name, Secrets) == Secrets("x", "olive", "y", b"[cloud]\n")
    for gone in (name, "../backup", ""):
        with pytest.raises(NotFound):
            keys.take(box.layout, gone, Secrets)


def test_an_rclone_remote_is_a_repository(box: Box, tmp_path: Path) -> None:
    if not shutil.which("rclone"):
        pytest.skip("rclone is not on this machine")
    (tmp_path / "cloud").mkdir()
    config = f"[cloud]\ntype = alias\nremote = {tmp_path}/cloud\n".encode()
    added = plan.add(box, Wish("Cloud", "rclone:cloud:mantel", offsite=True, rclone=config))
    assert run(box, added.repository).outcome == "complete"
    assert (tmp_path / "cloud" / "mantel" / "config").is_file()


@pytest.fixture
def sshd(tmp_path: Path, box: Box) -> Iterator[int]:
    """The port of an SFTP server on loopback that lets the box's key in."""
    program = shutil.which("sshd", path="/usr/sbin:/usr/bin")
    if program is None:
        pytest.skip("sshd is not on this machine")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "host_key"], timeout=60)
    (tmp_path / "authorized").write_text(keys.ssh_public_key(box.layout) + "\n")
    lines = (
        f"Port {port}",
        "ListenAddress 127.0.0.1",
        f"HostKey {tmp_path}/host_key",
        f"AuthorizedKeysFile {tmp_path}/authorized",
        "PasswordAuthentication no",
        "UsePAM no",
        "StrictModes no",
        f"PidFile {tmp_path}/pid",
        "Subsystem sftp internal-sftp",
        "PermitRootLogin yes",
    )
    (tmp_path / "sshd_config").write_text("\n".join(lines))
    Path("/run/sshd").mkdir(exist_ok=True)
    server = process.spawn([Path(program), "-D", "-e", "-f", tmp_path / "sshd_config"])

    def answers() -> bool:
        with socket.socket() as client:
            return client.connect_ex(("127.0.0.1", port)) == 0

    wait_for(answers, "sshd does not answer")
    yield port
    server.stop()


def test_a_folder_on_an_sftp_server_is_a_repository_and_another_server_there_is_not_believed(
    box: Box, sshd: int, tmp_path: Path
) -> None:
    address = f"sftp://{getpass.getuser()}@127.0.0.1:{sshd}/{tmp_path}/far/mantel"
    (tmp_path / "far").mkdir()
    added = plan.add(box, Wish("Aunt", address, offsite=True)).repository
    assert run(box, added).outcome == "complete"
    assert (tmp_path / "far" / "mantel" / "config").is_file()
    known = box.layout.backup_keys / "known_hosts"
    known.write_text(known.read_text().replace("ssh-ed25519 AAAA", "ssh-ed25519 AAAB"))
    done = run(box, added)
    assert done.outcome == "failed"
    with box.store.read() as reader:
        assert repositories.get(reader, added.id) == replace(added, failures=1, retry_at=done.beat_at + 900_000)
