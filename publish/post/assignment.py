"""What a writer is asked for: a part of a post, the works that it may tell, and the sentences that it hands back.

The extractive statements of the post's own makers are one answer to every assignment; another :class:`Writer` may give a better
one, sentence by sentence, and each passes the same checker (:meth:`publish.post.draft.Draft.tell`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from notes.model import Role
from publish.sources.brief import Story

__all__ = ["Assignment", "Part", "Told", "Writer"]


class Part(StrEnum):
    """A part of a post that may be told in other words than its sources'."""

    TITLE = "title"
    STANDFIRST = "standfirst"
    INTRODUCTION = "introduction"
    STORY = "story"
    MEANING = "meaning"
    INSIGHTS = "insights"
    TREND = "trend"
    OUTLOOK = "outlook"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """One part of a post.

    ``stories`` are the works that it may tell, weightiest first; ``role`` is what the sentences are to do, where one role is
    asked for at a time; ``subject`` is the name of the topic or query that the part is about; ``most`` bounds the sentences.
    ``language`` is the reader's; :class:`publish.post.draft.Draft` fills it in.
    """

    part: Part
    stories: tuple[Story, ...]
    role: Role | None = None
    subject: str = ""
    most: int = 4
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence of a writer, in plain text, with the notes on which it says to rest."""

    text: str
    note_ids: tuple[str, ...]
    role: Role | None = None


class Writer(Protocol):
    """Somebody who tells a part of a post in words of their own."""

    @property
    def name(self) -> str:
        """Who it is, as a post may say."""

    def tell(self, assignment: Assignment) -> Sequence[Told]:
        """The sentences for a part, in order; none where it has nothing to say or cannot be reached. Never raises for that."""
