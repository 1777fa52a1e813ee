"""The document that `mantel backup status --json` prints."""

import pytest

from appliance.backup import status
from appliance.backup.box import Box
from appliance.backup.repositories import Repository
from tests.backup import rows
from tests.backup.conftest import run
from tests.conftest import Clock


def document(box: Box) -> dict[str, object]:
    with box.store.read() as reader:
        return status.as_json(status.status(reader, now=box.clock()))


def test_without_a_repository_nothing_is_safe(box: Box) -> None:
    found = document(box)
    assert found["verdict"] == "not safe"
    assert [todo["command"] for todo in found["todo"]] == ["mantel backup add-repository"]  # type: ignore[attr-defined]


def test_the_document_has_what_programs_rely_on(box: Box, disk: Repository, clock: Clock) -> None:
    run(box, disk)
    found = document(box)
    assert found.keys() >= {"verdict", "copies", "last_check", "read_coverage", "last_drill", "safe_until", "todo"}
    copies = found["copies"]
    assert isinstance(copies, list)
    assert [copy["kind"] for copy in copies] == ["live", "local"]
    assert all(copy.keys() >= {"kind", "where", "last_success", "files", "unprotected"} for copy in copies)
    assert copies[1]["last_success"] == "2025-06-15T15:06:40+00:00"
    assert found["verdict"] == "not safe"
    assert "“Disk” lies on the library's own disk" in str(found["sentence"])
    assert copies[1]["counts"] is False
    assert found["safe_until"] is None


@pytest.mark.parametrize("lacking", [2, 30])
def test_little_and_much_that_one_copy_lacks_end_alike_what_may_be_deleted(box: Box, clock: Clock, lacking: int) -> None:
    """Little is gathered, much is walked through: the day before the oldest that is lacking is the answer both times."""
    home, _ = rows.safe(box.store, clock())
    with box.store.write() as writer:
        writer.many(
            """INSERT INTO asset(sha256, original, file_name, bytes, modified_at, format, kind, capture_time, time_source, added_at)
               VALUES(?1,?1,?1,1,0,'jpeg','photo',?2 || 'T12:00:00','exif',0)""",
            [(f"{number:064x}", f"2020-01-{number % 28 + 1:02d}") for number in range(40)],
        )
        writer.run("DELETE FROM unprotected")
        writer.run(
            "INSERT INTO unprotected SELECT ?, id FROM asset WHERE capture_time >= '2020-01-05' ORDER BY capture_time LIMIT ?",
            (home, lacking),
        )
    assert document(box)["safe_until"] == "2020-01-04"


def test_safe_until_is_told_when_everything_is_twice_away_and_once_off_site(box: Box, clock: Clock) -> None:
    home, _ = rows.safe(box.store, clock())
    assert (document(box)["verdict"], document(box)["safe_until"]) == ("safe", "2024-07-14")
    with box.store.write() as writer:
        writer.run("INSERT INTO unprotected VALUES(?, 1)", (home,))
    assert (document(box)["verdict"], document(box)["safe_until"]) == ("attention", "2024-07-13")
