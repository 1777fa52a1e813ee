"""Writes a pair of GGUF files of Moondream 2's architecture: "phi2" text model and "clip" projector of type "mlp".

Two quirks of the published files are kept, because llama.cpp expects them: ffn_up and ffn_down of the image side are
swapped in name, and block_count is one more than the layers that run (the last block is loaded and never used).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import numpy.typing as npt

from tests.models.tokenizer import Tokenizer

Tensors = Mapping[str, npt.NDArray[np.floating[Any]]]
NAME = "mantel-sample"
PUBLISHED_NAME = {".fc1.": ".ffn_down.", ".fc2.": ".ffn_up."}


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of both networks; the defaults are the sample model's (`vocabulary` follows from its tokenizer).

    `feed_forward` is four times the width unless it is given, `projection` the width.
    """

    vocabulary: int
    width: int = 96
    text_layers: int = 2
    image_layers: int = 4
    heads: int = 3
    context: int = 256
    image: int = 96
    patch: int = 16
    feed_forward: int = 0
    projection: int = 0

    @property
    def inner(self) -> int:
        return self.feed_forward or 4 * self.width

    @property
    def rotated(self) -> int:
        """Dimensions of a head that carry its position: half of them, as in phi-2."""
        return self.width // self.heads // 2

    @property
    def grid(self) -> int:
        return self.image // self.patch

    @property
    def image_tokens(self) -> int:
        return self.grid**2


def write_text(path: Path, shape: Shape, tokenizer: Tokenizer, tensors: Tensors) -> None:
    """Write the text model as f16 (vectors stay f32); the same tensors give the same bytes."""
    writer: Any = gguf.GGUFWriter(str(path), "phi2")
    writer.add_name(NAME)
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.width)
    writer.add_feed_forward_length(shape.inner)
    writer.add_block_count(shape.text_layers)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.heads)
    writer.add_layer_norm_eps(1e-5)
    writer.add_rope_dimension_count(shape.rotated)
    writer.add_file_type(int(gguf.LlamaFileType.MOSTLY_F16))
    _add_tokenizer(writer, tokenizer)
    _finish(writer, tensors)


def _add_tokenizer(writer: Any, tokenizer: Tokenizer) -> None:
    normal = [gguf.TokenType.NORMAL] * (len(tokenizer.tokens) - 1)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("phi-2")
    writer.add_add_bos_token(False)
    writer.add_token_list(tokenizer.tokens)
    writer.add_token_types([*normal, gguf.TokenType.CONTROL])
    writer.add_token_merges([" ".join(pair) for pair in tokenizer.merges])
    writer.add_bos_token_id(tokenizer.end)
    writer.add_eos_token_id(tokenizer.end)
    writer.add_unk_token_id(tokenizer.end)


def write_projector(path: Path, shape: Shape, tensors: Tensors) -> None:
    """Write the image side as f16 (vectors stay f32)."""
    writer: Any = gguf.GGUFWriter(str(path), "clip")
    writer.add_bool("clip.has_text_encoder", False)
    writer.add_bool("clip.has_vision_encoder", True)
    writer.add_bool("clip.has_llava_projector", True)
    writer.add_bool("clip.use_gelu", True)
    writer.add_string("clip.projector_type", "mlp")
    writer.add_file_type(int(gguf.LlamaFileType.MOSTLY_F16))
    writer.add_name(NAME)
    numbers = {
        "image_size": shape.image,
        "patch_size": shape.patch,
        "embedding_length": shape.width,
        "feed_forward_length": shape.inner,
        "projection_dim": shape.projection or shape.width,
        "attention.head_count": shape.heads,
        "block_count": shape.image_layers + 1,
    }
    for key, number in numbers.items():
        writer.add_uint32("clip.vision." + key, number)
    writer.add_float32("clip.vision.attention.layer_norm_epsilon", 1e-6)
    writer.add_array("clip.vision.image_mean", [0.5, 0.5, 0.5])
    writer.add_array("clip.vision.image_std", [0.5, 0.5, 0.5])
    last, unused = f"v.blk.{shape.image_layers - 1}.", f"v.blk.{shape.image_layers}."
    spare = {name.replace(last, unused): tensor for name, tensor in tensors.items() if name.startswith(last)}
    _finish(writer, {_published(name): tensor for name, tensor in {**tensors, **spare}.items()})


def _published(name: str) -> str:
    for ours, theirs in PUBLISHED_NAME.items():
        name = name.replace(ours, theirs)
    return name


def _finish(writer: Any, tensors: Tensors) -> None:
    for name, tensor in tensors.items():
        kind = np.float32 if tensor.ndim == 1 else np.float16
        writer.add_tensor(name, np.ascontiguousarray(tensor.astype(kind)))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
