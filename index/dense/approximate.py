"""Beyond what exact search can do in a few milliseconds: a faiss index chooses the candidates, the matrix decides.

The kind is RaBitQ by FastScan (Gao and Long, SIGMOD 2024; faiss ``RaBitQfs``): one bit for each dimension and some
factors, all rows scanned with SIMD. It needs no training but the mean, so it is made in seconds, takes rows one after
another as they come, and does not care whether queries look like the rows, as a clustering would. What it puts forward
is compared exactly, so the cosines are the same as by exact search; only a passage it does not put forward is lost.
How many are is measured: recall at 10 on rows that stand for queries and are left out of their own answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.dense.files import MappedFile, TornFileError, write_file
from index.dense.header import REMEDY, FileRecord, Header
from index.dense.layout import RETRAINED_AT, TAIL_SHARE, coded_segments
from index.dense.segments import OpenSegment, gather

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from index.models.embedder import Vectors

__all__ = ["KIND", "LEAST_RECALL", "Codes", "Coding", "coding", "recall_at"]

KIND = "RaBitQfs"
LEAST_RECALL = 0.98
"""Below this at the greatest depth, search stays exact."""

_GOAL = 0.995
_DEPTHS = (200, 400, 800, 1600)
_PER_WANTED = 4
"""Candidates for each row that is wanted, when many are."""
_MOST = 8192
"""Candidates at once; a filter that needs more is answered exactly."""
_TRAINED_ON = 65_536
_QUERIES = 200
_NEIGHBOURS = 10
_BLOCK_ROWS = 16_384
_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class Coding:
    """The faiss part of a header: see :class:`index.dense.header.Header`."""

    kind: str = "flat"
    recall: float | None = None
    depth: int = 0
    coded: int = 0
    trained: int = 0
    codes: FileRecord | None = None
    note: str = ""


class Codes:
    """A faiss index of the first ``coded`` rows of a header."""

    def __init__(self, file: MappedFile, header: Header) -> None:
        """Load it; TornFileError when faiss does not take it, or it is of other rows."""
        import faiss
        import numpy as np

        file.check()
        try:
            self._index: Any = faiss.deserialize_index(np.frombuffer(file.content, np.uint8))
        except RuntimeError as error:
            raise TornFileError(
                f"the vector index {file.place} is foreign: faiss cannot read it", hint=REMEDY
            ) from error
        if (self._index.ntotal, self._index.d) != (header.coded, header.dim):
            raise TornFileError(f"the vector index {file.place} is foreign: it is of other rows", hint=REMEDY)
        self.rows, self._depth = header.coded, header.depth

    @property
    def index(self) -> Any:
        """The faiss index itself."""
        return self._index

    def nearest(self, query: Vectors, k: int, alive: NDArray[np.bool_] | None) -> NDArray[np.int64] | None:
        """The rows that may be among the nearest ``k``, of those ``alive``; None when all had better be compared."""
        import numpy as np

        wanted = max(self._depth, _PER_WANTED * k)
        living = self.rows if alive is None else int(np.count_nonzero(alive[: self.rows]))
        wanted = min(wanted, living)
        asked = wanted if living == self.rows else int(1.1 * wanted * self.rows / max(1, living)) + 8
        while asked <= max(_MOST, wanted) and wanted:
            rows = self._index.search(query[None], min(asked, self.rows))[1][0]
            rows = rows[rows >= 0]
            rows = rows if alive is None else rows[alive[rows]]
            if len(rows) >= wanted:
                return np.sort(rows)
            asked *= 2
        return None if wanted else np.empty(0, np.int64)


def coding(
    home: Path, segments: Sequence[OpenSegment], dead: NDArray[np.bool_], before: Header | None, kept: int
) -> Coding:
    """The faiss index for these rows: the one that stands, that with the rows behind it added, or a new one.

    ``kept`` of the segments of ``before`` are unchanged. Where the recall cannot be had, or faiss has no such kind,
    search stays exact and ``note`` says why.
    """
    rows = sum(one.rows for one in segments)
    if before is not None and (file := _standing(home, before, kept)) is not None:
        if rows - before.coded <= TAIL_SHARE * before.coded:
            return Coding(KIND, before.recall, before.depth, before.coded, before.trained, file.record)
        if rows <= RETRAINED_AT * before.trained and (codes := _loaded(file, before)) is not None:
            _add(codes.index, segments)
            return _measured(home, codes.index, segments, dead, before.trained)
    if before is not None and before.note and before.coded == 0 and 0 < rows <= RETRAINED_AT * before.trained:
        return Coding(trained=before.trained, note=before.note)
    index = _trained(segments, dead)
    return Coding(note=f"this faiss has no {KIND}") if index is None else _measured(home, index, segments, dead, rows)


def recall_at(
    index: Any, segments: Sequence[OpenSegment], dead: NDArray[np.bool_], depths: Sequence[int], k: int = _NEIGHBOURS
) -> list[float]:
    """The share of the true ``k`` nearest that is among the first ``depths`` candidates, for each depth.

    Two kinds of queries, and the lower share of the two: live rows at even distances, each left out of its own answers;
    and means of three such rows that have nothing to do with each other. A row has its like about it, a query need not:
    measured on real queries that are no rows, the means come closer, and err on the side of caution.
    """
    import numpy as np

    rows = np.flatnonzero(~dead)
    rows = rows[:: max(1, len(rows) // _QUERIES)][:_QUERIES]
    vectors = gather(segments, rows)
    means = vectors + np.roll(vectors, len(rows) // 3, axis=0) + np.roll(vectors, 2 * len(rows) // 3, axis=0)
    lengths = np.linalg.norm(means, axis=1, keepdims=True)
    nobody = np.full(len(rows), -1)
    means = (means / np.where(lengths > 0, lengths, 1)).astype(np.float32)
    shares = [_shares(index, segments, dead, depths, k, *asked) for asked in ((vectors, rows), (means, nobody))]
    return [min(both) for both in zip(*shares, strict=True)]


def _shares(
    index: Any,
    segments: Sequence[OpenSegment],
    dead: NDArray[np.bool_],
    depths: Sequence[int],
    k: int,
    queries: Vectors,
    own: NDArray[np.int64],
) -> list[float]:
    import numpy as np

    bounds = _bounds(segments, dead, queries, own, k)
    most = min(max(depths) + 1, index.ntotal)
    hits = np.zeros((len(queries), len(depths)))
    for place, query in enumerate(queries):
        found = index.search(query[None], most)[1][0]
        found = found[(found >= 0) & (found != own[place])]
        right = (gather(segments, found) @ query >= bounds[place]) & ~dead[found]
        hits[place] = [min(k, right[:reach].sum()) for reach in depths]
    return [float(share) for share in (hits / min(k, max(1, int((~dead).sum()) - 1))).mean(axis=0)]


def _standing(home: Path, before: Header, kept: int) -> MappedFile | None:
    """The file of the index that stands, when it is sound and the rows it numbers are where they were."""
    if before.codes is None or coded_segments(before) > kept:
        return None
    try:
        return MappedFile(home, before.codes)
    except TornFileError:
        return None


def _loaded(file: MappedFile, header: Header) -> Codes | None:
    try:
        return Codes(file, header)
    except TornFileError:
        return None


def _trained(segments: Sequence[OpenSegment], dead: NDArray[np.bool_]) -> Any:
    """A new index of all rows, None when this faiss does not know the kind."""
    import faiss
    import numpy as np

    try:
        index = faiss.index_factory(segments[0].dim, KIND, faiss.METRIC_INNER_PRODUCT)
    except RuntimeError:
        return None
    rows = np.flatnonzero(~dead)
    index.train(gather(segments, rows[:: max(1, len(rows) // _TRAINED_ON)]))
    _add(index, segments)
    return index


def _add(index: Any, segments: Sequence[OpenSegment]) -> None:
    """Add the rows that the index has not yet, dead ones too: their numbers are their places."""
    import numpy as np

    for segment in segments:
        first = max(0, index.ntotal - segment.start)
        for start in range(first, segment.rows, _BLOCK_ROWS):
            index.add(np.ascontiguousarray(segment.matrix[start : start + _BLOCK_ROWS]))


def _measured(home: Path, index: Any, segments: Sequence[OpenSegment], dead: NDArray[np.bool_], trained: int) -> Coding:
    """The index written, with the least depth that reaches the goal; without codes when even the greatest is too poor."""
    import faiss

    recalls = recall_at(index, segments, dead, _DEPTHS)
    best = next((place for place, recall in enumerate(recalls) if recall >= _GOAL), len(_DEPTHS) - 1)
    if recalls[best] < LEAST_RECALL:
        return Coding(trained=trained, note=f"{KIND} reaches a recall of only {recalls[best]:.3f}")
    record = write_file(home, "codes", (faiss.serialize_index(index).tobytes(),))
    return Coding(KIND, round(recalls[best], 4), _DEPTHS[best], index.ntotal, trained, record)


def _bounds(
    segments: Sequence[OpenSegment], dead: NDArray[np.bool_], queries: Vectors, own: NDArray[np.int64], k: int
) -> Vectors:
    """The cosine of each query's ``k``-th nearest live row but itself, less what rounding may do."""
    import numpy as np

    best = np.full((len(queries), k), -2, np.float32)
    for segment in segments:
        for start in range(0, segment.rows, _BLOCK_ROWS):
            found = queries @ segment.matrix[start : start + _BLOCK_ROWS].T
            first = segment.start + start
            found[:, dead[first : first + found.shape[1]]] = -2
            inside = np.flatnonzero((own >= first) & (own < first + found.shape[1]))
            found[inside, own[inside] - first] = -2
            best = np.partition(np.hstack([best, found]), -k, axis=1)[:, -k:]
    bounds: Vectors = best.min(axis=1) - np.float32(_ROUNDING)
    return bounds
