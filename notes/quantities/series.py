"""Figures that share a unit told once: ``F1 of 0.91 on A and 0.93 on B``, ``0.93/0.85/0.89``, ``27.3 and 35.8 points``."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["after", "before"]

_NUMBER = r"(?P<number>\d{1,4}\.\d+|\d{2,5})"
_JOINT = r"(?:\s?/\s?|,? (?:and|or) |, |,? (?:vs\.?|versus|compared (?:to|with|against)) )"
_ASIDE = r"(?: (?:on|for|in|with|using|at|under|\()[^;,]{1,60}?\)?| \([^()]{1,30}\))?"
_ENDS = (
    r"(?![\d\w%])(?!\.\d)(?=\$?(?:\s?[/,;.)]|$| (?:on|for|in|with|at|under|vs\.?|versus|and|or|respectively|compared"
    r"|over|across|\()))"
)
_AFTER = re.compile(rf"\$?{_ASIDE}{_JOINT}[$~+]?{_NUMBER}{_ENDS}")
_BEFORE = re.compile(rf"(?<![\w.,/^-]){_NUMBER}\$?(?:\s?/\s?|, (?:and )?| and | or | vs\.? )\$?[+~]?$")
_YEAR = re.compile(r"(?:19|20)\d\d")
_ALIKE = 12.0  # how many times larger one of a series may be


def after(text: str, number: str, end: int) -> Iterator[tuple[int, int]]:
    """Where the numbers stand that follow the figure ``number`` (ending at ``end``) and share its unit."""
    while match := _AFTER.match(text, end):
        if not _are_alike(number, match["number"]):
            return
        yield match.span("number")
        end = match.end("number")


def before(text: str, number: str, start: int) -> Iterator[tuple[int, int]]:
    """Where the numbers stand that come ahead of the figure ``number`` (beginning at ``start``) and share its unit."""
    while match := _BEFORE.search(text, max(0, start - 24), start):
        if not _are_alike(number, match["number"]):
            return
        yield match.span("number")
        start = match.start("number")


def _are_alike(one: str, other: str) -> bool:
    """Whether two numbers are written alike and of one magnitude: 0.91 and 0.93, not 0.91 and 300."""
    if _YEAR.fullmatch(other) or ("." in one) != ("." in other):
        return False
    low, high = sorted((float(one.replace(",", "")), float(other)))
    return high <= low * _ALIKE or high <= 1
