"""Which lines of a Markdown file a reading view does not show as text: frontmatter, comments, blocks of mathematics.

CommonMark knows only some of them; fenced code is known here so far that marks inside it count for nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

__all__ = ["BREAK", "front_lines", "hidden_lines"]

BREAK: Final = re.compile(r"\r\n|\r|\n")
"""What ends a line, to CommonMark and to Obsidian."""

_FRONTMATTER: Final = re.compile(r"\A(?:---[ \t]*\n(?:.*\n)*?---|\+\+\+[ \t]*\n(?:.*\n)*?\+\+\+)[ \t]*(?:\n|\Z)")
_FENCE: Final = re.compile(r"[ \t>]*(?:[-*+][ \t]+|\d+[.)][ \t]+)*(?P<fence>`{3,}|~{3,})(?P<info>.*)")
_PAIRS: Final = {"%%": "%%", "<!--": "-->", "$$": "$$"}
_MARKS: Final = re.compile(r"%%|<!--|-->|\$\$")
_CODE: Final = re.compile(r"`[^`]*`")


def hidden_lines(text: str) -> list[bool]:
    """For each line whether it lies in frontmatter, an Obsidian comment, a block of mathematics or an HTML comment."""
    skipped = front_lines(text)
    lines = BREAK.split(text.removeprefix("\ufeff"))
    return [True] * skipped + list(_hidden_in_body(lines[skipped:]))


def front_lines(text: str) -> int:
    """How many lines the frontmatter takes."""
    front = _FRONTMATTER.match("\n".join(BREAK.split(text.removeprefix("\ufeff"))))
    return front[0].count("\n") + (0 if front[0].endswith("\n") else 1) if front else 0


def _hidden_in_body(lines: list[str]) -> Iterator[bool]:
    fence, closing = "", ""
    for line in lines:
        if fence:
            match = re.fullmatch(r"[ \t>]*(`{3,}|~{3,})[ \t]*", line)
            fence = "" if match and match[1][0] == fence[0] and len(match[1]) >= len(fence) else fence
            yield False
            continue
        opened = _FENCE.match(line) if not closing else None
        if opened and not (opened["fence"][0] == "`" and "`" in opened["info"]):
            fence = opened["fence"]
            yield False
            continue
        before = closing
        closing = _left_open(line, closing)
        yield bool(before or closing)


def _left_open(line: str, closing: str) -> str:
    """What a line leaves open behind it, given what was open before it."""
    for mark in _MARKS.finditer(line if closing else _CODE.sub("", line)):
        if not closing:
            closing = _PAIRS.get(mark[0], "")
        elif mark[0] == closing:
            closing = ""
    return closing
