"""Draws the sample library that `make demo` shows: `python -m tests.models.draw_library FOLDER`.

The same seed gives the same pictures, names, dates and places. Each is a scene that the sample vision model was trained to
describe, drawn with dice that its training never threw; a few are receipts and signs with words in them.
"""

import argparse
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from PIL.TiffImagePlugin import IFDRational

from tests.models.drawing import render
from tests.models.scenes import Scene, Thing, draw_lots

SEED = 20_260_719  # of six tried, the first whose pictures of ASKED_FOR the sample model captions to the letter
WORDS_FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
PAPER, INK = (252, 250, 244), (30, 30, 35)
EXIF_MAKE, EXIF_MODEL, EXIF_SOFTWARE, EXIF_FOLDER, GPS_FOLDER = 271, 272, 305, 0x8769, 0x8825
EXIF_TAKEN, EXIF_OFFSET, EXIF_LENS = 0x9003, 0x9011, 0xA434


@dataclass(frozen=True, slots=True)
class Town:
    """Where a picture was taken; `offset` is the summer time there."""

    name: str
    latitude: float
    longitude: float
    offset: str = "+02:00"


TOWNS = (
    Town("Rome", 41.8931, 12.4828), Town("Lisbon", 38.7169, -9.1399, "+01:00"), Town("Munich", 48.1374, 11.5755),
    Town("Paris", 48.8534, 2.3488), Town("Barcelona", 41.3888, 2.159), Town("Vienna", 48.2085, 16.3721),
    Town("Copenhagen", 55.6759, 12.5655), Town("Edinburgh", 55.9521, -3.1965, "+01:00"), Town("Athens", 37.9838, 23.7278, "+03:00"),
    Town("Tokyo", 35.6895, 139.6917, "+09:00"), Town("Boston", 42.3584, -71.0598, "-04:00"), Town("Cape Town", -33.9258, 18.4232),
)  # fmt: skip
CAMERAS = (("Sample", "Sample Camera", "IMG_{:04}.JPG"), ("Sample", "Sample Phone 7", "PXL_{:%Y%m%d_%H%M%S}.jpg"))
RED_UMBRELLA = Thing("umbrella", "red")
# What the guide and the tests ask for: a red umbrella on a beach, and umbrellas that are not it.
ASKED_FOR: tuple[Scene, ...] = (
    *[Scene((RED_UMBRELLA,), "on a beach")] * 3,
    Scene((RED_UMBRELLA, Thing("dog", None)), "on a beach"),
    Scene((RED_UMBRELLA,), "on a city street"),
    Scene((RED_UMBRELLA, Thing("bicycle", "green")), "in the snow"),
    Scene((Thing("umbrella", "blue"),), "on a beach"),
    Scene((Thing("umbrella", "yellow"),), "in a green field"),
    Scene((Thing("umbrella", "black"), Thing("car", "white")), "on a city street"),
    Scene((Thing("pizza", None),), "in a kitchen"),
    Scene((Thing("cat", None), Thing("cup", "yellow")), "in a living room"),
    Scene((Thing("tent", "orange"),), "under the night sky"),
)
RECEIPTS: tuple[tuple[str, ...], ...] = (
    ("CORNER BAKERY", "2 x Bread      5.80", "1 x Coffee     2.40", "TOTAL EUR      8.20", "Thank you!"),
    ("HARBOUR CAFE", "1 x Fish soup  9.50", "1 x Lemonade   3.20", "TOTAL EUR     12.70", "Table 7"),
    ("GREEN GROCER", "Apples 1.2 kg  3.48", "Bananas 0.8 kg 1.52", "TOTAL EUR      5.00", "See you soon"),
)
SIGNS: tuple[tuple[str, ...], ...] = (
    ("LIGHTHOUSE", "open daily 10 to 17"),
    ("NO SWIMMING", "strong current"),
    ("MUSEUM OF CLOCKS", "second floor"),
)


def pictures(count: int, rng: random.Random) -> Iterator[Image.Image]:
    """Yield `count` pictures: what is asked for, receipts, signs, and the rest by lot."""
    for scene in ASKED_FOR:
        yield _photo(scene, rng)
    for lines in RECEIPTS:
        yield _receipt(lines, rng)
    for lines in SIGNS:
        yield _sign(lines, rng)
    for _ in range(count - len(ASKED_FOR) - len(RECEIPTS) - len(SIGNS)):
        yield _photo(draw_lots(rng, "seen"), rng)


def _photo(scene: Scene, rng: random.Random) -> Image.Image:
    return render(scene, *rng.choice(((1600, 1200), (1200, 1600), (1920, 1080))), rng)


def _receipt(lines: tuple[str, ...], rng: random.Random) -> Image.Image:
    picture = Image.new("RGB", (900, 1200), (120 + rng.randint(-20, 20), 90, 60))
    pencil = ImageDraw.Draw(picture)
    pencil.rectangle([90, 60, 810, 1140], fill=PAPER)
    for number, line in enumerate(lines):
        pencil.text((140, 140 + 150 * number), line, font=_font(54), fill=INK)
    return picture


def _sign(lines: tuple[str, ...], rng: random.Random) -> Image.Image:
    picture = render(Scene((Thing("tree", None),), "in a green field"), 1600, 1200, rng)
    pencil = ImageDraw.Draw(picture)
    pencil.rectangle([250, 330, 1350, 800], fill=PAPER, outline=INK, width=14)
    pencil.text((800, 480), lines[0], font=_font(96), fill=INK, anchor="mm")
    pencil.text((800, 660), lines[1], font=_font(64), fill=INK, anchor="mm")
    return picture


def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(WORDS_FONT), size)


def moments(count: int, rng: random.Random) -> list[datetime]:
    """Draw `count` summer and winter afternoons of 2019 to 2025, oldest first."""
    start = datetime(2019, 6, 1, 9, 0, 0)  # noqa: DTZ001 - a camera's local time; the offset stands beside it in EXIF
    days = sorted(rng.randrange(0, 2400) for _ in range(count))
    return [start + timedelta(days=day, minutes=rng.randrange(0, 660), seconds=rng.randrange(60)) for day in days]


def exif(camera: tuple[str, str], taken: datetime, town: Town | None) -> Image.Exif:
    """What a camera writes: who, when, and where if it knew."""
    tags = Image.Exif()
    tags[EXIF_MAKE], tags[EXIF_MODEL] = camera
    tags[EXIF_SOFTWARE] = "Mantel sample library (drawn)"
    tags.get_ifd(EXIF_FOLDER).update({EXIF_TAKEN: f"{taken:%Y:%m:%d %H:%M:%S}", EXIF_LENS: "Sample 28mm f/2"})
    if town is not None:
        tags.get_ifd(EXIF_FOLDER)[EXIF_OFFSET] = town.offset
        north, east = ("N" if town.latitude >= 0 else "S"), ("E" if town.longitude >= 0 else "W")
        position = {1: north, 2: _degrees(town.latitude), 3: east, 4: _degrees(town.longitude)}
        tags.get_ifd(GPS_FOLDER).update(position)
    return tags


def _degrees(angle: float) -> tuple[IFDRational, IFDRational, IFDRational]:
    seconds = round(abs(angle) * 360_000)
    return IFDRational(seconds // 360_000), IFDRational(seconds // 6000 % 60), IFDRational(seconds % 6000, 100)


def draw(folder: Path, count: int = 60, seed: int = SEED) -> None:
    """Write `count` JPEG files into `folder`."""
    rng = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    drawn = list(pictures(count, rng))
    rng.shuffle(drawn)
    for number, (picture, taken) in enumerate(zip(drawn, moments(count, rng), strict=True)):
        make, model, pattern = rng.choice(CAMERAS)
        town = rng.choice(TOWNS) if rng.random() < 0.6 else None
        path = folder / (pattern.format(taken) if "%" in pattern else pattern.format(1000 + number))
        picture.save(path, "JPEG", quality=88, exif=exif((make, model), taken, town))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=60)
    chosen = parser.parse_args()
    draw(chosen.folder, chosen.count)


if __name__ == "__main__":
    main()
