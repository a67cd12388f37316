"""Which works of a large window are read sentence by sentence: a month may hold thousands, a reader takes a few dozen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from notes.model import Link, Topic, VaultNote
from publish.sources.evidence import carriers
from publish.sources.works import grouped

__all__ = ["MOST_READ", "worth_reading"]

MOST_READ = 300
"""Works that are read; of a window with fewer, all are."""

_OF_A_TOPIC = 6  # of each topic, before the best of all fill up what is left


def worth_reading(
    notes: Sequence[VaultNote], links: Sequence[Link], topics: Sequence[Topic], *, most: int = MOST_READ
) -> tuple[VaultNote, ...]:
    """The notes of the ``most`` weightiest works, some of every topic among them; by id.

    Weighed is what costs nothing: how many sources carried the work, and its quality; ties by id.
    """
    works = grouped(notes, links) if len(notes) > most else [[note] for note in notes]
    if len(works) > most:
        topic_of = {note_id: topic.id for topic in topics for note_id in topic.note_ids}
        works = _chosen(sorted(works, key=_weight), topic_of, most)
    return tuple(sorted((note for work in works for note in work), key=lambda note: note.id))


def _chosen(ranked: Sequence[list[VaultNote]], topic_of: dict[str, str], most: int) -> list[list[VaultNote]]:
    taken: Counter[str] = Counter()
    first: list[list[VaultNote]] = []
    rest: list[list[VaultNote]] = []
    for work in ranked:
        topic = next((topic_of[note.id] for note in work if note.id in topic_of), "")
        taken[topic] += 1
        (first if topic and taken[topic] <= _OF_A_TOPIC else rest).append(work)
    return [*first, *rest][:most]


def _weight(work: Sequence[VaultNote]) -> tuple[int, float, str]:
    return -len(carriers(work)), -max(note.quality_score or 0.0 for note in work), work[0].id
