"""Every file but the passphrase opens nothing; the same attack opens everything as soon as a key lies about."""

from contextlib import closing
from pathlib import Path

import pytest

from appliance.people import turning
from appliance.store.db import Store
from appliance.store.layout import Layout
from appliance.vault import keys
from tests.conftest import Clock
from tests.people import planted
from tests.people.people import PASSPHRASE, serving_people
from tests.vectors.attack import attack


@pytest.fixture
def stolen(store: Store, layout: Layout, clock: Clock) -> Layout:
    with serving_people(layout, clock) as people:
        turning.turn_on(store, layout, people, passphrase=PASSPHRASE, user_id=None, viewers="owner", now=clock())
    planted.plant(layout)
    store.shorten_log()
    return layout


def test_with_every_file_but_the_passphrase_nothing_opens(stolen: Layout) -> None:
    assert attack(stolen.home) == []


@pytest.mark.parametrize("where", ["run/forgotten"])
def test_a_data_key_that_lies_about_is_found(stolen: Layout, where: str) -> None:
    opened = keys.open_(stolen.vault_keys, PASSPHRASE)
    (stolen.home / where).write_bytes(b"# some text " + opened._data.hex().encode() + b"\n")
    assert attack(stolen.home) == ["the manifest by 32 bytes of a file"]


def test_a_lazy_passphrase_is_found(stolen: Layout) -> None:
    keys.change_passphrase(stolen.vault_keys, PASSPHRASE, "correct horse battery staple", keys.Strength(64, 1, 1))
    assert attack(stolen.home) == ["“correct horse battery staple”"]


def test_snapshots_and_copies_of_the_database_hold_no_key_and_no_row(stolen: Layout, tmp_path: Path) -> None:
    with closing(Store(stolen.database, stolen.database_copies)) as store:
        store.copy(tmp_path / "copy.db")
    content = (tmp_path / "copy.db").read_bytes()
    secrets = [file.read_bytes() for file in stolen.vault_keys.rglob("*") if file.is_file()]
    assert planted.finds(content) == set()
    assert not [secret for secret in secrets if secret[:32] in content]
