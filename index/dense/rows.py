"""What the search cache says should be there: passages with a vector of one model, read in small portions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from index.models.embedder import Vectors

__all__ = ["Additions", "Wanted", "wanted_rows"]

_AT_ONCE = 500  # SQLite before 3.32 takes at most 999 parameters
_FETCHED = 10_000
_TOLERANCE = 1e-6
"""A norm within this of 1 is left alone, so that a row is byte for byte the kept vector."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The passages with a vector of ``dim`` numbers: ``ids`` ascending, ``keys`` a hash of each vector hash.

    ``passages`` counts all, with a vector or without.
    """

    ids: NDArray[np.int64]
    keys: NDArray[np.uint64]
    dim: int
    passages: int


def wanted_rows(connection: sqlite3.Connection, model: str) -> Wanted:
    """One scan over the passages and the lengths of their vectors; the vectors themselves are not read.

    Vectors of one model have one length; where there are several, the commonest stands, ties to the longer.
    """
    import numpy as np

    cursor = connection.execute(
        "SELECT p.id, p.vector_hash, CASE typeof(v.vector) WHEN 'blob' THEN length(v.vector) END"
        " FROM passages p LEFT JOIN vectors v ON v.model = ? AND v.text_hash = p.vector_hash",
        (model,),
    )
    portions, passages = [_portion([])], 0
    while rows := cursor.fetchmany(_FETCHED):
        passages += len(rows)
        portions.append(_portion(rows))
    ids, keys, lengths = (np.concatenate(column) for column in zip(*portions, strict=True))
    dim = _commonest(lengths)
    order = np.argsort(ids)
    order = order[(lengths[order] == 4 * dim) & (lengths[order] > 0)]
    return Wanted(ids[order], keys[order], dim, passages)


class Additions:
    """The passages ``ids`` (ascending) with ``keys``, whose vectors are read from the cache when they are needed.

    ``unusable`` holds, after :meth:`blocks` has run, the ids whose vector holds a NaN or an infinity.
    """

    def __init__(
        self, connection: sqlite3.Connection, model: str, ids: NDArray[np.int64], keys: NDArray[np.uint64], dim: int
    ) -> None:
        self.ids, self.keys, self.dim = ids, keys, dim
        self.unusable: set[int] = set()
        self._connection, self._model = connection, model

    def blocks(self) -> Iterator[Vectors]:
        """The vectors in the order of ``ids``, ``(m, dim)`` float32, L2-normalised; zeros for the unusable."""
        for start in range(0, len(self.ids), _AT_ONCE):
            yield self._block(self.ids[start : start + _AT_ONCE])

    def usable(self) -> Additions:
        """The same without those whose vectors are no numbers. A portion at a time is read, nothing kept."""
        import numpy as np

        for _ in self.blocks():
            pass
        return self.without(np.fromiter(self.unusable, np.int64, len(self.unusable)))

    def without(self, ids: NDArray[np.int64]) -> Additions:
        """The same without ``ids``."""
        import numpy as np

        left = ~np.isin(self.ids, ids)
        return Additions(self._connection, self._model, self.ids[left], self.keys[left], self.dim)

    def _block(self, ids: NDArray[np.int64]) -> Vectors:
        import numpy as np

        marks = ",".join("?" * len(ids))
        # CROSS JOIN keeps SQLite from walking all vectors for some ids (https://sqlite.org/lang_select.html#crossjoin).
        statement = (
            "SELECT p.id, v.vector FROM passages p CROSS JOIN vectors v ON v.model = ? AND v.text_hash = p.vector_hash"  # noqa: S608 - only marks
            f" WHERE p.id IN ({marks}) ORDER BY p.id"
        )
        rows = self._connection.execute(statement, (self._model, *ids.tolist())).fetchall()
        found = np.frombuffer(b"".join(row[1] for row in rows), "<f4").reshape(len(ids), self.dim)
        return self._normalised(found, ids)

    def _normalised(self, found: Vectors, ids: NDArray[np.int64]) -> Vectors:
        import numpy as np

        norms = np.sqrt(np.einsum("ij,ij->i", found, found, dtype=np.float64))
        bad = ~np.isfinite(norms)
        self.unusable.update(ids[bad].tolist())
        norms[(np.abs(norms - 1) < _TOLERANCE) | (norms == 0) | bad] = 1
        rows = np.where(norms[:, None] == 1, found, found / norms[:, None]).astype(np.float32)
        rows[bad] = 0
        return rows


def _portion(
    rows: list[tuple[int, str, int | None]],
) -> tuple[NDArray[np.int64], NDArray[np.uint64], NDArray[np.int64]]:
    import numpy as np

    digests = b"".join(blake2b(row[1].encode(), digest_size=8).digest() for row in rows)
    ids = np.fromiter((row[0] for row in rows), np.int64, len(rows))
    lengths = np.fromiter((row[2] or 0 for row in rows), np.int64, len(rows))
    return ids, np.frombuffer(digests, "<u8").astype(np.uint64), lengths


def _commonest(lengths: NDArray[np.int64]) -> int:
    """The dimension of most vectors, 0 when there are none."""
    import numpy as np

    known, counts = np.unique(lengths[(lengths > 0) & (lengths % 4 == 0)], return_counts=True)
    return int(max(zip(counts, known, strict=True), default=(0, 0))[1]) // 4
