"""The keys of the vault: made, opened by the passphrase, destroyed. Formats: docs/vault.md.

A folder of keys holds `device.secret`, `slots.json` and `persons/`; `erasing` marks one that must not be opened any more.
"""

import hmac
import json
import os
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from appliance.errors import NotUnsealed, PassphraseTooShort, PeopleOff, VaultDamaged, WrongPassphrase
from appliance.vault import seal
from appliance.vault.destroying import destroy, flush_folder, write_whole
from appliance.vault.seal import KEY_BYTES, LABEL, Place, Sealer

LEAST_CHARACTERS = 12
MOST_CHARACTERS = 1000
ID_BYTES = 16
PERSON_KEY_KIND = 5
SECRET, SLOTS, PERSONS, ERASING = "device.secret", "slots.json", "persons", "erasing"


@dataclass(frozen=True, slots=True)
class Strength:
    """What one guess at a passphrase costs: Argon2id's memory in KiB, passes and lanes."""

    memory_kib: int = 256 * 1024
    passes: int = 3
    lanes: int = 4

    def is_bearable(self) -> bool:
        """A header that was tampered with can't make us compute for hours or use up the memory."""
        return 8 * self.lanes <= self.memory_kib <= 1 << 20 and 1 <= self.passes <= 16 and 1 <= self.lanes <= 16


STRONG = Strength()


@dataclass(frozen=True, slots=True)
class PublicKey:
    """What a process needs that seals to the inbox and opens nothing: the vault's id (16 bytes), an X25519 key (32 bytes)."""

    vault: bytes
    key: bytes

    def seal(self, content: bytes) -> bytes:
        return seal.seal_to(self.key, self.vault, content)


class Keys:
    """An open vault's keys; they live in the people process alone."""

    def __init__(self, folder: Path, vault: bytes, data: bytes) -> None:
        self.vault = vault
        self._folder = folder
        self._data = data
        self._ids = seal.derive(data, "id")
        self._persons = Sealer(seal.derive(data, "persons"))
        self.manifest_key = seal.derive(data, "manifest")
        self.sealer = cache(self._sealer)

    def _sealer(self, kind: str) -> Sealer:
        """Of one kind of row."""
        return Sealer(seal.derive(self._data, "seal " + kind))

    def row_id(self, plain: bytes) -> bytes:
        """Return the 16 bytes that stand for `plain` and say nothing of it."""
        return hmac.digest(self._ids, plain, "sha256")[:ID_BYTES]

    def unseal_message(self, sealed: bytes) -> bytes:
        """Open a message of the inbox; raises NotUnsealed."""
        return seal.unseal_from(seal.derive(self._data, "inbox"), self.vault, sealed)

    def new_person(self, person: str) -> Sealer:
        """Make the key of `person`, or return the one that there is."""
        if (there := self.open_person(person)) is not None:
            return there
        key = os.urandom(KEY_BYTES)
        write_whole(self._person_file(person), self._persons.seal(self._person_place(person), key))
        return Sealer(key)

    def open_person(self, person: str) -> Sealer | None:
        """Return what opens rows of `person`, or None when the key is gone; raises NotUnsealed when it was changed."""
        try:
            sealed = self._person_file(person).read_bytes()
        except FileNotFoundError:
            return None
        return Sealer(self._persons.unseal(self._person_place(person), sealed))

    def erase_person(self, person: str) -> None:
        """Destroy the key of `person`: from here on nothing that is sealed under it can be read."""
        destroy(self._person_file(person))

    def _person_file(self, person: str) -> Path:
        return self._folder / PERSONS / self.row_id(b"person key " + person.encode()).hex()

    def _person_place(self, person: str) -> Place:
        return Place(PERSON_KEY_KIND, self.vault, self.row_id(b"person key " + person.encode()), 1)


def exist(folder: Path) -> bool:
    """Is there a vault that may be unlocked?"""
    return (folder / SLOTS).exists() and not (folder / ERASING).exists()


Identity = tuple[int, int]


def identity(folder: Path) -> Identity | None:
    """Return what is another for each vault that there ever was in `folder`, None without one that may be unlocked."""
    try:
        state = (folder / SECRET).stat()
    except FileNotFoundError:
        return None
    return (state.st_ino, state.st_mtime_ns) if exist(folder) else None


def create(folder: Path, passphrase: str, strength: Strength = STRONG) -> Keys:
    """Make the keys of a new vault in `folder`, which has its `persons` already. Raises PassphraseTooShort."""
    typed = _new(passphrase)
    vault, data, secret = os.urandom(16), os.urandom(KEY_BYTES), os.urandom(KEY_BYTES)
    write_whole(folder / SECRET, secret)
    _write_slots(folder, vault, data, secret, typed, strength)
    return Keys(folder, vault, data)


def open_(folder: Path, passphrase: str) -> Keys:
    """Raises PeopleOff, WrongPassphrase, VaultDamaged."""
    header, wrapped, secret = _read(folder)
    strength = _strength(header)
    key = wrapping_key(_typed(passphrase[:MOST_CHARACTERS]), bytes.fromhex(header["salt"]), secret, header["vault"], strength)
    try:
        data = seal.unwrap(key, wrapped, _canonical(header))
    except NotUnsealed:
        raise WrongPassphrase from None
    return Keys(folder, bytes.fromhex(header["vault"]), data)


def change_passphrase(folder: Path, old: str, new: str, strength: Strength = STRONG) -> Keys:
    """Wrap the data key by `new`. Raises what `open_` and `create` raise."""
    typed = _new(new)
    keys = open_(folder, old)
    _write_slots(folder, keys.vault, keys._data, (folder / SECRET).read_bytes(), typed, strength)
    return keys


def public_key(folder: Path) -> PublicKey:
    """Raises PeopleOff, VaultDamaged."""
    header, _, _ = _read(folder, with_secret=False)
    return PublicKey(bytes.fromhex(header["vault"]), bytes.fromhex(header["inbox"]))


def mark_erasing(folder: Path, receipt: bytes) -> None:
    """From here on nobody opens this vault; `erase` and whoever starts after a crash go on, and find `receipt` in the mark."""
    write_whole(folder / ERASING, receipt)


def erase(folder: Path) -> Iterator[Path]:
    """Destroy every key of `folder`, the device secret first; yields each file that is gone."""
    for file in [folder / SECRET, folder / SLOTS, *sorted(folder.rglob("*"))]:
        if file.is_file() and file.name != ERASING:
            destroy(file)
            yield file
    flush_folder(folder)


def wrapping_key(passphrase: bytes, salt: bytes, secret: bytes, vault: str, strength: Strength) -> bytes:
    """Return the key (32 bytes) that wraps the data key: seconds of work on purpose."""
    kdf = Argon2id(salt=salt, length=32, iterations=strength.passes, lanes=strength.lanes, memory_cost=strength.memory_kib)
    return HKDF(hashes.SHA256(), KEY_BYTES, secret, LABEL + b"wrapping" + bytes.fromhex(vault)).derive(kdf.derive(passphrase))


def _new(passphrase: str) -> bytes:
    """Raises PassphraseTooShort; for one that is absurdly long too."""
    if len(passphrase.strip()) < LEAST_CHARACTERS or len(passphrase) > MOST_CHARACTERS:
        raise PassphraseTooShort(length=LEAST_CHARACTERS)
    return _typed(passphrase)


def _typed(passphrase: str) -> bytes:
    """One form for the same characters, however a keyboard composes its accents (RFC 8265 §4.2)."""
    return unicodedata.normalize("NFC", passphrase).encode()


def _canonical(header: dict[str, Any]) -> bytes:
    return json.dumps(header, sort_keys=True, separators=(",", ":")).encode()


def _write_slots(folder: Path, vault: bytes, data: bytes, secret: bytes, passphrase: bytes, strength: Strength) -> None:
    salt = os.urandom(16)
    header = {
        "version": seal.VERSION,
        "vault": vault.hex(),
        "salt": salt.hex(),
        "memory_kib": strength.memory_kib,
        "passes": strength.passes,
        "lanes": strength.lanes,
        "inbox": seal.public_half(seal.derive(data, "inbox")).hex(),
    }
    wrapped = seal.wrap(wrapping_key(passphrase, salt, secret, vault.hex(), strength), data, _canonical(header))
    write_whole(folder / SLOTS, json.dumps({"header": header, "wrapped": wrapped.hex()}).encode())


def _read(folder: Path, *, with_secret: bool = True) -> tuple[dict[str, Any], bytes, bytes]:
    """Return header, wrapped data key and device secret."""
    if not exist(folder):
        raise PeopleOff
    try:
        document = json.loads((folder / SLOTS).read_bytes())
        secret = (folder / SECRET).read_bytes() if with_secret else b""
        header, wrapped = document["header"], bytes.fromhex(document["wrapped"])
        _check(header)
    except (ValueError, KeyError, TypeError, AttributeError, FileNotFoundError):
        raise VaultDamaged(reason="its file of keys is not as Mantel wrote it") from None
    return header, wrapped, secret


def _check(header: dict[str, Any]) -> None:
    """Raises VaultDamaged for another version, ValueError, KeyError or TypeError for what is no header."""
    if header["version"] != seal.VERSION:
        raise VaultDamaged(reason=f"it has format {header['version']!r:.20}, and this Mantel knows format {seal.VERSION} alone")
    for name, size in {"vault": ID_BYTES, "salt": 16, "inbox": KEY_BYTES}.items():
        if len(bytes.fromhex(header[name])) != size:
            raise ValueError(name)


def _strength(header: dict[str, Any]) -> Strength:
    numbers: list[Any] = [header.get(name) for name in ("memory_kib", "passes", "lanes")]
    if all(type(number) is int for number in numbers) and (strength := Strength(*numbers)).is_bearable():
        return strength
    raise VaultDamaged(reason="its file of keys asks for more work than any Mantel would")
