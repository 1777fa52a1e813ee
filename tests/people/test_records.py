"""Records: sealed in their place, hidden in size and owner, refused when the file was changed, unreadable when forgotten."""

from collections.abc import Callable, Iterator
from contextlib import closing

import apsw
import pytest

from appliance.errors import VaultDamaged
from appliance.people.inbox import Found, FoundFace, Withdrawn, post, read
from appliance.people.records import Record, Records
from appliance.store.layout import Layout
from appliance.store.vault_file import VaultFile
from appliance.vault import keys
from appliance.vault.keys import Keys
from tests.people.people import PASSPHRASE, WEAK


@pytest.fixture
def made(layout: Layout) -> Keys:
    return keys.create(layout.vault_keys, PASSPHRASE, WEAK)


@pytest.fixture
def records(made: Keys, layout: Layout) -> Iterator[Records]:
    with closing(Records(made, VaultFile(layout.faces_vault, make=True))) as new:
        new.begin()
        yield new


def again(records: Records, layout: Layout) -> list[Record]:
    with closing(Records(keys.open_(layout.vault_keys, PASSPHRASE), VaultFile(layout.faces_vault))) as other:
        return sorted(other.load())


def fill(records: Records) -> None:
    with records.transaction():
        records.put("person", "p1", b"Mia", "p1")
        records.put("face", "f1", b"a face", "p1")
        records.put("face", "f2", b"another")
        records.put("face", "f1", b"a face again", "p1")


def test_what_was_put_is_loaded(records: Records, layout: Layout) -> None:
    fill(records)
    assert again(records, layout) == [
        Record("face", "f1", b"a face again", "p1"),
        Record("face", "f2", b"another", None),
        Record("person", "p1", b"Mia", "p1"),
    ]


def test_a_transaction_that_fails_changes_nothing(records: Records, layout: Layout) -> None:
    fill(records)
    before = again(records, layout)
    with pytest.raises(ZeroDivisionError), records.transaction():
        records.put("face", "f3", b"")
        records.delete("face", "f2")
        raise ZeroDivisionError
    assert again(records, layout) == before
    fill(records)
    assert len(again(records, layout)) == 3


def test_deleting_takes_away_and_twice_is_the_same(records: Records, layout: Layout) -> None:
    fill(records)
    with records.transaction():
        records.delete("face", "f1")
        records.delete("face", "f1")
    assert [record.id for record in again(records, layout)] == ["f2", "p1"]


def test_nothing_of_it_is_in_the_file(records: Records, layout: Layout) -> None:
    fill(records)
    with records.transaction():
        records.put("face", "an id of its own", b"a face")
    content = layout.faces_vault.read_bytes()
    assert not [word for word in (b"Mia", b"a face", b"an id of") if word in content]  # shorter words come by chance


def test_every_face_has_the_same_size(records: Records, layout: Layout) -> None:
    with records.transaction():
        for number in range(20):
            records.put("face", f"f{number}", bytes(50 * number), "p1" if number % 2 else None)
    with closing(VaultFile(layout.faces_vault)) as file:
        assert len({len(body) for kind, _, _, body in file.rows() if kind == 1}) == 1


CHANGES: dict[str, Callable[[apsw.Connection], object]] = {
    "a byte of a row": lambda db: db.execute(
        "UPDATE sealed SET body = CAST(substr(body, 1, 40) || zeroblob(16) || substr(body, 57) AS BLOB) WHERE kind=1"
    ),
    "a row taken away": lambda db: db.execute(
        "DELETE FROM sealed WHERE kind=1 AND id=(SELECT id FROM sealed WHERE kind=1 LIMIT 1)"
    ),
    "the manifest taken away": lambda db: db.execute("DELETE FROM sealed WHERE kind=0"),
    "another revision": lambda db: db.execute("UPDATE sealed SET revision = revision + 1 WHERE kind=2"),
    "another kind": lambda db: db.execute("UPDATE sealed SET kind = 3 WHERE kind=2"),
    "an unknown kind": lambda db: db.execute("UPDATE sealed SET kind = 99 WHERE kind=2"),
    "a row cut off": lambda db: db.execute("UPDATE sealed SET body = substr(body, 1, 20) WHERE kind=2"),
    "two rows swapped": lambda db: db.execute(
        "UPDATE sealed SET body = (SELECT body FROM sealed o WHERE o.kind=1 AND o.id<>sealed.id) WHERE kind=1"
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_file_that_was_changed_is_refused(records: Records, layout: Layout, change: Callable[[apsw.Connection], object]) -> None:
    fill(records)
    records.close()
    with closing(apsw.Connection(str(layout.faces_vault))) as db, db:
        change(db)
    with pytest.raises(VaultDamaged):
        again(records, layout)


def test_an_older_row_in_the_place_of_a_newer_is_refused(records: Records, layout: Layout) -> None:
    fill(records)
    with closing(apsw.Connection(str(layout.faces_vault))) as db:
        old = db.execute("SELECT kind, id, revision, body FROM sealed WHERE kind=2").get
    with records.transaction():
        records.put("person", "p1", b"Mia with a birthday", "p1")
    with closing(apsw.Connection(str(layout.faces_vault))) as db, db:
        db.execute("REPLACE INTO sealed VALUES(?,?,?,?)", old)
    with pytest.raises(VaultDamaged, match="older state"):
        again(records, layout)


def test_a_forgotten_persons_rows_cannot_be_read_and_go_at_the_next_loading(records: Records, layout: Layout) -> None:
    fill(records)
    records.forget("p1")
    assert [record.id for record in again(records, layout)] == ["f2"]
    with closing(VaultFile(layout.faces_vault)) as file:
        assert file.count() == 2  # the face of nobody, and the manifest
    assert not list((layout.vault_keys / "persons").iterdir())


def test_a_person_named_again_after_forgetting_has_another_key(records: Records, layout: Layout) -> None:
    fill(records)
    old = next(iter((layout.vault_keys / "persons").iterdir())).read_bytes()
    records.forget("p1")
    with records.transaction():
        records.put("person", "p1", b"Mia", "p1")
        records.delete("face", "f1")
    assert next(iter((layout.vault_keys / "persons").iterdir())).read_bytes() != old
    assert [record.id for record in again(records, layout)] == ["f2", "p1"]


def test_the_inbox_is_written_by_who_can_open_nothing(records: Records, made: Keys, layout: Layout) -> None:
    found = Found(7, "model", (FoundFace((0.1, 0.2, 0.3, 0.4), 0.5, bytes(range(256)) * 2),))
    post(layout, found)
    post(layout, Withdrawn(3, 1_750_000_000_000))
    with closing(VaultFile(layout.faces_vault)) as file:
        file.post(b"not sealed at all")
    opened = list(records.messages(10))
    assert [read(content) if content else None for _, content in opened] == [found, Withdrawn(3, 1_750_000_000_000), None]
    with records.transaction():
        for number, _ in opened:
            records.drop(number)
    assert not list(records.messages(10))


@pytest.mark.parametrize("content", [b"", b"\x81", b"\xc0", b"\x82\xa4type\xa5found\xa5asset\xff"])
def test_a_message_of_nonsense_says_nothing(content: bytes) -> None:
    assert read(content) is None
