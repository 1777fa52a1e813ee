"""Pictures and sentences to vectors of one space: SigLIP's two towers through onnxruntime, as `picture_export` wrote them.

The worker needs the tower for pictures only, the web the one for words: each is a class of its own and loads nothing else.
"""

import threading
from collections import OrderedDict
from pathlib import Path

import numpy as np
import numpy.typing as npt

from appliance.adapters.embedder import session, tokenizer
from appliance.adapters.picture_model import PICTURES, TOKENIZER, WORDS, checked, folder_of, installed_version
from appliance.adapters.rgb import Rgb

Vectors = npt.NDArray[np.float32]
REMEMBERED = 64  # questions: one is asked several times over while its answer, its pages and its photos are looked at


class PictureEmbedder:
    """The tower for pictures. Safe to share between threads."""

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        """Raises ModelMissing when there is no model, ModelWrong when a file isn't the exported one."""
        manifest = checked(folder, PICTURES)
        self.model, self.side = manifest.model, manifest.side
        self._mean, self._std = np.array(manifest.mean, np.float32), np.array(manifest.std, np.float32)
        self._session = session(folder / PICTURES, threads)

    def embed(self, rgb: Rgb) -> Vectors:
        """Return the unit vector of a picture of `side` × `side` pixels; raises ValueError when it has another size."""
        if (rgb.width, rgb.height) != (self.side, self.side):
            raise ValueError(f"the picture has {rgb.width} × {rgb.height} pixels, not {self.side} × {self.side}")
        pixels = np.frombuffer(rgb.pixels, np.uint8).reshape(self.side, self.side, 3)
        scaled = (pixels.astype(np.float32) / 255 - self._mean) / self._std
        (vectors,) = self._session.run(None, {"pixels": scaled.transpose(2, 0, 1)[np.newaxis]})
        return np.asarray(vectors[0], np.float32)


class InstalledPictures:
    """The tower for pictures of a home, loaded when it is first needed, and anew when another model lies in its place."""

    def __init__(self, models: Path) -> None:
        self._models = models
        self._lock = threading.Lock()
        self._loaded: PictureEmbedder | None = None

    def version(self) -> str:
        """Return the id of the installed model, '' when there is none. Cheap."""
        return installed_version(self._models)

    def get(self) -> PictureEmbedder:
        """Raises ModelMissing, ModelWrong."""
        with self._lock:
            if self._loaded is None or self._loaded.model != self.version():
                self._loaded = PictureEmbedder(folder_of(self._models))
            return self._loaded


class WordsEmbedder:
    """The tower for sentences, and the model's own scale. Safe to share between threads."""

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        """Raises ModelMissing when there is no model, ModelWrong when a file isn't the exported one."""
        manifest = checked(folder, WORDS, TOKENIZER)
        self.model, self.scale, self.bias, self.sample = manifest.model, manifest.scale, manifest.bias, manifest.sample
        self._session = session(folder / WORDS, threads)
        self._tokenizer = tokenizer(folder / TOKENIZER)
        self._lock = threading.Lock()
        self._known: OrderedDict[str, Vectors] = OrderedDict()

    def embed(self, sentence: str) -> Vectors:
        """Return the unit vector of a sentence; the last ones are remembered."""
        with self._lock:
            if (known := self._known.get(sentence)) is not None:
                self._known.move_to_end(sentence)
                return known
        ids = np.array([self._tokenizer.encode(sentence).ids], np.int64)
        (vectors,) = self._session.run(None, {"tokens": ids})
        vector = np.asarray(vectors[0], np.float32)
        with self._lock:
            self._known[sentence] = vector
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return vector
