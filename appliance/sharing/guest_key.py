"""The key behind guests' unlock cookies: 32 random bytes in a file, so that neither a token nor the database alone makes one."""

import os
import secrets
from pathlib import Path

from appliance.library import room

BYTES = 32


def guest_key(folder: Path) -> bytes:
    """Return the key that lies in `folder`, made when there is none; if it is lost, guests type their passwords again.

    Safe when two processes begin at once: whole under another name first, then linked, which replaces nothing.
    """
    file = folder / "guests"
    if not file.is_file():
        with room.needed(folder):
            folder.mkdir(mode=0o700, exist_ok=True)
            _make(file)
    return file.read_bytes()


def _make(file: Path) -> None:
    unfinished = file.with_name(f"guests-{secrets.token_hex(8)}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        os.write(descriptor, secrets.token_bytes(BYTES))
        os.fsync(descriptor)
        try:
            file.hardlink_to(unfinished)
        except FileExistsError:
            return  # another process was quicker, and its key counts
    finally:
        os.close(descriptor)
        unfinished.unlink()
