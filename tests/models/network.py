"""The sample model in torch: the same graphs that llama.cpp runs for the pair, so that it can be trained here."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

from tests.models.gguf_pair import Shape

IMAGE_SIDE = ("patch", "position", "image_blocks", "image_norm")
Arrays = dict[str, npt.NDArray[np.float32]]


def _heads(qkv: Tensor, heads: int) -> Any:
    """(batch, n, 3 * width) to query, key and value, each (batch, heads, n, width / heads)."""
    batch, length, triple = qkv.shape
    return qkv.view(batch, length, 3, heads, triple // 3 // heads).permute(2, 0, 3, 1, 4)


class ImageBlock(nn.Module):  # type: ignore[misc]
    """One layer of a SigLIP-like image transformer: every patch sees every patch."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.ln1, self.ln2 = nn.LayerNorm(shape.width, eps=1e-6), nn.LayerNorm(shape.width, eps=1e-6)
        self.qkv, self.out = nn.Linear(shape.width, 3 * shape.width), nn.Linear(shape.width, shape.width)
        self.fc1, self.fc2 = nn.Linear(shape.width, shape.inner), nn.Linear(shape.inner, shape.width)

    def forward(self, x: Tensor) -> Tensor:
        query, key, value = _heads(self.qkv(self.ln1(x)), self.heads)
        seen = functional.scaled_dot_product_attention(query, key, value)
        x = x + self.out(seen.transpose(1, 2).reshape(x.shape))
        return x + self.fc2(functional.gelu(self.fc1(self.ln2(x)), approximate="tanh"))


class TextBlock(nn.Module):  # type: ignore[misc]
    """One phi-2 layer: attention and MLP side by side behind one norm, positions rotated into half of each head."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads, self.rotated = shape.heads, shape.rotated
        self.norm = nn.LayerNorm(shape.width, eps=1e-5)
        self.qkv, self.out = nn.Linear(shape.width, 3 * shape.width), nn.Linear(shape.width, shape.width)
        self.fc1, self.fc2 = nn.Linear(shape.width, shape.inner), nn.Linear(shape.inner, shape.width)

    def _rotate(self, x: Tensor, turn: tuple[Tensor, Tensor]) -> Tensor:
        half = self.rotated // 2
        first, second, rest = x[..., :half], x[..., half : self.rotated], x[..., self.rotated :]
        cosine, sine = turn
        return torch.cat([first * cosine - second * sine, second * cosine + first * sine, rest], -1)

    def forward(self, x: Tensor, turn: tuple[Tensor, Tensor], mask: Tensor | None) -> Tensor:
        normed = self.norm(x)
        query, key, value = _heads(self.qkv(normed), self.heads)
        seen = functional.scaled_dot_product_attention(
            self._rotate(query, turn), self._rotate(key, turn), value, attn_mask=mask, is_causal=mask is None
        )
        spoken = self.fc2(functional.gelu(self.fc1(normed), approximate="tanh"))
        return x + self.out(seen.transpose(1, 2).reshape(x.shape)) + spoken


class Network(nn.Module):  # type: ignore[misc]
    """Image side, projector and text side; `see` and `read` are the two halves that training calls."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        width = shape.width
        self.patch = nn.Linear(3 * shape.patch**2, width)
        self.position = nn.Parameter(torch.randn(shape.image_tokens, width) * 0.02)
        self.image_blocks = nn.ModuleList(ImageBlock(shape) for _ in range(shape.image_layers))
        self.image_norm = nn.LayerNorm(width, eps=1e-6)
        self.project_in, self.project_out = nn.Linear(width, 2 * width), nn.Linear(2 * width, width)
        self.words = nn.Embedding(shape.vocabulary, width)
        nn.init.normal_(self.words.weight, std=0.05)
        self.text_blocks = nn.ModuleList(TextBlock(shape) for _ in range(shape.text_layers))
        self.text_norm = nn.LayerNorm(width, eps=1e-5)
        self.next_word = nn.Linear(width, shape.vocabulary)
        speeds = 10000.0 ** (-torch.arange(0, shape.rotated, 2).float() / shape.rotated)
        angles = torch.arange(shape.context).float()[:, None] * speeds
        self.register_buffer("cosine", angles.cos(), False)
        self.register_buffer("sine", angles.sin(), False)
        for blocks in (self.image_blocks, self.text_blocks):
            for block in blocks:
                for layer in (block.out, block.fc2):
                    layer.weight.data /= math.sqrt(2 * len(blocks))

    def see(self, pictures: Tensor) -> Tensor:
        """(batch, side, side, 3) of 0…255 to features (batch, image tokens, width)."""
        grid, patch = self.shape.grid, self.shape.patch
        x = pictures.float() / 127.5 - 1.0
        x = x.view(-1, grid, patch, grid, patch, 3).permute(0, 1, 3, 5, 2, 4).reshape(len(x), grid * grid, -1)
        x = self.patch(x) + self.position
        for block in self.image_blocks:
            x = block(x)
        return self.image_norm(x)

    def project(self, features: Tensor) -> Tensor:
        return self.project_out(functional.gelu(self.project_in(features), approximate="tanh"))

    def read(self, x: Tensor, positions: Tensor | None = None, mask: Tensor | None = None) -> Tensor:
        """Embedded tokens to hidden states; without a mask each token sees those before it."""
        at = torch.arange(x.shape[1]) if positions is None else positions
        turn = self.cosine[at], self.sine[at]
        for block in self.text_blocks:
            x = block(x, turn, mask)
        return self.text_norm(x)

    @torch.no_grad()  # type: ignore[untyped-decorator]
    def answer(self, picture: Tensor, question: Sequence[int], end: int, most: int = 48) -> list[int]:
        """Greedy decoding for one picture (side, side, 3); returns tokens without the end."""
        x = torch.cat([self.project(self.see(picture[None])), self.words(torch.tensor([list(question)]))], 1)
        tokens: list[int] = []
        while len(tokens) < most and (token := int(self.next_word(self.read(x)[0, -1]).argmax())) != end:
            tokens.append(token)
            x = torch.cat([x, self.words(torch.tensor([[token]]))], 1)
        return tokens


def text_tensors(network: Network) -> Arrays:
    """The text side under the names that llama.cpp reads."""
    tensors = {"token_embd.weight": _array(network.words.weight)}
    for number, block in enumerate(network.text_blocks):
        layers = {"attn_norm": block.norm, "attn_qkv": block.qkv, "attn_output": block.out}
        for name, layer in (layers | {"ffn_up": block.fc1, "ffn_down": block.fc2}).items():
            tensors |= _layer(f"blk.{number}.{name}", layer)
    return tensors | _layer("output_norm", network.text_norm) | _layer("output", network.next_word)


def projector_tensors(network: Network) -> Arrays:
    """The image side and the projector under the names that llama.cpp reads (fc1 and fc2 get theirs when written)."""
    shape = network.shape
    tensors = _layer("mm.0", network.project_in) | _layer("mm.2", network.project_out)
    tensors["v.position_embd.weight"] = _array(network.position)
    patches = _array(network.patch.weight).reshape(shape.width, 3, shape.patch, shape.patch)
    tensors |= {"v.patch_embd.weight": patches, "v.patch_embd.bias": _array(network.patch.bias)}
    tensors |= _layer("v.post_ln", network.image_norm)
    for number, block in enumerate(network.image_blocks):
        prefix = f"v.blk.{number}."
        for part, name in enumerate(("attn_q", "attn_k", "attn_v")):
            rows = slice(part * shape.width, (part + 1) * shape.width)
            tensors[f"{prefix}{name}.weight"] = _array(block.qkv.weight)[rows]
            tensors[f"{prefix}{name}.bias"] = _array(block.qkv.bias)[rows]
        layers = {"attn_out": block.out, "ln1": block.ln1, "ln2": block.ln2, "fc1": block.fc1, "fc2": block.fc2}
        for name, layer in layers.items():
            tensors |= _layer(prefix + name, layer)
    return tensors


def _layer(name: str, layer: Any) -> Arrays:
    return {f"{name}.weight": _array(layer.weight), f"{name}.bias": _array(layer.bias)}


def _array(parameter: Tensor) -> npt.NDArray[np.float32]:
    array: npt.NDArray[np.float32] = parameter.detach().numpy()
    return array
