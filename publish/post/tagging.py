"""The tags of a post: what its topics are called, and what its notes have in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from notes.model import Topic, VaultNote
from notes.text import slug

__all__ = ["tags"]

_MOST_TAGS = 6
_KINDS = frozenset({"daily", "synthesis"})


def tags(topics: Sequence[Topic], notes: Sequence[VaultNote]) -> list[str]:
    """Tags for a post: its topics by name, then tags that two notes share; what one feed alone says is no tag of a post.

    The id of a topic is the name it was born with, which says of an old one what it no longer is.
    """
    held = Counter(tag for note in notes for tag in set(note.tags))
    shared = sorted((tag for tag, number in held.items() if number > 1), key=lambda tag: (-held[tag], tag))
    written = dict.fromkeys([*(slug.tag(topic.name) for topic in topics), *map(_tag, shared)])
    return [tag for tag in written if tag and tag not in _KINDS][:_MOST_TAGS]


def _tag(tag: str) -> str:
    """A tag of the vault as it stands where it is a good one: Obsidian keeps case but does not tell tags apart by it."""
    clean = slug.tag(tag)
    return tag if tag.casefold() == clean.casefold() else clean
