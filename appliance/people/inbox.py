"""What is sealed while the vault is locked: faces that were found, and members who withdraw theirs. Opening is the vault's.

Anybody who can write the file can post; what comes out of the inbox is hostile and has bounds.
"""

from typing import Annotated

import msgspec

from appliance.errors import PeopleOff
from appliance.store.layout import Layout
from appliance.store.vault_file import VaultFile
from appliance.vault import keys

MOST_FACES = 500
LONGEST_MODEL = 100
PRINT_BYTES = 512

_Fraction = Annotated[float, msgspec.Meta(ge=0.0, le=1.0)]
_Id = Annotated[int, msgspec.Meta(ge=1, le=(1 << 63) - 1)]


class FoundFace(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`box` is left, top, width, height in fractions of the upright preview; `quality` is 0 to 1; `print` holds 128 little-endian
    float32 of length 1."""

    box: tuple[_Fraction, _Fraction, _Fraction, _Fraction]
    quality: _Fraction
    print: Annotated[bytes, msgspec.Meta(min_length=PRINT_BYTES, max_length=PRINT_BYTES)]


class Found(msgspec.Struct, frozen=True, tag="found", forbid_unknown_fields=True):
    """All faces of one asset by one model (its version), none of them too: the next model's replace them."""

    asset: _Id
    model: Annotated[str, msgspec.Meta(max_length=LONGEST_MODEL)]
    faces: Annotated[tuple[FoundFace, ...], msgspec.Meta(max_length=MOST_FACES)]


class Withdrawn(msgspec.Struct, frozen=True, tag="withdrawn", forbid_unknown_fields=True):
    """An account takes its own face back; `at` in milliseconds since 1970 UTC."""

    user_id: _Id
    at: Annotated[int, msgspec.Meta(ge=0, le=(1 << 53))]


Message = Found | Withdrawn
_DECODER: msgspec.msgpack.Decoder[Message] = msgspec.msgpack.Decoder(Message)


def sealed(layout: Layout, message: Message) -> bytes:
    """Return `message` as it may lie in a file. Raises PeopleOff, VaultDamaged."""
    return keys.public_key(layout.vault_keys).seal(msgspec.msgpack.encode(message))


def post(layout: Layout, message: Message) -> None:
    """Seal and leave `message`; posting it twice does no harm. Raises PeopleOff, VaultDamaged."""
    body = sealed(layout, message)
    try:
        file = VaultFile(layout.faces_vault)
    except FileNotFoundError:
        raise PeopleOff from None
    try:
        file.post(body)
    finally:
        file.close()


def read(content: bytes) -> Message | None:
    """Return what a message says, None for nonsense."""
    try:
        return _DECODER.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
