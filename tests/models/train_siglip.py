"""Trains the sample picture model: `python -m tests.models.train_siglip FOLDER`. docs/guide/sample-model.md tells how.

SigLIP's own classes in a four-hundredth of the base model's size, taught with SigLIP's own loss: each pair of a picture and a
sentence is true or not, whatever the others are. Beside it each patch learns which noun and colour cover it, which is thrown away
at the end and makes the rest learn in minutes. The record of how good it is goes into config.json.
"""

import argparse
import math
import random
import time
from pathlib import Path

import numpy as np
import sentencepiece
import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import SiglipConfig, SiglipImageProcessorPil, SiglipModel, SiglipTokenizer

from tests.models.drawing import render
from tests.models.scenes import COLOURS, NOUNS, PLACES, Scene, Split, caption, draw_lots
from tests.models.siglip_lessons import Drawn, altered, claim_of, corpus, draw_pictures, squeezed, strange

SIDE, PATCH, WIDTH, TOKENS, VOCABULARY = 64, 8, 96, 20, 300
PICTURES_A_STEP, NEAR_MISSES, STRANGERS = 96, 64, 32
RATE = 2e-3
EVALUATION_SEEDS: dict[Split, int] = {"seen": 800_001, "never seen": 800_002}
EACH = 200
MATCH = 0.1  # search's own cut-off, appliance/search/ranking.py
RARER = math.log(4)
"""True pairs are far commoner in a lesson than in a library. The bias takes that back (prior shift), so that search's cut-off keeps
what the lessons would call more likely than not."""


def config() -> SiglipConfig:
    layers = {"num_attention_heads": 4, "intermediate_size": 256}
    vision = {"hidden_size": WIDTH, "num_hidden_layers": 3, "image_size": SIDE, "patch_size": PATCH, **layers}
    text = {
        "hidden_size": WIDTH, "num_hidden_layers": 1, "vocab_size": VOCABULARY, "max_position_embeddings": TOKENS,
        "pad_token_id": 1, "eos_token_id": 1, "bos_token_id": None, **layers,
    }  # fmt: skip
    return SiglipConfig(text_config=text, vision_config=vision)


def make_tokenizer(folder: Path) -> SiglipTokenizer:
    """Learn a sentencepiece vocabulary with the numbering of the published model's, and write it."""
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(corpus()), model_prefix=str(folder / "spiece"), vocab_size=VOCABULARY, model_type="unigram",
        pad_id=0, eos_id=1, unk_id=2, bos_id=-1, num_threads=1, minloglevel=2,
    )  # fmt: skip
    (folder / "spiece.vocab").unlink()
    tokenizer = SiglipTokenizer(str(folder / "spiece.model"), model_max_length=TOKENS)
    tokenizer.save_pretrained(folder)
    return tokenizer


def tokens(tokenizer: SiglipTokenizer, sentences: list[str]) -> Tensor:
    encoded = tokenizer(sentences, padding="max_length", truncation=True, max_length=TOKENS, return_tensors="pt")
    return encoded["input_ids"]


class Training:
    """The model, its patch labels that are thrown away afterwards, and the dice."""

    def __init__(self, drawn: Drawn, tokenizer: SiglipTokenizer, steps: int, seed: int) -> None:
        self.drawn, self.tokenizer, self.steps = drawn, tokenizer, steps
        self.rng = random.Random(seed)
        self.model = SiglipModel._from_config(config(), attn_implementation="sdpa")
        self.model.logit_scale.data.fill_(math.log(10.0))
        self.model.logit_bias.data.fill_(-4.0)
        self.labels = nn.Linear(WIDTH, 1 + len(NOUNS) + 1 + len(COLOURS) + len(PLACES))
        parameters = [*self.model.parameters(), *self.labels.parameters()]
        self.optimiser = torch.optim.AdamW(parameters, lr=RATE, weight_decay=0.02, betas=(0.9, 0.98))

    def step(self, number: int) -> tuple[float, float]:
        """Teach one batch; return the loss of the pairs and that of the labels."""
        warm, done = min(1.0, (number + 1) / 60), number / self.steps
        for group in self.optimiser.param_groups:
            group["lr"] = RATE * warm * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * done)))
        rows = self.rng.sample(range(len(self.drawn.scenes)), PICTURES_A_STEP)
        scenes = [self.drawn.scenes[row] for row in rows]
        claims = [claim_of(scene, self.rng) for scene in scenes]
        claims += [altered(claim, self.rng) for claim in claims[:NEAR_MISSES]]
        sentences = [claim.words(self.rng) for claim in claims] + [strange(self.rng) for _ in range(STRANGERS)]
        true = torch.zeros(len(rows), len(sentences))
        true[:, : len(claims)] = torch.tensor([[float(claim.holds(scene)) for claim in claims] for scene in scenes])
        pairs, labels = self._losses(torch.tensor(rows), scenes, tokens(self.tokenizer, sentences), true)
        (pairs + labels * 0.3).backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimiser.step()
        self.optimiser.zero_grad()
        return pairs.item(), labels.item()

    def _losses(self, rows: Tensor, scenes: list[Scene], asked: Tensor, true: Tensor) -> tuple[Tensor, Tensor]:
        pixels = self.drawn.pictures[rows].float() / 127.5 - 1
        nouns, colours = self.drawn.nouns[rows], self.drawn.colours[rows]
        if self.rng.random() < 0.5:
            grid = SIDE // PATCH
            pixels = pixels.flip(3)
            nouns, colours = (one.view(-1, grid, grid).flip(2).flatten(1) for one in (nouns, colours))
        seen = self.model.vision_model(pixel_values=pixels)
        images = functional.normalize(seen.pooler_output, dim=1)
        texts = functional.normalize(self.model.text_model(input_ids=asked).pooler_output, dim=1)
        logits = images @ texts.T * self.model.logit_scale.exp() + self.model.logit_bias
        pairs = functional.binary_cross_entropy_with_logits(logits, true, reduction="sum") / len(scenes)
        said = self.labels(seen.last_hidden_state)
        noun, colour, place = said.split([1 + len(NOUNS), 1 + len(COLOURS), len(PLACES)], dim=2)
        where = torch.tensor([PLACES.index(scene.place) for scene in scenes])
        labels = (
            functional.cross_entropy(noun.flatten(0, 1), nouns.flatten())
            + functional.cross_entropy(colour.flatten(0, 1), colours.flatten())
            + functional.cross_entropy(place.mean(1), where)
        )
        return pairs, labels


def record(model: SiglipModel, tokenizer: SiglipTokenizer, split: Split) -> dict[str, float]:
    """Fresh pictures, other dice and sizes: how often a true claim reaches search's cut-off, a near miss, and a strange one."""
    rng = random.Random(EVALUATION_SEEDS[split])
    scenes = [draw_lots(rng, split) for _ in range(EACH)]
    pictures = [squeezed(render(scene, *rng.choice(((640, 480), (480, 640), (1024, 576))), rng), SIDE) for scene in scenes]
    pixels = torch.from_numpy(np.stack([np.asarray(picture) for picture in pictures])).permute(0, 3, 1, 2).float() / 127.5 - 1
    images = functional.normalize(model.vision_model(pixel_values=pixels).pooler_output, dim=1)

    def sure(sentences: list[str]) -> Tensor:
        texts = functional.normalize(model.text_model(input_ids=tokens(tokenizer, sentences)).pooler_output, dim=1)
        return torch.sigmoid(images @ texts.T * model.logit_scale.exp() + model.logit_bias)

    claims = [claim_of(scene, rng) for scene in scenes]
    claims += [altered(claim, rng) for claim in claims]
    said = sure([claim.words(rng) for claim in claims]) >= MATCH
    true = torch.tensor([[claim.holds(scene) for claim in claims] for scene in scenes])
    whole = sure([caption(scene) for scene in scenes])
    return {
        "true found": round(float((said & true).sum() / true.sum()), 3),
        "found true": round(float((said & true).sum() / said.sum()), 3),
        "caption first": round(float((whole.argmax(0) == torch.arange(EACH)).float().mean()), 3),
        "strange silent": round(float((sure([strange(rng) for _ in range(EACH)]).amax(0) < MATCH).float().mean()), 3),
    }


def save(model: SiglipModel, tokenizer: SiglipTokenizer, folder: Path, made: dict[str, float]) -> None:
    """Write the model as it is, with RARER off its bias, and the record of how it was `made` and of what it can do."""
    model.eval()
    model.config.sample = True
    model.logit_bias.data -= RARER
    with torch.inference_mode():
        records = {split: record(model, tokenizer, split) for split in EVALUATION_SEEDS}
    model.config.record = made | records
    print(model.config.record)
    model.save_pretrained(folder)
    model.logit_bias.data += RARER
    SiglipImageProcessorPil(size={"height": SIDE, "width": SIDE}).save_pretrained(folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--steps", type=int, default=1300)
    parser.add_argument("--pictures", type=int, default=24_000)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)  # with two, the same seed gives slightly other weights
    torch.manual_seed(chosen.seed)
    torch.set_flush_denormal(True)
    drawn = draw_pictures(SIDE, SIDE // PATCH, chosen.pictures, 2000 + chosen.seed)
    training = Training(drawn, make_tokenizer(chosen.folder), chosen.steps, chosen.seed)
    print(f"{len(drawn.scenes)} pictures, {sum(one.numel() for one in training.model.parameters())} weights", flush=True)
    started, losses = time.process_time(), []
    for number in range(chosen.steps):
        losses.append(training.step(number))
        if number % 50 == 49:
            pairs, labels = (sum(column) / 50 for column in zip(*losses[-50:], strict=True))
            spent = time.process_time() - started
            print(f"{spent:7.1f} CPU s, step {number + 1}/{chosen.steps}: pairs {pairs:.3f}, labels {labels:.3f}", flush=True)
        if number % 300 == 299 or number == chosen.steps - 1:
            spent = round(time.process_time() - started)
            made = {"seed": chosen.seed, "steps": number + 1, "of": chosen.steps, "cpu seconds": spent}
            save(training.model, training.tokenizer, chosen.folder, made)


if __name__ == "__main__":
    main()
