"""Phrases as numbers: a million of them are counted in a tenth of a second, as strings in one.

A phrase has two marks of 64 bits, one of how it is written and one of its key; of a million phrases two fall together by chance
once in forty million corpora. A mark is a polynomial of the hashes of words, so that only each different word is hashed.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b

from index.words.tokens import tokenise

__all__ = ["NO_KEY", "key_of", "marks_of", "tokens_in"]

NO_KEY = 0
"""The mark of the key of what holds no token."""

_BASE = 0x9E3779B97F4A7C15  # odd, and its powers spread over all bits
_ALL = (1 << 64) - 1


@lru_cache(maxsize=400_000)
def key_of(phrase: str) -> tuple[str, ...]:
    """What the spellings of a phrase have in common, its folded and lightly stemmed tokens: ``World Models``, ``world model``."""
    return tuple(token for word in phrase.split(" ") for token in _tokens(word))


def tokens_in(phrases: Iterable[str]) -> set[str]:
    """The tokens of the keys of all these phrases."""
    words = set(" ".join(phrases).split(" "))  # those of a text's phrases are far fewer than its phrases
    return {token for word in words for token in _tokens(word)}


def marks_of(phrases: Iterable[str]) -> tuple[list[int], list[int]]:
    """For each phrase the mark of its spelling, and that of its key."""
    written: list[int] = []
    meant: list[int] = []
    for phrase in phrases:
        form = key = 0
        for word in phrase.split(" "):
            own_form, own_key, shift = _of_word(word)
            form = (form * _BASE + own_form) & _ALL
            key = (key * shift + own_key) & _ALL
        written.append(form)
        meant.append(key)
    return written, meant


@lru_cache(maxsize=200_000)  # the words of texts are few
def _of_word(word: str) -> tuple[int, int, int]:
    """The marks of a word alone, and what the key of the words before it is multiplied by."""
    key, shift = NO_KEY, 1
    for token in _tokens(word):
        key = (key * _BASE + _hash(token)) & _ALL
        shift = shift * _BASE & _ALL
    return _hash(word), key, shift


@lru_cache(maxsize=200_000)
def _tokens(word: str) -> tuple[str, ...]:
    # No token reaches over a blank, so a phrase has those of its words.
    return tuple(tokenise(word))


def _hash(word: str) -> int:
    return int.from_bytes(blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")
