"""The telling words of each text, counted once and kept in the search cache.

A lexicon of 20,000 notes would tokenise all of them every night for the sake of 200 new ones. A word is kept as a number
of 32 bits: a hash, with two bits that say whether it is written in ideographs and whether it is a single character.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from zlib import crc32

from index.words.tokens import is_ideographic, stem, tokenise
from notes.text.keyphrases import STOPWORDS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from index.storage.cache import IndexCache
    from index.texts.documents import Document

__all__ = ["IDEOGRAPHIC", "SINGLE", "WordCounts", "content_tokens", "count_words", "word_code"]

VERSION = 1
"""Of what counts as a telling word; :mod:`index.words.tokens` has a version of its own, with which the whole cache goes."""

IDEOGRAPHIC, SINGLE = 2, 1
"""Bits of a word's number."""

_STOP_STEMS = frozenset(stem(word) for word in STOPWORDS)
_STOP_CHARACTERS = frozenset(
    "的了是在和与及或而但并也都就还又才只很更太这那此该其它他她我你以为于由从把被将对中上下一不有"
)
_AT_ONCE = 500
_STALE_SHARE, _FEW = 4, 1000  # texts come and go; so many times what is asked for, and some, may lie in the cache
_TABLE = """
CREATE TABLE IF NOT EXISTS word_counts (
    text_hash TEXT NOT NULL, version INTEGER NOT NULL, codes BLOB NOT NULL, counts BLOB NOT NULL, titled BLOB NOT NULL,
    PRIMARY KEY (text_hash, version)
) WITHOUT ROWID
"""


@dataclass(frozen=True, slots=True)
class WordCounts:
    """The words of a text: ``codes``, ascending, how often each comes, and whether it is in the title; each ``(n,)``."""

    codes: NDArray[np.uint32]
    counts: NDArray[np.uint16]
    titled: NDArray[np.uint8]


def content_tokens(text: str) -> list[str]:
    """The tokens of ``text`` that tell something: without stopwords, single letters and function characters."""
    return [token for token in tokenise(text) if _tells(token)]


@lru_cache(maxsize=200_000)
def _telling_code(token: str) -> int:
    """The number of a token that tells something, else minus one: one look-up for each word of each text."""
    return word_code(token) if _tells(token) else -1


@lru_cache(maxsize=200_000)
def word_code(token: str) -> int:
    """The number of a token, in 32 bits."""
    marks = (IDEOGRAPHIC if is_ideographic(token[0]) else 0) | (SINGLE if len(token) == 1 else 0)
    return (crc32(token.encode("utf-8", "surrogatepass")) & ~3) | marks


def count_words(documents: Sequence[Document], cache: IndexCache | None = None) -> list[WordCounts]:
    """The word counts of each document, from the cache where it has them; what is new is kept there."""
    if cache is None:
        return [_count(document) for document in documents]
    hashes = [document.text_hash for document in documents]
    by_hash = dict(zip(hashes, documents, strict=True))
    kept = _kept(cache, list(by_hash))
    missing = {key: _count(document) for key, document in by_hash.items() if key not in kept}
    if missing:
        _keep(cache, missing, len(by_hash))
    known = kept | missing
    return [known[key] for key in hashes]


@lru_cache(maxsize=200_000)
def _tells(token: str) -> bool:
    if len(token) == 1:
        return is_ideographic(token) and token not in _STOP_CHARACTERS
    return token not in _STOP_STEMS


def _count(document: Document) -> WordCounts:
    import numpy as np

    counted = Counter(map(_telling_code, tokenise(document.whole)))
    del counted[-1]
    titled = {*map(_telling_code, tokenise(document.title))}
    codes = sorted(counted)
    return WordCounts(
        np.array(codes, dtype="<u4"),
        np.array([min(counted[code], 65_535) for code in codes], dtype="<u2"),
        np.array([code in titled for code in codes], dtype="u1"),
    )


def _kept(cache: IndexCache, hashes: Sequence[str]) -> dict[str, WordCounts]:
    import numpy as np

    cache.make_table(_TABLE)
    found: dict[str, WordCounts] = {}
    for start in range(0, len(hashes), _AT_ONCE):
        some = hashes[start : start + _AT_ONCE]
        marks = ",".join("?" * len(some))
        statement = (
            f"SELECT text_hash, codes, counts, titled FROM word_counts WHERE version = ? AND text_hash IN ({marks})"  # noqa: S608 - only marks
        )
        for key, codes, counts, titled in cache.connection.execute(statement, (VERSION, *some)):
            found[key] = WordCounts(
                np.frombuffer(codes, dtype="<u4"), np.frombuffer(counts, dtype="<u2"), np.frombuffer(titled, dtype="u1")
            )
    return found


def _keep(cache: IndexCache, counted: dict[str, WordCounts], wanted: int) -> None:
    rows = [
        (key, VERSION, words.codes.tobytes(), words.counts.tobytes(), words.titled.tobytes())
        for key, words in counted.items()
    ]
    with cache.transaction() as connection:
        if connection.execute("SELECT count(*) FROM word_counts").fetchone()[0] > _STALE_SHARE * wanted + _FEW:
            connection.execute("DELETE FROM word_counts WHERE text_hash NOT IN (SELECT text_hash FROM documents)")
        connection.executemany("INSERT OR REPLACE INTO word_counts VALUES (?, ?, ?, ?, ?)", rows)
