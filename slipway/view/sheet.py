"""What the preview shows: a passage within its text, the headings above and below it, and the links of the note."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from notes.errors import SlipwayError
from slipway.bystander import Bystander, Part
from slipway.view.rows import Row

__all__ = ["Relative", "Sheet", "links_of", "sheet_of"]

_BEFORE: Final = 6_000
_AFTER: Final = 20_000
"""Characters shown around the passage; a book would take the terminal too long to lay out."""

_RELATIVES: Final = 12
Piece = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Relative:
    """The other end of a link, and why there is one."""

    title: str
    why: str
    incoming: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """A text around a passage; ``before`` and ``after`` are pieces of (heading or nothing, text)."""

    row: Row
    before: tuple[Piece, ...] = ()
    heading: str = ""
    passage: str = ""
    after: tuple[Piece, ...] = ()
    relatives: tuple[Relative, ...] = ()
    trouble: str = ""


def sheet_of(bystander: Bystander, row: Row) -> Sheet:
    """The sheet of a row, without its links: they take longer."""
    parts = bystander.parts(row.id)
    text = bystander.text(row.id)
    if not text and not parts:
        return Sheet(row, trouble="its text is not in the index any more; `slipway index` reads the vault")
    end = min(row.end, len(text))
    start = min(row.start, end)
    above = max(0, start - _BEFORE)
    below = min(len(text), end + _AFTER)
    headings = _headings(parts)
    before = [*_cut_off(above), *_pieces(text, above, start, headings)]
    after = [*_pieces(text, end, below, headings), *_cut_off(len(text) - below, below=True)]
    return Sheet(row, tuple(before), headings.get(start, ""), text[start:end], tuple(after))


def links_of(bystander: Bystander, sheet: Sheet) -> Sheet:
    """The sheet with the links of its note; without them, and a word, when they cannot be read."""
    if not sheet.row.path:
        return sheet
    from slipway.relating import why_told

    try:
        out, back = bystander.links(sheet.row.id), bystander.backlinks(sheet.row.id)
        ends = bystander.entries([*(link.dst for link in out), *(link.src for link in back)])
    except SlipwayError as error:
        return replace(sheet, trouble=f"the links cannot be read: {error.message}")
    told = [(ends.get(link.dst), link, False) for link in out] + [(ends.get(link.src), link, True) for link in back]
    first: dict[str, Relative] = {}
    for other, link, incoming in told:
        if other is not None:
            first.setdefault(other.id, Relative(other.title, why_told(link.kind.value, link.why), incoming))
    return replace(sheet, relatives=tuple(first.values())[:_RELATIVES])


def _headings(parts: Sequence[Part]) -> dict[int, str]:
    """Where a new heading stands, in characters of the text."""
    found: dict[int, str] = {}
    last = ""
    for part in parts:
        if part.heading != last:
            found[part.start] = last = part.heading
    return found


def _pieces(text: str, start: int, end: int, headings: dict[int, str]) -> Iterator[Piece]:
    cuts = sorted({start, *(at for at in headings if start < at < end), end})
    for begin, finish in pairwise(cuts):
        yield headings.get(begin, ""), text[begin:finish]


def _cut_off(count: int, *, below: bool = False) -> Iterator[Piece]:
    if count > 0:
        yield "", f"… {count:,} characters {'below' if below else 'above'} …"
