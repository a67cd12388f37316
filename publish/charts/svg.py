"""A chart as a tree of SVG elements, and the one form in which it is written.

The form stands in a note as an HTML block (CommonMark §4.6, kind 7): the opening tag alone on its line, no blank line within,
and no character that Markdown, Obsidian or a plugin that searches the raw file could take for a mark of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from notes.text.visible import one_line

__all__ = ["CLASS", "Element", "number", "text", "write"]

CLASS = "slipway-chart"
"""The class of every chart, by which it is known."""

# Marks of HTML, Markdown, Obsidian, TeX and of plugins, each harmless as a reference.
_MARKS = re.compile(r"[<>&\"'`\[\](){}|\\*_~=$%^#:!@]")


@dataclass(frozen=True, slots=True)
class Element:
    """An element: attributes in the order in which they are written, and either words or further elements."""

    name: str
    attributes: tuple[tuple[str, str], ...] = ()
    children: tuple[Element, ...] = ()
    words: str = ""


def text(x: float, y: float, words: str, **attributes: str) -> Element:
    """A line of text from ``x`` on the line ``y``; of an attribute's name ``_`` stands for ``-``."""
    named = tuple((name.rstrip("_").replace("_", "-"), value) for name, value in attributes.items())
    return Element("text", (("x", number(x)), ("y", number(y)), *named), words=words)


def number(value: float) -> str:
    """A coordinate to a tenth, without noughts that say nothing."""
    shown = f"{value:.1f}".removesuffix(".0")
    return "0" if shown == "-0" else shown


def write(root: Element) -> str:
    """The chart as it stands in a note and in a page: a line for each element."""
    return "\n".join(_lines(root))


def _lines(element: Element) -> list[str]:
    opening = element.name + "".join(f' {name}="{value}"' for name, value in element.attributes)
    if element.children:
        inner = [line for child in element.children for line in _lines(child)]
        return [f"<{opening}>", *inner, f"</{element.name}>"]
    if words := one_line(element.words):
        return [f"<{opening}>{_MARKS.sub(_reference, words)}</{element.name}>"]
    return [f"<{opening}/>"]


def _reference(mark: re.Match[str]) -> str:
    return f"&#{ord(mark[0])};"
