"""How well an asset fits a question, and when nothing does. The numbers come from measurements: docs/quality.md.

    score = cosine + weight × coverage

`cosine` is that of the asset's best embedding and the question. `coverage` is the share of the question's content words that
the asset's words hold, each word counted by its rarity ln((assets + 1) / (assets with the word + ½)). The weight is
smaller for a sentence, where the embedding knows better, than for a few keywords.

Nothing fits when neither a cosine reaches the gate nor an asset holds all the words. The gate rises with the share of the question
that no asset's words hold: a library that has never heard of a submarine hardly shows one.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from appliance.search.ids import Ids, either, member
from appliance.search.matrix import Cosines

Numbers = npt.NDArray[np.float64]

KEYWORDS = 3  # up to so many content words are keywords, more are a sentence
KEYWORD_WEIGHT = 0.3
SENTENCE_WEIGHT = 0.1
GATE = 0.36
GATE_AMONG_FILTERED = 0.32  # the filters have already said a part of what was meant
RISE_FOR_WORD = 0.05  # how far the gate rises when no asset holds any of the words: one word alone may be a synonym,
RISE_FOR_PHRASE = 0.20  # two to four words name a thing,
RISE_FOR_SENTENCE = 0.10  # and a sentence can spare one
PHRASE = 4
LEAST_OF_KEYWORDS = 0.34
LEAST_OF_SENTENCE = 0.28
BEHIND_BEST = 0.35
ALL_WORDS = 0.999
WORDS_ALONE = 0.5  # coverage that is enough for an asset that nobody has described
AS_COSINE = 0.35  # what full coverage counts for such an asset in place of a cosine


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


def rank(cosines: Cosines, covered: Coverage, undescribed: Ids, *, filtered: bool) -> Ranked:
    """Return the assets that fit, best first (of equals the newer id first); empty when nothing does.

    `undescribed` are those of the covered assets that have neither caption nor description. The embedding of a receipt's words
    says little of what a receipt is, so for them, as for those without any embedding, half of the question's words are enough.
    """
    assets = either(cosines.assets, covered.assets)
    cosine = _spread(assets, cosines.assets, cosines.values, -1.0)
    share = _spread(assets, covered.assets, covered.values, 0.0)
    by_words = (member(assets, undescribed) | ~member(assets, cosines.assets)) & (share >= WORDS_ALONE)
    score = np.where(by_words, np.maximum(cosine, AS_COSINE * share), cosine) + weight(covered.words) * share
    fits = (share >= ALL_WORDS) | by_words
    if len(assets) and (fits.any() or cosine.max() >= gate(covered, filtered=filtered)):
        fits |= score >= max(least_score(covered.words), float(score.max()) - BEHIND_BEST)
    assets, score = assets[fits], score[fits]
    order = np.lexsort((-assets, -score))
    return Ranked(assets[order], score[order])


def gate(covered: Coverage, *, filtered: bool) -> float:
    """The cosine that the best asset must reach for anything to fit at all."""
    rise = RISE_FOR_WORD if covered.words < 2 else RISE_FOR_PHRASE if covered.words <= PHRASE else RISE_FOR_SENTENCE
    return (GATE_AMONG_FILTERED if filtered else GATE) + rise * covered.unknown


def _spread(assets: Ids, known: Ids, values: npt.NDArray[np.floating], otherwise: float) -> Numbers:
    """Return `values` of `known` for each of `assets`, which hold them all."""
    spread = np.full(len(assets), otherwise)
    spread[np.searchsorted(assets, known)] = values
    return spread
