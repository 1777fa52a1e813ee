"""What is said on run/people.sock: one JSON line each way, then the connection ends. Requests and answers are tagged structs.

A new operation is a Request here, its Answer, and its handler in `operations.py`.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, BinaryIO

import msgspec

from appliance.people import protocol_persons as persons

LONGEST_REQUEST = 4 << 20
LONGEST_ANSWER = 64 << 20

_Passphrase = Annotated[str, msgspec.Meta(max_length=4000)]


class GetState(msgspec.Struct, frozen=True, tag="state", forbid_unknown_fields=True):
    pass


class Create(msgspec.Struct, frozen=True, tag="create", forbid_unknown_fields=True):
    """A new vault, open afterwards; refused when there is one."""

    passphrase: _Passphrase


class Unlock(msgspec.Struct, frozen=True, tag="unlock", forbid_unknown_fields=True):
    passphrase: _Passphrase


class ChangePassphrase(msgspec.Struct, frozen=True, tag="passphrase", forbid_unknown_fields=True):
    """Counted like an attempt to unlock."""

    old: _Passphrase
    new: _Passphrase


class Lock(msgspec.Struct, frozen=True, tag="lock", forbid_unknown_fields=True):
    """The process ends, with all that it holds; a fresh one takes its place."""


class Count(msgspec.Struct, frozen=True, tag="count", forbid_unknown_fields=True):
    """How many records of each kind the vault holds."""


Request = GetState | Create | Unlock | ChangePassphrase | Lock | Count | persons.PersonsRequest


class State(msgspec.Struct, frozen=True, tag="state"):
    """`exists`: there is a vault. `seconds`: until it locks itself if nobody asks for anything (0 while locked)."""

    exists: bool
    unlocked: bool
    seconds: float = 0.0


class Done(msgspec.Struct, frozen=True, tag="done"):
    pass


class Counted(msgspec.Struct, frozen=True, tag="counted"):
    kinds: Mapping[str, int]


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    """`error` names a class of errors.py, `facts` fill in its text."""

    error: str
    facts: Mapping[str, str | int]


Answer = State | Done | Counted | Refused | persons.PersonsAnswer


class Fault(StrEnum):
    """Why a line was not read."""

    LONG = "it is too long"
    CUT = "it was cut off"


_REQUESTS: msgspec.json.Decoder[Request] = msgspec.json.Decoder(Request)
_ANSWERS: msgspec.json.Decoder[Answer] = msgspec.json.Decoder(Answer)


def line_of(message: Request | Answer | persons.Deciding) -> bytes:
    return msgspec.json.encode(message) + b"\n"


def read_request(stream: BinaryIO) -> Request:
    """Raises ValueError for what is no request, without a word of what was sent."""
    line = _line(stream, LONGEST_REQUEST)
    try:
        return _REQUESTS.decode(line)
    except msgspec.DecodeError:
        raise ValueError("it is no request") from None


def read_answer(stream: BinaryIO) -> Answer:
    """Raises ValueError for what is no answer."""
    return _ANSWERS.decode(_line(stream, LONGEST_ANSWER))


def _line(stream: BinaryIO, longest: int) -> bytes:
    line = stream.readline(longest + 1)
    if len(line) > longest:
        raise ValueError(Fault.LONG)
    if not line.endswith(b"\n"):
        raise ValueError(Fault.CUT)
    return line
