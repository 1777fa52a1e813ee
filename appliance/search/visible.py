"""How much a word means something that can be seen in a picture: a straight line through the search model's vectors.

`visible.tsv` holds the line, a number for each dimension and a last one that is added; `tests/models/train_visible.py` made it
from our own lists of words. About +1 for a dog, about -1 for a timestamp; near 0 it does not know. Words of English are judged
best.
"""

from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path

import numpy as np

from appliance.search.find import Embedder
from appliance.search.matrix import Vector

FILE = Path(__file__).with_suffix(".tsv")
REMEMBERED = 4096  # words


@cache
def line() -> Vector:
    """Return the numbers of the file, float32."""
    return np.array(FILE.read_text(encoding="ascii").split(), np.float32)


@lru_cache(maxsize=2)
def visible_by(embedder: Embedder) -> Callable[[str], float]:
    """Return the question “how visible is this word”, asked of `embedder`; it remembers its answers."""
    numbers = line()

    @lru_cache(maxsize=REMEMBERED)
    def visible(word: str) -> float:
        return float(embedder.embed([word])[0] @ numbers[:-1] + numbers[-1])

    return visible
