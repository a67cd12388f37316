"""A page's tree made ready for trafilatura, which looks for paragraphs where pages have none.

Text that stands bare in a ``<div>``, divided by line breaks and styled by spans, it takes apart at each span, and loses blanks
and sentences. What is hidden is dropped here too: once a span is gone, nobody knows any more that it was not to be seen.
"""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from ingest.reading.formulas import write_formulas
from ingest.reading.tables import caption, code_lines, rows
from ingest.reading.typeset import set_plainly

__all__ = ["make_ready"]

_HIDDEN = "//*[@hidden or contains(translate(@style, 'DISPLAYNOE ', 'displaynoe'), 'display:none')]"
_UNEVEN = ".//td[@colspan or @rowspan or br or p] | .//th[@colspan or @rowspan or br or p]"
_STYLE_ONLY = ("span", "font", "u", "small", "big", "ins", "wbr")
_CONTAINERS = ("div", "section", "article", "main", "body", "center", "td", "blockquote", "li", "dd")
_INLINE = {
    *(
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "br",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "i",
        "kbd",
        "mark",
        "q",
    ),
    *("s", "samp", "strike", "strong", "sub", "sup", "time", "tt", "var", "img"),
}
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
# A run of less is a label or a menu.
_LEAST = 40


def make_ready(root: Any) -> None:
    """Changes the tree: code as ``<pre><code>``, no spans, and runs of bare text as paragraphs."""
    for hidden in root.xpath(_HIDDEN):
        if hidden.getparent() is not None and hidden.tag not in {"body", "html"}:
            hidden.drop_tree()
    write_formulas(root)
    set_plainly(root)
    _mark_tables(root)
    _mark_code(root)
    etree.strip_tags(root, *_STYLE_ONLY)
    for container in list(root.iter(*_CONTAINERS)):
        _mark_paragraphs(container)


def _mark_code(root: Any) -> None:
    """Each ``<pre>`` as ``<pre><code>`` with plain text in it: others trafilatura takes for quotations."""
    for element in root.iter("pre"):
        text = code_lines(element)
        for child in list(element):
            element.remove(child)
        element.text = None
        etree.SubElement(element, "code").text = text


def _mark_tables(root: Any) -> None:
    """Each table's caption as a paragraph before it, and its cells without what trafilatura would join or leave out."""
    for table in list(root.iter("table")):
        if told := caption(table):
            paragraph = etree.Element("p")
            paragraph.text = told
            table.remove(next(table.iterchildren("caption")))
            table.addprevious(paragraph)
        if table.xpath(_UNEVEN) and (cells := rows(table)):
            _refill(table, cells)


def _refill(table: Any, cells: str) -> None:
    for child in list(table):
        table.remove(child)
    for line in cells.split("\n"):
        row = etree.SubElement(table, "tr")
        for cell in line.split("\t"):
            etree.SubElement(row, "td").text = cell


def _mark_paragraphs(container: Any) -> None:
    """Runs of text and inline elements between blocks, or between empty lines, each as a paragraph."""
    before: Any = None
    run: list[Any] = []
    for child in [*container, None]:
        is_inline = child is not None and child.tag in _INLINE
        if is_inline and not (run and _is_empty_line(run[-1], child)):
            run.append(child)
            continue
        last = _wrap(container, before, run)
        if is_inline:
            before, run = last, [child]
        else:
            before, run = child, []


def _is_empty_line(one: Any, other: Any) -> bool:
    return one.tag == "br" == other.tag and not (one.tail or "").strip()


def _wrap(container: Any, before: Any, run: list[Any]) -> Any:
    """Puts the text after ``before`` (or at the container's beginning) and the run into a paragraph, if there is enough.

    Returns what now stands last.
    """
    text = (container.text if before is None else before.tail) or ""
    told = _letters(text) + sum(_told(element) for element in run)
    if told < _LEAST:
        return run[-1] if run else before
    paragraph = etree.Element("p")
    paragraph.text = text
    if before is None:
        container.text = None
        container.insert(0, paragraph)
    else:
        before.tail = None
        before.addnext(paragraph)
    paragraph.extend(run)
    return paragraph


def _told(element: Any) -> float:
    """Letters that are no link's."""
    own = 0.0 if element.tag == "a" else _letters("".join(element.itertext()))
    return own + _letters(element.tail or "")


def _letters(text: str) -> float:
    """How much is told; a Chinese character counts for two and a half letters."""
    return len(text.strip()) + 1.5 * len(_HAN.findall(text))
