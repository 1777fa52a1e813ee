"""A small byte-level BPE of the GPT-2 kind: learned here, written into the GGUF, read by llama.cpp."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

END_OF_TEXT = "<|endoftext|>"
Pair = tuple[str, str]
# The ASCII part of the splitting rule that llama.cpp applies for tokenizer.ggml.pre = "phi-2".
SPLIT = re.compile(r"'s|'t|'re|'ve|'m|'ll|'d| ?[A-Za-z]+| ?[0-9]+| ?[^\sA-Za-z0-9]+|\s+(?!\S)|\s+")


def _letters() -> dict[int, str]:
    """GPT-2's table: each byte has a printable letter of its own."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printable]
    return {byte: chr(byte) for byte in printable} | {byte: chr(256 + n) for n, byte in enumerate(others)}


LETTER = _letters()
BYTE = {letter: byte for byte, letter in LETTER.items()}


def _merge(word: Sequence[str], pair: Pair) -> tuple[str, ...]:
    merged: list[str] = []
    position = 0
    while position < len(word):
        if tuple(word[position : position + 2]) == pair:
            merged.append("".join(pair))
            position += 2
        else:
            merged.append(word[position])
            position += 1
    return tuple(merged)


def learn(texts: Iterable[str], most: int) -> list[Pair]:
    """Return at most `most` merges, the most frequent pair first; ties go by the alphabet, so it is reproducible."""
    pieces = Counter(piece for text in texts for piece in SPLIT.findall(text))
    words = Counter({tuple(LETTER[byte] for byte in piece.encode()): count for piece, count in pieces.items()})
    merges: list[Pair] = []
    while len(merges) < most:
        pairs: Counter[Pair] = Counter()
        for word, count in words.items():
            for pair in pairwise(word):
                pairs[pair] += count
        if not pairs:
            break
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        merges.append(best)
        merged: Counter[tuple[str, ...]] = Counter()
        for word, count in words.items():
            merged[_merge(word, best)] += count
        words = merged
    return merges


class Tokenizer:
    """256 bytes, then one token for each merge, then the end of text."""

    def __init__(self, merges: Sequence[Pair]) -> None:
        self.merges = [(left, right) for left, right in merges]
        self._rank = {pair: rank for rank, pair in enumerate(self.merges)}
        self.tokens = [*(LETTER[byte] for byte in range(256)), *("".join(pair) for pair in self.merges), END_OF_TEXT]
        self._id = {token: number for number, token in enumerate(self.tokens)}
        self.end = self._id[END_OF_TEXT]
        self._known: dict[str, list[int]] = {}

    def encode(self, text: str) -> list[int]:
        return [token for piece in SPLIT.findall(text) for token in self._piece(piece)]

    def decode(self, tokens: Iterable[int]) -> str:
        letters = "".join(self.tokens[token] for token in tokens if token != self.end)
        return bytes(BYTE[letter] for letter in letters).decode("utf-8", "replace")

    def _piece(self, piece: str) -> list[int]:
        if piece not in self._known:
            word: tuple[str, ...] = tuple(LETTER[byte] for byte in piece.encode())
            while known := [pair for pair in pairwise(word) if pair in self._rank]:
                word = _merge(word, min(known, key=self._rank.__getitem__))
            self._known[piece] = [self._id[part] for part in word]
        return self._known[piece]
