"""The open vault: what the people process holds from unlocking to its end. A decision is on the disk before it is in the memory."""

import gc
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from appliance.errors import VaultDamaged
from appliance.people import draining, inbox
from appliance.people.draining import Drained
from appliance.people.faces import Decision, Face
from appliance.people.inbox import Found
from appliance.people.memory import KINDS, Memory, Row, Write, plan, plan_undo
from appliance.people.records import Records
from appliance.people.suggesting import Suggesting

MESSAGES_AT_ONCE = 100

_DECODERS: dict[str, msgspec.msgpack.Decoder[Row]] = {kind: msgspec.msgpack.Decoder(row) for kind, row in KINDS.items()}


def new_id() -> str:
    return secrets.token_hex(8)


def read_row(kind: str, body: bytes) -> Row:
    """Raises VaultDamaged."""
    try:
        return _DECODERS[kind].decode(body)
    except (KeyError, msgspec.DecodeError):
        raise VaultDamaged(reason="a row of it is of another version") from None


@dataclass(slots=True)
class Opened:
    records: Records
    memory: Memory
    suggesting: Suggesting

    def decide(self, decision: Decision) -> None:
        """Raises TwoInOnePhoto."""
        self.write(plan(self.memory, decision))

    def undo(self, number: int, at: int) -> None:
        """Raises what `plan_undo` raises."""
        self.write(plan_undo(self.memory, number, at))

    def write(self, writes: Sequence[Write]) -> None:
        """Commit, remember, and look again at whatever that changes. The keys of persons who are gone are destroyed."""
        with self.records.transaction():
            for one in writes:
                self._write_row(one)
        self.take_over(writes)
        for one in writes:
            if one.kind == "person" and one.row is None:
                self.records.forget(one.id)

    def forget(self, person: str, writes: Sequence[Write]) -> None:
        """The person's key goes first: after a kill whatever lies under it is gone, and is tidied at the next unlocking."""
        self.records.forget(person)
        self.write(writes)

    def drain(self) -> int:
        """Take what was found and asked for while nobody looked, at most MESSAGES_AT_ONCE; return how many messages."""
        messages = list(self.records.messages(MESSAGES_AT_ONCE))
        if not messages:
            return 0
        try:
            with self.records.transaction():
                first: dict[int, Found] = {}  # photos of which no face was known, which are taken in together
                for number, content in messages:
                    message = inbox.read(content) if content is not None else None
                    if isinstance(message, Found) and not (message.asset in first or message.asset in self.memory.of_asset):
                        first[message.asset] = message
                    else:
                        self._take_in(draining.first_found(self.memory, self.suggesting.groups, first.values(), new_id))
                        first.clear()
                        self._take_in(draining.drained(self.memory, self.suggesting.groups, message, new_id))
                    self.records.drop(number)
                self._take_in(draining.first_found(self.memory, self.suggesting.groups, first.values(), new_id))
        except BaseException:
            self.reload()  # the memory ran ahead of the disk, as nowhere else
            raise
        return len(messages)

    def _take_in(self, drained: Drained) -> None:
        for person in drained.forgotten:
            self.records.forget(person)
        for one in drained.writes:
            self._write_row(one)
        self.take_over(drained.writes, new=False)

    def reload(self) -> None:
        """Begin with what is on the disk. Raises VaultDamaged."""
        self.memory = Memory()
        gc.disable()  # a million objects come and none goes: looking for cycles among them takes longer than making them
        try:
            for record in self.records.load():
                self.memory.put(read_row(record.kind, record.body), record.person)
            self.suggesting = Suggesting(self.memory, years=self.suggesting.years)
            self.suggesting.start()
            gc.freeze()
        finally:
            gc.enable()

    def take_over(self, writes: Sequence[Write], *, new: bool = True) -> None:
        """`new`: groups do not know yet what came to them."""
        persons = {one.id for one in writes if one.kind == "person"}
        described = set(persons)
        groups: set[str] = set()
        for one in writes:
            old = self.memory.faces.get(one.id) if one.kind == "face" else None
            for face in (old, one.row if new else None):
                if isinstance(face, Face):
                    persons |= {face.person} if face.person else set()
                    groups |= {face.group} if face.group else set()
        self.memory.keep(writes)
        for person in persons:
            self.suggesting.refresh_person(person)
            groups |= {face.group for face in self.memory.owned(person) if face.group and person in described}
        if groups:
            self.suggesting.refresh_groups(groups)

    def _write_row(self, one: Write) -> None:
        if one.row is None:
            self.records.delete(one.kind, one.id)
        else:
            self.records.put(one.kind, one.id, msgspec.msgpack.encode(one.row), one.person)


def opened(records: Records) -> Opened:
    """Read the whole vault, then what arrived while it was locked. Raises VaultDamaged."""
    made = Opened(records, memory := Memory(), Suggesting(memory))
    made.reload()
    while made.drain():
        pass
    return made
