"""The lexical half: BM25 of FTS5 over title, headings, text and what a document is about."""

from __future__ import annotations

from index.retrieval.query import Query
from index.retrieval.shelf import Found, Shelf
from index.retrieval.wording import Wording

__all__ = ["by_words"]

# A word in the title says more than one in the text; an alias or author was given to find the document by.
_BM25 = "-bm25(words, 2.0, 1.5, 1.0, 2.0)"
_MOST_WEIGHED = 8_000
"""Passages that are scored at most, those that came last before others."""

_PASSAGES_PER_DOCUMENT = 5


def by_words(shelf: Shelf, query: Query, wording: Wording, depth: int) -> list[Found]:
    """The best ``depth`` documents that hold words of the query, best first, with their BM25."""
    found: list[Found] = []
    for expression in wording.expressions:
        known = {one.document for one in found}
        more = _matching(shelf, query, expression, depth)
        found += [one for one in more if one.document not in known]
        if len(found) >= query.n:
            break
    return found[:depth]


def _matching(shelf: Shelf, query: Query, expression: str, depth: int) -> list[Found]:
    where, values = query.conditions()
    among = (
        " CROSS JOIN passages p ON p.id = words.rowid CROSS JOIN documents d ON d.id = p.document_id" if where else ""
    )
    limit = _PASSAGES_PER_DOCUMENT * depth
    statement = (
        f"SELECT passage, score FROM (SELECT words.rowid AS passage, {_BM25} AS score FROM words{among}"  # noqa: S608 - conditions of ours
        f" WHERE words MATCH ?{where} ORDER BY words.rowid DESC LIMIT ?) ORDER BY score DESC, passage LIMIT ?"
    )
    rows = shelf.connection.execute(statement, (expression, *values, max(limit, _MOST_WEIGHED), limit)).fetchall()
    return shelf.best(rows, depth)
