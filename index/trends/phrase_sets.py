"""The phrases of each text, read once and kept in the search cache: some 0.6 ms a text to read, 0.03 ms to fetch."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from index.trends.dated import Dated
from index.words.tokens import TOKENS_VERSION, tokenise
from notes.text.keyphrases import phrases

if TYPE_CHECKING:
    from index.storage.cache import IndexCache

__all__ = ["Key", "PhraseSet", "key_of", "phrase_sets"]

VERSION = 1 + 1000 * TOKENS_VERSION
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


@lru_cache(maxsize=400_000)
def key_of(phrase: str) -> Key:
    """What two spellings of one phrase have in common: ``World Models``, ``world model``."""
    return tuple(tokenise(phrase))


def phrase_sets(texts: Sequence[Dated], cache: IndexCache | None = None) -> list[PhraseSet]:
    """The phrases of each text, from the cache where it has them; what is new is kept there."""
    if cache is None:
        return [_read(text) for text in texts]
    hashes = [text.text_hash for text in texts]
    by_hash = dict(zip(hashes, texts, strict=True))
    kept = _kept(cache, list(by_hash))
    missing = {key: _read(text) for key, text in by_hash.items() if key not in kept}
    if missing:
        _keep(cache, missing, len(by_hash))
    known = kept | missing
    return [known[key] for key in hashes]


def _read(text: Dated) -> PhraseSet:
    body = text.text[:_READ_AT_MOST]
    titled = frozenset(phrases(text.title, text.lang))
    counts = Counter(phrases(body, text.lang))
    about = [phrase for phrase, count in counts.items() if count > 1 or phrase in titled]
    about += sorted(titled - counts.keys())
    rest = [phrase for phrase in counts if counts[phrase] == 1 and phrase not in titled]
    return tuple(about), tuple(rest)


def _kept(cache: IndexCache, hashes: Sequence[str]) -> dict[str, PhraseSet]:
    cache.connection.execute(_TABLE)
    found: dict[str, PhraseSet] = {}
    for start in range(0, len(hashes), _AT_ONCE):
        some = hashes[start : start + _AT_ONCE]
        marks = ",".join("?" * len(some))
        statement = f"SELECT text_hash, phrases FROM phrase_sets WHERE version = ? AND text_hash IN ({marks})"  # noqa: S608 - only marks
        for key, packed in cache.connection.execute(statement, (VERSION, *some)):
            found[key] = _unpacked(packed)
    return found


def _keep(cache: IndexCache, read: dict[str, PhraseSet], wanted: int) -> None:
    rows = [(key, VERSION, _packed(told)) for key, told in read.items()]
    with cache.transaction() as connection:
        if connection.execute("SELECT count(*) FROM phrase_sets").fetchone()[0] > _STALE_SHARE * wanted + _FEW:
            connection.execute("DELETE FROM phrase_sets")
        connection.executemany("INSERT OR REPLACE INTO phrase_sets VALUES (?, ?, ?)", rows)


def _packed(told: PhraseSet) -> bytes:
    # No phrase holds a line end: the reader of phrases breaks at all blanks.
    whole = _PARTS.join(_BETWEEN.join(part) for part in told)
    return zlib.compress(whole.encode("utf-8", "surrogatepass"), 1)


def _unpacked(packed: bytes) -> PhraseSet:
    about, _, rest = zlib.decompress(packed).decode("utf-8", "surrogatepass").partition(_PARTS)
    return _split(about), _split(rest)


def _split(part: str) -> tuple[str, ...]:
    return tuple(part.split(_BETWEEN)) if part else ()
