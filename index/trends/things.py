"""What is looked at: the phrases that name something, and which texts hold each.

Writing style is no trend. A phrase of style is told by evidence: texts mention it once and are not about it (it stands in no
title and does not come again), or what they are about has no more in common than any texts have. Of some sixty phrases sorted
by hand, the texts of those of style were about them in at most 10 of 100 ("failure" 14, "et al" 22), those of topics in 11 of
100 and more; texts that hold "evidence", "failure" or "et al" have 1.1 to 1.2 times as much in common as any two texts,
those that hold "RLVR" 6.3 times. What is praised is the thing without the praise ("advanced reasoning").
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from index.themes.topic_words import is_thing
from index.trends.phrase_marks import NO_KEY, marks_of
from index.trends.phrase_sets import Key, Marks, PhraseSets, key_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Family", "Phrase", "families", "holding", "is_named", "named_phrases"]

_T = TypeVar("_T")
_NAME = re.compile(r"[A-Z]{2}|.*[a-z0-9][A-Z]|[^A-Za-z\n]*[A-Za-z].*\d")
_PRAISE = frozenset(
    """
    advanced cutting-edge emerging enhanced exceptional growing holistic impressive improved innovative powerful practical
    reliable remarkable rich rigorous sophisticated
    """.split()
)
"""Adjectives that say how good or how new a thing is, not which."""

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


def named_phrases(sets: PhraseSets, *, least: int) -> list[Phrase]:
    """The phrases that at least ``least`` texts hold and that name a thing, by their key.

    A spelling of one text alone is not counted: four in five are.
    """
    marks = sets.marks()
    held = _held(marks, least)
    spelled = _spellings(sets, marks, held)
    found = (_phrase([(-count, spelled[at]) for at, count in one.spellings], one) for one in held)
    return sorted((one for one in found if is_named(one.text)), key=lambda one: one.key)


def holding(sets: PhraseSets, phrases: Sequence[Phrase]) -> list[tuple[int, ...]]:
    """For each phrase the numbers of the texts that hold it, in whatever spelling, ascending."""
    import numpy as np

    marks = sets.marks()
    wanted = np.array(marks_of(phrase.text for phrase in phrases)[1], dtype=np.uint64)
    order = np.argsort(wanted)
    place = np.minimum(np.searchsorted(wanted, marks.keys, sorter=order), max(0, len(wanted) - 1))
    held = np.flatnonzero(wanted[order][place] == marks.keys) if len(wanted) else place[:0]
    pairs = np.unique(order[place[held]] * len(sets) + marks.rows[held])
    number, rows = np.divmod(pairs, max(1, len(sets)))
    every = np.ones(len(wanted), dtype=np.bool_)
    return [tuple(mine) for mine in _split(rows.tolist(), number, every)]


@dataclass(frozen=True, slots=True)
class _Held:
    """A key: of each spelling a place among the marks and how many texts write it so; its texts, and how many are about it."""

    spellings: tuple[tuple[int, int], ...]
    rows: tuple[int, ...]
    about: int


def _held(marks: Marks, least: int) -> list[_Held]:
    """The keys of ``least`` texts and more that enough of them are about."""
    import numpy as np

    order = np.argsort(marks.keys, kind="stable")  # by key, and within it by text
    _, starts, counts = np.unique(marks.keys[order], return_index=True, return_counts=True)
    often = (counts >= least) & (marks.keys[order[starts]] != NO_KEY)
    order = order[np.repeat(often, counts)]
    _, form, times = np.unique(marks.forms[order], return_inverse=True, return_counts=True)
    order, form = order[times[form] > 1], form[times[form] > 1]
    keys, rows = marks.keys[order], marks.rows[order]
    begins = np.flatnonzero(np.diff(keys, prepend=~keys[:1]))
    number = np.repeat(np.arange(len(begins)), np.diff(begins, append=len(keys)))
    once = (np.diff(rows, prepend=-1) != 0) | (np.diff(number, prepend=-1) != 0)  # a text may hold two spellings
    texts = np.bincount(number, once, len(begins))
    about = np.minimum(texts, np.bincount(number, marks.about[order], len(begins)))
    named = (texts >= least) & (about >= _ABOUT * texts)
    _, first = np.unique(form, return_index=True)
    first = first[np.argsort(number[first], kind="stable")]
    held_by = _split(rows[once].tolist(), number[once], named)
    spelled = _split(list(zip(order[first].tolist(), times[form[first]].tolist(), strict=True)), number[first], named)
    told = zip(spelled, held_by, about[named].tolist(), strict=True)
    return [_Held(tuple(spellings), tuple(mine), int(often)) for spellings, mine, often in told]


def _split(values: Sequence[_T], number: NDArray[np.int64], wanted: NDArray[np.bool_]) -> Iterator[Sequence[_T]]:
    """The values of each wanted number; ``number`` ascends."""
    import numpy as np

    ends = np.searchsorted(number, np.flatnonzero(wanted), side="right").tolist()
    starts = np.searchsorted(number, np.flatnonzero(wanted)).tolist()
    return (values[start:end] for start, end in zip(starts, ends, strict=True))


def _spellings(sets: PhraseSets, marks: Marks, held: Iterable[_Held]) -> dict[int, str]:
    """The phrases at these places, each text unpacked once."""
    import numpy as np

    wanted: defaultdict[int, list[int]] = defaultdict(list)
    for place in sorted(place for one in held for place, _ in one.spellings):
        wanted[int(marks.rows[place])].append(place)
    starts = np.searchsorted(marks.rows, np.arange(len(sets)))
    found: dict[int, str] = {}
    for row, places in wanted.items():
        main, rest = sets[row]
        every = (*main, *rest)
        found |= {place: every[place - int(starts[row])] for place in places}
    return found


def _phrase(spellings: Iterable[tuple[int, str]], held: _Held) -> Phrase:
    """One phrase of all its spellings, as most texts write it."""
    _, usual = min(spellings)
    return Phrase(key_of(usual), usual, held.rows, held.about)


@lru_cache(maxsize=100_000)
def is_named(phrase: str) -> bool:
    """Whether a phrase has the form of a name of a thing: several words, or one that is written as a name."""
    if not phrase.isascii():
        return is_thing(phrase)
    words = phrase.split()
    written = len(words) > 1 or "-" in phrase or bool(_NAME.match(phrase))
    return written and words[0].lower() not in _PRAISE and is_thing(phrase)


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
