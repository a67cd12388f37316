"""The two signals of a pair of documents, their vectors and their words, roughly for all pairs and exactly for some."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from index.models.calibration import Scale, dense_scale
from index.words.lexicon import Lexicon, lexical_scale

if TYPE_CHECKING:
    from index.models.embedder import Embedder, Vectors
    from index.texts.documents import Document

__all__ = ["PairSignals", "joined"]

_WEAKER_CLOSES = 0.3
_BLOCK_CELLS = 8_000_000


class PairSignals:
    """Signals of pairs of rows of ``documents``; ``vectors`` ``(n, dim)`` and ``lexicon`` are theirs."""

    def __init__(self, documents: Sequence[Document], vectors: Vectors, embedder: Embedder, lexicon: Lexicon) -> None:
        import numpy as np

        self._vectors, self._embedder, self._lexicon = vectors, embedder, lexicon
        self._languages = [document.lang for document in documents]
        self._foreign = np.array(self._languages, dtype=object)
        self._known = np.array([embedder.knows(lang) for lang in self._languages])
        self._rows = {lang: np.array([one == lang for one in self._languages]) for lang in {*self._languages}}
        self._scales: dict[tuple[str, str], Scale] = {}

    def rough(self, rows: Sequence[int]) -> Iterator[tuple[int, Vectors, Vectors]]:
        """Each row with its word cosines ``(n,)`` and dense closeness ``(n,)``, 0 at least; in blocks that keep memory level.

        The last bits of the dense half depend on the block: good for choosing whom to measure, not for a score.
        """
        import numpy as np

        block = max(1, _BLOCK_CELLS // len(self._languages))
        for start in range(0, len(rows), block):
            some = list(rows[start : start + block])
            words = self._lexicon.cosines(some)
            cosines = self._vectors[some] @ self._vectors.T
            for at, row in enumerate(some):
                dense = np.zeros(len(self._languages), dtype=np.float32)
                for lang, theirs in self._rows.items():
                    if self._known[row] and self._embedder.knows(lang):
                        scale = self._scale(self._languages[row], lang)
                        dense[theirs] = np.maximum(0.0, scale.stretched(cosines[at][theirs]))
                yield row, words[at], dense

    def firsts(self, rows: Sequence[int], count: int) -> Iterator[tuple[int, Vectors, set[int]]]:
        """Each row with its word cosines ``(n,)`` and the rows that come first, ``count`` by either signal; itself may be one."""
        block = max(1, _BLOCK_CELLS // len(self._languages))
        for start in range(0, len(rows), block):
            some = list(rows[start : start + block])
            words, by_vector = self._lexicon.cosines(some), self._by_vector(some, count)
            for at, row in enumerate(some):
                yield row, words[at], {*_first(words[at], count), *by_vector.get(row, ())}

    def _by_vector(self, rows: Sequence[int], count: int) -> dict[int, list[int]]:
        """The rows that come first by their vectors, as far as they are above the background."""
        import numpy as np

        near: defaultdict[int, list[tuple[float, int]]] = defaultdict(list)
        first: dict[int, list[int]] = {}
        for lang in sorted({self._languages[row] for row in rows if self._known[row]}):
            asked = [row for row in rows if self._languages[row] == lang]
            for other, index in self._indexes.items():
                theirs = np.flatnonzero(self._rows[other])
                cosines, places = index.search(self._vectors[asked], min(count, len(theirs)))
                far = -self._scale(lang, other).stretched(cosines)
                if len(self._indexes) == 1:  # nothing to choose among
                    first |= {
                        row: at[close].tolist() for row, at, close in zip(asked, theirs[places], far < 0, strict=True)
                    }
                    continue
                for row, distances, at in zip(asked, far.tolist(), theirs[places].tolist(), strict=True):
                    near[row] += [one for one in zip(distances, at, strict=True) if one[0] < 0]
        return first | {row: [other for _, other in sorted(found)[:count]] for row, found in near.items()}

    @cached_property
    def _indexes(self) -> dict[str, Any]:
        """An exact index of the vectors of each language that the model knows."""
        known = sorted(lang for lang in self._rows if self._embedder.knows(lang))
        return {lang: _flat_index(self._vectors[self._rows[lang]]) for lang in known}

    def exact(self, row: int, others: Sequence[int], word_cosines: Vectors) -> tuple[Vectors, Vectors]:
        """Dense closeness of a row with others, not clipped and NaN where a language is unknown, and the lexical one."""
        import numpy as np

        # One product a pair, so that the last bit does not depend on which pairs are measured together.
        cosines = np.einsum("ij,j->i", self._vectors[others], self._vectors[row])
        dense, lexical = np.full_like(cosines, np.nan), np.zeros_like(cosines)
        lang, foreign = self._languages[row], self._foreign[others]
        several = sorted({*foreign.tolist()})
        for other in several:
            at = foreign == other if len(several) > 1 else slice(None)
            lexical[at] = lexical_scale(lang, other).closeness(word_cosines[at])
            if self._embedder.knows(lang) and self._embedder.knows(other):
                dense[at] = self._scale(lang, other).stretched(cosines[at])
        return dense, lexical

    def _scale(self, lang: str, other: str) -> Scale:
        if (lang, other) not in self._scales:
            self._scales[lang, other] = dense_scale(self._embedder, lang, other)
        return self._scales[lang, other]


def _first(values: Vectors, count: int) -> list[int]:
    import numpy as np

    count = min(count, len(values))
    first: list[int] = np.argpartition(-values, count - 1)[:count].tolist()
    return first


def _flat_index(vectors: Vectors) -> Any:
    """An exact inner-product index. On macOS faiss before torch brings two OpenMP runtimes and a crash."""
    import numpy as np

    if sys.platform == "darwin":
        import torch  # noqa: F401
    import faiss

    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(np.ascontiguousarray(vectors))
    return index


def joined(dense: Vectors, lexical: Vectors) -> Vectors:
    """The stronger signal in full, and the weaker closes three tenths of what is left; a dense one that is NaN is not heard."""
    import numpy as np

    dense = np.clip(np.nan_to_num(dense), 0.0, 1.0)
    strong, weak = np.maximum(dense, lexical), np.minimum(dense, lexical)
    both: Vectors = strong + _WEAKER_CLOSES * weak * (1 - strong)
    return both
