"""What is looked at: the phrases that name something, and which texts hold each.

Writing style is no trend. A phrase of style is told by evidence: texts mention it once and are not about it (it stands in no
title and does not come again), or what they are about has no more in common than any texts have. Of some sixty phrases sorted
by hand, the texts of those of style were about them in at most 10 of 100 ("failure" 14, "et al" 22), those of topics in 11 of
100 and more; texts that hold "evidence", "failure" or "et al" have 1.1 to 1.2 times as much in common as any two texts,
those that hold "RLVR" 6.3 times.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from index.themes.topic_words import is_thing
from index.trends.phrase_sets import Key, PhraseSet, key_of

__all__ = ["Family", "Phrase", "families", "is_named", "named_phrases"]

_NAME = re.compile(r"[A-Z]{2}|.*[a-z0-9][A-Z]|.*[A-Za-z].*\d")
_ABOUT = 0.11  # the share of a phrase's texts that are about it
_ALIKE = 0.5  # Jaccard overlap of texts from which two phrases tell of one thing
_WITHIN = 0.8  # share of the rarer one's texts
_MOST_TERMS = 3


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase as most texts write it, and the numbers of the texts that hold it, ascending; ``about`` of them are about it."""

    key: Key
    text: str
    rows: tuple[int, ...]
    about: int


@dataclass(frozen=True, slots=True)
class Family:
    """A phrase and the others that tell of the same texts: ``RLVR``, ``verifiable rewards``."""

    lead: Phrase
    terms: tuple[str, ...]


def named_phrases(sets: Sequence[PhraseSet], *, least: int) -> list[Phrase]:
    """The phrases that at least ``least`` texts hold and that name a thing, by their key.

    A spelling of one text alone is not counted: four in five are, and to compare them all takes longer than all the rest.
    """
    about = Counter(chain.from_iterable(main for main, _ in sets))
    counts = about.copy()
    counts.update(chain.from_iterable(rest for _, rest in sets))
    spellings: defaultdict[Key, list[str]] = defaultdict(list)
    for phrase, count in counts.items():
        if count > 1:
            spellings[key_of(phrase)].append(phrase)
    # No more texts hold a phrase than hold its spellings, counted each.
    often = {key for key, forms in spellings.items() if key and sum(map(counts.__getitem__, forms)) >= least}
    spelled: dict[str, list[int]] = {phrase: [] for key in often for phrase in spellings[key]}
    for row, (main, rest) in enumerate(sets):
        for phrase in filter(spelled.__contains__, chain(main, rest)):
            spelled[phrase].append(row)
    found = (_phrase(key, spellings[key], spelled, about) for key in sorted(often))
    return [
        one for one in found if len(one.rows) >= least and one.about >= _ABOUT * len(one.rows) and is_named(one.text)
    ]


def _phrase(key: Key, spellings: Sequence[str], spelled: Mapping[str, list[int]], about: Mapping[str, int]) -> Phrase:
    """One phrase of all its spellings, as most texts write it."""
    rows = {row for spelling in spellings for row in spelled[spelling]}
    usual = min(spellings, key=lambda spelling: (-len(spelled[spelling]), spelling))
    return Phrase(key, usual, tuple(sorted(rows)), min(len(rows), sum(about[spelling] for spelling in spellings)))


@lru_cache(maxsize=100_000)
def is_named(phrase: str) -> bool:
    """Whether a phrase has the form of a name of a thing: several words, or one that is written as a name."""
    if not phrase.isascii():
        return is_thing(phrase)
    words = phrase.split()
    return (len(words) > 1 or "-" in phrase or bool(_NAME.match(phrase))) and is_thing(phrase)


def families(phrases: Iterable[Phrase], most: int) -> list[Family]:
    """The first ``most`` phrases that do not tell of what an earlier one tells of, each with up to two that do."""
    found: list[tuple[Phrase, frozenset[int], list[str]]] = []
    for phrase in phrases:
        rows = frozenset(phrase.rows)
        same = next((one for one in found if _same(rows, one[1])), None)
        if same is None and len(found) < most:
            found.append((phrase, rows, [phrase.text]))
        elif same is not None and len(same[2]) < _MOST_TERMS:
            same[2].append(phrase.text)
    return [Family(phrase, tuple(terms)) for phrase, _, terms in found]


def _same(rows: frozenset[int], other: frozenset[int]) -> bool:
    shared = len(rows & other)
    return shared >= _ALIKE * len(rows | other) or shared >= _WITHIN * min(len(rows), len(other))
