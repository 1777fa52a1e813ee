"""The people process: the one place where the vault is open. It answers on run/people.sock and ends when the vault is locked.

Off or locked it holds nothing. Requests that open vaults are answered one at a time; `state` is answered at any moment.
"""

import contextlib
import os
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from appliance.adapters.vision_protocol import short_address
from appliance.errors import MantelError, PeopleLocked, PeopleOff, TooManyAttempts, VaultDamaged, WrongUsage
from appliance.people.opened import Opened, opened
from appliance.people.operations import OPERATIONS
from appliance.people.protocol import (
    Answer,
    ChangePassphrase,
    Create,
    Done,
    GetState,
    Lock,
    Refused,
    Request,
    State,
    Unlock,
    line_of,
    read_request,
)
from appliance.people.records import Records
from appliance.store.layout import Layout
from appliance.store.vault_file import VaultFile
from appliance.vault import keys
from appliance.vault.keys import STRONG, Keys, Strength

MOST_CONNECTIONS = 16
SECONDS_TO_SPEAK = 30.0
LOOK_SECONDS = 0.5
WINDOW_MS = 15 * 60_000
MOST_ATTEMPTS = 10


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds after which the vault locks itself: without a request, and at the latest."""

    idle: float = 1800.0
    longest: float = 8 * 3600.0


class Serving:
    """`clock` gives milliseconds since 1970 UTC. `strength` is what a new passphrase costs to guess."""

    def __init__(self, layout: Layout, clock: Callable[[], int], times: Times, strength: Strength = STRONG) -> None:
        self._layout, self._clock, self._times, self._strength = layout, clock, times, strength
        self._one = threading.Lock()
        self._room = threading.BoundedSemaphore(MOST_CONNECTIONS)
        self._ended = threading.Event()
        self._vault: Opened | None = None
        self._identity: keys.Identity | None = None
        self._unlocked = self._asked = 0.0

    def run(self, listening: socket.socket) -> None:
        """Answer until an open vault is locked: then the process has to end, since nothing else empties its memory."""
        accepting = threading.Thread(target=self._accept, args=(listening,), daemon=True)
        accepting.start()
        while not self._ended.wait(LOOK_SECONDS):
            self._look()
        listening.shutdown(socket.SHUT_RDWR)
        accepting.join()

    def stop(self) -> None:
        """Let `run` return soon."""
        self._ended.set()

    def _look(self) -> None:
        """Lock what was left alone for too long, or erased by another process; else take in what has arrived."""
        with self._one:
            if self._vault is None:
                return
            gone = keys.identity(self._layout.vault_keys) != self._identity
            if gone or self._seconds() <= 0:
                self._ended.set()
            else:
                self._vault.drain()

    def _seconds(self) -> float:
        """Until it locks itself."""
        now = time.monotonic()
        return min(self._asked + self._times.idle, self._unlocked + self._times.longest) - now

    def _accept(self, listening: socket.socket) -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:  # it was shut
                return
            connection.settimeout(SECONDS_TO_SPEAK)
            if self._room.acquire(blocking=False):
                threading.Thread(target=self._converse, args=(connection,), daemon=True).start()
            else:
                connection.close()

    def _converse(self, connection: socket.socket) -> None:
        try:
            with connection, connection.makefile("rb") as stream, contextlib.suppress(OSError):
                request, answer = self._heard(stream)
                connection.sendall(line_of(answer))
        finally:
            self._room.release()
        if isinstance(request, Lock) and self._vault is not None:
            self._ended.set()

    def _heard(self, stream: BinaryIO) -> tuple[Request | None, Answer]:
        try:
            request = read_request(stream)
        except ValueError as error:
            return None, _refused(WrongUsage(what=f"The people process did not understand: {error}."))
        try:
            return request, self.answer(request)
        except MantelError as error:
            return request, _refused(error)

    def answer(self, request: Request) -> Answer:
        """Raises what the operation raises; PeopleLocked and PeopleOff, alike for every operation on an open vault."""
        match request:
            case GetState():
                return self._state()
            case Lock():
                return Done()
            case Create():
                return self._alone(lambda: self._create(request.passphrase))
            case Unlock():
                return self._alone(lambda: self._unlock(request.passphrase))
            case ChangePassphrase():
                return self._alone(lambda: self._change(request))
        with self._one:
            if self._vault is None or self._ended.is_set():
                raise PeopleLocked if keys.exist(self._layout.vault_keys) else PeopleOff
            self._asked = time.monotonic()
            return OPERATIONS[type(request)](self._vault, request)

    def _alone(self, act: Callable[[], None]) -> Answer:
        with self._one:
            act()
        return Done()

    def _state(self) -> Answer:
        unlocked = self._vault is not None and not self._ended.is_set()
        return State(keys.exist(self._layout.vault_keys), unlocked, max(self._seconds(), 0.0) if unlocked else 0.0)

    def _create(self, passphrase: str) -> None:
        folder = self._layout.vault_keys
        if keys.exist(folder):
            raise WrongUsage(what="People is on already.")
        made = keys.create(folder, passphrase, self._strength)
        records = Records(made, VaultFile(self._layout.faces_vault, make=True))
        records.begin()
        self._keep(records)

    def _unlock(self, passphrase: str) -> None:
        if self._vault is None:
            self._keep(Records(self._judged(lambda: keys.open_(self._layout.vault_keys, passphrase)), self._file()))

    def _change(self, request: ChangePassphrase) -> None:
        folder = self._layout.vault_keys
        self._judged(lambda: keys.change_passphrase(folder, request.old, request.new, self._strength))

    def _judged(self, attempt: Callable[[], Keys]) -> Keys:
        """Count an attempt in the vault's file before it is made, and forgive all when it succeeds. Raises TooManyAttempts."""
        if not keys.exist(self._layout.vault_keys):
            raise PeopleOff
        with contextlib.closing(self._file()) as file:
            now = self._clock()
            with file.transaction():
                times = file.attempts(now - WINDOW_MS)
                if len(times) >= MOST_ATTEMPTS:
                    raise TooManyAttempts(wait=_minutes(times[-MOST_ATTEMPTS] + WINDOW_MS - now))
                file.count_attempt(now)
            opened = attempt()
            with file.transaction():
                file.forgive_attempts()
        return opened

    def _file(self) -> VaultFile:
        try:
            return VaultFile(self._layout.faces_vault)
        except FileNotFoundError:
            raise VaultDamaged(reason="people/faces.vault is gone") from None

    def _keep(self, records: Records) -> None:
        self._vault = opened(records)
        self._identity = keys.identity(self._layout.vault_keys)
        self._unlocked = self._asked = time.monotonic()


def _minutes(wait_ms: int) -> str:
    minutes = max(1, -(-wait_ms // 60_000))
    return "a minute" if minutes == 1 else f"{minutes} minutes"


def _refused(error: MantelError) -> Answer:
    facts: Mapping[str, str | int] = {name: fact if isinstance(fact, int) else str(fact) for name, fact in error.facts.items()}
    return Refused(type(error).__name__, facts)


def tell_places_only() -> None:
    """From here on an error that nobody expected is told as its class and the places in our code: its words may hold a name."""
    sys.excepthook = lambda kind, error, trace: _tell(kind, trace)
    threading.excepthook = lambda told: _tell(told.exc_type, told.exc_traceback)


def _tell(kind: type[BaseException], trace: TracebackType | None) -> None:
    places = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in traceback.extract_tb(trace)]
    sys.stderr.write(f"mantel: The people process met {kind.__name__} at {' < '.join(reversed(places))}.\n")
    sys.stderr.flush()


def listen(path: Path) -> socket.socket:
    """Return a listening socket that only our user can open; takes over from a process that is gone.

    Raises WrongUsage when another people process answers there.
    """
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    with short_address(path) as address:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            if probe.connect_ex(address) == 0:
                raise WrongUsage(what=f"A people process is already listening on {path}.")
        path.unlink(missing_ok=True)
        before = os.umask(0o177)  # at bind, so that there is no moment in which others may connect
        listening.bind(address)
        os.umask(before)
    listening.listen(MOST_CONNECTIONS)
    return listening
