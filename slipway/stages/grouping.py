"""Grouping: the topics of notes and of what waits in the inbox, looked for only when these are others, stored as they differ.

An item keeps its topic when it leaves the inbox. So that a topic's course begins when its items came and not when topics were
first looked for, the first look takes in what has left the inbox in the half year before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from hashlib import sha256

from index.kin.neighbours import embed_documents
from index.texts.documents import Document
from index.themes.nearness import nearness
from index.themes.topics import Near, Standing, find_topics
from index.words.lexicon import Lexicon
from notes.model import ItemStatus, Link, Slip, Topic
from slipway.app import App
from slipway.library import Holding, Library, item_id, slip_document

__all__ = ["group"]

VERSION = 3
"""Of the way in which topics are found; a change there lets them be looked for again."""

_REMEMBERED = timedelta(weeks=26)


def group(app: App, library: Library, links: Sequence[Link]) -> tuple[Topic, ...]:
    """Find the topics that notes and waiting items form, and store them with a fingerprint of what they were found in."""
    holdings = library.holdings()
    edges = sorted((link.src, link.dst, link.score) for link in links if link.src < link.dst)
    of = _fingerprint(app, holdings, edges)
    if of == app.store.topics_of():
        return app.store.topics()
    of_item = app.store.topic_items()
    slips = {holding.id: holding.slip for holding in holdings if holding.slip is not None}
    past = {} if of_item else _past(app)
    documents = [holding.document for holding in holdings]
    documents += [slip_document(slip, name, app.config.zone) for name, slip in past.items()]
    slips |= past
    found = find_topics(
        {one.id: (one.title, one.text, one.lang) for one in documents},
        _near(app, documents, edges),
        _standing(app, library, slips, of_item),
        _days(app, documents, slips),
        app.clock.today(),
        notes=library.notes.keys(),
    )
    items = {slip.id: found.place.get(name, "") for name, slip in slips.items()}
    app.store.replace_topics(found.topics, fields=found.fields, items=items, events=found.events, of=of)
    return found.topics


def _fingerprint(app: App, holdings: Sequence[Holding], edges: Sequence[tuple[str, str, float]]) -> str:
    told = repr((VERSION, app.embedder.name, sorted((one.id, one.document.text_hash) for one in holdings), edges))
    return sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _past(app: App) -> dict[str, Slip]:
    """The items that have left the inbox and became no notes, as far as trends look back."""
    since = app.clock.now() - _REMEMBERED
    gone = [slip for status in (ItemStatus.DISMISSED, ItemStatus.EXPIRED) for slip in app.store.slips(status)]
    return {item_id(slip): slip for slip in sorted(gone, key=lambda slip: slip.id) if slip.first_seen >= since}


def _standing(app: App, library: Library, slips: Mapping[str, Slip], of_item: Mapping[int, str]) -> Standing:
    """What was known last night: a note has the topic that its item had in the inbox."""
    topics = app.store.topics()
    place = {name: of_item[slip.id] for name, slip in slips.items() if slip.id in of_item}
    place |= {name: topic.id for topic in topics for name in topic.note_ids if name in library.notes}
    here = {slip.id for slip in slips.values()}
    remembered = Counter(topic for number, topic in of_item.items() if number not in here)
    return Standing(topics, app.store.fields(), place, app.store.topic_events(), remembered)


def _near(app: App, documents: Sequence[Document], edges: Sequence[tuple[str, str, float]]) -> Near:
    vectors = embed_documents(app.cache, app.embedder, documents, app.reporter.progress("embed"))
    return nearness(documents, vectors, app.embedder, edges, lexicon=Lexicon.of(documents, app.cache))


def _days(app: App, documents: Sequence[Document], slips: Mapping[str, Slip]) -> dict[str, date]:
    """The day on which each text came: a note of Slipway's on its night, the user's when they say, an item when it was seen."""
    records = app.store.notes()
    days: dict[str, date] = {}
    for document in documents:
        if document.id in records:
            days[document.id] = records[document.id].created
        elif document.id in slips:
            days[document.id] = slips[document.id].first_seen.astimezone(app.config.zone).date()
        elif document.created is not None:
            days[document.id] = document.created
    return days
