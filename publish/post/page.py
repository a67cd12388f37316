"""Markdown of a post: spans become escaped text, bold figures, wikilinks and reference numbers; sections become a file.

Everything that came from outside passes :mod:`notes.markup.inert` here and nowhere else on its way into a post.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from notes.files.frontmatter import write
from notes.markup import inert
from notes.markup.markdown import plain
from notes.model import VaultNote
from publish.post.phrase import Phrase, Span

__all__ = [
    "address_of",
    "bullets",
    "document",
    "heading",
    "numbered",
    "quoted_block",
    "references",
    "render",
    "table",
]

_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_THIN = "\u2009"
# Characters beyond which CommonMark still takes ** for the end of bold text: white space and punctuation (§6.2).
_OPEN_EDGE = re.compile(r"[\s\u2000-\u206f\u3000-\u303f\uff00-\uff0f\uff1a-\uff20!-/:-@\[-`{-~]")
_MATHS = re.compile(r"\$[^$]+\$")
# A run of at least this many consecutive numbers is written with its ends only.
_RUN = 3


def render(phrase: Phrase, number: Callable[[str], int], target: Callable[[str], str]) -> str:
    """The phrase as inline Markdown; ``number`` gives a note's reference number, ``target`` its wikilink target."""
    return "".join(_span(span, number, target) for span in phrase)


def references(note_ids: Sequence[str], number: Callable[[str], int], target: Callable[[str], str]) -> str:
    """The reference numbers of notes as superscript wikilinks, in order; consecutive ones as first–last."""
    by_number = sorted({number(note_id): note_id for note_id in note_ids}.items())
    runs: list[list[tuple[int, str]]] = []
    for entry in by_number:
        if runs and entry[0] == runs[-1][-1][0] + 1:
            runs[-1].append(entry)
        else:
            runs.append([entry])
    return _THIN.join(_run(run, target) for run in runs)


def address_of(note: VaultNote) -> str:
    """The note's address on the web, made safe; empty when it has none."""
    return inert.url(note.url) or (inert.url(f"https://arxiv.org/abs/{note.arxiv_id}") if note.arxiv_id else "")


def heading(level: int, text: str) -> str:
    """A heading; ``text`` is Markdown."""
    return f"{'#' * level} {text}"


def bullets(lines: Iterable[str]) -> str:
    """A list of Markdown lines."""
    return "\n".join(f"- {line}" for line in lines)


def numbered(lines: Iterable[str]) -> str:
    """A numbered list of Markdown lines."""
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))


def quoted_block(lines: Sequence[str]) -> str:
    """Markdown lines in a block quote, one under the other."""
    return "  \n".join(f"> {line}" for line in lines)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of Markdown cells; the bar of a wikilink is escaped, other bars are escaped already."""
    lines = [_row(head), "|" + " --- |" * len(head), *(_row(row) for row in rows)]
    return "\n".join(lines)


def document(properties: Mapping[str, object], title: str, sections: Iterable[str]) -> str:
    """The whole file: frontmatter (with ``content_length`` of the body as plain text), title, sections."""
    body = "\n\n".join(part for part in (f"# {title}", *sections) if part)
    measured = {
        key: len(plain(body)) if key == "content_length" else value for key, value in properties.items() if value != ""
    }
    return f"{write(measured)}\n{body}\n"


def _span(span: Span, number: Callable[[str], int], target: Callable[[str], str]) -> str:
    shown = _shown(span, target)
    return shown + references(span.refs, number, target) if span.refs else shown


def _shown(span: Span, target: Callable[[str], str]) -> str:
    if span.target:
        return inert.wikilink(target(span.target), span.text)
    if span.url:
        address = inert.url(span.url)
        return f"[{_text(span)}]({address})" if address else _text(span)
    return _emboldened(_text(span), [_part(part) for part in span.bold])


def _text(span: Span) -> str:
    return span.text if span.ours else _escape(span.text)


def _escape(text: str) -> str:
    """Inert Markdown that keeps the white space at the ends, and no live address."""
    core = text.strip()
    if not core:
        return text
    before = text[: len(text) - len(text.lstrip())]
    return before + inert.to_markdown(core, links=False) + text[len(text.rstrip()) :]


def _part(text: str) -> str:
    """A part of a sentence as it stands escaped inside one, where nothing begins a block."""
    return _escape(f"x{text}")[1:]


def _emboldened(markdown: str, parts: Sequence[str]) -> str:
    """The parts in bold where they stand outside of mathematics, longest first, each stretch once."""
    if not parts:
        return markdown
    taken = [match.span() for match in _MATHS.finditer(markdown)]
    chosen: list[tuple[int, int]] = []
    for part in sorted(set(parts), key=lambda part: (-len(part), part)):
        for match in re.finditer(rf"(?<![A-Za-z0-9.,]){re.escape(part)}(?![\d]|[.,]\d)", markdown):
            if not any(start < match.end() and match.start() < end for start, end in (*taken, *chosen)):
                chosen.append(match.span())
    for start, end in reversed(_joined(chosen)):
        markdown = _bold(markdown, start, end)
    return markdown


def _joined(stretches: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The stretches in order, those that touch as one: ``**a****b**`` is no bold text."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(stretches):
        if joined and joined[-1][1] == start:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _bold(markdown: str, start: int, end: int) -> str:
    """Bold from ``start`` to ``end``, drawn in where CommonMark would not take the mark for one beside a Chinese character."""
    while end > start and _OPEN_EDGE.match(markdown[end - 1]) and not _opens(markdown[end : end + 1]):
        end -= 1
    while (
        start < end and _OPEN_EDGE.match(markdown[start]) and not _opens(markdown[start - 1 : start] if start else "")
    ):
        start += 1
    inner = markdown[start:end]
    return f"{markdown[:start]}**{inner}**{markdown[end:]}" if inner else markdown


def _opens(neighbour: str) -> bool:
    return not neighbour or _OPEN_EDGE.match(neighbour) is not None


def _run(run: Sequence[tuple[int, str]], target: Callable[[str], str]) -> str:
    links = [inert.wikilink(target(note_id), str(number).translate(_SUPERSCRIPTS)) for number, note_id in run]
    return f"{links[0]}⁻{links[-1]}" if len(links) >= _RUN else _THIN.join(links)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |"


def _cell(cell: str) -> str:
    return re.sub(r"(\[\[[^\[\]|\n]*)(?<!\\)\|", r"\1\\|", cell)
