"""WordPiece, Unigram and BPE over a mapped table: what the ``tokenizers`` library does to one pre-tokenised word.

Each gives exactly the library's ids (https://github.com/huggingface/tokenizers/tree/main/tokenizers/src/models), or
raises UnsupportedError for a word that is better left to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

from index.models.light.piece_table import PieceTable
from index.models.light.unsupported import UnsupportedError

__all__ = ["WORD_MODELS", "WordToIds"]

WordToIds = Callable[[str], list[int]]

_UNKNOWN_PENALTY = 10.0
_LONGEST_TO_MERGE = 256
"""Merging takes the square of the length here; beyond, the library is faster even when it must be loaded."""


def wordpiece(table: PieceTable, options: Mapping[str, Any]) -> WordToIds:
    """The longest piece that fits, again and again; one unknown part makes the whole word unknown."""
    unknown, longest = int(options["unknown"]), int(options["longest"])
    prefix = str(options["prefix"]).encode()

    def ids(word: str) -> list[int]:
        if len(word) > longest:
            return [unknown]
        found: list[int] = []
        rest = word
        while rest:
            fitting = _longest(table, rest, prefix if found else b"")
            if fitting is None:
                return [unknown]
            length, number = fitting
            found.append(number)
            rest = rest[length:]
        return found

    return ids


def _longest(table: PieceTable, word: str, prefix: bytes) -> tuple[int, int] | None:
    for length in range(len(word), 0, -1):
        number = table.find(prefix + word[:length].encode())
        if number is not None:
            return length, number
    return None


def unigram(table: PieceTable, options: Mapping[str, Any]) -> WordToIds:
    """The most likely split by Viterbi; unknown characters next to one another are one token."""
    unknown, lowest = int(options["unknown"]), float(options["lowest"])
    in_bytes = bool(options["byte_fallback"])

    def ids(word: str) -> list[int]:
        text = word.encode()
        found: list[int] = []
        for start, stop, number in _fused(_best_path(table, text, unknown, lowest - _UNKNOWN_PENALTY), unknown):
            found.extend(_unknown_ids(table, text[start:stop], unknown, in_bytes) if number == unknown else [number])
        return found

    return ids


def _best_path(table: PieceTable, text: bytes, unknown: int, unknown_score: float) -> list[tuple[int, int, int]]:
    best: dict[int, tuple[float, int, int]] = {0: (0.0, 0, unknown)}
    at = 0
    while at < len(text):
        score = best[at][0]
        pieces = table.prefixes(text, at)
        after = at + _width(text[at])
        if not pieces or pieces[0][0] != after:
            _improve(best, after, score + unknown_score, at, unknown)
        for stop, row in pieces:
            _improve(best, stop, table.scores[row] + score, at, table.ids[row])
        at = after
    path = []
    while at > 0:
        _, start, number = best[at]
        path.append((start, at, number))
        at = start
    return path[::-1]


def _improve(best: dict[int, tuple[float, int, int]], stop: int, score: float, start: int, number: int) -> None:
    if stop not in best or score > best[stop][0]:
        best[stop] = (score, start, number)


def _fused(path: list[tuple[int, int, int]], unknown: int) -> list[tuple[int, int, int]]:
    fused: list[tuple[int, int, int]] = []
    for start, stop, number in path:
        if fused and number == unknown == fused[-1][2]:
            fused[-1] = (fused[-1][0], stop, unknown)
        else:
            fused.append((start, stop, number))
    return fused


def _unknown_ids(table: PieceTable, piece: bytes, unknown: int, in_bytes: bool) -> list[int]:
    number = table.find(piece)
    if number is not None:
        return [number]
    return (_byte_ids(table, piece) if in_bytes else None) or [unknown]


def _byte_ids(table: PieceTable, piece: bytes) -> list[int] | None:
    numbers = [table.find(f"<0x{byte:02X}>".encode()) for byte in piece]
    return [number for number in numbers if number is not None] if None not in numbers else None


def bpe(table: PieceTable, options: Mapping[str, Any]) -> WordToIds:
    """Characters, and then the merge of the lowest rank, leftmost first, again and again."""
    whole_words, in_bytes = bool(options["ignore_merges"]), bool(options["byte_fallback"])

    def ids(word: str) -> list[int]:
        whole = table.find(word.encode()) if whole_words else None
        return _merged(table, _character_ids(table, word, in_bytes)) if whole is None else [whole]

    return ids


def _character_ids(table: PieceTable, word: str, in_bytes: bool) -> list[int]:
    found: list[int] = []
    for character in word:
        number = table.find(character.encode())
        numbers = [number] if number is not None else _byte_ids(table, character.encode()) if in_bytes else None
        if numbers is None:
            raise UnsupportedError(f"{character!r} is unknown to it")
        found.extend(numbers)
    return found


def _merged(table: PieceTable, ids: list[int]) -> list[int]:
    if len(ids) > _LONGEST_TO_MERGE:
        raise UnsupportedError("a word of the text is very long")
    pairs = [table.merge(left, right) for left, right in pairwise(ids)]
    while any(pairs):
        _, at, result = min((pair[0], at, pair[1]) for at, pair in enumerate(pairs) if pair)
        ids[at : at + 2] = [result]
        pairs[at : at + 1] = []
        if at < len(pairs):
            pairs[at] = table.merge(ids[at], ids[at + 1])
        if at:
            pairs[at - 1] = table.merge(ids[at - 1], ids[at])
    return ids


def _width(first: int) -> int:
    return 1 if first < 0x80 else 2 if first < 0xE0 else 3 if first < 0xF0 else 4


WORD_MODELS: Mapping[str, Callable[[PieceTable, Mapping[str, Any]], WordToIds]] = {
    "WordPiece": wordpiece,
    "Unigram": unigram,
    "BPE": bpe,
}
"""By the library's names of the models."""
