"""What arrived in the inbox becomes writes: faces that were found, and members who took theirs back. Twice does no harm."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import msgspec

from appliance.people import decisions
from appliance.people.faces import Box, Face, State
from appliance.people.grouping import Groups
from appliance.people.inbox import Found, FoundFace, Message, Withdrawn
from appliance.people.memory import Memory, Write, write_face

SAME = 0.4
"""Overlap (intersection over union) from which two boxes are of one face."""


class Drained(NamedTuple):
    """`forgotten`: persons whose keys are destroyed before `writes`."""

    writes: Sequence[Write]
    forgotten: Sequence[str] = ()


def drained(memory: Memory, groups: Groups, message: Message | None, new_id: Callable[[], str]) -> Drained:
    """What a message changes; nonsense changes nothing."""
    if isinstance(message, Found):
        return Drained(_found(memory, groups, message, new_id))
    if isinstance(message, Withdrawn):
        return _withdrawn(memory, message)
    return Drained(())


def first_found(memory: Memory, groups: Groups, messages: Iterable[Found], new_id: Callable[[], str]) -> Drained:
    """What messages of photos change, each another photo without a face so far: as one by one, in a fraction of the time."""
    faces = [_new_face(message, found, new_id) for message in messages for found in message.faces]
    return Drained([write_face(face) for face in _grouped(memory, groups, faces)])


def _new_face(message: Found, found: FoundFace, new_id: Callable[[], str]) -> Face:
    return Face(new_id(), message.asset, Box(*found.box), found.quality, found.print, message.model)


def _withdrawn(memory: Memory, message: Withdrawn) -> Drained:
    mine = [person.id for person in memory.persons.values() if person.user_id == message.user_id]
    stamp = decisions.next_stamp(memory, message.at, message.user_id)
    return Drained(decisions.withdraw(memory, stamp, message.user_id), mine)


def _found(memory: Memory, groups: Groups, message: Found, new_id: Callable[[], str]) -> list[Write]:
    """Faces that people have decided about stay theirs: a newly found face with the same box only renews what it looks like."""
    old = memory.in_asset(message.asset)
    renewed, new = [], []
    for found in message.faces:
        box = Box(*found.box)
        same = max(old, key=lambda face: overlap(face.box, box), default=None)
        if same is None or overlap(same.box, box) < SAME:
            new.append(_new_face(message, found, new_id))
            continue
        old.remove(same)
        alike = same.model == message.model or same.state is not State.FOUND
        group = same.group if alike else None  # prints of two models say nothing of each other
        renewed.append(msgspec.structs.replace(same, group=group, quality=found.quality, print=found.print, model=message.model))
    gone = [Write("face", face.id, None) for face in old if face.state is State.FOUND and face.model]
    return [*gone, *map(write_face, _grouped(memory, groups, [*renewed, *new]))]


def _grouped(memory: Memory, groups: Groups, faces: Sequence[Face]) -> list[Face]:
    """Those that are nobody's and in no group get one; in a group that people hid they are hidden too."""
    loose = [face for face in faces if face.state is State.FOUND and face.group is None]
    given = groups.add(loose)
    return [
        msgspec.structs.replace(face, group=given[face.id], state=_state_in(memory, given[face.id])) if face.id in given else face
        for face in faces
    ]


def _state_in(memory: Memory, group: str) -> State:
    hidden = group in memory.of_hidden and group not in memory.of_group
    return State.HIDDEN if hidden else State.FOUND


def overlap(one: Box, other: Box) -> float:
    """Intersection over union, 0 to 1."""
    width = min(one.left + one.width, other.left + other.width) - max(one.left, other.left)
    height = min(one.top + one.height, other.top + other.height) - max(one.top, other.top)
    shared = max(width, 0.0) * max(height, 0.0)
    whole = one.width * one.height + other.width * other.height - shared
    return shared / whole if whole > 0 else 0.0
