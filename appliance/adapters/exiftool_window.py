"""The one folder that exiftool may look into, with the one file that it is to read in it.

A file of ours is shown there under a second name (a hard link: nothing is copied); of any other file a copy is shown. So a file
that takes exiftool over sees itself, and no other photo.
"""

import errno
import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from appliance.errors import DecoderFailed, NoRoom

PREFIX = "exiftool-"
_PLAIN_ENDING = re.compile(r"\.[A-Za-z0-9]{1,8}", re.ASCII)


class Window:
    """One folder, locked while its process lives: what killed processes left is cleared away when the next opens its own."""

    def __init__(self, home: Path | None) -> None:
        """With `home`, the folder lies in home/run, and files below `home` are linked. Without, all is copied."""
        self._home = home.resolve() if home else None
        self._place = self._home / "run" if self._home else Path(tempfile.gettempdir())
        self._place.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self._home:
            _clear(self._place)
        self.folder, self._lock = _own(self._place)

    @contextmanager
    def showing(self, path: Path, name: str = "file") -> Iterator[Path]:
        """Show the file at `path`; yield the path under which exiftool sees it: plain, so that it can be no option.

        Raises DecoderFailed when it is no file, NoRoom when it can be neither linked nor copied.
        """
        shown = self.folder / (name + (path.suffix if _PLAIN_ENDING.fullmatch(path.suffix) else ""))
        try:
            self._show(path.resolve(), shown)
            yield shown
        finally:
            shown.unlink(missing_ok=True)

    def close(self) -> None:
        """Clear the folder away."""
        shutil.rmtree(self.folder, ignore_errors=True)
        os.close(self._lock)

    def _show(self, path: Path, shown: Path) -> None:
        if not path.is_file():
            raise DecoderFailed(reason="it is not a file")
        try:
            if self._home is None or not path.is_relative_to(self._home) or not _linked(path, shown):
                shutil.copyfile(path, shown)
        except FileNotFoundError as error:
            raise DecoderFailed(reason="it is not a file") from error
        except OSError as error:
            raise NoRoom(folder=self._place) if error.errno in (errno.ENOSPC, errno.EDQUOT) else error from error


def _linked(path: Path, shown: Path) -> bool:
    """Link; False where that cannot be: another disk, another owner, too many names."""
    try:
        shown.hardlink_to(path)
    except OSError as error:
        if error.errno not in (errno.EXDEV, errno.EPERM, errno.EMLINK):
            raise
        return False
    return True


def _own(place: Path) -> tuple[Path, int]:
    """Make a folder that this process has locked. Another's clearing may take it away before the lock: then make another."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=place))
        with suppress(FileNotFoundError):
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            fcntl.flock(lock, fcntl.LOCK_EX)
            if os.fstat(lock).st_nlink:
                return folder, lock
            os.close(lock)


def _clear(place: Path) -> None:
    """Remove the folders whose process lives no more."""
    for folder in place.glob(PREFIX + "*"):
        with suppress(OSError):
            opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
            try:
                fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder)
            finally:
                os.close(opened)
