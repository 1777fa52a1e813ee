"""The pictures and the questions that the sample model is trained with."""

import multiprocessing
import random
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image
from torch import Tensor

from tests.models.drawing import letterbox, letterbox_labels, render
from tests.models.gguf_pair import Shape
from tests.models.questions import prompt, question_and_answer
from tests.models.scenes import COLOURS, NOUNS, PLACES, Scene, draw_lots
from tests.models.tokenizer import Tokenizer

SIZES = ((128, 96), (96, 128), (128, 128), (160, 90), (90, 160), (144, 96), (192, 144), (320, 240))
SIZE_WEIGHTS = (5, 3, 2, 2, 1, 2, 1, 1)
Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Lessons:
    """`pictures` (n, side, side, 3); per patch the noun and the colour that cover it, 0 for none; per picture its place."""

    scenes: list[Scene]
    pictures: Tensor
    nouns: Tensor
    colours: Tensor
    places: Tensor


def draw_lessons(shape: Shape, count: int, seed: int, parts: int = 8) -> Lessons:
    """Draw `count` scenes that are not held out, in `parts` processes' worth of work; the same seed, the same pictures."""
    tasks = [(shape, count // parts, seed + part) for part in range(parts)]
    with multiprocessing.get_context("fork").Pool(2) as pool:
        drawn = pool.starmap(_draw, tasks)
    scenes = [scene for part in drawn for scene in part[0]]
    nouns = torch.from_numpy(np.concatenate([part[2] for part in drawn])).flatten(1).long()
    colours = torch.zeros_like(nouns)
    for row, scene in enumerate(scenes):
        for thing in scene.things:
            if thing.colour:
                colours[row][nouns[row] == 1 + NOUNS.index(thing.noun)] = 1 + list(COLOURS).index(thing.colour)
    places = torch.tensor([PLACES.index(scene.place) for scene in scenes])
    return Lessons(scenes, torch.from_numpy(np.concatenate([part[1] for part in drawn])), nouns, colours, places)


def _draw(shape: Shape, count: int, seed: int) -> tuple[list[Scene], Bytes, Bytes]:
    rng, scenes = random.Random(seed), []
    pictures = np.empty((count, shape.image, shape.image, 3), np.uint8)
    labels = np.empty((count, shape.grid, shape.grid), np.uint8)
    for number in range(count):
        scene = draw_lots(rng, "seen")
        size = rng.choices(SIZES, SIZE_WEIGHTS)[0]
        marked = Image.new("L", size, 0)
        pictures[number] = np.asarray(letterbox(render(scene, *size, rng, marked), shape.image))
        labels[number] = letterbox_labels(marked, shape.image, shape.grid)
        scenes.append(scene)
    return scenes, pictures, labels


@dataclass(frozen=True, slots=True)
class Dialogue:
    """Several questions and answers on each picture of a batch, packed behind one image prefix.

    `tokens` (batch, n), `positions` (prefix + n), `mask` (prefix + n, prefix + n); target `wanted[i]` is the token after
    hidden state (`rows[i]`, `columns[i]`), and belongs to question number `questions[i]`.
    """

    tokens: Tensor
    positions: Tensor
    mask: Tensor
    rows: list[int]
    columns: list[int]
    wanted: Tensor
    questions: Tensor


def dialogue(scenes: list[Scene], kinds: list[str], prefix: int, tokenizer: Tokenizer, rng: random.Random) -> Dialogue:
    """Each question's block sees the image and itself, never the other question."""
    blocks: list[Tensor] = []
    rows: list[int] = []
    columns: list[int] = []
    wanted: list[int] = []
    questions: list[int] = []
    for number, kind in enumerate(kinds):
        start = prefix + sum(block.shape[1] for block in blocks)
        pairs = [_encode(kind, scene, tokenizer, rng) for scene in scenes]
        block = torch.full((len(scenes), max(len(asked) + len(told) for asked, told in pairs) - 1), tokenizer.end)
        for row, (asked, told) in enumerate(pairs):
            text = asked + told[:-1]
            block[row, : len(text)] = torch.tensor(text)
            rows += [row] * len(told)
            columns += range(start + len(asked) - 1, start + len(text))
            wanted += told
            questions += [number] * len(told)
        blocks.append(block)
    positions, mask = _packing(prefix, [block.shape[1] for block in blocks])
    return Dialogue(torch.cat(blocks, 1), positions, mask, rows, columns, torch.tensor(wanted), torch.tensor(questions))


def _encode(kind: str, scene: Scene, tokenizer: Tokenizer, rng: random.Random) -> tuple[list[int], list[int]]:
    question, answer = question_and_answer(kind, scene, rng)
    return tokenizer.encode(prompt(question)), [*tokenizer.encode(" " + answer), tokenizer.end]


def _packing(prefix: int, lengths: list[int]) -> tuple[Tensor, Tensor]:
    """Positions restart after the prefix for every block, as they do when the prefix is kept for a second question."""
    positions = torch.cat([torch.arange(prefix), *(torch.arange(prefix, prefix + length) for length in lengths)])
    block = torch.zeros(len(positions), dtype=torch.long)
    for number, end in enumerate(accumulate(lengths), 1):
        block[prefix + end - lengths[number - 1] : prefix + end] = number
    same = (block[:, None] == block[None]) | (block[None] == 0)
    return positions, torch.ones(len(block), len(block), dtype=torch.bool).tril() & same
