"""Measures a trained pair through llama.cpp, as Mantel uses it: `python -m tests.models.evaluate FOLDER [--write SAMPLE]`.

An answer counts when it is right to the letter. `--write` copies the pair beside a model.json that carries the record.
"""

import argparse
import hashlib
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
from PIL import Image

from appliance.adapters import vision_answers
from appliance.adapters.rgb import Rgb
from appliance.adapters.vision_engine import Engine
from appliance.adapters.vision_models import Description, Files, ModelFile, Prompts, VisionModel
from tests.models.drawing import render
from tests.models.questions import CAPTION_QUESTION, KINDS, prompt, question_and_answer
from tests.models.scenes import Scene, Split, caption, draw_lots

EVALUATION_SEEDS: dict[Split, int] = {"seen": 700_001, "never seen": 700_002, "any": 700_003}
SIZES = ((640, 480), (480, 640), (800, 600), (512, 512), (1024, 576), (1440, 1080))
EACH = 200


def description(folder: Path, record: dict[str, str | int | float]) -> Description:
    """model.json of a pair that train.py wrote."""

    def entry(name: str) -> ModelFile:
        return ModelFile(name, hashlib.sha256((folder / name).read_bytes()).hexdigest())

    return Description(
        name="sample",
        purpose="vision",
        licence="Apache-2.0",
        handler="moondream",
        files=Files(entry("text.gguf"), entry("projector.gguf")),
        prompts=Prompts((prompt(CAPTION_QUESTION), prompt("What is in this image?")), prompt("{question}"), facts=""),
        n_ctx=256,
        kv_overrides={"tokenizer.ggml.add_bos_token": True, "tokenizer.ggml.pre": "phi-2"},
        sample=True,
        record=record,
    )


def fresh(split: Split, count: int = EACH, seed: int | None = None) -> Iterator[tuple[Scene, Rgb]]:
    """Draw scenes of `split` as they were never drawn in training: other dice, other sizes."""
    rng = random.Random(EVALUATION_SEEDS[split] if seed is None else seed)
    for _ in range(count):
        scene = draw_lots(rng, split)
        yield scene, as_rgb(render(scene, *rng.choice(SIZES), rng))


def as_rgb(picture: Image.Image) -> Rgb:
    return Rgb(picture.width, picture.height, picture.convert("RGB").tobytes())


def captions_right(engine: Engine, split: Split) -> int:
    right = 0
    for scene, picture in fresh(split):
        said = _said(engine, picture, CAPTION_QUESTION)
        right += said == caption(scene)
        if said != caption(scene):
            print(f"  {caption(scene)} -> {said}")
    return right


def answers_right(engine: Engine) -> dict[str, int]:
    """Of EACH pictures, how often each kind of question got its one right answer."""
    rng, right = random.Random(0), dict.fromkeys(KINDS, 0)
    for scene, picture in fresh("any"):
        for kind in KINDS:
            question, answer = question_and_answer(kind, scene, rng)
            right[kind] += _said(engine, picture, question) == answer
    return right


def _said(engine: Engine, picture: Rgb, question: str) -> str:
    engine.open(picture)
    return vision_answers.clean("".join(engine.answer(prompt(question))))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", type=Path, help="the folder that gets the pair and its model.json")
    chosen = parser.parse_args()
    engine = Engine(VisionModel(chosen.folder, description(chosen.folder, {})), threads=1)
    seen, never_seen = captions_right(engine, "seen"), captions_right(engine, "never seen")
    print(f"captions right to the letter: {seen}/{EACH} of seen combinations, {never_seen}/{EACH} of never-seen ones")
    answers = answers_right(engine)
    print(f"answers right to the letter: {answers}")
    engine.close()
    if chosen.write:
        record: dict[str, str | int | float] = {
            "measured": f"through llama.cpp, freshly drawn pictures, right to the letter of {EACH}",
            "captions, combinations seen in training": seen,
            "captions, combinations never seen": never_seen,
            **{f"question: {kind}": right for kind, right in answers.items()},
        }
        for name in ("text.gguf", "projector.gguf"):
            shutil.copy(chosen.folder / name, chosen.write / name)
        written = msgspec.json.format(msgspec.json.encode(description(chosen.folder, record)), indent=2)
        (chosen.write / "model.json").write_bytes(written + b"\n")


if __name__ == "__main__":
    main()
