"""Search, measured: how well it finds, and how long it takes beside a plain numpy product in the same run.

Quality needs the development captions; time is taken on made-up libraries of 1,000, 10,000 and 100,000 captioned photos.
"""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from appliance.adapters.embedder import DIMENSIONS, MODEL
from appliance.adapters.vectors import Vectors
from appliance.search.filters import PlaceFilter, Query
from appliance.search.find import find
from appliance.search.index import feed
from appliance.search.matrix import CAPTIONS, PICTURES, Kept, Matrix, Vector
from appliance.search.pictures import Pictures
from appliance.store.db import Reader, Store
from tests.search.captions import ABSENT, FILE, Measured, captions, measure, put
from tests.search.shelf import OLIVE, embedder

SIZES = (1_000, 10_000, 100_000)
CHROMA_UP_TO = 10_000  # building it for 100,000 takes two minutes of the three that all of this may take
QUESTIONS = (
    "a dog on the beach",
    "red car",
    "birthday cake",
    "two children playing football in the park",
    "a submarine",
    "old man reading",
)
PARTS = [
    part.split("|")
    for part in (
        "a dog|two children|an old man|a woman|a red car|a group of people|a cat|a boy|a girl|a bird",
        "runs|sits|stands|is playing|looks around|waits|sleeps|jumps|is eating|is seen",
        "on the beach|in the snow|in a park|at a table|in front of a house|by a lake|in a kitchen|on a street",
        "in the evening|in bright sunshine|with a ball|with a birthday cake|near a bicycle|under a tree|today|with a hat",
    )
]
PICTURE_DIMENSIONS = 768  # of SigLIP's base size
SHARES = {"the whole library": None, "filters leave half": "Half", "1 in 100": "Hundredth", "1 in 10,000": "Rare"}
SECONDS = 1.5


def quality() -> None:
    """Print recall and mean reciprocal rank on the development captions, and how often search keeps silent."""
    if not FILE.exists():
        print("quality: the development captions are not on this machine")
        return
    first, asked = [one[0] for one in captions()], [one[1] for one in captions()]
    vectors = embedder().embed(first)
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "mantel.db", Path(folder) / "copies")
        with store.write() as writer:
            put(writer, first, vectors)
        fused, words = measure(store, asked), measure(store, asked, model=False)
        absent = measure(store, list(ABSENT)).silent
        store.close()
    cosines = embedder().embed(asked) @ vectors.T
    places: list[int | None] = [int((row > row[number]).sum()) for number, row in enumerate(cosines)]
    print("quality on 1,000 pictures, caption 1 indexed, caption 2 asked   recall@1   @5   @10   MRR   silent")
    for name, one in (("embeddings alone", Measured(places, [False])), ("words alone", words), ("together", fused)):
        recalls = "  ".join(f"{one.recall(at):.3f}" for at in (1, 5, 10))
        print(f"  {name:<18} {recalls}  {one.mean_reciprocal_rank():.3f}  {sum(one.silent) / len(one.silent):.3f}")
    print(f"  silent about {len(absent)} things that are not there: {sum(absent) / len(absent):.2f}")


def library(store: Store, size: int) -> None:
    """Fill `store` with made-up captions; each vector is one of a few hundred real ones, moved by a random step."""
    random = np.random.default_rng(size)
    kinds = [" ".join(random.choice(part) for part in PARTS) for _ in range(400)]
    real = embedder().embed(kinds)
    chosen = random.integers(len(kinds), size=size)
    vectors = real[chosen] + random.normal(scale=0.5 / DIMENSIONS**0.5, size=(size, DIMENSIONS)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    with store.write() as writer:
        put(writer, [f"{kinds[kind]} {number}" for number, kind in enumerate(chosen)], vectors.astype(np.float32))
        writer.run("UPDATE asset SET country='XX', region='Half' WHERE id % 2 = 0")
        writer.run("UPDATE asset SET town='Hundredth' WHERE id % 100 = 0")
        writer.run("UPDATE asset SET town='Rare' WHERE id % 10000 = 0")


class RandomWords:
    """Stands where SigLIP's tower for words stands, and takes no time."""

    scale, bias = 117.0, -12.9

    def embed(self, sentence: str) -> Vector:
        vector = np.random.default_rng(len(sentence)).normal(size=PICTURE_DIMENSIONS).astype(np.float32)
        return vector / np.linalg.norm(vector)


def show(store: Store, size: int) -> Pictures:
    """Give every photo a random vector of the base size, as the worker would keep it."""
    random = np.random.default_rng(size)
    with store.write() as writer:
        for first in range(1, size + 1, 10_000):
            ids = range(first, min(first + 10_000, size + 1))
            vectors = random.standard_normal((len(ids), PICTURE_DIMENSIONS), np.float32)
            vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
            rows = [(asset, vector.astype("<f2").tobytes()) for asset, vector in zip(ids, vectors, strict=True)]
            writer.many("INSERT INTO picture_embedding VALUES(?,'random',?)", rows)
    return Pictures(RandomWords(), Matrix("random", PICTURES))


def timed(ask: Callable[[str], object]) -> tuple[float, float]:
    """Return median and 95th percentile in milliseconds of asking the QUESTIONS over and over for SECONDS."""
    took = []
    ask(QUESTIONS[0])
    end = time.perf_counter() + SECONDS
    while time.perf_counter() < end:
        for question in QUESTIONS:
            start = time.perf_counter()
            ask(question)
            took.append((time.perf_counter() - start) * 1000)
    return float(np.median(took)), float(np.percentile(took, 95))


def query(question: str, share: str | None) -> Query:
    if share is None:
        return Query(text=question)
    return Query(text=question, places=(PlaceFilter(share, region=share) if share == "Half" else PlaceFilter(share, town=share),))


def speed(size: int) -> None:
    """Print the times of one library: a plain product of all vectors and a question, then ours as a multiple of it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store, matrix = Store(folder / "mantel.db", folder / "copies"), Matrix(MODEL)
        library(store, size)
        with store.read() as reader:
            base, late = baseline(reader)
            print(f"{size:,} photos; embed, multiply and sort with numpy: p50 {base:.1f} ms, p95 {late:.1f} ms")
            for label, share in SHARES.items():
                if share != "Rare" or size >= 10_000:
                    report(label, base, asked(reader, matrix, None, share))
        pictures = show(store, size)
        with store.read() as reader:
            both, _ = baseline(reader, pictures)
            print(f"  with pictures; both embeddings' products and sorts with numpy: p50 {both:.1f} ms")
            for label, share in SHARES.items():
                if share != "Rare" or size >= 10_000:
                    report(f"{label}, pictures too", both, asked(reader, matrix, None, share, pictures))
            alike = Query(like=(7,))
            report(
                "more like this", both, timed(lambda _: find(reader, OLIVE, alike, embedder=None, matrix=matrix, pictures=pictures))
            )
            report(
                "words alone", base, timed(lambda question: find(reader, OLIVE, Query(text=question), embedder=None, matrix=matrix))
            )
        if size <= CHROMA_UP_TO:
            vectors = Vectors(folder / "chroma")
            start = time.perf_counter()
            feed(store, vectors, matrix)
            rate = size / (time.perf_counter() - start)
            with store.read() as reader:
                report(f"Chroma (fed at {rate:,.0f} a second)", base, asked(reader, matrix, vectors, None))
            vectors.close()
        store.close()


def baseline(reader: Reader, pictures: Pictures | None = None) -> tuple[float, float]:
    plain = stacked(reader, CAPTIONS)
    shown = stacked(reader, PICTURES) if pictures else None

    def ask(question: str) -> None:
        np.argsort(plain @ embedder().embed([question])[0])[-50:]
        if pictures is not None and shown is not None:
            np.argsort(shown @ pictures.words.embed(question))[-50:]

    return timed(ask)


def stacked(reader: Reader, kept: Kept) -> Vector:
    return kept.stacked([blob for (blob,) in reader.all(f"SELECT vector FROM {kept.table} ORDER BY {kept.number}")])


def asked(
    reader: Reader, matrix: Matrix, vectors: Vectors | None, share: str | None, pictures: Pictures | None = None
) -> tuple[float, float]:
    nearest = vectors.nearest if vectors else None

    def ask(question: str) -> None:
        find(reader, OLIVE, query(question, share), embedder=embedder(), matrix=matrix, nearest=nearest, pictures=pictures)

    return timed(ask)


def report(name: str, base: float, took: tuple[float, float]) -> None:
    median, late = took
    print(f"  {name:<32} p50 {median:7.1f} ms = {median / base:5.2f} × numpy   p95 {late:7.1f} ms = {late / base:5.2f} ×")


def main() -> None:
    quality()
    for size in SIZES:
        speed(size)


if __name__ == "__main__":
    main()
