"""A catalogue of small models for the tests that install: the sample pair under other names, and a few bytes in a folder."""

import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.adapters import models_entries

SAMPLE = Path(__file__).parents[1] / "models" / "sample"
PICTURES = {"model.safetensors": b"weights" * 50_000, "config.json": b"{}"}

CATALOGUE = """
[[model]]
name = "tiny"
title = "Tiny"
kind = "vision"
purpose = "looks"
publisher = "Olive"
published_as = "olive/tiny"
licence = "Apache-2.0"
memory = "little"
speed = "fast"
gives = "Captions of drawn scenes."
without = "No captions."
[model.vision]
handler = "moondream"
n_ctx = 256
quantise = "Q4_K_M"
quantised_bytes = 400_000
kv_overrides = {{ "tokenizer.ggml.add_bos_token" = true }}
[model.vision.prompts]
caption = {caption}
question = "\\n\\nQuestion: {{question}}\\n\\nAnswer:"
[[model.files]]
name = "tiny-f16.gguf"
role = "text"
bytes = {text_bytes}
sha256 = "{text_sha256}"
[[model.files]]
name = "tiny-mmproj.gguf"
role = "projector"
bytes = {projector_bytes}
sha256 = "{projector_sha256}"

[[model]]
name = "pictures"
title = "Pictures"
kind = "picture-embedder"
purpose = "compares"
publisher = "Max"
published_as = "max/pictures"
licence = "Apache-2.0"
memory = "little"
speed = "fast"
gives = "Likeness."
without = "No likeness."
[[model.files]]
name = "model.safetensors"
role = "weights"
bytes = {weights_bytes}
sha256 = "{weights_sha256}"
[[model.files]]
name = "config.json"
role = "settings"
[[model.files]]
name = "spiece.model"
role = "tokenizer"
optional = true
"""


def stick(folder: Path) -> Path:
    """Both models' files as a USB stick may hold them, among others."""
    folder.mkdir(parents=True)
    shutil.copy(SAMPLE / "text.gguf", folder / "tiny-f16.gguf")
    shutil.copy(SAMPLE / "projector.gguf", folder / "tiny-mmproj.gguf")
    (folder / "holiday.jpg").write_bytes(b"not a model")
    (folder / "pictures").mkdir()
    for name, content in PICTURES.items():
        (folder / "pictures" / name).write_bytes(content)
    return folder


def write_catalogue(file: Path) -> Path:
    said = json.loads((SAMPLE / "model.json").read_bytes())
    text, projector, weights = ((SAMPLE / "text.gguf"), (SAMPLE / "projector.gguf"), PICTURES["model.safetensors"])
    words = CATALOGUE.format(
        caption=json.dumps(said["prompts"]["caption"]),
        text_bytes=text.stat().st_size,
        text_sha256=said["files"]["text"]["sha256"],
        projector_bytes=projector.stat().st_size,
        projector_sha256=said["files"]["projector"]["sha256"],
        weights_bytes=len(weights),
        weights_sha256=hashlib.sha256(weights).hexdigest(),
    )
    file.write_text(words, encoding="utf-8")
    return file


@pytest.fixture
def small_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """This process knows the small models and no others; gives an empty folder for them."""
    monkeypatch.setattr(models_entries, "CATALOGUE", write_catalogue(tmp_path / "catalogue.toml"))
    models_entries.known.cache_clear()
    models = tmp_path / "models"
    models.mkdir()
    yield models
    models_entries.known.cache_clear()
