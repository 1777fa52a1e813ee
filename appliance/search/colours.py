"""A colour that was asked for, and pictures whose words name another one: near in meaning, and not what was meant."""

from collections.abc import Sequence

import numpy as np

from appliance.search import ranking
from appliance.search.ids import Ids, ids_of, member
from appliance.search.words import any_of
from appliance.store.db import Reader

COLOURS = frozenset(
    {
        "red", "orange", "yellow", "green", "blue", "purple", "violet", "pink", "brown", "black", "white", "grey", "gray",
        "golden", "silver", "turquoise", "beige",
    }
)  # fmt: skip


def without_other_colours(
    reader: Reader, words: Sequence[str], ranked: ranking.Ranked, covered: ranking.Coverage
) -> ranking.Ranked:
    """Leave out assets that name only other colours than `words` do, once at least one asset holds every word.

    Without such an asset nothing is left out: an orange umbrella is the best answer to “a red umbrella” where no red one is.
    """
    asked = COLOURS.intersection(words)
    whole = covered.assets[covered.values >= ranking.ALL_WORDS]
    if not asked or not member(ranked.assets, whole).any():
        return ranked
    keep = ~member(ranked.assets, _naming(reader, COLOURS - asked)) | member(ranked.assets, _naming(reader, asked))
    return ranking.Ranked(ranked.assets[keep], ranked.scores[keep])


def _naming(reader: Reader, colours: frozenset[str]) -> Ids:
    """Return the assets whose caption or description names one of `colours`, ascending."""
    columns = f"{{description caption}}: ({any_of(sorted(colours))})"
    return np.sort(ids_of(reader, "SELECT group_concat(rowid) FROM words WHERE words MATCH ?", (columns,)))
