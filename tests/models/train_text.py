"""Trains the sample text model: `python -m tests.models.train_text FOLDER`. docs/guide/sample-model.md tells how and why.

It is the text side of the sample vision model alone, three layers deep, and learns nothing but the forms of fill_lessons. About
ten minutes of processor time on one core.
"""

import argparse
import math
import random
import time
from pathlib import Path

import msgspec
import torch
from torch import Tensor, nn
from torch.nn import functional

from appliance.adapters.models_catalogue import file_sha256
from appliance.adapters.text_models import Description, Files, Prompts, TextModel
from appliance.adapters.vision_models import ModelFile
from appliance.adapters.vision_text import TextEngine
from tests.models.fill_lessons import QUESTION, corpus, lesson
from tests.models.gguf_pair import Shape, write_text
from tests.models.network import Network, text_tensors
from tests.models.tokenizer import Tokenizer, learn

BATCH, RATE, MERGES = 96, 2e-3, 400
EACH = 200


def batch(tokenizer: Tokenizer, rng: random.Random) -> tuple[Tensor, Tensor]:
    """Return tokens (BATCH, n) and what follows each (BATCH, n), -100 where nothing is to be learnt."""
    rows = []
    for _ in range(BATCH):
        asked, told = lesson(rng)
        before = [tokenizer.end, *tokenizer.encode(asked)]
        rows.append((before, [*tokenizer.encode(" " + told), tokenizer.end]))
    length = max(len(before) + len(after) for before, after in rows) - 1
    tokens, wanted = torch.full((BATCH, length), tokenizer.end), torch.full((BATCH, length), -100)
    for row, (before, after) in enumerate(rows):
        text = before + after[:-1]
        tokens[row, : len(text)] = torch.tensor(text)
        wanted[row, len(before) - 1 : len(text)] = torch.tensor(after)
    return tokens, wanted


def train(network: Network, tokenizer: Tokenizer, steps: int, seed: int) -> None:
    rng = random.Random(seed)
    decays = [value for value in network.parameters() if value.ndim >= 2]
    others = [value for value in network.parameters() if value.ndim < 2]
    groups = [{"params": decays, "weight_decay": 0.05}, {"params": others, "weight_decay": 0.0}]
    optimiser = torch.optim.AdamW(groups, lr=RATE, betas=(0.9, 0.98))
    started, losses = time.process_time(), []
    for step in range(steps):
        rate = RATE * min(1.0, (step + 1) / 100) * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * step / steps)))
        for group in optimiser.param_groups:
            group["lr"] = rate
        tokens, wanted = batch(tokenizer, rng)
        hidden = network.read(network.words(tokens))
        learnt = wanted >= 0
        loss = functional.cross_entropy(network.next_word(hidden[learnt]), wanted[learnt])
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        losses.append(loss.item())
        if step % 50 == 49:
            print(f"{time.process_time() - started:7.1f} CPU s, step {step + 1}/{steps}: {sum(losses[-50:]) / 50:.4f}", flush=True)


def description(folder: Path, record: dict[str, str | int | float]) -> Description:
    """model.json of the model that `main` writes."""
    return Description(
        name="sample-text",
        purpose="text",
        licence="Apache-2.0",
        handler="plain",
        files=Files(ModelFile("text.gguf", file_sha256(folder / "text.gguf"))),
        prompts=Prompts(instruction="", question=QUESTION),
        n_ctx=256,
        kv_overrides={"tokenizer.ggml.add_bos_token": True, "tokenizer.ggml.pre": "phi-2"},
        sample=True,
        record=record,
    )


def forms_right(engine: TextEngine) -> int:
    """Of EACH fresh lessons, how many forms are right to the letter."""
    rng, right = random.Random(700_004), 0
    for _ in range(EACH):
        asked, told = lesson(rng)
        wanted = msgspec.json.decode(told)
        said = engine.fill(asked, list(wanted))
        right += msgspec.json.decode(said) == wanted
        if msgspec.json.decode(said) != wanted:
            print(f"  {asked!r}\n    {told}\n    {said}")
    return right


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--steps", type=int, default=1600)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)  # with two, the same seed gives slightly other weights
    torch.manual_seed(chosen.seed)
    torch.set_flush_denormal(True)
    tokenizer = Tokenizer(learn(corpus(), MERGES))
    shape = Shape(vocabulary=len(tokenizer.tokens), text_layers=3, image_layers=1)
    network = Network(shape)
    train(network, tokenizer, chosen.steps, chosen.seed)
    write_text(chosen.folder / "text.gguf", shape, tokenizer, text_tensors(network))
    engine = TextEngine(TextModel(chosen.folder, description(chosen.folder, {})), threads=1)
    right = forms_right(engine)
    engine.close()
    print(f"forms right to the letter: {right}/{EACH}")
    record: dict[str, str | int | float] = {
        "measured": f"through llama.cpp under the grammar, fresh sentences, right to the letter of {EACH}",
        "forms": right,
    }
    written = msgspec.json.format(msgspec.json.encode(description(chosen.folder, record)), indent=2)
    (chosen.folder / "model.json").write_bytes(written + b"\n")


if __name__ == "__main__":
    main()
