"""Sealing as in docs/vault.md: rows bound to their place by AES-256-GCM-SIV, messages to a public key by HPKE, and padding.

The one file that calls cryptography's authenticated encryption.
"""

import os
import struct
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from appliance.errors import NotUnsealed

VERSION = 1
NONCE_BYTES = 12
TAG_BYTES = 16
KEY_BYTES = 32
OVERHEAD = 1 + NONCE_BYTES + TAG_BYTES
LABEL = b"mantel vault 1 "
INBOX_PADDING = 4096
LARGEST = 64 << 20
_PLACE = struct.Struct(">12sBB16s16sQ")
_SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)


class Place(NamedTuple):
    """Where a row lies, which it can't leave: its kind (0 to 255), vault and row (16 bytes each), revision (from 1)."""

    kind: int
    vault: bytes
    row: bytes
    revision: int


class Sealer:
    """Seals and unseals under one key (32 bytes)."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"a key has {KEY_BYTES} bytes")
        self._cipher = AESGCMSIV(key)

    def seal(self, place: Place, content: bytes) -> bytes:
        """Return version ‖ nonce ‖ ciphertext and tag, OVERHEAD bytes longer than `content`."""
        nonce = os.urandom(NONCE_BYTES)
        return bytes((VERSION,)) + nonce + self._cipher.encrypt(nonce, content, associated(place))

    def unseal(self, place: Place, sealed: bytes) -> bytes:
        """Raises NotUnsealed: another key, another place, changed or cut off, or sealed by another version."""
        if len(sealed) < OVERHEAD or sealed[0] != VERSION:
            raise NotUnsealed
        try:
            return self._cipher.decrypt(sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :], associated(place))
        except InvalidTag:
            raise NotUnsealed from None


def associated(place: Place) -> bytes:
    """The associated data of a row at `place`."""
    return _PLACE.pack(b"mantel vault", VERSION, *place)


def derive(key: bytes, name: str, more: bytes = b"") -> bytes:
    """Return the key (32 bytes) that lies below `key` by HKDF-SHA256, expand only."""
    return HKDFExpand(hashes.SHA256(), KEY_BYTES, LABEL + name.encode() + more).derive(key)


def wrap(key: bytes, secret: bytes, header: bytes) -> bytes:
    """Return nonce ‖ ciphertext and tag of `secret`, which opens with the same `header` alone."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCMSIV(key).encrypt(nonce, secret, header)


def unwrap(key: bytes, wrapped: bytes, header: bytes) -> bytes:
    """Raises NotUnsealed."""
    if len(wrapped) < NONCE_BYTES + TAG_BYTES:
        raise NotUnsealed
    try:
        return AESGCMSIV(key).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], header)
    except InvalidTag:
        raise NotUnsealed from None


def public_half(private: bytes) -> bytes:
    """Return the X25519 public key (32 bytes) of a private one (32 bytes)."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def seal_to(public: bytes, vault: bytes, content: bytes) -> bytes:
    """Seal `content`, padded, for whoever has the private half of `public`; anybody can do that."""
    key = X25519PublicKey.from_public_bytes(public)
    return _SUITE.encrypt(pad(content, INBOX_PADDING), key, info=LABEL + b"inbox" + vault)


def unseal_from(private: bytes, vault: bytes, sealed: bytes) -> bytes:
    """Raises NotUnsealed."""
    try:
        padded = _SUITE.decrypt(sealed, X25519PrivateKey.from_private_bytes(private), info=LABEL + b"inbox" + vault)
    except InvalidTag:
        raise NotUnsealed from None
    return unpad(padded)


def pad(content: bytes, least: int) -> bytes:
    """Return length ‖ content ‖ zeros, `least` bytes long, or four times that, and so on."""
    size = least
    while size < len(content) + 4:
        size *= 4
    return len(content).to_bytes(4, "big") + content + bytes(size - 4 - len(content))


def unpad(padded: bytes) -> bytes:
    """Raises NotUnsealed for what `pad` can't have made."""
    length = int.from_bytes(padded[:4], "big")
    if len(padded) < 4 or length > len(padded) - 4 or not padded.endswith(bytes(len(padded) - 4 - length)):
        raise NotUnsealed
    return padded[4 : 4 + length]
