"""“More like this”: pictures beside a picture, nearest first. No line parts like from unlike, so the nearest few are given.

The direction is the sum of the pictures' unit vectors and, when words were said too (“like this but in snow”), of the words' unit
vector. A picture that the picture model has not looked at yet is compared by what its caption or description says.
"""

from collections.abc import Callable

import numpy as np

from appliance.accounts.viewer import Viewer
from appliance.library.access import visible_assets
from appliance.search.filters import Query
from appliance.search.ids import Ids, as_json, ids_of, member
from appliance.search.matrix import NONE, Cosines, Matrix, Vector
from appliance.search.pictures import Pictures
from appliance.search.ranking import NOBODY, Ranked
from appliance.search.words import content_words
from appliance.store.db import Reader

NEAREST = 60
Embed = Callable[[str], Vector]  # of the text embedder


def alike(
    reader: Reader, viewer: Viewer, query: Query, passing: Ids, *, pictures: Pictures | None, embed: Embed | None,
    matrix: Matrix,
) -> Ranked:  # fmt: skip
    """Return those of `passing` that are most like the assets of `query.like`, these themselves left out.

    Assets that `viewer` may not see, or that are not there, resemble nothing.
    """
    models = ids_of(
        reader,
        f"SELECT group_concat(id) FROM asset WHERE id IN (SELECT value FROM json_each(?)) AND {visible_assets(viewer)}",
        (as_json(query.like),),
    ).tolist()
    found = _by_pictures(reader, query, models, passing, pictures) if pictures else None
    if found is None:
        found = _by_sentences(reader, query, models, passing, embed, matrix)
    others = member(found.assets, passing) & ~np.isin(found.assets, query.like)
    assets, values = found.assets[others], found.values[others].astype(np.float64)
    order = np.lexsort((-assets, -values))[:NEAREST]
    return Ranked(assets[order], values[order]) if len(order) else NOBODY


def _by_pictures(reader: Reader, query: Query, models: list[int], passing: Ids, pictures: Pictures) -> Cosines | None:
    """None when none of `models` has been looked at."""
    _, vectors = pictures.matrix.vectors(reader, models)
    if not len(vectors):
        return None
    words = [pictures.words.embed(query.text)] if content_words(query.text) else []
    return pictures.matrix.cosines(reader, _unit([*vectors, *words]), passing)


def _by_sentences(reader: Reader, query: Query, models: list[int], passing: Ids, embed: Embed | None, matrix: Matrix) -> Cosines:
    _, vectors = matrix.vectors(reader, models)
    if not len(vectors):
        return NONE
    words = [embed(query.text)] if embed and content_words(query.text) else []
    return matrix.cosines(reader, _unit([*vectors, *words]), passing)


def _unit(vectors: list[Vector]) -> Vector:
    """The direction of the sum of unit vectors."""
    whole: Vector = np.stack(vectors).sum(axis=0)
    return whole / np.float32(max(float(np.linalg.norm(whole)), 1e-9))
