"""A pair of SmolVLM2's architecture with random weights: "llama" text model with a chat template, "idefics3" projector.

It says nonsense, but it says the same nonsense whoever runs it: a picture is cut into tiles, each with its own tokens, and the
words are put around them by the template, so that any mistake in either shows in the answer.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gguf
import msgspec
import numpy as np
import numpy.typing as npt

from appliance.adapters.models_catalogue import file_sha256
from appliance.adapters.vision_models import Description, Files, ModelFile, Prompts, VisionModel
from tests.models.gguf_pair import finish
from tests.models.tokenizer import Tokenizer, learn

WIDTH, LAYERS, HEADS, INNER = 64, 2, 2, 128
TILE, PATCH, SHUFFLE, LONGEST = 64, 16, 2, 128
END_OF_TURN = "<end_of_utterance>"
TEMPLATE = (
    "<|im_start|>{% for message in messages %}{{ message['role'] | capitalize }}"
    "{% if message['content'][0]['type'] == 'image' %}{{ ':' }}{% else %}{{ ': ' }}{% endif %}"
    "{% for line in message['content'] %}{% if line['type'] == 'text' %}{{ line['text'] }}"
    "{% elif line['type'] == 'image' %}{{ '<image>' }}{% endif %}{% endfor %}<end_of_utterance>\n{% endfor %}"
    "{% if add_generation_prompt %}{{ 'Assistant:' }}{% endif %}"
)
TILES = [f"<row_{row}_col_{column}>" for row in range(1, 5) for column in range(1, 5)]
CONTROL = ["<|im_start|>", END_OF_TURN, "<fake_token_around_image>", "<global-img>", "<image>", *TILES]
Weights = dict[str, npt.NDArray[np.float32]]


def template_pair(folder: Path, *, template: str = TEMPLATE) -> VisionModel:
    """Write an installable model into `folder`; the same numbers give the same weights."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = Tokenizer([*learn(["User: describe this image. Assistant: a red umbrella"], 40), ("Ċ", "Ċ")])
    _write_text(folder / "text.gguf", tokenizer, template)
    _write_projector(folder / "projector.gguf")
    said = Description(
        name="template",
        purpose="vision",
        licence="Apache-2.0",
        handler="template",
        files=Files(*(ModelFile(name, file_sha256(folder / name)) for name in ("text.gguf", "projector.gguf"))),
        prompts=Prompts(("Describe this image in one sentence.",), "{question}"),
        n_ctx=768,
    )
    (folder / "model.json").write_bytes(msgspec.json.encode(said))
    return VisionModel(folder, said)


def _write_text(path: Path, tokenizer: Tokenizer, template: str) -> None:
    tokens = [*tokenizer.tokens, *CONTROL]
    writer: Any = gguf.GGUFWriter(str(path), "llama")
    writer.add_context_length(1024)
    writer.add_embedding_length(WIDTH)
    writer.add_feed_forward_length(INNER)
    writer.add_block_count(LAYERS)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(tokens)
    kinds = [gguf.TokenType.NORMAL] * (len(tokenizer.tokens) - 1) + [gguf.TokenType.CONTROL] * (1 + len(CONTROL))
    writer.add_token_types(kinds)
    writer.add_token_merges([" ".join(pair) for pair in tokenizer.merges])
    writer.add_bos_token_id(tokens.index("<|im_start|>"))
    writer.add_eos_token_id(tokens.index(END_OF_TURN))
    writer.add_add_bos_token(False)
    writer.add_chat_template(template)
    finish(writer, dict(_text_weights(len(tokens))))


def _text_weights(vocabulary: int) -> Iterator[tuple[str, npt.NDArray[np.float32]]]:
    dice = np.random.default_rng(11)

    def drawn(*shape: int) -> npt.NDArray[np.float32]:
        return dice.normal(0, 0.4, shape).astype(np.float32)

    yield "token_embd.weight", drawn(vocabulary, WIDTH)
    yield "output.weight", drawn(vocabulary, WIDTH)
    yield "output_norm.weight", np.ones(WIDTH, np.float32)
    for layer in range(LAYERS):
        for name in ("attn_norm", "ffn_norm"):
            yield f"blk.{layer}.{name}.weight", np.ones(WIDTH, np.float32)
        for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
            yield f"blk.{layer}.{name}.weight", drawn(WIDTH, WIDTH)
        for name in ("ffn_gate", "ffn_up"):
            yield f"blk.{layer}.{name}.weight", drawn(INNER, WIDTH)
        yield f"blk.{layer}.ffn_down.weight", drawn(WIDTH, INNER)


def _write_projector(path: Path) -> None:
    writer: Any = gguf.GGUFWriter(str(path), "clip")
    writer.add_bool("clip.has_vision_encoder", True)
    writer.add_clip_projector_type("idefics3")
    writer.add_vision_use_gelu(True)
    writer.add_file_type(int(gguf.LlamaFileType.MOSTLY_F16))
    writer.add_vision_image_size(TILE)
    writer.add_vision_preproc_image_size(LONGEST)
    writer.add_vision_patch_size(PATCH)
    writer.add_vision_projector_scale_factor(SHUFFLE)
    writer.add_vision_embedding_length(WIDTH)
    writer.add_vision_feed_forward_length(INNER)
    writer.add_vision_projection_dim(WIDTH)
    writer.add_vision_head_count(HEADS)
    writer.add_vision_block_count(1)
    writer.add_vision_attention_layernorm_eps(1e-6)
    writer.add_vision_image_mean([0.5, 0.5, 0.5])
    writer.add_vision_image_std([0.5, 0.5, 0.5])
    finish(writer, dict(_projector_weights()), exact="v.position_embd.weight")


def _projector_weights() -> Iterator[tuple[str, npt.NDArray[np.float32]]]:
    dice = np.random.default_rng(12)

    def drawn(*shape: int) -> npt.NDArray[np.float32]:
        return dice.normal(0, 0.3, shape).astype(np.float32)

    yield "v.patch_embd.weight", drawn(WIDTH, 3, PATCH, PATCH)
    yield "v.patch_embd.bias", drawn(WIDTH)
    yield "v.position_embd.weight", drawn((TILE // PATCH) ** 2, WIDTH)
    for name in ("v.post_ln", "v.blk.0.ln1", "v.blk.0.ln2"):
        yield f"{name}.weight", np.ones(WIDTH, np.float32)
        yield f"{name}.bias", np.zeros(WIDTH, np.float32)
    for name, rows, columns in (
        *((f"attn_{part}", WIDTH, WIDTH) for part in ("q", "k", "v", "out")),
        ("ffn_up", INNER, WIDTH),
        ("ffn_down", WIDTH, INNER),
    ):
        yield f"v.blk.0.{name}.weight", drawn(rows, columns)
        yield f"v.blk.0.{name}.bias", drawn(rows)
    yield "mm.model.fc.weight", drawn(WIDTH, WIDTH * SHUFFLE**2)
