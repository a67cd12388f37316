"""Figures that changed places: "97.6% on A and 96.1% on B" told as "96.1% on A and 97.6% on B".

What stands near a figure, in the sentence of a model and in the sentence of its note, tells which of the note's figures it is.
Where what stands near two of them fits clearly better the other way round, they were swapped. Only what both sentences hold is
compared: words, names, and across languages what they speak of (:mod:`publish.checking.worded_concepts`).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from operator import itemgetter

from notes.model import VaultNote
from notes.quantities.numbers import located
from notes.text import sentences
from notes.text.fold import to_simplified
from notes.text.keyphrases import STOPWORDS
from publish.checking.worded_concepts import spoken_of
from publish.sources.evidence import source_text

__all__ = ["swaps_figures"]

_WORD = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_HAN = re.compile(r"(?=([\u3400-\u9fff]{2}))")
_STEM = 6
_FROM = re.compile(r"(?:\bfrom|[由从])\s?\$?$", re.IGNORECASE)
_TO = re.compile(r"(?:\bto|[到至]|-)\s?\$?$", re.IGNORECASE)
# How much better the other way round must fit: by the honest sentences of tests/data/worded and swaps in 600 abstracts.
_LEAST, _CLEARLY = 0.4, 1.4
_PARTED = re.compile(r"[,;，；](?!\d)|\s(?:while|whereas|and|but)\s")
_UNITS = frozenset(
    "ms gb mb tb usd second minute minutes hour hours day days week weeks month months percen point points =time =year".split()
)
_Clause = tuple[frozenset[float], frozenset[str]]
_OVER_A_FIGURE = 2  # steps
_REACH = 12  # steps
_AT = itemgetter(0)


@dataclass(frozen=True, slots=True)
class _Figure:
    """A figure, and how near to it each word stands (1 beside it, less further off)."""

    value: float
    near: Mapping[str, float]


def swaps_figures(text: str, named: Sequence[VaultNote]) -> str:
    """Why figures of the sentence stand in each other's places; empty when each stands in its own."""
    told = _figures(text)
    if not told:
        return ""
    every = [one for note in named for one in _read(source_text(note))]
    for one, other in combinations(told, 2):
        if one.value != other.value and (reason := _are_swapped(one, other, every)):
            return reason
    return _misplaced(text, told[0].value, named) if len(told) == 1 else ""


def _misplaced(text: str, value: float, named: Sequence[VaultNote]) -> str:
    """A single figure of which the sentence says what its notes say of other figures beside it only."""
    plain = to_simplified(text).lower()
    words = {word for _, word in _words(plain, located(text))} - _UNITS
    fits = [
        _is_said_of_others(words, value, clauses)
        for note in named
        for clauses in _clauses(source_text(note))
        if any(value in values for values, _ in clauses)
    ]
    return f"a figure in the place of another: {value:g}" if fits and all(fits) else ""


def _is_said_of_others(words: set[str], value: float, clauses: Sequence[_Clause]) -> bool:
    own = [held for values, held in clauses if value in values]
    others = [held for values, held in clauses if values and value not in values]
    return not any(words & held for held in own) and any(words & held for held in others)


@lru_cache(maxsize=1024)
def _clauses(text: str) -> tuple[tuple[_Clause, ...], ...]:
    """The clauses of each sentence, each with its figures and its words."""
    return tuple(tuple(map(_read_clause, _PARTED.split(one))) for one in sentences.split(text))


def _read_clause(clause: str) -> _Clause:
    numbers = located(clause)
    held = frozenset(word for _, word in _words(to_simplified(clause).lower(), numbers))
    return frozenset(round(value, 9) for _, _, value in numbers), held


def _are_swapped(one: _Figure, other: _Figure, every: Sequence[tuple[_Figure, ...]]) -> str:
    """``every`` sentence that has both must have them the other way round."""
    fits: list[bool] = []
    for sentence in every:
        ones = [each for each in sentence if each.value == one.value]
        others = [each for each in sentence if each.value == other.value]
        if not ones or not others:
            continue
        as_told = max(_alike(one, each) for each in ones) + max(_alike(other, each) for each in others)
        turned = max(_alike(one, each) for each in others) + max(_alike(other, each) for each in ones)
        fits.append(turned > as_told * _CLEARLY and turned > as_told + _LEAST)
    return f"figures in each other's places: {one.value:g} and {other.value:g}" if fits and all(fits) else ""


def _alike(one: _Figure, other: _Figure) -> float:
    return sum(min(nearness, other.near[word]) for word, nearness in one.near.items() if word in other.near)


@lru_cache(maxsize=1024)
def _read(text: str) -> tuple[tuple[_Figure, ...], ...]:
    return tuple(found for one in sentences.split(text) if (found := _figures(one)))


@lru_cache(maxsize=2048)
def _figures(text: str) -> tuple[_Figure, ...]:
    numbers = sorted(located(text))
    if not numbers:
        return ()
    plain = to_simplified(text).lower()
    words = sorted(_words(plain, numbers))
    steps = sorted({at for at, _ in words} | {start for start, _, _ in numbers})
    places = {at: place for place, at in enumerate(steps)}
    starts = [start for start, _, _ in numbers]
    return tuple(
        _Figure(
            round(value, 9), _near(start, _reached(words, steps, places[start]), places, starts) | _way(plain, start)
        )
        for start, _, value in numbers
    )


def _reached(words: Sequence[tuple[int, str]], steps: Sequence[int], place: int) -> Sequence[tuple[int, str]]:
    """The words, in reading order, that stand at most a dozen steps from one."""
    first, last = steps[max(0, place - _REACH)], steps[min(len(steps) - 1, place + _REACH)]
    return words[bisect_left(words, first, key=_AT) : bisect_right(words, last, key=_AT)]


def _near(
    start: int, words: Sequence[tuple[int, str]], places: Mapping[int, int], starts: Sequence[int]
) -> dict[str, float]:
    near: dict[str, float] = {}
    for at, word in words:
        low, high = sorted((at, start))
        between = max(0, bisect_left(starts, high) - bisect_right(starts, low))
        steps = abs(places[at] - places[start]) + _OVER_A_FIGURE * between
        if steps <= _REACH:
            near[word] = max(near.get(word, 0.0), 1 / steps)
    return near


def _words(plain: str, numbers: Sequence[tuple[int, int, float]]) -> Iterator[tuple[int, str]]:
    inside = frozenset(place for start, end, _ in numbers for place in range(start, end))
    found = [(one.start(), one[0]) for one in _WORD.finditer(plain)]
    found = [(at, word if "-" in word else word[:_STEM]) for at, word in found if word not in STOPWORDS]
    found += [(one.start(), one[1]) for one in _HAN.finditer(plain)]
    found += [(at, f"={name}") for at, name in spoken_of(plain)]
    yield from ((at, word) for at, word in found if at not in inside)


def _way(plain: str, start: int) -> dict[str, float]:
    """Where a change begins or ends, whatever the language."""
    before = plain[max(0, start - 8) : start]
    return {"from": 1.0} if _FROM.search(before) else {"to": 1.0} if _TO.search(before) else {}
