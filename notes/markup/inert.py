"""The door from plain text to Markdown, to an address, to the terminal: what was sent is shown, and does nothing.

The rule is "normalise first, escape last": :func:`one_line` removes what cannot be seen and composes what can be, and
only then :func:`to_markdown` escapes. Nothing may be stripped, unescaped or normalised afterwards: each of these
brings payloads back to life.

Escapes are chosen for three readers: Obsidian, which honours backslashes; CommonMark renderers; and plugins
(Templater, Dataview, QuickAdd …) that search the raw file, so that no pair such as ``<%``, ``{{``, ``::``, ``%%`` or
``[[`` may stand in it even behind a backslash.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final
from urllib.parse import quote, urlsplit

from notes.markup.terminal import terminal
from notes.model import Block, BlockKind
from notes.text.texmath import is_safe_math
from notes.text.visible import lines, one_line, visible

__all__ = [
    "alias",
    "block_markdown",
    "blocks_markdown",
    "lines",
    "one_line",
    "property_text",
    "reason",
    "shortened",
    "terminal",
    "to_markdown",
    "url",
    "wikilink",
]

# --- escape --------------------------------------------------------------------------------------------------------

_SPECIAL: Final = re.compile(
    r"(?P<lt><(?![\s\d=]))"
    r"|(?P<amp>&(?=\#?\w{1,32};))"
    r"|(?P<command>\\(?=[A-Za-z]))"
    r"|(?P<scheme>(?<=[A-Za-z0-9+.-]):(?=//))"
    r"|(?P<tick>`)"
    r"|[\\*|\[\]$]"
    r"|(?<![^\W_])_|_(?![^\W_])"
    r"|(?<![A-Za-z0-9])\#"
    r"|(?<=\])\("
    r"|(?<=%)>"
    r"|(?<=[%<{])%"
    r"|(?<=:):"
    r"|(?<=[=`])="
    r"|(?<=~)~"
    r"|\{(?=[{%\#])|(?<=\{)\{|\}(?=\})|(?<=[}%])\}"
    r"|\^"
)
_BY_NAME: Final = {"lt": "&lt;", "amp": "&amp;", "command": "&#92;", "scheme": ":\\", "tick": "&#96;"}
_BLOCK_START: Final = re.compile(r"[>=~]|[-+](?=[\s+-]|$)|\.\.\.|(?P<number>\d+)[.)](?=\s|$)")
_URL_CHARS: Final = r"[A-Za-z0-9\-._~:/?#@!$&*+,;=%]"
_MATH_OR_URL: Final = re.compile(
    rf"(?P<url>(?<![A-Za-z0-9])https?://(?:{_URL_CHARS}|\({_URL_CHARS}*\))+)"
    r"|(?P<math>(?<![\w\\$])\$(?=[^\s$])[^$]{1,200}(?<=[^\s\\])\$(?![\d$A-Za-z]))",
    re.IGNORECASE,
)


def to_markdown(text: str, *, math: bool = True, links: bool = True) -> str:
    """``text`` as one line of Markdown that shows it literally.

    Two things stay alive: bare http(s) addresses (unless ``links`` is off), and short well-formed TeX between single
    dollars (unless ``math`` is off).
    """
    text = one_line(text)
    escaped = "".join(_pieces(text, math=math, links=links))
    start = _BLOCK_START.match(escaped)
    if start is None:
        return escaped
    mark = max(0, start.end("number"))
    return f"{escaped[:mark]}\\{escaped[mark:]}"


def _pieces(text: str, *, math: bool, links: bool) -> Iterator[str]:
    done = 0
    position = 0
    while match := _MATH_OR_URL.search(text, position):
        live, end = _live(match, math=math, links=links)
        position = end
        if live:
            yield _escape(text, done, match.start())
            yield live
            done = end
    yield _escape(text, done, len(text))


def _live(match: re.Match[str], *, math: bool, links: bool) -> tuple[str, int]:
    """What may stand as it is, and where the search goes on."""
    if match["math"]:
        # ``$5 and $x$``: the second dollar may open what the first could not.
        is_math = math and is_safe_math(match["math"][1:-1])
        return (_formula(match["math"]), match.end()) if is_math else ("", match.start() + 1)
    bare = match["url"].rstrip(".,;:!?*~")
    address = url(bare) if links else ""
    return (f"<{address}>" if address else "", match.start() + len(bare))


def _formula(math: str) -> str:
    """TeX that opens no tag and names no block: what stands behind a blank and ``^`` could be a block id."""
    return re.sub(r"(?<= )\^", "{}^", re.sub(r"(?<!\\) +\^", "^", re.sub(r"<(?=\S)", "< ", math)))


def _escape(text: str, start: int, end: int) -> str:
    """``text[start:end]`` escaped, with the neighbours still in sight."""
    return "".join(_escaped(text, start, end))


def _escaped(text: str, start: int, end: int) -> Iterator[str]:
    done = start
    for match in _SPECIAL.finditer(text, start):
        if match.start() >= end:
            break
        yield text[done : match.start()]
        yield _BY_NAME[match.lastgroup] if match.lastgroup else "\\" + match[0]
        done = match.end()
    yield text[done:end]


# --- wikilinks and properties --------------------------------------------------------------------------------------

_IN_ALIAS: Final = str.maketrans({"[": "(", "]": ")", "|": "/", "`": "'", "^": "ˆ", "\\": None})
_PAIRS: Final = re.compile(
    r"(?<=[<{%])(?=%)|(?<=%)(?=[>}])|(?<=\{)(?=[{#])|(?<=\})(?=\})|(?<=:)(?=:)|(?<==)(?==)|(?<=~)(?=~)|(?<=\$)(?==)"
    r"|(?<=:)(?<!http:)(?<!https:)(?=//)"
)


def alias(text: str) -> str:
    """``text`` as the part of a wikilink that is shown. Obsidian has no escapes there, so marks are replaced."""
    text = _MATH_OR_URL.sub(lambda match: match["math"][1:-1] if match["math"] else match[0], one_line(text))
    text = re.sub(r"<(?=[A-Za-z/!?])", "‹", text.translate(_IN_ALIAS))
    text = re.sub(r"(?<!\S)#(?=[^\s#])", "＃", text)
    return _PAIRS.sub(" ", text).strip()


_NOT_LINKABLE: Final = re.compile(r"[\[\]|#^\\\x00-\x1f]|\A\s|\s\Z")


def is_linkable(target: str) -> bool:
    """Whether a wikilink can hold this name of a file: marks of its own end it, and blanks at the ends are dropped."""
    return _NOT_LINKABLE.search(target) is None


def wikilink(target: str, shown: str = "") -> str:
    """``[[target|shown]]``; the target is a note id or a vault path and must be one already.

    A path that no wikilink can hold is linked in Markdown's own form: ``[shown](<C%23%20notes.md>)``.
    """
    if not is_linkable(target):
        return f"[{to_markdown(shown or target, math=False, links=False)}](<{quote(target.removesuffix('.md'))}.md>)"
    words = alias(shown)
    return f"[[{target}|{words}]]" if words and words != target else f"[[{target}]]"


def property_text(text: str, *, limit: int = 300) -> str:
    """``text`` for a property of the frontmatter: one line, at most ``limit`` characters, no wikilink of its own."""
    return shortened(_without_links(one_line(text)), limit)


_NOTE_OF_REASON: Final = re.compile(
    r"[a-z][a-z ]{2,20} [01]\.\d\d: (?:close to|repeats|tells of) \[\[[^\[\]|#\n]{1,255}\]\](?!\])"
)


def reason(text: str, *, limit: int = 600) -> str:
    """A reason for a property. Titles that it quotes came from outside: only the note that it names first stays a wikilink."""
    text = one_line(text)
    named = _NOTE_OF_REASON.match(text)
    kept = named.end() if named else 0
    return text[:kept] + _without_links(text[kept : max(kept, limit)])


def _without_links(text: str) -> str:
    return re.sub(r"(?<=\[)(?=\[)|(?<=\])(?=\])", " ", text)


def shortened(text: str, limit: int) -> str:
    """``text`` as one line of at most ``limit`` characters, the last of them ``…`` when something was cut."""
    text = one_line(text)
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


# --- blocks --------------------------------------------------------------------------------------------------------

_FENCE_LINE: Final = re.compile(r"(?m)^[ \t]*(?:(?:>|[-*+]|\d+[.)])[ \t]*)*(?:`{3}|~{3})")


def block_markdown(block: Block) -> str:
    """One block as Markdown; nothing for a block without text. Headings begin at level 3, below those of the note."""
    if block.kind is BlockKind.CODE:
        return _code(block.text)
    if block.kind is BlockKind.TABLE:
        return _table(block.text)
    text = to_markdown(block.text)
    return _mark(block) + text if text else ""


def _mark(block: Block) -> str:
    if block.kind is BlockKind.HEADING:
        return "#" * min(6, max(1, block.level) + 2) + " "
    if block.kind is BlockKind.LIST_ITEM:
        return "  " * block.level + "- "
    return "> " if block.kind is BlockKind.QUOTE else ""


def blocks_markdown(blocks: Iterable[Block]) -> str:
    """The blocks as Markdown, lists kept together, no list item deeper than the one above allows."""
    written: list[str] = []
    before: Block | None = None
    for block in blocks:
        in_list = before is not None and before.kind is block.kind is BlockKind.LIST_ITEM
        deepest = before.level + 1 if in_list and before is not None else 0
        placed = replace(block, level=max(0, min(block.level, deepest))) if block.kind is BlockKind.LIST_ITEM else block
        if text := block_markdown(placed):
            written.append(("\n" if in_list else "\n\n") + text)
            before = placed
    return "".join(written).strip("\n")


def _code(text: str) -> str:
    text = _templater_apart(lines(text))
    if not text.strip():
        return ""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    if _FENCE_LINE.search(text):
        # Some plugins take any line that begins with a fence for one, whatever stands round it.
        text = re.sub(r"(?m)^(?=.)", "    ", text)
    return f"{fence}\n{text}\n{fence}"


def _templater_apart(text: str) -> str:
    """Templater runs ``<% %>`` in code as well, and code knows no escape: a space keeps the marks apart."""
    return text.replace("<%", "< %").replace("%>", "% >")


def _table(text: str) -> str:
    rows = [[to_markdown(cell, math=False) for cell in row.split("\t")] for row in text.split("\n") if row.strip()]
    if not rows:
        return ""
    width = max(map(len, rows))
    head, *rest = ("| " + " | ".join(row + [""] * (width - len(row))) + " |" for row in rows)
    return "\n".join([head, "|" + " --- |" * width, *rest])


# --- addresses -----------------------------------------------------------------------------------------------------

_MAX_URL: Final = 2048


def url(address: str) -> str:
    """``address`` fit for any place in Markdown, HTML or YAML; empty unless it is http or https with a host.

    Credentials are dropped, the host is shown in ASCII (punycode), all that could close a link is percent-encoded.
    """
    # Browsers let tabs and line breaks inside an address vanish.
    address = visible(re.sub(r"[\t\n\r]", "", address)).strip()
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
        host = host if host.isascii() else host.encode("idna").decode("ascii")
    except (ValueError, UnicodeError):
        return ""
    if parts.scheme.lower() not in ("http", "https") or not re.fullmatch(r"[\w.-]+|[0-9a-f:.]+", host, re.ASCII):
        return ""
    netloc = (f"[{host}]" if ":" in host else host) + (f":{port}" if port is not None else "")
    query = f"?{_percent(parts.query)}" if parts.query else ""
    fragment = f"#{_percent(parts.fragment)}" if parts.fragment else ""
    clean = f"{parts.scheme.lower()}://{netloc}{_percent(parts.path)}{query}{fragment}"
    return clean if len(clean) <= _MAX_URL else ""


def _percent(part: str) -> str:
    part = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", part)
    part = quote(part, safe="%/?#:@!$&*+,;=-._~")
    return part.replace("::", ":%3A").replace("==", "=%3D").replace("$=", "$%3D")
