"""Sentences become unit vectors whose cosines mean something."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from appliance.adapters.embedder import DIMENSIONS, LONGEST, TextEmbedder
from tests.search.shelf import embedder


def test_every_sentence_becomes_a_unit_vector_in_its_place() -> None:
    sentences = [f"picture number {number} " + "of the sea " * (number % 7) for number in range(70)]
    together = embedder().embed(sentences)
    assert together.shape == (70, DIMENSIONS) and together.dtype == np.float32
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    alone = np.concatenate([embedder().embed([sentence]) for sentence in sentences])
    assert (together * alone).sum(1).min() > 0.9999, "a batch changes nothing"


def test_no_sentences_give_no_vectors() -> None:
    assert embedder().embed([]).shape == (0, DIMENSIONS)


def test_odd_sentences_are_embedded_too() -> None:
    vectors = embedder().embed(["", " ", "\0", "🎂", "写真", "a" * 10_000, "\ud800".encode("utf-8", "replace").decode()])
    assert np.isfinite(vectors).all()


def test_what_comes_after_the_longest_text_is_not_looked_at() -> None:
    long = "word " * LONGEST
    one, other = embedder().embed([long + "about a dog", long + "about the tax return of last year"])
    assert one @ other > 0.99999


def test_what_means_alike_lies_closer() -> None:
    dog, puppy, invoice = embedder().embed(["a dog runs on the beach", "a puppy is playing in the sand", "the invoice is due"])
    assert dog @ puppy > 0.5 > 0.2 > dog @ invoice


def test_threads_may_share_it() -> None:
    sentences = [f"a photo of {number} boats" for number in range(40)]
    with ThreadPoolExecutor(4) as threads:
        apart = list(threads.map(lambda sentence: embedder().embed([sentence])[0], sentences))
    assert ((embedder().embed(sentences) * np.array(apart)).sum(1) > 0.9999).all()


def test_the_model_has_a_name_that_embeddings_are_filed_under() -> None:
    assert TextEmbedder.MODEL == embedder().MODEL != ""
