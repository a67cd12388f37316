"""Markdown of the vault → safe HTML for a page or a feed.

Two doors: markdown-it with raw HTML off, its addresses held to http(s) and published pages; then the allow-list
of :mod:`publish.site.clean`. Charts alone go past the second, written anew by :mod:`publish.charts`. Rendering is pure: what a
wikilink becomes is asked of the caller's resolver.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, cast
from urllib.parse import unquote

from notes.markup.note_words import role_of
from publish.charts.hidden import without_hidden
from publish.site import syntax
from publish.site.clean import clean, printable, web_address
from publish.site.html import RULES, Resolve, file_of, is_reference
from publish.site.languages import base, carried, pieces
from publish.site.withheld import withhold
from publish.sources import tex

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.renderer import RendererHTML
    from markdown_it.token import Token

__all__ = ["Heading", "Rendered", "anchor", "plain", "render"]

_TASK = re.compile(r"\[([ xX-])\] ")
_TABLE_LINE = re.compile(r"^.*\[\[.*\|.*$", re.MULTILINE)
_LINK = re.compile(r"(\[\[[^\[\]|\n]*)(?<!\\)\|([^\[\]\n|]*\]\])")
_CALLOUT = re.compile(r"\[![\w|-]+\][+-]?\s*")
_CELL = {"text-align:right": "right", "text-align:center": "center"}


@dataclass(frozen=True, slots=True)
class Heading:
    """A second-level heading of a page: its ``id`` and its plain text."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """A body as HTML that may be placed in a page as it stands, and its second-level headings in order."""

    html: str
    headings: tuple[Heading, ...] = ()


@dataclass(slots=True)
class _Page:
    """What the rendering of one body knows and gathers."""

    lang: str
    resolve: Resolve
    labels: Mapping[str, str]
    table_label: str
    ids: set[str] = field(default_factory=set)
    headings: list[Heading] = field(default_factory=list)


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
    page = _Page(lang, resolve, labels or {}, table_label)
    html = "".join(_parts(_prepared(_parsed(markdown, resolve), page), page, charts=charts))
    return Rendered(html, tuple(page.headings))


def _parts(tokens: Sequence[Token], page: _Page, *, charts: bool) -> Iterator[str]:
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
    for token in _without_title(_parsed(markdown, resolve)):
        if token.type == "inline" and before != "heading_open":
            lines.append(_text_of(token.children or ()))
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


def anchor(text: str) -> str:
    """The id of a heading: its words, in any script, behind a prefix that no id of a template has."""
    return "s-" + ("-".join(re.findall(r"\w+", text.lower()))[:60] or "section")


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
    return bool(web_address(url)) or not re.match(r"\s*(?:[^/?#]*:|[/\\]{2})", unquote(url))


def _prepared(tokens: list[Token], page: _Page) -> list[Token]:
    tokens = list(_without_title(tokens))
    _shift_headings(tokens, page)
    for index, token in enumerate(tokens):
        if token.type == "blockquote_open":
            _strip_callout(tokens[index + 2 : index + 3])
    _mark_tasks(tokens)
    _label_items(tokens, page)
    for token in tokens:
        if token.type == "inline" and token.children:
            _prepare_inline(token.children, page)
        elif token.type in ("th_open", "td_open"):
            token.attrs = {"class": _CELL[style]} if (style := str(token.attrs.get("style", ""))) in _CELL else {}
        elif token.type == "fence":
            token.info = ""
    _mark_colophon(tokens)
    return tokens


def _without_title(tokens: Sequence[Token]) -> Sequence[Token]:
    return tokens[3:] if tokens and tokens[0].type == "heading_open" and tokens[0].tag == "h1" else tokens


def _shift_headings(tokens: Sequence[Token], page: _Page) -> None:
    """The page's own title is the one ``h1``: a body that has more moves down a level."""
    opens = [(index, token) for index, token in enumerate(tokens) if token.type == "heading_open"]
    down = 1 if any(token.tag == "h1" for _, token in opens) else 0
    for index, token in opens:
        token.tag = tokens[index + 2].tag = f"h{min(6, int(token.tag[1]) + down)}"
        text = _text_of(tokens[index + 1].children or ())
        token.attrSet("id", _unique(anchor(text), page.ids))
        if token.tag == "h2":
            page.headings.append(Heading(str(token.attrs["id"]), text))


def _unique(name: str, taken: set[str]) -> str:
    number, candidate = 1, name
    while candidate in taken:
        number += 1
        candidate = f"{name}-{number}"
    taken.add(candidate)
    return candidate


def _text_of(children: Iterable[Token]) -> str:
    """The words of inline tokens, without note references."""
    words = []
    for child in children:
        if child.type == "wikilink":
            words.append("" if is_reference(child.content) else child.content)
        elif child.type == "maths":
            words.append(tex.to_text(child.content) or child.content)
        else:
            words.append(" " if child.type == "softbreak" else child.content)
    return "".join(words).strip()


def _prepare_inline(children: list[Token], page: _Page) -> None:
    _join_references(children)
    _mark_languages(children, page.lang)
    links: list[bool] = []
    for child in children:
        if child.type == "link_open":
            links.append(_point(child, page))
            child.hidden = not links[-1]
        elif child.type == "link_close":
            child.hidden = not links.pop()


def _mark_languages(children: Sequence[Token], lang: str) -> None:
    still = ""
    for child in children:
        if child.type == "text" and child.content:
            child.meta["pieces"], still = carried(pieces(child.content, lang), still)
        elif child.type in ("wikilink", "softbreak", "hardbreak"):
            still = ""


def _join_references(children: list[Token]) -> None:
    """References in a row become one superscript: ``1, 2`` or, where the writer put a dash between them, ``1–3``."""
    last: Token | None = None
    for before, child in zip([None, *children], children, strict=False):
        if child.type != "wikilink" or not is_reference(child.content):
            last = last if child.type == "text" and child.content.strip() in ("", "⁻") else None
            continue
        child.meta |= {"opens": last is None, "closes": True}
        if last is not None:
            last.meta["closes"] = False
            if before is not None and before is not last:
                before.type, before.content = "separator", "–" if "⁻" in before.content else ", "
        last = child


def _point(link: Token, page: _Page) -> bool:
    """Give the link its address on the site; False when it has none."""
    href = str(link.attrs.get("href", ""))
    if not web_address(href):
        path = unquote(href.partition("#")[0])
        target = page.resolve(path) if path else None
        href = target.href if target else ""
    link.attrs = {"href": href}
    return bool(href)


def _item_texts(tokens: Sequence[Token]) -> Iterator[tuple[Token, list[Token]]]:
    """Each list item that begins with text, with the inline tokens of that text."""
    for index, token in enumerate(tokens[:-2]):
        children = tokens[index + 2].children
        if token.type == "list_item_open" and tokens[index + 2].type == "inline" and children:
            yield token, children


def _mark_tasks(tokens: Sequence[Token]) -> None:
    for item, children in _item_texts(tokens):
        if found := _TASK.match(children[0].content):
            item.attrSet("class", "task")
            children[0].content = ("☑ " if found[1] in "xX" else "☐ ") + children[0].content[found.end() :]


def _strip_callout(first: Sequence[Token]) -> None:
    """``> [!note] Title``: the kind of a callout is for Obsidian's icons."""
    for token in first:
        for child in (token.children or ())[:1]:
            child.content = _CALLOUT.sub("", child.content)


def _label_items(tokens: Sequence[Token], page: _Page) -> None:
    """The bold word that opens an item (``**Problem**: …``) in the language of the page."""
    for _, children in _item_texts(tokens):
        bold = next((at for at, child in enumerate(children[:2]) if child.type == "strong_open"), None)
        if bold is None or bold + 3 >= len(children):
            continue
        word, after = children[bold + 1], children[bold + 3]
        role = role_of(word.content)
        if role is None or role.value not in page.labels:
            continue
        word.content = page.labels[role.value]
        after.content = re.sub(r"^(?:: *|：)", "：" if base(page.lang) == "zh" else ": ", after.content)


def _mark_colophon(tokens: Sequence[Token]) -> None:
    """The last line in italics (``*Created: … | Quality: …*``) is set small."""
    if len(tokens) < 3 or tokens[-1].type != "paragraph_close":
        return
    children = [child for child in tokens[-2].children or () if child.content or child.type != "text"]
    if children and children[0].type == "em_open" and children[-1].type == "em_close":
        tokens[-3].attrSet("class", "colophon")
