"""A small deterministic embedder: words and character n-grams hashed into a few hundred dimensions.

It needs no model, no torch and no start-up time, so tests and very small machines use it
(``name = "hashing"`` in the configuration). It sees shared words and spellings, not meaning.
Signed feature hashing: Weinberger et al., 2009, https://arxiv.org/abs/0902.2206.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from math import log1p
from typing import TYPE_CHECKING, Literal
from zlib import crc32

from index.words.tokens import is_ideographic, tokenise
from notes.text.fold import fold

if TYPE_CHECKING:
    from index.models.embedder import Vectors

__all__ = ["HashingEmbedder"]

_GRAM = 4
_GRAM_WEIGHT = 0.3
_SALT = 0x5A17
_SINGLE_WEIGHT = 0.3


class HashingEmbedder:
    """An embedder and a query encoder by feature hashing; it knows every language equally little."""

    way: Literal["hashing"] = "hashing"
    note = ""

    def __init__(self, dim: int = 384) -> None:
        self.dim = dim
        self.name = f"hashing-{dim}"

    def knows(self, lang: str) -> bool:
        """True: no language is foreign to a hash."""
        return True

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """The vectors of ``texts``: ``(n, dim)`` float32, L2-normalised; zero for a text without words."""
        import numpy as np

        vectors = np.zeros((len(texts), self.dim), dtype=np.float32)
        for row, text in enumerate(texts):
            for column, weight in self._weights(text):
                vectors[row, column] += weight
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        np.divide(vectors, norms, out=vectors, where=norms > 0)
        return vectors

    def encode_query(self, text: str) -> Vectors:
        """The vector of one query: ``(dim,)`` float32, L2-normalised."""
        vector: Vectors = self.encode_passages([text])[0]
        return vector

    def encode_passage(self, text: str) -> Vectors:
        """The vector of a passage, as the index has it."""
        return self.encode_query(text)

    def _weights(self, text: str) -> Iterator[tuple[int, float]]:
        for feature, count in sorted(_features(text).items()):
            code = crc32(feature.encode("utf-8", "surrogatepass"), _SALT)
            yield (code >> 1) % self.dim, log1p(count) * _feature_weight(feature) * (1 if code & 1 else -1)


def _features(text: str) -> Counter[str]:
    features = Counter(tokenise(text))
    for word in fold(text).split():
        if word.isascii() and len(word) > _GRAM:
            features.update(f"#{word[at : at + _GRAM]}" for at in range(len(word) - _GRAM + 1))
    return features


def _feature_weight(feature: str) -> float:
    if feature.startswith("#"):
        return _GRAM_WEIGHT
    return _SINGLE_WEIGHT if len(feature) == 1 and is_ideographic(feature) else 1.0
