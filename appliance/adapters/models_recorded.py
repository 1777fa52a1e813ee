"""What any model's model.json says of its files. Imports nothing heavy."""

from pathlib import Path

import msgspec

from appliance.adapters import vision_models
from appliance.adapters.models_catalogue import MANIFEST
from appliance.errors import ModelMissing, ModelWrong


class _File(msgspec.Struct):
    file: str
    sha256: str


class _Said(msgspec.Struct):
    """What every model.json has in common: a vision model names its files by their part, the others by their name."""

    files: dict[str, _File | str]


def recorded(folder: Path) -> dict[str, str]:
    """Return file name → SHA-256 as the model in `folder` was installed; raises ModelMissing, ModelWrong."""
    name = f"The model “{folder.name}”"
    try:
        said = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=_Said)
    except OSError:
        raise ModelMissing(model=name, fix=vision_models.FIX) from None
    except msgspec.MsgspecError as error:
        raise ModelWrong(model=name, reason=f"its {MANIFEST} is damaged: {error}") from error
    files = [(one.file, one.sha256) if isinstance(one, _File) else (part, one) for part, one in said.files.items()]
    if any(Path(file).name != file for file, _ in files):
        raise ModelWrong(model=name, reason=f"its {MANIFEST} names files of another folder")
    return dict(files)
