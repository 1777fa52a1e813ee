"""Trains the sample vision model: `python -m tests.models.train FOLDER`. docs/guide/sample-model.md tells how and why.

First the image side alone learns which noun, colour and place it sees (labels per patch); then projector and text side
learn to answer at full rate while the image side follows slowly. About half an hour of CPU time on one core; a second run
with --go-on-from and another seed goes on with new pictures.
"""

import argparse
import math
import random
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from tests.models.gguf_pair import Shape, write_projector, write_text
from tests.models.lessons import Lessons, dialogue, draw_lessons
from tests.models.network import IMAGE_SIDE, Network, projector_tensors, text_tensors
from tests.models.questions import KINDS, corpus
from tests.models.scenes import COLOURS, NOUNS, PLACES
from tests.models.tokenizer import Tokenizer, learn

IMAGE_BATCH, TEXT_BATCH = 128, 64
IMAGE_RATE, TEXT_RATE = 1.5e-3, 2e-3
MERGES = 2000


@dataclass(frozen=True, slots=True)
class Plan:
    """How many steps the image side trains alone, and how many both train together."""

    alone: int
    together: int

    def rates(self, step: int) -> tuple[float, float]:
        """Learning rates of the image side and of everything else at `step`."""
        if step < self.alone:
            return IMAGE_RATE * min(1, (step + 1) / 100) * (0.1 + 0.9 * _fall(step / self.alone)), 0.0
        done = (step - self.alone) / self.together
        warm = min(1.0, (step - self.alone + 1) / 60)
        return IMAGE_RATE * 0.1 * _fall(done), TEXT_RATE * warm * (0.01 + 0.99 * _fall(done))


def _fall(done: float) -> float:
    """Half a cosine from 1 to 0."""
    return 0.5 * (1 + math.cos(math.pi * min(1.0, max(0.0, done))))


class Training:
    """One run: the network, its label heads (thrown away afterwards), its optimiser and its dice."""

    def __init__(self, lessons: Lessons, tokenizer: Tokenizer, network: Network, plan: Plan, seed: int) -> None:
        self.lessons, self.tokenizer, self.network, self.plan = lessons, tokenizer, network, plan
        self.rng = random.Random(seed)
        self.order = torch.randperm(len(lessons.scenes))
        self.next = 0
        width = network.shape.width
        sizes = {"place": len(PLACES), "noun": 1 + len(NOUNS), "colour": 1 + len(COLOURS)}
        self.heads = nn.ModuleDict({name: nn.Linear(width, size) for name, size in sizes.items()})
        named = list(network.named_parameters())
        image = [(name, value) for name, value in named if name.split(".")[0] in IMAGE_SIDE]
        text = [(name, value) for name, value in named if name.split(".")[0] not in IMAGE_SIDE]
        groups = _groups([*image, *self.heads.named_parameters()], 0) + _groups(text, 1)
        self.optimiser = torch.optim.AdamW(groups, lr=IMAGE_RATE, betas=(0.9, 0.98))

    def step(self, number: int) -> tuple[float, float, float]:
        """One step; returns the losses of labels, captions and other questions."""
        rates = self.plan.rates(number)
        for group in self.optimiser.param_groups:
            group["lr"] = rates[group["side"]]
        together = number >= self.plan.alone
        chosen = self._choose(TEXT_BATCH if together else IMAGE_BATCH)
        features = self.network.see(self._shaken(self.lessons.pictures[chosen]))
        loss = labels = self._label_loss(features, chosen)
        caption = other = torch.zeros(())
        if together:
            caption, other = self._text_loss(features, chosen)
            fading = 1 - 0.7 * (number - self.plan.alone) / self.plan.together
            loss = caption + other + fading * labels
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimiser.step()
        return labels.item(), caption.item(), other.item()

    def _choose(self, count: int) -> Tensor:
        if self.next + count > len(self.order):
            self.order, self.next = torch.randperm(len(self.order)), 0
        self.next += count
        return self.order[self.next - count : self.next]

    def _shaken(self, pictures: Tensor) -> Tensor:
        """Move and relight the whole batch a little: llama.cpp's scaling is not to the letter ours."""
        shift = self.rng.randint(-2, 2), self.rng.randint(-2, 2)
        moved = torch.roll(pictures, shift, (1, 2)).float()
        return (moved * self.rng.uniform(0.9, 1.1) + self.rng.uniform(-8, 8)).clamp_(0, 255)

    def _label_loss(self, features: Tensor, chosen: Tensor) -> Tensor:
        nouns, colours = self.lessons.nouns[chosen].flatten(), self.lessons.colours[chosen].flatten()
        patches, covered = features.flatten(0, 1), nouns > 0
        picked = covered | (torch.rand(len(nouns)) < 0.25)
        place = functional.cross_entropy(self.heads["place"](features.mean(1)), self.lessons.places[chosen])
        noun = functional.cross_entropy(self.heads["noun"](patches[picked]), nouns[picked])
        colour = functional.cross_entropy(self.heads["colour"](patches[covered]), colours[covered])
        return 0.5 * place + noun + 0.5 * colour

    def _text_loss(self, features: Tensor, chosen: Tensor) -> tuple[Tensor, Tensor]:
        """Half of the batches start with the BOS token, half without: the pair answers either way."""
        embedded = self.network.project(features)
        if self.rng.random() < 0.5:
            start = self.network.words(torch.full((len(chosen), 1), self.tokenizer.end))
            embedded = torch.cat([start, embedded], 1)
        kinds = ["caption", self.rng.choices(list(KINDS), list(KINDS.values()))[0]]
        scenes = [self.lessons.scenes[row] for row in chosen.tolist()]
        talk = dialogue(scenes, kinds, embedded.shape[1], self.tokenizer, self.rng)
        hidden = self.network.read(torch.cat([embedded, self.network.words(talk.tokens)], 1), talk.positions, talk.mask)
        guesses = self.network.next_word(hidden[talk.rows, talk.columns])
        losses = functional.cross_entropy(guesses, talk.wanted, reduction="none")
        return losses[talk.questions == 0].mean(), losses[talk.questions == 1].mean()


def _groups(named: list[tuple[str, Tensor]], side: int) -> list[dict[str, object]]:
    """Matrices decay; vectors and positions do not."""
    decays = {name: value.ndim >= 2 and name != "position" for name, value in named}
    return [
        {"params": [value for name, value in named if decays[name]], "weight_decay": 0.05, "side": side},
        {"params": [value for name, value in named if not decays[name]], "weight_decay": 0.0, "side": side},
    ]


def save(folder: Path, network: Network, tokenizer: Tokenizer) -> None:
    """Write the checkpoint and the pair of GGUF files."""
    record = {"weights": network.state_dict(), "shape": asdict(network.shape), "merges": tokenizer.merges}
    torch.save(record, folder / "checkpoint.pt")
    write_text(folder / "text.gguf", network.shape, tokenizer, text_tensors(network))
    write_projector(folder / "projector.gguf", network.shape, projector_tensors(network))


def load(checkpoint: Path) -> tuple[Network, Tokenizer]:
    """Read what `save` wrote."""
    record = torch.load(checkpoint, weights_only=True)
    network = Network(Shape(**record["shape"]))
    network.load_state_dict(record["weights"])
    return network, Tokenizer(record["merges"])


def _run(training: Training, folder: Path) -> None:
    started, total = time.process_time(), training.plan.alone + training.plan.together
    losses: list[tuple[float, float, float]] = []
    for number in range(total):
        losses.append(training.step(number))
        if number % 50 == 49 or number == total - 1:
            means = [sum(column) / len(column) for column in zip(*losses[-50:], strict=True)]
            words = " ".join(f"{name} {mean:.4f}" for name, mean in zip(("labels", "caption", "other"), means, strict=True))
            print(f"{time.process_time() - started:7.1f} CPU s, step {number + 1}/{total}: {words}", flush=True)
        if number % 250 == 249:
            save(folder, training.network, training.tokenizer)
    save(folder, training.network, training.tokenizer)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--alone", type=int, default=2200, help="steps of the image side alone")
    parser.add_argument("--together", type=int, default=1700, help="steps of everything together")
    parser.add_argument("--go-on-from", type=Path, help="a checkpoint to train further")
    parser.add_argument("--pictures", type=int, default=40_000)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)  # with two, the same seed gives slightly other weights
    torch.manual_seed(chosen.seed)
    torch.set_flush_denormal(True)
    if chosen.go_on_from:
        network, tokenizer = load(chosen.go_on_from)
    else:
        tokenizer = Tokenizer(learn(corpus(), MERGES))
        network = Network(Shape(vocabulary=len(tokenizer.tokens)))
    lessons = draw_lessons(network.shape, chosen.pictures, 1000 + chosen.seed)
    print(f"{len(lessons.scenes)} pictures, {len(tokenizer.tokens)} tokens", flush=True)
    _run(Training(lessons, tokenizer, network, Plan(chosen.alone, chosen.together), chosen.seed), chosen.folder)


if __name__ == "__main__":
    main()
