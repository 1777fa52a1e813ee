"""What pictures themselves show, as search asks it: the picture model's words against its vectors of pictures.

Both towers of the model give vectors of one space; how well a sentence is true of a picture is the model's own probability,
sigmoid(scale · cosine + bias), which was trained as one and so means the same for every question.
"""

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from appliance.search.ids import Ids
from appliance.search.matrix import Cosines, Matrix, Vector
from appliance.store.db import Reader

_THREADS = ThreadPoolExecutor(2, thread_name_prefix="picture-words")


class Words(Protocol):
    """The part of adapters.picture_embedder.WordsEmbedder that a question needs."""

    scale: float
    bias: float

    def embed(self, sentence: str) -> Vector: ...


@dataclass(frozen=True, slots=True)
class Pictures:
    """The tower for words, and the vectors of pictures of the same model."""

    words: Words
    matrix: Matrix

    def ahead(self, sentence: str) -> "Future[Vector]":
        """Begin to embed `sentence`: that takes as long as the database does meanwhile, on another core."""
        return _THREADS.submit(self.words.embed, sentence)

    def likeliness(self, reader: Reader, vector: Vector, among: Ids | None) -> Cosines:
        """Return, for each picture with a vector (of `among` when given), the log-odds that `vector` is true of it."""
        found = self.matrix.cosines(reader, vector, among)
        return Cosines(found.assets, found.values * np.float32(self.words.scale) + np.float32(self.words.bias))
