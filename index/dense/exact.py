"""Exact nearest rows: one product of matrix and query, then the cosines of the few best in one canonical way.

A product by BLAS rounds differently with the number of rows, threads and the processor. So it only chooses candidates,
with a margin no rounding error reaches, and what is answered is computed anew for these: products of float32 numbers
are exact in float64, their sum is taken row by row in one order, and the result is rounded to float32 once. Equal rows
have equal cosines, and every way to a row (flat or by faiss, warm or cold, before or after a merge) gives the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from index.models.embedder import Vectors

__all__ = ["cosines", "margin", "order", "promising"]

_BLOCK_ROWS = 1024


def cosines(matrix: Vectors, query: Vectors) -> Vectors:
    """The canonical cosine of each row of ``matrix`` (``(m, dim)``) with ``query`` (``(dim,)``), ``(m,)`` float32."""
    import numpy as np

    wide = query.astype(np.float64)
    found = np.empty(len(matrix), np.float32)
    for start in range(0, len(matrix), _BLOCK_ROWS):
        block = matrix[start : start + _BLOCK_ROWS]
        found[start : start + len(block)] = np.add.reduce(block * wide, axis=1)
    return found


def margin(dim: int) -> float:
    """Twice the largest error of a float32 dot product of two unit vectors, in any order of summation.

    Higham, Accuracy and Stability of Numerical Algorithms, §3.1: ``dim · u`` times the product of the norms.
    """
    return 2.2 * (dim + 2) * 2.0**-24


def promising(rough: Vectors, k: int, dim: int) -> NDArray[np.int64]:
    """The places in ``rough`` (cosines by BLAS, −inf where a row is out of question) that can be among the best ``k``."""
    import numpy as np

    if len(rough) > k:
        bound = np.partition(rough, len(rough) - k)[len(rough) - k] - margin(dim)
        return np.flatnonzero(rough >= max(bound, np.float32(-2)))
    return np.flatnonzero(rough >= np.float32(-2))


def order(ids: NDArray[np.int64], found: Vectors, k: int) -> NDArray[np.int64]:
    """The places of the best ``k``, largest cosine first, ties by id."""
    import numpy as np

    return np.lexsort((ids, -found))[:k]
