"""Which text models are installed: one folder each in the home's `models`, described by its model.json. Imports nothing heavy.

A text model reads what Mantel's own grammar left unread of a sentence (adapters/vision_text.py); nothing needs one.
"""

from pathlib import Path
from typing import Literal

import msgspec

from appliance.adapters.vision_models import DESCRIPTION, FIX, ModelFile, compared
from appliance.errors import ModelMissing, ModelWrong

PURPOSE = "text"
OFF = "off"  # as the setting text_model: none is used

Handler = Literal["template", "plain"]
"""How the words are put together: by the chat template in the model's own file, or one behind the other."""


class Prompts(msgspec.Struct, frozen=True):
    """`instruction` is the same for every sentence; `question` holds {left}, and may hold {sentence} and {names}."""

    instruction: str
    question: str


class Files(msgspec.Struct, frozen=True):
    text: ModelFile


class Description(msgspec.Struct, frozen=True):
    """model.json. `sample` models know a dozen sentences and are never chosen by themselves; `record` is for people."""

    name: str
    purpose: str
    licence: str
    handler: Handler
    files: Files
    prompts: Prompts
    n_ctx: int
    kv_overrides: dict[str, bool | int | float | str] = {}
    sample: bool = False
    record: dict[str, str | int | float] = {}


class TextModel(msgspec.Struct, frozen=True):
    """An installed model: its folder and what it says about itself."""

    folder: Path
    description: Description

    @property
    def text(self) -> Path:
        return self.folder / self.description.files.text.file


def read(folder: Path) -> TextModel:
    """Return the model in `folder`; raises ModelMissing, or ModelWrong when its model.json is damaged or another kind's."""
    name = f"The text model “{folder.name}”"
    try:
        description = msgspec.json.decode((folder / DESCRIPTION).read_bytes(), type=Description)
    except OSError:
        raise ModelMissing(model=name, fix=FIX) from None
    except msgspec.MsgspecError as error:
        raise ModelWrong(model=name, reason=f"its {DESCRIPTION} is damaged: {error}") from error
    if description.purpose != PURPOSE:
        raise ModelWrong(model=name, reason="it is no text model")
    file = description.files.text.file
    if Path(file).name != file:
        raise ModelWrong(model=name, reason=f"its {DESCRIPTION} names files of another folder")
    if "{left}" not in description.prompts.question:
        raise ModelWrong(model=name, reason=f"its {DESCRIPTION} lacks a prompt")
    return TextModel(folder, description)


def installed(models: Path) -> list[TextModel]:
    """Return every text model below `models`, samples included, by name; what cannot be read is left out."""
    found = []
    for description in sorted(models.glob(f"*/{DESCRIPTION}")):
        try:
            found.append(read(description.parent))
        except (ModelMissing, ModelWrong):
            continue  # another kind of model, or a damaged one
    return found


def in_use(models: Path, name: str) -> TextModel | None:
    """Return the model called `name`, or for "" the only one that is not a sample; None for "off", and when there is none."""
    if name == OFF:
        return None
    if name:
        try:
            return read(models / Path(name).name)
        except (ModelMissing, ModelWrong):
            return None
    real = [model for model in installed(models) if not model.description.sample]
    return real[0] if len(real) == 1 else None


def verify(model: TextModel) -> None:
    """Compare the file with its SHA-256; raises ModelWrong."""
    compared(f"The text model “{model.folder.name}”", model.text, model.description.files.text)
