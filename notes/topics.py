"""What becomes of topics: they are born, grow, merge, split, fall asleep and wake again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

__all__ = ["TopicChange", "TopicEvent", "TopicState"]


class TopicState(StrEnum):
    """Whether anything still comes in for a topic."""

    LIVING = "living"
    ASLEEP = "asleep"


class TopicChange(StrEnum):
    """What happened to a topic on a day.

    ``SPLIT`` is a birth out of another topic, which lives on; ``MERGED`` the end of a topic whose texts another one took.
    ``ENDED`` is an end without an heir: its texts were deleted.
    """

    BORN = "born"
    GROWN = "grown"
    SPLIT = "split"
    MERGED = "merged"
    ASLEEP = "asleep"
    AWAKE = "awake"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, order=True)
class TopicEvent:
    """A change of the topic ``topic_id``; ``other`` is the one that it split from or merged into, else empty."""

    day: date
    topic_id: str
    kind: TopicChange
    other: str = ""
