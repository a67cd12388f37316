"""Grouping: the topics of all notes, found again only when notes or links are others, and stored as they differ."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from hashlib import sha256

from index.themes.topics import find_topics
from notes.model import Link, Topic
from slipway.app import App
from slipway.library import Library

__all__ = ["group"]


def group(app: App, library: Library, links: Sequence[Link]) -> tuple[Topic, ...]:
    """Find the topics that the notes form, and store them together with a fingerprint of what they were found in."""
    previous = app.store.topics()
    edges = sorted((link.src, link.dst, link.score) for link in links if link.src < link.dst)
    of = _fingerprint(library.notes, edges)
    if of == app.store.topics_of():
        return previous
    topics = _found(app, library, edges, previous)
    app.store.replace_topics(topics, of=of)
    return topics


def _fingerprint(names: Iterable[str], edges: Sequence[tuple[str, str, float]]) -> str:
    told = repr((sorted(names), edges))
    return sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _found(
    app: App, library: Library, edges: Sequence[tuple[str, str, float]], previous: Sequence[Topic]
) -> tuple[Topic, ...]:
    texts = {name: (one.document.title, one.document.text, one.document.lang) for name, one in library.notes.items()}
    return find_topics(library.notes, edges, texts, previous, _days(app, library), app.clock.today())


def _days(app: App, library: Library) -> dict[str, date]:
    """The day on which each note was made: of Slipway's that of the night, of the user's the one that it gives itself, if any."""
    records = app.store.notes()
    own = {name: one.document.created for name, one in library.notes.items() if one.slip is None}
    known = {name: day for name, day in own.items() if day is not None}
    return known | {name: records[name].created for name in library.notes if name in records}
