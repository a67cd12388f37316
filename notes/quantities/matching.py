"""Where the rules of :mod:`notes.quantities.rules` match: tried where they can, not everywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import Enum, auto

from notes.quantities.metrics import METRIC_NAME
from notes.quantities.readings import Reading
from notes.quantities.rules import AT_NUMBER, RULES

__all__ = ["matches"]

_NUMBER_STARTS = re.compile(r"(?<![A-Za-z0-9_.])\d")  # where LITERAL can begin
_DIGIT = re.compile(r"\d")
_METRIC_STARTS = re.compile(f"(?={METRIC_NAME})")


class _Where(Enum):
    """Where a rule can match: where a number in digits begins, where the name of a metric does, or anywhere."""

    NUMBER = auto()
    METRIC = auto()
    ANYWHERE = auto()


def _where(pattern: str) -> _Where:
    if pattern.startswith(AT_NUMBER):
        return _Where.NUMBER
    return _Where.METRIC if pattern.startswith(f"(?P<metric>{METRIC_NAME})") else _Where.ANYWHERE


_PLACED = tuple((pattern, read, _where(pattern.pattern)) for pattern, read in RULES)


def matches(text: str) -> Iterator[tuple[re.Match[str], Reading]]:
    """All matches of all rules, rule by rule, each with what it says.

    Most rules begin with a number in digits, and are tried only where one begins: to look everywhere takes thirty times as long.
    """
    numbers = [found.start() for found in _NUMBER_STARTS.finditer(text)]
    # No metric has its figure where there are no digits.
    metrics = [found.start() for found in _METRIC_STARTS.finditer(text)] if _DIGIT.search(text) else []
    for pattern, read, where in _PLACED:
        if where is _Where.ANYWHERE:
            yield from ((match, read) for match in pattern.finditer(text))
        else:
            starts = numbers if where is _Where.NUMBER else metrics
            yield from ((match, read) for match in _matches_at(pattern, text, starts))


def _matches_at(pattern: re.Pattern[str], text: str, starts: Sequence[int]) -> Iterator[re.Match[str]]:
    """What ``finditer`` gives of a pattern that matches at none but these places."""
    end = 0
    for start in starts:
        if start >= end and (match := pattern.match(text, start)):
            yield match
            end = match.end()
