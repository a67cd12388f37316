"""An 8-bit copy of the rows in memory: a scan of a quarter of the bytes, and a proof that it lost none of the best.

A scan of float32 rows takes as long as memory needs to hand them over. The copy is faiss's ``QT_8bit``: per dimension a
low end, a range, and 255 steps. Let x be a row, x̂ its copy, q the query, a(x) the product of q and x̂ as the scan gives
it, and c(x) the canonical cosine (:func:`index.dense.exact.cosines`). For every row |c(x) − a(x)| ≤ ``bound`` · ‖q‖, for::

    |q·x − q·x̂|  ≤ ‖q‖ · max ‖x − x̂‖               Cauchy and Schwarz; measured for the codes as they are, in float64
    the scan      ≤ ‖q‖ · (dim + 8) · 2u · max ‖x̂‖     float32, any order of summation, fused or not (u = 2⁻²⁴; Higham, §3.1)
    its x̂         ≤ ‖q‖ · 8u · ‖|low| + |range|‖       some roundings of each component before it is multiplied
    c(x)          ≤ ‖q‖ · 2u · max ‖x‖                 rounded once, and a sum in float64

The candidates are the rows with the largest a(x). When the first k of them have canonical cosines above the last one's
a(x) plus the bound, every other row lies below these k: the best k are among the candidates, ties included, and of
those behind the first k only such are compared as the bound allows. If not, more candidates are taken, and at last the
caller has to compare all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from index.dense.segments import OpenSegment

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from index.models.embedder import Vectors

__all__ = ["LEAST_ROWS", "Sieve", "sieve_of"]

Compared: TypeAlias = "tuple[NDArray[np.int64], Vectors]"
"""Rows, ascending, and their canonical cosines."""

LEAST_ROWS = 32_768
"""Below this a scan of the rows themselves takes two milliseconds, and faiss need not be imported."""

_PER_WANTED = 2
_AND_MORE = 64
_MOST = 16
"""One row in so many is a candidate at most: keeping more in order takes longer than comparing all."""
_BLOCK_ROWS = 4096
_LONGEST = 1.001
"""The norm of a row that is one of ours."""
_UNIT = 2.0**-24
_UNDERFLOW = 1e-30


class Sieve:
    """The copy, and the ``bound`` per length of a query on what it may be wrong by."""

    def __init__(self, index: Any, bound: float) -> None:
        self._index = index
        self.bound = bound

    def nearest(
        self,
        query: Vectors,
        k: int,
        alive: NDArray[np.bool_] | None,
        cosines: Callable[[NDArray[np.int64], Vectors], Vectors],
    ) -> Compared | None:
        """Rows that hold the nearest ``k`` of those ``alive``, compared by ``cosines``; None when that is not proven."""
        import numpy as np

        off = self.bound * float(np.linalg.norm(query.astype(np.float64)))
        rows, living = self._index.ntotal, int(np.count_nonzero(alive)) if alive is not None else self._index.ntotal
        asked = (_PER_WANTED * k + _AND_MORE) * rows // max(1, living)
        while asked <= rows // _MOST:
            rough, found = (one[0] for one in self._index.search(query[None], asked))
            if found[-1] < 0:  # a product that is no number
                return None
            last = float(rough[-1])
            if alive is not None:
                rough, found = rough[alive[found]], found[alive[found]]
            first = cosines(found[:k], query)
            if len(first) == k and (least := float(first.min())) > last + off:
                # The k-th best cosine of all is no less than the least of any k.
                others = found[k:][rough[k:].astype(np.float64) + off >= least]
                return np.concatenate([found[:k], others]), np.concatenate([first, cosines(others, query)])
            asked *= 2
        return None


def sieve_of(segments: Sequence[OpenSegment]) -> Sieve | None:
    """The sieve of all rows; None when one of them is longer than 1 or holds no numbers, and nothing is proven."""
    import faiss
    import numpy as np

    low, high = _ends(segments)
    if not (np.isfinite(low).all() and np.isfinite(high).all()):
        return None
    index = faiss.IndexScalarQuantizer(len(low), faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT)
    index.train(np.stack([low, high]))
    apart, longest, longest_copy = 0.0, 0.0, 0.0
    for segment in segments:
        for start in range(0, segment.rows, _BLOCK_ROWS):
            block = np.ascontiguousarray(segment.matrix[start : start + _BLOCK_ROWS])
            index.add(block)
            copy = index.reconstruct_n(index.ntotal - len(block), len(block))
            apart = max(apart, _longest(block, copy))
            longest, longest_copy = max(longest, _longest(block)), max(longest_copy, _longest(copy))
    if not longest <= _LONGEST:
        return None
    ends = float(np.linalg.norm(np.maximum(np.abs(low), np.abs(high)).astype(np.float64)))
    rounding = _UNIT * (2 * (len(low) + 8) * longest_copy + 8 * 3 * ends + 2 * longest)
    return Sieve(index, apart * (1 + 1e-9) + rounding + _UNDERFLOW)


def _ends(segments: Sequence[OpenSegment]) -> tuple[Vectors, Vectors]:
    """The least and the greatest number in each dimension."""
    import numpy as np

    blocks = [
        segment.matrix[start : start + _BLOCK_ROWS]
        for segment in segments
        for start in range(0, segment.rows, _BLOCK_ROWS)
    ]
    return np.min([block.min(axis=0) for block in blocks], axis=0), np.max([one.max(axis=0) for one in blocks], axis=0)


def _longest(rows: Vectors, others: Vectors | None = None) -> float:
    """The greatest norm of the rows, or of their differences to ``others``, reckoned in float64."""
    import numpy as np

    wide = rows.astype(np.float64)
    if others is not None:
        wide -= others
    return float(np.sqrt(np.einsum("ij,ij->i", wide, wide).max(initial=0.0)))
