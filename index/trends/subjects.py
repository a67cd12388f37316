"""Which phrases tell of a subject, and which of one and the same: what is left of a ranking of phrases.

A phrase tells of a subject when the texts that hold it have more in common than any two. It has to show three times as much

- where each of its words is of the common kind (texts that hold the word have no more in common than any): it could be a turn of
  prose that few texts happen to share ("analysis tools", "evaluation dimensions"). At the end of May 2025 that left out 92 of
  some 3,100 phrases, nearly all of that kind; "representation learning" and "ensemble learning" went with them;
- where it says how something is, not what: a compound ("high-fidelity") behind which seven texts in ten name something, and
  two texts hardly ever the same. It left out 12 of the 3,100 ("high-quality", "low-latency"); "privacy-preserving" and
  "self-improving" went with them, which are subjects. What can stand alone ("super-resolution", "post-training") names
  something in fewer, and behind "vision-language-action" stands nearly always the same.

A Chinese word of two characters has to show half as much again: words of prose have that length (可能, 分别), most
names are longer.

Where the named phrases are too few to compare texts by (few texts, or many fields), all phrases that two texts hold count,
which all texts share more of: 1.2 times as much is enough then. In nine draws of 300 to 1,250 papers that left out 41 of 72
phrases that the 20,000 they are drawn from tell to be of style, and 5 of 100 others; of 76 Chinese words of prose that people
of all disciplines write 42, and 4 of 63 names of things. Without, all of them would be told.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from index.trends.cohesion import COHESIVE, TELLING, Cohesion
from index.trends.phrase_marks import NO_KEY, key_of, marks_of, tokens_in
from index.trends.phrase_sets import Key, PhraseSets
from index.trends.things import Family, Phrase, families

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Subjects"]

_COHESIVE_BY_ALL = 1.2  # as COHESIVE, by all that two texts hold
_SAYS_LITTLE, _SHORT = 3.0, 1.5  # times as much
_MOST_TEXTS = 4000  # that are looked at for their words, evenly drawn
_COMMON = 20  # texts that hold a word; of a rarer one nothing is known
_WORD = 2  # characters of Chinese
_FOLLOWED = 0.7  # the share of a compound's texts from which it is taken for an adjective
_SAME = 0.15  # the chance that two words behind it are the same, from which it is part of a name


class Subjects:
    """The named ``phrases`` of the texts whose phrases are ``sets``, as far as they tell of subjects."""

    def __init__(self, phrases: Sequence[Phrase], sets: PhraseSets) -> None:
        self._phrases = {phrase.text: phrase for phrase in phrases}
        self._place = {phrase.text: at for at, phrase in enumerate(phrases)}
        rows: list[Sequence[int] | NDArray[np.int64]] = [phrase.rows for phrase in phrases]
        few = sum(map(len, rows)) < TELLING * len(sets)
        self._enough = _COHESIVE_BY_ALL if few else COHESIVE
        self._cohesion = Cohesion([*rows, *(_shared(sets, phrases) if few else ())], len(sets))
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
            shown = self._cohesion.of(self._place[name], phrase.rows) / self._enough
            if shown >= _SAYS_LITTLE or (shown >= 1 and shown >= self._asked_of(phrase)):
                yield phrase

    def _asked_of(self, phrase: Phrase) -> float:
        """How many times as much in common as others its texts must have."""
        if all(map(self._is_common, phrase.key)) or self._is_attribute(phrase):
            return _SAYS_LITTLE
        return _SHORT if len(phrase.text) == _WORD and not phrase.text.isascii() else 1.0

    def _is_common(self, word: str) -> bool:
        """Whether texts that hold a word, in whatever phrase, have no more in common than any two."""
        if word not in self._common:
            rows = self._of_words.get(word, ())
            self._common[word] = len(rows) >= _COMMON and self._cohesion.of(None, rows) < self._enough
        return self._common[word]

    def _is_attribute(self, phrase: Phrase) -> bool:
        """Whether a compound mostly stands before another word, and before one and the other; of no name."""
        if len(phrase.rows) < _COMMON or " " in phrase.text or "-" not in phrase.text:
            return False
        behind = [self._behind(f"{phrase.text} ", row) for row in phrase.rows]
        words = Counter(chain.from_iterable(behind))
        number = sum(words.values())
        same = sum(count * (count - 1) for count in words.values())
        return sum(map(bool, behind)) >= _FOLLOWED * len(behind) and same < _SAME * number * (number - 1)

    def _behind(self, start: str, row: int) -> set[Key]:
        """The words that stand behind a compound in a text, if it is written in small letters."""
        longer = (phrase.lower() for phrase in chain(*self._sets[row]))
        return {key_of(phrase[len(start) :].partition(" ")[0]) for phrase in longer if phrase.startswith(start)}

    @cached_property
    def _of_words(self) -> dict[str, list[int]]:
        """The numbers of the texts that hold each word."""
        found: defaultdict[str, list[int]] = defaultdict(list)
        step = max(1, -(-len(self._sets) // _MOST_TEXTS))
        for row in range(0, len(self._sets), step):
            for word in tokens_in(chain(*self._sets[row])):
                found[word].append(row)
        return dict(found)


def _shared(sets: PhraseSets, besides: Sequence[Phrase]) -> list[NDArray[np.int64]]:
    """The numbers of the texts of each key that two texts and more hold, but for some phrases."""
    import numpy as np

    known = np.array([NO_KEY, *marks_of(phrase.text for phrase in besides)[1]], dtype=np.uint64)
    marks = sets.marks()
    order = np.lexsort((marks.rows, marks.keys))
    keys, rows = marks.keys[order], marks.rows[order]
    once = (np.diff(keys, prepend=~keys[:1]) != 0) | (np.diff(rows, prepend=-1) != 0)  # a text may hold two spellings
    keys, rows = keys[once], rows[once]
    wanted, starts, counts = np.unique(keys, return_index=True, return_counts=True)
    told = (counts > 1) & ~np.isin(wanted, known)
    return [rows[start : start + count] for start, count in zip(starts[told], counts[told], strict=True)]
