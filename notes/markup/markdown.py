"""Markdown as plain text: what a file of the vault says, without the marks it says it with.

The parse is CommonMark with tables, strikethrough, dollar mathematics and what Obsidian adds: wikilinks, embeds,
comments, highlights, block ids and tags. HTML is dropped, code is kept as text, escapes and entities are undone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from notes.markup import references
from notes.model import VaultSection

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

__all__ = ["MAX_PARSED", "MarkdownText", "inline_tags", "plain", "read", "sections", "wikilinks"]

MAX_PARSED: Final = 1_000_000
"""Characters up to which a text is parsed; a longer one is taken as it stands."""

_WIKILINK: Final = re.compile(r"!?\[\[(?P<target>[^\[\]\n|]{0,500}?)(?:\\?\|(?P<alias>[^\n]{0,500}?))?\]\]")
_TAG: Final = re.compile(
    r"(?<!\S)#([^\s#\u2000-\u206f\u2e00-\u2e7f\u3000-\u303f\uff00-\uff0f'!\"$%&()*+,.:;<=>?@^`{|}~\[\]\\\0]+)"
)
_MATH: Final = re.compile(r"\$(?=[^\s$])[^$\n]+?(?<=[^\s\\])\$(?!\d)|\$\$[^$]+\$\$")
_HIGHLIGHT: Final = re.compile(r"==(?=\S)(.{1,500}?)(?<=\S)==")
_BLOCK_ID: Final = re.compile(r"(?:^|\s+)\^[A-Za-z0-9-]+\s*$")
_CALLOUT: Final = re.compile(r"^\[![\w|-]+\][+-]?\s*")
_CJK: Final = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef]")
_ESCAPED: Final = "\0"


@dataclass(frozen=True, slots=True)
class MarkdownText:
    """What a Markdown text holds: its sections as plain text, the targets of its links into the vault, its tags.

    ``wikilinks`` are without heading, block and alias, in order, each once; links to ``.md`` files in Markdown's own
    form are among them. ``tags`` are without ``#``. ``references`` are the addresses of the world that the text points to.
    """

    sections: tuple[VaultSection, ...]
    wikilinks: tuple[str, ...]
    tags: tuple[str, ...]
    references: tuple[str, ...] = ()


def read(md: str) -> MarkdownText:
    """Everything at once, from one parse. Text beyond a million characters is taken as it stands."""
    if len(md) > MAX_PARSED:
        return MarkdownText((VaultSection("", 0, md),), (), ())
    definitions: dict[str, dict[str, dict[str, str]]] = {}
    tokens = _parser().parse(md, definitions)
    pointed = (*_addresses(tokens), *(one["href"] for one in definitions.get("references", {}).values()))
    return MarkdownText(
        tuple(_sections(tokens)), _unique(_targets(tokens)), _unique(_tags(tokens)), references.unique(pointed)
    )


def plain(md: str) -> str:
    """The text of ``md`` with its headings, blank lines between blocks."""
    parts = (part for section in sections(md) for part in (section.heading, section.text))
    return "\n\n".join(part for part in parts if part)


def sections(md: str) -> tuple[VaultSection, ...]:
    """The sections of ``md`` in order; the first has no heading and is left out when it is empty."""
    return read(md).sections


def wikilinks(md: str) -> tuple[str, ...]:
    """The targets of the wikilinks of ``md``, or of one string of a frontmatter."""
    return read(md).wikilinks


def inline_tags(md: str) -> tuple[str, ...]:
    """The tags that stand in the text of ``md``, without ``#``."""
    return read(md).tags


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


# --- the parser ----------------------------------------------------------------------------------------------------


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    # Joined text no longer tells ``\#no-tag`` from ``#tag``.
    parser.disable("text_join")
    # Targets are read, never followed: encoding them anew is half the time of a text full of addresses.
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    parser.inline.ruler.before("escape", "math", _math_rule)
    parser.inline.ruler.before("link", "wikilink", _wikilink_rule)
    parser.inline.ruler.before("link", "comment", _comment_rule)
    parser.block.ruler.before("fence", "comment", _comment_block_rule, {"alt": ["paragraph", "blockquote", "list"]})
    return parser


def _wikilink_rule(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] not in "![":
        return False
    match = _WIKILINK.match(state.src, state.pos)
    if match is None:
        return False
    if not silent:
        token = state.push("wikilink", "", 0)
        token.markup = match[0][0]
        token.content = (match["alias"] or _shown(match["target"])).strip()
        token.meta = {"target": match["target"].strip()}
    state.pos = match.end()
    return True


def _shown(target: str) -> str:
    return " > ".join(part for part in re.split(r"#\^?", target) if part)


def _math_rule(state: StateInline, silent: bool) -> bool:
    match = _MATH.match(state.src, state.pos)
    if match is None:
        return False
    if not silent:
        state.push("math", "", 0).content = match[0]
    state.pos = match.end()
    return True


def _comment_rule(state: StateInline, _silent: bool) -> bool:
    if not state.src.startswith("%%", state.pos):
        return False
    end = state.src.find("%%", state.pos + 2)
    state.pos = end + 2 if end >= 0 else state.posMax
    return True


def _comment_block_rule(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    first = _line(state, start_line)
    if not first.startswith("%%") or "%%" in first[2:]:
        return False
    if not silent:
        state.line = next((n + 1 for n in range(start_line + 1, end_line) if "%%" in _line(state, n)), end_line)
    return True


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]


# --- from tokens to text -------------------------------------------------------------------------------------------


def _sections(tokens: list[Token]) -> Iterator[VaultSection]:
    heading, level, blocks = "", 0, list[str]()
    for kind, depth, text in _blocks(tokens):
        if kind == "heading":
            if heading or blocks:
                yield VaultSection(heading, level, "\n\n".join(blocks))
            heading, level, blocks = text, depth, []
        elif text:
            blocks.append(text)
    if heading or blocks:
        yield VaultSection(heading, level, "\n\n".join(blocks))


def _blocks(tokens: list[Token]) -> Iterator[tuple[str, int, str]]:
    """(kind, heading level, plain text) of each block; a table is one block, a row a line of it."""
    rows: list[list[str]] = []
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.type == "table_open":
            rows = []
        elif token.type == "tr_open":
            rows.append([])
        elif token.type == "table_close":
            yield "table", 0, "\n".join(" ".join(cell for cell in row if cell) for row in rows)
        elif token.type in ("fence", "code_block"):
            yield "code", 0, token.content.strip("\n")
        elif token.type == "inline" and before is not None:
            text = _inline_text(token)
            if before.type in ("th_open", "td_open"):
                rows[-1].append(text)
            elif before.type == "heading_open":
                yield "heading", int(before.tag[1]), text
            else:
                yield "text", 0, text


def _inline_text(inline: Token) -> str:
    children = inline.children or []
    pieces = list(_pieces(children))
    # Only what stands unescaped at the very start or end is a callout's type or a block id.
    if children and children[0].type == "text":
        pieces[0] = _CALLOUT.sub("", pieces[0])
    if children and children[-1].type == "text":
        pieces[-1] = _BLOCK_ID.sub("", pieces[-1])
    return _unbroken("".join(pieces)).strip()


def _pieces(children: list[Token]) -> Iterator[str]:
    for token in children:
        match token.type:
            case "text":
                yield _HIGHLIGHT.sub(r"\1", token.content)
            case "softbreak" | "hardbreak":
                yield "\n"
            case "wikilink":
                yield "" if token.markup == "!" else token.content
            case "image":
                yield "".join(_pieces(token.children or []))
            case "text_special" | "code_inline" | "math":
                yield token.content
            case _:
                yield ""


def _unbroken(text: str) -> str:
    """Lines as one: Chinese is joined as it stands, other words by a space."""
    lines = [line.strip() for line in text.split("\n")]
    joined = lines[0]
    for line in lines[1:]:
        tight = joined and line and _CJK.match(joined[-1]) and _CJK.match(line[0])
        joined += line if tight or not joined or not line else f" {line}"
    return joined


def _inline_tokens(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        if token.type == "inline":
            yield from token.children or []


def _targets(tokens: list[Token]) -> Iterator[str]:
    for token in _inline_tokens(tokens):
        is_wikilink = token.type == "wikilink"
        target = str(token.meta["target"]).split("#", 1)[0].strip() if is_wikilink else _local_target(token)
        if target:
            yield target


def _addresses(tokens: list[Token]) -> Iterator[str]:
    """Addresses and named works of the text, also those in HTML; code that is no text of a sentence has none."""
    for token in tokens:
        if token.type in ("inline", "html_block"):
            yield from references.found_in(token.content)


def _local_target(token: Token) -> str:
    """The vault path of a Markdown link such as ``[x](../a%20b.md#part)``, or nothing."""
    if token.type != "link_open":
        return ""
    path = unquote(str(token.attrGet("href") or "").split("#", 1)[0])
    return path if path.endswith(".md") and "://" not in path else ""


def _tags(tokens: list[Token]) -> Iterator[str]:
    for inline in tokens:
        if inline.type != "inline":
            continue
        shown = "".join(_for_tags(inline.children or []))
        for match in _TAG.finditer(shown):
            tag = match[1].strip("/")
            if re.search(r"[^\d/]", tag):
                yield tag


def _for_tags(children: list[Token]) -> Iterator[str]:
    is_address = False
    for token in children:
        # The text of ``<https://…>`` is shown decoded here, but a tag in it is none.
        is_address = token.markup == "autolink" if token.type == "link_open" else is_address and token.type == "text"
        if token.type == "text" and not is_address:
            yield token.content
        elif token.type in ("softbreak", "hardbreak"):
            yield "\n"
        else:
            yield _ESCAPED
