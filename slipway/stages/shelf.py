"""The shelf: all that is held, as the index sees it, for one judging of the slips."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from index.lexicon import Lexicon
from index.neighbours import Neighbour, embed_documents, neighbours
from notes.links.hard_edges import hard_edges
from notes.model import LinkKind
from slipway.app import App
from slipway.bookshelf import read_papers
from slipway.library import Library

if TYPE_CHECKING:
    from index.documents import Document
    from index.embedder import Vectors
    from index.interests import Subject
    from notes.links.edges import Edge

__all__ = ["Shelf"]

FELLOWS = 12


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

    def cited(self, names: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """For each of these the works that it cites or shares, or that cite it."""
        linkables = [holding.linkable for holding in self.library.holdings()]
        return _ends(hard_edges(linkables, touching=names), frozenset(names)) if names else {}

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


def _ends(edges: Sequence[Edge], names: Collection[str]) -> dict[str, tuple[str, ...]]:
    ends: dict[str, set[str]] = {}
    for edge in edges:
        if edge.kind in (LinkKind.SAME_WORK, LinkKind.CITES):
            for one, other in ((edge.a, edge.b), (edge.b, edge.a)):
                if one in names:
                    ends.setdefault(one, set()).add(other)
    return {name: tuple(sorted(others)) for name, others in ends.items()}
