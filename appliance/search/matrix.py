"""Every embedding of one model in memory: exact cosines, over all of them or over a few assets.

float32, whatever the database keeps: 384 numbers are 1.5 kB, 150 MB for 100,000 captions; 768 are 3 kB, 300 MB for 100,000
pictures (half of it as float16, but then every question takes seven times as long). Loaded when first needed, shared by all
threads, kept in step by `index.feed`.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from appliance.search.ids import Ids, as_json, member
from appliance.store.db import Reader

Vector: TypeAlias = npt.NDArray[np.float32]
FEW = 2000  # assets whose vectors are read from SQLite rather than loading all of them
BLOCK = 4096


@dataclass(frozen=True, slots=True)
class Cosines:
    """For each of `assets` (ascending, each once) the cosine of its best embedding; assets without any are absent."""

    assets: Ids
    values: Vector


NONE = Cosines(np.empty(0, np.int64), np.empty(0, np.float32))


@dataclass(frozen=True, slots=True)
class Kept:
    """Where the database keeps embeddings of one kind: `table`, the column `number` that tells them apart, the numbers of each
    vector (`kind`, for numpy), the table of changes with its column for `number`, and which are of a sentence about the asset."""

    table: str
    number: str
    kind: str
    changes: str
    changed: str
    says: str

    def rows(self, condition: str) -> str:
        """SQL for (number, asset id, vector, whether it is a sentence's) of those of one model that meet `condition`."""
        return f"SELECT {self.number}, asset_id, vector, {self.says} FROM {self.table} WHERE model=? AND {condition}"

    def stacked(self, vectors: Sequence[bytes]) -> Vector:
        """Return `vectors`, at least one, as rows of float32."""
        return np.frombuffer(b"".join(vectors), self.kind).reshape(len(vectors), -1).astype(np.float32, copy=False)


# Of captions, descriptions and texts; a text tells what stands in the picture, not what it shows.
CAPTIONS = Kept("embedding", "id", "<f4", "embedding_change", "embedding_id", "source <> 'text'")
PICTURES = Kept("picture_embedding", "asset_id", "<f2", "picture_embedding_change", "asset_id", "0")
KeptRow: TypeAlias = tuple[int, int, bytes, int]


class Matrix:
    """The embeddings of `model`. Before they are loaded, questions about a few assets are answered from SQLite."""

    def __init__(self, model: str, kept: Kept = CAPTIONS) -> None:
        self.model = model
        self.kept = kept
        self._lock = threading.Lock()
        self._told = 0  # the newest change that `change` was told of
        self._loaded = False
        self._forget()

    def _forget(self) -> None:
        self._ids: Ids = np.empty(0, np.int64)  # ascending
        self._assets: Ids = np.empty(0, np.int64)
        self._says: npt.NDArray[np.bool_] = np.empty(0, np.bool_)
        self._rows: Vector = np.empty((0, 0), np.float32)  # may have more rows than ids: room to grow

    def cosines(self, reader: Reader, vector: Vector, assets: Ids | None = None) -> Cosines:
        """Return the cosines between the unit vector and each asset that has an embedding, of `assets` (ascending) when given."""
        if assets is not None and len(assets) <= FEW and not self._loaded:
            return self._from_rows(reader, vector, assets)
        with self._lock:
            if not self._loaded:
                self._load(reader)
            owners, rows = self._assets, self._rows
        if not len(owners):
            return _best(owners, np.empty(0, np.float32))
        chosen = None if assets is None else np.flatnonzero(member(owners, assets))
        if chosen is None or len(chosen) > len(owners) // 4:
            every: Vector = rows[: len(owners)] @ vector
            return _best(owners, every) if chosen is None else _best(owners[chosen], every[chosen])
        return _best(owners[chosen], rows[chosen] @ vector)

    def perhaps_without_sentence(self, assets: Ids) -> Ids:
        """Return those of `assets` of which no embedding of a caption or a description is in memory; before loading all of them."""
        with self._lock:
            return assets[~member(assets, self._assets[self._says])]

    def change(self, rows: Sequence[KeptRow], gone: Sequence[int], last: int) -> None:
        """Take over changed rows (as `Kept.rows` gives them) and drop those `gone`; `last` is the newest change's id."""
        with self._lock:
            self._told = last
            if not self._loaded:
                return
            leaving = np.array(sorted({*gone, *(row[0] for row in rows)}), np.int64)
            keep = ~member(self._ids, leaving)
            if not keep.all():
                self._rows = self._rows[: len(self._ids)][keep]
                self._ids, self._assets, self._says = self._ids[keep], self._assets[keep], self._says[keep]
            self._append(rows)

    def _load(self, reader: Reader) -> None:
        self._forget()
        count = reader.value(f"SELECT count(*) FROM {self.kept.table} WHERE model=?", (self.model,))
        last, following = 0, self.kept.rows(f"{self.kept.number}>? ORDER BY 1 LIMIT ?")
        while rows := reader.rows(_row, following, (self.model, last, BLOCK)):
            self._append(rows, room=count)
            last = rows[-1][0]
        newest = reader.value("SELECT seq FROM sqlite_sequence WHERE name=?", (self.kept.changes,), default=0)
        self._loaded = newest >= self._told  # else this snapshot is older than a change we were told of: load again next time

    def _append(self, rows: Sequence[KeptRow], room: int = 0) -> None:
        if not rows:
            return
        vectors = self.kept.stacked([row[2] for row in rows])
        used = len(self._ids)
        if used + len(rows) > len(self._rows):
            grown = np.empty((max(room, used + len(rows), used * 5 // 4), vectors.shape[1]), np.float32)
            grown[:used] = self._rows[:used] if used else 0
            self._rows = grown
        self._rows[used : used + len(rows)] = vectors
        self._ids = np.concatenate([self._ids, np.array([row[0] for row in rows], np.int64)])
        self._assets = np.concatenate([self._assets, np.array([row[1] for row in rows], np.int64)])
        self._says = np.concatenate([self._says, np.array([row[3] for row in rows], np.bool_)])

    def _from_rows(self, reader: Reader, vector: Vector, assets: Ids) -> Cosines:
        owners, vectors = self.vectors(reader, assets.tolist())
        return _best(owners, vectors @ vector) if len(owners) else NONE

    def vectors(self, reader: Reader, assets: Sequence[int]) -> tuple[Ids, Vector]:
        """Return the embeddings of `assets` from SQLite: whose each row is, and the rows."""
        sql = self.kept.rows("asset_id IN (SELECT value FROM json_each(?))")
        rows = reader.all(sql, (self.model, as_json(assets)))
        if not rows:
            return NONE.assets, np.empty((0, 0), np.float32)
        return np.array([row[1] for row in rows], np.int64), self.kept.stacked([row[2] for row in rows])


def _row(number: int, asset_id: int, vector: bytes, says: int) -> KeptRow:
    return number, asset_id, vector, says


def _best(owners: Ids, values: Vector) -> Cosines:
    """Of several embeddings of one asset the best counts."""
    best = np.full(int(owners.max(initial=0)) + 1, -np.inf, np.float32)
    np.maximum.at(best, owners, values)
    assets = np.flatnonzero(best > -np.inf)
    return Cosines(assets, best[assets])
