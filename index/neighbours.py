"""Which documents are close, how close, and by which terms.

Closeness lies in [0, 1] and means the same over languages and models. Two signals are put on that scale first:

- *dense*: the cosine of the documents' vectors, only where the model knows both languages, above the model's own
  background (:mod:`index.calibration`);
- *lexical*: the cosine of TF-IDF over words, characters and bigrams (:mod:`index.lexicon`).

The stronger counts in full and the weaker closes three tenths of what is left: ``s + 0.3 w (1 - s)``. So a Chinese pair, for
which the bundled model has no voice, is not held to be farther apart for that, and two signals that agree say more than one.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from index.calibration import Scale, dense_scale, query_scale
from index.lexicon import Lexicon, lexical_scale
from index.refresh import Progress, embed_missing
from index.shared_terms import SharedTerms

if TYPE_CHECKING:
    from index.cache import IndexCache
    from index.documents import Document
    from index.embedder import Embedder, Vectors

__all__ = ["Neighbour", "embed_documents", "neighbours", "similarity_to"]

_WEAKER_CLOSES = 0.3
_CANDIDATES = 2  # of each signal, as a multiple of k
_BLOCK_CELLS = 8_000_000
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A document near another.

    ``closeness`` in [0, 1]; ``dense`` and ``lexical`` the two signals on the same scale, ``dense`` None where the model
    does not know a language; ``shared`` up to four terms in readers' words, most telling first.
    """

    id: str
    closeness: float
    dense: float | None
    lexical: float
    shared: tuple[str, ...]


def embed_documents(
    cache: IndexCache, embedder: Embedder, documents: Sequence[Document], progress: Progress | None = None
) -> Vectors:
    """The vectors of whole documents: ``(n, dim)`` float32, L2-normalised, from the cache where it has them."""
    import numpy as np

    texts = {document.text_hash: document.whole for document in documents}
    embed_missing(cache, embedder, texts, progress=progress)
    kept = cache.vectors(embedder.name, texts)
    if not documents:
        return np.zeros((0, 0), dtype=np.float32)
    return np.stack([kept[document.text_hash] for document in documents])


def neighbours(
    documents: Sequence[Document],
    vectors: Vectors,
    embedder: Embedder,
    *,
    of: Sequence[str],
    k: int = 20,
) -> dict[str, tuple[Neighbour, ...]]:
    """The ``k`` closest other documents of each id in ``of``, closest first, ties by id; closeness 0 is left out.

    ``vectors`` ``(n, dim)`` are the rows of ``documents``. KeyError for an id that is not among them.
    """
    if len(documents) < 2 or not of:
        return dict.fromkeys(of, ())
    lexicon = Lexicon.of(documents)
    pairs = _Pairs(documents, vectors, embedder, lexicon)
    terms = SharedTerms(lexicon.rarity)
    row_of = {document.id: row for row, document in enumerate(documents)}
    found = {}
    for row, nearest in pairs.nearest([row_of[key] for key in of], k):
        found[documents[row].id] = tuple(_neighbour(documents, terms, row, one) for one in nearest)
    return found


def similarity_to(
    texts: Sequence[str], documents: Sequence[Document], vectors: Vectors, embedder: Embedder
) -> dict[str, tuple[float, ...]]:
    """How close each document is to each of ``texts`` (stated interests, a few words each): closeness in [0, 1] by id.

    Lexical closeness is here the share of an interest's words that the document holds; a word that merely occurs in the text does
    not reach what the title does.
    """
    import numpy as np

    from notes.language import detect

    if not documents or not texts:
        return {document.id: () for document in documents}
    lexicon = Lexicon.of(documents)
    columns = []
    for text in texts:
        lexical, dense = lexicon.coverage(text), np.zeros(len(documents), dtype=np.float32)
        lang = detect(text)
        if embedder.knows(lang):
            cosines = vectors @ embedder.encode_query(text)
            for other, rows in _rows_by_language(documents).items():
                if embedder.knows(other):
                    dense[rows] = query_scale(embedder, lang, other).closeness(cosines[rows])
        columns.append(_joined(dense, lexical))
    table = np.round(np.stack(columns, axis=1).astype(float), _DIGITS)
    return {document.id: tuple(table[row].tolist()) for row, document in enumerate(documents)}


@dataclass(frozen=True, slots=True)
class _Near:
    row: int
    closeness: float
    dense: float | None
    lexical: float


class _Pairs:
    """The two signals for pairs of rows."""

    def __init__(self, documents: Sequence[Document], vectors: Vectors, embedder: Embedder, lexicon: Lexicon) -> None:
        self._documents, self._vectors, self._embedder, self._lexicon = documents, vectors, embedder, lexicon
        self._known = [row for row, document in enumerate(documents) if embedder.knows(document.lang)]
        self._index: Any = _flat_index(vectors[self._known]) if self._known else None
        self._languages = [document.lang for document in documents]
        self._scales: dict[tuple[str, str], Scale] = {}

    def nearest(self, rows: Sequence[int], k: int) -> Iterator[tuple[int, list[_Near]]]:
        """For each of ``rows`` its ``k`` closest others, in blocks that keep memory level."""
        block = max(1, _BLOCK_CELLS // len(self._documents))
        for start in range(0, len(rows), block):
            some = rows[start : start + block]
            cosines = self._lexicon.cosines(some)
            by_vector = self._by_vector(some, _CANDIDATES * k)
            for at, row in enumerate(some):
                yield row, self._closest(row, cosines[at], by_vector.get(row, ()), k)

    def _by_vector(self, rows: Sequence[int], count: int) -> Mapping[int, Sequence[int]]:
        known = sorted(set(rows) & set(self._known))
        if not known:
            return {}
        _, places = self._index.search(self._vectors[known], min(count + 1, len(self._known)))
        return {row: [self._known[place] for place in found] for row, found in zip(known, places, strict=True)}

    def _closest(self, row: int, cosines: Vectors, by_vector: Sequence[int], k: int) -> list[_Near]:
        import numpy as np

        count = min(_CANDIDATES * k + 1, len(cosines))
        by_words = np.argpartition(-cosines, count - 1)[:count]
        others = sorted({*by_words.tolist(), *by_vector} - {row})
        near = self._measured(row, others, cosines[others])
        near.sort(key=lambda one: (-one.closeness, self._documents[one.row].id))
        return [one for one in near[:k] if one.closeness > 0]

    def _measured(self, row: int, others: Sequence[int], word_cosines: Vectors) -> list[_Near]:
        import numpy as np

        dense, lexical = self._signals(row, others, word_cosines)
        joined = _joined(np.nan_to_num(dense), lexical).astype(float).round(_DIGITS)
        return [
            _Near(other, float(joined[at]), None if np.isnan(dense[at]) else _rounded(dense[at]), _rounded(lexical[at]))
            for at, other in enumerate(others)
        ]

    def _signals(self, row: int, others: Sequence[int], word_cosines: Vectors) -> tuple[Vectors, Vectors]:
        """Dense and lexical closeness of a row with others; dense is NaN where the model does not know a language."""
        import numpy as np

        # One product a pair, so that the last bit does not depend on which pairs are measured together.
        cosines = np.einsum("ij,j->i", self._vectors[others], self._vectors[row])
        dense, lexical = np.full_like(cosines, np.nan), np.zeros_like(cosines)
        lang, foreign = self._languages[row], np.array([self._languages[other] for other in others])
        for other in sorted({*foreign.tolist()}):
            at = foreign == other
            lexical[at] = lexical_scale(lang, other).closeness(word_cosines[at])
            if self._embedder.knows(lang) and self._embedder.knows(other):
                dense[at] = self._scale(lang, other).closeness(cosines[at])
        return dense, lexical

    def _scale(self, lang: str, other: str) -> Scale:
        if (lang, other) not in self._scales:
            self._scales[lang, other] = dense_scale(self._embedder, lang, other)
        return self._scales[lang, other]


def _rounded(value: Any) -> float:
    return round(float(value), _DIGITS)


def _neighbour(documents: Sequence[Document], terms: SharedTerms, row: int, near: _Near) -> Neighbour:
    shared = terms.of(documents[row], documents[near.row])
    return Neighbour(documents[near.row].id, near.closeness, near.dense, near.lexical, shared)


def _joined(dense: Vectors, lexical: Vectors) -> Vectors:
    import numpy as np

    strong, weak = np.maximum(dense, lexical), np.minimum(dense, lexical)
    joined: Vectors = strong + _WEAKER_CLOSES * weak * (1 - strong)
    return joined


def _rows_by_language(documents: Sequence[Document]) -> dict[str, list[int]]:
    rows: dict[str, list[int]] = {}
    for row, document in enumerate(documents):
        rows.setdefault(document.lang, []).append(row)
    return rows


def _flat_index(vectors: Vectors) -> Any:
    """An exact inner-product index. On macOS faiss before torch brings two OpenMP runtimes and a crash."""
    import numpy as np

    if sys.platform == "darwin":
        import torch  # noqa: F401
    import faiss

    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(np.ascontiguousarray(vectors))
    return index
