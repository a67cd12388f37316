"""How much the texts that hold a thing have in common, besides the thing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import inf
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["COHESIVE", "TELLING", "Cohesion"]

COHESIVE = 1.4
"""Times as much in common as any two texts have, below which a phrase belongs to no subject in particular."""

TELLING = 5
"""Phrases a text from which texts can be compared by them; an abstract has some twenty."""


class Cohesion:
    """Texts as L2-normalised vectors of what they hold, weighed by rarity; ``rows`` are each thing's texts of ``size``."""

    def __init__(self, rows: Sequence[Sequence[int] | NDArray[np.int64]], size: int) -> None:
        import numpy as np
        from scipy.sparse import csr_matrix, diags

        counts = np.array([len(mine) for mine in rows], dtype=np.float64)
        where = np.concatenate([np.zeros(0, dtype=np.int64), *(np.array(mine, dtype=np.int64) for mine in rows)])
        columns = np.repeat(np.arange(len(rows)), counts.astype(np.int64))
        idf = np.log((size + 1) / (1 + counts))
        held = csr_matrix((idf[columns], (where, columns)), (size, len(rows)))
        lengths = np.sqrt(np.asarray(held.multiply(held).sum(axis=1)).ravel())
        self._texts: Any = (diags(1 / np.where(lengths > 0, lengths, 1.0)) @ held).tocsr()
        self._usual = _likeness(self._texts, None) if counts.sum() >= TELLING * size else 0.0

    def of(self, thing: int | None, rows: Iterable[int]) -> float:
        """The mean likeness of two texts of the thing, itself left out if it is one that was counted, over that of any two.

        Infinite where the texts hold too little to say.
        """
        return _likeness(self._texts[list(rows)], thing) / self._usual if self._usual > 0 else inf


def _likeness(texts: Any, without: int | None) -> float:
    """The mean cosine of two different texts."""
    import numpy as np

    number = texts.shape[0]
    if number < 2:
        return 0.0
    total: NDArray[np.float64] = np.asarray(texts.sum(axis=0)).ravel()
    squares: NDArray[np.float64] = np.asarray(texts.multiply(texts).sum(axis=0)).ravel()
    if without is not None:
        total[without] = squares[without] = 0.0
    return float((total @ total - squares.sum()) / (number * (number - 1)))
