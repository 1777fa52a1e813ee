"""Query → hits: filters by SQL, ranking by embeddings and words, and for every hit why it is one."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from appliance.accounts.viewer import Viewer
from appliance.errors import VectorsLost
from appliance.library.access import visible_assets
from appliance.search import ranking
from appliance.search.conditions import conditions
from appliance.search.filters import Query
from appliance.search.matrix import FEW, Cosines, Ids, Matrix, Vector
from appliance.search.reasons import Why, reasons
from appliance.search.words import content_words, quoted
from appliance.store.db import Reader

REACH = 1000  # how many of the nearest embeddings Chroma is asked for
PAGE = 50
NOTHING = np.empty(0, np.int64)
Nearest = Callable[[Vector, int], list[tuple[int, float]]]


class Embedder(Protocol):
    """The part of adapters.embedder.TextEmbedder that a question needs."""

    def embed(self, sentences: Sequence[str]) -> Vector: ...


@dataclass(frozen=True, slots=True)
class Hit:
    """One match; `score` as in ranking.py, 1.0 when only filters were asked."""

    asset_id: int
    original: str
    score: float
    why: tuple[Why, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """`total` matches, of which `hits` is one page; `assets` holds the ids of all of them in the order of the hits."""

    total: int
    hits: tuple[Hit, ...]
    assets: Ids


def find(
    reader: Reader, viewer: Viewer, query: Query, *, embedder: Embedder | None, matrix: Matrix, nearest: Nearest | None = None,
    limit: int = PAGE, offset: int = 0,
) -> Found:  # fmt: skip
    """Return what `viewer` may see that fits `query`: the filters' exact set, or within it what fits the text.

    Without an `embedder` (not loaded yet, not installed) words alone decide. `nearest` is Chroma's, for the process that owns
    it; without it every embedding is looked at. `offset` and `limit` choose the page; `query.limit` cuts the whole.
    """
    ranked = matches(reader, viewer, query, embedder=embedder, matrix=matrix, nearest=nearest)
    page = slice(offset, offset + limit)
    assets, scores = ranked.assets[page].tolist(), ranked.scores[page].tolist()
    why = reasons(reader, query, assets)
    originals = dict(reader.all("SELECT id, original FROM asset WHERE id IN (SELECT value FROM json_each(?))", (_json(assets),)))
    hits = tuple(Hit(asset, originals[asset], round(score, 4), why[asset]) for asset, score in zip(assets, scores, strict=True))
    return Found(len(ranked.assets), hits, ranked.assets)


def matches(
    reader: Reader, viewer: Viewer, query: Query, *, embedder: Embedder | None, matrix: Matrix, nearest: Nearest | None = None
) -> ranking.Ranked:
    """Return every match of `query`, in the order that it asks for."""
    wanted = conditions(query)
    if not _asks_with_words(query, filtered=bool(wanted)):
        assets = _passing(reader, viewer, query)
        return _cut(ranking.Ranked(assets, np.ones(len(assets))), query)
    among = np.sort(_passing(reader, viewer, query)) if wanted else None
    words = content_words(query.text)
    covered = _within(among, ranking.coverage(_holders(reader, words), _library(reader)))
    vector = embedder.embed([query.text])[0] if embedder is not None else None
    cosines = Cosines(NOTHING, np.empty(0, np.float32))
    if vector is not None and (among is None or len(among)):
        cosines = _cosines(reader, vector, among, covered, matrix, nearest)
    if among is None:
        cosines, covered = _visible(reader, viewer, cosines, covered)
    ranked = ranking.rank(cosines, covered, filtered=among is not None)
    return _cut(_ordered(reader, ranked, query), query)


def _asks_with_words(query: Query, *, filtered: bool) -> bool:
    """Words that say nothing (“photos of us”) leave the filters alone to decide; so does no word at all."""
    return bool(content_words(query.text)) or (bool(query.text.strip()) and not filtered)


def _passing(reader: Reader, viewer: Viewer, query: Query) -> Ids:
    """Return every visible asset that passes the filters, in the order asked for: newest first, unless oldest."""
    wanted = conditions(query)
    direction = "ASC" if query.sort == "oldest" else "DESC"
    return _ids(
        reader.all(
            f"SELECT asset.id FROM asset WHERE {visible_assets(viewer)} AND {wanted.where()} "
            f"ORDER BY asset.capture_time {direction}, asset.id {direction}",
            wanted.parameters,
        )
    )


def _holders(reader: Reader, words: Iterable[str]) -> Mapping[str, Ids]:
    """Return, for each word, the assets whose words hold it (in any form of it: “runs” is “run”), ascending."""
    return {word: _ids(reader.all("SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid", (quoted(word),))) for word in words}


def _library(reader: Reader) -> int:
    return int(reader.value("SELECT count(*) FROM asset"))


def _cosines(
    reader: Reader, vector: Vector, among: Ids | None, covered: ranking.Coverage, matrix: Matrix, nearest: Nearest | None
) -> Cosines:
    """Chroma answers for the whole library when its reach goes beyond what can fit; else every candidate is looked at."""
    if among is None and nearest is not None and len(covered.assets) <= FEW:
        try:
            near = nearest(vector, REACH)
        except VectorsLost:
            near = []  # its owner mends it; until then every embedding is looked at
        if near and (len(near) < REACH or near[-1][1] < ranking.least_score(covered.words)):
            holding = matrix.cosines(reader, vector, covered.assets)
            return _joined(_of_assets(reader, near), holding)
    return matrix.cosines(reader, vector, among)


def _of_assets(reader: Reader, near: list[tuple[int, float]]) -> Cosines:
    owners = dict(
        reader.all(
            "SELECT id, asset_id FROM embedding WHERE id IN (SELECT value FROM json_each(?))",
            (_json(number for number, _ in near),),
        )
    )
    best: dict[int, float] = {}
    for number, cosine in near:
        if (asset := owners.get(number)) is not None:
            best[asset] = max(cosine, best.get(asset, -1.0))
    assets = sorted(best)
    return Cosines(np.array(assets, np.int64), np.array([best[asset] for asset in assets], np.float32))


def _joined(some: Cosines, others: Cosines) -> Cosines:
    assets, first = np.unique(np.concatenate([some.assets, others.assets]), return_index=True)
    return Cosines(assets, np.concatenate([some.values, others.values])[first])


def _within(among: Ids | None, covered: ranking.Coverage) -> ranking.Coverage:
    if among is None:
        return covered
    keep = np.isin(covered.assets, among, assume_unique=True)
    return ranking.Coverage(covered.assets[keep], covered.values[keep], covered.unknown, covered.words)


def _visible(reader: Reader, viewer: Viewer, cosines: Cosines, covered: ranking.Coverage) -> tuple[Cosines, ranking.Coverage]:
    """Leave out what `viewer` may not see before anything is decided, and what can't fit anyway before SQLite is asked."""
    least = ranking.least_score(covered.words) - ranking.weight(covered.words)
    near = cosines.assets[cosines.values >= least]
    candidates = np.union1d(near, covered.assets).tolist()
    seen = _ids(
        reader.all(
            f"SELECT asset.id FROM asset WHERE {visible_assets(viewer)} "
            "AND asset.id IN (SELECT value FROM json_each(?)) ORDER BY asset.id",
            (_json(candidates),),
        )
    )
    keep = np.isin(cosines.assets, seen, assume_unique=True)
    return Cosines(cosines.assets[keep], cosines.values[keep]), _within(seen, covered)


def _ordered(reader: Reader, ranked: ranking.Ranked, query: Query) -> ranking.Ranked:
    if query.sort == "relevance":
        return ranked
    direction = "ASC" if query.sort == "oldest" else "DESC"
    by_time = _ids(
        reader.all(
            f"SELECT id FROM asset WHERE id IN (SELECT value FROM json_each(?)) ORDER BY capture_time {direction}, id {direction}",
            (_json(ranked.assets.tolist()),),
        )
    )
    score = dict(zip(ranked.assets.tolist(), ranked.scores.tolist(), strict=True))
    return ranking.Ranked(by_time, np.array([score[asset] for asset in by_time.tolist()]))


def _cut(ranked: ranking.Ranked, query: Query) -> ranking.Ranked:
    return ranking.Ranked(ranked.assets[: query.limit], ranked.scores[: query.limit])


def _ids(rows: list[tuple[int]]) -> Ids:
    return np.array([row[0] for row in rows], np.int64)


def _json(ids: Iterable[int]) -> str:
    return f"[{','.join(map(str, ids))}]"
