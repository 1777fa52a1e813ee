"""Whatever stands in the rows, the page says “safe” only when two tried copies hold every original, one of them away from home."""

import itertools

import pytest

from appliance.backup import health, state
from appliance.backup.state import DAY_MS
from appliance.store.db import Store, Writer
from appliance.store.layout import Layout
from tests.backup import rows
from tests.conftest import START, Browser, Clock, add_photo

NOW = START


def spoil(writer: Writer, copy: int, what: str) -> None:
    """Make one thing of a copy worse than it should be."""
    match what:
        case "old":
            writer.run("UPDATE backup_run SET started_at=started_at-?1 WHERE repository_id=?2", (3 * DAY_MS, copy))
        case "unchecked":
            writer.run("DELETE FROM backup_check WHERE repository_id=? AND kind='structure'", (copy,))
        case "damaged":
            rows.check(writer, copy, at=NOW - 1, outcome="damaged", reason="A pack is broken.")
        case "drill failed":
            rows.drill(writer, copy, at=NOW - 1, outcome="failed", reason="Other bytes came back.")
        case "lacks a file":
            writer.run("INSERT OR IGNORE INTO unprotected SELECT ?, min(id) FROM asset", (copy,))
        case "failed":
            rows.run(writer, copy, "failed", at=NOW - 1, fault="away", reason="It is away.")
        case "paused":
            writer.run("UPDATE repository SET paused_at=1 WHERE id=?", (copy,))
        case "lost":
            writer.run("UPDATE snapshot SET state='lost', state_at=? WHERE repository_id=?", (NOW, copy))
        case "removed":
            writer.run("DELETE FROM repository WHERE id=?", (copy,))


class TakenBack(Exception):
    """Rolls a transaction back: each combination begins with what was safe."""


SPOILS = ("old", "unchecked", "damaged", "drill failed", "lacks a file", "failed", "paused", "lost", "removed")


@pytest.mark.parametrize("first", SPOILS)
def test_no_one_and_no_two_faults_together_are_called_safe(store: Store, layout: Layout, first: str) -> None:
    """Two faults must not hide each other, on one copy or on both."""
    add_photo(store, layout)
    with store.write() as writer:
        writer.run("UPDATE asset SET added_at=?", (NOW - 30 * DAY_MS,))
    home, away = rows.safe(store, NOW)
    for second, copy in itertools.product((None, *SPOILS), (home, away)):
        if copy == home and "removed" in (first, second):
            continue  # what is not there has no second fault
        with pytest.raises(TakenBack), store.write() as writer:
            if second:
                spoil(writer, copy, second)
            spoil(writer, home, first)
            colour = health.judge(state.gather(writer, now=NOW, free={})).colour
            assert colour != "safe", (first, second, copy)
            raise TakenBack
    with store.read() as reader:
        assert health.judge(state.gather(reader, now=NOW, free={})).colour == "safe"


@pytest.mark.parametrize("what", SPOILS)
def test_what_the_page_shows_is_the_same_verdict(olive: Browser, store: Store, layout: Layout, clock: Clock, what: str) -> None:
    add_photo(store, layout)
    home, _ = rows.safe(store, clock())
    assert "Safe: the one original" in olive.get("/backup").text
    with store.write() as writer:
        spoil(writer, home, what)
    page = olive.get("/backup").text
    assert "Safe: " not in page
    assert "Not safe: " in page or "Look at this: " in page
