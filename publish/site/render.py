"""Markdown of the vault → safe HTML for a page or a feed.

Two doors: markdown-it with raw HTML off, its addresses held to http(s) and published pages; then the allow-list
of :mod:`publish.site.clean`. Charts alone go past the second, written anew by :mod:`publish.charts`. Rendering is pure: what a
wikilink becomes is asked of the caller's resolver.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, cast
from urllib.parse import unquote

from publish.charts.hidden import without_hidden
from publish.site import syntax
from publish.site.clean import clean, printable, web_address
from publish.site.html import RULES, Resolve, file_of, is_reference
from publish.site.prepared import Heading, PageState, prepared, text_of, without_title
from publish.site.withheld import withhold

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.renderer import RendererHTML
    from markdown_it.token import Token

__all__ = ["Rendered", "plain", "render"]

_TABLE_LINE = re.compile(r"^.*\[\[.*\|.*$", re.MULTILINE)
_LINK = re.compile(r"(\[\[[^\[\]|\n]*)(?<!\\)\|([^\[\]\n|]*\]\])")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A body as HTML that may be placed in a page as it stands, and its second-level headings in order."""

    html: str
    headings: tuple[Heading, ...] = ()


def render(
    markdown: str,
    *,
    lang: str,
    resolve: Resolve,
    labels: Mapping[str, str] | None = None,
    table_label: str = "Table",
    charts: bool = True,
) -> Rendered:
    """``markdown`` (a note's or post's body) as HTML in the language ``lang``; a leading title heading is left out.

    ``labels`` gives the bold words that open list items by role (``problem`` → ``問題``), whatever language the note has them
    in. Without ``charts`` these are left out.
    """
    page = PageState(lang, resolve, labels or {}, table_label)
    html = "".join(_parts(prepared(_parsed(markdown, resolve), page), page, charts=charts))
    return Rendered(html, tuple(page.headings))


def _parts(tokens: Sequence[Token], page: PageState, *, charts: bool) -> Iterator[str]:
    """The page between its charts, cleaned, and these; a chart stands in no other block, so that each part is whole."""
    md = _markdown_it()
    for is_chart, part in groupby(tokens, key=lambda token: token.type == "chart"):
        if not is_chart:
            yield clean(md.renderer.render(list(part), md.options, {"page": page}))
        elif charts:
            yield from (f'<figure class="chart">\n{token.content}\n</figure>\n' for token in part)


def plain(markdown: str, *, resolve: Resolve) -> str:
    """The text that a page shows of ``markdown``: a line for each paragraph, item and cell, headings left out."""
    lines = []
    before = ""
    for token in without_title(_parsed(markdown, resolve)):
        if token.type == "inline" and before != "heading_open":
            lines.append(text_of(token.children or ()))
        before = token.type
    return "\n".join(lines)


def _parsed(markdown: str, resolve: Resolve) -> list[Token]:
    """The tokens of ``markdown`` without what speaks of files that are not published."""
    source = _TABLE_LINE.sub(_with_whole_links, syntax.without_comments(printable(markdown)))
    tokens = _markdown_it().parse(source)

    def is_hidden(token: Token) -> bool:
        if token.type == "wikilink":
            path, words = file_of(token.meta["target"]), token.content
        else:
            href, words = str(token.attrs.get("href", "")), ""
            path = "" if web_address(href) else unquote(href.partition("#")[0])
        target = resolve(path) if path else None
        # Without an alias the words of a link are a path of the vault.
        return bool(path) and (target is None or (not target.href and words == token.meta.get("target")))

    def is_note_reference(token: Token) -> bool:
        return is_reference(token.content)

    return withhold(without_hidden(tokens, is_hidden, is_note_reference), is_hidden, is_note_reference)


@cache
def _markdown_it() -> MarkdownIt:
    from markdown_it import MarkdownIt

    # As in Obsidian, a line break of the file is one of the page.
    md = MarkdownIt("js-default", {"breaks": True})
    md.validateLink = _is_link  # type: ignore[method-assign]
    syntax.add_to(md)
    cast("RendererHTML", md.renderer).rules.update(RULES)
    return md


def _with_whole_links(line: re.Match[str]) -> str:
    """A line of a table in which no cell ends inside a wikilink, so that a hidden one is seen."""
    text = line[0]
    return _LINK.sub(r"\1\|\2", text) if "|" in _LINK.sub("", text) else text


def _is_link(url: str) -> bool:
    return bool(web_address(url)) or not re.match(r"[^/?#]*:|\s*[/\\]{2}", unquote(url))
