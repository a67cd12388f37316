"""The lexical half: BM25 of FTS5 over title, headings, text and what a document is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.retrieval.query import Query
from index.retrieval.shelf import Found, Shelf
from index.retrieval.wording import Wording

if TYPE_CHECKING:
    import sqlite3

__all__ = ["by_words", "left_out"]

# A word in the title says more than one in the text; an alias or author was given to find the document by. FTS5 has k1 fixed
# at 1.2; a weight is as good as another k1 of 1.2 / weight, since it multiplies how often a word stands there.
_OF_SENTENCES = "-bm25(words, 2.0, 1.5, 1.0, 2.0)"
_OF_KEYWORDS = "-bm25(words, 3.0, 2.5, 2.0, 3.0)"
_MOST_WEIGHED = 8_000
"""Passages that are scored at most, those that came last before others."""

_PASSAGES_PER_DOCUMENT = 5
_A_FEW = 56
_ALL = -1  # what SQLite takes for no limit


def by_words(shelf: Shelf, query: Query, wording: Wording, depth: int) -> list[Found]:
    """The best ``depth`` documents that hold words of the query, best first, with their BM25."""
    found: list[Found] = []
    for expression in wording.expressions:
        known = {one.document for one in found}
        more = _matching(shelf, query, expression, _OF_KEYWORDS if wording.listed else _OF_SENTENCES, depth)
        found += [one for one in more if one.document not in known]
        if len(found) >= query.n:
            break
    return found[:depth]


def left_out(shelf: Shelf, query: Query, wording: Wording) -> tuple[str, ...]:
    """A warning when more passages than are weighed hold the query's words, all of them common."""
    if not wording.expressions or wording.terms[0].count <= _MOST_WEIGHED:
        return ()
    among, where, values = _filtered(query)
    statement = f"SELECT 1 FROM words{among} WHERE words MATCH ?{where} LIMIT 1 OFFSET ?"  # noqa: S608 - conditions of ours
    most = max(_MOST_WEIGHED, _PASSAGES_PER_DOCUMENT * query.n)
    if shelf.connection.execute(statement, (wording.expressions[0], *values, most)).fetchone() is None:
        return ()
    return (f"the words are common: of the passages that hold them only the {most:,} that came last were weighed",)


def _matching(shelf: Shelf, query: Query, expression: str, bm25: str, depth: int) -> list[Found]:
    """The best documents by one expression. More is read where few passages do not settle which ones they are."""
    found: list[Found] = []
    for most, weighed in ((_PASSAGES_PER_DOCUMENT * depth, _MOST_WEIGHED), (_ALL, _MOST_WEIGHED), (_ALL, _ALL)):
        rows = _rows(shelf, query, expression, bm25, most, weighed)
        found, is_settled = _best(shelf, rows, depth, most if most != _ALL else weighed)
        if is_settled:
            break
    return found


def _rows(shelf: Shelf, query: Query, expression: str, bm25: str, most: int, weighed: int) -> sqlite3.Cursor:
    """The best ``most`` of the ``weighed`` latest passages that match, with their BM25, best first."""
    among, where, values = _filtered(query)
    statement = (
        f"SELECT passage, score FROM (SELECT words.rowid AS passage, {bm25} AS score FROM words{among}"  # noqa: S608 - conditions of ours
        f" WHERE words MATCH ?{where} ORDER BY words.rowid DESC LIMIT ?) ORDER BY score DESC, passage LIMIT ?"
    )
    wide = max(most, weighed) if weighed != _ALL else _ALL
    return shelf.connection.execute(statement, (expression, *values, wide, most))


def _best(shelf: Shelf, rows: sqlite3.Cursor, depth: int, most: int) -> tuple[list[Found], bool]:
    """The best documents of ``rows``, of which no more are read than settle it, and whether further ones would be others.

    One long text may fill the list, and equals are cut by chance. Each row that is read costs Python's lock, which the
    look by meaning wants as well.
    """
    read: list[tuple[int, float]] = []
    portion = depth + _A_FEW
    while more := rows.fetchmany(portion):
        read += more
        found = shelf.best(read, depth)
        if _is_settled(read, found, depth):
            rows.close()
            return found, True
        portion = len(read)
    return shelf.best(read, depth), len(read) < most or most == _ALL


def _is_settled(read: list[tuple[int, float]], found: list[Found], depth: int) -> bool:
    """Whether no passage behind those that were read, best first, can bring another document."""
    return len(found) == depth and found[-1].score > read[-1][1]


def _filtered(query: Query) -> tuple[str, str, list[object]]:
    """What the filters add to FROM, to WHERE, and their values."""
    where, values = query.conditions()
    joined = " CROSS JOIN passages p ON p.id = words.rowid CROSS JOIN documents d ON d.id = p.document_id"
    return joined if where else "", where, values
