"""How well an asset fits a question, and when nothing does. The numbers come from measurements: docs/quality.md.

    score = max(cosine, what the picture shows) + weight × coverage

`cosine` is that of the asset's best embedding and the question. `coverage` is the share of the question's content words that
the asset's words hold, each word counted by its rarity ln((assets + 1) / (assets with the word + ½)). The weight is
smaller for a sentence, where the embedding knows better, than for a few keywords. What the picture shows is the picture model's own
probability p that the question is true of it; its log-odds are laid over the cosines so that both cut-offs fall together.

There are three answers. These match: a picture with p ≥ MATCH; an asset that holds all the words; and, when a cosine reaches the
gate or an asset holds the words, what is near the best. Maybe: p ≥ MAYBE, or a cosine somewhat below the gate. Else: nothing.
The gate rises with the share of the question that no asset's words hold: a library that has never heard of a submarine hardly
shows one.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from appliance.search.ids import Ids
from appliance.search.matrix import NONE, Cosines

Numbers = npt.NDArray[np.float64]

KEYWORDS = 3  # up to so many content words are keywords, more are a sentence
KEYWORD_WEIGHT = 0.3
SENTENCE_WEIGHT = 0.08
GATE = 0.36
GATE_AMONG_FILTERED = 0.32  # the filters have already said a part of what was meant
RISE_FOR_WORD = 0.05  # how far the gate rises when no asset holds any of the words: one word alone may be a synonym,
RISE_FOR_PHRASE = 0.20  # two to four words name a thing,
RISE_FOR_SENTENCE = 0.06  # and a sentence can spare some
PHRASE = 4
LEAST_OF_KEYWORDS = 0.34
LEAST_OF_SENTENCE = 0.32
BEHIND_BEST = 0.35
ALL_WORDS = 0.999
NO_COSINE = -1.0  # of an asset without embedding
WORDS_ALONE = 0.5  # coverage that is enough for an asset that nobody has described
AS_COSINE = 0.35  # what full coverage counts for such an asset in place of a cosine
MATCH = float(np.log(0.1 / 0.9))  # log-odds of a picture that matches,
MAYBE = float(np.log(0.01 / 0.99))  # and of one that may
ODDS_AS_COSINE = 0.05  # a unit of log-odds counts as much as so much of a cosine
MOST_AS_COSINE = 0.8
BELOW_GATE = 0.08  # a cosine may lie so far below the gate and still be a maybe
MOST_MAYBES = 12


@dataclass(frozen=True, slots=True)
class Coverage:
    """`values` of `assets` (ascending); `unknown` is the share of the question's words, by rarity, that no asset holds."""

    assets: Ids
    values: Numbers
    unknown: float
    words: int


@dataclass(frozen=True, slots=True)
class Ranked:
    """What fits, best first: ids and their scores."""

    assets: Ids
    scores: Numbers


NOBODY = Ranked(np.empty(0, np.int64), np.empty(0))


def coverage(holders: Mapping[str, Ids], library: int) -> Coverage:
    """Given which assets hold each content word, of a library of that many assets, return how much of the question each covers."""
    rarity = {word: float(np.log((library + 1) / (len(assets) + 0.5))) for word, assets in holders.items()}
    rarity = {word: max(value, 0.01) for word, value in rarity.items()}  # a word that all assets hold still counts a little
    whole = sum(rarity.values())
    if not whole:
        return Coverage(np.empty(0, np.int64), np.empty(0), 0.0, 0)
    unknown = sum(rarity[word] for word, assets in holders.items() if not len(assets)) / whole
    shares = np.zeros(1 + max(int(assets.max(initial=0)) for assets in holders.values()))
    for word, assets in holders.items():
        shares[assets] += rarity[word] / whole
    covered = np.flatnonzero(shares)
    return Coverage(covered, shares[covered], unknown, len(holders))


def weight(words: int) -> float:
    """The weight of coverage for a question of so many content words."""
    return KEYWORD_WEIGHT if words <= KEYWORDS else SENTENCE_WEIGHT


def least_score(words: int) -> float:
    """No asset below this score fits, however bad the others are, unless it holds all the words."""
    return LEAST_OF_KEYWORDS if words <= KEYWORDS else LEAST_OF_SENTENCE


@dataclass(frozen=True, slots=True)
class Tiers:
    """What matches, and of the rest the few that may."""

    matches: Ranked
    maybe: Ranked


def rank(cosines: Cosines, covered: Coverage, undescribed: Ids, *, filtered: bool, shown: Cosines = NONE) -> Tiers:
    """Return the assets that fit, best first (of equals the newer id first); none when nothing does. And those that may fit.

    `undescribed` are those of the covered assets that have neither caption nor description. The embedding of a receipt's words
    says little of what a receipt is, so for them, as for those without any embedding, half of the question's words are enough.
    `shown` are the log-odds of the picture model, for the assets that it has looked at.
    """
    size = 1 + max(_largest(cosines.assets), _largest(covered.assets), _largest(shown.assets))
    cosine = _by_id(size, cosines.assets, cosines.values, NO_COSINE)
    share = _by_id(size, covered.assets, covered.values, 0.0)
    odds = _by_id(size, shown.assets, shown.values, -np.inf)
    unsaid = cosine == NO_COSINE
    unsaid[undescribed] = True
    by_words = unsaid & (share >= WORDS_ALONE)
    words = weight(covered.words) * share
    said = np.where(by_words, np.maximum(cosine, AS_COSINE * share), cosine) + words
    score = np.maximum(said, as_cosine(odds) + words)
    fits = (share >= ALL_WORDS) | by_words
    least = gate(covered, filtered=filtered)
    if fits.any() or cosine.max() >= least:
        fits |= said >= max(least_score(covered.words), float(said.max()) - BEHIND_BEST)
    fits |= odds >= MATCH
    may = ~fits & ((odds >= MAYBE) | (cosine >= least - BELOW_GATE))
    return Tiers(_best_first(np.flatnonzero(fits), score), _best_first(np.flatnonzero(may), score))


def as_cosine(odds: Numbers) -> Numbers:
    """Lay log-odds over cosines: MATCH falls on the gate of a whole library, certainty on MOST_AS_COSINE."""
    return np.minimum(GATE + ODDS_AS_COSINE * (odds - MATCH), MOST_AS_COSINE)


def _best_first(assets: Ids, score: Numbers) -> Ranked:
    own = score[assets]
    order = np.lexsort((-assets, -own))
    return Ranked(assets[order], own[order])


def gate(covered: Coverage, *, filtered: bool) -> float:
    """The cosine that the best asset must reach for anything to fit at all."""
    rise = RISE_FOR_WORD if covered.words < 2 else RISE_FOR_PHRASE if covered.words <= PHRASE else RISE_FOR_SENTENCE
    return (GATE_AMONG_FILTERED if filtered else GATE) + rise * covered.unknown


def _by_id(size: int, assets: Ids, values: npt.NDArray[np.floating], otherwise: float) -> Numbers:
    """Return `values` in a table that has a place for every id: ids are dense, and looking them up is what takes longest."""
    table = np.full(size, otherwise)
    table[assets] = values
    return table


def _largest(ids: Ids) -> int:
    return int(ids.max(initial=0))
