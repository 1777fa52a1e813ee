"""Files whose bytes must be gone: overwritten, flushed and unlinked, in this order."""

import os
from pathlib import Path

CHUNK = 1 << 20


def write_whole(file: Path, content: bytes) -> None:
    """Put `content` in the place of `file`, for us alone, on the disk when this returns; what stood there is overwritten."""
    fresh = file.with_name(file.name + ".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    try:
        old = os.open(file, os.O_RDWR)
    except FileNotFoundError:
        old = -1
    fresh.replace(file)
    flush_folder(file.parent)
    if old >= 0:
        with os.fdopen(old, "r+b") as stream:
            _overwrite(stream.fileno())


def destroy(file: Path) -> int:
    """Overwrite a file with random bytes and unlink it; return how many bytes it had, 0 when there was none."""
    try:
        descriptor = os.open(file, os.O_RDWR | os.O_NOFOLLOW)
    except FileNotFoundError:
        return 0
    with os.fdopen(descriptor, "r+b") as stream:
        size = _overwrite(stream.fileno())
    file.unlink(missing_ok=True)
    flush_folder(file.parent)
    return size


def _overwrite(descriptor: int) -> int:
    size = os.fstat(descriptor).st_size
    for start in range(0, size, CHUNK):
        os.pwrite(descriptor, os.urandom(min(CHUNK, size - start)), start)
    os.fsync(descriptor)
    return size


def flush_folder(folder: Path) -> None:
    """Have the disk know which names the folder holds now."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
