"""Keeps what search reads in step with the database: words into FTS5, vectors into Chroma and into memory.

All of it is derived. Words are folded in by whoever has just committed; vectors by the process that owns Chroma.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from appliance.errors import VectorsLost
from appliance.library.access import SHOWN_CAPTION
from appliance.search.document_words import document_words
from appliance.search.ids import as_json
from appliance.search.matrix import Matrix
from appliance.search.shapes import shapes_of
from appliance.search.words import name_words
from appliance.store.db import Store, Writer

PlaceWords = Callable[[str | None, str | None, str | None], str]
FOLDED_AT_ONCE = 2000
FED_AT_ONCE = 2000
LONGEST_TEXT = 20_000


class CountryNames(Protocol):
    """The part of adapters.places.Gazetteer that folding needs."""

    def country_names(self, code: str, languages: Iterable[str] = ()) -> list[str]: ...


class VectorIndex(Protocol):
    """The part of adapters.vectors.Vectors that feeding needs."""

    def upsert(self, ids: Sequence[int], vectors: npt.NDArray[np.float32]) -> None: ...
    def delete(self, ids: Sequence[int]) -> None: ...
    def count(self) -> int: ...
    def clear(self) -> None: ...


def plain_place(country: str | None, region: str | None, town: str | None) -> str:
    """The words of a place when no gazetteer is at hand: region and town as they are, no name of a country."""
    return " ".join(filter(None, (region, town)))


def place_words(names: CountryNames, languages: Sequence[str]) -> PlaceWords:
    """Return a PlaceWords that adds the country's names: English, local, and in `languages`."""

    @lru_cache(maxsize=512)
    def country(code: str) -> str:
        return " ".join(names.country_names(code, languages))

    def words(code: str | None, region: str | None, town: str | None) -> str:
        return " ".join(filter(None, (plain_place(code, region, town), country(code) if code else "")))

    return words


def fold_pending(writer: Writer, place: PlaceWords = plain_place, limit: int = FOLDED_AT_ONCE) -> int:
    """Fold the words of up to `limit` assets that changed into `words` and `shapes`; return how many: 0 when nothing is left."""
    ids = [asset_id for (asset_id,) in writer.all("SELECT asset_id FROM unfolded ORDER BY asset_id LIMIT ?", (limit,))]
    if not ids:
        return 0
    rows = writer.all(_WORDS_OF_ASSETS, {"ids": as_json(ids)})
    there = {row[0] for row in rows}
    for table in ("words", "shapes"):
        writer.many(f"DELETE FROM {table} WHERE rowid=?", [(asset_id,) for asset_id in ids if asset_id not in there])
    folded = [_row(place, *row) for row in rows]
    columns = "rowid, description, caption, text, tags, name, place, document"
    writer.many(f"INSERT OR REPLACE INTO words({columns}) VALUES(?,?,?,?,?,?,?,?)", folded)
    writer.many("INSERT OR REPLACE INTO shapes(rowid, text) VALUES(?,?)", [(row[0], shapes_of(row[3])) for row in folded])
    writer.many("DELETE FROM unfolded WHERE asset_id=?", [(asset_id,) for asset_id in ids])
    return len(ids)


_WORDS_OF_ASSETS = f"""
SELECT asset.id, asset.description,
  {SHOWN_CAPTION},
  (SELECT words FROM recognised_text WHERE recognised_text.asset_id = asset.id),
  (SELECT group_concat(name, ' ') FROM tag WHERE tag.asset_id = asset.id),
  asset.file_name, asset.country, asset.region, asset.town, document.kind, document.reason
FROM asset LEFT JOIN document ON document.asset_id = asset.id WHERE asset.id IN (SELECT value FROM json_each(:ids))
"""


def _row(
    place: PlaceWords, asset_id: int, description: str | None, caption: str | None, text: str | None, tags: str | None,
    file_name: str, country: str | None, region: str | None, town: str | None, kind: str | None, reason: str | None,
) -> tuple[Any, ...]:  # fmt: skip
    names, document = name_words(file_name), document_words(kind, reason or "")
    return asset_id, description, caption, (text or "")[:LONGEST_TEXT], tags, names, place(country, region, town), document


def rebuild(writer: Writer, place: PlaceWords = plain_place) -> int:
    """Empty `words` and `shapes` and fold every asset in again; return how many there are."""
    writer.run("INSERT INTO words(words) VALUES('delete-all')")
    writer.run("INSERT INTO shapes(shapes) VALUES('delete-all')")
    writer.run("INSERT OR IGNORE INTO unfolded SELECT id FROM asset")
    folded = 0
    while step := fold_pending(writer, place):
        folded += step
    return folded


def feed(store: Store, vectors: VectorIndex | None, matrix: Matrix) -> int:
    """Fold changed embeddings into `matrix` and, where there is such an index of them, `vectors`; return how many changes.

    For the one process that owns both. A change is struck off after it was folded in, so being killed means doing it again.
    """
    folded, kept = 0, matrix.kept
    while True:
        with store.read() as reader:
            changes = reader.all(f"SELECT id, {kept.changed} FROM {kept.changes} ORDER BY id LIMIT ?", (FED_AT_ONCE,))
            if not changes:
                return folded
            last, changed = changes[-1][0], sorted({number for _, number in changes})
            sql = kept.rows(f"{kept.number} IN (SELECT value FROM json_each(?)) ORDER BY 1")
            rows = reader.all(sql, (matrix.model, as_json(changed)))
        there = {row[0] for row in rows}
        gone = [number for number in changed if number not in there]
        if vectors is not None and rows:
            vectors.upsert([row[0] for row in rows], kept.stacked([row[2] for row in rows]))
        if vectors is not None and gone:
            vectors.delete(gone)
        matrix.change(rows, gone, last)
        with store.write() as writer:
            writer.run(f"DELETE FROM {kept.changes} WHERE id <= ?", (last,))
        folded += len(changes)


def mend(store: Store, vectors: VectorIndex, matrix: Matrix) -> bool:
    """Feed; then, when `vectors` is damaged or doesn't hold as many embeddings as the database, build it anew.

    Return whether it had to be. For the start of the process that owns Chroma, and for after VectorsLost.
    """
    try:
        feed(store, vectors, matrix)
        with store.read() as reader:
            wanted = reader.value(f"SELECT count(*) FROM {matrix.kept.table} WHERE model=?", (matrix.model,))
        if vectors.count() == wanted:
            return False
    except VectorsLost:
        pass  # whatever is left of it goes
    vectors.clear()
    last, following = 0, matrix.kept.rows(f"{matrix.kept.number}>? ORDER BY 1 LIMIT ?")
    while True:
        with store.read() as reader:
            rows = reader.all(following, (matrix.model, last, FED_AT_ONCE))
        if not rows:
            return True
        vectors.upsert([row[0] for row in rows], matrix.kept.stacked([row[2] for row in rows]))
        last = rows[-1][0]
