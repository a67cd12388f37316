"""Which phrases tell of a subject, and which of one and the same: what is left of a ranking of phrases.

A phrase tells of a subject when the texts that hold it have more in common than any two. Where each of its words is of the common
kind (texts that hold the word have no more in common than any), the phrase could be a turn of prose that few texts happen to
share ("analysis tools", "evaluation dimensions"), and has to show three times as much: at the end of May 2025 that left out 73
of some 3,100 phrases, nearly all of that kind; "representation learning" and "ensemble learning" went with them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain

from index.trends.cohesion import COHESIVE, Cohesion
from index.trends.phrase_marks import tokens_in
from index.trends.phrase_sets import PhraseSets
from index.trends.things import Family, Phrase, families

__all__ = ["Subjects"]

_OF_COMMON_WORDS = 3 * COHESIVE
_MOST_TEXTS, _MOST_OF_WORD = 4000, 200  # that are looked at for their words, evenly drawn; 200 texts are 19,900 pairs
_COMMON = 20  # texts that hold a word; a rarer one is not of the common kind


class Subjects:
    """The named ``phrases`` of the texts whose phrases are ``sets``, as far as they tell of subjects."""

    def __init__(self, phrases: Sequence[Phrase], sets: PhraseSets) -> None:
        self._phrases = {phrase.text: phrase for phrase in phrases}
        self._place = {phrase.text: at for at, phrase in enumerate(phrases)}
        self._cohesion = Cohesion([phrase.rows for phrase in phrases], len(sets))
        self._sets = sets
        self._common: dict[str, bool] = {}

    def __getitem__(self, name: str) -> Phrase:
        """The phrase that is written so."""
        return self._phrases[name]

    def families(self, names: Iterable[str], most: int) -> list[Family]:
        """The first ``most`` of the phrases ``names`` that tell of different subjects, each with those that tell of the same."""
        return families(self._telling(names), most)

    def _telling(self, names: Iterable[str]) -> Iterator[Phrase]:
        for name in names:
            phrase = self._phrases[name]
            cohesion = self._cohesion.of(self._place[name], phrase.rows)
            if cohesion >= _OF_COMMON_WORDS or (cohesion >= COHESIVE and not all(map(self._is_common, phrase.key))):
                yield phrase

    def _is_common(self, word: str) -> bool:
        """Whether texts that hold a word, in whatever phrase, have no more in common than any two."""
        if word not in self._common:
            rows = self._of_words.get(word, ())
            step = -(-len(rows) // _MOST_OF_WORD)
            self._common[word] = len(rows) >= _COMMON and self._cohesion.of(None, rows[::step]) < COHESIVE
        return self._common[word]

    @cached_property
    def _of_words(self) -> dict[str, list[int]]:
        """The numbers of the texts that hold each word."""
        found: defaultdict[str, list[int]] = defaultdict(list)
        step = max(1, -(-len(self._sets) // _MOST_TEXTS))
        for row in range(0, len(self._sets), step):
            for word in tokens_in(chain(*self._sets[row])):
                found[word].append(row)
        return dict(found)
