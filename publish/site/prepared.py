"""What the tokens of a body become before they are written: one ``h1``, links of the site, tasks, labels, joined references."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote

from notes.markup.note_words import role_of
from publish.site.clean import web_address
from publish.site.html import Resolve, is_reference
from publish.site.languages import base, carried, pieces
from publish.sources import tex

if TYPE_CHECKING:
    from markdown_it.token import Token

__all__ = ["Heading", "PageState", "anchor", "prepared", "text_of", "without_title"]

_TASK = re.compile(r"\[([ xX-])\] ")
_CALLOUT = re.compile(r"\[![\w|-]+\][+-]?\s*")
_CELL = {"text-align:right": "right", "text-align:center": "center"}


@dataclass(frozen=True, slots=True)
class Heading:
    """A second-level heading of a page: its ``id`` and its plain text."""

    id: str
    text: str


@dataclass(slots=True)
class PageState:
    """What the rendering of one body knows and gathers."""

    lang: str
    resolve: Resolve
    labels: Mapping[str, str]
    table_label: str
    ids: set[str] = field(default_factory=set)
    headings: list[Heading] = field(default_factory=list)


def anchor(text: str) -> str:
    """The id of a heading: its words, in any script, behind a prefix that no id of a template has."""
    return "s-" + ("-".join(re.findall(r"\w+", text.lower()))[:60] or "section")


def prepared(tokens: list[Token], page: PageState) -> list[Token]:
    """The tokens of a body as they are written, and what ``page`` gathers of them."""
    tokens = list(without_title(tokens))
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


def without_title(tokens: Sequence[Token]) -> Sequence[Token]:
    """The tokens behind a leading title."""
    return tokens[3:] if tokens and tokens[0].type == "heading_open" and tokens[0].tag == "h1" else tokens


def _shift_headings(tokens: Sequence[Token], page: PageState) -> None:
    """The page's own title is the one ``h1``: a body that has more moves down a level."""
    opens = [(index, token) for index, token in enumerate(tokens) if token.type == "heading_open"]
    down = 1 if any(token.tag == "h1" for _, token in opens) else 0
    for index, token in opens:
        token.tag = tokens[index + 2].tag = f"h{min(6, int(token.tag[1]) + down)}"
        text = text_of(tokens[index + 1].children or ())
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


def text_of(children: Iterable[Token]) -> str:
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


def _prepare_inline(children: list[Token], page: PageState) -> None:
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


def _point(link: Token, page: PageState) -> bool:
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


def _label_items(tokens: Sequence[Token], page: PageState) -> None:
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
