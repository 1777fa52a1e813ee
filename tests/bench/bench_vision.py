"""The vision process beside llama.cpp's own run of the same prompt on the same weights, in the same run.

The weights are random: time and memory do not ask what they say. Once small, and at Moondream 2's true dimensions (Q4_K_M, made
here from f16 and thrown away) when there is room for it. Processor seconds, on one thread each, because others may use the machine.
"""

import ctypes
import itertools
import os
import random
import shutil
import statistics
import string
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import llama_cpp
import msgspec
import numpy as np
import numpy.typing as npt

from appliance.adapters.rgb import Rgb
from appliance.adapters.vision_engine import Engine
from appliance.adapters.vision_models import VisionModel
from appliance.adapters.vision_protocol import ANSWER_CHARACTERS
from tests.adapters.running_vision import Running
from tests.adapters.test_vision_engine import Handler
from tests.models.drawing import render
from tests.models.evaluate import as_rgb, description
from tests.models.gguf_pair import Shape, write_projector, write_text
from tests.models.scenes import Scene, Thing
from tests.models.tokenizer import Tokenizer, learn
from tests.models.untrained import untrained_pair

ANSWER = 128  # tokens: random weights never stop by themselves
ROUNDS = 3
GB = 1 << 30
LEAST_ROOM = 9 * GB  # of disk and of memory, for the published dimensions
TICK = os.sysconf("SC_CLK_TCK")
VOCABULARY = 51_200
TEXT = Shape(VOCABULARY, width=2048, text_layers=24, heads=32, context=2048)
IMAGE = Shape(VOCABULARY, width=1152, image_layers=27, heads=16, image=378, patch=14, feed_forward=4304, projection=2048)
QUESTION = "Describe this image."
Array = npt.NDArray[np.float16]


def main() -> None:
    with tempfile.TemporaryDirectory() as work:
        print("vision process beside llama.cpp's own handler, small random weights, 729 image tokens")
        compare(untrained_pair(Path(work) / "small", width=256, image_layers=6), ROUNDS)
    room = min(shutil.disk_usage(tempfile.gettempdir()).free, os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    if room < LEAST_ROOM:
        print(f"  at true dimensions: left out, there are {room / GB:.1f} GB of room and {LEAST_ROOM / GB:.0f} are needed")
        return
    with tempfile.TemporaryDirectory() as work:
        print("the same at Moondream 2's dimensions, Q4_K_M")
        compare(true_size(Path(work)), 1)


def compare(model: VisionModel, rounds: int) -> None:
    """Ask the same of both, in turns."""
    handler = Handler(model)
    engine, prompt = Engine(model, threads=1), model.description.prompts.question.replace("{question}", QUESTION)
    ours, theirs, plain, again, back, first = [], [], [], [], [], []
    with tempfile.TemporaryDirectory() as work:
        running = Running(Path(work), model.folder).wait_until_it_answers()
        running.client.open_ahead(picture(99))
        while running.client.status().busy or not running.client.status().loaded:
            time.sleep(0.1)
        for number in range(rounds):
            seen = picture(number)
            started = time.process_time()
            handler.says(seen, ANSWER)
            theirs.append(time.process_time() - started)
            started = time.process_time()
            engine.open(seen)
            "".join(engine.answer(prompt))
            plain.append(time.process_time() - started)
            spent, waited = asked(running, seen)
            ours.append(spent)
            first.append(waited)
            again.append(asked(running, seen)[0])
            asked(running, picture(1000 + number))
            back.append(asked(running, seen)[0])
        ratio, bare = mid(ours) / mid(theirs), mid(ours) / mid(plain)
        print(f"  {ANSWER} tokens about a new picture: {mid(ours):.2f} s; its own handler {mid(theirs):.2f} s: {ratio:.2f} ×;")
        print(f"  the bare calls of llama.cpp, without process, queue and cancelling, {mid(plain):.2f} s: {bare:.2f} ×")
        print(f"  second question on the same picture {mid(again):.2f} s; going back to the one before {mid(back):.2f} s")
        print(f"  first words after {mid(first):.1f} s of waiting; memory at most {high_water(running.process.pid):.0f} MB")
        running.stop()
    engine.close()
    handler.llama.close()


def asked(running: Running, seen: Rgb) -> tuple[float, float]:
    """Return the processor seconds that the vision process spent on a question, and how long the first words took."""
    before, started, first = spent(running.process.pid), time.monotonic(), 0.0
    said = ""
    for piece in running.client.ask(seen, QUESTION, timeout=1800):
        said += piece
        first = first or time.monotonic() - started
    if len(said) >= ANSWER_CHARACTERS:
        sys.exit("the answer was cut by its length: it cannot be compared")
    return spent(running.process.pid) - before, first


def spent(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def high_water(pid: int) -> float:
    """Megabytes resident at most, the model's mapped pages among them."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def mid(values: list[float]) -> float:
    return statistics.median(values)


def picture(dice: int) -> Rgb:
    return as_rgb(render(Scene((Thing("umbrella", "red"),), "on a beach"), 756, 567, random.Random(dice)))


def true_size(folder: Path) -> VisionModel:
    """A pair of random weights with the published one's dimensions; its text model quantised as the box does it."""
    tokenizer = Tokenizer(learn(["Question: Describe this image. Answer: a red umbrella on a beach"], 60))
    missing = VOCABULARY - len(tokenizer.tokens)
    unused = map("".join, itertools.product(string.ascii_letters, repeat=3))
    known = set(tokenizer.tokens)
    tokenizer.tokens[-1:-1] = itertools.islice((token for token in unused if token not in known), missing)
    tokenizer.end += missing
    write_text(folder / "f16.gguf", TEXT, tokenizer, dict(text_weights(TEXT, tokenizer.end)))
    quantise(folder / "f16.gguf", folder / "text.gguf")
    (folder / "f16.gguf").unlink()
    write_projector(folder / "projector.gguf", IMAGE, dict(image_weights(IMAGE)))
    said = msgspec.structs.replace(description(folder, {}), name="true-size", n_ctx=896)
    (folder / "model.json").write_bytes(msgspec.json.encode(said))
    return VisionModel(folder, said)


def quantise(source: Path, target: Path) -> None:
    options = llama_cpp.llama_model_quantize_default_params()
    options.nthread, options.ftype = 2, llama_cpp.LLAMA_FTYPE_MOSTLY_Q4_K_M
    if llama_cpp.llama_model_quantize(str(source).encode(), str(target).encode(), ctypes.byref(options)):
        sys.exit("llama.cpp could not quantise")


def text_weights(shape: Shape, end: int) -> Iterator[tuple[str, Array]]:
    width, inner = shape.width, shape.inner
    yield "token_embd.weight", dice((shape.vocabulary, width))
    for number in range(shape.text_layers):
        sizes = {"attn_norm": (), "attn_qkv": (3 * width, width), "attn_output": (width, width), "ffn_up": (inner, width),
                 "ffn_down": (width, inner)}  # fmt: skip
        for name, size in sizes.items():
            yield from layer(f"blk.{number}.{name}", size, width)
    yield from layer("output_norm", (), width)
    yield "output.weight", dice((shape.vocabulary, width))
    never_ends = np.zeros(shape.vocabulary, np.float16)
    never_ends[end] = -1000.0
    yield "output.bias", never_ends


def image_weights(shape: Shape) -> Iterator[tuple[str, Array]]:
    width, inner, out = shape.width, shape.inner, shape.projection
    yield from layer("mm.0", (4 * out, width), width)
    yield from layer("mm.2", (out, 4 * out), width)
    yield "v.position_embd.weight", dice((shape.image_tokens, width))
    yield "v.patch_embd.weight", dice((width, 3, shape.patch, shape.patch))
    yield "v.patch_embd.bias", np.zeros(width, np.float16)
    yield from layer("v.post_ln", (), width)
    for number in range(shape.image_layers):
        for name in ("attn_q", "attn_k", "attn_v", "attn_out"):
            yield from layer(f"v.blk.{number}.{name}", (width, width), width)
        yield from layer(f"v.blk.{number}.ln1", (), width)
        yield from layer(f"v.blk.{number}.ln2", (), width)
        yield from layer(f"v.blk.{number}.fc1", (inner, width), width)
        yield from layer(f"v.blk.{number}.fc2", (width, inner), width)


def layer(name: str, size: tuple[int, ...], width: int) -> Iterator[tuple[str, Array]]:
    """Weights of `size` and a bias; a normalisation (no size) has ones."""
    yield f"{name}.weight", dice(size) if size else np.ones(width, np.float16)
    yield f"{name}.bias", np.zeros(size[0] if size else width, np.float16)


POOL = (np.random.default_rng(1).standard_normal(1 << 22, dtype=np.float32) * 0.02).astype(np.float16)


def dice(size: tuple[int, ...]) -> Array:
    """The same numbers over and over: drawing two thousand million would take longer than the benchmark."""
    return np.resize(POOL, size)


if __name__ == "__main__":
    main()
