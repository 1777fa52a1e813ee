"""The catalogue: which models Mantel knows, and what it knows of them (catalogue.toml). Imports nothing heavy."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from appliance.adapters import text_models, vision_models
from appliance.adapters.models_recorded import recorded
from appliance.adapters.vision_models import Handler, Prompts
from appliance.errors import ModelWrong, WrongUsage

NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,63}")  # a folder and the address of a page are called so
CATALOGUE = Path(__file__).with_name("catalogue.toml")

PREPARED = "pictures.onnx"  # what is made of a picture model

Kind = Literal["vision", "text", "picture-embedder", "text-embedder", "faces"]
Role = Literal["text", "projector", "weights", "settings", "tokenizer", "landmarks"]


class CatalogueFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file of a model. `bytes` 0 and `sha256` "" mean: not known for certain. `optional`: the model works without it."""

    name: str
    role: Role
    bytes: int = 0
    sha256: str = ""
    optional: bool = False


class Recipe(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How llama.cpp uses a pair. `quantise`: the llama.cpp type into which the box turns the published text model, "" for none;
    `quantised_bytes`: about how large that gets."""

    handler: Handler
    prompts: Prompts
    n_ctx: int
    kv_overrides: dict[str, bool | int | float | str] = {}
    quantise: Literal["", "Q4_K_M", "Q8_0"] = ""
    quantised_bytes: int = 0
    sample: bool = False


class Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How llama.cpp has a text model fill in forms."""

    handler: text_models.Handler
    prompts: text_models.Prompts
    n_ctx: int
    kv_overrides: dict[str, bool | int | float | str] = {}


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One model. `memory`, `speed`, `gives` and `without` are for people; `comes_with`: what brings it, when nobody installs it."""

    name: str
    title: str
    kind: Kind
    purpose: str
    publisher: str
    published_as: str
    licence: str
    memory: str
    speed: str
    gives: str
    without: str
    files: tuple[CatalogueFile, ...] = ()
    vision: Recipe | None = None
    text: Form | None = None
    comes_with: str = ""

    @property
    def bytes(self) -> int:
        """Together, as far as the sizes are known."""
        return sum(file.bytes for file in self.files)

    @property
    def needed(self) -> frozenset[str]:
        return frozenset(file.name for file in self.files if not file.optional)

    def file(self, name: str) -> CatalogueFile | None:
        return next((file for file in self.files if file.name == name), None)


class _Catalogue(msgspec.Struct, forbid_unknown_fields=True):
    model: tuple[Entry, ...]


@cache
def known() -> tuple[Entry, ...]:
    """Every model of the catalogue, in its order."""
    document = tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))
    return msgspec.convert(document, _Catalogue).model


def entry(name: str) -> Entry:
    """Return the model called `name`; raises WrongUsage, naming those that there are."""
    for one in known():
        if one.name == name:
            return one
    names = ", ".join(one.name for one in known())
    raise WrongUsage(what=f"Mantel knows no model “{name}”; it knows {names}.")


def described(folder: Path) -> Entry:
    """Return the model that `folder` describes itself in its model.json: a vision model, a text model, or a picture model that
    another machine has prepared. Raises ModelMissing, ModelWrong."""
    hashes = recorded(folder)
    if PREPARED in hashes:
        prepared = tuple(CatalogueFile(name, "weights", sha256=sha256) for name, sha256 in hashes.items())
        return msgspec.structs.replace(entry("picture-embedder"), files=prepared)
    if len(hashes) == 1:  # a vision model has a projector beside its text model
        return _text_entry(folder, text_models.read(folder).description)
    said = vision_models.read(folder).description
    _check_name(folder, said.name)
    return Entry(
        name=said.name,
        title=said.name,
        kind="vision",
        purpose=purpose_of(sample=said.sample),
        publisher="whoever made that folder",
        published_as="",
        licence=said.licence,
        memory="not known",
        speed="not known",
        gives="Captions, and answers about one picture." if not said.sample else "Captions of drawn sample pictures.",
        without="",
        files=(
            CatalogueFile(said.files.text.file, "text", sha256=said.files.text.sha256),
            CatalogueFile(said.files.projector.file, "projector", sha256=said.files.projector.sha256),
        ),
        vision=Recipe(said.handler, said.prompts, said.n_ctx, said.kv_overrides, sample=said.sample),
    )


def _text_entry(folder: Path, said: text_models.Description) -> Entry:
    _check_name(folder, said.name)
    return Entry(
        name=said.name,
        title=said.name,
        kind="text",
        purpose=text_purpose_of(sample=said.sample),
        publisher="whoever made that folder",
        published_as="",
        licence=said.licence,
        memory="not known",
        speed="not known",
        gives="Proposals for what was left unread of a sentence.",
        without="",
        files=(CatalogueFile(said.files.text.file, "text", sha256=said.files.text.sha256),),
        text=Form(said.handler, said.prompts, said.n_ctx, said.kv_overrides),
    )


def _check_name(folder: Path, name: str) -> None:
    if not NAME.fullmatch(name):
        reason = "its name may hold small letters, digits, dots and dashes only"
        raise ModelWrong(model=f"The model in {folder}", reason=reason)


def text_purpose_of(*, sample: bool) -> str:
    """What a text model that is not in the catalogue is for."""
    purpose = "proposes what words may mean that were left unread of a sentence"
    return f"{purpose}; a sample that knows a dozen phrases only" if sample else purpose


def purpose_of(*, sample: bool) -> str:
    """What a vision model that is not in the catalogue is for."""
    purpose = "writes captions and answers questions about one picture"
    return f"{purpose}; a sample that knows drawn scenes only" if sample else purpose
