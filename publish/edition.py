"""What goes into the post of a day: the works told at length, the surveys, the rest, and the topics that they share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from notes.model import Link, Role, Topic, VaultNote
from publish.brief import Story, stories

__all__ = ["MOST_ALSO", "Edition", "edition_of"]

MOST_ALSO = 10
"""Works without a section of which a sentence is told."""

_MOST_REVIEWS = 2
_MOST_OF_A_TOPIC = 2  # before a story of another topic, however light


@dataclass(frozen=True, slots=True)
class Edition:
    """The works of the day: ``main`` told at length, ``reviews`` (surveys and meta-studies), and the ``rest``."""

    notes: tuple[VaultNote, ...]
    main: tuple[Story, ...]
    reviews: tuple[Story, ...]
    rest: tuple[Story, ...]

    @property
    def every(self) -> tuple[Story, ...]:
        """All works in the order of the post."""
        return (*self.main, *self.reviews, *self.rest)

    @property
    def told(self) -> tuple[Story, ...]:
        """The works that have a section of their own."""
        return (*self.main, *self.reviews)

    def leading_topic(self) -> Topic | None:
        """The topic that most notes of the day share; None when no two do."""
        topics = {story.topic.id: story.topic for story in self.every if story.topic}
        best = min(topics.values(), key=lambda topic: (-len(self.of_topic(topic)), topic.id), default=None)
        return best if best and len(self.of_topic(best)) > 1 else None

    def of_topic(self, topic: Topic) -> tuple[VaultNote, ...]:
        """The notes of the day that tell works of a topic."""
        return tuple(note for story in self.every if story.topic == topic for note in story.notes)

    def by_topic(self) -> list[tuple[Topic | None, list[Story]]]:
        """The told works by the topics that at least two share, then (under None) those on subjects of their own."""
        found: dict[str, tuple[Topic | None, list[Story]]] = {}
        for story in self.told:
            key = story.topic.id if story.topic else ""
            found.setdefault(key, (story.topic, []))[1].append(story)
        shared = [(topic, told) for topic, told in found.values() if topic and len(told) > 1]
        grouped = {story.lead.id for _, told in shared for story in told}
        alone = [story for story in self.told if story.lead.id not in grouped]
        return [*shared, *([(None, alone)] if alone and shared else [])]


def edition_of(
    notes: Sequence[VaultNote], links: Sequence[Link], topics: Sequence[Topic], *, language: str, most: int
) -> Edition:
    """The works that the notes tell, at most ``most`` of them at length."""
    every = stories(notes, links, topics, language=language)
    quoted = [story for story in every if story.quotes]
    # A problem alone is no story, unless the day has nothing else.
    tellable = [story for story in quoted if story.told(Role.APPROACH) or story.told(Role.RESULT)] or quoted
    reviews = [story for story in tellable if story.review][:_MOST_REVIEWS]
    main = _varied([story for story in tellable if not story.review])[:most]
    if not main:
        main, reviews = reviews, []
    chosen = {story.lead.id for story in (*main, *reviews)}
    rest = [story for story in every if story.lead.id not in chosen]
    return Edition(tuple(notes), tuple(main), tuple(reviews), tuple(rest))


def _varied(told: Sequence[Story]) -> list[Story]:
    """The stories in turns of so many of each topic, weightiest first within a turn."""
    held: Counter[str] = Counter()
    turns: list[tuple[int, int, Story]] = []
    for position, story in enumerate(told):
        topic = story.topic.id if story.topic else story.lead.id
        turns.append((held[topic] // _MOST_OF_A_TOPIC, position, story))
        held[topic] += 1
    return [story for _, _, story in sorted(turns, key=lambda turn: turn[:2])]
