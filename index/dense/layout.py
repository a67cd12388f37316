"""Which rows stand, which are wanted, and how the segments change from one to the other.

What is new goes into one segment, together with the segments before it that are less than twice as large: so there
are few segments and each row is copied a logarithmic number of times. When more than a fifth of all rows is dead,
all that live go into one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

from index.dense.header import HEADER, Header, SegmentRecord, parse, read_raw
from index.dense.rows import Additions, Wanted
from index.dense.segments import Part, open_dead, open_segments, write_segment
from notes.errors import IndexCacheError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["RETRAINED_AT", "TAIL_SHARE", "Layout", "Standing", "coded_segments", "lay_out", "merged_from", "standing"]

TAIL_SHARE = 0.05
"""Rows behind those of the faiss index, as a share of these, up to which they are searched exactly beside it."""
RETRAINED_AT = 2
"""Times the rows it was trained on at which a faiss index is made anew."""

_DEAD_SHARE = 0.2
_GROWTH = 2
_SAMPLED = 32
_READ_TWICE = 5_000


class Standing:
    """What is on disk and can be trusted: mapped segments, and which of their rows are dead."""

    def __init__(self, home: Path, raw: bytes, header: Header) -> None:
        import numpy as np

        self.raw, self.header = raw, header
        self.segments = open_segments(home, header)
        try:
            self.dead_file, dead = open_dead(home, header)
        except BaseException:
            self.close()
            raise
        self.dead = np.zeros(header.rows, np.bool_) if dead is None else dead

    def close(self) -> None:
        """Release the files."""
        for segment in self.segments:
            segment.close()


@dataclass(frozen=True, slots=True)
class Layout:
    """The segments as they shall be, and their dead rows; ``kept`` of the standing segments are still the first ones."""

    segments: tuple[SegmentRecord, ...]
    dead: NDArray[np.bool_]
    kept: int


def standing(home: Path, model: str) -> tuple[Standing | None, str]:
    """What stands in ``home``, or None and what is wrong with it (empty when there is nothing)."""
    try:
        raw = read_raw(home)
        return (None, "") if raw is None else (Standing(home, raw, parse(raw, model, home / HEADER)), "")
    except IndexCacheError as error:
        return None, error.message


def lay_out(
    connection: sqlite3.Connection, home: Path, model: str, wanted: Wanted, before: Standing | None
) -> Layout | None:
    """Write what is missing; None when ``before`` is of other vectors and all has to be made anew."""
    import numpy as np

    if before is None:
        added = _additions(connection, model, wanted.ids, wanted.keys, wanted.dim)
        written = _written(home, [], added)
        return Layout(written, np.zeros(sum(one.rows for one in written), np.bool_), 0)
    alive = _alive(before, wanted)
    if before.header.dim != wanted.dim or _differ(connection, model, before, alive):
        return None
    return _onward(connection, home, model, wanted, before, alive)


def _onward(
    connection: sqlite3.Connection,
    home: Path,
    model: str,
    wanted: Wanted,
    before: Standing,
    alive: NDArray[np.bool_],
) -> Layout:
    import numpy as np

    new = ~np.isin(wanted.ids, _ids(before)[alive], assume_unique=True)
    added = _additions(connection, model, wanted.ids[new], wanted.keys[new], wanted.dim)
    living = [int(alive[one.start : one.start + one.rows].sum()) for one in before.segments]
    first = _first_merged(before.header, living, len(added.ids))
    merged = before.segments[first:]
    parts = [Part(one, np.flatnonzero(alive[one.start : one.start + one.rows])) for one in merged]
    left = tuple(one.record for one in before.segments[:first])
    written = _written(home, parts, added)
    dead = np.zeros(sum(one.rows for one in (*left, *written)), np.bool_)
    untouched = sum(one.rows for one in left)
    dead[:untouched] = ~alive[:untouched]
    return Layout((*left, *written), dead, first)


def coded_segments(header: Header) -> int:
    """How many of the first segments belong to the faiss index by their row numbers; nothing is merged into these."""
    ends = accumulate(segment.rows for segment in header.segments)
    return sum(end <= header.coded for end in ends)


def _first_merged(header: Header, living: Sequence[int], added: int) -> int:
    coded, rows = coded_segments(header), header.rows + added
    first = merged_from(living, added, coded, header.rows)
    if not header.coded or rows - header.coded <= TAIL_SHARE * header.coded:
        return first
    # The rows behind the faiss index are about to become part of it: as one segment, or all as one when it is made anew.
    return min(first, coded if rows <= RETRAINED_AT * header.trained else 0)


def merged_from(living: Sequence[int], added: int, coded: int, rows: int) -> int:
    """The first segment that is merged with what is ``added``, the number of segments when none is.

    ``living`` counts the live rows of each segment, ``rows`` all rows.
    """
    if rows - sum(living) > _DEAD_SHARE * rows:
        return 0
    first = len(living)
    while added and first > coded and living[first - 1] < _GROWTH * added:
        first -= 1
        added += living[first]
    return first


def _alive(before: Standing, wanted: Wanted) -> NDArray[np.bool_]:
    """Which standing rows are wanted as they are: alive, the passage still there, and with the same text."""
    import numpy as np

    ids = _ids(before)
    keys = np.concatenate([np.empty(0, np.uint64), *(one.keys for one in before.segments)])
    if not len(wanted.ids):
        return np.zeros(len(ids), np.bool_)
    places = np.minimum(np.searchsorted(wanted.ids, ids), len(wanted.ids) - 1)
    alive: NDArray[np.bool_] = (wanted.ids[places] == ids) & (wanted.keys[places] == keys) & ~before.dead
    return alive


def _ids(before: Standing) -> NDArray[np.int64]:
    import numpy as np

    return np.concatenate([np.empty(0, np.int64), *(one.ids for one in before.segments)])


def _differ(connection: sqlite3.Connection, model: str, before: Standing, alive: NDArray[np.bool_]) -> bool:
    """Whether vectors were made anew under the same hashes, as after the cache was deleted: a sample tells."""
    import numpy as np

    rows = np.flatnonzero(alive)
    rows = rows[:: max(1, len(rows) // _SAMPLED)]
    for segment in before.segments:
        ours = rows[(rows >= segment.start) & (rows < segment.start + segment.rows)] - segment.start
        sample = Additions(connection, model, segment.ids[ours], segment.keys[ours], segment.dim)
        kept = np.concatenate([segment.matrix[:0], *sample.blocks()])
        if not np.array_equal(kept, segment.matrix[ours]):
            return True
    return False


def _additions(
    connection: sqlite3.Connection, model: str, ids: NDArray[np.int64], keys: NDArray[np.uint64], dim: int
) -> Additions:
    added = Additions(connection, model, ids, keys, dim)
    # Few are looked at beforehand, so that a vector that cannot be used does not make every publication write.
    return added.usable() if len(ids) <= _READ_TWICE else added


def _written(home: Path, parts: Sequence[Part], added: Additions) -> tuple[SegmentRecord, ...]:
    """A segment of ``parts`` and ``added``, none when that is nothing."""
    if not len(added.ids) and not any(len(part.rows) for part in parts):
        return ()
    segment = write_segment(home, added.dim, parts, added)
    return _written(home, parts, added.usable()) if added.unusable else (segment,)
