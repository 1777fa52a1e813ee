"""Query → hits: filters by SQL, ranking by embeddings and words, and for every hit why it is one."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from appliance.accounts.viewer import Viewer
from appliance.errors import VectorsLost
from appliance.library.access import SHOWN_CAPTION, visible_assets
from appliance.search import ranking
from appliance.search.colours import without_other_colours
from appliance.search.conditions import conditions
from appliance.search.filters import Query
from appliance.search.idle_words import PRINTED
from appliance.search.ids import Ids, as_json, ids_of, member
from appliance.search.matrix import FEW, NONE, Cosines, Matrix, Vector
from appliance.search.misread import corrected, holders
from appliance.search.persons import People
from appliance.search.pictures import Pictures
from appliance.search.reasons import Why, reasons
from appliance.search.resembling import alike
from appliance.search.words import content_words, read_in_picture
from appliance.store.db import Reader

REACH = 1000  # how many of the nearest embeddings Chroma is asked for
PAGE = 50
ALMOST_ALL = 0.99  # coverage: enough for a picture of which nothing else is known, not for one that somebody has described
FEW_MATCHES = 3  # with so many or fewer, people are shown those that may match too
NOTHING: Ids = np.empty(0, np.int64)
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
    """`total` matches, of which `hits` is one page; `assets` holds the ids of all of them in the order of the hits.

    `maybe` holds the few that come next, never counted among the matches.
    """

    total: int
    hits: tuple[Hit, ...]
    assets: Ids
    maybe: tuple[Hit, ...] = ()


@dataclass(frozen=True, slots=True)
class _Tiers(ranking.Tiers):
    """`pictured` are the assets whose pictures themselves say why."""

    pictured: Ids


NOTHING_FOUND = Found(0, (), NOTHING)


def find(
    reader: Reader, viewer: Viewer, query: Query, *, embedder: Embedder | None, matrix: Matrix, nearest: Nearest | None = None,
    pictures: Pictures | None = None, people: People | None = None, limit: int = PAGE, offset: int = 0,
) -> Found:  # fmt: skip
    """Return what `viewer` may see that fits `query`: the filters' exact set, or within it what fits the text or resembles a photo.

    Without an `embedder` (not loaded yet, not installed) words and `pictures` decide, without those too words alone. `nearest` is
    Chroma's, for the process that owns it; without it every embedding is looked at. Without `people` (locked, or not for this
    viewer) a query that names persons finds nothing. `offset` and `limit` choose the page; `query.limit` cuts the whole.
    """
    tiers = _tiers(reader, viewer, query, embedder, matrix, nearest, pictures, people)
    page, maybe = _page(tiers.matches, offset, limit), _page(tiers.maybe, 0, ranking.MOST_MAYBES)
    hits = _hits(reader, query, [*page, *maybe], tiers.pictured, people)
    return Found(len(tiers.matches.assets), hits[: len(page)], tiers.matches.assets, hits[len(page) :])


def matches(
    reader: Reader, viewer: Viewer, query: Query, *, embedder: Embedder | None, matrix: Matrix, nearest: Nearest | None = None,
    pictures: Pictures | None = None, people: People | None = None,
) -> ranking.Ranked:  # fmt: skip
    """Return every match of `query`, in the order that it asks for."""
    return _tiers(reader, viewer, query, embedder, matrix, nearest, pictures, people).matches


def _page(ranked: ranking.Ranked, offset: int, limit: int) -> list[tuple[int, float]]:
    page = slice(offset, offset + limit)
    return list(zip(ranked.assets[page].tolist(), ranked.scores[page].tolist(), strict=True))


def _hits(reader: Reader, query: Query, scored: list[tuple[int, float]], pictured: Ids, people: People | None) -> tuple[Hit, ...]:
    assets = [asset for asset, _ in scored]
    shown = people.persons_in(assets) if people is not None and query.persons and assets else {}
    why = reasons(reader, query, assets, pictured, shown)
    originals = dict(reader.all("SELECT id, original FROM asset WHERE id IN (SELECT value FROM json_each(?))", (as_json(assets),)))
    return tuple(Hit(asset, originals[asset], round(score, 4), why[asset]) for asset, score in scored)


def _tiers(
    reader: Reader, viewer: Viewer, query: Query, embedder: Embedder | None, matrix: Matrix, nearest: Nearest | None,
    pictures: Pictures | None, people: People | None,
) -> _Tiers:  # fmt: skip
    query = corrected(reader, query)
    filtered = bool(conditions(query)) or query.asks_for_persons
    if query.only:
        return _Tiers(_cut(_ordered(reader, _pointed_at(reader, viewer, query, people), query), query), ranking.NOBODY, NOTHING)
    if query.like:
        passing = _passing(reader, viewer, query, people)
        embed = (lambda sentence: embedder.embed([sentence])[0]) if embedder is not None else None
        found = alike(reader, viewer, query, passing, pictures=pictures, embed=embed, matrix=matrix)
        return _Tiers(_cut(_ordered(reader, found, query), query), ranking.NOBODY, found.assets)
    if not _asks_with_words(query, filtered=filtered):
        assets = _passing(reader, viewer, query, people, order=f"ORDER BY {_by_time(query)}")
        return _Tiers(_cut(ranking.Ranked(assets, np.ones(len(assets))), query), ranking.NOBODY, NOTHING)
    asked = pictures.ahead(query.text) if pictures is not None else None
    passing = _passing(reader, viewer, query, people)
    held = holders(reader, content_words(query.text), passing)
    covered = _within(passing, ranking.coverage(held, _library(reader)))
    cosines = shown = NONE
    if embedder is not None and len(passing):
        vector = embedder.embed([query.text])[0]
        cosines = _seen(passing, _cosines(reader, vector, passing if filtered else None, covered, matrix, nearest))
    if pictures is not None and asked is not None and len(passing):
        shown = _seen(passing, pictures.likeliness(reader, asked.result(), passing if filtered else None))
    covered = _spared(reader, covered, {word: assets for word, assets in held.items() if word not in PRINTED}, passing)
    if query.phrases:
        covered = _with_phrases(covered, passing)
    tiers = ranking.rank(cosines, covered, _undescribed(reader, covered, matrix), filtered=filtered, shown=shown)
    fitting = without_other_colours(reader, content_words(query.text), tiers.matches, covered)
    pictured = shown.assets[shown.values >= ranking.MAYBE]
    return _Tiers(_cut(_ordered(reader, fitting, query), query), tiers.maybe, pictured)


def _seen(passing: Ids, cosines: Cosines) -> Cosines:
    """Nothing that can't be seen takes part in what follows."""
    keep = member(cosines.assets, passing)
    return Cosines(cosines.assets[keep], cosines.values[keep])


def _pointed_at(reader: Reader, viewer: Viewer, query: Query, people: People | None) -> ranking.Ranked:
    """What a person pointed at, in that order, as far as it passes the other filters; words have found it already."""
    pointed_at = np.array(query.only, np.int64)
    seen = pointed_at[member(pointed_at, _passing(reader, viewer, query, people))]
    return ranking.Ranked(seen, np.ones(len(seen)))


def _asks_with_words(query: Query, *, filtered: bool) -> bool:
    """Words that say nothing (“photos of us”) leave the filters alone to decide; so does no word at all."""
    return bool(content_words(query.text)) or (bool(query.text.strip()) and not filtered)


def _passing(reader: Reader, viewer: Viewer, query: Query, people: People | None, order: str = "") -> Ids:
    """Return every visible asset that passes the filters; without an `order` in any."""
    wanted = conditions(query)
    where = f"{visible_assets(viewer)} AND {wanted.where()}"
    found = ids_of(reader, f"SELECT group_concat(asset.id, ',' {order}) FROM asset WHERE {where}", wanted.parameters)
    return with_persons(found, query, people) if query.asks_for_persons else found


def passes(reader: Reader, viewer: Viewer, query: Query) -> bool:
    """Say whether anything visible passes the filters of `query`, whoever is in it."""
    wanted = conditions(query)
    where = f"{visible_assets(viewer)} AND {wanted.where()}"
    return bool(reader.value(f"SELECT EXISTS (SELECT 1 FROM asset WHERE {where})", wanted.parameters))


def with_persons(assets: Ids, query: Query, people: People | None) -> Ids:
    """Return those of `assets` whose confirmed faces are as `query` wants them, in their order; no table ever holds them."""
    if people is None:
        return NOTHING
    for group in query.persons:
        assets = assets[member(assets, _sorted(asset for person in group for asset in people.assets_with(person)))]
    left_out = [asset for person in query.not_persons for asset in people.assets_with(person)]
    if query.faceless:
        left_out += people.assets_with_faces()
    return assets[~member(assets, _sorted(left_out))] if left_out else assets


def _sorted(assets: Iterable[int]) -> Ids:
    return np.array(sorted(set(assets)), np.int64)


def _by_time(query: Query) -> str:
    """What was taken at a time that nobody knows is neither the newest nor the oldest, when only some are asked for."""
    direction = "ASC" if query.sort == "oldest" else "DESC"
    known = "asset.time_source = 'upload', " if query.limit is not None else ""
    return f"{known}asset.capture_time {direction}, asset.id {direction}"


def _library(reader: Reader) -> int:
    return int(reader.value("SELECT count(*) FROM asset"))


def _undescribed(reader: Reader, covered: ranking.Coverage, matrix: Matrix) -> Ids:
    """Only where it matters, and only of those of whom memory doesn't know better: in a large library that is few."""
    enough = matrix.perhaps_without_sentence(covered.assets[covered.values >= ranking.WORDS_ALONE])
    return ids_of(
        reader,
        f"""SELECT group_concat(id) FROM asset WHERE id IN (SELECT value FROM json_each(?)) AND description IS NULL
           AND {SHOWN_CAPTION} IS NULL""",
        (as_json(enough.tolist()),),
    )


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
            (as_json(number for number, _ in near),),
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


def _within(passing: Ids, covered: ranking.Coverage) -> ranking.Coverage:
    keep = member(covered.assets, passing)
    return ranking.Coverage(covered.assets[keep], covered.values[keep], covered.unknown, covered.words)


def _spared(reader: Reader, covered: ranking.Coverage, readable: dict[str, Ids], passing: Ids) -> ranking.Coverage:
    """“The receipt from Coop”: words that words stand on need not be known of a picture; enough of the others make it one.

    Several others that can all be read in it make it one even of a picture that somebody has described."""
    if not readable or len(readable) == covered.words:
        return covered
    others = _within(passing, ranking.coverage(readable, _library(reader)))
    enough = others.values >= ranking.WORDS_ALONE
    values, at = covered.values.copy(), np.searchsorted(covered.assets, others.assets[enough])
    values[at] = np.maximum(values[at], np.minimum(others.values[enough], ALMOST_ALL))
    if len(readable) > 1 and len(at):
        sql = "SELECT group_concat(rowid) FROM words WHERE words MATCH ?"
        values[member(covered.assets, ids_of(reader, sql, (read_in_picture(" ".join(readable)),)))] = 1.0
    return ranking.Coverage(covered.assets, values, covered.unknown, covered.words)


def _with_phrases(covered: ranking.Coverage, passing: Ids) -> ranking.Coverage:
    """“A jar with the label “quince””: what passes holds the phrase, which says as much as the other words do."""
    assets = np.sort(passing)
    values = np.full(len(assets), ranking.WORDS_ALONE)
    at = np.searchsorted(assets, covered.assets)
    values[at] = np.maximum(values[at], covered.values)
    return ranking.Coverage(assets, values, covered.unknown, covered.words)


def _ordered(reader: Reader, ranked: ranking.Ranked, query: Query) -> ranking.Ranked:
    if query.sort == "relevance":
        return ranked
    sql = f"SELECT group_concat(asset.id, ',' ORDER BY {_by_time(query)}) FROM asset WHERE id IN (SELECT value FROM json_each(?))"
    by_time = ids_of(reader, sql, (as_json(ranked.assets.tolist()),))
    score = dict(zip(ranked.assets.tolist(), ranked.scores.tolist(), strict=True))
    return ranking.Ranked(by_time, np.array([score[asset] for asset in by_time.tolist()]))


def _cut(ranked: ranking.Ranked, query: Query) -> ranking.Ranked:
    return ranking.Ranked(ranked.assets[: query.limit], ranked.scores[: query.limit])
