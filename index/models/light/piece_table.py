"""A tokenizer's vocabulary as a file that is mapped, not parsed: 250,000 pieces of XLM-R take half a second to parse.

Layout, little-endian, every part on a multiple of eight bytes::

    magic (8 bytes)
    number of pieces, number of merges, bytes of all pieces   (3 × u64)
    scores   f64 × pieces      merges: keys   u64 × merges
    ids      u32 × pieces      merges: ranks  u32 × merges     merges: results  u32 × merges
    ends     u32 × pieces      the pieces' UTF-8, sorted, one behind the other
"""

from __future__ import annotations

import mmap
from bisect import bisect_left
from collections.abc import Sequence
from pathlib import Path
from struct import pack, unpack
from typing import Any, Literal

from index.models.light.unsupported import UnsupportedError

__all__ = ["Merge", "PieceTable", "write_table"]

_MAGIC = b"SLIPTOK1"
_HEAD = len(_MAGIC) + 24

Merge = tuple[int, int, int]
"""The ids of two neighbours and of what they become; a merge's rank is its place in the list."""


class PieceTable:
    """A mapped vocabulary; UnsupportedError when the file is not one.

    Pieces are asked for by their UTF-8 bytes. A piece's row is its place in byte order.
    """

    def __init__(self, path: Path) -> None:
        try:
            with path.open("rb") as file:
                mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise UnsupportedError(f"the table of its tokens cannot be mapped: {error}") from error
        if mapped[: len(_MAGIC)] != _MAGIC or len(mapped) < _HEAD:
            raise UnsupportedError("the table of its tokens is not one")
        pieces, merges, length = unpack("<3Q", mapped[len(_MAGIC) : _HEAD])
        parts = _Parts(memoryview(mapped), _HEAD)
        self.scores: Sequence[float] = parts.take(pieces, "d")
        self._merge_keys: Sequence[int] = parts.take(merges, "Q")
        self.ids: Sequence[int] = parts.take(pieces, "I")
        self._merge_ranks: Sequence[int] = parts.take(merges, "I")
        self._merge_results: Sequence[int] = parts.take(merges, "I")
        self._ends: Sequence[int] = parts.take(pieces, "I")
        self._text: memoryview = parts.take(length, "B")

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, row: int) -> bytes:
        start = self._ends[row - 1] if row else 0
        return bytes(self._text[start : self._ends[row]])

    def row(self, piece: bytes, start: int = 0) -> int:
        """The first row, from ``start`` on, whose piece does not sort before ``piece``."""
        return bisect_left(self, piece, start)

    def find(self, piece: bytes) -> int | None:
        """The id of ``piece``, or None."""
        row = self.row(piece)
        return self.ids[row] if row < len(self) and self[row] == piece else None

    def prefixes(self, text: bytes, start: int) -> list[tuple[int, int]]:
        """Every piece that stands in ``text`` at ``start``, shortest first: where it ends, and its row."""
        found, row, stop = [], 0, start
        while stop < len(text):
            stop = _next_character(text, stop)
            wanted = text[start:stop]
            row = self.row(wanted, row)
            if row == len(self):
                break
            here = self[row]
            if here == wanted:
                found.append((stop, row))
            elif not here.startswith(wanted):
                break
        return found

    def merge(self, left: int, right: int) -> tuple[int, int] | None:
        """The rank and the result of the merge of two neighbouring ids, or None."""
        key = left << 32 | right
        at = bisect_left(self._merge_keys, key)
        if at == len(self._merge_keys) or self._merge_keys[at] != key:
            return None
        return self._merge_ranks[at], self._merge_results[at]


def write_table(path: Path, pieces: Sequence[tuple[bytes, int, float]], merges: Sequence[Merge] = ()) -> None:
    """Write ``pieces`` (UTF-8, id, score) and ``merges``, best first, as a table."""
    ordered = sorted(pieces)
    keyed = sorted((left << 32 | right, rank, result) for rank, (left, right, result) in enumerate(merges))
    text = b"".join(piece for piece, _, _ in ordered)
    ends, end = [], 0
    for piece, _, _ in ordered:
        end += len(piece)
        ends.append(end)
    with path.open("wb") as file:
        file.write(_MAGIC + pack("<3Q", len(ordered), len(keyed), len(text)))
        for kind, values in (
            ("d", [score for _, _, score in ordered]),
            ("Q", [key for key, _, _ in keyed]),
            ("I", [number for _, number, _ in ordered]),
            ("I", [rank for _, rank, _ in keyed]),
            ("I", [result for _, _, result in keyed]),
            ("I", ends),
        ):
            part = pack(f"<{len(values)}{kind}", *values)
            file.write(part + bytes(-len(part) % 8))
        file.write(text)


class _Parts:
    """The parts of a table, taken one after the other."""

    def __init__(self, whole: memoryview, at: int) -> None:
        self._whole = whole
        self._at = at

    def take(self, count: int, kind: Literal["d", "Q", "I", "B"]) -> Any:
        """The next ``count`` numbers of ``kind``."""
        size = count * {"d": 8, "Q": 8, "I": 4, "B": 1}[kind]
        part = self._whole[self._at : self._at + size]
        if len(part) != size:
            raise UnsupportedError("the table of its tokens is cut off")
        self._at += size + -size % 8
        return part.cast(kind)


def _next_character(text: bytes, at: int) -> int:
    """Where the UTF-8 character that begins at ``at`` ends."""
    first = text[at]
    return at + (1 if first < 0x80 else 2 if first < 0xE0 else 3 if first < 0xF0 else 4)
