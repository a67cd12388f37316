"""Pages of lines that are answered by ticking: the ticks read, the page made anew around what the user wrote on it.

Each line ends with a block id (``^item-123``), which Obsidian hides when reading; by it an answer is known even when
the user has changed the rest of the line. What the user wrote behind it, and every line of theirs, stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

__all__ = ["Block", "TickedPage"]

_FRONTMATTER: Final = re.compile(r"\A---[ \t]*\n(?:.*\n)*?---[ \t]*(?:\n|\Z)")


@dataclass(frozen=True, slots=True)
class Block:
    """Lines under a heading (none when it is empty): block id and the text before it, in the order of the page."""

    lines: Sequence[tuple[str, str]]
    heading: str = ""


class TickedPage:
    """A kind of page. ``ids`` is the pattern of its block ids, ``ours`` matches the other lines that Slipway writes."""

    def __init__(self, ids: str, ours: Sequence[re.Pattern[str]]) -> None:
        self._ours = tuple(ours)
        self._item = re.compile(rf".*(?<![\\\w])\^(?P<id>{ids})\b(?P<behind>.*)")
        self._mark = re.compile(
            r"[ \t]*(?:>[ \t]*)*[-*+][ \t]+\[[ \t]*(?P<mark>[xX-])[ \t]*\] "
            rf".*(?<![\\\w])\^(?P<id>{ids})\b.*"
        )

    def marks(self, page: str) -> dict[str, str]:
        """``x`` or ``-`` by block id, in the order of the page; of two lines for one id the later holds."""
        found = filter(None, map(self._mark.fullmatch, _lines(page)))
        return {match["id"]: match["mark"].lower() for match in found}

    def names(self, page: str) -> tuple[str, ...]:
        """The block ids of all lines, each once, in the order of the page."""
        found = filter(None, map(self._item.fullmatch, _lines(page)))
        return tuple(dict.fromkeys(match["id"] for match in found))

    def render(self, head: str, blocks: Sequence[Block], existing: str) -> str:
        """The page: head, blocks, and what the user wrote on ``existing``, the page as it stands. Ends with a line break."""
        front = _FRONTMATTER.match(existing.replace("\r\n", "\n"))
        behind = self._behind(existing)
        parts = [head.rstrip("\n")]
        for block in blocks:
            lines = "\n".join(f"{text} ^{name}{behind.pop(name, '')}" for name, text in block.lines)
            parts += [part for part in (block.heading, lines) if part]
        own = "\n".join(self._own_lines(existing)).strip("\n")
        left = [text.strip() for text in behind.values()]
        parts += filter(None, ["\n".join(filter(None, [own, *left]))])
        return (front[0].rstrip("\n") + "\n\n" if front else "") + "\n\n".join(parts) + "\n"

    def _own_lines(self, existing: str) -> Iterator[str]:
        """What the user has written on the page, below its frontmatter."""
        for line in _lines(_FRONTMATTER.sub("", existing.replace("\r\n", "\n"), count=1)):
            bare = line.rstrip()
            if not any(ours.fullmatch(bare) for ours in self._ours) and not self._item.fullmatch(line):
                yield line

    def _behind(self, existing: str) -> dict[str, str]:
        """What the user has written behind a line, by its block id."""
        found = filter(None, map(self._item.fullmatch, _lines(existing)))
        return {match["id"]: match["behind"].rstrip() for match in found if match["behind"].strip()}


def _lines(text: str) -> list[str]:
    return re.split(r"\r\n|\r|\n", text)
