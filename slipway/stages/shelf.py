"""The shelf: all that is held, as the index sees it, for one judging of the slips."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from index.kin.neighbours import Neighbour, embed_documents, neighbours
from index.kin.pair_signals import PairSignals, joined
from index.words.lexicon import Lexicon
from notes.identity import canonical_url
from notes.links.hard_edges import hard_edges, names_in
from notes.model import LinkKind
from slipway.app import App
from slipway.bookshelf import read_papers
from slipway.library import Library

if TYPE_CHECKING:
    from index.models.embedder import Vectors
    from index.taste.seeds import Subject
    from index.texts.documents import Document
    from notes.links.edges import Edge, Linkable

__all__ = ["NOTHING", "Citations", "Shelf"]

FELLOWS = 12
AKIN = 0.1
"""Closeness from which on a text may tell of what it cites, as among links: an address alone is a claim."""

_PERCENT = re.compile(r"(?<!\d)\d+(?:\.\d+)?\s?%")


@dataclass(frozen=True, slots=True)
class Citations:
    """The ``works`` that a slip tells of or that tell of it; ``share`` in [0, 1]: of these and all that it links to."""

    works: tuple[str, ...] = ()
    share: float = 0.0


NOTHING = Citations()


@dataclass(frozen=True)
class Shelf:
    """Notes, slips and then the ``papers`` of the user's libraries, as documents with the rows of ``vectors``."""

    app: App
    library: Library
    documents: Sequence[Document]
    vectors: Vectors
    papers: Sequence[Subject]

    @classmethod
    def read(cls, app: App, library: Library) -> Shelf:
        """Embed what has no vector yet."""
        papers = read_papers(app)
        documents = [*(holding.document for holding in library.holdings()), *(paper.document for paper in papers)]
        vectors = embed_documents(app.cache, app.embedder, documents, app.reporter.progress("embed"))
        return cls(app, library, documents, vectors, papers)

    def cited(self, names: Sequence[str]) -> dict[str, Citations]:
        """For each of these the works that it cites or shares, or that cite it, and that it has something in common with."""
        linkables = [holding.linkable for holding in self.library.holdings()]
        ends = _ends(hard_edges(linkables, touching=names), frozenset(names)) if names else {}
        found = {name: self._told_of(name, others) for name, others in ends.items()}
        return {name: one for name, one in found.items() if one.works}

    def _told_of(self, name: str, others: Sequence[str]) -> Citations:
        closeness = self._closeness(name, others)
        works = tuple(one for one in others if self._tells(name, one, closeness[one]))
        # Who links to it is none of its doing; what it links to is.
        linked = [one for one in others if one not in works and self._points(name, one)]
        return Citations(works, len(works) / (len(works) + len(linked)) if works else 0.0)

    def _tells(self, name: str, other: str, closeness: float) -> bool:
        """Whether the two have more in common than an address; what the user's own note points to needs no proof."""
        if closeness >= AKIN or (other in self.library.notes and self._is_own(other) and self._points(other, name)):
            return True
        knows, languages = self.app.embedder.knows, [self.documents[self.row_of[one]].lang for one in (name, other)]
        # No closeness is to be had over languages that the model does not know: a name or a figure is told in all of them.
        return languages[0] != languages[1] and not all(map(knows, languages)) and self._shares_facts(name, other)

    def _is_own(self, name: str) -> bool:
        return self.library.notes[name].slip is None

    def _points(self, name: str, other: str) -> bool:
        """Whether ``name`` holds an address of ``other``."""
        own = {canonical_url(address) for address in self._linkable(other).addresses}
        return not own.isdisjoint(map(canonical_url, self._linkable(name).references))

    def _shares_facts(self, name: str, other: str) -> bool:
        one, two = (_facts(self._linkable(each)) for each in (name, other))
        return not one.isdisjoint(two)

    def _linkable(self, name: str) -> Linkable:
        return (self.library.notes.get(name) or self.library.inbox[name]).linkable

    def _closeness(self, name: str, others: Sequence[str]) -> dict[str, float]:
        """How close the text is to each of these, on the scale of :mod:`index.kin.neighbours`."""
        row, rows = self.row_of[name], [self.row_of[other] for other in others]
        words = self.lexicon.cosines([row])[0][rows]
        measured = joined(*self._signals.exact(row, rows, words))
        return dict(zip(others, measured.tolist(), strict=True))

    @cached_property
    def _signals(self) -> PairSignals:
        return PairSignals(self.documents, self.vectors, self.app.embedder, self.lexicon)

    @cached_property
    def lexicon(self) -> Lexicon:
        """The words of all documents, read once for all that is asked."""
        return Lexicon.of(self.documents, self.app.cache)

    @cached_property
    def row_of(self) -> Mapping[str, int]:
        """The row of each document."""
        return {document.id: row for row, document in enumerate(self.documents)}

    def near(self, names: Sequence[str]) -> dict[str, tuple[Neighbour, ...]]:
        """The closest notes, slips and papers of each."""
        if not names:
            return {}
        found = neighbours(
            self.documents,
            self.vectors,
            self.app.embedder,
            of=names,
            k=FELLOWS + min(FELLOWS, len(self.papers)),
            lexicon=self.lexicon,
            why=False,
        )
        return dict(found)

    def unread(self, names: Sequence[str]) -> set[str]:
        """Those that the model could not read: nothing can be said of them tonight."""
        hashes = {name: self.documents[self.row_of[name]].text_hash for name in names}
        kept = self.app.cache.vectors(self.app.embedder.name, list(hashes.values()))
        return {name for name in names if hashes[name] not in kept}


def _facts(linkable: Linkable) -> set[str]:
    """The names of systems and the shares in per cent that a text tells."""
    text = f"{linkable.title}\n{linkable.text}"
    return {name.casefold() for name in names_in(text)} | {
        match[0].replace(" ", "") for match in _PERCENT.finditer(text)
    }


def _ends(edges: Sequence[Edge], names: Collection[str]) -> dict[str, tuple[str, ...]]:
    ends: dict[str, set[str]] = {}
    for edge in edges:
        if edge.kind in (LinkKind.SAME_WORK, LinkKind.CITES):
            for one, other in ((edge.a, edge.b), (edge.b, edge.a)):
                if one in names:
                    ends.setdefault(one, set()).add(other)
    return {name: tuple(sorted(others)) for name, others in ends.items()}
