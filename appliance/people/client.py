"""Asking the people process. Web and command line are its clients; they hand a passphrase on and keep none."""

import contextlib
import os
import select
import signal
import socket
import struct
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TypeVar

from appliance import errors
from appliance.adapters.vision_protocol import short_address
from appliance.errors import MantelError, PeopleAway
from appliance.people.faces import Person
from appliance.people.protocol import (
    Answer,
    ChangePassphrase,
    Count,
    Counted,
    Create,
    Done,
    GetState,
    Lock,
    Refused,
    Request,
    State,
    Unlock,
    line_of,
    read_answer,
)
from appliance.people.protocol_persons import (
    MOST_ASSETS,
    Assets,
    Decided,
    Deciding,
    FacesSeen,
    GetAssetsWith,
    GetFacesIn,
    GetNames,
    GetPersonsIn,
    Names,
    PersonsIn,
    SeenFace,
)

SECONDS_TO_ANSWER = 60.0
PATIENCE_SECONDS = 5.0
"""For a fresh process to take the place of one that was locked."""
SECONDS_TO_END = 10.0
_AGAIN_SECONDS = 0.05

Expected = TypeVar("Expected", bound=Answer)


class People:
    """The people process behind `socket`. Methods raise PeopleAway, and what the operation raises: PeopleOff, PeopleLocked."""

    def __init__(self, path: Path, patience: float = PATIENCE_SECONDS) -> None:
        self._path, self._patience = path, patience

    def state(self) -> State:
        return self.ask(GetState(), State)

    def create(self, passphrase: str) -> None:
        """Make a vault, which is open afterwards. Raises PassphraseTooShort, WrongUsage."""
        self.ask(Create(passphrase), Done)

    def unlock(self, passphrase: str) -> None:
        """Raises WrongPassphrase, TooManyAttempts, VaultDamaged."""
        self.ask(Unlock(passphrase), Done)

    def change_passphrase(self, old: str, new: str) -> None:
        """Raises WrongPassphrase, PassphraseTooShort, TooManyAttempts, VaultDamaged."""
        self.ask(ChangePassphrase(old, new), Done)

    def count(self) -> Mapping[str, int]:
        """Return how many records of each kind there are."""
        return self.ask(Count(), Counted).kinds

    def names(self, *, never: bool = False) -> tuple[Person, ...]:
        """Return everybody who may be named and searched for; who is never to be recognised only with `never`, for what is to be
        written without their names too."""
        return self.ask(GetNames(never), Names).persons

    def birthday_of(self, person: str) -> date | None:
        """Return None when nobody said it, or there is no such person to be named."""
        known = [one.birthday for one in self.names() if one.id == person and one.birthday]
        return date.fromisoformat(known[0]) if known else None

    def assets_with(self, persons: Sequence[str], *, together: bool = False) -> tuple[int, ...]:
        """Return ids of assets in which any of `persons` is (`together`: all), without persons those in which anybody is. The
        caller keeps those that its viewer may see."""
        return self.ask(GetAssetsWith(tuple(persons), together), Assets).ids

    def persons_in(self, assets: Sequence[int]) -> Mapping[str, tuple[int, ...]]:
        """Return for each person who may be named those of `assets` with a confirmed face of theirs; the caller asks only for
        what its viewer may see."""
        found: dict[str, tuple[int, ...]] = {}
        for part in range(0, len(assets), MOST_ASSETS):
            there = self.ask(GetPersonsIn(tuple(assets[part : part + MOST_ASSETS])), PersonsIn).assets
            found |= {person: (*found.get(person, ()), *ids) for person, ids in there.items()}
        return found

    def faces_in(self, asset: int) -> tuple[SeenFace, ...]:
        """Return the faces of an asset from left to right; the caller has made sure that its viewer may see it."""
        return self.ask(GetFacesIn(asset), FacesSeen).faces

    def decide(self, request: Deciding) -> Decided:
        """Have something decided. Raises TwoInOnePhoto, DecisionBuiltOn, WithdrawnByThemselves, NotFound, WrongUsage."""
        return self.ask(request, Decided)

    def lock(self) -> None:
        """Returns when the process that held the vault is gone."""
        if not self.state().unlocked:
            return
        with self._connected() as connection, _process(connection) as process:
            _converse(connection, Lock())
            _await_end(process, kill=False)

    def end(self) -> bool:
        """Have whatever was unlocked end, and kill it when it does not; return whether there was a process. Raises nothing."""
        try:
            with self._connected(patience=0.0) as connection:
                state = _converse(connection, GetState())
                if isinstance(state, State) and not state.unlocked:
                    return True
            with self._connected(patience=0.0) as connection, _process(connection) as process:
                _converse(connection, Lock())
                _await_end(process, kill=True)
        except PeopleAway:
            return False
        return True

    def ask(self, request: Request | Deciding, expected: type[Expected]) -> Expected:
        """Return the answer to any request of the protocol."""
        with self._connected() as connection:
            answer = _converse(connection, request)
        if isinstance(answer, Refused):
            raise _error(answer)
        if not isinstance(answer, expected):
            raise PeopleAway
        return answer

    @contextmanager
    def _connected(self, patience: float | None = None) -> Iterator[socket.socket]:
        deadline = time.monotonic() + (self._patience if patience is None else patience)
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(SECONDS_TO_ANSWER)
            while True:
                try:
                    with short_address(self._path) as address:
                        connection.connect(address)
                    break
                except OSError:
                    if time.monotonic() >= deadline:
                        raise PeopleAway from None
                time.sleep(_AGAIN_SECONDS)
            yield connection


def _converse(connection: socket.socket, request: Request | Deciding) -> Answer:
    try:
        connection.sendall(line_of(request))
        with connection.makefile("rb") as stream:
            return read_answer(stream)
    except (OSError, ValueError):
        raise PeopleAway from None


@contextmanager
def _process(connection: socket.socket) -> Iterator[int | None]:
    """Lend a descriptor of the process at the other end, as the kernel knows it; None when it is ours or is gone."""
    pid, _, _ = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")))
    descriptor = None
    with contextlib.suppress(ProcessLookupError):
        descriptor = os.pidfd_open(pid) if pid != os.getpid() else None
    try:
        yield descriptor
    finally:
        if descriptor is not None:
            os.close(descriptor)


def _await_end(process: int | None, *, kill: bool) -> None:
    if process is None:
        return
    ended = select.poll()
    ended.register(process, select.POLLIN)
    if not ended.poll(SECONDS_TO_END * 1000) and kill:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(process, signal.SIGKILL)
        ended.poll(SECONDS_TO_END * 1000)


def _error(refused: Refused) -> MantelError:
    kind = getattr(errors, refused.error, None)
    if not (isinstance(kind, type) and issubclass(kind, MantelError)):
        return PeopleAway()
    return kind(**refused.facts)
