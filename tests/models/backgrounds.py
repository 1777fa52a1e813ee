"""One painter for each of the ten places of `scenes.PLACES`; pure functions of a size and a random generator."""

import random
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

Colour = tuple[int, int, int]
CLOSE_TO_WHITE = (250, 250, 250)


class Canvas:
    """A picture being painted: its size, its pencil, its dice, and the line between above and below."""

    def __init__(self, width: int, height: int, rng: random.Random) -> None:
        self.width, self.height, self.rng = width, height, rng
        self.horizon = int(height * rng.uniform(0.42, 0.6))
        self.picture = Image.new("RGB", (width, height))
        self.pencil = ImageDraw.Draw(self.picture)

    def about(self, colour: Colour, spread: int = 12) -> Colour:
        red, green, blue = (min(255, max(0, part + self.rng.randint(-spread, spread))) for part in colour)
        return red, green, blue

    def fill(self, top: int, bottom: int, above: Colour, below: Colour) -> None:
        """Fill rows `top` to `bottom` with a gradient between two colours."""
        steps = np.linspace(0, 1, bottom - top, dtype=np.float32)[:, None, None]
        colours = np.array(above, np.float32) * (1 - steps) + np.array(below, np.float32) * steps
        rows: npt.NDArray[np.uint8] = np.broadcast_to(colours, (bottom - top, self.width, 3)).astype(np.uint8)
        self.picture.paste(Image.fromarray(rows), (0, top))

    def halves(self, sky: Colour, haze: Colour, ground: Colour, front: Colour) -> None:
        self.fill(0, self.horizon, self.about(sky), self.about(haze))
        self.fill(self.horizon, self.height, self.about(ground), self.about(front))

    def disc(self, x: float, y: float, radius: float, colour: Colour) -> None:
        self.pencil.ellipse([x - radius, y - radius, x + radius, y + radius], fill=colour)

    def dots(self, count: int, lowest: float, smallest: float, largest: float, colour: Colour) -> None:
        for _ in range(count):
            x, y = self.rng.random() * self.width, self.rng.random() * lowest
            self.disc(x, y, self.height * self.rng.uniform(smallest, largest), colour)


def _beach(on: Canvas) -> None:
    on.halves((110, 185, 245), (190, 225, 250), (245, 220, 160), (230, 195, 125))
    water = on.horizon + int(on.height * on.rng.uniform(0.08, 0.14))
    on.pencil.rectangle([0, on.horizon, on.width, water], fill=on.about((30, 130, 190)))
    on.disc(on.width * 0.05 + on.height * 0.065, on.height * 0.105, on.height * 0.065, (255, 240, 120))


def _snow(on: Canvas) -> None:
    on.halves((170, 185, 205), (215, 225, 235), (240, 245, 250), (225, 235, 245))
    on.dots(45, on.height, 0.006, 0.014, (255, 255, 255))


def _forest(on: Canvas) -> None:
    on.halves((70, 120, 80), (45, 95, 55), (60, 85, 40), (75, 60, 35))
    trees = on.rng.randint(5, 8)
    for number in range(trees):
        x = on.width * (number + on.rng.uniform(0.1, 0.9)) / trees
        foot = on.horizon + on.height * on.rng.uniform(0.0, 0.1)
        size = on.height * on.rng.uniform(0.3, 0.5)
        on.pencil.rectangle([x - size * 0.05, foot - size * 0.3, x + size * 0.05, foot], fill=(80, 55, 30))
        crown = [(x, foot - size), (x - size * 0.28, foot - size * 0.2), (x + size * 0.28, foot - size * 0.2)]
        on.pencil.polygon(crown, fill=on.about((20, 75, 35)))


def _city(on: Canvas) -> None:
    on.halves((175, 195, 215), (205, 210, 215), (95, 95, 100), (75, 75, 80))
    x = 0.0
    while x < on.width:
        wide, high = on.width * on.rng.uniform(0.12, 0.2), on.height * on.rng.uniform(0.2, 0.4)
        on.pencil.rectangle([x, on.horizon - high, x + wide, on.horizon], fill=on.about((130, 120, 120), 25))
        _windows(on, x, x + wide, on.horizon - high)
        x += wide
    for number in range(6):
        left, right = on.width * (number + 0.2) / 6, on.width * (number + 0.7) / 6
        on.pencil.rectangle([left, on.height * 0.8, right, on.height * 0.83], fill=(230, 230, 230))


def _windows(on: Canvas, left: float, right: float, top: float) -> None:
    size = max(2, on.height * 0.045)
    for y in np.arange(top + size * 0.5, on.horizon - size, size):
        for x in np.arange(left + size * 0.5, right - size * 0.6, size):
            on.pencil.rectangle([x, y, x + size * 0.5, y + size * 0.5], fill=(235, 225, 150))


def _night(on: Canvas) -> None:
    on.halves((8, 10, 40), (25, 30, 75), (15, 25, 25), (10, 15, 15))
    on.dots(40, on.horizon, 0.003, 0.009, (255, 255, 230))
    on.disc(on.width * 0.8 + on.height * 0.065, on.height * 0.115, on.height * 0.065, (240, 240, 215))


def _field(on: Canvas) -> None:
    on.halves((120, 195, 250), (195, 230, 250), (110, 190, 70), (70, 150, 45))
    for _ in range(2):
        x, y = on.rng.random() * on.width, on.height * on.rng.uniform(0.05, 0.2)
        for puff in range(3):
            left = x + puff * on.height * 0.05
            on.pencil.ellipse([left, y, left + on.height * 0.1, y + on.height * 0.07], fill=(255, 255, 255))


def _living_room(on: Canvas) -> None:
    on.horizon = int(on.height * on.rng.uniform(0.6, 0.72))
    on.halves((235, 215, 185), (225, 205, 175), (150, 100, 60), (130, 85, 50))
    x, wide, high = on.width * on.rng.uniform(0.08, 0.7), on.width, on.height
    on.pencil.rectangle([x, high * 0.1, x + wide * 0.2, high * 0.38], fill=CLOSE_TO_WHITE)
    on.pencil.rectangle([x + wide * 0.015, high * 0.12, x + wide * 0.185, high * 0.36], fill=(150, 205, 245))
    on.pencil.rectangle([x + wide * 0.095, high * 0.12, x + wide * 0.105, high * 0.36], fill=CLOSE_TO_WHITE)
    on.pencil.rectangle([0, on.horizon, wide, on.horizon + high * 0.02], fill=(250, 245, 235))


def _desert(on: Canvas) -> None:
    on.fill(0, on.horizon, on.about((120, 50, 110)), on.about((250, 140, 60)))
    on.disc(on.width * 0.45 + on.height * 0.1, on.horizon - on.height * 0.02, on.height * 0.1, (255, 215, 90))
    on.fill(on.horizon, on.height, on.about((205, 125, 65)), on.about((150, 80, 45)))
    dune = [(0, on.horizon), (on.width * 0.3, on.horizon - on.height * 0.08), (on.width * 0.6, on.horizon)]
    on.pencil.polygon(dune, fill=(185, 105, 55))


def _kitchen(on: Canvas) -> None:
    wall = on.about((235, 240, 240))
    on.fill(0, on.height, wall, wall)
    size, on.horizon = on.height * on.rng.uniform(0.085, 0.115), int(on.height * 0.68)
    line = max(1, int(on.height * 0.012))
    for y in np.arange(0, on.horizon, size):
        on.pencil.line([0, y, on.width, y], fill=(165, 190, 195), width=line)
    for x in np.arange(0, on.width, size):
        on.pencil.line([x, 0, x, on.horizon], fill=(165, 190, 195), width=line)
    on.pencil.rectangle([0, on.horizon, on.width, on.height], fill=on.about((165, 120, 85)))
    on.pencil.rectangle([0, on.horizon, on.width, on.horizon + on.height * 0.05], fill=(90, 90, 95))


def _water(on: Canvas) -> None:
    on.fill(0, on.height, on.about((60, 190, 220)), on.about((10, 60, 120)))
    line = max(1, int(on.height * 0.006))
    for _ in range(18):
        x, y = on.rng.random() * on.width, on.rng.random() * on.height
        radius = on.height * on.rng.uniform(0.01, 0.03)
        on.pencil.ellipse([x - radius, y - radius, x + radius, y + radius], outline=(200, 240, 250), width=line)
    for _ in range(4):
        x = on.rng.random() * on.width
        weed = [x, on.height, x + on.width * 0.02, on.height * 0.85, x - on.width * 0.01, on.height * 0.72]
        on.pencil.line(weed, fill=(30, 130, 80), width=max(1, int(on.height * 0.02)))


PAINTERS: dict[str, Callable[[Canvas], None]] = {
    "on a beach": _beach, "in the snow": _snow, "in a forest": _forest, "on a city street": _city,
    "under the night sky": _night, "in a green field": _field, "in a living room": _living_room,
    "in the desert at sunset": _desert, "in a kitchen": _kitchen, "under water": _water,
}  # fmt: skip


def paint(place: str, width: int, height: int, rng: random.Random) -> Image.Image:
    canvas = Canvas(width, height, rng)
    PAINTERS[place](canvas)
    return canvas.picture
