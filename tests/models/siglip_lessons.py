"""Pictures, and sentences that are true of some of them and not of others: what the sample picture model is trained with."""

import multiprocessing
import random
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image
from torch import Tensor

from tests.models.drawing import render
from tests.models.lessons import SIZE_WEIGHTS, SIZES
from tests.models.scenes import COLOURS, NOUNS, PLACES, TINTED, Scene, Thing, draw_lots, sentence

Bytes = npt.NDArray[np.uint8]
SHORT_PLACES = {place: place if place == "under water" else " ".join(place.split()[2:]) for place in PLACES}
OPENINGS = ("", "", "", "a photo of ", "a picture of ")
# Words of a world that is never drawn: the model learns that they are true of no picture.
STRANGE = (
    "submarine", "walrus", "receipt", "passport", "birthday party", "grandmother", "baby", "wedding", "mountain", "waterfall",
    "bridge", "castle", "train", "tractor", "piano", "violin", "computer", "television", "bottle", "sofa", "lamp", "window",
    "newspaper", "whiteboard", "football match", "swimming pool", "playground", "school", "church", "museum", "lobster",
    "camel", "giraffe", "kangaroo", "moose", "squirrel", "jellyfish", "spider", "dinosaur", "robot", "candle", "scissors",
    "hammer", "ladder", "mirror", "glasses", "shoes", "socks", "jacket", "necklace", "two children", "an old man", "a woman",
    "a group of people", "fireworks", "rainbow", "lightning", "fog", "harbour", "lighthouse", "windmill", "supermarket",
    "office", "garden", "river", "cave", "volcano", "noodles", "soup", "bread", "cheese", "wine", "menu", "invoice", "letter",
)  # fmt: skip
SYLLABLES = (
    "ba", "be", "ble", "bri", "ca", "cha", "clo", "co", "cra", "da", "den", "dri", "ed", "en", "er", "fa", "fle", "fro", "gar",
    "gle", "gra", "ha", "hi", "ing", "is", "ja", "ken", "la", "lo", "lu", "mar", "men", "mi", "na", "nes", "no", "ol", "par",
    "pen", "plo", "pro", "qui", "ra", "ri", "ro", "sch", "se", "shi", "sna", "sto", "ta", "ter", "tion", "tra", "tu", "un", "va",
    "vi", "wa", "wi", "xo", "ya", "zen",
)  # fmt: skip
STRANGE_ENDINGS = ("", "", " at night", " in a car park", " in the rain", " on a table", " in black and white", " from above")


@dataclass(frozen=True, slots=True)
class Claim:
    """What a sentence says of a picture: these things (a colour of None is any), at this place (None is any)."""

    things: tuple[Thing, ...]
    place: str | None

    def holds(self, scene: Scene) -> bool:
        return self.place in (None, scene.place) and all(
            any(seen.noun == thing.noun and thing.colour in (None, seen.colour) for seen in scene.things) for thing in self.things
        )

    def words(self, rng: random.Random) -> str:
        """One of the ways to say it, from a caption's sentence down to keywords."""
        bare = rng.random() < 0.4
        things = " and ".join(str(thing).split(" ", 1)[1] if bare else str(thing) for thing in self.things)
        place = "" if self.place is None else SHORT_PLACES[self.place] if bare or not things else self.place
        said = f"{things} {place}".strip() if bare else rng.choice(OPENINGS) + f"{things} {place}".strip()
        return sentence(said) if rng.random() < 0.3 else said


def claim_of(scene: Scene, rng: random.Random) -> Claim:
    """Something that is true of `scene`: all of it, or a part."""
    kind = rng.random()
    if kind < 0.3:
        return Claim(scene.things, scene.place)
    if kind < 0.42:
        return Claim((), scene.place)
    things = scene.things if rng.random() < 0.2 else (rng.choice(scene.things),)
    if rng.random() < 0.3:
        things = tuple(Thing(thing.noun, None) for thing in things)
    return Claim(things, scene.place if rng.random() < 0.4 else None)


def altered(claim: Claim, rng: random.Random) -> Claim:
    """The same with one word exchanged: a near miss for most pictures it was true of."""
    if claim.place is not None and (not claim.things or rng.random() < 0.4):
        return Claim(claim.things, rng.choice(PLACES))
    first, *others = claim.things
    if first.colour and rng.random() < 0.6:
        return Claim((Thing(first.noun, rng.choice(tuple(COLOURS))), *others), claim.place)
    noun = rng.choice(TINTED if first.colour else NOUNS)
    return Claim((Thing(noun, first.colour), *others), claim.place)


def strange(rng: random.Random) -> str:
    """A sentence about what is never drawn, every third time in words that do not exist."""
    words = rng.choice(STRANGE)
    if rng.random() < 0.35:
        words = " ".join("".join(rng.choices(SYLLABLES, k=rng.randint(1, 3))) for _ in range(rng.randint(1, 2)))
    return rng.choice(OPENINGS) + words + rng.choice(STRANGE_ENDINGS)


def corpus() -> list[str]:
    """Sentences for the tokenizer's training; always the same."""
    rng = random.Random(0)
    claims = (claim_of(draw_lots(rng, "any"), rng).words(rng).lower().rstrip(".") for _ in range(20_000))
    return [*claims, *(strange(rng) for _ in range(4_000))]


@dataclass(frozen=True, slots=True)
class Drawn:
    """`pictures` (n, 3, side, side) in 0..255; per patch the noun and the colour that cover it, 0 for none."""

    scenes: list[Scene]
    pictures: Tensor
    nouns: Tensor
    colours: Tensor


def draw_pictures(side: int, grid: int, count: int, seed: int, parts: int = 8) -> Drawn:
    """Draw `count` scenes that are not held out, squeezed into squares as SigLIP sees them; the same seed, the same pictures."""
    with multiprocessing.get_context("fork").Pool(2) as pool:
        drawn = pool.starmap(_draw, [(side, grid, count // parts, seed + part) for part in range(parts)])
    scenes = [scene for part in drawn for scene in part[0]]
    nouns = torch.from_numpy(np.concatenate([part[2] for part in drawn])).flatten(1).long()
    colours = torch.zeros_like(nouns)
    for row, scene in enumerate(scenes):
        for thing in scene.things:
            if thing.colour:
                colours[row][nouns[row] == 1 + NOUNS.index(thing.noun)] = 1 + list(COLOURS).index(thing.colour)
    pictures = torch.from_numpy(np.concatenate([part[1] for part in drawn])).permute(0, 3, 1, 2).contiguous()
    return Drawn(scenes, pictures, nouns, colours)


def squeezed(picture: Image.Image, side: int) -> Image.Image:
    return picture.resize((side, side), Image.Resampling.BICUBIC)


def _draw(side: int, grid: int, count: int, seed: int) -> tuple[list[Scene], Bytes, Bytes]:
    rng, scenes = random.Random(seed), []
    pictures = np.empty((count, side, side, 3), np.uint8)
    labels = np.empty((count, grid, grid), np.uint8)
    for number in range(count):
        scene = draw_lots(rng, "seen")
        size = rng.choices(SIZES, SIZE_WEIGHTS)[0]
        marked = Image.new("L", size, 0)
        pictures[number] = np.asarray(squeezed(render(scene, *size, rng, marked), side))
        labels[number] = _patches(np.asarray(marked.resize((side, side), Image.Resampling.NEAREST)), grid)
        scenes.append(scene)
    return scenes, pictures, labels


def _patches(labels: Bytes, grid: int) -> Bytes:
    """The label that covers most of each patch, and at least a fifth of it."""
    patch = labels.shape[0] // grid
    cells = labels.reshape(grid, patch, grid, patch).transpose(0, 2, 1, 3).reshape(grid * grid, -1)
    values = np.unique(cells[cells > 0])
    covered = np.stack([np.full(len(cells), 0.2 * patch * patch), *((cells == value).sum(1) for value in values)])
    chosen: Bytes = np.concatenate([np.zeros(1, np.uint8), values])[covered.argmax(0)].reshape(grid, grid)
    return chosen
