"""Lines come in the order in which a person reads, with their places, and no more of them than fit."""

from math import cos, radians, sin

import pytest

from appliance.adapters.text_lines import MOST_CHARACTERS, MOST_LINES, Piece, decoded, encoded, text_of

WIDTH, HEIGHT = 1000, 800


def piece(words: str, left: float, top: float, *, height: float = 20, turned: float = 0) -> Piece:
    """A piece of ten pixels a letter, turned by degrees around the middle of the picture as a tilted photo would be."""
    right, bottom = left + 10 * len(words), top + height
    east, south = cos(radians(turned)), sin(radians(turned))
    corners = []
    for x, y in ((left, top), (right, top), (right, bottom), (left, bottom)):
        across, down = x - WIDTH / 2, y - HEIGHT / 2
        corners += [WIDTH / 2 + across * east - down * south, HEIGHT / 2 + across * south + down * east]
    return Piece(words, tuple(corners), 0.98)  # type: ignore[arg-type]


RECEIPT = [("Screws", 200, 100), ("3.20", 700, 102), ("TOTAL", 200, 140), ("20.45", 690, 139), ("Thank you", 200, 180)]


@pytest.mark.parametrize("tilt", [0, 4, -6, 15])
def test_a_price_stands_in_the_row_of_its_thing_however_the_receipt_lies(tilt: float) -> None:
    pieces = [piece(words, left, top, turned=tilt) for words, left, top in reversed(RECEIPT)]
    assert text_of(pieces, WIDTH, HEIGHT).words == "Screws 3.20\nTOTAL 20.45\nThank you"


@pytest.mark.parametrize(("turned", "said"), [(90, 90), (180, 180), (-90, 270), (0, 0)])
def test_a_page_on_its_side_is_read_from_its_own_top(turned: float, said: int) -> None:
    text = text_of([piece(words, left, top, turned=turned) for words, left, top in RECEIPT], WIDTH, HEIGHT)
    assert text.words == "Screws 3.20\nTOTAL 20.45\nThank you"
    assert {line.turned for line in text.lines} == {said}


def test_columns_of_prose_are_read_one_after_the_other() -> None:
    left = [piece(f"on the left number {number}", 50, 100 + 30 * number) for number in range(4)]
    right = [piece(f"on the right number {number}", 500, 108 + 30 * number) for number in range(4)]
    heading = piece("A heading over both of the columns and all of their words", 60, 30)
    mixed = [heading, *(one for pair in zip(left, right, strict=True) for one in pair)]
    rows = text_of(mixed, WIDTH, HEIGHT).words.splitlines()
    assert rows == [heading.words, *(one.words for one in left), *(one.words for one in right)]


def test_a_box_is_a_part_of_the_picture_wherever_its_corners_are_said_to_be() -> None:
    line = text_of([Piece("wild", (-50.0, -9.0, 2000.0, 0.0, 2000.0, 900.0, -50.0, 900.0), 0.9)], WIDTH, HEIGHT).lines[0]
    assert line.box == (0.0, 0.0, 1.0, 1.0)
    assert text_of([piece("Screws", 200, 100)], WIDTH, HEIGHT).lines[0].box == (0.2, 0.125, 0.06, 0.025)


def test_a_wall_of_words_is_cut() -> None:
    many = text_of([piece("x" * 500, 0, 2 * number, height=1) for number in range(1000)], WIDTH, HEIGHT)
    assert len(many.words) <= MOST_CHARACTERS and len(many.lines) <= MOST_LINES


def test_lines_go_through_their_json_unchanged() -> None:
    lines = text_of([piece("Straße 8 “A”", 10, 10), piece("down", 400, 300, turned=90)], WIDTH, HEIGHT).lines
    assert decoded(encoded(lines)) == lines
    assert decoded("[]") == () == text_of([], WIDTH, HEIGHT).lines
