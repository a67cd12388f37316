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
    """A line for each word of the query that no text has and that is like one that some text has; at most three.

    A last line names words that are like none, where other words of the query do stand somewhere: what was found was found
    without them, however high it scores.
    """
    told: list[str] = []
    missing: list[str] = []
    for typed, word, ideographs in _strangers(shelf, text):
        if near := (_name if ideographs else _word)(shelf, typed):
            told.append(f"no text has {typed!r}; did you mean {near!r}?")
        elif not ideographs:
            missing.append(word)
        elif _is_taken_apart(shelf, typed):
            missing.append(typed)
        if len(told) == _MOST_TOLD:
            break
    if missing and shelf.terms(token for token in tokenise(text) if token not in stop_tokens()):
        names = list(dict.fromkeys(missing))[:_MOST_TOLD]
        told.append(
            f"no text has {', '.join(map(repr, names))}: this was found without {'it' if len(names) == 1 else 'them'}"
        )
    return tuple(told)


def _is_taken_apart(shelf: Shelf, ideographs: str) -> bool:
    """Whether no two characters stand together anywhere: then texts that hold them apart were found, whatever they are about."""
    pairs = [token for token in tokenise(ideographs) if len(token) > 1]
    return bool(pairs) and not shelf.terms(pairs)


def _word(shelf: Shelf, typed: str) -> str:
    from index.retrieval.near_words import nearest_word

    # A capital within a word is of a name or of letters that stand for words: each is another.
    return "" if any(map(str.isupper, typed[1:])) else nearest_word(shelf, fold(typed))


def _name(shelf: Shelf, typed: str) -> str:
    from index.retrieval.near_ideographs import nearest_name

    return nearest_name(shelf, fold(typed))


def _strangers(shelf: Shelf, text: str) -> Iterator[tuple[str, str, bool]]:
    """What has a token that stands nowhere: a part of a word, or ideographs between words of grammar; the whole; which."""
    words = {(word, ideographs): None for _, word, ideographs in runs(text)}
    if len(words) > _MOST_WORDS:
        return
    for word, ideographs in words:
        for part in (_PARTS if ideographs else _JOINTS).split(word):
            tokens = [token for token in tokenise(part) if token not in stop_tokens()]
            if tokens and len(shelf.terms(tokens)) < len({*tokens}):
                yield part, word, ideographs
