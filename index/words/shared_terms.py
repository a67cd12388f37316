"""Which terms two documents share, in words that a person reads: the reason shown beside a link.

A term tells something when it is rare, and when at least one of the two is about it: it stands in a title, comes again in
the text, is a name, or has several words. ``overlooking`` in the middle of two abstracts is shared, and says nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from index.texts.documents import Document
from index.words.tokens import tokenise
from notes.text.fold import fold
from notes.text.keyphrases import phrases

__all__ = ["SharedTerms"]

_MOST_TERMS = 4
_READ_AT_MOST = 6000  # characters of a long text; what it is about stands early
_TELLING_SHARE = 0.4  # of the best term's weight: what tells less is left out
_LENGTH = {1: 1.0, 2: 1.5, 3: 1.6}
_IN_TITLE = 1.4
_NAME = re.compile(r".*[a-z0-9][A-Z]|[A-Z]{2}|.*\d")
_BENT = re.compile(r"[a-z]+(?:ing|ed|ly|able|ible|ive|ous|ful)")

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A phrase as its document writes it, how often, and whether its title holds it."""

    text: str
    count: int
    titled: bool

    @property
    def words(self) -> int:
        """Its length in words; two Chinese characters count as one."""
        return len(self.text.split()) if self.text.isascii() else max(1, len(self.text) // 2)


class SharedTerms:
    """Shared terms of pairs of documents, each document's phrases read once. ``rarity`` weighs a phrase."""

    def __init__(self, rarity: Callable[[str], float]) -> None:
        self._rarity = rarity
        self._phrases: dict[str, dict[Key, _Phrase]] = {}
        self._rarities: dict[Key, float] = {}

    def of(self, one: Document, other: Document) -> tuple[str, ...]:
        """Up to four terms that stand in both, the most telling first, as ``one`` writes them."""
        mine, theirs = self._read(one), self._read(other)
        weighed = [
            (self._weight(key, mine[key], theirs[key]), mine[key].text, key) for key in mine.keys() & theirs.keys()
        ]
        return tuple(_apart(sorted(weighed, key=lambda term: (-term[0], fold(term[1]), term[2]))))

    def _read(self, document: Document) -> dict[Key, _Phrase]:
        if document.id not in self._phrases:
            title = frozenset(tokenise(document.title))
            found = phrases(f"{document.title}.\n\n{document.text[:_READ_AT_MOST]}", document.lang)
            keys = [_key(phrase) for phrase in found]
            counts = Counter(keys)
            spelling = dict(zip(reversed(keys), reversed(found), strict=True))
            self._phrases[document.id] = {
                key: _Phrase(phrase, counts[key], title.issuperset(key)) for key, phrase in spelling.items()
            }
        return self._phrases[document.id]

    def _weight(self, key: Key, mine: _Phrase, theirs: _Phrase) -> float:
        """How much a shared phrase tells; 0 for a common word that neither document is about."""
        titles = mine.titled + theirs.titled
        if not (titles or mine.words > 1 or _comes_again(mine, theirs) or _NAME.match(mine.text)):
            return 0.0
        if key not in self._rarities:
            self._rarities[key] = self._rarity(mine.text)
        return self._rarities[key] * _LENGTH[min(3, mine.words)] * _IN_TITLE**titles


def _comes_again(mine: _Phrase, theirs: _Phrase) -> bool:
    """Twice in both, or twice in one when it is no participle, adverb or adjective."""
    fewest, most = sorted((mine.count, theirs.count))
    return fewest > 1 or (most > 1 and not _BENT.fullmatch(mine.text))


@lru_cache(maxsize=200_000)
def _key(phrase: str) -> Key:
    return tuple(tokenise(phrase))


def _apart(weighed: Iterable[tuple[float, str, Key]]) -> list[str]:
    """The best terms of which none holds another: of ``强化学`` and ``强化学习`` the longer."""
    candidates = [(weight, text, set(key)) for weight, text, key in weighed if weight > 0]
    chosen: list[tuple[str, set[str]]] = []
    for weight, text, key in candidates:
        if weight < _TELLING_SHARE * candidates[0][0] or len(chosen) == _MOST_TERMS:
            break
        part = not text.isascii() and any(text != other and text in other for _, other, _ in candidates)
        if not part and not any(key & taken for _, taken in chosen):
            chosen.append((text, key))
    return [text for text, _ in chosen]
