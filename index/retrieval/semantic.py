"""The dense half: the passages nearest to the query's vector, and how close they are as such things go."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from index.retrieval.query import Query
from index.retrieval.shelf import Found, Shelf

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from index.dense.reader import DenseReader
    from index.models.embedder import Vectors
    from index.models.query_encoder import QueryEncoder
    from index.texts.documents import Document

__all__ = [
    "Closeness",
    "Cosines",
    "Nearest",
    "by_meaning",
    "closeness",
    "cosines_of",
    "first_nearest",
    "vector_like",
    "vector_of",
]

Nearest: TypeAlias = "list[tuple[int, float]]"
"""Passages and their cosines, nearest first."""

Cosines: TypeAlias = dict[int, float]
"""The cosine of each passage that has a vector."""

_PASSAGES_PER_DOCUMENT = 4
_DEEPER = 8
"""So many times as many passages are looked at before a filter is laid out in full."""

_MOST_LIKE = 8
_SAME = 0.78
"""The share of the way from the cosine of what is unrelated to 1 at which a query and a passage say the same."""

# The mean cosine of a query and an unrelated passage; other models are asked for it with each query.
_BACKGROUND = {"all-MiniLM-L6-v2": 0.10}


@dataclass(frozen=True, slots=True)
class Closeness:
    """Cosines of passages, and how they are read: 0 at ``low``, that of unrelated texts, and 1 at ``high``."""

    cosines: Cosines
    low: float
    high: float

    def of(self, passage: int) -> float:
        """How close a passage is, in [0, 1]; 0 when it has no vector."""
        share = (self.cosines.get(passage, self.low) - self.low) / (self.high - self.low)
        return min(share, 1.0) if share > 0.0 else 0.0


def vector_of(encoder: QueryEncoder, query: Query) -> Vectors:
    """The vector of the query, or of the document to be like."""
    return vector_like(encoder, query.like) if query.like else encoder.encode_query(query.text)


def vector_like(encoder: QueryEncoder, document: Document) -> Vectors:
    """The direction in which the first passages of a document point together: ``(dim,)`` float32, normalised."""
    import numpy as np

    from index.texts.passages import passages

    first = passages(document)[:_MOST_LIKE]
    mean = np.mean([encoder.encode_passage(one.embedded) for one in first], axis=0)
    norm = float(np.linalg.norm(mean))
    vector: Vectors = (mean / norm if norm else mean).astype(np.float32)
    return vector


def first_nearest(reader: DenseReader, query: Query, vector: Vectors, depth: int) -> Nearest:
    """The passages that :func:`by_meaning` looks at first; uses no SQLite."""
    where, _ = query.conditions()
    return _nearest(reader, vector, (_DEEPER if where else 1) * _PASSAGES_PER_DOCUMENT * depth)


def by_meaning(
    shelf: Shelf, reader: DenseReader, query: Query, vector: Vectors, depth: int, first: Nearest
) -> list[Found]:
    """The documents nearest to ``vector`` among those that the filters let through, with their cosines.

    At most ``depth``; fewer where these many passages come from fewer documents, but never less than ``query.n``.
    ``first`` is what :func:`first_nearest` gave.
    """
    where, _ = query.conditions()
    found = shelf.best(_let_through(shelf, query, first) if where else first, depth)
    wanted = _PASSAGES_PER_DOCUMENT * depth
    if where:
        if len(found) == depth or len(first) >= reader.count:
            return found
        allowed = _allowed(shelf, query)
        most = len(allowed)
        found = shelf.best(_nearest(reader, vector, wanted, allowed), depth)
    else:
        allowed, most = None, reader.count
    while len(found) < min(query.n, depth) and wanted < most:
        wanted *= _DEEPER
        found = shelf.best(_nearest(reader, vector, wanted, allowed), depth)
    return found


def cosines_of(shelf: Shelf, reader: DenseReader, vector: Vectors, passages: Collection[int]) -> Cosines:
    """The cosines of ``passages``, and of those by which the model's scale is measured, if it is not known."""
    import numpy as np

    sampled = [] if _background(reader) is not None else _sample(shelf)
    asked = np.array(sorted({*sampled, *passages}), np.int64)
    return dict(_nearest(reader, vector, len(asked), asked)) if len(asked) else {}


def closeness(shelf: Shelf, reader: DenseReader, cosines: Cosines, found: Sequence[Found]) -> Closeness:
    """What :func:`cosines_of` gave, and the cosines of what the dense half has found, with the scale to read them by."""
    import numpy as np

    every = cosines | {one.passage: one.score for one in found}
    low = _background(reader)
    if low is None:
        low = float(np.mean([every[passage] for passage in _sample(shelf) if passage in every] or [0.0]))
    return Closeness(every, low, low + _SAME * (1 - low))


def _background(reader: DenseReader) -> float | None:
    return _BACKGROUND.get(reader.model.partition("@")[0])


def _nearest(reader: DenseReader, vector: Vectors, k: int, among: NDArray[np.int64] | None = None) -> Nearest:
    ids, cosines = reader.nearest(vector, k, among)
    return list(zip(ids.tolist(), cosines.tolist(), strict=True))


def _sample(shelf: Shelf) -> list[int]:
    """Passages from everywhere, the same ones and in the same order whatever the order in which documents came."""
    row = shelf.connection.execute("SELECT value FROM meta WHERE key = 'sample'").fetchone()
    return [int(passage) for passage in row[0].split()] if row else []


def _let_through(shelf: Shelf, query: Query, nearest: Nearest) -> Nearest:
    import json

    where, values = query.conditions()
    rows = shelf.connection.execute(
        "SELECT p.id FROM json_each(?) wanted CROSS JOIN passages p ON p.id = wanted.value"  # noqa: S608 - conditions of ours
        f" CROSS JOIN documents d ON d.id = p.document_id WHERE 1{where}",
        (json.dumps([passage for passage, _ in nearest]), *values),
    )
    allowed = {row[0] for row in rows}
    return [one for one in nearest if one[0] in allowed]


def _allowed(shelf: Shelf, query: Query) -> NDArray[np.int64]:
    import numpy as np

    where, values = query.conditions()
    rows = shelf.connection.execute(
        "SELECT p.id FROM documents d CROSS JOIN passages p ON p.document_id = d.id"  # noqa: S608 - conditions of ours
        f" WHERE 1{where} ORDER BY p.id",
        values,
    )
    return np.fromiter((row[0] for row in rows), np.int64)
