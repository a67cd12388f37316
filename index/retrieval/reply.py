"""What a search gives back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from index.retrieval.query import Mode

__all__ = ["A_GUESS", "Hit", "Ranks", "Reply"]

A_GUESS: Final = "is a guess"
"""How a warning ends that hits are from a model which does not know the language of the query."""


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

    @property
    def without_guesses(self) -> tuple[Hit, ...]:
        """The results, in hybrid mode without those that only a model found which does not know the language."""
        is_guessed = self.mode == "hybrid" and any(warning.endswith(A_GUESS) for warning in self.warnings)
        return tuple(hit for hit in self.results if hit.ranks.lexical) if is_guessed else self.results
