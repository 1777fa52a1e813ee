"""What each stage does to one asset: from what is known and the tools, to a result. Nothing here writes to the database."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from appliance.adapters.exiftool import MetadataReader
from appliance.adapters.facefinder import LOOKED_AT, Faces
from appliance.adapters.pixels import Decoder
from appliance.adapters.places import Gazetteer
from appliance.adapters.rgb import Rgb
from appliance.adapters.text_lines import Text
from appliance.adapters.text_reader import TextReader
from appliance.indexing import documents
from appliance.indexing.documents import Decision
from appliance.library import derivatives, known, names, sidecars
from appliance.library.known import Known
from appliance.library.sidecars import Remembered, Settled
from appliance.store.layout import Layout

TEXT_SIDE = 1440
VISION_SIDE = 756  # twice the side that Moondream looks at
CAPTION_SECONDS = 600.0
Vector = npt.NDArray[np.float32]


class Embedder(Protocol):
    """What the embedding stage needs of adapters.embedder.TextEmbedder."""

    MODEL: str

    def embed(self, sentences: Sequence[str]) -> Vector: ...


class Pictures(Protocol):
    """What the picture stage needs of adapters.picture_embedder.PictureEmbedder; `side` is that of the squares it looks at."""

    side: int

    def embed(self, rgb: Rgb) -> Vector: ...


class Vision(Protocol):
    """What the caption stage needs of adapters.vision's client."""

    def caption(self, rgb: Rgb, *, prompt: int, timeout: float) -> str: ...


class Finder(Protocol):
    """What the faces stage needs of adapters.facefinder.FaceFinder."""

    def find(self, rgb: Rgb) -> Faces: ...


@dataclass(frozen=True, slots=True)
class Subject:
    """What the stages are told of an asset. `added_at` in milliseconds since 1970 UTC; `caption` is None when it was hidden;
    `prompt` says which of the model's caption prompts comes first; `person_time` is the capture time when a person set it, as
    exiftool takes it, and `remembered` what is known of a sidecar that Mantel wrote."""

    id: int
    sha256: str
    original: str
    file_name: str
    format: str
    kind: str
    added_at: int
    screenshot: int
    caption: str | None
    text: str | None
    description: str | None
    prompt: int
    person_time: str | None
    remembered: Remembered | None


@dataclass(frozen=True, slots=True)
class Words:
    """What the text stage found: the text, and what kind of document it makes of the picture, if any."""

    text: Text
    document: Decision | None


@dataclass(frozen=True, slots=True)
class Tools:
    """What the stages work with. `embedder`, `pictures`, `vision` and `faces` are used when needed; all may raise ModelMissing.
    `post_faces` takes the number of an asset and its faces, which go nowhere else."""

    layout: Layout
    decoder: Decoder
    metadata: MetadataReader
    gazetteer: Gazetteer
    text_reader: TextReader
    embedder: Callable[[], Embedder]
    pictures: Callable[[], Pictures]
    vision: Vision
    faces: Callable[[], Finder]
    post_faces: Callable[[int, Faces], None]


def read_metadata(subject: Subject, tools: Tools) -> Known:
    """Read the original's metadata again, and its sidecar's."""
    path = tools.layout.original(subject.original)
    sidecar = tools.layout.original(names.sidecar_of(subject.original))
    tags = known.read_tags(tools.metadata, path, sidecar if sidecar.is_file() else None)
    return known.know(tags, subject.format, subject.file_name, subject.added_at, tools.gazetteer)


def make_derivatives(subject: Subject, tools: Tools) -> None:
    """Write preview and thumbnail unless they are there."""
    derivatives.make(tools.decoder, tools.layout, subject.sha256, tools.layout.original(subject.original), subject.kind)


def read_text(subject: Subject, tools: Tools) -> Words:
    """Read the words in the picture and say what kind of document it is."""
    rgb = _preview(subject, tools, TEXT_SIDE)
    text = tools.text_reader.read(rgb)
    return Words(text, documents.decide(text, documents.look_of(rgb), screenshot=bool(subject.screenshot)))


def embed_picture(subject: Subject, tools: Tools) -> Vector:
    """Return the unit vector of what the picture shows; of a video, what its poster shows."""
    pictures = tools.pictures()
    make_derivatives(subject, tools)
    return pictures.embed(tools.decoder.square(tools.layout.preview(subject.sha256), pictures.side))


def find_faces(subject: Subject, tools: Tools) -> None:
    """Find faces and leave them, sealed, for the people process. They are no result: nothing of them is in the database."""
    finder = tools.faces()
    tools.post_faces(subject.id, finder.find(_preview(subject, tools, LOOKED_AT)))


def write_caption(subject: Subject, tools: Tools) -> str:
    """Return one sentence of the vision model."""
    picture = _preview(subject, tools, VISION_SIDE)
    return tools.vision.caption(picture, prompt=subject.prompt, timeout=CAPTION_SECONDS).strip()


def embed(subject: Subject, tools: Tools) -> list[tuple[str, Vector]]:
    """Return (source, unit vector) for each of caption, text and description that there is."""
    sentences = {"caption": subject.caption, "text": subject.text, "description": subject.description}
    present = {source: words for source, words in sentences.items() if words}
    if not present:
        return []
    return list(zip(present, tools.embedder().embed(list(present.values())), strict=True))


def settle_sidecar(subject: Subject, tools: Tools) -> Settled:
    """Have the sidecar say what the row says. The original is not opened."""
    return sidecars.settle(tools.layout, tools.metadata, subject.original, subject.person_time, subject.remembered)


def _preview(subject: Subject, tools: Tools, side: int) -> Rgb:
    """The preview's pixels; the preview is made again when it was deleted."""
    make_derivatives(subject, tools)
    return tools.decoder.rgb(tools.layout.preview(subject.sha256), side)
