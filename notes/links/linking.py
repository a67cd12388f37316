"""Which notes are linked: pure functions over values.

An edge between two notes is undirected while it is chosen, so that links always go both ways, and is handed back as
two :class:`notes.model.Link`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from notes.links.edges import STRENGTH, Edge, Linkable, by_strength, strongest
from notes.links.hard_edges import hard_edges, names_in
from notes.model import Link

__all__ = ["MARGIN", "MOST_SETTLED", "STRENGTH", "Edge", "Linkable", "choose_links", "hard_edges", "names_in"]

MARGIN = 0.08
"""By how much a newcomer must be closer than a link that stands, so that links do not flicker."""

MOST_SETTLED = 2
"""How many notes whose links had settled may change for one newcomer's likenesses; for several, fewer than so many each."""


def choose_links(
    edges: Iterable[Edge],
    *,
    per_note: int,
    standing: Iterable[Edge] = (),
    touched: Collection[str] | None = None,
) -> tuple[Link, ...]:
    """The links to keep, both directions, sorted by source: strongest first, at most ``per_note`` at each end.

    The cap holds for hard edges too, so that one stuffed item cannot link to all. ``standing`` are the links that hold from
    before: a new one takes such a link's place only when it is harder or closer by :data:`MARGIN`. ``touched`` are the notes
    that are new or have changed (None: all); each brings at most :data:`MOST_SETTLED` others to change for a likeness.
    """
    board = _Board(per_note, touched)
    for edge in strongest(standing).values():
        board.seat(edge)
    for edge in strongest(edges).values():
        board.offer(edge)
    links = [link for edge in board.edges() for link in _both_ways(edge)]
    return tuple(sorted(links, key=lambda link: (link.src, STRENGTH[link.kind], -link.score, link.dst, link.kind)))


class _Board:
    """The links chosen so far, by the ends that they take a place at."""

    def __init__(self, per_note: int, touched: Collection[str] | None) -> None:
        self._per_note = per_note
        self._touched = None if touched is None else frozenset(touched)
        self._chosen: dict[tuple[str, str], Edge] = {}
        self._at: defaultdict[str, dict[tuple[str, str], Edge]] = defaultdict(dict)
        self._standing: set[tuple[str, str]] = set()
        self._brought: defaultdict[str, set[str]] = defaultdict(set)
        self._changed: set[str] = set()

    def edges(self) -> Sequence[Edge]:
        return tuple(self._chosen.values())

    def seat(self, edge: Edge) -> None:
        """Keep a link that stands, while both ends have room."""
        if not self._is_full(edge.a) and not self._is_full(edge.b):
            self._take(edge)
            self._standing.add((edge.a, edge.b))

    def offer(self, edge: Edge) -> None:
        """Take a link where there is room, or in the place of weaker ones that stand."""
        key = (edge.a, edge.b)
        if key in self._chosen:
            return
        weaker = [self._weakest(end) for end in key if self._is_full(end)]
        if any(other is None or not _yields(other, edge) for other in weaker):
            return
        leaving = [other for other in weaker if other is not None]
        if not self._may_change(edge, leaving):
            return
        for other in leaving:
            self._leave(other)
        self._take(edge)

    def _may_change(self, edge: Edge, leaving: Sequence[Edge]) -> bool:
        """Whether the newcomers that ask for the edge have changes of settled notes left; a fact asks nobody."""
        if self._touched is None or edge.is_hard:
            return True
        ends = {edge.a, edge.b, *(end for other in leaving for end in (other.a, other.b))}
        settled = ends - self._touched
        askers = {edge.a, edge.b} & self._touched
        if any(len(self._brought[one] | settled) > MOST_SETTLED for one in askers):
            return False
        if len(self._changed | settled) > max(MOST_SETTLED, MOST_SETTLED * len(self._touched) - 1):
            return False
        for one in askers:
            self._brought[one] |= settled
        self._changed |= settled
        return True

    def _is_full(self, end: str) -> bool:
        return len(self._at[end]) >= self._per_note

    def _weakest(self, end: str) -> Edge | None:
        """The weakest link at a note of those that stood before; what was chosen today was stronger than all that follows."""
        held = [edge for key, edge in self._at[end].items() if key in self._standing]
        return max(held, key=by_strength, default=None)

    def _take(self, edge: Edge) -> None:
        key = (edge.a, edge.b)
        self._chosen[key] = self._at[edge.a][key] = self._at[edge.b][key] = edge

    def _leave(self, edge: Edge) -> None:
        key = (edge.a, edge.b)
        self._chosen.pop(key, None)
        self._at[edge.a].pop(key, None)
        self._at[edge.b].pop(key, None)


def _yields(standing: Edge, newcomer: Edge) -> bool:
    """Whether a link that stands makes room for a newcomer."""
    if standing.is_hard or newcomer.is_hard:
        return STRENGTH[newcomer.kind] < STRENGTH[standing.kind]
    return newcomer.score >= standing.score + MARGIN


def _both_ways(edge: Edge) -> tuple[Link, Link]:
    return (
        Link(edge.a, edge.b, edge.kind, edge.score, edge.why),
        Link(edge.b, edge.a, edge.kind, edge.score, edge.why),
    )
