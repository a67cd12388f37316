"""What a reply says of the query's words beside its hits: those that no text has, those too common to weigh, those not read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from index.retrieval.lexical import left_out
from index.retrieval.query import Query
from index.retrieval.reply import Hit
from index.retrieval.shelf import Shelf
from index.retrieval.wording import LONGEST, Wording
from index.words.stopwords import stop_tokens
from index.words.tokens import tokenise

__all__ = ["remarks"]


def remarks(shelf: Shelf, query: Query, wording: Wording, hits: Sequence[Hit]) -> Iterator[str]:
    """Warnings about the words of ``query``, of which ``wording`` was looked for."""
    is_worded = query.mode != "semantic"
    if is_worded and hits and not (wording.terms or query.like):
        yield "no word of the query stands in any text"
    if query.spelling and not query.like and _has_stranger(shelf, query.text):
        from index.retrieval.misspelt import misspelt  # most queries have no slip and pay for none of it

        yield from misspelt(shelf, query.text)
    if is_worded:
        yield from left_out(shelf, query, wording)
    if not query.like and len(query.text) > LONGEST:
        yield f"only the first {LONGEST:,} characters of the query were read"


def _has_stranger(shelf: Shelf, text: str) -> bool:
    """Whether a word has no posting; the counts of most were read when the query was worded."""
    tokens = {*tokenise(text[:LONGEST])} - stop_tokens()
    return len(shelf.terms(tokens)) < len(tokens)
