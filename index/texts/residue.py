"""What stands in a file and not in its plain text: comments, HTML, targets behind other words, properties.

A reader's plain text leaves out what Obsidian does not show, or shows elsewhere. It is the user's own writing all the same,
and a search has to find it. Lines whose words all stand in the plain text already are left out here.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator

from index.words.tokens import tokenise

__all__ = ["residue"]

_ADDRESS = re.compile(r"\b[a-z][a-z0-9+.\-]*://\S+|\]\([^)\s]*", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,2000}>")
# What counts lines, marks tasks, callouts, notes and blocks is no word of anybody's.
_MARKS = re.compile(
    r"^[\s>]*(?:\d+[.)]\s|[-*+]\s|#{1,6}\s)?\s*(?:\[.\]\s)?|\[![\w|-]+\][+-]?|\[\^[^\]\s]+\]:?|\s\^[\w-]+\s*$"
)
# A link's definition, and the language of a block of code, are marks too.
_NO_WRITING = re.compile(r"^[\s>]*(?:\[[^\]]+\]:\s|```|~~~)")
_BORDER = re.compile(r"^[\s%>*_|`~=\-]+|[\s%*_|`~=\-]+$")


def residue(written: str, known: Iterable[str]) -> str:
    """The lines of ``written`` (Markdown) that hold a word which is not among the tokens ``known``, without their marks."""
    found = set(known)
    return "\n".join(_new_lines(written, found))


def _new_lines(written: str, found: set[str]) -> Iterator[str]:
    for line in written.splitlines():
        if _NO_WRITING.match(line):
            continue
        told = _BORDER.sub("", _MARKS.sub(" ", html.unescape(_TAG.sub(" ", _ADDRESS.sub("]", line)))))
        fresh = set(tokenise(told)) - found
        if fresh:
            found |= fresh
            yield told
