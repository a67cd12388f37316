"""Counts of a report as a person says them: 1 post, 2 posts, 1 sentence refused."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["counted", "said"]

_ONE = {
    "addresses": "address",
    "answers": "answer",
    "articles": "article",
    "files": "file",
    "items": "item",
    "links": "link",
    "notes": "note",
    "pages": "page",
    "papers": "paper",
    "posts": "post",
    "requests": "request",
    "sentences": "sentence",
    "sources": "source",
    "tags": "tag",
    "tasks": "task",
    "tokens": "token",
    "topics": "topic",
    "trends": "trend",
    "vectors": "vector",
    "warnings": "warning",
    "works": "work",
}


def counted(number: int, name: str) -> str:
    """A count with the name of what was counted, which is kept in the plural."""
    return f"{number} {name if number != 1 else ' '.join(_ONE.get(word, word) for word in name.split())}"


def said(counts: Iterable[tuple[str, int]]) -> str:
    """Those that are not zero, one after the other; empty where all are."""
    return ", ".join(counted(number, name) for name, number in counts if number)
