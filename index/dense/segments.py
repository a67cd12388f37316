"""A segment: some rows of vectors and whose they are, in one immutable file.

Layout, little-endian: the matrix ``(rows, dim)`` float32, padding to 8 bytes, the passage ids ``(rows,)`` int64,
ascending, and their keys ``(rows,)`` uint64, each a hash of the passage's vector hash: it tells a row that is still
right from one whose passage was given another text under the same id.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from index.dense.files import MappedFile, TornFileError, write_file
from index.dense.header import REMEDY, FileRecord, Header, SegmentRecord

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from index.dense.rows import Additions
    from index.models.embedder import Vectors

__all__ = ["OpenSegment", "Part", "gather", "open_dead", "open_segments", "write_dead", "write_segment"]

_BLOCK_ROWS = 4096


class OpenSegment:
    """A mapped segment; its first row is row ``start`` of the whole."""

    def __init__(self, home: Path, record: SegmentRecord, dim: int, start: int) -> None:
        """Map the file; TornFileError when it is not what ``record`` says."""
        self.rows, self.dim, self.start = record.rows, dim, start
        if record.file.size != _ids_at(record.rows, dim) + 16 * record.rows:
            raise TornFileError(f"the vector index {home / record.file.name} is torn: sizes differ", hint=REMEDY)
        self.file = MappedFile(home, record.file)

    @property
    def record(self) -> SegmentRecord:
        """What a header says of it, with its stamp as it is now."""
        return SegmentRecord(self.file.record, self.rows)

    @cached_property
    def matrix(self) -> Vectors:
        """``(rows, dim)`` float32, L2-normalised, read-only, on the mapping itself."""
        import numpy as np

        flat = np.frombuffer(self.file.content, "<f4", self.rows * self.dim)
        return flat.reshape(self.rows, self.dim)

    @cached_property
    def ids(self) -> NDArray[np.int64]:
        """``(rows,)`` passage ids, ascending."""
        import numpy as np

        return np.frombuffer(self.file.content, "<i8", self.rows, _ids_at(self.rows, self.dim))

    @cached_property
    def keys(self) -> NDArray[np.uint64]:
        """``(rows,)`` hashes of the passages' vector hashes."""
        import numpy as np

        return np.frombuffer(self.file.content, "<u8", self.rows, _ids_at(self.rows, self.dim) + 8 * self.rows)

    def close(self) -> None:
        """Release the file."""
        self.file.close()


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of an older segment that go into a new one: ``rows`` are row numbers within ``segment``, ascending."""

    segment: OpenSegment
    rows: NDArray[np.int64]


def open_segments(home: Path, header: Header) -> tuple[OpenSegment, ...]:
    """The segments of ``header``, in order; TornFileError when one is not as it should be."""
    opened: list[OpenSegment] = []
    start = 0
    try:
        for record in header.segments:
            opened.append(OpenSegment(home, record, header.dim, start))
            start += record.rows
    except BaseException:
        for segment in opened:
            segment.close()
        raise
    return tuple(opened)


def open_dead(home: Path, header: Header) -> tuple[FileRecord | None, NDArray[np.bool_] | None]:
    """The record of the bitmap as it is now, and ``(rows,)``, True where a row is dead; None when all are alive.

    The array is a copy, no mapping.
    """
    if header.dead is None:
        return None, None
    import numpy as np

    if header.dead.size != (header.rows + 7) // 8:
        raise TornFileError(f"the vector index {home / header.dead.name} is torn: sizes differ", hint=REMEDY)
    file = MappedFile(home, header.dead)
    packed = np.frombuffer(file.content, np.uint8).copy()
    file.close()
    dead = np.unpackbits(packed, count=header.rows).view(np.bool_)
    if header.rows - np.count_nonzero(dead) != header.count:
        raise TornFileError(f"the vector index {home / header.dead.name} is foreign: of other rows", hint=REMEDY)
    return file.record, dead


def gather(segments: Sequence[OpenSegment], rows: NDArray[np.int64]) -> Vectors:
    """The vectors of ``rows``, ``(len(rows), dim)``, copied out of their segments."""
    import numpy as np

    gathered = np.empty((len(rows), segments[0].dim if segments else 0), np.float32)
    for segment in segments:
        ours = (rows >= segment.start) & (rows < segment.start + segment.rows)
        gathered[ours] = segment.matrix[rows[ours] - segment.start]
    return gathered


def write_dead(home: Path, dead: NDArray[np.bool_]) -> FileRecord | None:
    """Write the bitmap of the dead rows; None when there are none."""
    import numpy as np

    return write_file(home, "dead", (np.packbits(dead).tobytes(),)) if dead.any() else None


def write_segment(home: Path, dim: int, parts: Sequence[Part], added: Additions) -> SegmentRecord:
    """Write the rows of ``parts`` and of ``added`` as one segment, ids ascending; some thousand rows are in memory at once."""
    import numpy as np

    ids = np.concatenate([*(part.segment.ids[part.rows] for part in parts), added.ids])
    keys = np.concatenate([*(part.segment.keys[part.rows] for part in parts), added.keys])
    order = np.argsort(ids, kind="stable")
    matrix = _in_order(dim, parts, added, order)
    padding = bytes(_ids_at(len(ids), dim) - len(ids) * dim * 4)
    ends = (padding, ids[order].astype("<i8").tobytes(), keys[order].astype("<u8").tobytes())
    return SegmentRecord(write_file(home, "segment", chain(matrix, ends)), len(ids))


def _in_order(dim: int, parts: Sequence[Part], added: Additions, order: NDArray[np.int64]) -> Iterator[bytes]:
    """The vectors in ``order`` over all parts and then the added, block by block."""
    import numpy as np

    ends = np.cumsum([0, *(len(part.rows) for part in parts)])
    vectors = _Stream(added.blocks(), dim)
    for at in range(0, len(order), _BLOCK_ROWS):
        places = order[at : at + _BLOCK_ROWS]
        block = np.empty((len(places), dim), "<f4")
        for part, start, end in zip(parts, ends, ends[1:], strict=False):
            ours = (places >= start) & (places < end)
            block[ours] = part.segment.matrix[part.rows[places[ours] - start]]
        new = places >= ends[-1]
        block[new] = vectors.take(int(new.sum()))
        yield block.tobytes()


class _Stream:
    """Blocks of rows, taken in any number at a time."""

    def __init__(self, blocks: Iterator[Vectors], dim: int) -> None:
        import numpy as np

        self._blocks = blocks
        self._held = np.empty((0, dim), np.float32)

    def take(self, count: int) -> Vectors:
        import numpy as np

        held = [self._held]
        while sum(map(len, held)) < count:
            held.append(next(self._blocks))
        joined = np.concatenate(held)
        self._held = joined[count:]
        return joined[:count]


def _ids_at(rows: int, dim: int) -> int:
    return (rows * dim * 4 + 7) // 8 * 8
