"""Lines of text as they were read from a picture, and the order in which a person would read them. Pure functions."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import atan2, cos, degrees, hypot, sin
from statistics import median

import msgspec

Corners = tuple[float, float, float, float, float, float, float, float]
Box = tuple[float, float, float, float]

MOST_LINES = 400
MOST_CHARACTERS = 20_000
SAME_ROW = 0.5  # of the smaller height: how far the middles of two pieces of one row may lie apart
GUTTER = 1.0  # of the usual height: the least gap between two columns
BREAK = 0.6  # of the usual height: the least gap between two blocks, one above the other
PROSE = 10  # characters that the usual line of a column has; amounts and quantities of a receipt have fewer
COLUMN = 3  # lines
DEEPEST = 12


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """Words that stand together. `box` is left, top, width and height as fractions of the upright preview; `sure` 0 to 1.

    `turned` is by how many degrees clockwise they are turned in the picture: 0, 90 (they run down), 180 or 270."""

    words: str
    box: Box
    sure: float
    turned: int = 0


class Text(msgspec.Struct, frozen=True):
    """All that was read in a picture: `lines` in reading order, `words` with what stands side by side joined into one row."""

    words: str = ""
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """One find of the reader: the corners (x, y, four times, clockwise from the words' top left) in pixels of the picture."""

    words: str
    corners: Corners
    sure: float


@dataclass(frozen=True, slots=True)
class _Placed:
    """A piece where it lies once the page is turned upright and straight."""

    line: Line
    left: float
    right: float
    middle: float
    height: float


def text_of(pieces: Sequence[Piece], width: int, height: int) -> Text:
    """Put `pieces` of a picture of that many pixels in order, bounded in number and length."""
    placed = _placed([piece for piece in pieces if piece.words.strip()][:MOST_LINES], width, height)
    rows = [row for block in _blocks(placed, 0) for row in _rows(block)]
    words: list[str] = []
    lines: list[Line] = []
    room = MOST_CHARACTERS
    for row in rows:
        said = " ".join(one.line.words for one in row)
        if (room := room - len(said) - 1) < 0:
            break
        words.append(said)
        lines.extend(one.line for one in row)
    return Text("\n".join(words), tuple(lines))


def encoded(lines: Sequence[Line]) -> str:
    """Return `lines` as the JSON that `recognised_text.lines` holds."""
    return msgspec.json.encode(list(lines)).decode()


def decoded(written: str) -> tuple[Line, ...]:
    """Return the lines of `recognised_text.lines`."""
    return msgspec.json.decode(written, type=tuple[Line, ...])


def _placed(pieces: Sequence[Piece], width: int, height: int) -> list[_Placed]:
    """Straighten: turn the page by the angle that most of the text has, measured in characters."""
    if not pieces:
        return []
    angles = sorted((_angle(piece.corners), len(piece.words)) for piece in pieces)
    passed = list(accumulate(weight for _, weight in angles))
    angle = angles[bisect_left(passed, passed[-1] / 2)][0]
    east, south = cos(angle), sin(angle)
    return [_place(piece, width, height, east, south) for piece in pieces]


def _place(piece: Piece, width: int, height: int, east: float, south: float) -> _Placed:
    xs, ys = piece.corners[0::2], piece.corners[1::2]
    along = [x * east + y * south for x, y in zip(xs, ys, strict=True)]
    down = [y * east - x * south for x, y in zip(xs, ys, strict=True)]
    left, top = _fraction(min(xs), width), _fraction(min(ys), height)
    box = (left, top, round(_fraction(max(xs), width) - left, 4), round(_fraction(max(ys), height) - top, 4))
    words = " ".join(piece.words.split())
    line = Line(words, box, round(piece.sure, 3), round(degrees(_angle(piece.corners)) / 90) % 4 * 90)
    tall = hypot(xs[3] - xs[0], ys[3] - ys[0])
    return _Placed(line, min(along), max(along), sum(down) / 4, max(tall, 1.0))


def _angle(corners: Corners) -> float:
    """The direction of the words in radians: 0 to the right, a quarter turn down."""
    return atan2(corners[3] - corners[1], corners[2] - corners[0])


def _fraction(value: float, whole: int) -> float:
    return round(min(max(value / max(whole, 1), 0.0), 1.0), 4)


def _blocks(placed: list[_Placed], depth: int) -> list[list[_Placed]]:
    """Cut a page into blocks in reading order: columns of prose first, then what lies above and below a gap (an XY-cut)."""
    if len(placed) < 2 * COLUMN or depth == DEEPEST:
        return [placed]
    usual = median(one.height for one in placed)
    columns = _parted(placed, lambda one: (one.left, one.right), GUTTER * usual)
    if columns and all(_is_prose(column) for column in columns):
        return [block for column in columns for block in _blocks(column, depth + 1)]
    stacked = _parted(placed, lambda one: (one.middle - one.height / 2, one.middle + one.height / 2), BREAK * usual)
    return [block for part in stacked for block in _blocks(part, depth + 1)] if stacked else [placed]


def _parted(placed: list[_Placed], extent: Callable[[_Placed], tuple[float, float]], least: float) -> list[list[_Placed]]:
    """Return the two parts on both sides of the widest gap of at least `least`, or nothing when there is none."""
    ordered = sorted(placed, key=extent)
    reach, widest, at = extent(ordered[0])[1], least, 0
    for index, one in enumerate(ordered):
        start, end = extent(one)
        if start - reach >= widest:
            widest, at = start - reach, index
        reach = max(reach, end)
    return [ordered[:at], ordered[at:]] if at else []


def _is_prose(column: list[_Placed]) -> bool:
    letters = [sum(letter.isalpha() for letter in one.line.words) for one in column]
    return len(column) >= COLUMN and median(letters) >= PROSE


def _rows(block: list[_Placed]) -> list[list[_Placed]]:
    """Return the rows of a block from top to bottom, each from left to right."""
    rows: list[list[_Placed]] = []
    for one in sorted(block, key=lambda one: one.middle):
        row = rows[-1] if rows else []
        if row and one.middle - row[-1].middle <= SAME_ROW * min(one.height, row[-1].height):
            row.append(one)
        else:
            rows.append([one])
    return [sorted(row, key=lambda one: one.left) for row in rows]
