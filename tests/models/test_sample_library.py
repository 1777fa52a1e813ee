"""The drawn pictures themselves: always the same, and like a camera's files."""

import random
from pathlib import Path

import pytest
from PIL import Image

from tests.models.backgrounds import PAINTERS
from tests.models.draw_library import ASKED_FOR, RED_UMBRELLA, TOWNS, draw
from tests.models.drawing import FONT, glyph, render
from tests.models.scenes import NOUNS, PLACES, Scene, Thing, caption, draw_lots, is_held_out

pytestmark = pytest.mark.skipif(not FONT.exists(), reason="Debian's fonts-noto-color-emoji is not installed")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("library")
    draw(folder)
    return folder


def test_the_same_library_is_drawn_again(library: Path, tmp_path: Path) -> None:
    draw(tmp_path)
    assert {path.name: path.read_bytes() for path in library.iterdir()} == {
        path.name: path.read_bytes() for path in tmp_path.iterdir()
    }


def test_sixty_pictures_each_say_when_they_were_taken(library: Path) -> None:
    files = sorted(library.iterdir())
    assert len(files) == 60
    for path in files:
        with Image.open(path) as picture:
            tags = picture.getexif()
            assert tags[272] in {"Sample Camera", "Sample Phone 7"}
            assert len(str(tags.get_ifd(0x8769)[0x9003])) == len("2024:07:14 12:00:00")


def test_about_half_say_where_in_a_dozen_towns(library: Path) -> None:
    positions = set()
    for path in library.iterdir():
        with Image.open(path) as picture:
            if place := picture.getexif().get_ifd(0x8825):
                degrees = [float(sum(part / 60**power for power, part in enumerate(place[key]))) for key in (2, 4)]
                signs = [-1 if place[key] in "SW" else 1 for key in (1, 3)]
                positions.add((round(degrees[0] * signs[0], 3), round(degrees[1] * signs[1], 3)))
    assert positions <= {(round(town.latitude, 3), round(town.longitude, 3)) for town in TOWNS}
    assert len(positions) >= 9


def test_it_holds_what_the_first_question_asks_for() -> None:
    beach = [scene for scene in ASKED_FOR if RED_UMBRELLA in scene.things and scene.place == "on a beach"]
    elsewhere = [scene for scene in ASKED_FOR if RED_UMBRELLA in scene.things and scene.place != "on a beach"]
    assert len(beach) >= 4
    assert elsewhere
    assert not any(is_held_out(thing, scene.place) for scene in ASKED_FOR for thing in scene.things)


def test_every_place_has_a_painter_and_every_noun_a_glyph() -> None:
    assert set(PAINTERS) == set(PLACES)
    assert all(glyph(noun).getbbox() for noun in NOUNS)


def test_a_caption_names_the_left_thing_first() -> None:
    scene = Scene((Thing("umbrella", "orange"), Thing("dog", None)), "on a beach")
    assert caption(scene) == "An orange umbrella and a dog on a beach."
    marked = Image.new("L", (640, 480))
    render(scene, 640, 480, random.Random(1), marked)
    columns = {value: [x for x in range(640) if value in set(marked.crop((x, 0, x + 1, 480)).tobytes())] for value in (21, 1)}
    assert max(columns[1 + NOUNS.index("umbrella")]) < max(columns[1 + NOUNS.index("dog")])


def test_what_is_held_out_is_never_drawn_for_training() -> None:
    rng = random.Random(3)
    for _ in range(500):
        scene = draw_lots(rng, "seen")
        assert not any(is_held_out(thing, scene.place) for thing in scene.things)
        scene = draw_lots(rng, "never seen")
        assert all(is_held_out(thing, scene.place) for thing in scene.things)
