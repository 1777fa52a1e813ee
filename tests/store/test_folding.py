"""Words as FTS5 folds them, and in which columns it says it found them."""

import pytest

from appliance.search.words import quoted
from appliance.store.db import Store
from appliance.store.folding import tokens


def test_words_are_folded_as_the_table_folds_them() -> None:
    assert [(one.start, one.end, one.folded) for one in tokens("Cafés, receipts")] == [(0, 5, "cafe"), (7, 15, "receipt")]


@pytest.mark.parametrize(
    ("asked", "standing"),
    [
        (("dog", "beach"), "0,1;1"),
        (("beach", "dogs", "cat"), "1;0,1;"),
        (("on the beach", "🎉", "dog"), "1;;0,1"),
        ((*(f"word{number}" for number in range(400)), "dog"), ";" * 400 + "0,1"),
    ],
)
def test_fts5_says_in_which_columns_each_phrase_stands(store: Store, asked: tuple[str, ...], standing: str) -> None:
    with store.write() as writer:
        writer.run("INSERT INTO words(rowid, description, caption) VALUES(7, 'our dog', 'a dog on the beach')")
    with store.read() as reader:
        sql = "SELECT rowid, standing(words) FROM words WHERE words MATCH ?"
        assert reader.all(sql, (" OR ".join(map(quoted, asked)),)) == [(7, standing)]
