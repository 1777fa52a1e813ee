"""A full disk is told in one sentence, wherever it is met."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from appliance.errors import NoRoom


@contextmanager
def needed(folder: Path) -> Iterator[None]:
    """What is done in this block writes to the disk of `folder`; raises NoRoom when that is full."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise NoRoom(folder=folder) from error
        raise
