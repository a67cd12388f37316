"""A fast way through HTML that is plain: paragraphs of text with links and emphasis, as most excerpts and letters are.

:func:`read` gives exactly what :func:`ingest.reading.html.blocks` makes of lxml's tree, in a tenth of the time, or None;
it never guesses. Every tag is one of a few, closed in its order, and nothing stands in it that a parser of HTML would
repair or that a reader would not see.
"""

from __future__ import annotations

import html as entities
import re
from typing import NamedTuple

from ingest.reading.text import one_line

__all__ = ["PlainHtml", "read"]


class PlainHtml(NamedTuple):
    """The paragraphs, each on one line, and the addresses of the links as they are written."""

    paragraphs: list[str]
    addresses: list[str]


# Entities on which all readers agree: in HTML5 &#150; is a dash, and &ang an angle without its semicolon. What cleaning
# would change is not plain.
_NEVER = r"<>&\x00-\x08\x0b-\x1f\x7f"
_TEXT = rf"[^{_NEVER}]*+(?:&(?:amp|lt|gt|quot|nbsp|#39|#8[0-9]{{3}});[^{_NEVER}]*+)*+"
_VALUE = "(?:{})".format("|".join(rf"{q}[^{q}{_NEVER}]*+(?:&amp;[^{q}{_NEVER}]*+)*+{q}" for q in ('"', "'")))
_OF_LINK = rf"(?:\ (?:rel|target)={_VALUE})*"
_LINK = rf"<a{_OF_LINK}\ href={_VALUE}{_OF_LINK}>{_TEXT}</a>"
_EMPHASIS = rf"<(?:em>{_TEXT}</em|strong>{_TEXT}</strong|b>{_TEXT}</b|i>{_TEXT}</i|code>{_TEXT}</code)>"
_LINE = rf"{_TEXT}(?:(?:{_LINK}|{_EMPHASIS}){_TEXT})*+"
_PLAIN = re.compile(rf"(?:{_LINE}<p>{_LINE}</p>)*+{_LINE}")
# The tags but those of paragraphs, and the address of each that is a link.
_TAG = re.compile(rf"<(?:a{_OF_LINK}\ href=({_VALUE}){_OF_LINK}|[^<>]+)>")
# What cleaned text never holds, and no entity of these stands for.
_BETWEEN = "\0"
_ENTITY = re.compile("&[^;]+;")
_CHARACTERS = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&nbsp;": "\xa0", "&#39;": "'"}


def read(html: str) -> PlainHtml | None:
    """The paragraphs and addresses of the HTML, or None where it is not plain; ``html`` is ASCII, or cleaned."""
    if not _PLAIN.fullmatch(html):
        return None
    pieces = _TAG.split(html.replace("<p>", _BETWEEN).replace("</p>", _BETWEEN))
    lines = map(_one_line, _unescaped("".join(pieces[::2])).split(_BETWEEN))
    return PlainHtml([*filter(None, lines)], [_unescaped(address[1:-1]) for address in pieces[1::2] if address])


def _one_line(text: str) -> str:
    """What :func:`one_line` makes of the text, which is ASCII without control characters but blanks, or cleaned."""
    if not text.isascii():
        return one_line(text)
    return " ".join(text.split()) if "  " in text or "\n" in text or "\t" in text else text.strip()


def _unescaped(text: str) -> str:
    if "&" not in text:
        return text
    if text.count("&") == text.count("&amp;"):
        return text.replace("&amp;", "&")
    return _ENTITY.sub(_character, text)


def _character(match: re.Match[str]) -> str:
    return _CHARACTERS.get(match[0]) or entities.unescape(match[0])
