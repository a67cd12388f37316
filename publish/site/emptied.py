"""Paragraphs, list items, table rows and sections of which nothing is left, taken out of a body's tokens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it.token import Token

__all__ = ["in_item", "without_blocks"]

_HOLDERS = frozenset((
    "list_item_close", "bullet_list_close", "ordered_list_close", "blockquote_close", "tbody_close", "table_close",
))  # fmt: skip


def in_item(tokens: Sequence[Token], index: int) -> bool:
    """Whether the inline token at ``index`` is the first line of a list item."""
    return index > 1 and tokens[index - 2].type == "list_item_open"


def without_blocks(tokens: Sequence[Token], emptied: set[int], *, keep_numbers: bool) -> list[Token]:
    """The block tokens without those that hold nothing any more, where the lines at ``emptied`` lost all their words.

    With ``keep_numbers`` the items of a numbered list keep the numbers they had.
    """
    gone: set[int] = set()
    for index in emptied:
        start, end = _block(tokens, index)
        gone.update(range(start, end))
    _widen(tokens, gone)
    kept = [(index, token) for index, token in enumerate(tokens) if index not in gone]
    if keep_numbers:
        _keep_numbers(tokens, gone)
        return [part for index, token in kept for part in (*token.meta.pop("before", ()), token)]
    return [token for _, token in kept]


def _widen(tokens: Sequence[Token], gone: set[int]) -> None:
    """Add to ``gone`` what is left of lists, quotations, tables and sections that hold nothing any more."""
    for index, token in enumerate(tokens):
        # An inner block is judged before the one around it closes.
        if token.nesting == -1 and token.type in _HOLDERS and index not in gone:
            start = _opening(tokens, index)
            if any(at in gone for at in range(start, index)) and _is_bare(tokens, start, index, gone):
                gone.update(range(start, index + 1))
    for index, token in reversed([*enumerate(tokens)]):
        end = _end_of_section(tokens, index) if token.type == "heading_open" and index not in gone else index
        # A heading is three tokens.
        if gone.intersection(range(index, end)) and gone.issuperset(range(index + 3, end)):
            gone.update(range(index, end))


def _is_bare(tokens: Sequence[Token], start: int, end: int, gone: set[int]) -> bool:
    """Whether nothing with words is left between; a table without rows has only a head."""
    rest = [token for at, token in enumerate(tokens[start + 1 : end], start + 1) if at not in gone]
    if tokens[end].type == "table_close":
        return not any(token.type == "tbody_open" for token in rest)
    return all(not token.content.strip() and token.type not in ("hr", "inline") for token in rest)


def _block(tokens: Sequence[Token], index: int) -> tuple[int, int]:
    """What goes with an emptied line: its paragraph, list item, table row or section."""
    start = index - 1
    if tokens[start].type == "heading_open":
        return start, _end_of_section(tokens, start)
    if tokens[start].type in ("td_open", "th_open"):
        start = next(at for at in range(index, -1, -1) if tokens[at].type == "tr_open")
    elif in_item(tokens, index):
        start = index - 2
    return start, _closing(tokens, start) + 1


def _end_of_section(tokens: Sequence[Token], start: int) -> int:
    opening = tokens[start]
    for at in range(start + 1, len(tokens)):
        token = tokens[at]
        if token.level < opening.level or (
            token.type == "heading_open" and token.level == opening.level and token.tag <= opening.tag
        ):
            return at
    return len(tokens)


def _closing(tokens: Sequence[Token], start: int) -> int:
    return next(
        at
        for at in range(start + 1, len(tokens))
        if tokens[at].nesting == -1 and tokens[at].level == tokens[start].level
    )


def _opening(tokens: Sequence[Token], end: int) -> int:
    return next(
        at for at in range(end - 1, -1, -1) if tokens[at].nesting == 1 and tokens[at].level == tokens[end].level
    )


def _keep_numbers(tokens: Sequence[Token], gone: set[int]) -> None:
    """Begin a numbered list anew behind an item that went, with the number that its next item had."""
    for start, opening in enumerate(tokens):
        if opening.type != "ordered_list_open" or start in gone:
            continue
        end = _closing(tokens, start)
        items = [
            at
            for at in range(start, end)
            if tokens[at].type == "list_item_open" and tokens[at].level == opening.level + 1
        ]
        first = int(opening.attrs.get("start", 1))
        shown = [(number, at) for number, at in enumerate(items, first) if at not in gone]
        if shown and shown[0][0] != 1:
            opening.attrSet("start", str(shown[0][0]))
        for (number, _), (following, at) in pairwise(shown):
            if following != number + 1:
                anew = replace(opening, attrs={"start": str(following)}, meta={})
                tokens[at].meta["before"] = (replace(tokens[end], meta={}), anew)
