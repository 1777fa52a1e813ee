"""Prepares the picture model: `python -m appliance.adapters.picture_export export SOURCE FOLDER`.

SOURCE holds a SigLIP as it is published: config.json, model.safetensors, preprocessor_config.json and the tokenizer's files.
Importing this file loads torch and transformers, seconds and hundreds of megabytes; so nothing that serves imports it, and what
wants an export starts it as a process. Nothing is fetched.
"""

import logging
import os
import re
import string
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from sentencepiece import SentencePieceProcessor, sentencepiece_model_pb2
from tokenizers import AddedToken, Regex, Tokenizer, normalizers, pre_tokenizers, processors
from tokenizers.models import Unigram
from transformers import AutoTokenizer, SiglipModel
from transformers.utils import logging as reports

from appliance.adapters.embedder import session, tokenizer
from appliance.adapters.models_catalogue import MANIFEST, file_sha256
from appliance.adapters.picture_model import PICTURES, TOKENIZER, WORDS, PictureManifest
from appliance.errors import MantelError, ModelWrong, WrongUsage

VERSION = "1"  # of what this file makes of the same weights
LEAST_COSINE = 0.9999  # of float32 with the original
LEAST_OF_INT8 = 0.98  # below it a tower is served with the weights it came with
PROBES = (
    "dog", "a red umbrella on the beach", "Two children build a sandcastle, while the tide comes in.", "sunset over the mountains",
    "A PHOTO OF A CAT!", "the receipt from the hardware store: 42,90 €", "Ein Fahrrad lehnt an der Mauer", "une fenêtre ouverte",
    "写真", "🎂🎈", "   spaces   and\ttabs\n", "", "it's Grandmother's 80th birthday (2019)", "words " * 100,
)  # fmt: skip
PROBE_PICTURES = 24
Arrays = npt.NDArray[Any]


class _Settings(msgspec.Struct):
    """What preprocessor_config.json says that matters here."""

    image_mean: tuple[float, float, float]
    image_std: tuple[float, float, float]
    resample: int = 3
    rescale_factor: float = 1 / 255


class _Tower(torch.nn.Module):  # type: ignore[misc]
    """One tower, its pooled output at unit length."""

    def __init__(self, tower: Any, argument: str) -> None:
        super().__init__()
        self.tower, self.argument = tower, argument

    def forward(self, values: Any) -> Any:
        return torch.nn.functional.normalize(self.tower(**{self.argument: values}).pooler_output, dim=1)


class _Written(NamedTuple):
    """`cosine` is the lowest over the probes between what is served and the original."""

    int8: bool
    cosine: float


def export_picture_embedder(source: Path, folder: Path) -> None:
    """Write the picture model of `source` to `folder` (replacing what is there), checked against the original.

    Everything happens in a folder beside it, renamed when it is proven: a killed export leaves no half model behind.
    Raises ModelWrong when `source` holds no SigLIP that can be used, or what came of it isn't what it should be.
    """
    model, settings = _model(source), _settings(source)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as scratch:
        new = Path(scratch) / "new"
        new.mkdir()
        ids = _write_tokenizer(source, new / TOKENIZER, model.config.text_config.max_position_embeddings)
        side = model.config.vision_config.image_size
        pictures = _write_tower(_Tower(model.vision_model, "pixel_values"), "pixels", _pictures(side), new / PICTURES)
        words = _write_tower(_Tower(model.text_model, "input_ids"), "tokens", ids, new / WORDS)
        _write_manifest(source, new, model, settings, pictures, words)
        if folder.exists():
            folder.rename(Path(scratch) / "old")
        new.rename(folder)


def _model(source: Path) -> Any:
    missing = [name for name in ("config.json", "model.safetensors", "preprocessor_config.json") if not (source / name).is_file()]
    if missing:
        raise _wrong(source, f"{', '.join(missing)} is not there")
    try:
        model = SiglipModel.from_pretrained(
            source, local_files_only=True, use_safetensors=True, attn_implementation="eager", dtype=torch.float32
        )
    except (OSError, ValueError, RuntimeError, KeyError, TypeError) as error:
        raise _wrong(source, f"it does not load as a SigLIP: {str(error)[:200]}") from error
    return model.eval()


def _settings(source: Path) -> _Settings:
    try:
        settings = msgspec.json.decode((source / "preprocessor_config.json").read_bytes(), type=_Settings)
    except msgspec.MsgspecError as error:
        raise _wrong(source, f"preprocessor_config.json: {error}") from error
    if settings.resample not in (2, 3) or abs(settings.rescale_factor * 255 - 1) > 1e-3:
        raise _wrong(source, "it wants its pictures prepared in another way than SigLIP's")
    return settings


def _write_tower(tower: torch.nn.Module, name: str, probes: Arrays, file: Path) -> _Written:
    """Export, prove, and replace by eight-bit weights where these say nearly the same."""
    values = torch.from_numpy(probes)
    with torch.inference_mode():
        wanted = tower(values).numpy()
    torch.onnx.export(
        tower, (values[:2],), str(file), dynamo=False, opset_version=17, input_names=[name], output_names=["vectors"],
        dynamic_axes={name: {0: "batch"}, "vectors": {0: "batch"}},
    )  # fmt: skip
    exact = _lowest_cosine(file, name, probes, wanted)
    if not exact >= LEAST_COSINE:
        raise ModelWrong(model=f"The exported picture model ({file.name})", reason=f"cosine {exact:.5f} with the original")
    small = file.with_suffix(".int8")
    # One bit less than eight: two products of eight bits overflow on processors without VNNI.
    kinds = ["MatMul", "Gemm"]
    quantize_dynamic(file, small, op_types_to_quantize=kinds, per_channel=True, reduce_range=True, weight_type=QuantType.QInt8)
    rounded = _lowest_cosine(small, name, probes, wanted)
    if rounded < LEAST_OF_INT8:
        small.unlink()
        return _Written(False, exact)
    small.replace(file)
    return _Written(True, rounded)


def _lowest_cosine(file: Path, name: str, probes: Arrays, wanted: Arrays) -> float:
    served = session(file, 1)
    return min(
        float(served.run(None, {name: probe[np.newaxis]})[0][0] @ vector) for probe, vector in zip(probes, wanted, strict=True)
    )


def _pictures(side: int) -> Arrays:
    """Made-up pictures as float32 (n, 3, side, side) in -1..1: waves of all directions and lengths, from smooth to noise."""
    random = np.random.default_rng(5)
    rows, columns = np.mgrid[0:side, 0:side].astype(np.float32) / side
    pictures = np.empty((PROBE_PICTURES, 3, side, side), np.float32)
    for picture in pictures:
        for colour in picture:
            wave = np.zeros((side, side), np.float32)
            for _ in range(6):
                across, down, phase = random.normal(scale=12, size=3)
                wave += np.sin(across * columns + down * rows + phase)
            colour[:] = np.clip(wave / 3 + random.normal(scale=random.uniform(0, 0.3), size=(side, side)), -1, 1)
    return pictures


def _write_tokenizer(source: Path, file: Path, tokens: int) -> Arrays:
    """Write a tokenizer.json that gives what the model's own tokenizer gives, proven on PROBES; return their ids (n, tokens)."""
    try:
        original = AutoTokenizer.from_pretrained(source, local_files_only=True)
    except (OSError, ValueError, ImportError, KeyError) as error:
        raise _wrong(source, f"its tokenizer does not load: {str(error)[:200]}") from error
    spiece = source / "spiece.model"  # SigLIP has one; SigLIP 2 comes with a tokenizer.json
    own = _of_sentencepiece(spiece) if spiece.is_file() else Tokenizer.from_str(original.backend_tokenizer.to_str())
    own.enable_truncation(tokens)
    own.enable_padding(direction=original.padding_side, pad_id=original.pad_token_id, pad_token=original.pad_token, length=tokens)
    own.save(str(file))
    served = tokenizer(file)
    wanted = original(list(PROBES), padding="max_length", truncation=True, max_length=tokens)["input_ids"]
    for sentence, ids in zip(PROBES, wanted, strict=True):
        if served.encode(sentence).ids != ids:
            raise _wrong(source, f"its tokenizer could not be taken over: it differs for “{sentence[:40]}”")
    return np.array(wanted, np.int64)


def _of_sentencepiece(file: Path) -> Tokenizer:
    """What transformers' SiglipTokenizer does in Python and sentencepiece, as one tokenizer.json.

    Lower case, no ASCII punctuation, single spaces; then the vocabulary's own normaliser and its most probable pieces; `</s>` last.
    """
    proto: Any = sentencepiece_model_pb2.ModelProto()  # type: ignore[attr-defined]  # made by protobuf when imported
    proto.ParseFromString(SentencePieceProcessor(model_file=str(file)).serialized_model_proto())
    pieces = [(piece.piece, piece.score) for piece in proto.pieces]
    own = Tokenizer(Unigram(pieces, unk_id=proto.trainer_spec.unk_id, byte_fallback=proto.trainer_spec.byte_fallback))
    steps = [
        normalizers.Replace("▁", " "),
        normalizers.Lowercase(),
        normalizers.Replace(Regex("[" + re.escape(string.punctuation) + "]"), ""),
        normalizers.Replace(Regex(r"\s+"), " "),
    ]
    if proto.normalizer_spec.precompiled_charsmap:
        steps.append(normalizers.Precompiled(proto.normalizer_spec.precompiled_charsmap))
    steps += [normalizers.Replace(Regex(r" {2,}"), " "), normalizers.Strip()]
    own.normalizer = normalizers.Sequence(steps)
    own.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    end, unknown = (pieces[number][0] for number in (proto.trainer_spec.eos_id, proto.trainer_spec.unk_id))
    own.add_special_tokens([AddedToken(token, lstrip=True, rstrip=True, normalized=False) for token in (end, unknown)])
    own.post_processor = processors.TemplateProcessing(single=f"$A {end}", special_tokens=[(end, proto.trainer_spec.eos_id)])
    return own


def _write_manifest(source: Path, folder: Path, model: Any, settings: _Settings, pictures: _Written, words: _Written) -> None:
    weights = file_sha256(source / "model.safetensors")
    vision, config = model.config.vision_config, model.config
    name = f"siglip-{vision.hidden_size}-patch{vision.patch_size}-{vision.image_size}"
    sample = bool(getattr(config, "sample", False))
    manifest = PictureManifest(
        model=f"{'sample-' if sample else ''}{name}/{weights[:12]}/{VERSION}",
        source=f"SigLIP, weights {weights}",
        licence="Apache-2.0",
        files={file: file_sha256(folder / file) for file in (PICTURES, WORDS, TOKENIZER)},
        sample=sample,
        dimensions=config.text_config.projection_size,
        side=vision.image_size,
        mean=settings.image_mean,
        std=settings.image_std,
        tokens=config.text_config.max_position_embeddings,
        scale=float(model.logit_scale.exp()),
        bias=float(model.logit_bias),
        int8=tuple(file for file, written in ((PICTURES, pictures), (WORDS, words)) if written.int8),
        picture_cosine=round(pictures.cosine, 5),
        words_cosine=round(words.cosine, 5),
    )
    (folder / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=2))


def _wrong(source: Path, reason: str) -> ModelWrong:
    return ModelWrong(model=f"The picture model in {source}", reason=reason)


def main(arguments: list[str]) -> int:
    """The command `export SOURCE FOLDER`; 0 when the model is there, 1 with one sentence on standard error when not."""
    try:
        if len(arguments) != 3 or arguments[0] != "export":
            raise WrongUsage(what="Usage: python -m appliance.adapters.picture_export export SOURCE FOLDER.")
        logging.disable(logging.WARNING)
        reports.set_verbosity_error()
        reports.disable_progress_bar()
        export_picture_embedder(Path(arguments[1]).absolute(), Path(arguments[2]).absolute())
    except MantelError as error:
        sys.stderr.write(f"{error}\n")
        return 2 if isinstance(error, WrongUsage) else 1
    sys.stdout.write(f"The picture model is in {os.fspath(arguments[2])}.\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
