"""Whether anything of a sentence in another's words stands in the notes that it names.

A name, a figure or a term that the notes write the same way ties a sentence to them, in whatever language it is told; without
one, enough of its words must be theirs. "Bananas are blue" names no name and no figure, so nothing else would refuse it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from notes.model import VaultNote
from notes.quantities.numbers import values
from notes.text.fold import fold, to_simplified
from notes.text.keyphrases import STOPWORDS
from publish.checking.worded_names import holds, names, stands, texts

__all__ = ["rests_on_nothing"]

_LATIN = re.compile(r"[a-z][a-z0-9+-]+")
_HAN = re.compile(r"[\u3400-\u9fff]+")
_STEM = 5  # letters: train, training; agents, agent
_SHARE = 1 / 3  # of the words, two at least
_HAN_SHARE = 0.25  # of the pairs of characters: function words are pairs, too
_LEAST = 2


def rests_on_nothing(text: str, named: Sequence[VaultNote]) -> str:
    """Why the sentence is no sentence of these notes; empty when something of it stands there."""
    if any(stands(name, holds(note)) for name in names(text) for note in named):
        return ""
    evidence = [one for note in named for one in texts(note)]
    told = set(values(text))
    if told and any(not told.isdisjoint(values(one)) for one in evidence):
        return ""
    stems, pairs = set(_stems(text)), set(_pairs(text))
    held = frozenset[str]().union(*(_held(one) for one in evidence))
    if pairs:
        # A Latin word within Chinese is a term.
        shared = len(pairs & held)
        return "" if stems & held or (shared >= _LEAST and shared >= _HAN_SHARE * len(pairs)) else _NOTHING
    shared = len(stems & held)
    return "" if shared >= _LEAST and shared >= _SHARE * len(stems) else _NOTHING


_NOTHING = "nothing of it stands in its notes"


def _stems(text: str) -> Iterator[str]:
    for word in _LATIN.findall(fold(text)):
        if word not in STOPWORDS:
            yield word[:_STEM]


def _pairs(text: str) -> Iterator[str]:
    for run in _HAN.findall(to_simplified(text)):
        yield from (run[at : at + 2] for at in range(len(run) - 1))


@lru_cache(maxsize=512)
def _held(text: str) -> frozenset[str]:
    return frozenset((*_stems(text), *_pairs(text)))
