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

_DESTINATION = re.compile(r"\]\([^)\s]*")
# No scheme is longer than 31; without an end to it 100,000 characters without a space take half a minute.
_ADDRESS = re.compile(r"<[a-z][a-z0-9+.\-]{0,30}://[^<>\s]*>|\b[a-z][a-z0-9+.\-]{0,30}://\S+", re.IGNORECASE)
_WIKILINK = re.compile(r"!?\[\[(?P<target>[^\[\]|\n]+)(?:\|(?P<shown>[^\[\]\n]*))?\]\]")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,2000}>")
# What counts lines, marks tasks, callouts, notes and blocks is no word of anybody's.
_MARKS = re.compile(
    r"^[\s>]*(?:\d+[.)]\s|[-*+]\s|#{1,6}\s)?\s*(?:\[.\]\s)?|\[![\w|-]+\][+-]?|\[\^[^\[\]\s]+\]:?|\s\^[\w-]+\s*$"
)
# A link's definition, and the language of a block of code, are marks too.
_NO_WRITING = re.compile(r"^[\s>]*(?:\[[^\]]+\]:\s|```|~~~)")
_BORDER = re.compile(r"^[\s%>*_|`~=\-]+|[\s%*_|`~=\-]+$")


def residue(written: str, known: Iterable[str]) -> str:
    """The lines of ``written`` (Markdown) that hold a word which is not among the tokens ``known``, without their marks.

    Of a line in which only the targets of its links are new, these are left: what it says besides stands in the plain text.
    """
    found = set(known)
    return "\n".join(_new_lines(written, found))


def _new_lines(written: str, found: set[str]) -> Iterator[str]:
    for line in written.splitlines():
        if _NO_WRITING.match(line):
            continue
        seen, targets = _parted(line)
        fresh = set(tokenise(seen)) - found
        hidden = [target for target in dict.fromkeys(targets) if set(tokenise(target)) - found - fresh]
        if fresh or hidden:
            found |= fresh.union(*map(tokenise, hidden))
            yield " ".join([seen, *hidden] if fresh else hidden)


def _parted(line: str) -> tuple[str, list[str]]:
    """What a line shows, without its marks, and the targets of its links that stand behind other words."""
    targets = [match["target"].strip() for match in _WIKILINK.finditer(line) if match["shown"] is not None]
    shown = _WIKILINK.sub(lambda match: match["target"] if match["shown"] is None else match["shown"], line)
    plain = _ADDRESS.sub(" ", _DESTINATION.sub("]", shown))
    return _BORDER.sub("", _MARKS.sub(" ", html.unescape(_TAG.sub(" ", plain)))), targets
