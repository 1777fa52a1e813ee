"""Which vision models are installed: one folder each in the home's `models`, described by its model.json. Imports nothing heavy."""

import hashlib
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from appliance.errors import ModelMissing, ModelWrong

DESCRIPTION = "model.json"
PURPOSE = "vision"
FIX = "install one on the Models page or with “mantel models install”; docs/guide/models.md says how"

Handler = Literal["moondream", "template"]
"""How picture and words are put together: as Moondream 2 wants it, or by the chat template in the text model's own file."""


class ModelFile(msgspec.Struct, frozen=True):
    """A file beside model.json, by its plain name."""

    file: str
    sha256: str


class Files(msgspec.Struct, frozen=True):
    """The pair that llama.cpp loads: the text model and the projector (mmproj)."""

    text: ModelFile
    projector: ModelFile


class Prompts(msgspec.Struct, frozen=True):
    """The words behind the picture. `caption`: tried in turn until one gives a usable sentence; `question` holds {question}.

    `facts` stands before a question when something is known of the picture and holds {facts}; "": this model is told nothing.
    """

    caption: tuple[str, ...]
    question: str
    facts: str = "\n\nNotes on this picture, quoted:\n{facts}"


class Description(msgspec.Struct, frozen=True):
    """model.json. `sample` models know drawn pictures only and are never chosen by themselves; `record` is for people."""

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


class VisionModel(msgspec.Struct, frozen=True):
    """An installed model: its folder and what it says about itself."""

    folder: Path
    description: Description

    @property
    def text(self) -> Path:
        return self.folder / self.description.files.text.file

    @property
    def projector(self) -> Path:
        return self.folder / self.description.files.projector.file

    @property
    def version(self) -> str:
        """Name and a fingerprint of everything that can change a caption."""
        said = self.description
        fingerprint = hashlib.sha256(msgspec.json.encode((said.files, said.prompts, said.kv_overrides, said.n_ctx)))
        return f"{said.name}@{fingerprint.hexdigest()[:12]}"


def read(folder: Path) -> VisionModel:
    """Return the model in `folder`; raises ModelMissing, or ModelWrong when model.json is damaged or names other folders' files."""
    name = f"The vision model “{folder.name}”"
    try:
        description = msgspec.json.decode((folder / DESCRIPTION).read_bytes(), type=Description)
    except OSError:
        raise ModelMissing(model=name, fix=FIX) from None
    except msgspec.MsgspecError as error:
        raise ModelWrong(model=name, reason=f"its {DESCRIPTION} is damaged: {error}") from error
    if any(Path(part.file).name != part.file for part in (description.files.text, description.files.projector)):
        raise ModelWrong(model=name, reason=f"its {DESCRIPTION} names files of another folder")
    if not description.prompts.caption or "{question}" not in description.prompts.question:
        raise ModelWrong(model=name, reason=f"its {DESCRIPTION} lacks a prompt")
    return VisionModel(folder, description)


def installed(models: Path) -> list[VisionModel]:
    """Return every vision model below `models`, samples included, by name; what cannot be read is left out."""
    found = []
    for description in sorted(models.glob(f"*/{DESCRIPTION}")):
        try:
            model = read(description.parent)
        except (ModelMissing, ModelWrong):
            continue  # another kind of model, or a damaged one: find() says what is wrong with the one that is asked for
        if model.description.purpose == PURPOSE:
            found.append(model)
    return found


def find(models: Path, name: str) -> VisionModel:
    """Return the model called `name`, or for "" the only one that is not a sample; raises ModelMissing or ModelWrong."""
    if name:
        return read(models / Path(name).name)
    real = [model for model in installed(models) if not model.description.sample]
    if not real:
        raise ModelMissing(model="A vision model", fix=FIX)
    if len(real) > 1:
        names = ", ".join(model.folder.name for model in real)
        raise ModelMissing(model="The vision model", fix=f"choose one of {names} with the setting vision_model")
    return real[0]


def elsewhere(name: str) -> VisionModel:
    """Return the model of another machine, which is known by its name alone and is spoken to in plain words."""
    description = Description(
        name=name,
        purpose=PURPOSE,
        licence="as its owner knows",
        handler="template",
        files=Files(ModelFile("elsewhere", ""), ModelFile("elsewhere", "")),
        prompts=Prompts(
            caption=("Describe this image in one sentence.", "What is in this image?"),
            question="{question}",
            facts="Notes on this picture, quoted:\n{facts}\n",
        ),
        n_ctx=0,
    )
    return VisionModel(Path("/elsewhere"), description)


def in_use(models: Path, name: str, address: str) -> VisionModel | None:
    """Return the model that looks at pictures: the one at `address` when the owner gave one, else find()'s; None without any."""
    if address:
        return elsewhere(f"another machine, {urlsplit(address).hostname}")
    try:
        return find(models, name)
    except (ModelMissing, ModelWrong):
        return None


def verify(model: VisionModel) -> None:
    """Compare both files with their SHA-256; raises ModelWrong."""
    for path, expected in ((model.text, model.description.files.text), (model.projector, model.description.files.projector)):
        compared(f"The vision model “{model.folder.name}”", path, expected)


def compared(model: str, path: Path, expected: ModelFile) -> None:
    """Compare the file at `path` with what its model.json says of it; raises ModelWrong, naming `model`."""
    try:
        with path.open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise ModelWrong(model=model, reason=f"{path.name} cannot be read: {error.strerror}") from error
    if found != expected.sha256:
        raise ModelWrong(model=model, reason=f"the SHA-256 of {path.name} differs")
