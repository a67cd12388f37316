"""Words of a query that stand in no text, and the words most like them that do: slips of the pen, told and never acted on.

Looked at only where a word has no posting at all, so that a query without a slip pays nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from index.words.stopwords import stop_tokens
from index.words.tokens import runs, tokenise
from notes.text.fold import fold

if TYPE_CHECKING:
    from index.retrieval.shelf import Shelf

__all__ = ["misspelt"]

_MOST_WORDS = 12
"""Words up to which a query is looked at: of a sentence some word always stands nowhere, and the others find what is meant."""

_MOST_TOLD = 3
_JOINTS = re.compile(r"[-.'’]+")
# Chinese words of grammar part what stands between them, which may be a name.
_PARTS = re.compile("[的了在是和与與及之等对對其为為爲以而也就都又或]")


def misspelt(shelf: Shelf, text: str) -> tuple[str, ...]:
    """A line for each word of the query that no text has and that is like one that some text has; at most three."""
    told: list[str] = []
    for typed, ideographs in _strangers(shelf, text):
        if near := (_name if ideographs else _word)(shelf, typed):
            told.append(f"no text has {typed!r}; did you mean {near!r}?")
        if len(told) == _MOST_TOLD:
            break
    return tuple(told)


def _word(shelf: Shelf, typed: str) -> str:
    from index.retrieval.near_words import nearest_word

    # A capital within a word is of a name or of letters that stand for words: each is another.
    return "" if any(map(str.isupper, typed[1:])) else nearest_word(shelf, fold(typed))


def _name(shelf: Shelf, typed: str) -> str:
    from index.retrieval.near_ideographs import nearest_name

    return nearest_name(shelf, fold(typed))


def _strangers(shelf: Shelf, text: str) -> Iterator[tuple[str, bool]]:
    """The words, or runs of ideographs between words of grammar, with a token that stands nowhere; whether ideographs."""
    words = {(word, ideographs): None for _, word, ideographs in runs(text)}
    if len(words) > _MOST_WORDS:
        return
    for word, ideographs in words:
        for part in (_PARTS if ideographs else _JOINTS).split(word):
            tokens = [token for token in tokenise(part) if token not in stop_tokens()]
            if tokens and len(shelf.terms(tokens)) < len({*tokens}):
                yield part, ideographs
