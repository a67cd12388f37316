"""A link put into a note that is the user's, at their word: an insertion that changes no other byte.

The place is the end of the list in the note's own section of related notes, else a new section at the end of the file. A
place is taken only when the file, read again with the line in it, has it as an item of a list at the top level: never in
frontmatter, code, a comment, mathematics, HTML, a table, a quote or a callout.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from notes.files import frontmatter
from notes.markup import markdown
from notes.markup.hidden_lines import BREAK, front_lines, hidden_lines

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

__all__ = ["Insertion", "place"]

_MAX: Final = 1_000_000  # bytes; more is not read as Markdown
_ITEM: Final = re.compile(r"(?P<indent> {0,3})(?P<marker>[-*+])(?P<gap>[ \t]+|$)")
_RELATED: Final = frozenset(
    {
        *("related", "related notes", "related links", "related reading", "related pages", "see also", "links"),
        *(
            "相关",
            "相关笔记",
            "相关链接",
            "相关阅读",
            "相关内容",
            "关联",
            "关联笔记",
            "参见",
            "另见",
            "参阅",
            "延伸阅读",
        ),
        *(
            "相關",
            "相關筆記",
            "相關連結",
            "相關閱讀",
            "相關內容",
            "關聯",
            "關聯筆記",
            "參見",
            "另見",
            "參閱",
            "延伸閱讀",
        ),
        *("双链", "雙鏈", "链接", "連結"),
    }
)


@dataclass(frozen=True, slots=True)
class Insertion:
    """Bytes to be put into a file at an offset; taking them out again gives the file as it was."""

    at: int
    text: bytes

    def into(self, raw: bytes) -> bytes:
        """The file with the insertion in it."""
        return raw[: self.at] + self.text + raw[self.at :]


def place(raw: bytes, line: str, *, heading: str) -> Insertion | None:
    """Where ``line`` (Markdown on one line, without a bullet) goes in the file ``raw``, and how it stands there.

    ``heading`` names the new section where the note has none of its own. None when no place is safe: a file that is not UTF-8,
    or one that ends inside something that is never closed.
    """
    text = _decoded(raw)
    if text is None or BREAK.search(line) or not line.strip():
        return None
    lines = _Lines.of(text)
    for found in _candidates(lines, line, heading):
        made = lines.text[: found.at] + found.text + lines.text[found.at :]
        if _is_safe(made, found, line):
            return Insertion(len(lines.text[: found.at].encode()), found.text.encode())
    return None


def _decoded(raw: bytes) -> str | None:
    if len(raw) > _MAX or b"\0" in raw:
        return None
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return None


@dataclass(frozen=True, slots=True)
class _Candidate:
    """An insertion in characters, and the number of the line that then holds the item."""

    at: int
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class _Lines:
    """A text as lines: ``starts`` and ``ends`` are the offsets of each, its line break not counted."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    breaks: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> _Lines:
        found = list(BREAK.finditer(text))
        starts = [0, *(match.end() for match in found)]
        ends = [*(match.start() for match in found), len(text)]
        return cls(text, tuple(starts), tuple(ends), (*(match[0] for match in found), ""))

    def line(self, number: int) -> str:
        return self.text[self.starts[number] : self.ends[number]]

    def is_blank(self, number: int) -> bool:
        return not self.line(number).strip("\ufeff \t")

    def newline(self, number: int) -> str:
        """How lines end at that line: as it does itself, else as most do."""
        usual = Counter(filter(None, self.breaks)).most_common(1)
        return self.breaks[number] or (usual[0][0] if usual else "\n")


# --- where it may go -----------------------------------------------------------------------------------------------


def _candidates(lines: _Lines, line: str, heading: str) -> Iterator[_Candidate]:
    section = _related_section(lines)
    if section is not None:
        yield _in_section(lines, line, *section)
    yield _new_section(lines, line, heading)


def _in_section(lines: _Lines, line: str, last: int, listed: int | None) -> _Candidate:
    """Behind ``last``, the last line that the list or the section holds; ``listed`` is the line of the list's last item."""
    newline = lines.newline(last)
    item = _ITEM.match(lines.line(listed)) if listed is not None else None
    bullet = f"{item['indent']}{item['marker']} " if item else "- "
    apart = "" if item else newline
    # What no blank line parts from an item is a part of it.
    below = newline if last + 1 < len(lines.starts) and hidden_lines(lines.text)[last + 1] else ""
    return _Candidate(lines.ends[last], f"{newline}{apart}{bullet}{line}{below}", last + (1 if item else 2))


def _new_section(lines: _Lines, line: str, heading: str) -> _Candidate:
    last = len(lines.starts) - 1
    newline = lines.newline(last)
    ends_open = bool(lines.line(last).strip("\ufeff"))  # the file has no line break at its end
    before = [newline] if ends_open else []
    empty = not lines.text.strip("\ufeff \t\r\n")
    above = last if ends_open else last - 1
    if not empty and not (above >= 0 and lines.is_blank(above)):
        before.append(newline)
    after = "" if ends_open else newline
    text = "".join(before) + f"## {heading}{newline}{newline}- {line}{after}"
    number = BREAK.subn("", lines.text + "".join(before))[1] + 2
    return _Candidate(len(lines.text), text, number)


def _related_section(lines: _Lines) -> tuple[int, int | None] | None:
    """The end of the last section of related notes: its last line of substance, and the line of its last list item."""
    tokens = [token for token in _tokens(lines.text) if token.level == 0 and token.map is not None]
    headings = [place for place, token in enumerate(tokens) if token.type == "heading_open"]
    inlines = {token.map[0]: token for token in _tokens(lines.text) if token.type == "inline" and token.map}
    ours = [place for place in headings if _is_related(inlines, tokens[place])]
    if not ours:
        return None
    start = ours[-1]
    stop = next((place for place in headings if place > start), len(tokens))
    bullets = [token for token in tokens[start:stop] if token.type == "bullet_list_open"]
    blocks = [bullets[-1]] if bullets else tokens[start:stop]
    last = max(token.map[1] for token in blocks if token.map) - 1
    hidden = hidden_lines(lines.text)
    while lines.is_blank(last) or hidden[last]:
        last -= 1
    return last, _last_item(lines, bullets[-1]) if bullets else None


def _is_related(inlines: dict[int, Token], heading: Token) -> bool:
    inline = inlines.get(heading.map[0]) if heading.map else None
    told = re.sub(r"[^\w\s]|_", "", inline.content if inline else "").split()
    return " ".join(told).casefold() in _RELATED


def _last_item(lines: _Lines, bullets: Token) -> int | None:
    assert bullets.map is not None
    for token in reversed(_tokens(lines.text)):
        if token.type == "list_item_open" and token.level == 1 and token.map and _within(token.map, bullets.map):
            return token.map[0]
    return None


def _within(inner: list[int], outer: list[int]) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


# --- whether it stands there ---------------------------------------------------------------------------------------


def _is_safe(made: str, candidate: _Candidate, line: str) -> bool:
    return _stands(made, candidate) and _is_read(made, line)


def _stands(made: str, candidate: _Candidate) -> bool:
    """Whether the line, read in its place, is an item of a list at the top level that holds just it.

    To a reader that knows what Obsidian hides, and to one that does not: the two part ways where marks are nested.
    """
    hidden = hidden_lines(made)
    front = front_lines(made)
    only_front = [number < front for number in range(len(hidden))]
    return not hidden[candidate.line] and all(_is_item(made, lines, candidate.line) for lines in (hidden, only_front))


def _is_item(made: str, hidden: list[bool], line: int) -> bool:
    for token, inside in _with_next_inline(_blocks(made, hidden)):
        if token.type == "list_item_open" and token.level == 1 and token.map and token.map[0] == line:
            return inside is not None and inside.map == [line, line + 1]
    return False


def _is_read(made: str, line: str) -> bool:
    """Whether Slipway itself will find the line's links there: what it does not see it would offer again."""
    body = frontmatter.read(made)[1]
    return set(markdown.wikilinks(line)) <= set(markdown.wikilinks(body))


def _with_next_inline(tokens: tuple[Token, ...]) -> Iterator[tuple[Token, Token | None]]:
    for number, token in enumerate(tokens):
        yield token, next((after for after in tokens[number + 1 : number + 3] if after.type == "inline"), None)


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    # Blocks alone tell where a line stands; what is in them need not be read.
    return MarkdownIt("commonmark", {"html": True}).enable("table").disable(["inline", "text_join"])


def _tokens(text: str) -> tuple[Token, ...]:
    """The blocks of what Obsidian shows."""
    return _blocks(text, hidden_lines(text))


def _blocks(text: str, hidden: list[bool]) -> tuple[Token, ...]:
    """The blocks of a text, what is hidden blanked out first."""
    lines = BREAK.split(text.removeprefix("\ufeff"))
    return tuple(_parser().parse("\n".join("" if gone else line for line, gone in zip(lines, hidden, strict=True))))
