"""Chroma, embedded: finds the nearest of many vectors without looking at each. Derived: its folder may vanish at any hour.

One process at a time may have the folder open. Everything that Chroma would read from the environment and that could
make it speak to somebody (another implementation, a host, a collector of traces) is pinned here.
"""

import contextlib
import shutil
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import chromadb
import chromadb.errors
import numpy as np
import numpy.typing as npt
from chromadb.api.shared_system_client import SharedSystemClient
from chromadb.config import Settings

from appliance.errors import VectorsLost

COLLECTION = "embeddings"
BATCH = 32  # Chroma holds up the whole process while it writes: this many take it some 25 ms
DELETED_AT_ONCE = 1000
READ_AT_ONCE = 100  # of Chroma's own search breadth: recall@10 0.997 at 100,000 vectors


class Vectors:
    """The embeddings of one model under their ids. Safe to share between threads; every method may raise VectorsLost."""

    def __init__(self, folder: Path) -> None:
        """Open `folder`, creating it when needed. A folder that Chroma can't open is removed and starts empty."""
        self._folder = folder
        self._lock = threading.RLock()
        try:
            self._open()
        except VectorsLost:
            self.clear()

    def _open(self) -> None:
        with _lost():
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            settings = Settings(
                _env_file=None, anonymized_telemetry=False, allow_reset=False, chroma_server_host=None,
                chroma_api_impl="chromadb.api.rust.RustBindingsAPI", chroma_otel_collection_endpoint="",
                chroma_product_telemetry_impl="chromadb.telemetry.product.posthog.Posthog",
            )  # fmt: skip
            self._client: Any = chromadb.PersistentClient(self._folder, settings=settings)
            self._collection: Any = self._client.get_or_create_collection(
                COLLECTION,
                embedding_function=None,  # the default one would fetch a model
                configuration={"hnsw": {"space": "cosine", "ef_search": READ_AT_ONCE}},
            )

    def upsert(self, ids: Sequence[int], vectors: npt.NDArray[np.float32]) -> None:
        """Add or replace the vectors (rows of `vectors`) of `ids`.

        Many take twice as long as they need to: after each batch it rests as long as the batch took, for others to get their turn.
        """
        for start in range(0, len(ids), BATCH):
            part = slice(start, start + BATCH)
            began = time.monotonic()
            with self._lock, _lost():
                self._collection.upsert(ids=[str(number) for number in ids[part]], embeddings=vectors[part])
            if part.stop < len(ids):
                time.sleep(time.monotonic() - began)

    def delete(self, ids: Sequence[int]) -> None:
        """Forget the vectors of `ids`; one that isn't there is none that has to go."""
        with self._lock, _lost():
            for start in range(0, len(ids), DELETED_AT_ONCE):
                self._collection.delete(ids=[str(number) for number in ids[start : start + DELETED_AT_ONCE]])

    def nearest(self, vector: npt.NDArray[np.float32], limit: int) -> list[tuple[int, float]]:
        """Return up to `limit` pairs (id, cosine), nearest first; approximate: a few of the true nearest may be missing."""
        with self._lock, _lost():
            answer = self._collection.query(query_embeddings=vector[np.newaxis], n_results=limit, include=["distances"])
        return [(int(number), 1.0 - distance) for number, distance in zip(answer["ids"][0], answer["distances"][0], strict=True)]

    def count(self) -> int:
        with self._lock, _lost():
            return int(self._collection.count())

    def is_there(self) -> bool:
        """False when its folder was deleted: Chroma itself goes on with the files that it holds open, until it ends."""
        return (self._folder / "chroma.sqlite3").is_file()

    def clear(self) -> None:
        """Remove everything, the folder too, and start empty: the way out when the folder is damaged."""
        with self._lock:
            self.close()
            SharedSystemClient.clear_system_cache()  # else Chroma answers from what it half opened before
            shutil.rmtree(self._folder, ignore_errors=True)
            self._open()

    def close(self) -> None:
        """Let go of the folder; a second close does nothing."""
        with self._lock:
            client, self._client = getattr(self, "_client", None), None
            if client is not None:
                client.close()


@contextlib.contextmanager
def _lost() -> Iterator[None]:
    """Whatever Chroma says when its folder is damaged or gone, our callers hear VectorsLost."""
    try:
        yield
    except (chromadb.errors.ChromaError, AttributeError, OSError, ValueError) as error:  # AttributeError: a half-opened client
        raise VectorsLost(reason=str(error)) from error
