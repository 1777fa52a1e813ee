"""A pair with random weights and the published pair's number of image tokens: says nonsense, and takes its time."""

from pathlib import Path

import msgspec
import torch

from appliance.adapters.vision_models import VisionModel
from tests.models.evaluate import description
from tests.models.gguf_pair import Shape, write_projector, write_text
from tests.models.network import Network, projector_tensors, text_tensors
from tests.models.tokenizer import Tokenizer, learn


def untrained_pair(folder: Path, *, width: int = 64, image_layers: int = 2) -> VisionModel:
    """Write an installable model of 729 image tokens into `folder`; the same numbers give the same weights."""
    torch.manual_seed(3)
    tokenizer = Tokenizer(learn(["Question: a red umbrella on a beach"], 40))
    shape = Shape(len(tokenizer.tokens), width=width, heads=2, context=1024, image=378, patch=14, image_layers=image_layers)
    network = Network(shape)
    for parameter in network.parameters():
        parameter.data *= 3  # so that the answers differ from picture to picture
    network.next_word.bias.data[tokenizer.end] = -1000.0  # it never stops by itself
    folder.mkdir(exist_ok=True)
    write_text(folder / "text.gguf", shape, tokenizer, text_tensors(network))
    write_projector(folder / "projector.gguf", shape, projector_tensors(network))
    said = msgspec.structs.replace(description(folder, {}), name="untrained", n_ctx=896)
    (folder / "model.json").write_bytes(msgspec.json.encode(said))
    return VisionModel(folder, said)
