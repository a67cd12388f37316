"""Which documents are close, how close, and by which terms.

Closeness lies in [0, 1] and means the same over languages and models. Two signals are put on that scale first:

- *dense*: the cosine of the documents' vectors, only where the model knows both languages, above the model's own
  background (:mod:`index.models.calibration`);
- *lexical*: the cosine of TF-IDF over words, characters and bigrams (:mod:`index.words.lexicon`).

The stronger counts in full and the weaker closes three tenths of what is left: ``s + 0.3 w (1 - s)``. So a Chinese pair, for
which the bundled model has no voice, is not held to be farther apart for that, and two signals that agree say more than one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from index.kin.pair_signals import PairSignals, joined
from index.models.calibration import query_scale
from index.storage.refresh import Progress, embed_missing
from index.words.lexicon import Lexicon
from index.words.shared_terms import SharedTerms
from notes.errors import ModelError

if TYPE_CHECKING:
    from index.models.embedder import Embedder, Vectors
    from index.storage.cache import IndexCache
    from index.texts.documents import Document

__all__ = ["Neighbour", "document_vectors", "embed_documents", "neighbours", "similarity_to"]

_CANDIDATES = 2  # of each signal, as a multiple of k
_DIGITS = 4
_ROUNDING = 10.0**-_DIGITS  # more than two values that are rounded to one lie apart


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
    """The vectors of whole documents: ``(n, dim)`` float32, L2-normalised, from the cache where it has them.

    The row of a text that the model cannot read is zero: it is close to nothing by meaning.
    """
    texts = {document.text_hash: document.whole for document in documents}
    embed_missing(cache, embedder, texts, progress=progress)
    kept = cache.vectors(embedder.name, texts)
    return _rows_of(documents, kept, embedder)


def document_vectors(
    cache: IndexCache, embedder: Embedder, documents: Sequence[Document], *, at_most: int, first: Sequence[str] = ()
) -> tuple[Vectors, int]:
    """As :func:`embed_documents`, but nothing is kept: the vectors, and how many texts still have none.

    Texts without a vector are embedded here and now, those of the ids ``first`` before others, ``at_most`` of all.
    """
    kept = cache.vectors(embedder.name, [document.text_hash for document in documents])
    lacking = {document.text_hash: document for document in documents if document.text_hash not in kept}
    order = sorted(lacking.values(), key=lambda document: (document.id not in first, document.id))
    for document in order[:at_most]:
        with suppress(ModelError):  # a text that the model cannot read is compared by its words
            kept[document.text_hash] = embedder.encode_passages([document.whole])[0]
    return _rows_of(documents, kept, embedder), sum(key not in kept for key in lacking)


def _rows_of(documents: Sequence[Document], vectors: Mapping[str, Vectors], embedder: Embedder) -> Vectors:
    import numpy as np

    if not documents:
        return np.zeros((0, 0), dtype=np.float32)
    # A model would have to be loaded to tell its dimension; its vectors tell it as well.
    dim = next((len(vector) for vector in vectors.values()), 0) or embedder.dim
    unread = np.zeros(dim, dtype=np.float32)
    return np.stack([vectors.get(document.text_hash, unread) for document in documents])


def neighbours(
    documents: Sequence[Document],
    vectors: Vectors,
    embedder: Embedder,
    *,
    of: Sequence[str],
    k: int = 20,
    lexicon: Lexicon | None = None,
    why: bool = True,
) -> dict[str, tuple[Neighbour, ...]]:
    """The ``k`` closest other documents of each id in ``of``, closest first, ties by id; closeness 0 is left out.

    ``vectors`` ``(n, dim)`` are the rows of ``documents``, ``lexicon`` is theirs if there is one already. Without ``why`` the
    shared terms are left out, which take most of the time. KeyError for an id that is not among the documents.
    """
    if len(documents) < 2 or not of:
        return dict.fromkeys(of, ())
    lexicon = lexicon or Lexicon.of(documents)
    signals = PairSignals(documents, vectors, embedder, lexicon)
    terms = SharedTerms(lexicon.rarity)
    row_of = {document.id: row for row, document in enumerate(documents)}
    found: dict[str, tuple[Neighbour, ...]] = {}
    for row, words, firsts in signals.firsts([row_of[key] for key in of], _CANDIDATES * k + 1):
        mine, others = documents[row], sorted(firsts - {row})
        near = [one for one in _nearest(documents, signals, row, others, words, k) if one.closeness > 0]
        if why:
            near = [replace(one, shared=terms.of(mine, documents[row_of[one.id]])) for one in near]
        found[mine.id] = tuple(near)
    return found


def similarity_to(
    texts: Sequence[str],
    documents: Sequence[Document],
    vectors: Vectors,
    embedder: Embedder,
    *,
    lexicon: Lexicon | None = None,
) -> dict[str, tuple[float, ...]]:
    """How close each document is to each of ``texts`` (stated interests, a few words each): closeness in [0, 1] by id.

    Lexical closeness is here the share of an interest's words that the document holds; a word that merely occurs in the text does
    not reach what the title does.
    """
    import numpy as np

    from notes.text.language import detect

    if not documents or not texts:
        return {document.id: () for document in documents}
    lexicon = lexicon or Lexicon.of(documents)
    columns = []
    for text in texts:
        lexical, dense = lexicon.coverage(text), np.zeros(len(documents), dtype=np.float32)
        lang = detect(text)
        if embedder.knows(lang):
            cosines = vectors @ embedder.encode_query(text)
            for other, rows in _rows_by_language(documents).items():
                if embedder.knows(other):
                    dense[rows] = query_scale(embedder, lang, other).closeness(cosines[rows])
        columns.append(joined(dense, lexical))
    table = np.round(np.stack(columns, axis=1).astype(float), _DIGITS)
    return {document.id: tuple(table[row].tolist()) for row, document in enumerate(documents)}


def _nearest(
    documents: Sequence[Document], signals: PairSignals, row: int, others: Sequence[int], words: Vectors, k: int
) -> list[Neighbour]:
    """The ``k`` closest of the others, without their shared terms."""
    import numpy as np

    dense, lexical = signals.exact(row, others, words[others])
    closeness = joined(dense, lexical)
    # Only those that can be among the k once rounded are rounded and named: most of the time went into the others.
    least = np.partition(closeness, -k)[-k] - _ROUNDING if len(others) > k else 0.0
    first = np.flatnonzero(closeness >= least).tolist()
    near = [(-_rounded(closeness[at]), documents[others[at]].id, at) for at in first]
    return [
        Neighbour(
            name,
            -far,
            None if np.isnan(dense[at]) else _rounded(min(1.0, max(0.0, float(dense[at])))),
            _rounded(lexical[at]),
            (),
        )
        for far, name, at in sorted(near)[:k]
    ]


def _rounded(value: Any) -> float:
    return round(float(value), _DIGITS)


def _rows_by_language(documents: Sequence[Document]) -> dict[str, list[int]]:
    rows: dict[str, list[int]] = {}
    for row, document in enumerate(documents):
        rows.setdefault(document.lang, []).append(row)
    return rows
