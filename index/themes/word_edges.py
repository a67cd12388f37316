"""Where Chinese words end: a phrase that is cut out of longer words is told by what stands beside it.

Chinese is written without spaces, so a phrase is any stretch that comes again. Beside a word stand marks, function words and all
manner of other words; beside a piece of a longer one always the rest of that (in all texts that were read, not one topic's).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping

from notes.text.fold import to_simplified
from notes.text.keyphrases import han_stretches

__all__ = ["WordEdges"]

_READ = 40  # texts of a phrase
_FEWEST_PLACES = 3
_SAME = 0.7  # of a phrase's places where the same character stands beside it, from which that belongs to it
_SAME_TWO = 0.8  # the same for two characters, beside a phrase that hardly ever ends a stretch on that side
_ALONE = 0.1  # of its places, hardly ever


class WordEdges:
    """Tells of phrases (simplified) whether they are whole words; ``held`` gives the phrases of each of ``texts``."""

    def __init__(self, texts: Mapping[str, str], held: Mapping[str, Iterable[str]], phrases: Collection[str]) -> None:
        self._texts = texts
        self._holders: defaultdict[str, list[str]] = defaultdict(list)
        self._stretches: dict[str, list[str]] = {}
        self._known: dict[str, bool] = {}
        for key, found in held.items() if phrases else ():
            for phrase in found:
                if phrase in phrases and len(self._holders[phrase]) < _READ:
                    self._holders[phrase].append(key)

    def is_cut(self, phrase: str) -> bool:
        """Whether the same one or two characters stand beside a phrase nearly everywhere."""
        if phrase not in self._known:
            self._known[phrase] = self._read(phrase)
        return self._known[phrase]

    def _read(self, phrase: str) -> bool:
        before: Counter[str] = Counter()
        after: Counter[str] = Counter()
        for key in self._holders.get(phrase, ()):
            for stretch in self._stretches_of(key):
                at = stretch.find(phrase)
                while at >= 0:
                    end = at + len(phrase)
                    before[stretch[at - 1 : at]] += 1
                    after[stretch[end : end + 1]] += 1
                    at = stretch.find(phrase, at + 1)
        places = before.total()
        if places < _FEWEST_PLACES:
            return False
        # What stands before a word is seldom part of it everywhere (湖流域, 基苯); a modifier is often followed (视频).
        return before[""] < _ALONE * places or _is_glued(before) or _is_glued(after)

    def _stretches_of(self, key: str) -> list[str]:
        if key not in self._stretches:
            self._stretches[key] = list(han_stretches(to_simplified(self._texts[key])))
        return self._stretches[key]


def _is_glued(beside: Counter[str]) -> bool:
    """Whether what stands on one side of a phrase belongs to it; the empty character is the edge of a stretch."""
    places = beside.total()
    most = sorted((count for character, count in beside.items() if character), reverse=True)
    return sum(most[:1]) >= _SAME * places or (beside[""] < _ALONE * places and sum(most[:2]) >= _SAME_TWO * places)
