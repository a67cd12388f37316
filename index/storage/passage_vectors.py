"""The vectors of all passages as one matrix, kept in memory while the cache does not change.

Search is exact: one product of matrix and query. At 100,000 passages of 384 dimensions that is about 150 MB and
some 10 ms; an approximate index has to show its recall before it may take this place.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from index.storage.cache import IndexCache

if TYPE_CHECKING:
    from index.models.embedder import Vectors

__all__ = ["PassageVectors", "passage_vectors"]


@dataclass(frozen=True, slots=True)
class PassageVectors:
    """Row ``i`` of ``matrix`` (``(n, dim)`` float32, L2-normalised) is passage ``passages[i]`` of document ``documents[i]``."""

    documents: tuple[str, ...]
    passages: tuple[int, ...]
    matrix: Vectors

    def nearest(self, query: Vectors, among: Collection[str] | None) -> list[tuple[str, int, float]]:
        """Document, passage and cosine of every row of the documents ``among``, nearest first, ties by document and position."""
        import numpy as np

        cosines = self.matrix @ query
        order = np.argsort(-cosines, kind="stable")
        return [
            (self.documents[at], self.passages[at], float(cosines[at]))
            for at in order
            if among is None or self.documents[at] in among
        ]


_loaded: WeakKeyDictionary[IndexCache, tuple[tuple[str, int, int], PassageVectors]] = WeakKeyDictionary()


def passage_vectors(cache: IndexCache, model: str) -> PassageVectors:
    """The matrix of ``model``'s vectors; read anew only when this or another process has written to the cache."""
    version = (model, cache.connection.total_changes, cache.connection.execute("PRAGMA data_version").fetchone()[0])
    if cache not in _loaded or _loaded[cache][0] != version:
        _loaded[cache] = version, _read(cache, model)
    return _loaded[cache][1]


def _read(cache: IndexCache, model: str) -> PassageVectors:
    import numpy as np

    rows = cache.connection.execute(
        "SELECT p.document_id, p.id, v.vector FROM passages p"
        " JOIN vectors v ON v.model = ? AND v.text_hash = p.vector_hash ORDER BY p.document_id, p.position",
        (model,),
    ).fetchall()
    matrix = np.frombuffer(b"".join(row[2] for row in rows), dtype="<f4").reshape(len(rows), -1 if rows else 0)
    return PassageVectors(tuple(row[0] for row in rows), tuple(row[1] for row in rows), matrix)
