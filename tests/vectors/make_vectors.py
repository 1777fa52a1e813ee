"""Writes tests/vectors/vault.json: sealed bytes and what must happen with them. `python -m tests.vectors.make_vectors`.

Made with `cryptography` alone, after docs/vault.md and not with the code under test, from fixed keys and nonces.
"""

import hmac
import json
import struct
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
from cryptography.hazmat.primitives import hashes, hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand

FILE = Path(__file__).with_name("vault.json")
DATA_KEY, VAULT, OTHER_VAULT = bytes(range(32)), bytes(range(16)), bytes(range(1, 17))
SALT, SECRET, NONCE = b"s" * 16, b"d" * 32, bytes(range(100, 112))
PASSPHRASE = "vier Wörter ohne Sinn"
HEADER_NUMBERS = {"memory_kib": 64, "passes": 1, "lanes": 1}
KINDS = {"manifest": 0, "face": 1, "person": 2, "decision": 3, "withdrawal": 4}


def below(name: str) -> bytes:
    return HKDFExpand(hashes.SHA256(), 32, b"mantel vault 1 " + name.encode()).derive(DATA_KEY)


def row_id(kind: str, plain: str) -> bytes:
    return hmac.digest(below("id"), bytes((KINDS[kind],)) + plain.encode(), sha256)[:16]


def associated(kind: int, vault: bytes, row: bytes, revision: int, version: int = 1) -> bytes:
    return b"mantel vault" + bytes((version, kind)) + vault + row + struct.pack(">Q", revision)


def padded(content: bytes, least: int) -> bytes:
    size = least
    while size < len(content) + 4:
        size *= 4
    return struct.pack(">I", len(content)) + content + bytes(size - 4 - len(content))


def rows() -> list[dict[str, Any]]:
    """The same row, sealed rightly and then treated in every wrong way."""
    content = msgspec.msgpack.encode(["f1", "", b"a face"])
    row, key = row_id("face", "f1"), below("seal face")
    right = {"kind": 1, "vault": VAULT.hex(), "row": row.hex(), "revision": 3}

    def sealed(version: int = 1, key: bytes = key, place: bytes = associated(1, VAULT, row, 3)) -> bytes:
        return bytes((version,)) + NONCE + AESGCMSIV(key).encrypt(NONCE, padded(content, 1280), place)

    def case(name: str, body: bytes, opens: bool = False, **other: Any) -> dict[str, Any]:
        return {"name": name, "place": right | other, "sealed": body.hex(), "opens": opens}

    good = sealed()
    return [
        case("success", good, True),
        case("wrong key", sealed(key=below("seal person"))),
        case("wrong kind", good, kind=2),
        case("wrong row", good, row=row_id("face", "f2").hex()),
        case("wrong vault", good, vault=OTHER_VAULT.hex()),
        case("older revision", good, revision=2),
        case("newer revision", good, revision=4),
        case("empty", b""),
        case("cut off in the nonce", good[:9]),
        case("cut off in the tag", good[:-1]),
        case("cut off after the version and nonce", good[:13]),
        case("longer", good + b"\0"),
        case("a bit of the nonce", flipped(good, 1)),
        case("a bit of the content", flipped(good, 40)),
        case("a bit of the tag", flipped(good, len(good) - 1)),
        case("older version, whole", sealed(version=0, place=associated(1, VAULT, row, 3, version=0))),
        case("older version, in the byte alone", flipped(good, 0)),
        case("newer version", sealed(version=2, place=associated(1, VAULT, row, 3, version=2))),
    ]


def flipped(body: bytes, at: int) -> bytes:
    return body[:at] + bytes((body[at] ^ 1,)) + body[at + 1 :]


def header() -> dict[str, Any]:
    inbox = X25519PrivateKey.from_private_bytes(below("inbox")).public_key().public_bytes_raw()
    return {"version": 1, "vault": VAULT.hex(), "salt": SALT.hex(), "inbox": inbox.hex(), **HEADER_NUMBERS}


def slots(header: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """Wrapped under `header`; what is `changed` stands in the file and was not wrapped."""
    stretched = Argon2id(salt=SALT, length=32, iterations=1, lanes=1, memory_cost=64).derive(PASSPHRASE.encode())
    key = HKDF(hashes.SHA256(), 32, SECRET, b"mantel vault 1 wrapping" + VAULT).derive(stretched)
    said = json.dumps(header, sort_keys=True, separators=(",", ":")).encode()
    return {"header": header | changed, "wrapped": (NONCE + AESGCMSIV(key).encrypt(NONCE, DATA_KEY, said)).hex()}


def openings() -> list[dict[str, Any]]:
    good = slots(header())

    def case(name: str, raises: str, file: Any, passphrase: str = PASSPHRASE, secret: bytes = SECRET) -> dict[str, Any]:
        return {"name": name, "raises": raises, "slots": file, "passphrase": passphrase, "secret": secret.hex()}

    return [
        case("success", "", good),
        case("the same passphrase with accents in two parts", "", good, "vier Wo\u0308rter ohne Sinn"),
        case("wrong passphrase", "WrongPassphrase", good, PASSPHRASE + " "),
        case("wrong device secret", "WrongPassphrase", good, secret=b"e" * 32),
        case("another vault's id", "WrongPassphrase", slots(header(), vault=OTHER_VAULT.hex())),
        case("another public key", "WrongPassphrase", slots(header(), inbox="11" * 32)),
        case("another salt", "WrongPassphrase", slots(header(), salt="22" * 16)),
        case("more passes than were wrapped", "WrongPassphrase", slots(header(), passes=2)),
        case("a key more", "WrongPassphrase", slots(header(), more="x")),
        case("a tampered data key", "WrongPassphrase", good | {"wrapped": flipped(bytes.fromhex(good["wrapped"]), 20).hex()}),
        case("a data key cut off", "WrongPassphrase", good | {"wrapped": good["wrapped"][:20]}),
        case("too much memory", "VaultDamaged", slots(header(), memory_kib=1 << 30)),
        case("too many passes", "VaultDamaged", slots(header(), passes=10_000)),
        case("no lanes", "VaultDamaged", slots(header(), lanes=0)),
        case("passes as text", "VaultDamaged", slots(header(), passes="1")),
        case("older version", "VaultDamaged", slots(header() | {"version": 0})),
        case("newer version", "VaultDamaged", slots(header() | {"version": 2})),
        case("no header", "VaultDamaged", {"wrapped": good["wrapped"]}),
        case("an id that is too short", "VaultDamaged", slots(header(), vault="00")),
    ]


def messages() -> list[dict[str, Any]]:
    """HPKE makes a fresh key for each message, so these change whenever this is run."""
    suite = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)
    public = X25519PrivateKey.from_private_bytes(below("inbox")).public_key()
    good = suite.encrypt(padded(b"found", 4096), public, info=b"mantel vault 1 inbox" + VAULT)
    other = suite.encrypt(padded(b"found", 4096), public, info=b"mantel vault 1 inbox" + OTHER_VAULT)
    stranger = X25519PrivateKey.from_private_bytes(b"z" * 32).public_key()
    elsewhere = suite.encrypt(padded(b"found", 4096), stranger, info=b"mantel vault 1 inbox" + VAULT)
    overlong = suite.encrypt(struct.pack(">I", 99) + b"short", public, info=b"mantel vault 1 inbox" + VAULT)
    dirty = suite.encrypt(struct.pack(">I", 1) + b"ab", public, info=b"mantel vault 1 inbox" + VAULT)
    return [
        {"name": name, "sealed": body.hex(), "opens": name == "success"}
        for name, body in {
            "success": good, "another vault": other, "wrong key": elsewhere, "truncated": good[:-1],
            "cut off in the key": good[:20], "empty": b"", "tampered": flipped(good, 60),
            "tampered key": flipped(good, 3), "padding that lies": overlong, "padding that is not zero": dirty,
        }.items()
    ]  # fmt: skip


def document() -> dict[str, Any]:
    names = ["seal face", "seal person", "seal decision", "seal withdrawal", "seal manifest", "id", "manifest", "persons", "inbox"]
    return {
        "about": "Made by tests/vectors/make_vectors.py after docs/vault.md",
        "data_key": DATA_KEY.hex(),
        "vault": VAULT.hex(),
        "derived": {name: below(name).hex() for name in names},
        "row_ids": {f"{kind} f1": row_id(kind, "f1").hex() for kind in KINDS},
        "content": "a face",
        "rows": rows(),
        "openings": openings(),
        "messages": messages(),
        "padding": [
            {"content": content.hex(), "least": least, "padded_size": len(padded(content, least))}
            for content, least in ((b"", 1024), (b"x" * 1020, 1024), (b"x" * 1021, 1024), (b"x" * 5000, 1280))
        ],
    }


if __name__ == "__main__":
    FILE.write_text(json.dumps(document(), indent=1, ensure_ascii=True) + "\n", encoding="utf-8")
