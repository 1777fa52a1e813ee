"""How words and cosines are weighed, and when the answer is: nothing."""

import numpy as np
import pytest

from appliance.search.matrix import Cosines
from appliance.search.ranking import Coverage, coverage, gate, rank

NOBODY = np.empty(0, np.int64)
NO_COSINES = Cosines(np.empty(0, np.int64), np.empty(0, np.float32))


def cosines(**values: float) -> Cosines:
    return Cosines(np.array([int(name[1:]) for name in values], np.int64), np.array(list(values.values()), np.float32))


def held(library: int = 100, **holders: list[int]) -> Coverage:
    return coverage({word: np.array(assets, np.int64) for word, assets in holders.items()}, library)


def test_a_rare_word_counts_more_than_a_common_one() -> None:
    covered = held(dog=list(range(1, 51)), rosalind=[60])
    share = dict(zip(covered.assets.tolist(), covered.values.tolist(), strict=True))
    assert share[60] > 0.8 > 0.2 > share[1] > 0
    assert covered.unknown == 0


def test_words_that_no_asset_holds_are_the_unknown_share() -> None:
    assert held(submarine=[], walrus=[]).unknown == 1
    assert 0.5 < held(submarine=[], pool=[1, 2, 3]).unknown < 1
    assert coverage({}, 10).unknown == 0


def test_all_words_fit_however_far_the_embedding_is() -> None:
    ranked = rank(cosines(_1=0.02, _2=0.1), held(rosalind=[1]), NOBODY, filtered=False).matches
    assert ranked.assets.tolist() == [1]


def test_low_cosines_and_unknown_words_mean_nothing() -> None:
    assert rank(cosines(_1=0.35, _2=0.1), held(submarine=[]), NOBODY, filtered=False).matches.assets.tolist() == []
    assert rank(cosines(_1=0.6, _2=0.1), held(submarine=[]), NOBODY, filtered=False).matches.assets.tolist() == [1]


def test_the_gate_rises_with_what_is_unknown_most_for_a_phrase() -> None:
    word, phrase = held(walrus=[]), held(walrus=[], hat=[])
    sentence = held(walrus=[], hat=[], top=[], sea=[], ice=[])
    known = held(dog=[1])
    assert gate(known, filtered=False) < gate(word, filtered=False) < gate(sentence, filtered=False) < gate(phrase, filtered=False)
    assert gate(known, filtered=True) < gate(known, filtered=False)


def test_what_is_far_behind_the_best_does_not_fit() -> None:
    ranked = rank(cosines(_1=0.9, _2=0.5), held(dog=[1, 2, 3], grass=[1]), NOBODY, filtered=False).matches
    assert ranked.assets.tolist() == [1]


def test_half_of_the_words_are_enough_for_what_has_no_embedding_or_nobody_described() -> None:
    covered = held(dog=[1, 2, 4, 5, 6], beach=[1], hat=[3])
    assert rank(NO_COSINES, covered, NOBODY, filtered=False).matches.assets.tolist() == [1]
    assert rank(cosines(_1=0.1, _3=0.2), covered, NOBODY, filtered=False).matches.assets.tolist() == []
    assert rank(NO_COSINES, covered, np.array([1, 3]), filtered=False).matches.assets.tolist() == [1]
    assert rank(cosines(_1=0.1, _3=0.2), covered, np.array([1, 3]), filtered=False).matches.assets.tolist() == [1], (
        "far as its embedding is"
    )


def test_of_equals_the_newer_comes_first() -> None:
    assert rank(cosines(_1=0.7, _2=0.7), held(dog=[]), NOBODY, filtered=False).matches.assets.tolist() == [2, 1]


@pytest.mark.parametrize("filtered", [True, False])
def test_no_candidates_are_no_matches(filtered: bool) -> None:
    assert rank(NO_COSINES, held(dog=[]), NOBODY, filtered=filtered).matches.assets.tolist() == []
