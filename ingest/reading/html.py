"""HTML of an article as blocks of plain text, and titles as text.

What a reader would not see (scripts, styles, fields of forms, hidden elements, words struck out) is dropped with all it
holds. Nothing is escaped: a block is plain text, and ``<b>`` that stands in it is what the author wrote for people to
read. Powers, footnote marks and formulas are written out (:mod:`ingest.reading.typeset`, :mod:`ingest.reading.formulas`).
"""

from __future__ import annotations

import html as entities
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from ingest.reading import plain_html, tables
from ingest.reading.formulas import has_formulas, write_formulas
from ingest.reading.links import distinct
from ingest.reading.tags import BLOCKS, read_again, untagged, with_stray_escaped
from ingest.reading.text import clean, one_line
from ingest.reading.typeset import has_type, raised_in_title, set_plainly
from notes.model import Block, BlockKind

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["MAX_HTML", "MAX_REFERENCES", "blocks", "plain_blocks", "text"]

MAX_HTML = 2_000_000
MAX_REFERENCES = 200
MAX_TITLE_MARKUP = 20_000

_DROPPED = (
    *("script", "style", "template", "noscript", "iframe", "object", "embed", "applet", "svg", "canvas"),
    *("button", "select", "textarea", "input", "nav", "head", "title", "video", "audio", "dialog"),
)
_HIDDEN = "//*[@hidden or contains(translate(@style, 'DISPLAYNOE ', 'displaynoe'), 'display:none')]"
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LINE_BREAK = "\n"
_PARAGRAPHS = re.compile(r"\n\s*\n")


def text(markup: str) -> str:
    """A title or a name as one line of text: tags dropped, entities read, even those that were escaped twice."""
    markup = markup[:MAX_TITLE_MARKUP]
    if "<" not in markup and "&" not in markup:
        return one_line(markup)
    if "<math" in markup.lower():
        return one_line(" ".join(block.text for block in blocks(markup)[0]))
    for _ in range(3):
        stripped = entities.unescape(_untagged(markup))
        if stripped == markup:
            break
        markup = stripped
    return one_line(_untagged(markup))


def _untagged(markup: str) -> str:
    return untagged(raised_in_title(markup)) if "<" in markup else markup


def plain_blocks(plain: str) -> tuple[Block, ...]:
    """Plain text as paragraphs, which blank lines divide."""
    return _plain_blocks(re.split(r"\n[ \t]*\n", clean(plain)))


def _plain_blocks(paragraphs: Iterable[str]) -> tuple[Block, ...]:
    return tuple(Block(BlockKind.PARAGRAPH, line) for line in map(one_line, paragraphs) if line)


def blocks(html: str, base_url: str = "") -> tuple[tuple[Block, ...], tuple[str, ...]]:
    """The article's blocks, and the distinct http(s) addresses that it links to, in order.

    Reads at most ``MAX_HTML`` characters and keeps at most ``MAX_REFERENCES`` addresses; relative ones are
    resolved against ``base_url``. Never raises on bad HTML.
    """
    html = html[:MAX_HTML]
    if "<" not in html and "&" not in html:
        line = one_line(html)
        return ((Block(BlockKind.PARAGRAPH, line),) if line else ()), ()
    # What is plain ASCII is clean; and what has a tag has been escaped as often as it should.
    may_be_clean = "<" in html and html.isascii()
    plain = plain_html.read(html) if may_be_clean else None
    if plain is None:
        cleaned = read_again(clean(html))
        plain = plain_html.read(cleaned) if cleaned is not html or not may_be_clean else None
    if plain is not None:
        return tuple([Block(BlockKind.PARAGRAPH, line) for line in plain.paragraphs]), _distinct(
            plain.addresses, base_url
        )
    root = _parse(with_stray_escaped(cleaned))
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
    if "hidden" in written or "style" in written:
        for hidden in root.xpath(_HIDDEN):
            hidden.tag = "template"
        etree.strip_elements(root, "template", with_tail=False)
    if has_formulas(written):
        write_formulas(root)
    if any(f"<{tag}" in written for tag in _DROPPED):
        etree.strip_elements(root, *_DROPPED, with_tail=False)
    if has_type(written):
        set_plainly(root)
    return root


@cache
def _parser() -> Any:
    from lxml import etree

    return etree.HTMLParser(no_network=True, huge_tree=True, remove_comments=True, remove_pis=True, encoding="utf-8")


def _references(root: Any, base_url: str) -> tuple[str, ...]:
    return _distinct((anchor.get("href", "") for anchor in root.iter("a")), base_url)


def _distinct(written: Iterable[str], base_url: str) -> tuple[str, ...]:
    return tuple(distinct(written, base_url)[:MAX_REFERENCES])


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
                if tag in BLOCKS:
                    self._open(element, tag)
                elif tag == "br":
                    pieces.append(_LINE_BREAK)
                elif "-" in tag and pieces and pieces[-1][-1:].isalnum():
                    pieces.append(" ")
                piece = element.text if self._whole is None else None
            else:
                if tag in BLOCKS:
                    self._close(tag)
                elif "-" in tag and (not element.tail or element.tail[0].isalnum()):
                    pieces.append(" ")
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
            block = Block(BlockKind.CODE, tables.code_lines(element))
        elif element.tag == "table" and (rows := tables.rows(element)):
            block = Block(BlockKind.TABLE, rows)
            if caption := tables.caption(element):
                self.blocks.append(Block(BlockKind.PARAGRAPH, caption))
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
