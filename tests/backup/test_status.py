"""The status document, and the days up to which a phone may forget its photos."""

from datetime import date

from appliance.backup import status
from appliance.backup.box import Box
from appliance.backup.repositories import Repository
from tests.backup.conftest import run
from tests.conftest import Clock, add_photo


def test_without_a_repository_nothing_is_safe(box: Box, clock: Clock) -> None:
    with box.store.read() as reader:
        found = status.status(reader, now=clock())
    assert found.verdict == "unsafe"
    assert found.todo == ("There are no backups. Add a repository: “mantel backup add-repository” or the Backup page.",)


def test_the_document_has_what_programs_rely_on(box: Box, disk: Repository, clock: Clock) -> None:
    run(box, disk)
    with box.store.read() as reader:
        document = status.as_json(status.status(reader, now=clock()))
    assert document.keys() >= {"verdict", "copies", "last_check", "read_coverage", "last_drill", "safe_until", "todo"}
    assert [copy["kind"] for copy in document["copies"]] == ["live", "local"]
    assert all(copy.keys() >= {"kind", "where", "last_success", "files", "unprotected"} for copy in document["copies"])
    assert document["copies"][1]["last_success"] == "2025-06-15T15:06:40+00:00"
    assert document["verdict"] == "at risk"  # nothing is off-site
    assert document["safe_until"] is None


def two_copies(box: Box, *, offsite: bool) -> None:
    """Two repositories, as rows, in which everything lies that the library has now."""
    with box.store.write() as writer:
        for name, away in (("Disk", 0), ("Aunt", int(offsite))):
            number = writer.insert(
                """INSERT INTO repository(name, kind, address, restic_id, offsite, removable, append_only, keys_folder, added_at)
                   VALUES(?1,'sftp',?1,?1,?2,0,0,?1,?3)""",
                (name, away, box.clock()),
            )
            for holds in ("originals", "database"):
                writer.insert(
                    """INSERT INTO snapshot(repository_id, restic_id, holds, taken_at, files, bytes, state, state_at)
                       VALUES(?,?,?,?,1,1,'present',?)""",
                    (number, holds, holds, box.clock(), box.clock()),
                )
            writer.insert(
                "INSERT INTO backup_run(repository_id, started_at, ended_at, outcome, beat_at) VALUES(?,?,?,'complete',?)",
                (number, box.clock(), box.clock(), box.clock()),
            )
        writer.run("DELETE FROM unprotected")


def test_safe_until_is_told_when_everything_is_twice_away_and_once_off_site(box: Box, clock: Clock) -> None:
    two_copies(box, offsite=True)
    with box.store.read() as reader:
        found = status.status(reader, now=clock())
    assert (found.verdict, found.safe_until) == ("safe", date(2024, 7, 14))


def test_two_copies_at_home_are_not_safe(box: Box, clock: Clock) -> None:
    two_copies(box, offsite=False)
    with box.store.read() as reader:
        found = status.status(reader, now=clock())
    assert (found.verdict, found.safe_until) == ("at risk", None)
    assert "outside the house" in found.todo[0]


def test_one_photo_that_is_not_away_is_enough_doubt(box: Box, clock: Clock) -> None:
    two_copies(box, offsite=True)
    add_photo(box.store, box.layout, "new.jpg")
    with box.store.read() as reader:
        found = status.status(reader, now=clock())
    assert found.verdict == "at risk"
    assert [copy.unprotected for copy in found.copies] == [1, 1]
