"""What commands print: lines for people, or one JSON document; and the exit codes."""

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

DONE, FAILED, USAGE, IN_PART = 0, 1, 2, 3
AGAIN = 75
"""A process that holds what it should forget ends with this code, and is started again at once."""


@dataclass(frozen=True, slots=True)
class Output:
    """`as_json` was asked for on the command line."""

    as_json: bool

    def show(self, document: Any, lines: Iterable[str]) -> None:
        """Print `document` as JSON, or else `lines` for people."""
        if self.as_json:
            print(json.dumps(document, ensure_ascii=False, indent=2))
        else:
            for line in lines:
                print(line)

    def note(self, line: str) -> None:
        """Tell a person at a terminal how far it is, on a line that the next note overwrites."""
        if not self.as_json and sys.stderr.isatty():
            sys.stderr.write(f"\r\x1b[K{line}")
            sys.stderr.flush()

    def end_notes(self) -> None:
        self.note("")


def table(rows: Sequence[Sequence[object]]) -> list[str]:
    """Return the rows as lines with columns that stand under each other."""
    texts = [[plain(str(cell)) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in texts]


def plain(text: str) -> str:
    """File names, captions and recognised text may hold control characters meant for a terminal: take them out."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
