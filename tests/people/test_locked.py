"""A locked vault answers every operation with the same bytes, whatever lies in it; so does one that is off."""

import socket
from typing import Any

import msgspec
import pytest

from appliance.people import turning
from appliance.people.operations import OPERATIONS
from appliance.people.protocol import line_of
from appliance.store.db import Store
from appliance.store.layout import Layout
from tests.conftest import Clock
from tests.people import planted
from tests.people.people import PASSPHRASE, serving_people

SAMPLES: dict[type[msgspec.inspect.Type], Any] = {
    msgspec.inspect.StrType: planted.PERSON,
    msgspec.inspect.BytesType: b"",
    msgspec.inspect.IntType: 1,
    msgspec.inspect.FloatType: 0.5,
    msgspec.inspect.BoolType: False,
    msgspec.inspect.NoneType: None,
}


SAID = {"today": "2024-07-14", "birthday": ""}
"""What has a form that its type does not tell."""


def sample(kind: msgspec.inspect.Type) -> Any:
    """Return something of `kind` that its decoder takes, about the planted person wherever it is an id."""
    match kind:
        case msgspec.inspect.UnionType(types=types):
            return sample(types[0])
        case msgspec.inspect.VarTupleType(item_type=item):
            return (sample(item),)
        case msgspec.inspect.LiteralType(values=values):
            return values[0]
        case msgspec.inspect.EnumType(cls=cls):
            return next(iter(cls))
        case msgspec.inspect.NamedTupleType(cls=cls, fields=fields):
            return cls(*(sample(field.type) for field in fields))
        case msgspec.inspect.StructType(cls=cls, fields=fields):
            return cls(**{field.name: SAID.get(field.name, sample(field.type)) for field in fields if field.required})
        case msgspec.inspect.Metadata(type=inner):
            return sample(inner)
    return SAMPLES[type(kind)]


REQUESTS: dict[str, Any] = {operation.__name__: sample(msgspec.inspect.type_info(operation)) for operation in OPERATIONS}


def said(layout: Layout, line: bytes) -> bytes:
    """The bytes that come back for the bytes that were sent."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(layout.people_socket))
        connection.sendall(line)
        return connection.makefile("rb").read()


@pytest.fixture
def on(store: Store, layout: Layout, clock: Clock) -> Layout:
    with serving_people(layout, clock) as people:
        turning.turn_on(store, layout, people, passphrase=PASSPHRASE, user_id=None, viewers="owner", now=clock())
    return layout


def answers(layout: Layout, clock: Clock) -> set[bytes]:
    with serving_people(layout, clock):
        return {said(layout, line_of(request)) for request in REQUESTS.values()}


def test_each_operation_is_understood_while_it_is_open(on: Layout, clock: Clock) -> None:
    """Else the tests below would compare how nonsense is refused."""
    planted.plant(on)
    with serving_people(on, clock) as people:
        people.unlock(PASSPHRASE)
        told = {name: said(on, line_of(request)) for name, request in REQUESTS.items()}
    assert len(told) == len(OPERATIONS) > 10
    assert [name for name, answer in told.items() if b"PeopleLocked" in answer or b"did not understand" in answer] == []


def test_locked_every_operation_gets_the_same_bytes_whether_anything_is_in_it_or_not(on: Layout, clock: Clock) -> None:
    empty = answers(on, clock)
    planted.plant(on)
    assert answers(on, clock) == empty
    (only,) = empty
    assert msgspec.json.decode(only) == {"type": "refused", "error": "PeopleLocked", "facts": {}}


def test_locked_the_vaults_file_is_not_even_opened(on: Layout, clock: Clock) -> None:
    """So no answer can take longer because of what lies in it."""
    planted.plant(on)
    whole = answers(on, clock)
    on.faces_vault.rename(on.faces_vault.with_suffix(".away"))
    assert answers(on, clock) == whole


def test_off_every_operation_gets_the_same_bytes(layout: Layout, clock: Clock) -> None:
    (only,) = answers(layout, clock)
    assert msgspec.json.decode(only)["error"] == "PeopleOff"


def test_the_state_of_a_locked_vault_tells_nothing_of_what_is_in_it(on: Layout, clock: Clock) -> None:
    with serving_people(on, clock) as people:
        empty = people.state()
    planted.plant(on)
    with serving_people(on, clock) as people:
        assert people.state() == empty
