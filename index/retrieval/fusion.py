"""Two lists made one: how much each half says, and how loudly it may.

Not the places are added but what the halves measured: BM25 as a share of what the words of the query are worth, cosines as
a share of the way from unrelated to the same. Reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009) gives the
first of a list that knows nothing as much as the first of one that is sure; on every collection measured it came out below
(``python -m benchmarks retrieval``; Bruch, Gai and Ingber, 2022, https://arxiv.org/abs/2210.11934 found the same).

A model that knows little of a language ruins a fused list: on Chinese keywords BM25 alone reaches nDCG@10 0.99 and equal
rank fusion with an English model 0.71. So the semantic half has a voice only where the model knows the language of the
query, and only about documents in languages it knows; elsewhere it does no more than fill the list behind the lexical hits.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from index.retrieval.semantic import Closeness
from index.retrieval.shelf import Found
from index.retrieval.wording import Wording

__all__ = ["Fused", "fill", "fuse", "voice"]

_QUIET, _LOUD = 0.2, 0.5
_FEW_WORDS, _MANY_WORDS = 2, 10
_OF_KEYWORDS = 0.5
_FULL = 1.2
"""The share of what its words are worth that a query's best hit reaches when they stand in a passage more than once."""

_BEHIND = 60
_NOTHING = 0.01
"""What a hit is given at most for which neither words speak nor a model that knows the language."""


class Fused(NamedTuple):
    """A document's share in each half and the weighted sum of both, all in [0, 1]."""

    score: float
    lexical: float = 0.0
    semantic: float = 0.0


def voice(words: int, *, listed: bool = False) -> float:
    """The weight of the semantic half: a sentence is meant as a whole, a few words as they stand, keywords the more so."""
    share = (words - _FEW_WORDS) / (_MANY_WORDS - _FEW_WORDS)
    said = _QUIET + (_LOUD - _QUIET) * min(1.0, max(0.0, share))
    return _OF_KEYWORDS * said if listed else said


def fuse(
    wording: Wording, lexical: Sequence[Found], semantic: Sequence[Found], close: Closeness, trusted: Collection[str]
) -> dict[str, Fused]:
    """Every document of either half with its share of what both could give.

    ``close`` has the cosines of both halves' passages, ``trusted`` the documents about which the semantic half is heard.
    """
    weight = voice(wording.words, listed=wording.listed)
    full = max(lexical[0].score if lexical else 0.0, _FULL * wording.rarity) or 1.0
    worded = {one.document: one.score / full for one in lexical}
    meant = {one.document: close.of(one.passage) for one in (*lexical, *semantic) if one.document in trusted}
    fused = {}
    for document in worded.keys() | meant.keys():
        said, like = worded.get(document, 0.0), meant.get(document, 0.0)
        fused[document] = Fused((1 - weight) * said + weight * like, said, like)
    return fused


def fill(wording: Wording, lexical: Sequence[Found], semantic: Sequence[Found]) -> dict[str, Fused]:
    """The lexical hits, and behind the last of them, near 0, what only the semantic half has found."""
    full = max(lexical[0].score if lexical else 0.0, _FULL * wording.rarity) or 1.0
    fused = {one.document: Fused(one.score / full, one.score / full) for one in lexical}
    last = min(_NOTHING, lexical[-1].score / full) if lexical else _NOTHING
    for place, one in enumerate(semantic, 1):
        fused.setdefault(one.document, Fused(last * _BEHIND / (_BEHIND + place)))
    return fused
