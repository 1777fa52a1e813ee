"""What is compared again after a change gives the suggestions that comparing everything anew gives, whatever was decided before."""

import itertools
import random
import tempfile
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.errors import MantelError
from appliance.people import decisions, inbox, opened
from appliance.people.decisions import next_stamp
from appliance.people.faces import Box, Person, State
from appliance.people.inbox import Found, FoundFace
from appliance.people.memory import Memory
from appliance.people.opened import Opened
from appliance.people.records import Records
from appliance.people.sight import Sight, sight_bytes
from appliance.people.suggesting import Suggesting
from appliance.store.layout import Layout
from appliance.store.vault_file import VaultFile
from appliance.vault import keys
from tests.people.made_prints import Made, album
from tests.people.people import PASSPHRASE, WEAK
from tests.people.posted import LEFT, looks, plant

PHOTOS = [list(photo) for _, photo in itertools.groupby(album(260, seed=11), key=lambda one: one.asset)]
NOW = 1_700_000_000_000


def found(photo: list[Made]) -> Found:
    faces = tuple(FoundFace((0.3 * place, 0.1, 0.2, 0.2), one.quality, one.print) for place, one in enumerate(photo))
    return Found(photo[0].asset + 1, "made@1", faces)


def empty(folder: str) -> tuple[Layout, Opened]:
    layout = Layout(Path(folder) / "home")
    layout.create()
    records = Records(keys.create(layout.vault_keys, PASSPHRASE, WEAK), VaultFile(layout.faces_vault, make=True))
    records.begin()
    return layout, opened.opened(records)


def anew(vault: Opened) -> Suggesting:
    memory = Memory()
    for person in vault.memory.persons.values():
        memory.put(person)
    for face in vault.memory.faces.values():
        memory.put(face)
    made = Suggesting(memory, years=vault.suggesting.years)
    made.start()
    return made


def decide(vault: Opened, chance: random.Random) -> None:
    """Something that people do; what is refused changes nothing."""
    memory = vault.memory
    stamp = next_stamp(memory, NOW, 1)
    faces = chance.sample(sorted(memory.faces), chance.randint(1, 3))
    group = [face.id for face in memory.grouped(chance.choice(sorted(memory.of_group)))] if memory.of_group else faces
    persons = sorted(memory.persons)
    new = Person(opened.new_id(), "New", child=chance.random() < 0.3)
    what = chance.randrange(12)
    if what <= 2 or not persons:
        vault.decide(decisions.name(memory, stamp, group, new))
        return
    person = chance.choice(persons)
    asked = [one.face for one in vault.suggesting.refresh().values() if one.person == person][: chance.randint(1, 3)] or faces
    match what:
        case 3 | 4:
            vault.decide(decisions.confirm(memory, stamp, asked, person))
        case 5:
            vault.decide(decisions.reject(memory, stamp, asked, person))
        case 6:
            vault.decide(decisions.split(memory, stamp, faces, opened.new_id()))
        case 7:
            vault.decide(decisions.put_away(memory, stamp, faces, chance.choice([State.HIDDEN, State.NOT_A_FACE])))
        case 8:
            vault.decide(decisions.merge(memory, stamp, person, chance.choice(persons)))
        case _:
            change(vault, chance, person)


def change(vault: Opened, chance: random.Random, person: str) -> None:
    """Something that people do to one person, or take back."""
    memory, stamp = vault.memory, next_stamp(vault.memory, NOW, 1)
    match chance.randrange(4):
        case 0:
            changed = {
                "child": chance.random() < 0.5,
                "birthday": chance.choice(["", "2001-05-31"]),
                "never": chance.random() < 0.2,
            }
            vault.decide(decisions.describe(memory, stamp, msgspec.structs.replace(memory.person(person), **changed)))
        case 1:
            box = Box(0.1, 0.6, 0.1, 0.1)
            vault.decide(decisions.draw(memory, stamp, opened.new_id(), chance.randint(1, 40), box, memory.person(person)))
        case 2:
            vault.forget(person, decisions.forget(memory, stamp, person))
        case _:
            vault.undo(chance.choice(sorted(memory.journal)), NOW)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 1 << 32))
def test_after_anything_that_people_do_the_suggestions_are_those_made_anew(seed: int) -> None:
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        layout, vault = empty(folder)
        waiting = list(PHOTOS)
        compared = 0
        for _ in range(25):
            for photo in [waiting.pop() for _ in range(min(len(waiting), chance.randint(0, 12)))]:
                inbox.post(layout, found(photo))
            vault.drain()
            if chance.random() < 0.3:
                vault.suggesting.see(Sight(sight_bytes((asset, chance.choice([None, 2003, 2020])) for asset in range(1, 200))))
            if vault.memory.faces:
                try:
                    decide(vault, chance)
                except MantelError:
                    continue
            expected = anew(vault)
            assert vault.suggesting.refresh() == expected.refresh()
            compared += len(vault.suggesting.refresh())
        vault.records.close()
    assert compared


def test_photos_that_come_together_are_grouped_as_one_by_one() -> None:
    together, alone = (_groups(at_once) for at_once in (100, 1))
    assert together == alone


def _groups(at_once: int) -> set[frozenset[tuple[int, Box]]]:
    """The groups of all photos, some of which are found twice, drained so many messages at a time."""
    with tempfile.TemporaryDirectory() as folder:
        layout, vault = empty(folder)
        for start in range(0, len(PHOTOS), at_once):
            for photo in PHOTOS[start : start + at_once]:
                inbox.post(layout, found(photo))
                if photo[0].asset % 7 == 0:
                    inbox.post(layout, found(photo[:1]))
            vault.drain()
        while vault.drain():
            pass
        groups = [frozenset((face.asset, face.box) for face in vault.memory.grouped(group)) for group in vault.memory.of_group]
        vault.records.close()
    return set(groups)


@pytest.mark.parametrize("child", [False, True])
def test_a_group_of_which_a_face_is_a_childs_takes_only_what_is_more_like_it(child: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        layout, vault = empty(folder)
        plant(layout, {asset: [(LEFT, looks(0))] for asset in range(1, 6)})
        vault.drain()
        memory = vault.memory
        (group,) = memory.of_group
        kit = Person(opened.new_id(), "Kit", child=child)
        vault.decide(decisions.name(memory, next_stamp(memory, NOW, 1), [memory.grouped(group)[0].id], kit))
        plant(layout, {9: [(LEFT, looks(0, 0.30))]})
        vault.drain()
        (late,) = memory.in_asset(9)
        assert (late.group == group) is not child
        vault.records.close()
