"""What of a text can be seen: NFC, without control, zero-width, bidirectional and tag characters.

This is the step before every escape (see :mod:`notes.markup.inert`): whatever is removed or composed later would join what an
escape has parted.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final

__all__ = ["lines", "one_line", "visible", "whole"]

_SURROGATE: Final = re.compile(r"[\ud800-\udfff]+")
_INVISIBLE: Final = (
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufdd0-\ufdef\ufe00-\ufe0e\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U000e0000-\U000e0fff]"
    # Joiners live between emoji (and in Arabic and Indic words); a variation selector lives behind an emoji.
    "|(?<![\u2000-\u2bff\ufe0f\U0001f000-\U0001faff\u0600-\u06ff\u0900-\u0dff])\u200d"
    "|\u200d(?![\u2000-\u2bff\U0001f000-\U0001faff\u0600-\u06ff\u0900-\u0dff])"
    "|(?<![\u0600-\u06ff\u0900-\u0dff])\u200c|\u200c(?![\u0600-\u06ff\u0900-\u0dff])"
    "|(?<![\u0023\u002a\u0030-\u0039\u00a9\u00ae\u2000-\u3299\U0001f000-\U0001faff])\ufe0f"
)
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u2800]")
_STACK: Final = (
    "([\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{4})"
    "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)


def one_line(text: str) -> str:
    """``text`` on one line, NFC, without control, zero-width, bidirectional and tag characters; ends trimmed."""
    return " ".join(visible(text).split())


def lines(text: str) -> str:
    """As :func:`one_line`, but line ends and tabs stay: for code."""
    return visible(text.replace("\r\n", "\n").replace("\r", "\n")).strip("\n")


def visible(text: str) -> str:
    """``text`` without what cannot be seen; line ends and tabs stay, other controls become blanks."""
    if text.isascii():
        return _CONTROL.sub(" ", text)
    text = _CONTROL.sub(" ", whole(text))
    invisible, stack = _patterns()
    # One removal can bring two joiners together.
    while (shorter := invisible.sub("", text)) != text:
        text = shorter
    # Before as well: putting a long run of marks in order takes the square of its length.
    return stack.sub(r"\1", unicodedata.normalize("NFC", stack.sub(r"\1", text)))


def whole(text: str) -> str:
    """``text`` without halves of characters: those that belong together become their character, others U+FFFD."""
    return _SURROGATE.sub(_repaired, text)


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What is invisible, and stacks of marks; compiled for the first text that is not ASCII: it takes three milliseconds."""
    return re.compile(_INVISIBLE), re.compile(_STACK)


def _repaired(match: re.Match[str]) -> str:
    return match[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
