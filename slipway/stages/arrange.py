"""Arrange: which notes belong together and which topics they form, computed anew from all notes and stored as it differs."""

from __future__ import annotations

from collections.abc import Sequence

from index.neighbours import embed_documents, neighbours
from index.topics import find_topics
from notes.linking import Edge, choose_links, hard_edges
from notes.model import Link, LinkKind, Topic
from slipway.app import App
from slipway.library import Holding, Library

__all__ = ["arrange"]

CANDIDATES = 20


def arrange(app: App, library: Library) -> dict[str, int]:
    """Choose the links among all notes and find their topics."""
    holdings = tuple(library.notes.values())
    links = choose_links(_edges(app, holdings), per_note=app.config.promote.links_per_note) if holdings else ()
    app.store.replace_links(links)
    topics = _topics(app, holdings, links)
    app.store.replace_topics(topics)
    return {"links": len(links) // 2, "topics": len(topics)}


def _edges(app: App, holdings: Sequence[Holding]) -> list[Edge]:
    documents = [holding.document for holding in holdings]
    vectors = embed_documents(app.cache, app.embedder, documents, app.reporter.progress("embed"))
    near = neighbours(documents, vectors, app.embedder, of=[holding.id for holding in holdings], k=CANDIDATES)
    bar = app.config.promote.closeness
    similar = [
        Edge.between(name, one.id, LinkKind.SIMILAR, round(one.closeness, 4), _why(one.shared))
        for name, found in near.items()
        for one in found
        if one.closeness >= bar
    ]
    return [*hard_edges([holding.linkable for holding in holdings]), *similar]


def _why(shared: Sequence[str]) -> str:
    return f"shared terms: {', '.join(shared)}" if shared else "close in meaning"


def _topics(app: App, holdings: Sequence[Holding], links: Sequence[Link]) -> tuple[Topic, ...]:
    created = {
        holding.id: (holding.document.created or app.clock.today()) if holding.slip is None else app.clock.today()
        for holding in holdings
    }
    records = app.store.notes()
    created |= {name: records[name].created for name in created if name in records}
    return find_topics(
        [holding.id for holding in holdings],
        [(link.src, link.dst, link.score) for link in links if link.src < link.dst],
        {holding.id: (holding.document.title, holding.document.text, holding.document.lang) for holding in holdings},
        app.store.topics(),
        created,
        app.clock.today(),
    )
