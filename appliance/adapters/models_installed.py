"""Which models are here, whether their files are what was installed, and how one is taken away. Imports nothing heavy."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from appliance.adapters import facefinder_models, models_catalogue, models_entries, text_models, vision_models
from appliance.adapters.models_catalogue import MANIFEST, TEXT_EMBEDDER, InstalledModel, file_sha256
from appliance.adapters.models_entries import Entry
from appliance.adapters.models_jobs import parts
from appliance.adapters.models_recorded import recorded
from appliance.errors import ModelMissing, ModelWrong

Tell = Callable[[str, int, int], None]


def every(models: Path, search_model: str) -> list[InstalledModel]:
    """Every model of the catalogue, and every other that is installed. `search_model`: the text embedder that is expected.

    Looks at names and sizes; only the text embedder, which is small, is hashed each time.
    """
    known = [_state(models, one, search_model) for one in models_entries.known()]
    names = {one.name for one in known}
    looking = [_own(models, one.folder.name, one.description) for one in vision_models.installed(models)]
    reading = [_own_text(models, one.folder.name, one.description) for one in text_models.installed(models)]
    return known + [one for one in (*looking, *reading) if one.name not in names]


def _state(models: Path, entry: Entry, search_model: str) -> InstalledModel:
    if entry.name == TEXT_EMBEDDER:
        return models_catalogue.installed(models, search_model)[0]
    largest = max(entry.files, key=lambda file: file.bytes)
    missing = InstalledModel(entry.name, entry.purpose, entry.licence, entry.bytes, largest.sha256, "missing", entry.kind)
    try:
        return _with_files(folder_of(models, entry.name), missing)
    except ModelMissing:
        return missing
    except ModelWrong:
        return replace(missing, state="wrong")


def _own(models: Path, name: str, said: vision_models.Description) -> InstalledModel:
    purpose = models_entries.purpose_of(sample=said.sample)
    return _with_files(models / name, InstalledModel(name, purpose, said.licence, 0, "", "installed", "vision"))


def _own_text(models: Path, name: str, said: text_models.Description) -> InstalledModel:
    purpose = models_entries.text_purpose_of(sample=said.sample)
    return _with_files(models / name, InstalledModel(name, purpose, said.licence, 0, "", "installed", "text"))


def _with_files(folder: Path, model: InstalledModel) -> InstalledModel:
    """Fill in size, hash and state from what lies in `folder`."""
    hashes = recorded(folder)
    sizes = {name: (folder / name).stat().st_size for name in hashes if (folder / name).is_file()}
    if not sizes or len(sizes) < len(hashes):
        return replace(model, state="wrong")
    largest = max(sizes, key=lambda name: sizes[name])
    return replace(model, size=sum(sizes.values()), sha256=hashes[largest], state="installed")


def folder_of(models: Path, name: str) -> Path:
    """Where the model called `name` lies or would lie; raises ModelMissing for one that comes with Mantel and is in no place."""
    if name == facefinder_models.FACES:
        return facefinder_models.face_models_folder(models)
    return models_catalogue.text_embedder_folder(models) if name == TEXT_EMBEDDER else models / Path(name).name


def faults(models: Path, name: str, tell: Tell) -> list[str]:
    """Compare every file of the model with its SHA-256; return what is wrong, a sentence without its stop for each.

    Raises ModelMissing, ModelWrong when there is nothing to compare with.
    """
    folder = folder_of(models, name)
    hashes = recorded(folder)
    found = []
    for number, (file, sha256) in enumerate(hashes.items()):
        tell(f"Comparing {file}", number, len(hashes))
        if not (folder / file).is_file():
            found.append(f"{file} is missing")
        elif file_sha256(folder / file) != sha256:
            found.append(f"{file} is not what was installed")
    return found


def remove_folder(models: Path, name: str) -> bool:
    """Take the model's folder away, out of the loader's sight first; False when there is none."""
    folder = models / Path(name).name
    if not name or not (folder / MANIFEST).exists():
        return False
    doomed = parts(models, folder.name) / "old"  # a kill leaves it where nothing is loaded from
    shutil.rmtree(doomed, ignore_errors=True)
    doomed.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.rename(doomed)
    shutil.rmtree(doomed, ignore_errors=True)
    return True
