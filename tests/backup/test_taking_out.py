"""A photo taken out of the copies: gone where that can be, told where not, and nothing else is lost, whenever it is killed."""

from pathlib import Path

import pytest

from appliance.adapters import restic
from appliance.backup import drill, ledger, repositories, status, taking_out
from appliance.backup.box import Box
from appliance.backup.repositories import Repository
from tests.backup.conftest import again, run, value
from tests.conftest import Clock, add_photo

FOREST = "originals/2024/2024-07-14/forest [1].jpg"


@pytest.fixture
def forest(box: Box, clock: Clock, disk: Repository) -> int:
    """A photo that two snapshots hold, with a sidecar in the second."""
    assert run(box, disk).outcome == "complete"
    box.file(f"{FOREST}.xmp").write_text("<x/>")
    add_photo(box.store, box.layout, "later.jpg")
    clock.advance(days=1)
    assert run(box, disk).outcome == "complete"
    return int(str(value(box, "SELECT id FROM asset WHERE file_name='forest [1].jpg'")))


def can_rewrite() -> bool:
    return restic.version() >= taking_out.SINCE


def held(box: Box, disk: Repository) -> list[set[str]]:
    """The names of the originals in each snapshot of originals that the repository really has, the oldest first."""
    talker = repositories.restic_of(box, disk)
    found = sorted((one for one in talker.snapshots() if "originals" in (one.tags or ())), key=lambda one: one.taken_at)
    return [{Path(path).name for path in talker.listing(one.id).files} for one in found]


def test_a_photo_is_kept_out_of_what_comes_and_taken_out_of_what_is_there_or_it_is_said_why_not(
    box: Box, clock: Clock, disk: Repository, forest: int
) -> None:
    before = held(box, disk)
    (taken,) = taking_out.take_out(box, forest)
    if can_rewrite():
        assert (taken.outcome, taken.is_out) == ("rewritten", True)
        assert held(box, disk) == [names - {"forest [1].jpg", "forest [1].jpg.xmp"} for names in before]
        assert value(box, "SELECT count(*) FROM ledger WHERE path LIKE 'originals/%forest%'") == 0
        with box.store.read() as reader:
            known = ledger.present(reader, disk.id)
        assert known == {one.id for one in repositories.restic_of(box, disk).snapshots()}
        assert taking_out.take_out(box, forest)[0].outcome == "not there"
    else:
        assert (taken.outcome, taken.is_out) == ("too old", False)
        assert "cannot rewrite" in taken.said
        assert held(box, disk) == before
    clock.advance(days=1)
    assert run(box, disk).outcome == "complete"
    assert not any("forest" in name for name in held(box, disk)[-1])
    assert value(box, "SELECT count(*) FROM unprotected") == 0
    assert drill.run(box, disk).outcome == "passed"


def test_it_comes_back_in_with_the_next_run(box: Box, clock: Clock, disk: Repository, forest: int) -> None:
    taking_out.take_out(box, forest)
    with box.store.read() as reader:
        assert status.status(reader, now=clock()).state.kept_out == 1
    with box.store.write() as writer:
        assert taking_out.back_in(writer, forest, now=clock())
        assert not taking_out.back_in(writer, forest, now=clock())
    clock.advance(days=1)
    assert run(box, disk).outcome == "complete"
    assert "forest [1].jpg" in held(box, disk)[-1]
    assert value(box, "SELECT count(*) FROM unprotected") == 0


def test_a_copy_that_only_takes_new_data_keeps_it_and_says_so(box: Box, disk: Repository, forest: int) -> None:
    with box.store.write() as writer:
        writer.run("UPDATE repository SET append_only=1")
    before = held(box, disk)
    (taken,) = taking_out.take_out(box, forest)
    assert (taken.outcome, taken.is_out) == ("append-only", False)
    assert "for ever" in taken.said
    assert held(box, again(box, disk)) == before


@pytest.mark.parametrize("killed_before", ["rewritten", "forget"])
def test_an_attempt_that_was_killed_lost_nothing_and_the_next_one_ends_it(
    box: Box, disk: Repository, forest: int, monkeypatch: pytest.MonkeyPatch, killed_before: str
) -> None:
    if not can_rewrite():
        pytest.skip("this restic cannot rewrite snapshots")
    before = held(box, disk)

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(ledger if killed_before == "rewritten" else restic.Restic, killed_before, killed)
        with pytest.raises(KeyboardInterrupt):
            taking_out.take_out(box, forest)
    assert len(held(box, disk)) == 4  # old and new
    assert taking_out.take_out(box, forest)[0].is_out
    assert held(box, disk) == [names - {"forest [1].jpg", "forest [1].jpg.xmp"} for names in before]
    assert value(box, "SELECT count(*) FROM snapshot WHERE state<>'present'") == 0
