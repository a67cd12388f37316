"""The shelves of several batches that are recorded one after the other, gathered at once.

What one batch writes the next may be about. Its shelf is gathered anew then, as it is where the two could have to do with
each other: they share a name, a text, a stored item, or their source, or they share a band and are alike.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from notes.text.likeness import bands, kinship
from slipway.sameness.kindred import MOST_COMPARED
from slipway.sameness.plan import Work
from slipway.store.gathering import Sent, Shelf, gather

__all__ = ["Shelves"]

MOST_AT_A_BAND = 4  # new works, with which a batch is compared sooner than it is gathered anew


@dataclass(frozen=True, slots=True)
class Shelves:
    """The shelves by the places of their batches; ``names`` and ``items`` are what was planned since they were gathered.

    ``called`` holds for each batch the names by which its entries may be known, ``banded`` for each band of works that are
    new their sketches, ``crowded`` the bands of too many, and of works that are not new.
    """

    connection: Connection
    sent: Sequence[Sent]
    gathered: Sequence[Shelf]
    called: Sequence[Sequence[frozenset[str]]]
    names: set[str] = field(default_factory=set)
    items: set[int] = field(default_factory=set)
    banded: dict[int, list[str]] = field(default_factory=dict)
    crowded: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, connection: Connection, sent: Sequence[Sent]) -> Shelves:
        """The shelves of these batches."""
        return cls(connection, sent, gather(connection, sent), [_names(one) for one in sent])

    def shelf(self, place: int, write: Callable[[], None]) -> Shelf:
        """What is stored now that an entry of the batch may be; ``write`` stores what was planned, where it may matter."""
        if not self._may_matter(place):
            return self.gathered[place]
        write()
        return gather(self.connection, [self.sent[place]])[0]

    def _may_matter(self, place: int) -> bool:
        """Whether a plan for the batch may be another one once what was planned is stored."""
        shelf = self.gathered[place]
        if shelf.holds_any(self.items) or not self.crowded.isdisjoint(shelf.bands):
            return True
        if not all(map(self.names.isdisjoint, self.called[place])):
            return True
        shared = self.banded.keys() & shelf.bands
        return bool(shared) and self._may_be_kin(place, shared)

    def _may_be_kin(self, place: int, shared: set[int]) -> bool:
        """Whether an entry is like one of the works that share a band with it: most do so by chance.

        Those that are not change nothing, as long as none that is compared gives way to them (:data:`MOST_COMPARED`).
        """
        batch = self.sent[place].batch
        drawn = [batch.sketch(item) for item in batch.items]
        stored = len(self.gathered[place]) + sum(len(self.banded[band]) for band in shared)
        for sketch in drawn:
            its = shared.intersection(bands(sketch))
            if not its:
                continue
            its_bands = frozenset(bands(sketch))
            alike = sum(not its_bands.isdisjoint(bands(one)) for one in drawn)
            if alike + stored > MOST_COMPARED:
                return True
            if any(kinship(sketch, other) for band in its for other in self.banded[band]):
                return True
        return False

    def planned(self, place: int, works: Sequence[Work], shelf: Shelf) -> None:
        """Remember what the works of a batch, once written, may be found by."""
        self.names.update(*self.called[place])
        batch = self.sent[place].batch
        for work in works:
            if work.known is None:
                self._remember(work.sketch)
                continue
            self.items.add(work.known)
            if work.sketch:
                self.crowded.update(bands(work.sketch))
            elif shelf.rows[work.known].content_hash != work.item.content_hash:
                # Its source may have edited it: the sketch of the new text is stored then.
                self.crowded.update(bands(batch.sketch(work.item)))

    def _remember(self, sketch: str) -> None:
        """That a new work has these bands."""
        drawn = [sketch]
        for band in bands(sketch):
            # One list will do for all bands that no other work has.
            others = self.banded.setdefault(band, drawn)
            if others is not drawn:
                self.banded[band] = [*others, sketch]
                if len(others) >= MOST_AT_A_BAND:
                    self.crowded.add(band)


def _names(one: Sent) -> tuple[frozenset[str], ...]:
    batch = one.batch
    papers = frozenset([item.arxiv_id for item in batch.items if item.arxiv_id])
    return batch.keys, batch.texts, batch.dois, batch.papers | papers, frozenset({one.source})
