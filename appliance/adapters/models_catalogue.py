"""Which search model Mantel uses, where it may lie, and whether it is whole. Imports nothing heavy: safe on every start path."""

import hashlib
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from appliance.errors import ModelMissing, ModelWrong

TEXT_EMBEDDER = "text-embedder"
TEXT_EMBEDDER_FIX = "run “python -m appliance.adapters.models export FOLDER”, or “make run”, which does it once"
MANIFEST = "model.json"


class Manifest(msgspec.Struct, frozen=True):
    """What an exported model folder says about itself; `files` maps each file's name to its SHA-256."""

    model: str
    source: str
    licence: str
    files: dict[str, str]


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """One model as `mantel models list` shows it; `sha256` is that of its largest file, `size` in bytes."""

    name: str
    purpose: str
    licence: str
    size: int
    sha256: str
    state: Literal["installed", "missing", "wrong"]
    kind: str


def text_embedder_folder(models: Path) -> Path:
    """Return where the text embedder lies: in `models` of the home, else where `make` exported it once for every home.

    Raises ModelMissing when it is in neither place.
    """
    for folder in (models / TEXT_EMBEDDER, Path(sys.prefix) / "share" / "mantel" / "models" / TEXT_EMBEDDER):
        if (folder / MANIFEST).is_file():
            return folder
    raise ModelMissing(model="The search model", fix=TEXT_EMBEDDER_FIX)


def checked_manifest(folder: Path, expected: str) -> Manifest:
    """Return the manifest of `folder` after comparing every file's SHA-256 with it.

    Raises ModelMissing when there is no model there, ModelWrong when it isn't `expected` or a file differs.
    """
    try:
        manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except FileNotFoundError:
        raise ModelMissing(model=f"The search model {expected}", fix=TEXT_EMBEDDER_FIX) from None
    except msgspec.MsgspecError as error:
        raise ModelWrong(model=f"The search model in {folder}", reason=f"its manifest is damaged: {error}") from error
    if manifest.model != expected:
        raise ModelWrong(model=f"The search model in {folder}", reason=f"it is {manifest.model}, not {expected}")
    for name, sha256 in manifest.files.items():
        if Path(name).name != name or not (folder / name).is_file() or file_sha256(folder / name) != sha256:
            raise ModelWrong(model=f"The search model in {folder}", reason=f"{name} is damaged or missing")
    return manifest


def installed(models: Path, expected: str) -> list[InstalledModel]:
    """Return the text embedder's state for a list that people read; never raises for a missing or damaged model."""
    purpose = "turns captions and questions into vectors, so that a sentence finds a picture"
    try:
        folder = text_embedder_folder(models)
        manifest = checked_manifest(folder, expected)
    except ModelMissing:
        return [InstalledModel(TEXT_EMBEDDER, purpose, "Apache-2.0", 0, "", "missing", TEXT_EMBEDDER)]
    except ModelWrong:
        return [InstalledModel(TEXT_EMBEDDER, purpose, "Apache-2.0", 0, "", "wrong", TEXT_EMBEDDER)]
    sizes = {name: (folder / name).stat().st_size for name in manifest.files}
    largest = max(sizes, key=lambda name: sizes[name])
    size, sha256 = sum(sizes.values()), manifest.files[largest]
    return [InstalledModel(TEXT_EMBEDDER, purpose, manifest.licence, size, sha256, "installed", TEXT_EMBEDDER)]


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's content, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
