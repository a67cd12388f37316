"""The shelves of several batches that are recorded one after the other, gathered at once.

What one batch writes the next may be about. Its shelf is gathered anew then, as it is where the two could have to do with
each other: they share a name, a text, a band, a stored item, or their source.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from notes.text.likeness import bands
from slipway.sameness.plan import Work
from slipway.store.gathering import Sent, Shelf, gather

__all__ = ["Shelves"]


@dataclass(frozen=True, slots=True)
class Shelves:
    """The shelves by the places of their batches; ``names`` and ``items`` are what was written since they were gathered."""

    connection: Connection
    sent: Sequence[Sent]
    gathered: Sequence[Shelf]
    names: set[str] = field(default_factory=set)
    items: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, connection: Connection, sent: Sequence[Sent]) -> Shelves:
        """The shelves of these batches."""
        return cls(connection, sent, gather(connection, sent))

    def shelf(self, place: int) -> Shelf:
        """What is stored now that an entry of the batch may be."""
        shelf, one = self.gathered[place], self.sent[place]
        if self.items.isdisjoint(shelf.rows) and self.names.isdisjoint(shelf.bands | _names(one)):
            return shelf
        return gather(self.connection, [one])[0]

    def wrote(self, place: int, works: Sequence[Work], shelf: Shelf) -> None:
        """Remember what the works of a batch, once written, may be found by."""
        one = self.sent[place]
        self.names.update(_names(one))
        for work in works:
            if work.known is not None:
                self.items.add(work.known)
            if work.sketch:
                self.names.update(bands(work.sketch))
            elif work.known is not None and shelf.rows[work.known].content_hash != work.item.content_hash:
                # Its source may have edited it: the sketch of the new text is stored then.
                self.names.update(bands(one.batch.sketch(work.item)))


def _names(one: Sent) -> frozenset[str]:
    batch = one.batch
    papers = {item.arxiv_id for item in batch.items if item.arxiv_id}
    return batch.keys | batch.texts | batch.dois | batch.papers | papers | {one.source}
