"""QR codes, drawn here; nothing of what they hold leaves this process."""

from dataclasses import dataclass

import segno

QUIET = 4  # modules of white that a reader wants around the code (ISO/IEC 18004)


@dataclass(frozen=True, slots=True)
class QrView:
    """A square drawing of `side` units with one path: the dark modules, each one unit wide."""

    side: int
    path: str


def qr(text: str) -> QrView:
    """Return the code of `text` with its white border."""
    rows = [list(row) for row in segno.make(text, error="m", micro=False).matrix]
    path = "".join(f"M{x + QUIET} {y + QUIET}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return QrView(len(rows) + 2 * QUIET, path)
