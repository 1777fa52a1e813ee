"""The box answers for itself, from its real state."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.accounts.viewer import Family
from appliance.assistant.answer import evidence
from appliance.assistant.box import Box, answer
from appliance.assistant.plan import Topic
from appliance.sharing.links import Options
from appliance.store import queue
from appliance.store.layout import Layout
from tests.backup import rows
from tests.search.shelf import KIT, MAX, OLIVE, Shelf
from tests.sharing.links_made import make_all, share

STAGES = ("text", "caption")


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    shelf = Shelf(tmp_path)
    yield shelf
    shelf.store.close()


def told(shelf: Shelf, topic: Topic, viewer: Family = OLIVE, *, captions: bool = True, elsewhere: str = "") -> str:
    with shelf.store.read() as reader:
        box = Box(reader, viewer, Layout(shelf.folder), STAGES, captions, now=0, elsewhere=elsewhere)
        return "".join(piece.words for piece in answer(topic, box))


def test_it_counts_what_is_there_and_cites_the_oldest_and_the_newest(shelf: Shelf) -> None:
    assert told(shelf, "photos") == "None yet. Add some on the page Add."
    oldest = shelf.put(capture_time="2019-03-05T10:00:00")
    newest = shelf.put(kind="video", capture_time="2021-12-24T10:00:00")
    shelf.put(time_source="upload", capture_time="2024-01-01T00:00:00")
    shelf.put(hidden=1)
    shelf.put(deleted_at=1)
    said = "2 photos and 1 video. The oldest is of 5 March 2019, the newest of 24 December 2021. 1 without a date of its own."
    assert told(shelf, "photos") == f"{said} 1 more is hidden; only you see it."
    assert told(shelf, "photos", MAX) == said
    with shelf.store.read() as reader:
        pieces = list(answer("photos", Box(reader, MAX, Layout(shelf.folder), STAGES, captions=True, now=0)))
    assert evidence(pieces) == (oldest, newest)


def test_it_says_how_far_indexing_is(shelf: Shelf) -> None:
    assert told(shelf, "indexing") == "Yes, everything is done."
    first, second = shelf.put(), shelf.put()
    with shelf.store.write() as writer:
        queue.add(writer, first, [("caption", True)], priority=0)
    assert told(shelf, "indexing") == "Nearly. 1 photo has no caption yet."
    assert told(shelf, "indexing", captions=False).endswith("They wait for a vision model; nothing else waits for them.")
    with shelf.store.write() as writer:
        queue.add(writer, second, [("text", True), ("caption", False)], priority=0)
        queue.pause(writer, "text", now=0)
    assert told(shelf, "indexing") == "No: 3 steps to go. 2 photos have no caption yet. Paused: text."


def test_it_says_how_much_room_is_left(shelf: Shelf) -> None:
    for _ in range(20):
        shelf.put(bytes=4_000_000)
    free = shutil.disk_usage(shelf.folder).total
    assert f"of {free / 1e9:,.1f} GB are free. The originals take 0.1 GB." in told(shelf, "room")
    assert "that is room for about" in told(shelf, "room")


@pytest.mark.parametrize(
    ("topic", "words"),
    [
        ("left", "Nothing that Mantel sent"),
        ("ask first", "Ask for the photos first."),
    ],
)
def test_of_what_is_not_built_it_says_so(shelf: Shelf, topic: Topic, words: str) -> None:
    assert words in told(shelf, topic)


def test_who_has_a_share_is_told_from_the_links_that_there_are(shelf: Shelf) -> None:
    assert told(shelf, "shares") == "Nobody. There is no share link, and nobody without an account here sees a photo."
    assert told(shelf, "shares", MAX) == "Nobody has a link of yours. The owner sees the links of others."
    assert "not for children" in told(shelf, "shares", KIT)
    users(shelf)
    beach, dog = shelf.put(), shelf.put()
    share(shelf.store, MAX, [beach, dog], Options("At the sea"), now=0)
    make_all(shelf.store, now=0)
    share(shelf.store, OLIVE, [dog], now=0)
    with shelf.store.write() as writer:
        writer.run("UPDATE share_link SET views=2 WHERE title<>''")
        for at, what in ((0, "page"), (86_400_000, "zip"), (0, "wrong password")):
            writer.run("INSERT INTO share_open(link_id, at, address, what) VALUES(1,?,'192.168.1.9',?)", (at, what))
    assert told(shelf, "shares") == (
        "Whoever holds the address of one of 2 links. 1 photo: until 15 January 1970, not opened yet. "
        "“At the sea”, 2 photos: until 15 January 1970, opened 2 times, last on 2 January 1970 from 192.168.1.9."
    )
    assert told(shelf, "shares", MAX).startswith("Whoever holds the address of a link of yours. “At the sea”, 2 photos")
    with shelf.store.read() as reader:
        pieces = list(answer("shares", Box(reader, OLIVE, Layout(shelf.folder), STAGES, captions=True, now=0)))
    assert evidence(pieces) == (dog, beach)
    left = "In the last thirty days guests opened a share link 2 times, and were given clean copies."
    assert left in told(shelf, "left")
    assert left in told(shelf, "left", MAX)
    assert "guests" not in told(shelf, "left", KIT)


def users(shelf: Shelf) -> None:
    with shelf.store.write() as writer:
        for user, kind in ((OLIVE, "owner"), (MAX, "member")):
            sql = "INSERT INTO user(id, name, kind, password_hash, created_at) VALUES(?,?,?,'x',0)"
            writer.run(sql, (user.user_id, user.name, kind))


def test_it_says_when_pictures_go_to_another_machine(shelf: Shelf) -> None:
    assert told(shelf, "left").startswith("Nothing that Mantel sent.")
    there = told(shelf, "left", elsewhere="https://attic.home:8443")
    assert there.startswith("Pictures are looked at on another machine, https://attic.home:8443, because the owner chose it")


def test_it_says_what_the_backup_page_says(shelf: Shelf) -> None:
    shelf.put()
    assert told(shelf, "backup").startswith("Not safe: 1 original on this one disk, and nowhere else. No backup is set up.")
    with shelf.store.write() as writer:
        rows.repository(writer, "shelf", now=0)
    assert told(shelf, "backup").startswith("Not safe: “shelf” never had a complete backup.")
    assert told(shelf, "backup").endswith("The page Backup says what to do.")
    assert not told(shelf, "backup", MAX).endswith("The page Backup says what to do.")
    assert "backup" not in told(shelf, "backup", KIT)


def test_backups_away_from_home_have_left_the_house(shelf: Shelf) -> None:
    assert "No backup goes out of the house." in told(shelf, "left")
    with shelf.store.write() as writer:
        rows.repository(writer, "aunt", offsite=True, now=0)
    assert "Backups go, encrypted, to one place away from home" in told(shelf, "left")
