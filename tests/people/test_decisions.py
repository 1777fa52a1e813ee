"""What people decide about faces: every decision can be taken back exactly, and nobody is ever twice in one photo."""

import copy
from collections.abc import Callable
from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.errors import DecisionBuiltOn, MantelError, NotFound, TwoInOnePhoto, WithdrawnByThemselves, WrongUsage
from appliance.people import decisions
from appliance.people.decisions import Stamp
from appliance.people.faces import Box, Decision, Face, State, Withdrawal
from appliance.people.memory import Memory, Write, plan, plan_undo
from tests.people.drawn import JONAS, MIA, a_face, a_memory, a_person, owned_by

NOW = 1_700_000_000_000
F = [f"{number:016x}" for number in range(40)]


def decide(memory: Memory, decision: Decision) -> tuple[Write, ...]:
    writes = plan(memory, decision)
    memory.keep(writes)
    return writes


def stamp(memory: Memory) -> Stamp:
    return decisions.next_stamp(memory, NOW, 1)


def state(memory: Memory) -> tuple[Any, ...]:
    """All that is held but the journal, and all that is found through the indexes."""
    return copy.deepcopy(
        (memory.faces, memory.persons, dict(memory.of_asset), dict(memory.of_person), dict(memory.of_group), dict(memory.of_hidden))
    )


def undo(memory: Memory, number: int) -> None:
    memory.keep(plan_undo(memory, number, NOW))


def household() -> Memory:
    """Mia owns faces 0 to 3, Jonas 4 to 7; 8 to 15 are group g1, 16 to 19 group g2; face n is in photo n % 12."""
    faces = [a_face(number, number % 12, "g1" if number < 16 else "g2", axis=number // 4) for number in range(20)]
    owned = [owned_by(face, MIA if index < 4 else JONAS) for index, face in enumerate(faces[:8])]
    return a_memory(a_person(), a_person(JONAS, "Jonas"), *owned, *faces[8:])


def test_naming_a_group_makes_a_person_of_it() -> None:
    memory = a_memory(a_face(1, 1), a_face(2, 2))
    decide(memory, decisions.name(memory, stamp(memory), [F[1], F[2]], a_person()))
    assert [face.id for face in memory.owned(MIA)] == [F[1], F[2]]
    assert memory.journal[1].said == "Named 2 faces Mia"
    undo(memory, 1)
    assert not memory.persons
    assert len(memory.grouped("g1")) == 2


def test_of_two_faces_in_one_photo_one_is_confirmed() -> None:
    memory = a_memory(a_person(), a_face(1, 5), a_face(2, 5), a_face(3, 6))
    decide(memory, decisions.confirm(memory, stamp(memory), F[1:4], MIA))
    assert [face.id for face in memory.owned(MIA)] == [F[1], F[3]]
    with pytest.raises(TwoInOnePhoto):
        decisions.confirm(memory, stamp(memory), [F[2]], MIA)


def test_two_people_of_one_photo_are_not_merged() -> None:
    memory = a_memory(a_person(), a_person(JONAS, "Jonas"), owned_by(a_face(1, 5), MIA), owned_by(a_face(2, 5), JONAS))
    with pytest.raises(TwoInOnePhoto):
        decisions.merge(memory, stamp(memory), JONAS, MIA)


def test_merging_then_undoing_brings_the_other_person_back_with_its_key() -> None:
    memory = household()
    memory.put(msgspec.structs.replace(memory.faces[F[9]], refused=(JONAS,)))
    before = state(memory)
    writes = decide(memory, decisions.merge(memory, stamp(memory), JONAS, MIA))
    assert JONAS not in memory.persons
    assert memory.faces[F[9]].refused == (MIA,)
    assert {write.person for write in writes if write.kind == "face" and write.id in F[4:8]} == {MIA}
    back = plan_undo(memory, 1, NOW)
    assert {write.person for write in back if write.kind == "face" and write.id in F[4:8]} == {JONAS}
    memory.keep(back)
    assert state(memory) == before


def test_an_answer_that_was_built_on_is_taken_back_later() -> None:
    memory = household()
    decide(memory, decisions.confirm(memory, stamp(memory), [F[8]], MIA))
    decide(memory, decisions.split(memory, stamp(memory), [F[8]], "g9"))
    with pytest.raises(DecisionBuiltOn, match="Split 1 face off Mia"):
        plan_undo(memory, 1, NOW)
    undo(memory, 2)
    undo(memory, 1)
    with pytest.raises(NotFound):
        plan_undo(memory, 1, NOW)


def test_undoing_never_puts_somebody_twice_into_a_photo() -> None:
    memory = a_memory(a_person(), owned_by(a_face(1, 5), MIA), a_face(2, 5))
    decide(memory, decisions.split(memory, stamp(memory), [F[1]], "g9"))
    decide(memory, decisions.confirm(memory, stamp(memory), [F[2]], MIA))
    with pytest.raises(TwoInOnePhoto):
        plan_undo(memory, 1, NOW)


def test_a_name_with_later_faces_is_not_taken_away() -> None:
    memory = a_memory(a_face(1, 1), a_face(2, 2))
    decide(memory, decisions.name(memory, stamp(memory), [F[1]], a_person()))
    decide(memory, decisions.confirm(memory, stamp(memory), [F[2]], MIA))
    with pytest.raises(DecisionBuiltOn):
        plan_undo(memory, 1, NOW)


def test_no_is_remembered_and_takes_a_wrong_yes_back() -> None:
    memory = household()
    decide(memory, decisions.reject(memory, stamp(memory), [F[0], F[9]], MIA))
    assert [memory.faces[face].refused for face in (F[0], F[9])] == [(MIA,), (MIA,)]
    assert memory.faces[F[0]].state is State.FOUND
    decide(memory, decisions.confirm(memory, stamp(memory), [F[9]], MIA))
    assert memory.faces[F[9]].refused == ()


def test_a_box_that_a_person_drew_is_gone_after_undo() -> None:
    memory = household()
    before = state(memory)
    decide(memory, decisions.draw(memory, stamp(memory), F[30], 20, Box(0.1, 0.1, 0.2, 0.2), memory.persons[MIA]))
    assert memory.faces[F[30]].state is State.MANUAL
    undo(memory, 1)
    assert state(memory) == before
    with pytest.raises(WrongUsage):
        decisions.draw(memory, stamp(memory), F[30], 20, Box(0.9, 0.1, 0.2, 0.2), memory.persons[MIA])


def test_forgetting_leaves_no_row_that_tells_of_the_person() -> None:
    memory = household()
    decide(memory, decisions.confirm(memory, stamp(memory), [F[8]], MIA))
    decide(memory, decisions.reject(memory, stamp(memory), [F[9]], MIA))
    decide(memory, decisions.confirm(memory, stamp(memory), [F[10]], JONAS))
    writes = decisions.forget(memory, stamp(memory), MIA)
    memory.keep(writes)
    kept = msgspec.json.encode([list(memory.faces.values()), list(memory.persons.values()), list(memory.journal.values())])
    assert MIA.encode() not in kept
    assert b"Mia" not in kept
    assert F[8] not in memory.faces
    assert sorted(memory.journal) == [3, 4]
    with pytest.raises(NotFound):
        plan_undo(memory, 4, NOW)


def test_a_decision_lies_under_the_key_of_somebody_it_tells_of() -> None:
    memory = household()
    (*_, last) = decide(memory, decisions.confirm(memory, stamp(memory), [F[8]], JONAS))
    assert (last.kind, last.person) == ("decision", JONAS)
    writes = decide(memory, decisions.merge(memory, stamp(memory), JONAS, MIA))
    assert [(write.id, write.person) for write in writes if write.kind == "decision"] == [(F[1], None), (F[2], MIA)]


def test_withdrawing_erases_and_may_run_twice() -> None:
    memory = a_memory(a_person(user_id=2), owned_by(a_face(1, 1), MIA), a_face(2, 2))
    memory.keep(decisions.withdraw(memory, stamp(memory), 2))
    assert (list(memory.faces), list(memory.persons), memory.withdrawn) == ([F[2]], [], {2: Withdrawal(2, NOW, open=False)})
    memory.keep(decisions.withdraw(memory, stamp(memory), 2))
    assert memory.withdrawn[2].open


def test_who_withdrew_is_linked_again_by_nobody_else() -> None:
    memory = a_memory(a_person())
    memory.keep(decisions.withdraw(memory, stamp(memory), 2))
    linked = msgspec.structs.replace(memory.persons[MIA], user_id=2)
    with pytest.raises(WithdrawnByThemselves):
        decisions.describe(memory, stamp(memory), linked)
    memory.keep(decisions.allow(memory, 2))
    decide(memory, decisions.describe(memory, stamp(memory), linked))
    assert memory.persons[MIA].user_id == 2


@pytest.mark.parametrize(("typed", "kept"), [("  Mia\n Maria ", "Mia Maria"), ("O\u202eEve", "O Eve"), ("e\u0301va", "éva")])
def test_a_name_is_one_line_of_plain_signs(typed: str, kept: str) -> None:
    assert decisions.clean_name(typed) == kept


@pytest.mark.parametrize("typed", ["", " \n", "x" * 81, "\u200b"])
def test_what_is_no_name_is_said(typed: str) -> None:
    with pytest.raises(WrongUsage):
        decisions.clean_name(typed)


@pytest.mark.parametrize("typed", ["yesterday", "1702-01-01", "2031-01-01"])
def test_what_is_no_birthday_is_said(typed: str) -> None:
    with pytest.raises(WrongUsage):
        decisions.clean_birthday(typed, date(2026, 1, 1))


faces_of = st.lists(st.sampled_from(F[:20]), min_size=1, max_size=6)
whom = st.sampled_from([MIA, JONAS, "c" * 16])
Step = Callable[[Memory], Decision]


def new_id(memory: Memory) -> str:
    return f"{1000 + stamp(memory).number:016x}"


@st.composite
def steps(draw: st.DrawFn) -> Step:
    faces, person, other = draw(faces_of), draw(whom), draw(whom)
    number = draw(st.integers(0, 1_000_000))
    made: list[Step] = [
        lambda memory: decisions.confirm(memory, stamp(memory), faces, person),
        lambda memory: decisions.reject(memory, stamp(memory), faces, person),
        lambda memory: decisions.split(memory, stamp(memory), faces, f"g{number}"),
        lambda memory: decisions.put_away(memory, stamp(memory), faces, State.HIDDEN),
        lambda memory: decisions.put_away(memory, stamp(memory), faces, State.NOT_A_FACE),
        lambda memory: decisions.bring_back(memory, stamp(memory), faces),
        lambda memory: decisions.merge(memory, stamp(memory), person, other),
        lambda memory: decisions.name(memory, stamp(memory), faces, a_person(new_id(memory), "New")),
        lambda memory: decisions.draw(
            memory, stamp(memory), new_id(memory), number % 12, Box(0, 0, 0.5, 0.5), memory.person(person)
        ),
        lambda memory: decisions.describe(memory, stamp(memory), a_person(person, "Other", never=bool(number % 2))),
    ]
    return draw(st.sampled_from(made))


def tried(memory: Memory, step: Step) -> bool:
    try:
        decide(memory, step(memory))
    except MantelError:
        return False
    return True


@settings(max_examples=200, deadline=None)
@given(st.lists(steps(), min_size=1, max_size=8))
def test_undo_returns_exactly_the_old_state(tries: list[Step]) -> None:
    memory = household()
    before = [state(memory)]
    for step in tries:
        if tried(memory, step):
            before.append(state(memory))
        else:
            assert state(memory) == before[-1]
    for number in range(len(before) - 1, 0, -1):
        undo(memory, number)
        assert state(memory) == before[number - 1]


@settings(max_examples=200, deadline=None)
@given(st.lists(steps(), min_size=1, max_size=8), st.lists(st.integers(1, 8), max_size=4))
def test_nobody_is_twice_in_a_photo_whatever_is_decided_and_undone(tries: list[Step], back: list[int]) -> None:
    memory = household()
    for step in tries:
        tried(memory, step)
    for number in back:
        try:
            undo(memory, number)
        except MantelError:
            continue
    for person, faces in memory.of_person.items():
        assert person in memory.persons
        assets = [memory.faces[face].asset for face in faces]
        assert len(assets) == len(set(assets))


@settings(max_examples=100, deadline=None)
@given(st.lists(steps(), min_size=1, max_size=8))
def test_what_was_written_is_what_is_remembered(tries: list[Step]) -> None:
    """The rows alone, read again in any order, give the same memory: nothing lives only in it."""
    memory = household()
    disk: dict[tuple[str, str], Any] = {("face", face.id): face for face in memory.faces.values()}
    disk |= {("person", person.id): person for person in memory.persons.values()}
    for step in tries:
        try:
            writes = plan(memory, step(memory))
        except MantelError:
            continue
        memory.keep(writes)
        for write in writes:
            disk.pop((write.kind, write.id), None)
            if write.row is not None:
                disk[write.kind, write.id] = write.row
    again = Memory()
    for row in sorted(disk.values(), key=repr):
        again.put(row)
    assert state(again) == state(memory)
    assert again.journal == memory.journal


def test_faces_of_people_survive_what_the_machine_finds() -> None:
    """A found face that arrives leaves every confirmed one as it was."""
    memory = household()
    anchors = {face.id: face for face in memory.faces.values() if face.is_owned}
    for number in range(20, 30):
        memory.put(a_face(number, number, "g1"))
    assert {face: memory.faces[face] for face in anchors} == anchors


def test_a_face_knows_its_mark() -> None:
    face: Face = owned_by(a_face(1, 1), MIA)
    assert (face.mark.person, face.mark.state, face.is_owned) == (MIA, State.CONFIRMED, True)
