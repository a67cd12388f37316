"""What the list shows: a row for each hit, or for each of the newest documents while nothing is asked."""

from __future__ import annotations

from dataclasses import dataclass

from index.retrieval.search import Hit
from slipway.bystander import Entry

__all__ = ["Row", "row_of_entry", "row_of_hit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A document in the list; ``start`` and ``end`` are its passage in the indexed text, both 0 when it is shown from its head.

    ``score`` is None for one that was not searched for. All texts are as they came from outside.
    """

    id: str
    kind: str
    title: str
    path: str
    url: str
    created: str
    source: str
    tags: tuple[str, ...]
    score: float | None = None
    start: int = 0
    end: int = 0
    terms: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """Its path in the vault, or the address of what has none."""
        return self.path or self.url


def row_of_hit(hit: Hit) -> Row:
    """The row of a hit."""
    return Row(
        id=hit.id,
        kind=hit.kind,
        title=hit.title,
        path=hit.path,
        url=hit.url,
        created=hit.created,
        source=hit.source,
        tags=hit.tags,
        score=hit.score,
        start=hit.start,
        end=hit.end,
        terms=hit.terms,
    )


def row_of_entry(entry: Entry) -> Row:
    """The row of a document that was not searched for."""
    return Row(
        id=entry.id,
        kind=entry.kind,
        title=entry.title,
        path=entry.path,
        url=entry.url,
        created=entry.created,
        source=entry.source,
        tags=entry.tags,
    )
