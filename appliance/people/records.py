"""The vault as records: sealed when they are written, unsealed when they are loaded, with a manifest over all. docs/vault.md."""

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from appliance.errors import NotUnsealed, VaultDamaged
from appliance.store.vault_file import VaultFile
from appliance.vault import seal
from appliance.vault.keys import Keys
from appliance.vault.seal import Place, Sealer

MANIFEST = "manifest"
NUMBERS = {MANIFEST: 0, "face": 1, "person": 2, "decision": 3, "withdrawal": 4}
"""Kind → its number in the file; a number is never given twice."""
NAMES = {number: name for name, number in NUMBERS.items()}
LEAST = {"face": 1280}
LEAST_OTHERS = 1024
SUM_BYTES = 32
_MODULUS = 1 << (8 * SUM_BYTES)


class Record(NamedTuple):
    """`person`: whose key it lies under besides the vault's; None: the vault's alone."""

    kind: str
    id: str
    body: bytes
    person: str | None


class _Content(msgspec.Struct, array_like=True, frozen=True):
    id: str
    person: str
    body: bytes


_CONTENT = msgspec.msgpack.Decoder(_Content)


@dataclass(slots=True)
class _Manifest:
    count: int = 0
    sum: int = 0

    def packed(self) -> bytes:
        return self.count.to_bytes(8, "big") + self.sum.to_bytes(SUM_BYTES, "big")


class Records:
    """One open vault; for one thread at a time."""

    def __init__(self, keys: Keys, file: VaultFile) -> None:
        self.keys, self._file = keys, file
        self._manifest: _Manifest | None = None
        self._persons: dict[str, Sealer | None] = {}

    def begin(self) -> None:
        """A new vault's first manifest; before it `load` refuses the file."""
        with self._file.transaction():
            self._manifest = _Manifest()
            self._write_manifest()

    def load(self) -> Iterator[Record]:
        """Yield every record; afterwards writing is possible. Rows of a forgotten person, whose key is gone, are deleted.

        Raises VaultDamaged: at a row that does not open, or at the end when rows are missing, added or older than they were.
        """
        seen, orphans, written = _Manifest(), [], b""
        for number, row, revision, body in self._file.rows():
            content = self._open(number, row, revision, body)
            if number == NUMBERS[MANIFEST]:
                written = content.body
                continue
            seen.count += 1
            seen.sum = (seen.sum + self._share(number, row, revision)) % _MODULUS
            record = self._record(number, row, revision, content)
            if record is None:
                orphans.append((number, row))
            else:
                yield record
        if not hmac.compare_digest(seen.packed(), written):
            raise VaultDamaged(reason="rows of it were taken away, added or put back to an older state")
        self._manifest = seen
        if orphans:
            with self.transaction():
                for number, row in orphans:
                    self._delete(number, row)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of `put`, `delete` and `drop` stand in one. Raises what the block raises, with nothing changed."""
        if self._manifest is None:
            raise ValueError("the records were not loaded")
        before = _Manifest(self._manifest.count, self._manifest.sum)
        try:
            with self._file.transaction():
                yield
                if self._manifest != before:
                    self._write_manifest()
        except BaseException:
            self._manifest = before
            raise

    def put(self, kind: str, id: str, body: bytes, person: str | None = None) -> None:
        """Write a record, inside a transaction; with `person`, under that person's key too, which is made when there is none."""
        number = NUMBERS[kind]
        place = self._next_place(number, self._row_id(number, id))
        inner = body if person is None else self._person(person).seal(place, body)
        self._write(kind, place, _Content(id, person or "", inner))

    def delete(self, kind: str, id: str) -> None:
        """Take a record away, inside a transaction; one that is not there is gone already."""
        number = NUMBERS[kind]
        self._delete(number, self._row_id(number, id))

    def forget(self, person: str) -> None:
        """Destroy the key of `person`; before the transaction that deletes the rows, which can't be read from here on."""
        self._persons.pop(person, None)
        self.keys.erase_person(person)

    def messages(self, count: int) -> Iterator[tuple[int, bytes | None]]:
        """Yield the oldest messages of the inbox with their numbers; None for one that does not open."""
        for number, sealed in self._file.messages(count):
            try:
                yield number, self.keys.unseal_message(sealed)
            except NotUnsealed:
                yield number, None

    def drop(self, number: int) -> None:
        """Take message `number` out of the inbox, inside the transaction that writes what it said."""
        self._file.drop_message(number)

    def close(self) -> None:
        self._file.close()

    def _open(self, number: int, row: bytes, revision: int, body: bytes) -> _Content:
        try:
            kind = NAMES[number]
            padded = self.keys.sealer(kind).unseal(Place(number, self.keys.vault, row, revision), body)
            return _CONTENT.decode(seal.unpad(padded))
        except (KeyError, NotUnsealed, msgspec.DecodeError):
            raise VaultDamaged(reason="a row of it was changed") from None

    def _record(self, number: int, row: bytes, revision: int, content: _Content) -> Record | None:
        """Return what a row holds, or None when it is of a person whose key is gone."""
        if not content.person:
            return Record(NAMES[number], content.id, content.body, None)
        sealer = self._known(content.person)
        if sealer is None:
            return None
        try:
            body = sealer.unseal(Place(number, self.keys.vault, row, revision), content.body)
        except NotUnsealed:
            raise VaultDamaged(reason="a row of it was changed") from None
        return Record(NAMES[number], content.id, body, content.person)

    def _known(self, person: str) -> Sealer | None:
        if person not in self._persons:
            try:
                self._persons[person] = self.keys.open_person(person)
            except NotUnsealed:
                raise VaultDamaged(reason="a person's key was changed") from None
        return self._persons[person]

    def _person(self, person: str) -> Sealer:
        sealer = self._known(person)
        if sealer is None:
            sealer = self._persons[person] = self.keys.new_person(person)
        return sealer

    def _row_id(self, number: int, id: str) -> bytes:
        return self.keys.row_id(bytes((number,)) + id.encode())

    def _next_place(self, number: int, row: bytes) -> Place:
        return Place(number, self.keys.vault, row, self._file.revision(number, row) + 1)

    def _write(self, kind: str, place: Place, content: _Content) -> None:
        padded = seal.pad(msgspec.msgpack.encode(content), LEAST.get(kind, LEAST_OTHERS))
        if place.kind != NUMBERS[MANIFEST]:
            self._count(place, 1)
            if place.revision > 1:
                self._count(place._replace(revision=place.revision - 1), -1)
        self._file.put((place.kind, place.row, place.revision, self.keys.sealer(kind).seal(place, padded)))

    def _delete(self, number: int, row: bytes) -> None:
        if revision := self._file.revision(number, row):
            self._count(Place(number, self.keys.vault, row, revision), -1)
            self._file.delete(number, row)

    def _count(self, place: Place, by: int) -> None:
        if self._manifest is None:
            raise ValueError("the records were not loaded")
        self._manifest.count += by
        self._manifest.sum = (self._manifest.sum + by * self._share(place.kind, place.row, place.revision)) % _MODULUS

    def _share(self, number: int, row: bytes, revision: int) -> int:
        """One row's part of the manifest's sum."""
        said = bytes((number,)) + row + revision.to_bytes(8, "big")
        return int.from_bytes(hashlib.blake2b(said, key=self.keys.manifest_key, digest_size=SUM_BYTES).digest(), "big")

    def _write_manifest(self) -> None:
        if self._manifest is None:
            raise ValueError("the records were not loaded")
        number = NUMBERS[MANIFEST]
        place = self._next_place(number, self._row_id(number, MANIFEST))
        self._write(MANIFEST, place, _Content(MANIFEST, "", self._manifest.packed()))
