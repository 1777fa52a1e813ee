"""How FTS5 folds words, for what is shown: the same tokenizer as that of the table `words`, asked for where each word stands;
and in which columns it found them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import cast

import apsw

TOKENIZER = ("porter", "unicode61", "remove_diacritics", "2")


@dataclass(frozen=True, slots=True)
class Token:
    """A word from character `start` to `end` (not included), and what it is folded to: “Receipts” → “receipt”."""

    start: int
    end: int
    folded: str


def tokens(text: str) -> Iterator[Token]:
    """Yield the words of `text` as search sees them."""
    encoded = text.encode("utf-8", "replace")
    found = _tokenizer()(encoded, apsw.FTS5_TOKENIZE_DOCUMENT, None)
    for start, end, folded in cast("list[tuple[int, int, str]]", found):
        first = len(encoded[:start].decode("utf-8", "replace"))
        yield Token(first, first + len(encoded[start:end].decode("utf-8", "replace")), folded)


def standing(match: apsw.FTS5ExtensionApi, *_: object) -> str:
    """The SQL function standing(words): of the row that an expression found, the columns of each of its phrases: “1;;0,3”."""
    return ";".join(",".join(map(str, match.phrase_columns(number))) for number in range(match.phrase_count))


@cache
def _tokenizer() -> apsw.FTS5Tokenizer:
    """A tokenizer of a connection of its own, which holds nothing."""
    name, *options = TOKENIZER
    return apsw.Connection(":memory:").fts5_tokenizer(name, options)
