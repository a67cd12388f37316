"""Texts from outside in colour: always as :class:`~textual.content.Content`, never as markup, and inert before that.

A title such as ``[red]`` or ``[@click=app.quit]`` is shown as it stands: nothing here parses what it paints.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from textual.content import Content

from notes.markup.terminal import terminal
from slipway.cells import cut, wrapped
from slipway.console import plain_line
from slipway.view.rows import Row
from slipway.view.sheet import Sheet

__all__ = ["after_passage", "before_passage", "head", "inert_lines", "line_of_row", "marked", "passage", "relatives"]

_TERM = "bold underline $accent"
_FAINT = "$faint"
_KIND = {"note": "$success", "post": "$secondary", "item": "$warning"}


def inert_lines(text: str) -> str:
    """``text`` line by line without escapes, controls and what cannot be seen."""
    return "\n".join(map(plain_line, text.split("\n")))


def marked(text: str, terms: Sequence[str]) -> Content:
    """``text`` on which the terms stand out; case does not matter, and a Latin term is a whole word."""
    content = Content(text)
    pattern = _pattern(terms)
    if pattern is None:
        return content
    for match in pattern.finditer(text):
        content = content.stylize(_TERM, match.start(), match.end())
    return content


def line_of_row(row: Row, width: int) -> Content:
    """The title in at most two lines of ``width`` cells, and below it what and when it is, where from and how near."""
    score = "" if row.score is None else f"{row.score:.2f}"
    about = [row.created, terminal(row.source), score]
    kind = Content.styled(row.kind, _KIND.get(row.kind, _FAINT))
    told = Content.styled("".join(f" · {one}" for one in about if one), _FAINT)
    title = marked(_two_lines(terminal(row.title) or "(without a title)", width), row.terms).stylize_before("bold")
    return Content("\n").join([title, kind + told])


def head(row: Row) -> Content:
    """The title of the preview, and what is known of it."""
    about = [row.kind, row.created, terminal(row.source), *(f"#{terminal(tag)}" for tag in row.tags[:8])]
    lines = [
        marked(terminal(row.title), row.terms).stylize_before("bold"),
        Content.styled(" · ".join(filter(None, about)), _FAINT),
        Content.styled(terminal(row.place), f"{_FAINT} italic"),
    ]
    return Content("\n").join(line for line in lines if line.plain)


def before_passage(sheet: Sheet) -> Content:
    """What stands before the passage."""
    return _pieces(sheet.before)


def passage(sheet: Sheet, terms: Sequence[str]) -> Content:
    """The passage with its terms."""
    return marked(inert_lines(sheet.passage), terms)


def after_passage(sheet: Sheet) -> Content:
    """What stands behind the passage."""
    return _pieces(sheet.after)


def relatives(sheet: Sheet) -> Content:
    """The links of a note with the reason for each."""
    lines = []
    for relative in sheet.relatives:
        mark = "← " if relative.incoming else "→ "
        why = Content.styled(f"  {terminal(relative.why)}", _FAINT)
        lines.append(Content.styled(mark, "$secondary") + Content(terminal(relative.title)) + why)
    return Content("\n").join(lines)


def _pieces(pieces: Sequence[tuple[str, str]]) -> Content:
    """Headings, each with the text below it."""
    told = []
    for heading, text in pieces:
        if heading:
            told.append(Content.styled(terminal(heading), "bold $primary"))
        if text.strip():
            told.append(Content(inert_lines(text).strip("\n")))
    return Content("\n").join(told)


def _pattern(terms: Sequence[str]) -> re.Pattern[str] | None:
    longest_first = sorted({term for term in terms if term.strip()}, key=lambda term: (-len(term), term))
    if not longest_first:
        return None
    return re.compile("|".join(map(_spelled, longest_first)), re.IGNORECASE)


def _spelled(term: str) -> str:
    spelled = re.escape(term)
    return rf"(?<![A-Za-z0-9]){spelled}(?![A-Za-z0-9])" if term.isascii() and term.isalnum() else spelled


def _two_lines(text: str, width: int) -> str:
    lines = list(wrapped(text, width))
    if len(lines) < 3:
        return text
    second = lines[1][0]
    return text[:second] + cut(text[second:], width)
