"""Plain text of mails as markup: paragraphs, lines that stand for themselves, lists, code, and addresses as links."""

from __future__ import annotations

import re
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

from ingest.files.leaving import is_leaving
from ingest.reading.text import clean, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["as_markup"]

_WEB_ADDRESS = re.compile(r"(https?://[^\s<>\"'，。；、）】」』]+)")
_FENCE = re.compile(r"^[ \t]*```.*$", re.MULTILINE)
_EMPTY_LINE = re.compile(r"\n(?:[ \t]*\n)+")
_BULLET = re.compile(r"[ \t]*[-*•·‣–][ \t]+(?=\S)")
_ITEM = re.compile(r"[ \t]*(?:[-*•·‣–]|[0-9]{1,3}[.)、]|[(（][0-9]{1,3}[)）]|\[[0-9]{1,3}\])[ \t]*(?=\S)")
_INDENTED = re.compile(r"(?: {4}|\t)")
# Mailers fold lines at 72 columns or so: a line that ends well before was ended by its author.
_FOLDED = 50


def as_markup(plain: str) -> str:
    """The text as paragraphs whose addresses are links, without those by which one leaves the list."""
    pieces = _FENCE.split(clean(plain))
    return "".join(_code(piece) if place % 2 else "".join(_prose(piece)) for place, piece in enumerate(pieces))


def _prose(text: str) -> Iterator[str]:
    for paragraph in _EMPTY_LINE.split(text):
        lines = [line.rstrip() for line in paragraph.split("\n") if line.strip()]
        if not lines or is_leaving(one_line(paragraph)):
            continue
        if len(lines) > 1 and all(map(_INDENTED.match, lines)) and not any(map(_ITEM.match, lines)):
            yield _code(paragraph)
        else:
            yield from _lines(lines)


def _lines(lines: list[str]) -> Iterator[str]:
    told = [line for line in _unfolded(lines) if not is_leaving(one_line(line))]
    for is_list, group in groupby(told, key=lambda line: _BULLET.match(line) is not None):
        if is_list:
            items = (_linked(one_line(_BULLET.sub("", line, count=1))) for line in group)
            yield f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"
        else:
            yield f"<p>{'<br>'.join(_linked(one_line(line)) for line in group)}</p>"


def _unfolded(lines: list[str]) -> list[str]:
    """The lines as their author ended them."""
    whole: list[str] = []
    is_open = False
    for line in lines:
        is_inner = is_open or (bool(whole) and line[0] in " \t" and _ITEM.match(whole[-1]) is not None)
        if is_inner and not _ITEM.match(line):
            whole[-1] += f" {line}"
        else:
            whole.append(line)
        is_open = _width(line) >= _FOLDED
    return whole


def _width(line: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in line[: 2 * _FOLDED])


def _code(text: str) -> str:
    return f"<pre>{escape(text.strip(chr(10)), quote=False)}</pre>" if text.strip() else ""


def _linked(paragraph: str) -> str:
    """The paragraph as markup; every other piece of the division is an address."""
    pieces = _WEB_ADDRESS.split(paragraph)
    return "".join(_anchor(piece) if number % 2 else escape(piece) for number, piece in enumerate(pieces))


def _anchor(address: str) -> str:
    target = address.rstrip(".,;:!?)")
    return f'<a href="{escape(target)}">{escape(target)}</a>{escape(address[len(target) :])}'
