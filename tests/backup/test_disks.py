"""Which folders share a disk: read from the machine's own tables, some of them made up."""

from pathlib import Path

import pytest

from appliance.backup import disks


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A table of block devices: a disk with two partitions, another, and a volume over the second partition and the other disk."""
    for name, number in (("sda", "8:0"), ("sda/sda1", "8:1"), ("sda/sda2", "8:2"), ("sdb", "8:16"), ("dm-0", "253:0")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "dev").write_text(number + "\n")
        (tmp_path / number).symlink_to(tmp_path / name)
    for name in ("sda1", "sda2"):
        (tmp_path / "sda" / name / "partition").write_text("1\n")
    (tmp_path / "dm-0" / "slaves").mkdir()
    for name in ("sda/sda2", "sdb"):
        (tmp_path / "dm-0" / "slaves" / Path(name).name).symlink_to(tmp_path / name)
    monkeypatch.setattr(disks, "BLOCK_DEVICES", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("device", "found"),
    [("8:1", ["sda"]), ("8:0", ["sda"]), ("8:16", ["sdb"]), ("253:0", ["sda", "sdb"]), ("0:47", [])],
)
def test_a_partition_lies_on_its_disk_and_a_volume_on_those_below_it(machine: Path, device: str, found: list[str]) -> None:
    assert list(disks._below(device)) == found


def test_the_mount_over_a_folder_is_the_deepest_one_and_the_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "my disk").mkdir()
    table = tmp_path / "mountinfo"
    place = str(tmp_path / "my disk").replace(" ", "\\040")
    table.write_text(
        f"1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 0:9 / {place} rw shared:1 - btrfs /dev/sdb rw\n"
        f"3 1 0:9 / {place} rw shared:1 master:2 - btrfs /dev/sdc rw\n"
    )
    monkeypatch.setattr(disks, "MOUNTS", table)
    assert disks._source(tmp_path / "my disk") == "/dev/sdc"
    assert disks._source(tmp_path) == "/dev/sda1"


def test_one_folder_shares_its_disk_with_its_neighbour_and_not_with_memory(tmp_path: Path, another_disk: Path) -> None:
    (tmp_path / "other").mkdir()
    assert disks.share(tmp_path, tmp_path / "other")
    assert not disks.share(tmp_path, another_disk)
    with pytest.raises(OSError, match="No such file"):
        disks.share(tmp_path, tmp_path / "absent")
