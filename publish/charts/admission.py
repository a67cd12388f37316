"""The door for charts: what is exactly of the form that :mod:`publish.charts.svg` writes is read and written anew.

Only listed elements with listed attributes whose values match a pattern are known here. There is no address, no style, no script,
no animation, no reference among them, so whoever wrote the text, a chart can do nothing but be seen.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

from publish.charts.svg import CLASS, Element, write

__all__ = ["admitted"]

_LONGEST = 60_000
_MOST_ELEMENTS = 1_500

_NUMBER = r"-?\d{1,4}(?:\.\d{1,2})?"
_COLOUR = r"currentColor|none|rgb\(\d{1,3},\d{1,3},\d{1,3}\)"
_PART = r"[01]|0\.\d{1,2}"
_PATTERNS = {
    "font-size": _NUMBER,
    "font-weight": "600",
    "text-anchor": "start|middle|end",
    "fill": _COLOUR,
    "fill-opacity": _PART,
    "stroke": _COLOUR,
    "stroke-opacity": _PART,
    "stroke-width": r"\d(?:\.\d)?",
    "stroke-dasharray": r"\d{1,2}(?:\.\d)?(?: \d{1,2}(?:\.\d)?){0,7}",
    "d": rf"M{_NUMBER} {_NUMBER}(?: [ML]{_NUMBER} {_NUMBER}){{0,1999}}(?: Z)?",
    "role": "img",
    "viewBox": r"0 0 \d{1,4} \d{1,4}",
    "font-family": "system-ui, sans-serif",
    **dict.fromkeys(("x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "width", "height"), _NUMBER),
    "class": "c[1-5](?: mark| area)?|axis|grid|mean|band|lead|soft|rise|fall",
}
_PAINT = frozenset(("class", "fill", "fill-opacity", "stroke", "stroke-opacity", "stroke-width", "stroke-dasharray"))
_ATTRIBUTES: dict[str, frozenset[str]] = {
    "svg": frozenset(("class", "role", "viewBox", "width", "height", "font-family", "font-size", "fill")),
    "title": frozenset(),
    "desc": frozenset(),
    "g": frozenset(("class",)),
    "path": _PAINT | {"d"},
    "line": _PAINT | {"x1", "y1", "x2", "y2"},
    "rect": _PAINT | {"x", "y", "width", "height"},
    "circle": _PAINT | {"cx", "cy", "r"},
    "text": frozenset(("class", "x", "y", "text-anchor", "font-size", "font-weight", "fill-opacity")),
}
_WORDED = frozenset(("title", "desc", "text"))
_HOLDERS = frozenset(("svg", "g"))
_DEEPEST = 4

_TAG = re.compile(r'<([a-z]+)((?: [a-zA-Z0-9-]+="[^"<>&]*")*)(/?)>')
_ATTRIBUTE = re.compile(r' ([a-zA-Z0-9-]+)="([^"]*)"')
_WORDS = re.compile(r"(?:[^<>&\"'\n]|&#\d{1,6};)*")


class _Refused(Exception):  # noqa: N818 - no error: the text is simply no chart
    pass


def admitted(source: str) -> str:
    """``source`` as a chart of ours, written anew; '' when it is anything else, in whole or in part."""
    if len(source) > _LONGEST or source.count("<") > 2 * _MOST_ELEMENTS:
        return ""
    try:
        root, end = _element(source, 0, 0)
    except _Refused:
        return ""
    return write(root) if end == len(source) and _is_chart(root) else ""


def _is_chart(root: Element) -> bool:
    names = [child.name for child in root.children]
    return (
        root.name == "svg" and names[:2] == ["title", "desc"] and not {"title", "desc", "svg"}.intersection(names[2:])
    )


def _element(source: str, start: int, depth: int) -> tuple[Element, int]:
    """The element that opens at ``start``, and where it ends."""
    opening = _TAG.match(source, start)
    if opening is None or opening[1] not in _ATTRIBUTES or depth > _DEEPEST:
        raise _Refused
    name, attributes, at = opening[1], _attributes(opening[1], opening[2]), opening.end()
    if opening[3]:
        return Element(name, attributes), at
    if name in _WORDED:
        words = _matched(_WORDS.match, source, at)
        return Element(name, attributes, words=unescape(words)), _closed(source, at + len(words), name)
    children: list[Element] = []
    at = _line_end(source, at, name)
    while not source.startswith("</", at):
        child, at = _element(source, at, depth + 1)
        at = _line_end(source, at, name)
        children.append(child)
    return Element(name, attributes, tuple(children)), _closed(source, at, name)


def _matched(match: Callable[[str, int], re.Match[str] | None], source: str, at: int) -> str:
    found = match(source, at)
    return found[0] if found else ""


def _line_end(source: str, at: int, name: str) -> int:
    """Where the next line begins; only what holds others has more than one."""
    if name not in _HOLDERS or not source.startswith("\n", at):
        raise _Refused
    return at + 1


def _closed(source: str, at: int, name: str) -> int:
    if not source.startswith(f"</{name}>", at):
        raise _Refused
    return at + len(name) + 3


def _attributes(element: str, source: str) -> tuple[tuple[str, str], ...]:
    found = tuple((one[1], one[2]) for one in _ATTRIBUTE.finditer(source))
    names = [name for name, _ in found]
    if len(set(names)) < len(names) or not _ATTRIBUTES[element].issuperset(names):
        raise _Refused
    for name, value in found:
        pattern = CLASS if (element, name) == ("svg", "class") else _PATTERNS[name]
        if not re.fullmatch(pattern, value):
            raise _Refused
    if element == "svg" and dict(found).get("class") != CLASS:
        raise _Refused
    return found
