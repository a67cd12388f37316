"""Search over notes, posts and items: BM25, vectors, or both fused by reciprocal rank.

Fusion after Cormack, Clarke and Büttcher (SIGIR 2009). A model that knows little of a language ruins a fused list:
on Chinese titles BM25 alone reaches nDCG@10 0.99 and equal fusion with an English model 0.71. So the semantic half
has a voice only where the model knows the language of the query, and only about documents in languages it knows;
elsewhere it does no more than fill the list behind the lexical hits.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

from index.retrieval.query import Mode, Query
from index.storage.cache import IndexCache
from index.storage.passage_vectors import passage_vectors
from index.words.tokens import query_expression
from notes.errors import IndexCacheError, UsageError
from notes.text.language import detect

if TYPE_CHECKING:
    from index.models.embedder import Embedder

__all__ = ["Hit", "Mode", "Query", "Ranks", "Reply", "search"]

_RRF_K = 60
_DEPTH = 200
"""How many documents each half puts forward."""

_PASSAGES_PER_DOCUMENT = 5
# A word in the title says more than one in the text.
_BM25 = "bm25(words, 3.0, 1.5, 1.0)"


@dataclass(frozen=True, slots=True)
class Ranks:
    """The place of a document in each half's own list, from 1; None where it is not in it."""

    lexical: int | None = None
    semantic: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A document found, shown by its best passage; ``start`` and ``end`` are characters of the document's text.

    ``score`` is a BM25 (lexical, unbounded), a cosine (semantic) or, in hybrid mode, the fused share of the best
    possible place, in [0, 1].
    """

    rank: int
    id: str
    kind: str
    title: str
    path: str
    url: str
    score: float
    passage: str
    heading: str
    start: int
    end: int
    created: str
    source: str
    tags: tuple[str, ...]
    lang: str
    ranks: Ranks


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to a query.

    ``mode`` is the mode asked for, ``model`` empty when no vectors were used, ``took_ms`` milliseconds.
    """

    query: str
    mode: Mode
    model: str
    took_ms: float
    results: tuple[Hit, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Found:
    """A document's best passage in one half."""

    document: str
    passage: int
    score: float


def search(cache: IndexCache, query: Query, embedder: Embedder | None) -> Reply:
    """The best ``query.n`` documents, ties by id. Without an embedder a hybrid query is answered lexically, with a warning.

    UsageError when a semantic query has no embedder, IndexCacheError when the cache is damaged.
    """
    began = perf_counter()
    expression = query_expression(query.text)
    try:
        hits, model, warnings = _answer(cache, query, expression, embedder) if expression else ((), "", ())
    except sqlite3.Error as error:
        raise IndexCacheError(f"the search cache {cache.path} cannot be read: {error}", hint="slipway index") from error
    took = (perf_counter() - began) * 1000
    return Reply(query.text, query.mode, model, round(took, 3), hits, (*cache.warnings, *warnings))


def _answer(
    cache: IndexCache, query: Query, expression: str, embedder: Embedder | None
) -> tuple[tuple[Hit, ...], str, tuple[str, ...]]:
    lexical = [] if query.mode == "semantic" else _lexical(cache, query, expression)
    if query.mode == "lexical":
        return _hits(cache, query, _scores(lexical), lexical, []), "", ()
    if embedder is None:
        if query.mode == "semantic":
            raise UsageError("a semantic search needs a model", hint="choose --mode lexical, or name a model")
        return (
            _hits(cache, query, _fused(lexical, [], 0), lexical, []),
            "",
            ("there is no model: the search was lexical",),
        )
    if query.mode == "semantic":
        semantic = _semantic(cache, query, embedder)
        return _hits(cache, query, _scores(semantic), [], semantic), embedder.name, _no_vectors(cache, embedder.name)
    return _hybrid(cache, query, lexical, embedder)


def _hybrid(
    cache: IndexCache, query: Query, lexical: list[_Found], embedder: Embedder
) -> tuple[tuple[Hit, ...], str, tuple[str, ...]]:
    if not embedder.knows(detect(query.text)):
        if len(lexical) >= query.n:  # nothing to add, and the model need not even be loaded
            return _hits(cache, query, _fused(lexical, [], 0), lexical, []), "", ()
        semantic = _semantic(cache, query, embedder)
        scores = _fused(lexical, semantic, 0)
    else:
        semantic = _semantic(cache, query, embedder)
        scores = _fused(lexical, _trusted(cache, semantic, embedder), 1)
    return _hits(cache, query, scores, lexical, semantic), embedder.name, _no_vectors(cache, embedder.name)


def _lexical(cache: IndexCache, query: Query, expression: str) -> list[_Found]:
    where, values = query.conditions()
    statement = (
        f"SELECT d.id, p.id, {_BM25} AS badness FROM words JOIN passages p ON p.id = words.rowid"  # noqa: S608 - conditions of ours
        f" JOIN documents d ON d.id = p.document_id WHERE words MATCH ?{where} ORDER BY badness, d.id, p.position LIMIT ?"
    )
    rows = cache.connection.execute(statement, (expression, *values, _PASSAGES_PER_DOCUMENT * _depth(query)))
    return _best(((row[0], row[1], -row[2]) for row in rows), _depth(query))


def _semantic(cache: IndexCache, query: Query, embedder: Embedder) -> list[_Found]:
    vectors = passage_vectors(cache, embedder.name)
    if not vectors.documents:
        return []
    where, values = query.conditions()
    among = None
    if where:
        statement = f"SELECT d.id FROM documents d WHERE 1{where}"  # noqa: S608 - conditions of ours, values apart
        among = {row[0] for row in cache.connection.execute(statement, values)}
    return _best(vectors.nearest(embedder.encode_query(query.text), among), _depth(query))


def _no_vectors(cache: IndexCache, model: str) -> tuple[str, ...]:
    """A warning when there are passages but none has a vector of this model."""
    if passage_vectors(cache, model).documents:
        return ()
    if not cache.connection.execute("SELECT EXISTS (SELECT 1 FROM passages)").fetchone()[0]:
        return ()
    return (f"the index holds no vectors of {model}: run slipway index",)


def _best(found: Iterable[tuple[str, int, float]], depth: int) -> list[_Found]:
    """The first passage of each document, in the order given."""
    best: dict[str, _Found] = {}
    for document, passage, score in found:
        if document not in best:
            if len(best) == depth:
                break
            best[document] = _Found(document, passage, score)
    return list(best.values())


def _scores(found: list[_Found]) -> dict[str, float]:
    return {one.document: one.score for one in found}


def _fused(lexical: list[_Found], semantic: list[_Found], weight: float) -> dict[str, float]:
    """Reciprocal ranks, the semantic ones weighted, as a share of what first place in both halves would give.

    What only a semantic half of no weight has found follows behind all others.
    """
    best = (1 + weight) / (_RRF_K + 1)
    scores = {one.document: 1 / (_RRF_K + rank) / best for rank, one in enumerate(lexical, 1)}
    floor = min(scores.values(), default=1.0)
    for rank, one in enumerate(semantic, 1):
        if weight:
            scores[one.document] = scores.get(one.document, 0.0) + weight / (_RRF_K + rank) / best
        else:
            scores.setdefault(one.document, floor * _RRF_K / (_RRF_K + rank))
    return scores


def _trusted(cache: IndexCache, semantic: list[_Found], embedder: Embedder) -> list[_Found]:
    """Those found in documents whose language the model knows."""
    languages = dict(cache.connection.execute("SELECT id, lang FROM documents"))
    return [one for one in semantic if embedder.knows(languages[one.document])]


def _hits(
    cache: IndexCache, query: Query, scores: Mapping[str, float], lexical: list[_Found], semantic: list[_Found]
) -> tuple[Hit, ...]:
    order = sorted(scores, key=lambda document: (-scores[document], document))[: max(0, query.n)]
    places = (_places(lexical), _places(semantic))
    shown = {one.document: one.passage for one in (*semantic, *lexical)}
    rows = _rows(cache, [shown[document] for document in order])
    return tuple(
        _hit(rank, rows[shown[document]], scores[document], Ranks(places[0].get(document), places[1].get(document)))
        for rank, document in enumerate(order, 1)
    )


def _places(found: list[_Found]) -> dict[str, int]:
    return {one.document: rank for rank, one in enumerate(found, 1)}


def _rows(cache: IndexCache, passages: list[int]) -> dict[int, tuple[str, ...]]:
    rows = {}
    for passage in passages:
        rows[passage] = cache.connection.execute(
            "SELECT d.id, d.kind, d.title, d.path, d.url, d.created, d.source, d.tags, d.lang,"
            ' p.text, p.heading, p.start, p."end" FROM passages p JOIN documents d ON d.id = p.document_id WHERE p.id = ?',
            (passage,),
        ).fetchone()
    return rows


def _hit(rank: int, row: tuple[str, ...], score: float, ranks: Ranks) -> Hit:
    return Hit(
        rank=rank,
        id=row[0],
        kind=row[1],
        title=row[2],
        path=row[3],
        url=row[4],
        score=round(score, 6),
        passage=row[9],
        heading=row[10],
        start=int(row[11]),
        end=int(row[12]),
        created=row[5] or "",
        source=row[6],
        tags=tuple(json.loads(row[7])),
        lang=row[8],
        ranks=ranks,
    )


def _depth(query: Query) -> int:
    return max(_DEPTH, query.n)
