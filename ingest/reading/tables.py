"""Tables of figures, and code: text whose lines and cells mean something.

A cell keeps what stands on two lines apart (``80<br>90`` is not 8090), and a cell that spans columns or rows stands in each of
them, so that every figure is under its heading.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ingest.reading.tags import BLOCKS
from ingest.reading.text import clean, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["caption", "code_lines", "rows"]

MAX_SPAN = 100
# A table of spans is as large as it says, not as large as it is.
MAX_COPIES = 5_000
MAX_CELL = 300
_LAYOUT = ("table", "div", "ul", "ol", "pre", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6")


def rows(table: Any) -> str:
    """The table's cells by tab and newline; '' where it lays out a page: nested, of one column, or of long texts."""
    descendants: Iterator[Any] = table.iterdescendants(*_LAYOUT)
    if next(descendants, None) is not None:
        return ""
    grid = [row for row in _grid(table) if any(row)]
    if not grid or max(map(len, grid)) < 2 or any(len(cell) > MAX_CELL for row in grid for cell in row):
        return ""
    return "\n".join("\t".join(row) for row in grid)


def caption(table: Any) -> str:
    """The table's caption as one line, or ''."""
    found = next(table.iterchildren("caption"), None)
    return "" if found is None else _cell(found)


def code_lines(element: Any) -> str:
    """The text of a ``<pre>``, line by line, also where each line is an element of its own."""
    pieces: list[str] = []
    for text, is_break in _pieces(element):
        if is_break and pieces and not pieces[-1].endswith("\n"):
            pieces.append("\n")
        if text:
            pieces.append(text)
    lines = clean("".join(pieces)).split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def _pieces(element: Any) -> Iterator[tuple[str, bool]]:
    """Each text of the element, and whether a new line begins before it."""
    from lxml import etree

    for event, inner in etree.iterwalk(element, events=("start", "end")):
        is_line = inner is not element and (inner.tag in BLOCKS or "-" in inner.tag)
        if event == "start":
            yield ("\n" if inner.tag == "br" else "") + (inner.text or ""), is_line
        elif inner is not element:
            yield inner.tail or "", is_line and not (inner.tail or "").startswith("\n")


def _grid(table: Any) -> Iterator[list[str]]:
    """The rows as they are seen: a cell that spans several stands in each; one across the whole row stands once."""
    pending: dict[int, tuple[str, int]] = {}
    room = MAX_COPIES
    for row in table.iter("tr"):
        cells = list(row.iterchildren("td", "th"))
        line: list[str] = []
        for cell in cells:
            _fill(line, pending)
            text, down = _cell(cell), _span(cell, "rowspan")
            across = 1 if len(cells) == 1 and not pending else _span(cell, "colspan")
            room -= across * down - 1
            if room < 0:
                across = down = 1
            for _ in range(across):
                if down > 1:
                    pending[len(line)] = (text, down - 1)
                line.append(text)
        _fill(line, pending)
        yield line


def _fill(line: list[str], pending: dict[int, tuple[str, int]]) -> None:
    """Puts the cells that reach down from rows above where they are due."""
    while len(line) in pending:
        column = len(line)
        text, left = pending.pop(column)
        if left > 1:
            # Due again in the next row, not in this one: the column is passed.
            pending[column] = (text, left - 1)
        line.append(text)


def _span(cell: Any, name: str) -> int:
    written = (cell.get(name) or "").strip()
    return min(max(int(written), 1), MAX_SPAN) if written.isascii() and written.isdigit() and len(written) < 6 else 1


def _cell(cell: Any) -> str:
    from lxml import etree

    pieces: list[str] = []
    for event, inner in etree.iterwalk(cell, events=("start", "end")):
        apart = " " if inner is not cell and (inner.tag == "br" or inner.tag in BLOCKS) else ""
        if event == "start":
            pieces += (apart, inner.text or "")
        elif inner is not cell:
            pieces += (apart, inner.tail or "")
    return one_line("".join(pieces))
