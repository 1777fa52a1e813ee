"""Words are read in a sandboxed child; the shared photos are read too where they are there."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from appliance.adapters.pixels import Decoder
from appliance.adapters.rgb import Rgb
from appliance.adapters.text_lines import Text
from appliance.adapters.text_reader import TextReader
from tests import drawn

SHARED = Path(__file__).parents[2] / "../shared/photos/library/text"


@pytest.fixture(scope="module")
def reader() -> Iterator[TextReader]:
    made = TextReader()
    yield made
    made.close()


def rgb(image: Image.Image) -> Rgb:
    return Rgb(image.width, image.height, image.convert("RGB").tobytes())


def page(text: str) -> Image.Image:
    image = Image.new("RGB", (900, 300), "white")
    image.paste(drawn.scene(900, 300, text).crop((0, 0, 900, 300)))
    return image


def test_words_are_read_line_by_line(reader: TextReader) -> None:
    assert "INVOICE" in reader.read(rgb(page("INVOICE"))).words.upper()


def test_a_picture_without_words_gives_none(reader: TextReader) -> None:
    assert reader.read(rgb(Image.new("RGB", (400, 300), (90, 120, 160)))) == Text()


@pytest.mark.parametrize("size", [(1, 1), (1, 600), (2000, 3), (1440, 1440)])
def test_any_size_is_survived(reader: TextReader, size: tuple[int, int]) -> None:
    assert reader.read(rgb(Image.new("RGB", size, "white"))) == Text()


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared photos are not here")
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("japanese.jpg", ["NO LITTER", "MINATO CITY"]),
        ("french.jpg", ["LES ARTS", "LOUVRE"]),
        ("korean.png", ["Seoul", "56"]),
        ("notesA1.jpg", ["Orthogonal Transformations"]),
        ("git_and_jupyter_book.jpg", ["GIT", "NOTE"]),
    ],
)
def test_words_of_real_photos(reader: TextReader, name: str, words: list[str]) -> None:
    decoder = Decoder(1)
    try:
        text = reader.read(decoder.rgb(SHARED / name, 1440)).words
    finally:
        decoder.close()
    assert [word for word in words if word.upper() not in text.upper()] == []
