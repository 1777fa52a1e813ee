"""The units give each process only what the architecture's table gives it."""

import shutil
import subprocess
from pathlib import Path

import pytest

UNITS = Path(__file__).parent.parent / "systemd"
SERVICES = sorted(UNITS.glob("*.service"))


def service(path: Path) -> dict[str, str]:
    lines = [line.partition("=") for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith(("#", "["))]
    return {name: value for name, _, value in lines if name}


def test_the_five_processes_have_units() -> None:
    night = "mantel-backup-nightly"
    assert [path.stem for path in SERVICES] == [
        night,
        "mantel-backup",
        "mantel-people",
        "mantel-vision",
        "mantel-web",
        "mantel-worker",
    ]


def test_the_timer_begins_the_night_that_the_process_has_not() -> None:
    assert "Unit=mantel-backup-nightly.service" in (UNITS / "mantel-backup.timer").read_text(encoding="utf-8")
    assert "backup run --if-due" in service(UNITS / "mantel-backup-nightly.service")["ExecStart"]


@pytest.mark.parametrize("name", ["web", "worker", "vision", "people"])
def test_passphrases_of_repositories_are_for_the_backup_process_alone(name: str) -> None:
    assert "/var/lib/mantel/keys/backup" in service(UNITS / f"mantel-{name}.service")["InaccessiblePaths"]


@pytest.mark.parametrize("name", ["backup", "backup-nightly", "vision"])
def test_backups_and_the_vision_model_never_see_the_vault(name: str) -> None:
    hidden = service(UNITS / f"mantel-{name}.service")["InaccessiblePaths"].split()
    assert {"-/var/lib/mantel/keys/vault", "-/var/lib/mantel/people"} <= set(hidden)


def test_the_people_process_sees_the_vault_and_nothing_else_of_the_home() -> None:
    unit = service(UNITS / "mantel-people.service")
    hidden = {path.rpartition("/")[2] for path in unit["InaccessiblePaths"].split()}
    assert {"originals", "incoming", "derivatives", "chroma", "clean-copies", "mantel.db"} <= hidden
    assert unit["LimitCORE"] == "0"
    assert unit["MemorySwapMax"] == "0"


@pytest.mark.parametrize("name", ["worker", "vision", "people"])
def test_worker_vision_and_people_have_no_network(name: str) -> None:
    unit = service(UNITS / f"mantel-{name}.service")
    assert unit["PrivateNetwork"] == "yes"
    assert unit["RestrictAddressFamilies"] == "AF_UNIX"


def test_vision_sees_no_originals() -> None:
    assert "originals" in service(UNITS / "mantel-vision.service")["InaccessiblePaths"]


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.stem)
def test_every_unit_is_closed_where_it_can_be(path: Path) -> None:
    unit = service(path)
    for name, value in {
        "NoNewPrivileges": "yes",
        "ProtectSystem": "strict",
        "ProtectHome": "yes",
        "CapabilityBoundingSet": "",
    }.items():
        assert unit[name] == value
    assert unit["User"] == "mantel"


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not on this machine (the box has it)")
@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.stem)
def test_systemd_finds_nothing_wrong(path: Path) -> None:
    command = ["systemd-analyze", "security", "--offline=true", "--threshold=25", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
