"""Whether anything of a sentence in another's words stands in the notes that it names.

A name, a figure or a term that the notes write the same way ties a sentence to them, in whatever language it is told; without
one, enough of its words must be theirs, or of what it speaks of (:mod:`publish.checking.worded_concepts`). "Bananas are blue"
names no name and no figure, so nothing else would refuse it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from notes.model import VaultNote
from notes.quantities.numbers import values
from notes.text.fold import fold, to_simplified
from notes.text.keyphrases import STOPWORDS
from publish.checking.worded_chinese import called
from publish.checking.worded_concepts import GENERIC, concepts
from publish.checking.worded_names import holds, names, stands, texts

__all__ = ["borrows_a_figure", "rests_on_nothing"]

_LATIN = re.compile(r"[a-z][a-z0-9+-]+")
_HAN = re.compile(r"[\u3400-\u9fff]+")
_STEM = 5  # letters: train, training; agents, agent
_SHARE = 0.25  # of what the sentence says, two at least
_HAN_SHARE = 0.25  # of the pairs of characters: function words are pairs, too
_LEAST = 2


def rests_on_nothing(text: str, named: Sequence[VaultNote]) -> str:
    """Why the sentence is no sentence of these notes; empty when something of it stands there."""
    if any(stands(name, holds(note)) for name in names(text) for note in named):
        return ""
    if any(latin in holds(note) for latin in called(text) for note in named):
        return ""
    evidence = [one for note in named for one in texts(note)]
    told = set(values(text))
    if told and any(not told.isdisjoint(values(one)) for one in evidence):
        return ""
    # What joins several notes stands in none of them word for word: "Both works hand the planning to the model".
    least = 1 if len(named) > 1 else _LEAST
    stems, pairs, spoken = set(_stems(text)), set(_pairs(text)), concepts(text)
    held = frozenset[str]().union(*(_held(one) for one in evidence))
    known = spoken & frozenset[str]().union(*(concepts(one) for one in evidence))
    if (len(known) >= least and len(known) >= len(spoken) / 2) or (known == spoken and known - GENERIC):
        return ""
    if pairs:
        # A Latin word within Chinese is a term.
        shared = len(pairs & held)
        return "" if stems & held or (shared >= _LEAST and shared >= _HAN_SHARE * len(pairs)) else _NOTHING
    shared = len(stems & held)
    return "" if shared >= least and shared >= _SHARE * len(stems) else _NOTHING


_CAUSE = re.compile(
    r"\b(?:because(?: of)?|due to|thanks to|owing to|as a result of|on account of)\b(?P<after>[^,;.，；。]*)"
    r"|(?:因为|由于|得益于|归功于|归因于|多亏了?|源于)(?P<danach>[^，；。,;]*)",
    re.IGNORECASE,
)
_CAUSE_SHARE = 0.5
_ENDING = 3  # letters in which two forms of a word differ


def borrows_a_figure(text: str, named: Sequence[VaultNote]) -> str:
    """Why a sentence gives a figure of its notes a cause of its own; empty when it does not."""
    found = _CAUSE.search(to_simplified(text)) if values(text) else None
    if not found:
        return ""
    cause = found["after"] or found["danach"] or ""
    evidence = [one for note in named for one in texts(note)]
    held = frozenset[str]().union(*(_held(one) for one in evidence))
    known = frozenset[str]().union(*(concepts(one) for one in evidence))
    pairs, words, spoken = set(_pairs(cause)), set(_words(cause)), concepts(cause)
    text_held = fold(" ".join(evidence))
    theirs = [
        word for word in words if re.search(rf"\b{re.escape(word[: max(_STEM, len(word) - _ENDING)])}", text_held)
    ]
    is_told = len(pairs & held) + len(theirs) > _CAUSE_SHARE * (len(pairs) + len(words))
    is_spoken = bool(spoken) and spoken <= known and bool(pairs) != any(_HAN.search(one) for one in evidence)
    return "" if is_told or is_spoken else f"a cause that stands in none of its notes: {cause.strip()}"


_NOTHING = "nothing of it stands in its notes"


def _words(text: str) -> Iterator[str]:
    yield from (word for word in _LATIN.findall(fold(text)) if word not in STOPWORDS)


def _stems(text: str) -> Iterator[str]:
    yield from (word[:_STEM] for word in _words(text))


def _pairs(text: str) -> Iterator[str]:
    for run in _HAN.findall(to_simplified(text)):
        yield from (run[at : at + 2] for at in range(len(run) - 1))


@lru_cache(maxsize=512)
def _held(text: str) -> frozenset[str]:
    return frozenset((*_stems(text), *_pairs(text)))
