"""The installed picture model: where it lies and what its manifest says. Imports nothing heavy: safe on every start path."""

from pathlib import Path

import msgspec

from appliance.adapters.models_catalogue import MANIFEST, Manifest, file_sha256
from appliance.errors import ModelMissing, ModelWrong

PICTURE_EMBEDDER = "picture-embedder"
PICTURE_EMBEDDER_FIX = "run “python -m appliance.adapters.picture_export export SOURCE FOLDER” on a folder with SigLIP's files"
PICTURES, WORDS, TOKENIZER = "pictures.onnx", "words.onnx", "tokenizer.json"


class PictureManifest(Manifest, frozen=True):
    """What `picture_export` wrote beside the two towers of a SigLIP.

    `sample`: trained on drawn pictures, says nothing about real ones. A picture is squeezed to `side` × `side` pixels, then
    (value / 255 - mean) / std; a sentence has `tokens` tokens, filled up at its end. The probability that a sentence is true of a
    picture is sigmoid(scale · cosine + bias). `picture_cosine` and `words_cosine` are the lowest cosines between a vector as served
    and that of the original, over the export's probes; `int8` names the towers that are served with eight-bit weights.
    """

    sample: bool
    dimensions: int
    side: int
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    tokens: int
    scale: float
    bias: float
    int8: tuple[str, ...]
    picture_cosine: float
    words_cosine: float


def folder_of(models: Path) -> Path:
    """Return where the picture model of a home lies; raises ModelMissing when there is none."""
    folder = models / PICTURE_EMBEDDER
    if not (folder / MANIFEST).is_file():
        raise ModelMissing(model="The picture model", fix=PICTURE_EMBEDDER_FIX)
    return folder


def manifest_of(folder: Path) -> PictureManifest:
    """Return the manifest of `folder`, its files not looked at; raises ModelMissing, ModelWrong."""
    try:
        return msgspec.json.decode((folder / MANIFEST).read_bytes(), type=PictureManifest)
    except FileNotFoundError:
        raise ModelMissing(model="The picture model", fix=PICTURE_EMBEDDER_FIX) from None
    except msgspec.MsgspecError as error:
        raise ModelWrong(model=f"The picture model in {folder}", reason=f"its manifest is damaged: {error}") from error


def checked(folder: Path, *names: str) -> PictureManifest:
    """Return the manifest after comparing the SHA-256 of the files `names` with it; raises ModelMissing, ModelWrong."""
    manifest = manifest_of(folder)
    for name in names:
        file = folder / name
        if not file.is_file() or file_sha256(file) != manifest.files.get(name):
            raise ModelWrong(model=f"The picture model in {folder}", reason=f"{name} is damaged or missing")
    return manifest


def installed_version(models: Path) -> str:
    """Return the id of the installed picture model, '' when there is none that can be used. Cheap enough to ask every second."""
    try:
        return manifest_of(models / PICTURE_EMBEDDER).model
    except (ModelMissing, ModelWrong):
        return ""
