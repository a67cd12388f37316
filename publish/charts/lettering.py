"""How wide words are before a browser has set them: by the widths of a common sans serif, rather too wide than too narrow."""

from __future__ import annotations

from unicodedata import category, east_asian_width

__all__ = ["cut", "wide", "wrapped"]

_NARROW = frozenset("iljtfrI.,:;'|!()[]{} -·’‘/")
_BROAD = frozenset("mwMWOQGDHNU%@—…→▲▼")
_JOINER = "\u200d"
# Shares of the size of the letters.
_EM, _BROAD_EM, _CAPITAL_EM, _LETTER_EM, _NARROW_EM = 1.02, 0.93, 0.7, 0.615, 0.37
_ELLIPSIS = "…"


def wide(text: str, size: float) -> float:
    """The width of ``text`` in letters of ``size``."""
    return size * sum(map(_em, text))


def cut(text: str, room: float, size: float) -> str:
    """``text`` within ``room``, with an ellipsis where something was cut; a mark is not parted from its letter."""
    if wide(text, size) <= room:
        return text
    end, left = 0, room - wide(_ELLIPSIS, size)
    for at, character in enumerate(text):
        left -= size * _em(character)
        if left < 0:
            break
        if not _joins(text, at + 1):
            end = at + 1
    return text[:end].rstrip(" ·,，、:：(（-") + _ELLIPSIS


def wrapped(text: str, room: float, size: float, most: int) -> tuple[str, ...]:
    """``text`` on at most so many lines that break between words or ideographs, the last one cut where it must be."""
    if most == 1 or wide(text, size) <= room:
        return (cut(text, room, size),)
    ends = [at for at in range(1, len(text)) if _breaks(text, at) and wide(text[:at].rstrip(), size) <= room]
    if not ends:
        return (cut(text, room, size),)
    return text[: ends[-1]].rstrip(), *wrapped(text[ends[-1] :].lstrip(), room, size, most - 1)


def _breaks(text: str, at: int) -> bool:
    before, after = text[at - 1], text[at]
    if _joins(text, at) or category(after) in ("Pe", "Pf", "Po"):
        return False
    return before in " -" or after == " " or _is_full(before) or _is_full(after)


def _joins(text: str, at: int) -> bool:
    """Whether the character at ``at`` belongs to the one before."""
    return at < len(text) and (category(text[at]) in ("Mn", "Me", "Cf") or text[at - 1] == _JOINER)


def _is_full(character: str) -> bool:
    return east_asian_width(character) in ("W", "F")


def _em(character: str) -> float:
    if character in _NARROW:
        return _NARROW_EM
    if character in _BROAD:
        return _BROAD_EM
    if not character.isascii():
        if category(character) in ("Mn", "Me", "Cf"):
            return 0.0
        if east_asian_width(character) in ("W", "F", "A"):
            return _EM
    return _CAPITAL_EM if character.isupper() else _LETTER_EM
