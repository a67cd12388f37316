"""The cells that text takes on a terminal: a Chinese character two, a combining mark none."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from unicodedata import category, east_asian_width

__all__ = ["cells", "cut", "terminal_width", "wrapped"]

_PLAIN_WIDTH = 80
_LEAST_WIDTH = 20
_DIGITS = 4
_NO_CELL = frozenset(("Mn", "Me", "Cf"))
_CLOSING = frozenset(",.;:!?)]}%，。、；：！？）】》」』”’…")


def cells(text: str) -> int:
    """How many cells the text takes; it holds no control characters."""
    return len(text) if text.isascii() else sum(map(_cell, text))


def cut(text: str, width: int) -> str:
    """The text in at most ``width`` cells, the last of them ``…`` when something was cut."""
    if cells(text) <= width:
        return text
    return text[: _fitting(text, 0, width - 1)].rstrip() + "…" if width > 0 else ""


def wrapped(text: str, width: int) -> Iterator[tuple[int, int]]:
    """The text in lines of at most ``width`` cells, each as start and end; the blanks between lines belong to none.

    A line ends at a blank or at an ideograph, not before a closing mark; a word that is longer than a line is cut.
    """
    start = 0
    while start < len(text):
        end = _fitting(text, start, width)
        if end < len(text):
            end = _break(text, start, end)
        end = max(end, start + 1)
        yield start, start + len(text[start:end].rstrip())
        start = end + len(text[end:]) - len(text[end:].lstrip())


def terminal_width() -> int:
    """The width of the terminal in cells: ``COLUMNS``, else the terminal's own, else 80."""
    given = os.environ.get("COLUMNS", "")
    if given.isdecimal() and len(given) <= _DIGITS and int(given) > 0:
        return max(_LEAST_WIDTH, int(given))
    for stream in (sys.stdout, sys.stderr):
        try:
            return max(_LEAST_WIDTH, os.get_terminal_size(stream.fileno()).columns)
        except (OSError, ValueError, AttributeError):  # no terminal, a closed stream, one that is no file
            continue
    return _PLAIN_WIDTH


def _cell(character: str) -> int:
    if character.isascii():
        return 1
    if east_asian_width(character) in "WF":
        return 2
    return 0 if category(character) in _NO_CELL else 1


def _fitting(text: str, start: int, width: int) -> int:
    """Where the most that fits into ``width`` cells ends; a mark is not parted from its letter."""
    if text.isascii():
        return min(len(text), start + max(0, width))
    room = width
    for at in range(start, len(text)):
        room -= _cell(text[at])
        if room < 0:
            return at
    return len(text)


def _break(text: str, start: int, end: int) -> int:
    """The last place at or before ``end`` where a line may end; ``end`` itself when there is none."""
    for at in range(end, start, -1):
        before, after = text[at - 1], text[at]
        if after in _CLOSING:
            continue
        if after.isspace() or before.isspace() or _cell(before) > 1 or _cell(after) > 1:
            return at
    return end
