"""The phrases of each text, read once and kept in the search cache: some 0.6 ms a text to read, 0.01 ms to fetch.

Kept are their marks, by which they are counted, and the phrases themselves, which few need.
"""

from __future__ import annotations

import struct
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, overload

from index.trends.dated import Dated
from index.trends.phrase_marks import key_of, marks_of
from index.words.tokens import TOKENS_VERSION
from notes.text.keyphrases import phrases

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from index.storage.cache import IndexCache

__all__ = ["Key", "Marks", "PhraseSet", "PhraseSets", "key_of", "phrase_sets"]

VERSION = 2 + 1000 * TOKENS_VERSION
"""Of what counts as a phrase of a text."""

Key: TypeAlias = tuple[str, ...]
"""A phrase as it is compared: folded, lightly stemmed tokens."""

PhraseSet: TypeAlias = tuple[tuple[str, ...], tuple[str, ...]]
"""The phrases that a text is about (its title holds them, or they come again in it), and its other ones; each once."""

_READ_AT_MOST = 4000
_AT_ONCE = 500
_STALE_SHARE, _FEW = 4, 5000  # texts come and go; so many times what is asked for, and some, may lie in the cache
_TABLE = """
CREATE TABLE IF NOT EXISTS phrase_sets (
    text_hash TEXT NOT NULL, version INTEGER NOT NULL, phrases BLOB NOT NULL, PRIMARY KEY (text_hash, version)
) WITHOUT ROWID
"""
_BETWEEN, _PARTS = "\n", "\n\n"
_HEAD = struct.Struct("<II")  # how many phrases, and how many of the first of them the text is about
_MARK = 8  # bytes


@dataclass(frozen=True, slots=True)
class Marks:
    """The phrases of all texts one after another, ``(phrases,)``: number of the text, marks of spelling and key, about or not."""

    rows: NDArray[np.int64]
    forms: NDArray[np.uint64]
    keys: NDArray[np.uint64]
    about: NDArray[np.bool_]


class PhraseSets(Sequence[PhraseSet]):
    """The phrases of texts, by the number of the text; each is unpacked when it is asked for."""

    def __init__(self, packed: Sequence[bytes]) -> None:
        self._packed = packed

    def __len__(self) -> int:
        return len(self._packed)

    @overload
    def __getitem__(self, at: int) -> PhraseSet: ...
    @overload
    def __getitem__(self, at: slice) -> PhraseSets: ...
    def __getitem__(self, at: int | slice) -> PhraseSet | PhraseSets:
        return PhraseSets(self._packed[at]) if isinstance(at, slice) else _unpacked(self._packed[at])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PhraseSets) and list(self._packed) == list(other._packed)

    def __hash__(self) -> int:
        return hash(tuple(self._packed))

    def marks(self) -> Marks:
        """All of them as numbers."""
        import numpy as np

        sizes = np.array([_HEAD.unpack_from(one) for one in self._packed], dtype=np.int64).reshape(-1, 2)
        wide = [
            (_HEAD.size, _HEAD.size + int(size) * _MARK, _HEAD.size + 2 * int(size) * _MARK) for size in sizes[:, 0]
        ]
        held = list(zip(self._packed, wide, strict=True))
        rows = np.repeat(np.arange(len(sizes)), sizes[:, 0])
        place = np.arange(len(rows)) - np.repeat(np.cumsum(sizes[:, 0]) - sizes[:, 0], sizes[:, 0])
        return Marks(
            rows,
            np.frombuffer(b"".join(one[start:middle] for one, (start, middle, _) in held), dtype="<u8"),
            np.frombuffer(b"".join(one[middle:end] for one, (_, middle, end) in held), dtype="<u8"),
            place < np.repeat(sizes[:, 1], sizes[:, 0]),
        )


def phrase_sets(texts: Sequence[Dated], cache: IndexCache | None = None) -> PhraseSets:
    """The phrases of each text, from the cache where it has them; what is new is kept there."""
    if cache is None:
        return PhraseSets([_packed(_read(text)) for text in texts])
    hashes = [text.text_hash for text in texts]
    by_hash = dict(zip(hashes, texts, strict=True))
    kept = _kept(cache, list(by_hash))
    missing = {key: _packed(_read(text)) for key, text in by_hash.items() if key not in kept}
    if missing:
        _keep(cache, missing, len(by_hash))
    known = kept | missing
    return PhraseSets([known[key] for key in hashes])


def _read(text: Dated) -> PhraseSet:
    body = text.text[:_READ_AT_MOST]
    titled = frozenset(phrases(text.title, text.lang))
    counts = Counter(phrases(body, text.lang))
    about = [phrase for phrase, count in counts.items() if count > 1 or phrase in titled]
    about += sorted(titled - counts.keys())
    rest = [phrase for phrase in counts if counts[phrase] == 1 and phrase not in titled]
    return tuple(about), tuple(rest)


def _kept(cache: IndexCache, hashes: Sequence[str]) -> dict[str, bytes]:
    cache.make_table(_TABLE)
    found: dict[str, bytes] = {}
    for start in range(0, len(hashes), _AT_ONCE):
        some = hashes[start : start + _AT_ONCE]
        marks = ",".join("?" * len(some))
        statement = f"SELECT text_hash, phrases FROM phrase_sets WHERE version = ? AND text_hash IN ({marks})"  # noqa: S608 - only marks
        found |= dict(cache.connection.execute(statement, (VERSION, *some)))
    return found


def _keep(cache: IndexCache, read: dict[str, bytes], wanted: int) -> None:
    rows = [(key, VERSION, packed) for key, packed in read.items()]
    with cache.transaction() as connection:
        if connection.execute("SELECT count(*) FROM phrase_sets").fetchone()[0] > _STALE_SHARE * wanted + _FEW:
            connection.execute("DELETE FROM phrase_sets")
        connection.executemany("INSERT OR REPLACE INTO phrase_sets VALUES (?, ?, ?)", rows)


def _packed(told: PhraseSet) -> bytes:
    every = (*told[0], *told[1])
    written, meant = marks_of(every)
    marks = struct.pack(f"<{2 * len(every)}Q", *written, *meant)
    # No phrase holds a line end: the reader of phrases breaks at all blanks.
    whole = _PARTS.join(_BETWEEN.join(part) for part in told)
    return _HEAD.pack(len(every), len(told[0])) + marks + zlib.compress(whole.encode("utf-8", "surrogatepass"), 1)


def _unpacked(packed: bytes) -> PhraseSet:
    size, _ = _HEAD.unpack_from(packed)
    whole = zlib.decompress(packed[_HEAD.size + 2 * size * _MARK :])
    about, _, rest = whole.decode("utf-8", "surrogatepass").partition(_PARTS)
    return _split(about), _split(rest)


def _split(part: str) -> tuple[str, ...]:
    return tuple(part.split(_BETWEEN)) if part else ()
