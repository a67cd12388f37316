"""The article of a web page: what a reader came for, without menus, side columns and footers.

trafilatura finds it; everything that leads in and out is ours: the encoding, the tree with its limits, the blocks, the
date. :func:`extract` is a pure function that may stall or fail on hostile pages: run it where it can be stopped
(:mod:`ingest.workers.parser`).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ingest.articles.page_tree import make_ready
from ingest.articles.webpage import facts, looks_like_page, page_text, tree
from ingest.reading import html
from ingest.reading.links import absolute
from ingest.reading.text import cut, one_line
from ingest.reading.typeset import set_plainly
from notes.model import Block, blocks_text
from notes.text import language

__all__ = ["MAX_BLOCKS", "MAX_TEXT", "Article", "extract", "main_markup"]

MAX_BLOCKS = 4_000
MAX_TEXT = 400_000
# Beyond so many elements the second and third opinion (readability, justext) are not asked: they take n² steps.
_LARGE = 4_000
# So much of a text tells its language.
_TELLING = 1_500
# It reports each page that it gives up, which is no news here.
_LOUD = ("trafilatura", "htmldate", "courlan", "justext", "readability")
_HTML_OF = {"list": "ul", "item": "li", "quote": "blockquote", "row": "tr", "cell": "td", "lb": "br", "del": "span"}


@dataclass(frozen=True, slots=True)
class Article:
    """What a page holds for a reader. ``lang`` as :class:`~notes.model.Item` has it; ``published`` aware UTC."""

    blocks: tuple[Block, ...]
    title: str = ""
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    lang: str = "und"
    references: tuple[str, ...] = ()
    site: str = ""


def extract(body: bytes, url: str, content_type: str, now: datetime) -> Article | None:
    """The article of the page, or None where there is none.

    ``url`` is where relative links are seen from, ``now`` (aware) what dates are held against. At most ``MAX_BLOCKS``
    blocks of ``MAX_TEXT`` characters together. A page that breaks the extraction holds no article.
    """
    text = page_text(body, content_type)
    root = tree(text) if looks_like_page(text) else None
    if root is None:
        return None
    # The headline has powers and footnotes too.
    set_plainly(root)
    known = facts(text, root, now=now)
    blocks, references = html.blocks(main_markup(root, url, known.title), url)
    blocks = _bounded(blocks)
    if not blocks:
        return None
    return Article(
        blocks=blocks,
        title=known.title,
        authors=known.authors,
        published=known.published,
        lang=language.detect(f"{known.title}\n{blocks_text(blocks)}"[:_TELLING]),
        references=references,
        site=known.site,
    )


def main_markup(root: Any, url: str, title: str) -> str:
    """The article as HTML that :func:`ingest.reading.html.blocks` reads, without the headline ``title``; or ''.

    Changes the tree.
    """
    make_ready(root)
    body = _main_part(root, url)
    if body is None:
        return ""
    first = next(iter(body), None)
    if first is not None and first.tag == "head" and one_line("".join(first.itertext())) == title:
        body.remove(first)
    return _markup(body)


def _main_part(root: Any, url: str) -> Any:
    """Trafilatura's tree of the article, in its own TEI-like vocabulary, or None."""
    import trafilatura

    for name in _LOUD:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    is_large = sum(1 for _ in root.iter()) > _LARGE
    try:
        # The tree is ours: no decoding and no decompression of its own. It asks nobody and keeps no file.
        document: Any = trafilatura.bare_extraction(
            root, url=absolute(url) or None, fast=is_large, include_comments=False, include_links=True
        )
    except Exception:  # noqa: BLE001 - it raises whatever it stumbles over, RecursionError among it
        return None
    return None if document is None else document.body


def _markup(body: Any) -> str:
    """The article's tree as HTML."""
    from lxml import etree

    for element in body.iter(etree.Element):
        _as_html(element)
    return str(etree.tostring(body, encoding="unicode"))


def _as_html(element: Any) -> None:
    if element.tag == "head":
        rend = element.get("rend") or ""
        element.tag = rend if rend in {"h1", "h2", "h3", "h4", "h5", "h6"} else "h2"
    elif element.tag == "ref":
        element.tag = "a"
        element.set("href", element.get("target") or "")
    elif element.tag == "code":
        # It nests one in the other for <pre><code>, and uses the same for code within a line.
        parent = element.getparent()
        is_inner = parent is not None and parent.tag in {"pre", "p", "li", "td", "a", "span", "blockquote"}
        element.tag = "span" if (is_inner and "\n" not in (element.text or "")) or _is_in_code(parent) else "pre"
    elif element.tag == "hi":
        element.tag = "span"
    elif element.tag in _HTML_OF:
        element.tag = _HTML_OF[element.tag]


def _is_in_code(parent: Any) -> bool:
    return parent is not None and parent.tag == "pre"


def _bounded(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    kept, room = [], MAX_TEXT
    for block in blocks[:MAX_BLOCKS]:
        if room <= 0:
            break
        kept.append(replace(block, text=cut(block.text, room)))
        room -= len(block.text)
    return tuple(kept)
