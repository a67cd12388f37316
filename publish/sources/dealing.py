"""Lists of figures that a sentence deals out to a list of things: "95.08% and 41.4% on the MiniF2F and ProofNet, respectively".

A part of such a list says what its sentence does not: "41.4% on the MiniF2F".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from notes.quantities.numbers import located

__all__ = ["breaks_list"]

_DEALT = re.compile(r"\brespectively\b|分别|分別|依次为|依次為", re.IGNORECASE)
_JOINS = re.compile(
    r"[^,，、;；]{0,16}?\s*(?:,\s*and|,|，|、|/|;|；|\band\b|\bor\b|&|和|与|與|及)\s*"
    r"(?:(?:about|over|nearly|around|only|up to|approximately|约|約|仅|僅) ?)?[$~(+≈]*"
)
_LONGEST_GAP = 40


def breaks_list(part: str, sentence: str) -> bool:
    """Whether ``part`` of ``sentence`` holds figures of a list that is dealt out, but not all of it with the word that deals.

    ``part`` stands in ``sentence``; both are spelled alike.
    """
    if not _DEALT.search(sentence):
        return False
    start = sentence.find(part)
    end = start + len(part)
    for first, last in _lists(sentence):
        if first < end and start < last:
            return not (start <= first and last <= end and _DEALT.search(part))
    return False


def _lists(sentence: str) -> Iterator[tuple[int, int]]:
    """Where lists of at least two figures start and end."""
    places = sorted((start, end) for start, end, _ in located(sentence))
    run: list[tuple[int, int]] = []
    for place in places:
        if run and not _joined(sentence[run[-1][1] : place[0]]):
            yield from _span(run)
            run = []
        run.append(place)
    yield from _span(run)


def _joined(gap: str) -> bool:
    return len(gap) <= _LONGEST_GAP and _JOINS.fullmatch(gap) is not None


def _span(run: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    if len(run) > 1:
        yield run[0][0], run[-1][1]
