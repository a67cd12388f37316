"""Reading the dense half: the nearest passages to a vector, exactly the same on every way to them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from index.dense.files import MappedFile, TornFileError
from index.dense.header import HEADER, REMEDY, Header, model_folder, parse, read_raw
from index.dense.segments import gather, open_dead, open_segments
from notes.errors import IndexCacheError, ModelError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from index.dense.approximate import Codes
    from index.dense.sieve import Sieve
    from index.models.embedder import Vectors

__all__ = ["DenseReader", "open_dense"]

_ATTEMPTS = 20
_BLOCK_ROWS = 4096
_GATHERED = 4
"""A filter that leaves less than one row in so many is followed row by row, others by a product with everything."""
_GATHERED_CODED = 32
"""The same where the others are found by faiss."""


class DenseReader:
    """The published vectors of one model, mapped; a context manager. It keeps what it opened, whatever is published later."""

    def __init__(self, home: Path, raw: bytes, header: Header) -> None:
        """Open every file of ``header``; TornFileError when one is not as it should be."""
        self.home, self.header, self._raw = home, header, raw
        self._segments = open_segments(home, header)
        self._coded: MappedFile | None = None
        self._sieve: Sieve | None = None
        try:
            _, self._dead = open_dead(home, header)
            self._coded = None if header.codes is None else MappedFile(home, header.codes)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def model(self) -> str:
        """The model whose vectors these are."""
        return self.header.model

    @property
    def generation(self) -> int:
        """The generation of the search cache that was published."""
        return self.header.generation

    @property
    def count(self) -> int:
        """Rows alive: passages that can be found."""
        return self.header.count

    @property
    def missing(self) -> int:
        """Passages that had no usable vector when this was published."""
        return self.header.missing

    @property
    def kind(self) -> str:
        """``flat`` for exact search, else a faiss factory string."""
        return self.header.kind

    @property
    def recall(self) -> float | None:
        """Recall at 10 against exact search, measured when the faiss index was made; None when search is exact."""
        return self.header.recall

    def stale(self) -> bool:
        """Whether another header stands now, or none."""
        try:
            return read_raw(self.home) != self._raw
        except IndexCacheError:
            return True

    def close(self) -> None:
        """Release the files."""
        for segment in self._segments:
            segment.close()
        if self._coded is not None:
            self._coded.close()

    def verify(self) -> None:
        """IndexCacheError unless every byte of every file is as it was written; reads them all."""
        for record in self.header.files:
            file = MappedFile(self.home, record)
            try:
                file.verify()
            finally:
                file.close()

    def nearest(
        self, vector: Vectors, k: int, among: NDArray[np.int64] | None = None
    ) -> tuple[NDArray[np.int64], Vectors]:
        """The ids of the ``k`` passages nearest to ``vector`` (``(dim,)``) and their cosines, nearest first, ties by id.

        ``among`` holds the passage ids that may come, ascending, each once. IndexCacheError when a file was changed
        while in use or the vector has another length; ModelError when it holds no numbers.
        """
        import numpy as np

        from index.dense import exact

        query = self._query(vector)
        self._check()
        if k < 1 or not self.count:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        rows, found = self._compared(query, k, among)
        ids = self._ids(rows)
        best = exact.order(ids, found, k)
        return ids[best], found[best]

    def lay_out(self) -> None:
        """Keep in memory what makes scans faster, for who answers many queries: a byte for each number of the matrix.

        Nothing where faiss finds the candidates anyway, nor where there are few rows. Answers stay the same to the bit.
        """
        from index.dense.sieve import LEAST_ROWS, sieve_of

        if self.header.codes is None and self.header.rows >= LEAST_ROWS and self._sieve is None:
            self._check()
            self._sieve = sieve_of(self._segments)

    def _query(self, vector: Vectors) -> Vectors:
        import numpy as np

        if vector.shape != (self.header.dim,) and self.header.rows:
            raise IndexCacheError(
                f"the vector index of {self.model} holds vectors of {self.header.dim} numbers, the query's has"
                f" {vector.shape}",
                hint=REMEDY,
            )
        norm = float(np.linalg.norm(vector.astype(np.float64)))
        if not np.isfinite(norm):
            raise ModelError(f"the model {self.model} gave a query vector that holds no numbers")
        return (vector / norm if abs(norm - 1) > 1e-6 and norm else vector).astype(np.float32)

    def _check(self) -> None:
        for segment in self._segments:
            segment.file.check()

    def _compared(self, query: Vectors, k: int, among: NDArray[np.int64] | None) -> tuple[NDArray[np.int64], Vectors]:
        """Rows that hold the best ``k``, and their canonical cosines."""
        import numpy as np

        from index.dense import exact

        allowed = None if among is None else self._rows_of(np.asarray(among, np.int64))
        if (
            allowed is not None
            and len(allowed) * (_GATHERED_CODED if self.header.codes else _GATHERED) <= self.header.rows
        ):
            rows = allowed[exact.promising(self._gathered(allowed, query), k, self.header.dim)]
            return rows, self._cosines(rows, query)
        alive = self._alive(allowed)
        if self._sieve is not None and (sifted := self._sieve.nearest(query, k, alive, self._cosines)) is not None:
            return sifted
        rows = self._candidates(query, k, alive)
        return rows, self._cosines(rows, query)

    def _candidates(self, query: Vectors, k: int, alive: NDArray[np.bool_] | None) -> NDArray[np.int64]:
        """The rows of those ``alive`` that can be among the best ``k``."""
        import numpy as np

        coded = None if self._codes is None else self._codes.nearest(query, k, alive)
        if coded is None:
            return self._promising(query, k, alive, 0)
        return np.concatenate([coded, self._promising(query, k, alive, self.header.coded)])

    def _promising(self, query: Vectors, k: int, alive: NDArray[np.bool_] | None, first: int) -> NDArray[np.int64]:
        """The rows from ``first`` on, the start of a segment, that can be among the best ``k``; exact."""
        import numpy as np

        from index.dense import exact

        behind = [segment.matrix @ query for segment in self._segments if segment.start >= first]
        rough = np.concatenate([np.empty(0, np.float32), *behind])
        if alive is not None:
            rough[~alive[first:]] = -np.inf
        return first + exact.promising(rough, k, self.header.dim)

    def _alive(self, allowed: NDArray[np.int64] | None) -> NDArray[np.bool_] | None:
        """True for the rows that may come; None when all may."""
        import numpy as np

        if allowed is None:
            return None if self._dead is None else ~self._dead
        alive = np.zeros(self.header.rows, np.bool_)
        alive[allowed] = True
        return alive

    def _rows_of(self, among: NDArray[np.int64]) -> NDArray[np.int64]:
        """The live rows whose passages are ``among``, ascending."""
        import numpy as np

        found = []
        for segment in self._segments:
            places = np.minimum(np.searchsorted(segment.ids, among), segment.rows - 1)
            found.append(segment.start + places[segment.ids[places] == among])
        rows = np.concatenate(found)
        return rows if self._dead is None else rows[~self._dead[rows]]

    def _gathered(self, rows: NDArray[np.int64], query: Vectors) -> Vectors:
        """Rough cosines of ``rows`` alone."""
        import numpy as np

        return np.concatenate([np.empty(0, np.float32), *(block @ query for block in self._blocks(rows))])

    def _cosines(self, rows: NDArray[np.int64], query: Vectors) -> Vectors:
        """Canonical cosines of ``rows``."""
        import numpy as np

        from index.dense import exact

        return np.concatenate([np.empty(0, np.float32), *(exact.cosines(block, query) for block in self._blocks(rows))])

    def _blocks(self, rows: NDArray[np.int64]) -> Iterator[Vectors]:
        """The vectors of ``rows``, some thousand at a time: when all are equal, all are among the nearest."""
        for start in range(0, len(rows), _BLOCK_ROWS):
            yield gather(self._segments, rows[start : start + _BLOCK_ROWS])

    def _ids(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        import numpy as np

        gathered = np.empty(len(rows), np.int64)
        for segment in self._segments:
            ours = (rows >= segment.start) & (rows < segment.start + segment.rows)
            gathered[ours] = segment.ids[rows[ours] - segment.start]
        return gathered

    @cached_property
    def _codes(self) -> Codes | None:
        if self._coded is None:
            return None
        from index.dense.approximate import Codes

        return Codes(self._coded, self.header)


def open_dense(folder: Path, model: str) -> DenseReader | None:
    """The published vectors of ``model`` below ``folder``, None when there are none.

    Opens, maps and checks stamps; imports neither numpy nor faiss. IndexCacheError when what is there is torn, foreign
    or of another version.
    """
    home = model_folder(folder, model)
    raw = read_raw(home)
    for _ in range(_ATTEMPTS):
        if raw is None:
            return None
        header = parse(raw, model, home / HEADER)
        try:
            return DenseReader(home, raw, header)
        except TornFileError:
            # What it names may have been unlinked by a publication since: then another header stands.
            raw, before = read_raw(home), raw
            if raw == before:
                raise
    raise IndexCacheError(f"the vector index {home} changes faster than it can be read", hint="try again")
