"""Passwords, kept as Argon2id hashes (RFC 9106). A hash takes a tenth of a second on purpose: never call this on an event loop."""

import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from appliance.errors import PasswordTooWeak

LEAST_CHARACTERS = 10
MOST_CHARACTERS = 1000

# RFC 9106 §4, second recommended option: 64 MiB, three passes, four lanes.
_HASHER = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)


def hash_password(password: str) -> str:
    """Return an Argon2id hash with its salt and parameters in it; raises PasswordTooWeak when it is short, or absurdly long."""
    if not LEAST_CHARACTERS <= len(password) <= MOST_CHARACTERS:
        raise PasswordTooWeak(length=LEAST_CHARACTERS)
    return _HASHER.hash(_as_typed_anywhere(password))


def password_matches(stored: str | None, password: str) -> bool:
    """Does `password` belong to the hash `stored`? None or empty (nobody, or no password yet) takes the
    same time and is always False."""
    try:
        right = _HASHER.verify(stored or _nobodys_hash(), _as_typed_anywhere(password[:MOST_CHARACTERS]))
    except (VerificationError, InvalidHashError):
        return False
    return right and bool(stored)


def needs_rehash(stored: str) -> bool:
    """Was `stored` made with weaker parameters than today's?"""
    return _HASHER.check_needs_rehash(stored)


@cache
def _nobodys_hash() -> str:
    return _HASHER.hash("nobody's password")


def _as_typed_anywhere(password: str) -> str:
    """One form for the same characters, however a phone or a keyboard composes its accents (RFC 8265 §4.2)."""
    return unicodedata.normalize("NFC", password)
