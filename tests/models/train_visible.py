"""Draws the line between words that can be seen and words that can't: `python -m tests.models.train_visible`, ten seconds.

A ridge regression on the search model's vectors of single words, those of `visible/seen*.txt` as +1, those of `visible/said*.txt`
and of search's own lists of such words as -1, both sides weighing the same. It writes appliance/search/visible.tsv and tells how
many words it got right that it was not shown (ten parts, each judged by what the other nine taught)."""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from appliance.adapters.embedder import TextEmbedder
from appliance.adapters.models_catalogue import text_embedder_folder
from appliance.search import idle_words, saying_words
from appliance.search.visible import FILE

LISTS = Path(__file__).parent / "visible"
RIDGE = 0.3
PARTS = 10
Numbers = npt.NDArray[np.float64]


def words(start: str) -> set[str]:
    """Return the words of the files whose names begin so, in lower case."""
    lines = [line for file in LISTS.glob(f"{start}*.txt") for line in file.read_text(encoding="utf-8").splitlines()]
    return {word.casefold() for line in lines if not line.startswith("#") for word in line.split()}


def lessons() -> tuple[list[str], Numbers]:
    """Return words and what each is; those that are both are left out."""
    seen, said = words("seen"), words("said") | saying_words.WORDS
    said |= set(f"{idle_words.JOURNEYS} {idle_words.ABOUT_FILES} {idle_words.PRAISE}".split())
    every = sorted(seen ^ said)
    return every, np.array([1.0 if word in seen else -1.0 for word in every])


def fitted(vectors: Numbers, sides: Numbers) -> Numbers:
    weights = np.where(sides > 0, 1 / (sides > 0).sum(), 1 / (sides < 0).sum()) * len(sides) / 2
    weighed = vectors * weights[:, None]
    return np.linalg.solve(vectors.T @ weighed + RIDGE * np.eye(vectors.shape[1]), weighed.T @ sides)


def judged_unseen(vectors: Numbers, sides: Numbers) -> Numbers:
    """Return for every word what a line says that was drawn without it."""
    order = np.random.default_rng(0).permutation(len(sides))
    answers = np.zeros(len(sides))
    for part in range(PARTS):
        held = order[part::PARTS]
        shown = np.setdiff1d(order, held)
        answers[held] = vectors[held] @ fitted(vectors[shown], sides[shown])
    return answers


def main() -> None:
    every, sides = lessons()
    embedded = TextEmbedder(text_embedder_folder(Path("/nowhere")), threads=2).embed(every).astype(np.float64)
    vectors = np.hstack([embedded, np.ones((len(every), 1))])
    answers = judged_unseen(vectors, sides)
    print(f"{len(every)} words, on the right side {((answers > 0) == (sides > 0)).mean():.3f}")
    for name, side, far in (("seen above -0.3", 1, answers > -0.3), ("said below -0.3", -1, answers < -0.3)):
        print(f"{name}: {far[sides == side].mean():.3f}")
    FILE.write_text("\n".join(f"{number:.4f}" for number in fitted(vectors, sides)) + "\n", encoding="ascii")


if __name__ == "__main__":
    main()
