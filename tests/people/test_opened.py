"""The open vault: what arrives sealed is taken in, what is decided outlives the process, what is forgotten does not."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.errors import MantelError, NotFound, TwoInOnePhoto
from appliance.people import inbox, opened
from appliance.people.faces import State
from appliance.people.inbox import Withdrawn
from appliance.people.opened import Opened
from appliance.people.operations_persons import PERSONS
from appliance.people.protocol_persons import (
    Allow,
    Assets,
    Confirm,
    Decided,
    Describe,
    FacesSeen,
    Forget,
    GetAssetsWith,
    GetFacesIn,
    GetGroup,
    GetNames,
    GetOverview,
    GetPerson,
    GetPersonsIn,
    GetQuestions,
    Merge,
    NameFaces,
    Names,
    Overview,
    PersonSeen,
    PersonsIn,
    PutAway,
    Questions,
    Reject,
    Split,
    Undo,
)
from appliance.people.records import Records
from appliance.people.sight import Sight, sight_bytes
from appliance.store.layout import Layout
from appliance.store.vault_file import VaultFile
from appliance.vault import keys
from tests.people.people import PASSPHRASE, WEAK
from tests.people.posted import LEFT, MIDDLE, RIGHT, looks, plant

NOW = 1_700_000_000_000
ALL = sight_bytes((asset, 2000 + asset) for asset in range(1, 21))


@pytest.fixture
def layout(home: Path) -> Layout:
    return Layout(home)


@pytest.fixture
def vault(layout: Layout) -> Iterator[Opened]:
    records = Records(keys.create(layout.vault_keys, PASSPHRASE, WEAK), VaultFile(layout.faces_vault, make=True))
    records.begin()
    made = opened.opened(records)
    yield made
    made.records.close()


def again(layout: Layout, vault: Opened) -> Opened:
    """What another process finds."""
    records = Records(keys.open_(layout.vault_keys, PASSPHRASE), VaultFile(layout.faces_vault))
    return opened.opened(records)


def ask(vault: Opened, request: object) -> object:
    return PERSONS[type(request)](vault, request)


def decided(vault: Opened, request: object) -> Decided:
    answer = ask(vault, request)
    assert isinstance(answer, Decided)
    return answer


def overview(vault: Opened, sight: bytes = ALL) -> Overview:
    answer = ask(vault, GetOverview(sight, 10))
    assert isinstance(answer, Overview)
    return answer


def faces(vault: Opened, asset: int) -> FacesSeen:
    answer = ask(vault, GetFacesIn(asset))
    assert isinstance(answer, FacesSeen)
    return answer


def family(layout: Layout, vault: Opened) -> None:
    """Mia is in photos 1 to 5, in 5 a little unlike herself; Jonas beside her in 1 and 2, alone in 6 and 7."""
    mia = {asset: [(LEFT, looks(0, 0.02 * asset))] for asset in range(1, 5)} | {5: [(LEFT, looks(0, 0.33))]}
    jonas = {asset: [(RIGHT, looks(50, 0.01 * asset))] for asset in (1, 2, 6, 7)}
    plant(layout, {asset: [*mia.get(asset, []), *jonas.get(asset, [])] for asset in range(1, 8)})
    assert vault.drain() == 7


def named(vault: Opened, name: str, asset: int, place: int = 0, *, child: bool = False) -> str:
    (group,) = [face.group for face in faces(vault, asset).faces[place : place + 1]]
    return decided(vault, NameFaces(NOW, 1, name, group=group, child=child, recognise=not child)).person


def test_faces_that_look_alike_come_together(layout: Layout, vault: Opened) -> None:
    family(layout, vault)
    assert [group.photos for group in overview(vault).groups] == [5, 4]
    assert vault.drain() == 0


def test_one_name_for_a_group_and_one_yes_for_what_comes_later(layout: Layout, vault: Opened) -> None:
    family(layout, vault)
    mia = named(vault, "Mia", 1)
    plant(layout, {asset: [(LEFT, looks(0, 0.01 * asset))] for asset in range(8, 13)})
    vault.drain()
    overview(vault)
    questions = ask(vault, GetQuestions(ALL, 5))
    assert isinstance(questions, Questions)
    assert (questions.questions[0].person.id, questions.questions[0].sure) == (mia, True)
    assert len(questions.questions[0].faces) == 5
    decided(vault, Confirm(NOW, 1, mia, tuple(face.id for face in questions.questions[0].faces)))
    after = ask(vault, GetQuestions(ALL, 5))
    assert isinstance(after, Questions)
    assert after.left < questions.left
    seen = ask(vault, GetPerson(mia, ALL))
    assert isinstance(seen, PersonSeen)
    assert len(seen.faces) >= 9


def test_no_is_not_asked_again(layout: Layout, vault: Opened) -> None:
    family(layout, vault)
    mia = named(vault, "Mia", 1)
    plant(layout, {9: [(LEFT, looks(0, 0.03))]})
    vault.drain()
    overview(vault)
    asked = ask(vault, GetQuestions(ALL, 5))
    assert isinstance(asked, Questions)
    face = next(one for question in asked.questions for one in question.faces if one.asset == 9)
    decided(vault, Reject(NOW, 1, mia, (face.id,)))
    overview(vault)
    later = ask(vault, GetQuestions(ALL, 5))
    assert isinstance(later, Questions)
    assert all(one.asset != 9 for question in later.questions for one in question.faces)


def test_everything_outlives_the_process(layout: Layout, vault: Opened) -> None:
    family(layout, vault)
    mia = named(vault, "Mia", 1)
    jonas = named(vault, "Jonas", 6)
    decided(vault, Describe(NOW, 1, mia, "Mia", "2016-05-31", False, False, 2, "2026-01-01"))
    other = again(layout, vault)
    assert other.memory.faces == vault.memory.faces
    assert other.memory.persons == vault.memory.persons
    assert other.memory.journal == vault.memory.journal
    assert other.memory.sealed_under == vault.memory.sealed_under
    assert {jonas, mia} == set(other.memory.persons)
    other.records.close()


def test_who_sees_less_is_told_less(layout: Layout, vault: Opened) -> None:
    family(layout, vault)
    mia = named(vault, "Mia", 1)
    less = sight_bytes([(1, 2001), (6, None)])
    assert [one.photos for one in overview(vault, less).persons] == [1]
    assert [group.photos for group in overview(vault, less).groups] == [2]
    nothing = overview(vault, b"")
    assert ([one.photos for one in nothing.persons], nothing.groups, nothing.questions) == ([0], (), 0)
    assert not Sight(less).shows(7)
    seen = ask(vault, GetPerson(mia, b""))
    assert isinstance(seen, PersonSeen)
    assert (seen.faces, seen.beside) == ((), ())


def test_persons_together_exactly(layout: Layout, vault: Opened) -> None:
    family(layout, vault)
    mia, jonas = named(vault, "Mia", 3), named(vault, "Jonas", 6)
    assert ask(vault, GetAssetsWith((mia, jonas), together=True)) == Assets((1, 2))
    assert ask(vault, GetAssetsWith((jonas,))) == Assets((1, 2, 6, 7))
    assert ask(vault, GetAssetsWith(("f" * 16, mia), together=True)) == Assets(())
    assert ask(vault, GetAssetsWith(())) == Assets((1, 2, 3, 4, 5, 6, 7))
    assert ask(vault, GetPersonsIn((7, 2, 9))) == PersonsIn({mia: (2,), jonas: (2, 7)})
    assert ask(vault, GetPersonsIn(())) == PersonsIn({})


def test_a_child_is_left_alone_unless_asked_for(layout: Layout, vault: Opened) -> None:
    family(layout, vault)
    kit = named(vault, "Kit", 1, child=True)
    plant(layout, {9: [(LEFT, looks(0, 0.02))]})
    vault.drain()
    assert overview(vault).questions == 0
    assert [group.photos for group in overview(vault).groups] == [4]
    assert ask(vault, GetNames()) == Names(())
    assert ask(vault, GetAssetsWith((kit,))) == Assets(())
    assert ask(vault, GetPersonsIn(tuple(range(1, 21)))) == PersonsIn({})
    assert faces(vault, 3).faces == faces(vault, 9).faces == ()


def test_forgetting_destroys_one_key_and_no_other(layout: Layout, vault: Opened) -> None:
    family(layout, vault)
    mia, jonas = named(vault, "Mia", 3), named(vault, "Jonas", 6)
    files = set((layout.vault_keys / "persons").iterdir())
    decided(vault, Forget(NOW, 1, mia))
    assert len(set((layout.vault_keys / "persons").iterdir()) & files) == 1
    other = again(layout, vault)
    assert set(other.memory.persons) == {jonas}
    assert other.memory.faces == vault.memory.faces
    other.records.close()
    with pytest.raises(NotFound):
        ask(vault, GetPerson(mia, ALL))


def test_merging_moves_rows_under_the_other_key_and_undo_moves_them_back(layout: Layout, vault: Opened) -> None:
    family(layout, vault)
    jonas = named(vault, "Jonas", 6)
    plant(layout, {asset: [(MIDDLE, looks(90))] for asset in (10, 11)})
    vault.drain()
    uncle = named(vault, "Uncle", 10)
    before = dict(vault.memory.faces), dict(vault.memory.persons)
    number = decided(vault, Merge(NOW, 1, uncle, jonas)).number
    assert len(list((layout.vault_keys / "persons").iterdir())) == 1
    merged = again(layout, vault)
    assert merged.memory.faces == vault.memory.faces
    assert merged.memory.journal == vault.memory.journal
    merged.records.close()
    decided(vault, Undo(NOW, 1, number))
    assert (vault.memory.faces, vault.memory.persons) == before
    other = again(layout, vault)
    assert (other.memory.faces, other.memory.persons) == before
    other.records.close()


def test_a_refused_decision_changes_nothing(layout: Layout, vault: Opened) -> None:
    family(layout, vault)
    mia, jonas = named(vault, "Mia", 3), named(vault, "Jonas", 6)
    before = dict(vault.memory.faces)
    with pytest.raises(TwoInOnePhoto):
        ask(vault, Merge(NOW, 1, mia, jonas))
    assert vault.memory.faces == before
    other = again(layout, vault)
    assert other.memory.faces == before
    other.records.close()


def test_a_write_that_fails_leaves_memory_and_disk_as_they_were(
    layout: Layout, vault: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    family(layout, vault)
    faces_before, persons_before = dict(vault.memory.faces), dict(vault.memory.persons)
    real, calls = vault.records.put, []

    def fail_at_third(*given: object) -> None:
        calls.append(given)
        if len(calls) == 3:
            raise OSError("the disk is full")
        real(*given)  # type: ignore[arg-type]

    with monkeypatch.context() as patched, pytest.raises(OSError, match="full"):
        patched.setattr(vault.records, "put", fail_at_third)
        named(vault, "Mia", 1)
    assert (vault.memory.faces, vault.memory.persons) == (faces_before, persons_before)
    other = again(layout, vault)
    assert (other.memory.faces, other.memory.persons) == (faces_before, persons_before)
    other.records.close()


def test_who_takes_their_face_back_while_it_is_locked_is_forgotten_at_unlocking(layout: Layout, vault: Opened) -> None:
    family(layout, vault)
    mia = named(vault, "Mia", 3)
    decided(vault, Describe(NOW, 1, mia, "Mia", "", False, False, 2, "2026-01-01"))
    inbox.post(layout, Withdrawn(2, NOW))
    inbox.post(layout, Withdrawn(2, NOW))
    other = again(layout, vault)
    assert not other.memory.persons
    assert not list((layout.vault_keys / "persons").iterdir())
    jonas = named(other, "Jonas", 6)
    with pytest.raises(MantelError, match="took their own face back"):
        decided(other, Describe(NOW, 1, jonas, "Jonas", "", False, False, 2, "2026-01-01"))
    decided(other, Allow(NOW, 2))
    decided(other, Describe(NOW, 1, jonas, "Jonas", "", False, False, 2, "2026-01-01"))
    other.records.close()


def test_who_was_hidden_stays_hidden_when_seen_again(layout: Layout, vault: Opened) -> None:
    family(layout, vault)
    (group,) = [face.group for face in faces(vault, 6).faces]
    decided(vault, PutAway(NOW, 1, "hidden", group=group))
    plant(layout, {12: [(RIGHT, looks(50, 0.02))]})
    vault.drain()
    assert faces(vault, 12).faces == ()
    assert overview(vault).away == 5


def test_splitting_makes_a_group_of_its_own_and_the_outlier_comes_first(layout: Layout, vault: Opened) -> None:
    family(layout, vault)
    (group,) = {face.group for face in faces(vault, 3).faces}
    assert group
    seen = ask(vault, GetGroup(group, ALL))
    assert isinstance(seen, FacesSeen)
    assert seen.faces[0].asset == 5
    decided(vault, Split(NOW, 1, (seen.faces[0].id,)))
    assert sorted(one.photos for one in overview(vault).groups) == [1, 4, 4]


def test_a_new_model_renews_what_people_decided_and_loses_none_of_it(layout: Layout, vault: Opened) -> None:
    family(layout, vault)
    mia = named(vault, "Mia", 3)
    anchors = {face.id: face.mark for face in vault.memory.owned(mia)}
    for asset in range(1, 8):
        faces_ = (inbox.FoundFace(LEFT, 0.5, looks(7)),) if asset < 6 else ()
        inbox.post(layout, inbox.Found(asset, "better@2", faces_))
    vault.drain()
    assert {face.id: face.mark for face in vault.memory.owned(mia)} == anchors
    assert {face.model for face in vault.memory.faces.values()} == {"better@2"}
    assert not [face for face in vault.memory.faces.values() if face.state is State.FOUND and face.asset in (6, 7)]


def test_nonsense_in_the_inbox_is_dropped(layout: Layout, vault: Opened) -> None:
    family(layout, vault)
    file = VaultFile(layout.faces_vault)
    file.post(b"not sealed at all")
    file.post(keys.public_key(layout.vault_keys).seal(b"\xc1 no message"))
    file.close()
    before = dict(vault.memory.faces)
    assert vault.drain() == 2
    assert vault.memory.faces == before
    assert vault.drain() == 0
