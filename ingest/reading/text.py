"""Text as a feed sends it, made into text that can be kept: no character that is none, one line where one is due.

This is about characters, not about markup: nothing is escaped here. Each medium has its own door for that
(:mod:`notes.markup.inert`).
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["clean", "cut", "one_line"]

# Controls, noncharacters and lone surrogates are refused by XML, PostgreSQL, YAML or UTF-8; direction overrides,
# isolates, tag characters and zero-width marks show one thing and say another. ZWJ, ZWNJ, LRM and RLM stay:
# emoji, Persian and honest right-to-left text need them.
_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u202a-\u202e\u2060-\u206f\ufdd0-\ufdef\ufeff"
    "\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e0fff"
    + "".join(f"{chr((plane << 16) | 0xFFFE)}{chr((plane << 16) | 0xFFFF)}" for plane in range(1, 17))
    + "]"
)
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_ODD = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def clean(text: str) -> str:
    """The text without characters that are none or that hide; line ends of every kind become line feeds."""
    # Most texts have nothing of the kind, and this test takes a tenth of the time.
    if text.isascii() and (text.isprintable() or not _ODD.search(text)):
        return text
    return _UNWANTED.sub("", _LINE_ENDS.sub("\n", text))


def one_line(text: str) -> str:
    """The text cleaned, on one line with single spaces; empty where nothing in it would be seen."""
    if text.isascii() and text.isprintable():
        # Then the only white space in it is the blank.
        return " ".join(text.split()) if "  " in text else text.strip()
    line = " ".join(clean(text).split())
    if line.isascii():
        return line
    return line if any(_is_seen(character) for character in line) else ""


def cut(text: str, limit: int) -> str:
    """At most ``limit`` characters of a line, cut at a space where one is near, with an ellipsis."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    space = head.rfind(" ", limit * 3 // 4)
    return (head[:space] if space > 0 else head).rstrip() + "…"


def _is_seen(character: str) -> bool:
    return character not in _BLANKS and unicodedata.category(character) not in {"Cf", "Cc", "Zs", "Mn", "Cn"}
