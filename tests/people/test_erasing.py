"""Turning People off: nothing left, in whatever moment it is interrupted, and a receipt of counts."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from appliance.errors import NotUnsealed, PeopleBusy, PeopleOff, VaultDamaged
from appliance.people import consent, erasing, inbox, turning
from appliance.people.inbox import Withdrawn
from appliance.store.db import Store
from appliance.store.layout import Layout
from appliance.vault import keys
from tests.conftest import Clock, add_photo
from tests.people import planted
from tests.people.people import PASSPHRASE, serving_people

STEPS = 12
"""mark, device secret, slots, one person's key, people process, rows, log, file, receipt, done; two to spare."""


@pytest.fixture
def full(store: Store, layout: Layout, clock: Clock) -> Layout:
    """People is on and locked; somebody is in the vault, and a job waits."""
    asset = add_photo(store, layout, "a.jpg")
    with serving_people(layout, clock) as people:
        turning.turn_on(store, layout, people, passphrase=PASSPHRASE, user_id=None, viewers="owner", now=clock())
    planted.plant(layout)
    with store.write() as writer:
        writer.run("INSERT INTO job(stage, asset_id, state, priority) VALUES('faces', ?, 'waiting', 0)", (asset,))
    return layout


def nothing_is_left(store: Store, layout: Layout) -> None:
    files = [file for folder in (layout.vault_keys, layout.faces_vault.parent) for file in folder.rglob("*") if file.is_file()]
    assert files == []
    with store.read() as reader:
        assert not consent.is_on(reader)
        assert reader.value("SELECT count(*) FROM job WHERE stage='faces'") == 0
    assert planted.finds_in_files(layout.home) == {}


def test_off_leaves_nothing_and_tells_how_much_it_was(store: Store, full: Layout, clock: Clock) -> None:
    receipt = erasing.turn_off(store, full, user_id=None, now=clock())
    nothing_is_left(store, full)
    assert (receipt.files, receipt.rows, receipt.jobs, receipt.at) == (4, 5, 1, clock())  # rows: 3, the manifest, 1 message
    assert receipt.bytes > 5000
    with store.read() as reader:
        assert reader.all("SELECT action FROM audit WHERE action LIKE 'people.%' ORDER BY id") == [
            ("people.enabled",),
            ("people.disabled",),
        ]


def test_off_twice_is_refused(store: Store, full: Layout, clock: Clock) -> None:
    erasing.turn_off(store, full, user_id=None, now=clock())
    with pytest.raises(PeopleOff):
        erasing.turn_off(store, full, user_id=None, now=clock())


@pytest.mark.parametrize("count", range(1, STEPS + 1))
def test_killed_at_any_step_it_is_finished_at_the_next_start(store: Store, full: Layout, clock: Clock, count: int) -> None:
    command = [sys.executable, "-m", "tests.people.erased_halfway", str(full.home), str(count)]
    subprocess.run(command, cwd=Path(__file__).parents[2], check=False, timeout=100)
    with pytest.raises(PeopleOff):
        keys.open_(full.vault_keys, PASSPHRASE)
    with pytest.raises(PeopleOff):
        inbox.post(full, Withdrawn(1, 1))
    erasing.finish(store, full, now=clock())
    nothing_is_left(store, full)
    with store.read() as reader:
        assert reader.all("SELECT at, files, rows, jobs FROM people_receipt") == [(1, 4, 5, 1)]
    assert not erasing.finish(store, full, now=clock())


def test_what_is_left_after_the_first_key_opens_nothing_even_without_the_mark(store: Store, full: Layout, clock: Clock) -> None:
    steps = erasing.steps(store, full, erasing.Receipt(clock(), None))
    assert [next(steps), next(steps)] == ["marked", "key device.secret"]
    (full.vault_keys / keys.ERASING).unlink()
    with pytest.raises(VaultDamaged):
        keys.open_(full.vault_keys, PASSPHRASE)


def test_a_restore_without_keys_starts_with_people_off(store: Store, full: Layout, clock: Clock) -> None:
    shutil.rmtree(full.vault_keys)
    full.faces_vault.unlink()
    full.create()
    assert erasing.finish(store, full, now=clock())
    nothing_is_left(store, full)


def test_keys_without_consent_are_swept(store: Store, full: Layout, clock: Clock) -> None:
    with store.write() as writer:
        writer.run("DELETE FROM people_consent")
    assert erasing.finish(store, full, now=clock())
    nothing_is_left(store, full)


def test_on_and_whole_nothing_is_erased_at_a_start(store: Store, full: Layout, clock: Clock) -> None:
    assert not erasing.finish(store, full, now=clock())
    assert keys.open_(full.vault_keys, PASSPHRASE)


def test_while_somebody_turns_it_on_a_start_sweeps_nothing(store: Store, full: Layout, clock: Clock) -> None:
    with store.write() as writer:
        writer.run("DELETE FROM people_consent")
    with erasing.alone(full):
        assert not erasing.finish(store, full, now=clock())
        with pytest.raises(PeopleBusy):
            erasing.turn_off(store, full, user_id=None, now=clock())
    assert keys.exist(full.vault_keys)


def test_off_and_on_again_is_another_vault(store: Store, full: Layout, clock: Clock) -> None:
    watch = erasing.Watch(full)
    old = keys.public_key(full.vault_keys)
    message = inbox.sealed(full, Withdrawn(1, 1))
    erasing.turn_off(store, full, user_id=None, now=clock())
    with serving_people(full, clock) as people:
        turning.turn_on(store, full, people, passphrase=PASSPHRASE, user_id=None, viewers="owner", now=clock())
        assert people.state().unlocked
    assert watch.is_over()
    assert keys.public_key(full.vault_keys) != old
    with pytest.raises(NotUnsealed):
        keys.open_(full.vault_keys, PASSPHRASE).unseal_message(message)


def test_an_open_vault_is_closed_by_erasing(store: Store, full: Layout, clock: Clock) -> None:
    with serving_people(full, clock) as people:
        people.unlock(PASSPHRASE)
        erasing.turn_off(store, full, user_id=None, now=clock())
    nothing_is_left(store, full)
