"""Draws a `Scene`: colour glyphs of Debian's fonts-noto-color-emoji (OFL) on a painted background."""

import functools
import math
import random
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from tests.models.backgrounds import paint
from tests.models.scenes import COLOURS, GLYPHS, NOUNS, Scene, Thing

FONT = Path("/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf")
FONT_SIZE = 109  # the only size of the font's bitmaps
PADDING = (122, 116, 104)  # llama.cpp's letterbox colour for this kind of model
BRIGHTNESS = np.array([0.299, 0.587, 0.114], np.float32)


@functools.cache
def glyph(noun: str) -> Image.Image:
    """Return the noun's glyph as RGBA, cropped to what is visible."""
    picture = Image.new("RGBA", (160, 160), (0, 0, 0, 0))
    font = ImageFont.truetype(str(FONT), FONT_SIZE)
    ImageDraw.Draw(picture).text((12, 12), GLYPHS[noun], font=font, embedded_color=True)
    return picture.crop(picture.getbbox())


@functools.cache
def coloured(thing: Thing) -> Image.Image:
    """Return the thing's glyph; a tinted one keeps its light and shade and gets the thing's colour."""
    picture = glyph(thing.noun)
    if thing.colour is None:
        return picture
    pixels = np.asarray(picture).astype(np.float32)
    light = (pixels[..., :3] @ BRIGHTNESS) / 255
    dark, bright = np.percentile(light[pixels[..., 3] > 128], [5, 95])
    light = np.clip((light - dark) / max(bright - dark, 0.15), 0, 1)[..., None]
    rgb = np.array(COLOURS[thing.colour], np.float32) * (0.55 + 0.45 * light)
    return Image.fromarray(np.dstack([np.clip(rgb, 0, 255), pixels[..., 3:]]).astype(np.uint8), "RGBA")


def render(scene: Scene, width: int, height: int, rng: random.Random, labels: Image.Image | None = None) -> Image.Image:
    """Return the drawn scene; `labels`, an "L" picture of that size, gets 1 + noun index where a glyph was drawn."""
    picture = paint(scene.place, width, height, rng)
    side, alone = min(width, height), len(scene.things) == 1
    for position, thing in enumerate(scene.things):
        figure = coloured(thing)
        factor = side * (rng.uniform(0.5, 0.72) if alone else rng.uniform(0.38, 0.5)) / max(figure.size)
        size = max(1, round(figure.width * factor)), max(1, round(figure.height * factor))
        figure = figure.resize(size, Image.Resampling.BICUBIC if factor > 0.5 else Image.Resampling.BOX)
        if alone:
            x, y = width / 2 + side * rng.uniform(-0.2, 0.2), height * 0.55 + side * rng.uniform(-0.15, 0.12)
        else:
            x = width / 2 + side * (-0.24, 0.24)[position] + side * rng.uniform(-0.03, 0.03)
            y = height * 0.58 + side * rng.uniform(-0.14, 0.12)
        left, top = round(x - figure.width / 2), round(y - figure.height / 2)
        picture.paste(figure, (left, top), figure)
        if labels is not None:
            visible = figure.getchannel("A").point(lambda alpha: 255 * (alpha > 127))
            box = left, top, left + figure.width, top + figure.height
            labels.paste(1 + NOUNS.index(thing.noun), box, visible)
    return picture


def _inside(size: tuple[int, int], side: int) -> tuple[int, int]:
    """The size inside the letterbox, rounded up in single precision as llama.cpp does."""
    single = np.float32
    scale = single(min(single(side) / single(size[0]), single(side) / single(size[1])))
    return min(math.ceil(single(size[0]) * scale), side), min(math.ceil(single(size[1]) * scale), side)


def letterbox(picture: Image.Image, side: int) -> Image.Image:
    """Scale into a square as llama.cpp does for this kind of model: bicubic, centred, padded."""
    wide, high = _inside(picture.size, side)
    square = Image.new("RGB", (side, side), PADDING)
    square.paste(picture.resize((wide, high), Image.Resampling.BICUBIC), ((side - wide) // 2, (side - high) // 2))
    return square


def letterbox_labels(labels: Image.Image, side: int, grid: int) -> npt.NDArray[np.uint8]:
    """Return (grid, grid): the label that covers at least a fifth, and most, of each patch; 0 for background."""
    wide, high = _inside(labels.size, side)
    square = Image.new("L", (side, side), 0)
    square.paste(labels.resize((wide, high), Image.Resampling.NEAREST), ((side - wide) // 2, (side - high) // 2))
    patch = side // grid
    patches = np.asarray(square).reshape(grid, patch, grid, patch).transpose(0, 2, 1, 3).reshape(grid, grid, -1)
    result, best = np.zeros((grid, grid), np.uint8), np.full((grid, grid), 0.2 * patch * patch)
    for value in np.unique(patches)[np.unique(patches) > 0]:
        covered = (patches == value).sum(-1)
        result[covered > best] = value
        best = np.maximum(best, covered)
    return result
