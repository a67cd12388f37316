"""What a search gives back."""

from __future__ import annotations

from dataclasses import dataclass

from index.retrieval.query import Mode

__all__ = ["Hit", "Ranks", "Reply"]


@dataclass(frozen=True, slots=True)
class Ranks:
    """The place of a document in each half's own list, from 1; None where it is not in it."""

    lexical: int | None = None
    semantic: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A document found, shown by its best passage; ``start`` and ``end`` are characters of the document's text.

    ``score`` is a BM25 (lexical, unbounded), a cosine (semantic), in hybrid mode the weighted share of both in [0, 1],
    and after reranking the reranker's, in [0, 1]. ``terms`` are the query's words as they stand in ``passage``;
    ``explanation`` is lines for people, empty unless it was asked for.
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
    topic: str = ""
    terms: tuple[str, ...] = ()
    explanation: tuple[str, ...] = ()


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
