"""Tries to open a vault with every file of a home and no passphrase: `python -m tests.vectors.attack HOME`.

Whoever stole the disk has this: the device secret, the header, the wrapped keys, all rows. Every 32 bytes that stand anywhere,
raw or in hex, are tried as the data key, as the key that wraps it, and, those beside the vault, as the inbox's private key and a
person's key; so are what HKDF makes of the device secret with everything else that is known, and a list of lazy passphrases.
"""

import json
import re
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import apsw

from appliance.errors import MantelError, NotUnsealed
from appliance.store.layout import Layout
from appliance.vault import keys, seal
from appliance.vault.seal import Place, Sealer

LAZY = ("", "password", "passphrase", "mantel", "1234567890ab", "correct horse battery staple", "four unrelated words")
HEX = re.compile(rb"[0-9a-f]{64,}")


class Stolen:
    """What lies in the stolen home."""

    def __init__(self, home: Path) -> None:
        self.layout = Layout(home)
        document: dict[str, Any] = json.loads((self.layout.vault_keys / keys.SLOTS).read_bytes())
        self.header, self.wrapped = document["header"], bytes.fromhex(document["wrapped"])
        self.canonical = json.dumps(self.header, sort_keys=True, separators=(",", ":")).encode()
        self.vault = bytes.fromhex(self.header["vault"])
        with closing(apsw.Connection(str(self.layout.faces_vault), flags=apsw.SQLITE_OPEN_READONLY)) as db:
            self.rows = list(db.execute("SELECT kind, id, revision, body FROM sealed ORDER BY kind"))
            self.messages = [body for (body,) in db.execute("SELECT body FROM inbox")]

    def files(self, *folders: Path) -> Iterator[bytes]:
        for folder in folders:
            yield from (path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def attack(home: Path) -> list[str]:
    """Return what could be opened, and how."""
    stolen = Stolen(home)
    return [*_by_windows(stolen), *_by_derivation(stolen), *_by_guessing(stolen)]


def _windows(contents: Iterator[bytes]) -> Iterator[bytes]:
    seen = set()
    for content in contents:
        for text in [content, *(bytes.fromhex(found[: len(found) // 2 * 2].decode()) for found in HEX.findall(content))]:
            for at in range(len(text) - 31):
                if (key := text[at : at + 32]) not in seen:
                    seen.add(key)
                    yield key


def _by_windows(stolen: Stolen) -> Iterator[str]:
    for key in _windows(stolen.files(stolen.layout.home)):
        yield from _as_data_key(stolen, key, "32 bytes of a file")
        yield from _as_wrapping_key(stolen, key, "32 bytes of a file")
    for key in _windows(stolen.files(stolen.layout.vault_keys)):
        for message in stolen.messages:
            yield from _opened(lambda key=key, message=message: seal.unseal_from(key, stolen.vault, message), "a message")
        for kind, row, revision, body in stolen.rows:
            place = Place(kind, stolen.vault, row, revision)
            yield from _opened(lambda key=key, place=place, body=body: Sealer(key).unseal(place, body), "a row by a bare key")


def _by_derivation(stolen: Stolen) -> Iterator[str]:
    """What a careless design would have used instead of the passphrase."""
    secret = (stolen.layout.vault_keys / keys.SECRET).read_bytes()
    for more in (b"", stolen.vault, bytes.fromhex(stolen.header["salt"]), bytes.fromhex(stolen.header["inbox"]), stolen.canonical):
        for name in ("wrapping", "data", "id", "persons", "inbox", "seal manifest", ""):
            for key in (seal.derive(secret, name, more), seal.derive((more + bytes(32))[:32], name, secret)):
                yield from _as_data_key(stolen, key, f"HKDF of the device secret, {name}")
                yield from _as_wrapping_key(stolen, key, f"HKDF of the device secret, {name}")


def _by_guessing(stolen: Stolen) -> Iterator[str]:
    for passphrase in LAZY:
        yield from _opened(lambda passphrase=passphrase: keys.open_(stolen.layout.vault_keys, passphrase), f"“{passphrase}”")


def _as_data_key(stolen: Stolen, key: bytes, how: str) -> Iterator[str]:
    kind, row, revision, body = stolen.rows[0]  # the manifest
    sealer = Sealer(seal.derive(key, "seal manifest"))
    return _opened(lambda: sealer.unseal(Place(kind, stolen.vault, row, revision), body), f"the manifest by {how}")


def _as_wrapping_key(stolen: Stolen, key: bytes, how: str) -> Iterator[str]:
    return _opened(lambda: seal.unwrap(key, stolen.wrapped, stolen.canonical), f"the data key by {how}")


def _opened(attempt: Any, how: str) -> Iterator[str]:
    try:
        attempt()
    except (NotUnsealed, MantelError, ValueError):
        return
    yield how


if __name__ == "__main__":
    found = attack(Path(sys.argv[1]))
    print("\n".join(found) or "Nothing could be opened.")
    sys.exit(bool(found))
