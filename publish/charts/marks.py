"""What charts are drawn with: lines and marks that differ without their colours too, text, the frame of a chart.

Colours are Okabe and Ito's (2008), told apart by the colour-blind and of a middle lightness that stands out on white and on
black, for readers without a style sheet of ours; the classes let a style sheet choose its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from publish.charts.svg import CLASS, Element, number, text, write

__all__ = [
    "LABEL",
    "SMALL",
    "STYLES",
    "WIDTH",
    "Style",
    "chart",
    "combined",
    "group",
    "label",
    "line",
    "mark",
    "path",
    "rect",
    "small",
    "strong",
]

WIDTH = 360
"""The width of every chart: that of a phone, so that its letters are legible there without a second drawing."""

LABEL, SMALL = 12.0, 10.5
"""The sizes of letters."""

FONTS = "system-ui, sans-serif"


@dataclass(frozen=True, slots=True)
class Style:
    """How one of several lines is drawn: class, colour, dashes, and the shape of its marks around (0, 0)."""

    name: str
    colour: str
    dashes: str
    shape: tuple[tuple[float, float], ...]


_SQUARE = ((-2.6, -2.6), (2.6, -2.6), (2.6, 2.6), (-2.6, 2.6))
_TRIANGLE = ((0.0, -3.4), (3.2, 2.6), (-3.2, 2.6))
_DIAMOND = ((0.0, -3.6), (3.6, 0.0), (0.0, 3.6), (-3.6, 0.0))
_DOWN = ((0.0, 3.4), (3.2, -2.6), (-3.2, -2.6))

STYLES = (
    Style("c1", "rgb(0,114,178)", "", ()),
    Style("c2", "rgb(213,94,0)", "6 3", _SQUARE),
    Style("c3", "rgb(0,142,103)", "2 2.5", _TRIANGLE),
    Style("c4", "rgb(186,100,148)", "9 3 2 3", _DIAMOND),
    Style("c5", "rgb(122,122,122)", "12 4", _DOWN),
)
"""Of the lines of one chart, no two alike in grey."""


def chart(height: float, title: str, told: str, parts: Sequence[Element], width: int = WIDTH) -> str:
    """The chart with its name and description for those who do not see it, as it stands in a note."""
    tall = number(round(height))
    attributes = (
        ("class", CLASS),
        ("role", "img"),
        ("viewBox", f"0 0 {width} {tall}"),
        ("width", str(width)),
        ("height", tall),
        ("font-family", FONTS),
        ("font-size", number(LABEL)),
        ("fill", "currentColor"),
    )
    return write(Element("svg", attributes, (Element("title", words=title), Element("desc", words=told), *parts)))


def group(*parts: Element, class_: str = "") -> Element:
    """Elements that belong together."""
    return Element("g", (("class", class_),) if class_ else (), parts)


def label(x: float, y: float, words: str, anchor: str = "start") -> Element:
    """A line of text."""
    return text(x, y, words, text_anchor=anchor)


def strong(x: float, y: float, words: str, anchor: str = "start") -> Element:
    """A line of text that counts."""
    return text(x, y, words, text_anchor=anchor, font_weight="600")


def small(x: float, y: float, words: str, anchor: str = "start") -> Element:
    """A line of small text, of an axis."""
    return text(x, y, words, class_="soft", text_anchor=anchor, font_size=number(SMALL), fill_opacity="0.75")


def line(start: tuple[float, float], end: tuple[float, float], class_: str, opacity: str, dashes: str = "") -> Element:
    """A thin straight line of an axis or a mean."""
    ends = (("x1", start[0]), ("y1", start[1]), ("x2", end[0]), ("y2", end[1]))
    return Element(
        "line",
        (
            ("class", class_),
            *((name, number(value)) for name, value in ends),
            ("stroke", "currentColor"),
            ("stroke-opacity", opacity),
            *((("stroke-dasharray", dashes),) if dashes else ()),
        ),
    )


def path(points: Sequence[tuple[float, float]], style: Style) -> Element:
    """The course of something over time."""
    dashes = (("stroke-dasharray", style.dashes),) if style.dashes else ()
    drawn = (("d", _d(points)), ("fill", "none"), ("stroke", style.colour), ("stroke-width", "2"), *dashes)
    return Element("path", (("class", style.name), *drawn))


def rect(box: tuple[float, float, float, float], class_: str, fill: str, opacity: str = "1") -> Element:
    """A rectangle by its left, top, width and height."""
    sides = zip(("x", "y", "width", "height"), map(number, box), strict=True)
    return Element("rect", (("class", class_), *sides, ("fill", fill), ("fill-opacity", opacity)))


def combined(lines: Sequence[tuple[tuple[float, float], tuple[float, float]]], class_: str, opacity: str) -> Element:
    """Many thin lines as one element."""
    drawn = (("d", " ".join(map(_d, lines))), ("fill", "none"), ("stroke", "currentColor"), ("stroke-opacity", opacity))
    return Element("path", (("class", class_), *drawn))


def mark(x: float, y: float, style: Style) -> Element:
    """A point of a line."""
    drawn = (("class", f"{style.name} mark"),)
    if not style.shape:
        return Element("circle", (*drawn, ("cx", number(x)), ("cy", number(y)), ("r", "2.6"), ("fill", style.colour)))
    corners = [(x + dx, y + dy) for dx, dy in style.shape]
    return Element("path", (*drawn, ("d", _d(corners) + " Z"), ("fill", style.colour)))


def _d(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{'L' if at else 'M'}{number(x)} {number(y)}" for at, (x, y) in enumerate(points))
