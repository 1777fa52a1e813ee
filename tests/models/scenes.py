"""What a drawn picture can show, and the sentence that describes it: the whole world of the sample vision model."""

import random
import zlib
from dataclasses import dataclass
from typing import Literal

GLYPHS = {
    "dog": "🐕", "cat": "🐈", "horse": "🐎", "cow": "🐄", "elephant": "🐘", "rabbit": "🐇", "fish": "🐟", "duck": "🦆",
    "owl": "🦉", "bee": "🐝", "butterfly": "🦋", "turtle": "🐢", "snake": "🐍", "penguin": "🐧", "tiger": "🐅",
    "monkey": "🐒", "pig": "🐖", "dolphin": "🐬", "crab": "🦀", "snail": "🐌", "umbrella": "☂️", "car": "🚗", "bus": "🚌",
    "bicycle": "🚲", "motorcycle": "🏍️", "boat": "⛵", "airplane": "✈️", "rocket": "🚀", "balloon": "🎈", "ball": "⚽",
    "guitar": "🎸", "book": "📕", "clock": "⏰", "camera": "📷", "phone": "📱", "key": "🔑", "gift": "🎁", "cake": "🎂",
    "pizza": "🍕", "apple": "🍎", "banana": "🍌", "strawberry": "🍓", "cup": "☕", "house": "🏠", "tree": "🌳",
    "sunflower": "🌻", "cactus": "🌵", "crown": "👑", "hat": "🎩", "tent": "⛺",
}  # fmt: skip
NOUNS = tuple(GLYPHS)
COLOURS = {
    "red": (225, 30, 35), "orange": (245, 135, 20), "yellow": (250, 220, 30), "green": (40, 165, 60), "blue": (35, 90, 225),
    "purple": (140, 50, 190), "pink": (250, 130, 190), "white": (250, 250, 250), "black": (45, 45, 50),
}  # fmt: skip
# These always carry a colour, so that a car whose glyph is red is never ambiguous; animals, food and plants keep their own.
TINTED = (
    "umbrella", "car", "bus", "bicycle", "motorcycle", "boat", "balloon", "ball", "guitar", "book", "clock", "camera",
    "phone", "key", "gift", "cup", "house", "crown", "hat", "tent",
)  # fmt: skip
PLACES = (
    "on a beach", "in the snow", "in a forest", "on a city street", "under the night sky", "in a green field",
    "in a living room", "in the desert at sunset", "in a kitchen", "under water",
)  # fmt: skip

Split = Literal["seen", "never seen", "any"]


@dataclass(frozen=True, slots=True)
class Thing:
    """One drawn thing; `colour` is a name in COLOURS for the nouns in TINTED, else None."""

    noun: str
    colour: str | None

    def __str__(self) -> str:
        return with_article(f"{self.colour} {self.noun}" if self.colour else self.noun)


@dataclass(frozen=True, slots=True)
class Scene:
    """One or two things at one place; the left thing comes first."""

    things: tuple[Thing, ...]
    place: str


def with_article(words: str) -> str:
    return ("an " if words[0] in "aeiou" else "a ") + words


def sentence(words: str) -> str:
    return words[0].upper() + words[1:] + "."


def caption(scene: Scene) -> str:
    """The one right caption; the evaluation compares letter by letter."""
    return sentence(" and ".join(map(str, scene.things)) + " " + scene.place)


def is_held_out(thing: Thing, place: str) -> bool:
    """A tenth of all triples of noun, colour and place never appears in training."""
    return zlib.crc32(f"{thing.noun}|{thing.colour}|{place}".encode()) % 10 == 0


def draw_lots(rng: random.Random, split: Split, pairs: float = 0.35) -> Scene:
    """Return a random scene of `split`: "seen" = nothing in it is held out, "never seen" = everything in it is."""
    while True:
        things = tuple(
            Thing(noun, rng.choice(tuple(COLOURS)) if noun in TINTED else None)
            for noun in rng.sample(NOUNS, 2 if rng.random() < pairs else 1)
        )
        scene = Scene(things, rng.choice(PLACES))
        held_out = [is_held_out(thing, scene.place) for thing in things]
        if split == "any" or (split == "seen" and not any(held_out)) or (split == "never seen" and all(held_out)):
            return scene
