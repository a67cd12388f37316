"""HTML of an article as blocks of plain text, and titles as text.

What a reader would not see (scripts, styles, forms, hidden elements) is dropped with all it holds. Nothing is
escaped: a block is plain text, and ``<b>`` that stands in it is what the author wrote for people to read.
"""

from __future__ import annotations

import html as entities
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from ingest.reading.links import absolute
from ingest.reading.text import clean, one_line
from notes.model import Block, BlockKind

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["MAX_HTML", "MAX_REFERENCES", "blocks", "plain_blocks", "text"]

MAX_HTML = 2_000_000
MAX_REFERENCES = 200
MAX_TITLE_MARKUP = 20_000

_DROPPED = (
    *("script", "style", "template", "noscript", "iframe", "object", "embed", "applet", "svg", "math", "canvas"),
    *("form", "button", "select", "textarea", "input", "nav", "head", "title", "video", "audio", "dialog"),
)
_HIDDEN = "//*[@hidden or contains(translate(@style, 'DISPLAYNOE ', 'displaynoe'), 'display:none')]"
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_CONTAINERS = {
    *("address", "article", "aside", "blockquote", "body", "center", "dd", "details", "div"),
    *("dl", "dt", "fieldset", "figcaption", "figure", "footer", "header", "hr", "html"),
    *("li", "main", "ol", "p", "pre", "section", "summary", "table", "tbody"),
    *("td", "tfoot", "th", "thead", "tr", "ul"),
    *_HEADINGS,
}
_TAG_NAMES = (
    "a|abbr|b|big|blockquote|body|br|center|cite|code|dd|del|div|dl|dt|em|embed|figure|font|form|h[1-6]|head|hr|html|i|iframe|"
    "img|input|ins|li|link|mark|meta|object|ol|p|pre|q|s|script|small|span|strike|strong|style|sub|sup|svg|table|tbody|td|"
    "textarea|th|thead|title|tr|tt|u|ul|video"
)
# Only tags that HTML knows: `$x<y$ and z>w` is a formula.
_TAG = re.compile(rf"</?(?:{_TAG_NAMES})(?:\s[^<>]*|/)?>|<!--.{{0,2000}}?-->", re.IGNORECASE | re.DOTALL)
_ACTIVE = re.compile(r"<(script|style)\b[^<>]{0,500}>[^<]{0,5000}</\1\s*>", re.IGNORECASE)
_LINE_BREAK = "\n"
_PARAGRAPHS = re.compile(r"\n\s*\n")


def text(markup: str) -> str:
    """A title or a name as one line of text: tags dropped, entities read, even those that were escaped twice."""
    markup = markup[:MAX_TITLE_MARKUP]
    if "<" not in markup and "&" not in markup:
        return one_line(markup)
    for _ in range(3):
        stripped = entities.unescape(_TAG.sub("", _ACTIVE.sub(" ", markup)))
        if stripped == markup:
            break
        markup = stripped
    return one_line(_TAG.sub("", _ACTIVE.sub(" ", markup)))


def plain_blocks(plain: str) -> tuple[Block, ...]:
    """Plain text as paragraphs, which blank lines divide."""
    lines = (one_line(part) for part in re.split(r"\n[ \t]*\n", clean(plain)))
    return tuple(Block(BlockKind.PARAGRAPH, line) for line in lines if line)


def blocks(html: str, base_url: str = "") -> tuple[tuple[Block, ...], tuple[str, ...]]:
    """The article's blocks, and the distinct http(s) addresses that it links to, in order.

    Reads at most ``MAX_HTML`` characters and keeps at most ``MAX_REFERENCES`` addresses; relative ones are
    resolved against ``base_url``. Never raises on bad HTML.
    """
    html = html[:MAX_HTML]
    if "<" not in html and "&" not in html:
        line = one_line(html)
        return ((Block(BlockKind.PARAGRAPH, line),) if line else ()), ()
    root = _parse(clean(html))
    if root is None:
        return (), ()
    reader = _Reader()
    reader.read(root)
    return tuple(reader.blocks), _references(root, base_url)


def _parse(html: str) -> Any:
    """The tree without what no reader sees, or None where there is nothing."""
    from lxml import etree

    if not html.strip():
        return None
    try:
        root = etree.fromstring(f"<div>{html}</div>".encode(), _parser())
    except etree.LxmlError:
        return None
    written = html.lower()
    if any(f"<{tag}" in written for tag in _DROPPED):
        etree.strip_elements(root, *_DROPPED, with_tail=False)
    if "hidden" in written or "style" in written:
        for hidden in root.xpath(_HIDDEN):
            hidden.tag = "template"
        etree.strip_elements(root, "template", with_tail=False)
    return root


@cache
def _parser() -> Any:
    from lxml import etree

    return etree.HTMLParser(no_network=True, huge_tree=True, remove_comments=True, remove_pis=True, encoding="utf-8")


def _references(root: Any, base_url: str) -> tuple[str, ...]:
    found = (absolute(anchor.get("href", ""), base_url) for anchor in root.iter("a"))
    return tuple(dict.fromkeys(address for address in found if address))[:MAX_REFERENCES]


class _Reader:
    """Walks a tree once and gathers its blocks; without recursion, since a page may nest as deep as it likes."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._pieces: list[str] = []
        self._context: list[tuple[BlockKind, int]] = [(BlockKind.PARAGRAPH, 0)]
        self._lists = 0
        self._whole: Any = None

    def read(self, root: Any) -> None:
        from lxml import etree

        pieces = self._pieces
        for event, element in etree.iterwalk(root, events=("start", "end")):
            if self._whole is not None and (event == "start" or self._whole is not element):
                continue
            tag = element.tag
            if event == "start":
                if tag in _CONTAINERS:
                    self._open(element, tag)
                elif tag == "br":
                    pieces.append(_LINE_BREAK)
                piece = element.text if self._whole is None else None
            else:
                if tag in _CONTAINERS:
                    self._close(tag)
                piece = element.tail
            if piece:
                # A line feed of the markup is a blank; one in the pieces is a line break. Other blanks go in the end.
                pieces.append(piece.replace("\n", " "))
        self._flush()

    def _open(self, element: Any, tag: str) -> None:
        self._flush()
        self._lists += tag in {"ul", "ol"}
        self._context.append(self._context_of(tag))
        self._take_whole(element)

    def _close(self, tag: str) -> None:
        self._whole = None
        self._flush()
        self._lists -= tag in {"ul", "ol"}
        self._context.pop()

    def _context_of(self, tag: str) -> tuple[BlockKind, int]:
        if tag in _HEADINGS:
            return BlockKind.HEADING, _HEADINGS[tag]
        if tag == "li":
            return BlockKind.LIST_ITEM, max(self._lists - 1, 0)
        return (BlockKind.QUOTE, 0) if tag == "blockquote" else self._context[-1]

    def _take_whole(self, element: Any) -> None:
        """Takes code and tables of figures as they stand; a table that lays out a page is walked like any other."""
        if element.tag == "pre":
            block = Block(BlockKind.CODE, _code(element))
        elif element.tag == "table" and (rows := _rows(element)):
            block = Block(BlockKind.TABLE, rows)
        else:
            return
        self._whole = element
        if block.text:
            self.blocks.append(block)

    def _flush(self) -> None:
        if not self._pieces:
            return
        kind, level = self._context[-1]
        text = "".join(self._pieces)
        for paragraph in _PARAGRAPHS.split(text) if _LINE_BREAK in text else (text,):
            if line := one_line(paragraph):
                self.blocks.append(Block(kind, line, level))
        self._pieces.clear()


def _code(element: Any) -> str:
    for line_break in element.iter("br"):
        line_break.text = _LINE_BREAK
    lines = clean("".join(element.itertext())).split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def _rows(table: Any) -> str:
    """The table's cells by tab and newline; '' where it lays out a page: nested, of one column, or of long texts."""
    if _has_blocks(table):
        return ""
    rows = [[_cell(cell) for cell in row.iterchildren("td", "th")] for row in table.iter("tr")]
    rows = [row for row in rows if any(row)]
    if not rows or max(map(len, rows)) < 2 or any(len(cell) > 300 for row in rows for cell in row):
        return ""
    return "\n".join("\t".join(row) for row in rows)


def _has_blocks(table: Any) -> bool:
    descendants: Iterator[Any] = table.iterdescendants("table", "div", "ul", "ol", "pre", "blockquote", *_HEADINGS)
    return next(descendants, None) is not None


def _cell(cell: Any) -> str:
    return one_line("".join(cell.itertext()))
