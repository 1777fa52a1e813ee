"""What a short look between two runs sees: a folder that is gone, a disk that is unplugged, a disk that is the library's own."""

import shutil
from pathlib import Path

from appliance.backup import looks
from tests.backup.conftest import Safe, again, value


def test_a_copy_whose_folder_is_gone_shows_at_the_next_look_and_is_well_when_it_is_back(safe: Safe) -> None:
    Path(safe.disk.address).rename(safe.disk.address + ".gone")
    looks.look(safe.box, safe.disk)
    assert safe.verdict() == "not safe"
    assert "“Disk” is gone" in safe.todo()
    assert value(safe.box, "SELECT count(*) FROM snapshot WHERE state<>'present'") == 0
    Path(safe.disk.address + ".gone").rename(safe.disk.address)
    looks.look(safe.box, safe.disk)
    assert safe.verdict() == "safe"


def test_an_unplugged_disk_is_no_alarm_and_none_of_its_snapshots_is_lost(safe: Safe) -> None:
    with safe.box.store.write() as writer:
        writer.run("UPDATE repository SET removable=1 WHERE id=?", (safe.disk.id,))
    Path(safe.disk.address).rename(safe.disk.address + ".gone")
    looks.look(safe.box, again(safe.box, safe.disk))
    assert safe.verdict() == "safe"
    assert value(safe.box, "SELECT count(*) FROM snapshot WHERE state<>'present'") == 0


def test_a_copy_that_turns_out_to_lie_on_the_librarys_disk_does_not_count(safe: Safe) -> None:
    elsewhere = safe.box.layout.home.parent / "moved"
    shutil.move(safe.disk.address, elsewhere)
    Path(safe.disk.address).symlink_to(elsewhere)
    looks.look(safe.box, safe.disk)
    assert safe.verdict() == "attention"
    assert "“Disk” lies on the library's own disk and does not count" in safe.todo()
    assert safe.status().safe_until is None
    with safe.box.store.write() as writer:
        writer.run("DELETE FROM repository WHERE id=?", (safe.aunt.id,))
    assert safe.verdict() == "not safe"
    assert "3 originals on this one disk, and nowhere else" in safe.todo()
