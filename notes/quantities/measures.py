"""Measured figures in a sentence: numbers with the unit that makes them one.

Years, dates, ids, versions, sections and citations have no such unit and so are no figures; digits inside
names are masked before anything is looked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from notes.quantities.matching import matches
from notes.quantities.metrics import METRIC, is_result
from notes.quantities.numbers import mask_names
from notes.quantities.numerals import halfwidth
from notes.quantities.rules import ANY_NUMBER
from notes.quantities.series import after, before

__all__ = ["LONGEST_SENTENCE", "METRIC", "Measure", "is_result", "may_hold_number", "measures"]


LONGEST_SENTENCE = 2000
"""In characters; no prose has a longer one."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure at ``start`` to ``end`` of its sentence; ``value`` is the lower end where it is a range."""

    text: str
    value: float
    unit: str
    start: int
    end: int

    @property
    def is_score(self) -> bool:
        """Whether it tells how well something does, not how large or how many."""
        return is_result(self.unit)


_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"\w+")
_RATIO = re.compile(r"\d[:：]$")


@lru_cache(maxsize=4096)
def measures(sentence: str) -> tuple[Measure, ...]:
    """The measured figures of ``sentence`` in reading order: percentages, points, factors, sizes, counts, scores.

    A sentence of more than 2,000 characters is a table or an attack, and holds none.
    ``unit`` is ``%``, ``points``, ``x``, ``params``, ``tokens``, ``USD``, a metric (``F1``) or the counted noun.
    """
    if len(sentence) > LONGEST_SENTENCE or not may_hold_number(sentence):
        return ()
    whole = halfwidth(sentence)
    text = mask_names(whole)
    found: list[Measure] = []
    for match, read in matches(whole):
        start, end = _span(match)
        masked = text[match.start("number") : match.end("number")].isspace() or _RATIO.search(
            text, max(0, match.start("number") - 2), match.start("number")
        )
        taken = any(start < other.end and other.start < end for other in found)
        if not masked and not taken and (reading := read(match, whole)):
            found.append(Measure(sentence[start:end], *reading, start, end))
    more = tuple(_series(sentence, text, found))
    # What was read as a bare score may be one of a series that tells its metric.
    kept = [one for one in found if not any(one.start < each.end and each.start < one.end for each in more)]
    return tuple(sorted((*kept, *more), key=lambda each: each.start))


def may_hold_number(sentence: str) -> bool:
    """Whether there can be a figure in ``sentence``: a quick look."""
    if _DIGIT.search(sentence):
        return True
    if not sentence.isascii():
        return ANY_NUMBER.search(sentence) is not None
    return any(map(_is_number, _WORD.findall(sentence)))  # no number in English words needs more than one of its words


@lru_cache(maxsize=65_536)  # the words of texts are few
def _is_number(word: str) -> bool:
    return ANY_NUMBER.search(word) is not None


def _series(sentence: str, text: str, found: Sequence[Measure]) -> Iterator[Measure]:
    """The figures that share the unit of one of those found."""
    spans = {(each.start, each.end) for each in found if each.unit != "points"}
    for each in found:
        number = _NUMBER.search(text, each.start, each.end)
        if not number or not is_result(each.unit) or each.unit == "x":
            continue
        bare = number.end() == each.end and each.unit != "points"
        ahead = before(text, number.group(), each.start)
        for start, end in (*(after(text, number.group(), each.end) if bare else ()), *ahead):
            if any(start < taken[1] and taken[0] < end for taken in spans):
                break
            spans.add((start, end))
            yield Measure(sentence[start:end], float(text[start:end]), each.unit, start, end)


def _span(match: re.Match[str]) -> tuple[int, int]:
    """The figure as a reader would quote it: of a score the number alone, of a count its noun too."""
    if "metric" in match.groupdict():
        return match.span("number")
    quoted = match.group().rstrip()
    # The dollar that closes a formula belongs to the figure only when the one that opens it does.
    if quoted.endswith("$") and quoted.count("$") % 2:
        quoted = quoted[:-1]
    return match.start(), match.start() + len(quoted)
