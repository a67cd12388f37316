"""Candidate links between notes, as values: what linking looks at, and how firm an edge is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from notes.model import LinkKind

__all__ = ["STRENGTH", "Edge", "Linkable", "by_strength", "strongest"]

STRENGTH = {LinkKind.SAME_WORK: 0, LinkKind.WIKILINK: 1, LinkKind.CITES: 2, LinkKind.MENTIONS: 3, LinkKind.SIMILAR: 3}
"""What a link rests on, the firmest first; a mention and a likeness are weighed by their scores."""

_HARD = STRENGTH[LinkKind.CITES]


@dataclass(frozen=True, slots=True, kw_only=True)
class Linkable:
    """A note as far as linking looks at it.

    ``work`` is the arXiv base id or DOI (empty when unknown), ``addresses`` are its own URLs, ``references`` those that it
    points to. ``names`` are the file's stem and the aliases, under which others may mention it beside its title; ``wikilinks``
    are the ids of the notes that its writer linked to.
    """

    id: str
    title: str
    text: str
    work: str = ""
    addresses: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    wikilinks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Edge:
    """An undirected candidate, ``a < b``; ``score`` is a closeness in [0, 1]."""

    a: str
    b: str
    kind: LinkKind
    score: float
    why: str

    @classmethod
    def between(cls, one: str, other: str, kind: LinkKind, score: float, why: str) -> Edge:
        """The edge with its ends in order."""
        return cls(min(one, other), max(one, other), kind, score, why)

    @property
    def is_hard(self) -> bool:
        """Whether it rests on a fact rather than on a measure."""
        return STRENGTH[self.kind] <= _HARD


def strongest(edges: Iterable[Edge]) -> dict[tuple[str, str], Edge]:
    """The best edge of each pair, strongest pairs first; a note is no pair with itself."""
    best: dict[tuple[str, str], Edge] = {}
    for edge in sorted(edges, key=by_strength):
        if edge.a != edge.b:
            best.setdefault((edge.a, edge.b), edge)
    return best


def by_strength(edge: Edge) -> tuple[int, float, str, str, str, str]:
    """The key that sorts edges strongest first, and the same way whatever order they came in."""
    return STRENGTH[edge.kind], -edge.score, edge.a, edge.b, edge.kind, edge.why
